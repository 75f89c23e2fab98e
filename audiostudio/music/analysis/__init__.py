"""What is heard in music: tempo, beats, bars, key and sections. The sound is given in pieces and never held whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.music.analysis.beats import find_bars, find_beats
from audiostudio.music.analysis.key import find_key
from audiostudio.music.analysis.sections import FoundSection, find_sections
from audiostudio.music.analysis.spectra import RATE, Spectra, listen

__all__ = ["RATE", "Analysis", "FoundSection", "analyse", "analysed"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Times are seconds from the beginning of the sound."""

    bpm: float | None
    """None: no beat is heard."""
    beats: tuple[float, ...]
    downbeats: tuple[float, ...]
    """Those of `beats` that begin a bar."""
    metre: str | None
    """`4/4` or `3/4`."""
    key: str | None
    """`A minor`; None: no tones are heard, or of no key."""
    relative: str | None
    """The key of the same tones, which is easily taken for it."""
    key_confidence: float
    """0…1."""
    sections: tuple[FoundSection, ...]
    seconds: float
    tempo_stable: bool
    beat_confidence: float = 0.0
    """0…1."""
    tuning: float = 0.0
    """Cents above A = 440 Hz."""

    def to_json(self) -> dict[str, Any]:
        """As it is kept with an asset, without its loudness."""
        return {
            "bpm": None if self.bpm is None else round(self.bpm, 2),
            "beats": [round(one, 4) for one in self.beats],
            "downbeats": [round(one, 4) for one in self.downbeats],
            "metre": self.metre,
            "key": self.key,
            "relative": self.relative,
            "key_confidence": self.key_confidence,
            "sections": [
                {"start": round(one.start, 3), "end": round(one.end, 3), "label": one.label} for one in self.sections
            ],
            "seconds": self.seconds,
            "tempo_stable": self.tempo_stable,
            "beat_confidence": round(self.beat_confidence, 3),
            "tuning": self.tuning,
        }


def analyse(chunks: Iterable[NDArray[np.float32]]) -> Analysis:
    """Mono float32 (n,) at `RATE`, −1…1, in pieces of any length; memory grows by 4 KB a second at most.

    Silence, noise and speech have no beat (`bpm` None) and mostly no key.
    """
    return analysed(listen(chunks))


def analysed(spectra: Spectra) -> Analysis:
    """What follows from what was listened to."""
    beats = find_beats(spectra)
    found = find_key(spectra)
    metre, bars = find_bars(spectra, beats.times)
    sections = find_sections(spectra, beats.times, bars)
    times = np.clip(beats.times, 0.0, spectra.seconds)
    return Analysis(
        bpm=beats.bpm,
        beats=tuple(times.tolist()),
        downbeats=tuple(times[bars].tolist()),
        metre=None if beats.bpm is None else f"{metre}/4",
        key=None if found.key is None else found.key.name,
        relative=None if found.relative is None else found.relative.name,
        key_confidence=found.confidence,
        sections=sections,
        seconds=spectra.seconds,
        tempo_stable=beats.steady,
        beat_confidence=beats.clarity,
        tuning=found.cents,
    )
