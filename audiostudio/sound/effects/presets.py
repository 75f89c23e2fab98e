"""Chains of effects under a name, in `resources/effects/`."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass

from audiostudio.resource import resource
from audiostudio.sound.effects.kinds import Place


@dataclass(frozen=True, slots=True)
class PresetEffect:
    kind: str
    settings: Mapping[str, float]
    """Only those that are not at their default."""


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    """Its file's, such as `voice-podcast`."""
    label: str
    about: str
    places: tuple[Place, ...]
    content: str
    """What it is for: `speech`, `music`, `effects` or `master`."""
    effects: tuple[PresetEffect, ...]


@functools.cache
def presets() -> Mapping[str, Preset]:
    """All that ship, by their names. Raises `StorageError` when the installation lacks them."""
    found = {}
    for path in sorted(resource("effects").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = Preset(
            path.stem,
            data["label"],
            data["about"],
            tuple(Place(place) for place in data["places"]),
            data["content"],
            tuple(PresetEffect(one["kind"], one.get("settings", {})) for one in data["effects"]),
        )
    return found
