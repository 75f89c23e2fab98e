"""How notes begin and end."""

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.composer.playing import SAMPLE_RATE

_EASE = 0.002
"""Seconds that nothing is faster than: what jumps, clicks."""
_DECAYED = 6.9
"""Time constants until −60 dB."""


def adsr(samples: int, attack: float, decay: float, sustain: float, release: float) -> NDArray[np.float32]:
    """0…1 for a note of so many samples and its release, float32 (samples + release,).

    Seconds; `decay` and `release` are until −60 dB of the way, `sustain` is 0…1.
    """
    attack, release = max(attack, _EASE), max(release, 2 * _EASE)
    rise = max(1, round(attack * SAMPLE_RATE))
    tail = round(release * SAMPLE_RATE)
    out = np.empty(samples + tail, np.float32)
    up = np.arange(min(rise, samples), dtype=np.float32) / rise
    out[: len(up)] = up * (2 - up)
    if samples > rise:
        falling = np.exp(np.arange(samples - rise, dtype=np.float32) * np.float32(-_DECAYED / (decay * SAMPLE_RATE)))
        out[rise:samples] = sustain + (1 - sustain) * falling
    last = out[samples - 1] if samples else np.float32(0.0)
    out[samples:] = last * released(tail)
    return out


def released(samples: int) -> NDArray[np.float32]:
    """From 1 to exactly 0, float32 (samples,)."""
    at = np.arange(1, samples + 1, dtype=np.float32) / samples
    fall: NDArray[np.float32] = (np.exp(-5 * at) * (1 - at)).astype(np.float32)
    return fall


def eased(sound: NDArray[np.float32], seconds: float = _EASE) -> NDArray[np.float32]:
    """A sound that begins and ends in silence, in place; float32 (…, n)."""
    count = min(round(seconds * SAMPLE_RATE), sound.shape[-1] // 2)
    slope = np.linspace(0.0, 1.0, count, dtype=np.float32)
    sound[..., :count] *= slope
    sound[..., sound.shape[-1] - count :] *= slope[::-1]
    return sound
