"""The click that counts in."""

import numpy as np
from numpy.typing import NDArray

LENGTH = 0.03
"""Seconds of a click."""
_PITCH, _ACCENT = 1_000.0, 1_600.0
"""Hz."""


def clicks(count: int, apart: float, bar: int = 4, sample_rate: int = 48_000) -> NDArray[np.float32]:
    """`count` clicks, `apart` seconds from one to the next, the first of every `bar` higher: float32 (n,) that ends
    where the next would come."""
    ends = [round(apart * sample_rate * number) for number in range(count + 1)]
    out = np.zeros(ends[-1], np.float32)
    times = np.arange(round(min(LENGTH, apart) * sample_rate)) / sample_rate
    for number in range(count):
        pitch = _PITCH if number % bar else _ACCENT
        click = 0.5 * np.sin(2 * np.pi * pitch * times) * np.exp(-times / 0.006)
        there = out[ends[number] : ends[number] + len(click)]
        there[:] = click[: len(there)]
    return out
