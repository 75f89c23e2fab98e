"""What makes a sung phrase whole: even vowels, loudness, silent rests, a breath before it."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.singing.warping import Warping
from audiostudio.engines.tokens import SAMPLE_RATE

Floats: TypeAlias = NDArray[np.float32]

_FADE = 0.02
_EVENED = 0.6
"""The share of the difference between a vowel's level and that of most, in decibels, that is taken back."""
_MOST_EVENED = 9.0
_LOUDEST = 6.0
"""Decibels by which velocity 127 is louder than 90."""
_BREATH = (0.18, 0.38)
"""Seconds, least and most."""
_CLEAR = 0.06
"""Seconds between a breath and what is around it."""
_BREATH_LEVEL = 0.05
"""Of a phrase's own level, at `breath` 1."""


@dataclass(frozen=True, slots=True)
class Made:
    audio: Floats
    before: int
    """Samples of it that come before the phrase's first token."""


def levelled(audio: Floats, warped: Warping) -> Floats:
    """Held vowels keep their level, notes have the loudness of their velocity, rests are silent."""
    centres: list[float] = []
    gains: list[float] = []
    for vowel in warped.vowels:
        for syllable in vowel.held.syllables:
            edge = min(0.03, (syllable.end - syllable.start) / 4)
            centres += [syllable.start + edge, syllable.end - edge]
            gains += [(syllable.velocity - 90) / 37 * _LOUDEST] * 2
    gain = np.interp(warped.moments, centres, gains) + _evened(audio, warped)
    heights = (10 ** (gain / 20) * warped.gate).astype(np.float32)
    at = (np.arange(len(audio)) + 0.5) * len(heights) / len(audio) - 0.5
    made: Floats = (audio * np.interp(at, np.arange(len(heights)), heights)).astype(np.float32)
    fade = min(round(_FADE * SAMPLE_RATE), len(made) // 2)
    made[:fade] *= np.linspace(0.0, 1.0, fade, dtype=np.float32)
    made[len(made) - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return made


def _evened(audio: Floats, warped: Warping) -> NDArray[np.float64]:
    """Decibels for each step that bring the held parts of vowels to one level."""
    steps = len(warped.places)
    block = -(-len(audio) // steps)
    power = np.square(np.pad(audio, (0, block * steps - len(audio)))).reshape(steps, block).mean(axis=1)
    level = 10 * np.log10(np.convolve(power, np.ones(5) / 5, "same") + 1e-9)
    loudest = [
        float(level[inside].max())
        for vowel in warped.vowels
        if (inside := (warped.moments >= vowel.start) & (warped.moments < vowel.end)).any()
    ]
    found = np.zeros(steps)
    common = float(np.median(loudest)) if loudest else 0.0
    for vowel in warped.vowels:
        inside = (warped.moments >= vowel.start) & (warped.moments < vowel.end)
        if inside.any():
            missing = np.clip(common - float(level[inside].max()), -_MOST_EVENED, _MOST_EVENED) * _EVENED
            found[inside] = missing
    width = max(1, round(0.05 / warped.step))
    smooth: NDArray[np.float64] = np.convolve(np.pad(found, width, mode="edge"), np.ones(width) / width, "same")
    return smooth[width : width + steps]


def with_breath(audio: Floats, start: float, ended: float, share: float, chance: np.random.Generator) -> Made:
    """The phrase that begins at `start` with a breath before it, where there is time since the last one `ended`."""
    room = start - ended - 2 * _CLEAR
    if share <= 0 or room < _BREATH[0]:
        return Made(audio, 0)
    samples = round(min(room, _BREATH[1]) * SAMPLE_RATE)
    level = float(np.sqrt(np.mean(np.square(audio)))) * _BREATH_LEVEL * share
    clear = round(_CLEAR * SAMPLE_RATE)
    breath = np.pad(_breath(samples, chance) * np.float32(level), (0, clear))
    return Made(np.concatenate([breath, audio]), len(breath))


def _breath(samples: int, chance: np.random.Generator) -> Floats:
    """Air drawn in: noise with the colour of an open mouth, rising and breaking off; about as loud as 1."""
    noise = np.fft.rfft(chance.standard_normal(samples))
    hertz = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    colour = sum(height * np.exp(-0.5 * ((hertz - at) / width) ** 2) for at, width, height in _MOUTH)
    along = np.linspace(0.0, 1.0, samples)
    swell = np.sin(np.pi * along**1.6) ** 1.2
    shaped = np.fft.irfft(noise * colour, samples) * swell
    made: Floats = (shaped / (np.sqrt(np.mean(np.square(shaped))) + 1e-12)).astype(np.float32)
    return made


_MOUTH = ((1500.0, 500.0, 1.0), (3200.0, 900.0, 0.6), (5600.0, 1500.0, 0.3))
"""Hz, width in Hz, height of the resonances of a breath."""
