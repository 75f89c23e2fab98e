"""What can be heard of a voice: how high it speaks, how fast, likely whose it is, and whether another is like it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.speakers import similarity
from audiostudio.errors import UnknownVoice
from audiostudio.files import replace_file
from audiostudio.jobs import JsonObject
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices.sounds import heard
from audiostudio.sound.pitch import RATE, melody

SPEAKER = "speaker.json"
"""In a voice's folder: whose voice it is, as `engines.speakers` gives it."""
_MOST_BYTES = 1 << 16
"""Of `SPEAKER`."""
ALIKE = 0.85
"""Two voices as much alike are taken for one person's."""
_LOW, _HIGH = 150.0, 180.0
"""Hz: below speak mostly men, above mostly women; between nobody can tell."""
_HEARD = 60
"""Seconds of each recording that pitch is measured in."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """Hz; all 0 where no voice is clear."""

    median: float
    low: float
    """The tenth part of the speech is below."""
    high: float
    """The tenth part is above."""

    @property
    def gender(self) -> str:
        """The likely one: `female`, `male`, or `neutral` where nobody can tell."""
        if not self.median or _LOW <= self.median <= _HIGH:
            return "neutral"
        return "male" if self.median < _LOW else "female"

    def to_json(self) -> JsonObject:
        if not self.median:
            return {}
        return {"pitch": round(self.median, 1), "pitch_low": round(self.low, 1), "pitch_high": round(self.high, 1)}


def pitch(paths: Sequence[Path]) -> Pitch:
    """Of all that is said in recordings. Raises `UnreadableMedia`."""
    found = np.concatenate([melody(heard(path, RATE)[: _HEARD * RATE]) for path in paths])
    voiced = found[found > 0]
    if not len(voiced):
        return Pitch(0.0, 0.0, 0.0)
    low, median, high = (float(one) for one in np.quantile(voiced, (0.1, 0.5, 0.9)))
    return Pitch(median, low, high)


def keep_speaker(embedding: NDArray[np.float32], place: Path) -> None:
    """Raises `StorageError`."""
    data = json.dumps([round(float(one), 5) for one in embedding])
    replace_file(place / SPEAKER, data.encode())


def speaker_of(place: Path) -> NDArray[np.float32] | None:
    """Whose voice lies in a folder, shape (256,); None: nobody knows."""
    try:
        with (place / SPEAKER).open("rb") as file:
            found = np.array(json.loads(file.read(_MOST_BYTES)), np.float64)
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return None
    return found.astype(np.float32) if found.shape == (256,) and bool((np.abs(found) <= 1).all()) else None


def alike(studio: Studio, embedding: NDArray[np.float32], but: str = "") -> list[JsonObject]:
    """The own voices that sound like the same person, the nearest first: `{voice, name, engine, similarity}`."""
    found: list[JsonObject] = []
    for one in studio.voices.voices():
        if one.voice.id == but:
            continue
        try:
            known = speaker_of(studio.voices.path(one.voice.id))
        except UnknownVoice:  # it was thrown away meanwhile
            continue
        nearness = 0.0 if known is None else similarity(known, embedding)
        if nearness >= ALIKE:
            facts = {"voice": one.voice.id, "name": one.card.name, "engine": one.voice.engine}
            found.append(facts | {"similarity": round(nearness, 3)})
    return sorted(found, key=lambda one: -float(one["similarity"]))
