"""What is done to a matched voice beside its style: its melody's height and range, and its colour."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from audiostudio.engines import shaping
from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.kokoro.performance import VOICED
from audiostudio.engines.kokoro.stages import Floats
from audiostudio.engines.kokoro.timbre import BANDS, equalised
from audiostudio.errors import ModelDamaged
from audiostudio.files import storage_errors

MATCHING = "matching.json"
"""In the folder of a matched voice."""


@dataclass(frozen=True, slots=True)
class Manner:
    pitch: float = 0.0
    """Semitones."""
    intonation: float = 1.0
    """A factor of the melody's range."""
    equaliser: tuple[float, ...] = ()
    """dB in each band of `timbre`; none: nothing is changed."""

    def to_json(self) -> dict[str, Any]:
        bands = [round(one, 2) for one in self.equaliser]
        return {"pitch": round(self.pitch, 3), "intonation": round(self.intonation, 3), "equaliser": bands}

    def applied(self, settings: SpeechSettings) -> SpeechSettings:
        """What is asked for, on top of the voice's own."""
        if self.pitch == 0.0 and self.intonation == 1.0:
            return settings
        return replace(settings, pitch=settings.pitch + self.pitch, intonation=settings.intonation * self.intonation)

    def sung(self, f0: Floats) -> Floats:
        """A melody, Hz, in this manner."""
        centre = shaping.centre_of(f0, VOICED)
        if centre is None:
            return f0
        octaves = np.log2(np.maximum(f0, 1.0))
        sung = np.exp2(centre + self.intonation * (octaves - centre) + self.pitch / 12)
        return np.where(f0 > VOICED, sung, f0).astype(np.float32)

    def coloured(self, audio: Floats) -> Floats:
        """Mono at 24 kHz, as long as before."""
        return equalised(audio, np.array(self.equaliser)) if self.equaliser else audio


NEUTRAL = Manner()


def read_manner(folder: Path) -> Manner:
    """Raises `ModelDamaged`, `MissingMedia`."""
    path = folder / MATCHING
    with storage_errors(path):
        data = path.read_bytes()
    try:
        found = json.loads(data)
        manner = Manner(
            float(found["pitch"]), float(found["intonation"]), tuple(float(one) for one in found["equaliser"])
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path) from error
    numbers = np.array([manner.pitch, manner.intonation, *manner.equaliser])
    if len(manner.equaliser) not in (0, BANDS) or not (np.abs(numbers) < 100).all() or manner.intonation < 0:
        raise _damaged(path)
    return manner


def mixed(manners: Sequence[tuple[Manner, float]]) -> Manner:
    """Of voices by weight."""
    bands = [(one.equaliser or (0.0,) * BANDS, weight) for one, weight in manners]
    return Manner(
        sum(one.pitch * weight for one, weight in manners),
        float(np.prod([max(one.intonation, 1e-3) ** weight for one, weight in manners])),
        tuple(float(sum(band[at] * weight for band, weight in bands)) for at in range(BANDS))
        if any(one.equaliser for one, _ in manners)
        else (),
    )


def _damaged(path: Path) -> ModelDamaged:
    return ModelDamaged(f"{path} is damaged.", "Make the voice again, or bring it back from a backup.")
