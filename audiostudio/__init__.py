"""Audio Studio: speech, song, music and film in one local project."""

__version__ = "0.1.0"
