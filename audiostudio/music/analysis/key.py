"""The key of a recording: which scale its tones are of, and which of them is home."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiostudio.music.analysis.spectra import BINS, Spectra
from audiostudio.music.theory import Key

_MAJOR = (0.195, 0.03, 0.097, 0.031, 0.121, 0.096, 0.038, 0.169, 0.033, 0.084, 0.031, 0.075)
_MINOR = (0.178, 0.033, 0.09, 0.12, 0.038, 0.09, 0.034, 0.157, 0.084, 0.041, 0.081, 0.053)
"""How often pieces in a key have each tone above its tonic: the mean of Krumhansl's (1982) and Albrecht and Shanahan's
(2013) counts, the latter with a natural seventh in minor, as popular music has it."""
_BASS = 0.22
"""How much the bass counts beside all tones."""
_LEAST = 0.02
"""Of the mean of tones' amplitudes below which nothing is played."""


@dataclass(frozen=True, slots=True)
class FoundKey:
    key: Key | None
    """None: no tones are heard, or of no key."""
    confidence: float
    """0…1: how much better it fits than any other but its relative."""
    cents: float
    """How far it is tuned from A = 440 Hz."""

    @property
    def relative(self) -> Key | None:
        """The key of the same tones."""
        if self.key is None:
            return None
        return Key((self.key.tonic - 3) % 12, "minor") if self.key.mode == "major" else Key((self.key.tonic + 3) % 12)


def find_key(spectra: Spectra) -> FoundKey:
    """Of a whole piece."""
    tuning = _tuning(spectra.chroma)
    tones = _mean(spectra.chroma, tuning)
    bass = _mean(spectra.bass, tuning)
    cents = tuning * 1200 / BINS
    if tones.sum() < _LEAST or np.count_nonzero(tones > 0.15 * tones.max()) < 3:
        return FoundKey(None, 0.0, cents)
    weighed = tones / tones.sum() + _BASS * bass / max(float(bass.sum()), 1e-9)
    fits = [(_fit(weighed, profile, tonic), Key(tonic, mode)) for mode, profile in _PROFILES for tonic in range(12)]
    fits.sort(key=lambda one: one[0], reverse=True)
    best, key = fits[0]
    relative = FoundKey(key, 0.0, cents).relative
    other = next(fit for fit, one in fits[1:] if one != relative)
    if best < 0.35:
        return FoundKey(None, 0.0, cents)
    return FoundKey(key, round(float(np.clip((best - other) * 4, 0.0, 1.0)), 3), cents)


def _fit(tones: NDArray[np.float64], profile: tuple[float, ...], tonic: int) -> float:
    """The correlation of what is heard with what a key would have."""
    return float(np.corrcoef(np.roll(tones, -tonic), profile)[0, 1])


def _tuning(chroma: NDArray[np.float32]) -> int:
    """Bins, −2…2, by which all tones are off."""
    total = chroma.sum(axis=0).reshape(12, BINS // 12).sum(axis=0)
    best = int(total.argmax())
    return best if best <= 2 else best - BINS // 12


def semitones(chroma: NDArray[np.float32], tuning: int | None = None) -> NDArray[np.float64]:
    """Shape (frames, 12) of (frames, BINS): pitch classes from C. `tuning`: bins that all tones are off; None: it is
    found."""
    moved = np.roll(chroma.astype(np.float64), BINS // 24 - (_tuning(chroma) if tuning is None else tuning), axis=1)
    tones: NDArray[np.float64] = moved.reshape(len(chroma), 12, BINS // 12).sum(axis=2)
    return tones


def _mean(chroma: NDArray[np.float32], tuning: int) -> NDArray[np.float64]:
    """Shape (12,): over the piece, louder parts a little more."""
    tones = semitones(chroma, tuning)
    length = np.linalg.norm(tones, axis=1, keepdims=True)
    mean: NDArray[np.float64] = (tones / np.sqrt(np.maximum(length, 1e-9))).mean(axis=0)
    return mean


_PROFILES = (("major", _MAJOR), ("minor", _MINOR))
