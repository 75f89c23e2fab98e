"""Audio as float32 arrays, planar: shape (channels, samples), −1…1. Knows neither Qt nor the library."""
