"""What makes a sung phrase whole: even vowels, loudness, silent rests, a breath before it."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.singing.timing import SungTiming
from audiostudio.engines.tokens import FRAME, SAMPLE_RATE

Floats: TypeAlias = NDArray[np.float32]

_BLOCK = FRAME // 2
_FADE = 0.03
"""Seconds in which sound dies away into a rest."""
_REST = 6
"""Frames of silence between words from which it is a rest."""
_EVENED = 0.6
"""The share of a vowel's fading away, in decibels, that is taken back."""
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


def levelled(audio: Floats, timing: SungTiming) -> Floats:
    """Held vowels keep their level, notes have the loudness of their velocity, rests are silent."""
    centres, gains = [0.0], [0.0]
    for one in timing.held:
        for syllable in one.syllables:
            decibels = (syllable.velocity - 90) / 37 * _LOUDEST
            edge = min(0.03, (syllable.end - syllable.start) / 4)
            centres += [syllable.start + edge - timing.start, syllable.end - edge - timing.start]
            gains += [decibels, decibels]
    gains[0] = gains[1]
    blocks = (np.arange(-(-len(audio) // _BLOCK)) + 0.5) * _BLOCK / SAMPLE_RATE
    gain = np.interp(blocks, centres, gains) + _evened(audio, timing)
    curve = np.interp(np.arange(len(audio)) / SAMPLE_RATE, blocks, gain)
    made: Floats = (audio * 10 ** (curve / 20) * _rests(timing, len(audio))).astype(np.float32)
    return made


def _evened(audio: Floats, timing: SungTiming) -> NDArray[np.float64]:
    """Decibels for each block that hold up vowels which fade away: engines that speak do not hold them."""
    blocks = -(-len(audio) // _BLOCK)
    power = np.square(np.pad(audio, (0, blocks * _BLOCK - len(audio)))).reshape(blocks, _BLOCK).mean(axis=1)
    level = 10 * np.log10(np.convolve(power, np.ones(5) / 5, "same") + 1e-9)
    found = np.zeros(blocks)
    edges = np.round((timing.edges - timing.start) * SAMPLE_RATE / _BLOCK).astype(int)
    for one in timing.held:
        first, end = edges[one.token], edges[one.token + 1]
        if end - first < 12:
            continue
        inner = level[first + 2 : end - 2]
        missing = np.clip(np.median(inner[: max(6, len(inner) // 2)]) - inner, 0.0, _MOST_EVENED) * _EVENED
        ramp = np.minimum(1.0, np.minimum(np.arange(len(inner)) + 1, np.arange(len(inner), 0, -1)) / 4)
        found[first + 2 : end - 2] = missing * ramp
    return found


def _rests(timing: SungTiming, samples: int) -> Floats:
    """1 where there is sound, 0 in rests, with ramps."""
    gate = np.ones(samples, np.float32)
    edges = np.round((timing.edges - timing.start) * SAMPLE_RATE).astype(int)
    fade = round(_FADE * SAMPLE_RATE)
    ramp = np.linspace(1.0, 0.0, fade, dtype=np.float32)
    last = len(timing.frames) - 1
    for token, frames in enumerate(timing.frames):
        first, end = edges[token], min(edges[token + 1], samples)
        if token == 0:
            gate[: max(0, end - 2 * fade)] = 0
            gate[max(0, end - 2 * fade) : max(0, end - fade)] = ramp[::-1][: max(0, end - fade)][-fade:]
        elif token == last or (frames >= _REST and token not in {one.token for one in timing.held}):
            gate[first + 2 * fade : end] = 0
            gate[first + fade : first + 2 * fade] = ramp[: max(0, len(gate) - first - fade)]
            if token != last:
                gate[end - fade : end] = ramp[::-1]
    return gate


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
