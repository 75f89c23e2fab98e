"""What a mix could not do as the document says, and went on."""

from typing import NamedTuple


class Problem(NamedTuple):
    sentence: str
    hint: str = ""
    track: str | None = None
    """Ids of what it is about."""
    clip: str | None = None
    media: str | None = None
    effect: str | None = None
