"""Voices by name: those that ship, and mixes of them."""

import json
import math
import re
import urllib.parse
from typing import Any

from audiostudio.errors import UnsupportedSetting
from audiostudio.resource import resource


def shipped(engine: str) -> list[dict[str, Any]]:
    """The voices of an engine that ships, as `resources/voices/ENGINE.json` has them; none where all are the user's.

    One that has the voices of another names it there, `{"of": "kokoro"}`, and calls them `ENGINE/ID`.
    """
    path = resource("voices") / f"{engine}.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    if isinstance(found, dict):
        return [voice | {"id": voice_id(engine, voice["id"])} for voice in shipped(found["of"])]
    voices: list[dict[str, Any]] = found
    return voices


def borrowed(engine: str) -> bool:
    """Whether its voices are those of another engine."""
    path = resource("voices") / f"{engine}.json"
    return path.exists() and isinstance(json.loads(path.read_text(encoding="utf-8")), dict)


def voice_id(engine: str, name: str) -> str:
    """The id of a remote engine's voice: `elevenlabs/JBFqnCBsd6RMkjVDRZzb`. What would look like a mix is escaped."""
    escaped = re.sub(r"[%+:\s]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), name)
    return f"{engine}/{escaped}"


def voice_name(identity: str) -> str:
    """What a remote engine itself calls the voice of that id."""
    return urllib.parse.unquote(identity.partition("/")[2])


_HEAVIEST = 1000.0
"""So that the weights have a sum."""


def parse_mix(text: str) -> list[tuple[str, float]]:
    """Ids and weights of `id` or `id:weight+id:weight…` (a weight left out is 1); the weights sum to 1.

    Raises `UnsupportedSetting` when it is not written so.
    """
    weights: dict[str, float] = {}
    for part in text.split("+"):
        name, colon, number = (piece.strip() for piece in part.partition(":"))
        try:
            weight = float(number) if colon else 1.0
        except ValueError:
            weight = math.nan
        if not name or not 0 < weight <= _HEAVIEST or name in weights:
            raise UnsupportedSetting(
                f"“{text[:80]}” is not a voice or a mix of voices.",
                "Write a mix like af_heart:0.6+am_adam:0.4: each voice once, each weight above 0, 1000 at most.",
            )
        weights[name] = weight
    total = sum(weights.values())
    return [(name, weight / total) for name, weight in weights.items()]
