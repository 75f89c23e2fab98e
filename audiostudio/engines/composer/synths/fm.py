"""Frequency modulation: electric keys, bells, a bass."""

import math
from dataclasses import dataclass

import numpy as np

from audiostudio.engines.composer.playing import SAMPLE_RATE, Hit, Sound
from audiostudio.engines.composer.synths.envelopes import adsr

_TOP = 20_000.0


@dataclass(frozen=True, slots=True)
class FMPatch:
    """Two pairs of a carrier and its modulator, one for each side, a little detuned."""

    ratio: float
    """Of the modulator to the carrier."""
    index: float
    """Radians, at full velocity."""
    decay: float
    """Seconds until the modulation has fallen by 60 dB."""
    amp: tuple[float, float, float, float]
    bark: float = 0.0
    """A second, quick modulator at 14 times the carrier: a tine."""
    detune: float = 2.0
    """Cents between the sides."""
    gain: float = 0.0


FM: dict[str, FMPatch] = {
    "fm-keys": FMPatch(1.0, 1.6, 2.2, (0.002, 3.5, 0.0, 0.25), bark=0.5),
    "bell-pluck": FMPatch(3.5, 2.2, 1.2, (0.001, 1.8, 0.0, 0.9), detune=4.0),
    "fm-bass": FMPatch(1.0, 3.4, 0.5, (0.003, 1.4, 0.35, 0.08), detune=0.0),
}


class FMVoice:
    """A `Voice` that plays an FM patch."""

    def __init__(self, patch: FMPatch) -> None:
        self.gain = patch.gain
        self._patch = patch

    def note(self, hit: Hit) -> Sound:
        patch = self._patch
        touch = hit.velocity / 127
        loudness = adsr(hit.end - hit.start, *patch.amp) * np.float32(0.28 * touch**1.3)
        count = len(loudness)
        hertz = 440 * 2 ** ((hit.pitch - 69) / 12)
        seconds = np.arange(count, dtype=np.float32) / np.float32(SAMPLE_RATE)
        index = _index(patch.index * (0.3 + 0.7 * touch), patch.ratio, hertz)
        bend = np.exp(seconds * np.float32(-6.9 / patch.decay)) * np.float32(index)
        sides = []
        for cents in {-patch.detune / 2, patch.detune / 2}:
            tuned = hertz * 2 ** (cents / 1200)
            angle = bend * _sine(tuned * patch.ratio, count)
            if patch.bark and hertz * 17 < _TOP:
                quick = np.exp(seconds * np.float32(-6.9 / 0.18)) * np.float32(patch.bark * touch)
                angle += quick * _sine(tuned * 14, count)
            sides.append(np.sin(_angle(tuned, count) + angle) * loudness)
        return np.stack([sides[0], sides[-1]])


def _index(wanted: float, ratio: float, hertz: float) -> float:
    """What keeps the sidebands, of which there are about index + 2, in what can be heard."""
    room = (_TOP - hertz) / (ratio * hertz) - 2
    return max(0.0, min(wanted, room))


def _angle(hertz: float, count: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Radians, exact however long: wrapped before it loses its digits."""
    turns = np.arange(count, dtype=np.float64) * (hertz / SAMPLE_RATE)
    turns -= np.floor(turns)
    return (turns * (2 * math.pi)).astype(np.float32)


def _sine(hertz: float, count: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    found: np.ndarray[tuple[int], np.dtype[np.float32]] = np.sin(_angle(hertz, count))
    return found
