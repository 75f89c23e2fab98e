"""Risers, impacts, sweeps: what leads from one section to the next."""

import math

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.composer.playing import SAMPLE_RATE, Hit, Sound
from audiostudio.engines.composer.synths.envelopes import eased

RISER, SWEEP_UP, SWEEP_DOWN, NOISE_HIT, IMPACT, SUB_DROP, SNARE_ROLL, REVERSE = range(60, 68)
"""Pitches; `music.arrangement` writes them."""
_FRAME = 2_048
_SEED = 20_263


class Effects:
    """A `Voice` whose pitches are sounds; those that lead somewhere last as long as their notes."""

    gain = 0.0

    def note(self, hit: Hit) -> Sound:
        random = np.random.default_rng([_SEED, hit.pitch, hit.start])
        seconds = max(0.2, (hit.end - hit.start) / SAMPLE_RATE)
        if hit.pitch == IMPACT:
            sound = _impact(random)
        elif hit.pitch == SUB_DROP:
            sound = _sub_drop(max(seconds, 1.0))
        elif hit.pitch == NOISE_HIT:
            sound = _swept(random, 1.2, 9_000.0, 2_500.0) * _fall(1.2, 5.0)
        elif hit.pitch == SWEEP_DOWN:
            sound = _swept(random, seconds, 9_000.0, 300.0) * _fall(seconds, 3.0)
        elif hit.pitch == REVERSE:
            sound = _swept(random, seconds, 3_000.0, 9_000.0) * _fall(seconds, 6.0)[::-1]
        elif hit.pitch == SNARE_ROLL:
            sound = _roll(random, seconds)
        elif hit.pitch == SWEEP_UP:
            sound = _swept(random, seconds, 300.0, 10_000.0) * _fall(seconds, 3.0)[::-1]
        else:
            sound = _riser(random, seconds)
        sound *= np.float32(0.3 * (hit.velocity / 127) ** 1.5)
        return eased(sound, 0.004)


def _count(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _fall(seconds: float, speed: float) -> NDArray[np.float32]:
    fall: NDArray[np.float32] = np.exp(-speed * np.linspace(0.0, 1.0, _count(seconds), dtype=np.float32))
    return fall


def _swept(random: np.random.Generator, seconds: float, first: float, last: float) -> Sound:
    """Noise in a band that moves, a spectrum at a time with overlap."""
    count = _count(seconds)
    hop = _FRAME // 2
    frames = count // hop + 2
    hertz = np.maximum(np.fft.rfftfreq(_FRAME, 1 / SAMPLE_RATE), 20.0)
    centers = first * (last / first) ** np.linspace(0.0, 1.0, frames)
    shape = np.exp(-((np.log2(hertz[np.newaxis] / centers[:, np.newaxis]) / 0.9) ** 2))
    window = np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(_FRAME) + 0.5) / _FRAME))
    out = np.zeros((2, (frames + 1) * hop), np.float32)
    for side in (0, 1):
        noise = random.standard_normal((frames, _FRAME)) * window
        moved = np.fft.irfft(np.fft.rfft(noise) * shape) * window
        level = np.sqrt(np.mean(np.square(moved), axis=1, keepdims=True)) + 1e-9
        moved *= 0.25 / level
        out[side, : frames * hop] += moved[:, :hop].reshape(-1).astype(np.float32)
        out[side, hop : (frames + 1) * hop] += moved[:, hop:].reshape(-1).astype(np.float32)
    return out[:, hop : hop + count]


def _riser(random: np.random.Generator, seconds: float) -> Sound:
    """Noise and a tone that climb, ever louder."""
    count = _count(seconds)
    at = np.linspace(0.0, 1.0, count)
    hertz = 110.0 * 2 ** (3 * at)
    phase = 2 * math.pi * np.cumsum(hertz) / SAMPLE_RATE
    tone = sum(np.sin(number * phase + number) / number for number in range(1, 8))
    tone = np.stack([tone, np.roll(tone, 31)]) * 0.12
    return ((_swept(random, seconds, 250.0, 9_000.0) + tone) * (0.05 + 0.95 * at**2)).astype(np.float32)


def _impact(random: np.random.Generator) -> Sound:
    seconds = 2.6
    at = np.arange(_count(seconds)) / SAMPLE_RATE
    boom = np.sin(2 * math.pi * (38.0 * at + 3.2 * (1 - np.exp(-at / 0.05)))) * np.exp(-3.0 * at)
    crash = _swept(random, seconds, 6_000.0, 900.0) * np.exp(-4.5 * at)
    return (boom * 1.3 + crash).astype(np.float32)


def _sub_drop(seconds: float) -> Sound:
    at = np.linspace(0.0, 1.0, _count(seconds))
    hertz = 28.0 + 90.0 * np.exp(-4 * at)
    tone = np.sin(2 * math.pi * np.cumsum(hertz) / SAMPLE_RATE) * np.exp(-2.5 * at) * 1.2
    return np.stack([tone, tone]).astype(np.float32)


def _roll(random: np.random.Generator, seconds: float) -> Sound:
    """Noise strokes that come twice as fast after each half."""
    noise = _swept(random, seconds, 2_500.0, 5_000.0)
    shape = np.zeros(_count(seconds), np.float32)
    begins, step, at = [], seconds / 8, 0.0
    while at < seconds - 0.01:
        begins.append(at)
        at += step if at < seconds / 2 else step / 2 if at < seconds * 0.75 else step / 4
    stroke = np.exp(-np.arange(_count(0.12)) / (0.025 * SAMPLE_RATE)).astype(np.float32)
    for begin in begins:
        place = _count(begin)
        here = shape[place : place + len(stroke)]
        np.maximum(here, stroke[: len(here)] * np.float32(0.4 + 0.6 * begin / seconds), out=here)
    return noise * shape
