"""What a cover shows, as plain data."""

import json
import random
import zlib
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from audiostudio.resource import resource


@dataclass(frozen=True, slots=True)
class Cover:
    """What is painted. What is empty is chosen by `chosen`."""

    title: str
    subtitle: str = ""
    """A line above the title: the genre, who sings."""
    genre: str = ""
    mood: str = ""
    seed: int = 0
    design: str = ""
    """One of `design_names()`."""
    palette: tuple[str, ...] = ()
    """Five colours, `#rrggbb`, dark to light."""
    peaks: tuple[float, ...] = ()
    """The music's outline, 0…1, a few dozen values; empty: one is made up from the seed."""
    picture: str = ""
    """The path of a picture that takes the design's place."""
    lettered: bool = False
    """Whether the picture shows the words already."""

    def to_json(self) -> dict[str, Any]:
        """Only what is not empty."""
        made = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in made.items() if value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Cover":
        """What `to_json` gave; what is not known here is left out."""
        known = {one.name for one in fields(cls)}
        found: dict[str, Any] = {"title": ""} | {name: value for name, value in data.items() if name in known}
        values: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in found.items()}
        return cls(**values)


@cache
def _book() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(resource("covers/palettes.json").read_text(encoding="utf-8"))
    return data


def design_names() -> tuple[str, ...]:
    """The names of all designs."""
    return tuple(dict.fromkeys(name for names in _book()["designs"].values() for name in names))


def chosen(cover: Cover) -> Cover:
    """The cover with a design and a palette: those that suit the mood and the genre, by its seed."""
    book = _book()
    draw = random.Random(f"{cover.seed} {zlib.crc32(cover.title.encode())}")
    palettes = [*book["moods"].get(cover.mood, ()), *book["genres"].get(cover.genre, ())] or sorted(book["palettes"])
    palette, design = draw.choice(palettes), draw.choice(book["designs"].get(cover.genre) or design_names())
    return replace(
        cover,
        design=cover.design if cover.design in design_names() else design,
        palette=cover.palette if len(cover.palette) >= 3 else tuple(book["palettes"][palette]),
    )


def picture_path(cover: Cover) -> Path | None:
    """Where the picture lies that takes the design's place, if there is one."""
    path = Path(cover.picture) if cover.picture else None
    return path if path and path.is_file() else None
