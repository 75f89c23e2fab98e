"""Music and songs: made, taken apart, brought to a length, set to words."""
