"""The words that prompts are made of, read from `resources/music/words.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from audiostudio.resource import resource


@dataclass(frozen=True, slots=True)
class Mood:
    words: tuple[str, ...]
    mode: str
    """`major`, `minor` or empty: either."""
    tempo: float
    energy: float
    """−1…1: less or more than a genre usually has."""
    genres: tuple[str, ...]
    """That it is drawn from where none is asked for."""


@dataclass(frozen=True, slots=True)
class Era:
    words: tuple[str, ...]
    prefer: tuple[str, ...]
    """Instruments of its time."""
    genres: tuple[str, ...]


@cache
def vocabulary() -> Mapping[str, Any]:
    """The file as it is: `tempo`, `energy`, `sections`, `metres`, `roles`, `families`, `vocals`, `ignore`, …"""
    return dict(json.loads(resource("music/words.json").read_text("utf-8")))


@cache
def moods() -> Mapping[str, Mood]:
    """All moods by name."""
    rows = vocabulary()["moods"].items()
    return {
        name: Mood(tuple(row["words"]), row["mode"], row["tempo"], row["energy"], tuple(row["genres"]))
        for name, row in rows
    }


def mood_of(names: str | None) -> Mood | None:
    """Of one mood or of several, `happy, energetic`: what they have in common. None for none that is known."""
    found = [moods()[name] for name in (names or "").split(", ") if name in moods()]
    if not found:
        return None
    mode = next((mood.mode for mood in found if mood.mode), "")
    shared = [name for name in found[0].genres if all(name in mood.genres for mood in found)]
    count = len(found)
    tempo, energy = sum(mood.tempo for mood in found) / count, sum(mood.energy for mood in found) / count
    return Mood((), mode, tempo, energy, tuple(shared) or found[0].genres)


@cache
def eras() -> Mapping[str, Era]:
    """All eras by name."""
    rows = vocabulary()["eras"].items()
    return {name: Era(tuple(row["words"]), tuple(row["prefer"]), tuple(row["genres"])) for name, row in rows}
