"""Presets: pieces that are one click away, read from `resources/music/presets.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from audiostudio.errors import RequestError
from audiostudio.music import prompt
from audiostudio.music.plan import Brief
from audiostudio.resource import resource


@dataclass(frozen=True, slots=True)
class Preset:
    id: str
    title: str
    description: str
    """A sentence."""
    prompt: str
    """What it asks for, in words."""
    palette: tuple[str, ...]
    """Colours of its cover: `#rrggbb`."""

    def brief(self, seconds: float | None = None, seed: int = 0) -> Brief:
        """What it asks for; `seconds` and `seed` are the caller's to choose."""
        return replace(prompt.read(self.prompt).brief, seconds=seconds, seed=seed)


@cache
def presets() -> Mapping[str, Preset]:
    """All presets by id, in the order in which they are shown."""
    rows = json.loads(resource("music/presets.json").read_text("utf-8"))
    return {row["id"]: Preset(**{**row, "palette": tuple(row["palette"])}) for row in rows}


def preset(name: str) -> Preset:
    """Raises `RequestError` for one that is not known."""
    try:
        return presets()[name]
    except KeyError:
        raise RequestError(f"There is no preset “{name[:40]}”.", f"Presets are: {', '.join(presets())}.") from None
