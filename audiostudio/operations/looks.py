"""Where thumbnails lie and how large they are; the window reads what `media` makes."""

from pathlib import Path

EDGE = 512
"""Pixels of the longer edge of a thumbnail."""
COLUMNS = 512
"""Of a sound's outline."""
LONGEST = 20 * 60.0
"""Seconds of a sound that `library.listen` gives."""


def thumbnail_file(cache: Path, key: str, look: str) -> Path:
    """Where the thumbnail of a file with that content hash lies, once it is made. `look`: `outline` or `picture`."""
    return cache / "thumbnails" / f"{key[:40]}.{'npy' if look == 'outline' else 'png'}"


def outline_file(cache: Path, key: str) -> Path:
    """Where the timeline's outline (`sound.peaks`) of a medium with that content hash lies, once it is made."""
    return cache / "peaks" / f"{key[:40]}.peaks"
