"""A small band of sines and noise that plays what is known: for what listens to music."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 22_050
MAJOR = ((0, 4, 7), (5, 9, 0), (7, 11, 2), (9, 0, 4))
MINOR = ((0, 3, 7), (5, 8, 0), (7, 10, 2), (8, 0, 3))
ORDER = (0, 3, 1, 2)
"""Chords of a phrase: I vi IV V, or i VI iv v."""


@dataclass(frozen=True)
class Played:
    sound: NDArray[np.float32]
    """Shape (n,)."""
    beats: NDArray[np.float64]
    """Seconds."""
    metre: int
    borders: tuple[float, ...]
    """Seconds at which another part begins."""


def play(
    bpm: float = 120.0,
    tonic: int = 0,
    minor: bool = False,
    metre: int = 4,
    bars: int = 16,
    seed: int = 0,
    faster: float = 1.0,
    rate: int = RATE,
    offset: float = 0.2,
) -> Played:
    """Drums, bass, chords and a melody; the second half has other instruments. `faster`: the tempo at the end against
    that at the beginning."""
    random = np.random.default_rng(seed)
    count = bars * metre
    steps = np.geomspace(60 / bpm, 60 / bpm / faster, count)
    beats = offset + np.concatenate([[0.0], np.cumsum(steps)])
    sound = np.zeros(int((beats[-1] + 3.0) * rate), np.float32)

    def add(at: float, tone: NDArray[np.float64]) -> None:
        start = round((at + random.normal(0, 0.002)) * rate)
        end = min(len(sound), start + len(tone))
        sound[max(0, start) : end] += tone[: end - max(0, start)].astype(np.float32)

    for number in range(count):
        beat, long = beats[number], steps[number]
        bar, place = divmod(number, metre)
        chord = [(tonic + tone) % 12 for tone in (MINOR if minor else MAJOR)[ORDER[bar % 4]]]
        late = bar >= bars // 2
        if place == 0:
            add(beat, 0.5 * _drum(rate, 50, 0.18))
            add(beat, 0.22 * _tone(rate, 36 + chord[0], long * metre * 0.9, 4))
            for tone in chord:
                add(beat, 0.1 * _tone(rate, 60 + tone, long * metre * 0.95, 2 if late else 6))
        else:
            add(beat, 0.15 * random.normal(size=int(0.1 * rate)) * np.exp(-np.arange(int(0.1 * rate)) / (0.02 * rate)))
        if late:
            add(beat + long / 2, 0.1 * random.normal(size=int(0.03 * rate)))
            add(beat, 0.12 * _tone(rate, 72 + chord[int(random.integers(3))], long * 0.8, 8))
    for tone in (MINOR if minor else MAJOR)[0]:
        add(float(beats[-1]), 0.15 * _tone(rate, 48 + (tonic + tone) % 12, 2.5, 4))
    peak = float(np.abs(sound).max())
    return Played(sound * np.float32(0.6 / peak), beats, metre, (float(beats[count // 2 // metre * metre]),))


def _tone(rate: int, pitch: int, seconds: float, overtones: int) -> NDArray[np.float64]:
    times = np.arange(int(seconds * rate)) / rate
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    waves = sum(np.sin(2 * np.pi * hertz * n * times) / n for n in range(1, overtones + 1) if hertz * n < rate / 2)
    fall = np.exp(-1.5 * times / max(seconds, 0.1)) * np.minimum(1, times * 200) * np.minimum(1, (seconds - times) * 50)
    tone: NDArray[np.float64] = waves * fall
    return tone


def _drum(rate: int, hertz: float, seconds: float) -> NDArray[np.float64]:
    times = np.arange(int(seconds * rate)) / rate
    drum: NDArray[np.float64] = np.sin(2 * np.pi * hertz * (times + 0.02 * (1 - np.exp(-times * 40)))) * np.exp(
        -times * 15
    )
    return drum


def hits(known: NDArray[np.float64], found: NDArray[np.float64], near: float = 0.07) -> float:
    """The F-measure of times that were found within `near` seconds of known ones."""
    if not len(known) or not len(found):
        return 0.0
    away = np.abs(known[:, None] - found[None, :])
    right = np.count_nonzero(away.min(axis=1) <= near)
    good = np.count_nonzero(away.min(axis=0) <= near)
    precision, recall = good / len(found), right / len(known)
    return 2 * precision * recall / max(1e-9, precision + recall)
