"""The colours of the singers."""

from collections.abc import Iterable

from PySide6.QtGui import QColor

from audiostudio.music.song import SLOTS
from audiostudio.ui.theme import tokens

TOKENS = {"A": "kind_song", "B": "kind_image", "C": "kind_sound_effect"}
"""Of each slot, by the names of the theme."""


def colour(slot: str) -> QColor:
    return tokens().colour(TOKENS.get(slot, "text_muted"))


def in_order(slots: Iterable[str]) -> tuple[str, ...]:
    """Known slots, once each, A first."""
    wanted = set(slots)
    return tuple(slot for slot in SLOTS if slot in wanted)
