"""Speech of any voice moved onto a melody with the WORLD vocoder: its pitch, its spectrum and its breathiness are taken
apart, brought into the time of the notes, and put together again with the melody that is sung."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.singing.bands import decibels, in_bands
from audiostudio.engines.singing.phrase import STEP, Floats, SpokenPhrase
from audiostudio.engines.singing.warping import Warping
from audiostudio.engines.tokens import Piece

Doubles: TypeAlias = NDArray[np.float64]

_PERIOD = 0.005
"""Seconds."""
_LOWEST, _HIGHEST = 65.0, 600.0
"""Hz of speech."""
_SILENCE = -200.0


@dataclass(frozen=True, slots=True)
class Taken:
    """Speech, taken apart: a row for each `_PERIOD`."""

    rate: int
    pitch: Doubles
    """Hz, 0 where there is no voice."""
    spectrum: Doubles
    """Power, shape (periods, bins)."""
    breath: Doubles
    """The share of it that is noise, 0…1, in the same shape."""


def take_apart(audio: Floats, rate: int, known: tuple[Floats, int] | None = None) -> Taken:
    """`known`: its melody where somebody knows it, Hz at the middle of each so many samples, 0 where there is no
    voice."""
    import pyworld

    sound = audio.astype(np.float64)
    times = _PERIOD * np.arange(int(len(sound) / rate / _PERIOD) + 1, dtype=np.float64)
    if known is None:
        pitch, times = pyworld.harvest(sound, rate, f0_floor=_LOWEST, f0_ceil=_HIGHEST, frame_period=_PERIOD * 1000)
    else:
        pitch = pyworld.stonemask(sound, _at(times, *known, rate), times, rate)
    spectrum = pyworld.cheaptrick(sound, pitch, times, rate)
    return Taken(rate, pitch, spectrum, pyworld.d4c(sound, pitch, times, rate))


def _at(times: Doubles, melody: Floats, hop: int, rate: int) -> Doubles:
    """A melody at other times."""
    places = times * rate / hop - 0.5
    heights = np.where(melody > 0, melody, np.nan).astype(np.float64)
    voiced = np.flatnonzero(melody > 0)
    if not len(voiced):
        return np.zeros(len(times))
    near = np.clip(np.round(places).astype(int), 0, len(melody) - 1)
    found: Doubles = np.where(melody[near] > 0, np.interp(places, voiced, heights[voiced]), 0.0)
    return found


def spoken_of(
    piece: Piece, frames: Floats, audio: Floats, rate: int, known: tuple[Floats, int] | None = None
) -> SpokenPhrase:
    """What was said, as `sing_with_world` sings it. `known`: see `take_apart`."""
    taken = take_apart(audio, rate, known)
    steps = round(len(audio) / rate / STEP)
    middles = (np.arange(steps) + 0.5) * STEP / _PERIOD
    rows = np.clip(np.round(middles).astype(int), 0, len(taken.pitch) - 1)
    bands = decibels(in_bands(taken.spectrum[rows].astype(np.float32), rate))
    voiced = np.where(taken.pitch[rows] > 0, bands.max(axis=1), np.float32(_SILENCE))
    return SpokenPhrase(piece, frames, bands, voiced, taken)


def sing_with_world(taken: Taken, warped: Warping, melody: Floats) -> Floats:
    """See `phrase.Voice.sing`, at the rate of what was taken apart."""
    import pyworld

    samples = round(len(warped.places) * STEP * taken.rate)
    times = warped.start + _PERIOD * np.arange(int(samples / taken.rate / _PERIOD) + 1, dtype=np.float64)
    places = warped.at(times) * STEP / _PERIOD
    near = np.clip(np.round(places).astype(int), 0, len(taken.pitch) - 1)
    pitch = np.where(taken.pitch[near] > 0, np.interp(times, warped.moments, melody), 0.0)
    low = np.clip(places.astype(int), 0, len(taken.pitch) - 1)
    high = np.minimum(low + 1, len(taken.pitch) - 1)
    share = np.clip(places - low, 0.0, 1.0)[:, None]
    spectrum = np.exp((1 - share) * np.log(taken.spectrum[low]) + share * np.log(taken.spectrum[high]))
    breath = np.where(share < 0.5, taken.breath[low], taken.breath[high])
    audio = pyworld.synthesize(pitch, spectrum, np.ascontiguousarray(breath), taken.rate, _PERIOD * 1000)
    whole: Floats = np.zeros(samples, np.float32)
    whole[: len(audio)] = audio[:samples]
    return whole
