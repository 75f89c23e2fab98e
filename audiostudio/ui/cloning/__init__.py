"""The Voice Cloning tab: making voices of one's own, and keeping them."""
