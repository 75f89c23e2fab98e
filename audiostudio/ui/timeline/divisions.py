"""What the ruler and the grid say: round times whose marks are neither crowded nor lost."""

import math
from enum import StrEnum
from typing import NamedTuple

from audiostudio.timeline.time import TICKS, FrameRate
from audiostudio.timeline.tracks import Tempo, Timeline

_SECONDS = (
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30,
    60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200,
)  # fmt: skip
_SAMPLES = (1, 2, 5, 10, 20, 50, 100)
LEAST_LABEL = 88
"""Pixels between two labels."""
LEAST_BEAT = 20
"""Pixels between two beats that are shown, and clicked to."""


class Unit(StrEnum):
    """In which the ruler counts."""

    CLOCK = "clock"
    FRAMES = "frames"
    BEATS = "beats"


class Divisions(NamedTuple):
    step: int
    """Ticks between two labelled marks."""
    parts: int
    """How many unlabelled marks one step is divided into."""


def divisions(per_pixel: float, sample_rate: int) -> Divisions:
    """For a scale of that many ticks a pixel."""
    sample = TICKS // sample_rate
    steps = [sample * number for number in _SAMPLES] + [round(one * TICKS) for one in _SECONDS]
    for step in steps:
        if step / per_pixel >= LEAST_LABEL:
            return Divisions(step, _parts(step, per_pixel))
    return Divisions(steps[-1] * 2, 4)


def _parts(step: int, per_pixel: float) -> int:
    return next((parts for parts in (10, 5, 4, 2) if step / parts / per_pixel >= 8 and step % parts == 0), 1)


def clock(at: int, step: int = TICKS) -> str:
    """`1:02:03`, `2:03.25`; as many decimals as `step` needs."""
    decimals = 0 if step >= TICKS else 1 if step >= TICKS // 10 else 2 if step >= TICKS // 100 else 3
    if step < TICKS // 1000:
        decimals = 5
    whole, rest = divmod(round(at / TICKS * 10**decimals), 10**decimals)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    tail = f"{seconds:02}.{rest:0{decimals}}" if decimals else f"{seconds:02}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


def timecode(at: int, rate: FrameRate) -> str:
    """`HH:MM:SS:FF`, without dropped frames."""
    nominal = round(rate.numerator / rate.denominator)
    frames = at // rate.ticks
    seconds, frame = divmod(frames, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}:{frame:02}"


def beats_apart(tempo: Tempo, per_pixel: float, least: float = LEAST_BEAT) -> int:
    """How many beats lie from one to the next that is shown, at a scale: one, a bar, or 2, 4, 8 … of them."""
    pixels = tempo.beat(1) - tempo.first
    if pixels / per_pixel >= least:
        return 1
    bars = least * per_pixel / (pixels * tempo.bar)
    return tempo.bar * 2 ** max(0, math.ceil(math.log2(bars)))


def shown_beats(tempo: Tempo, apart: int, start: int, end: int) -> list[tuple[int, int]]:
    """Numbers and ticks of every `apart`-th beat from `start` to `end`, none before the timeline's beginning."""
    first, last = math.ceil(tempo.number(max(0, start)) / apart), math.floor(tempo.number(end) / apart)
    return [(number * apart, tempo.beat(number * apart)) for number in range(first, last + 1)]


def bar_and_beat(tempo: Tempo, number: int) -> str:
    """`5.1`: the first beat of the fifth bar; bars before the first one are 0, −1 …"""
    bar, beat = divmod(number, tempo.bar)
    return f"{bar + 1}.{beat + 1}".replace("-", "−")


def shown_time(at: int, timeline: Timeline, unit: Unit, step: int = TICKS // 1000) -> str:
    """A place as the ruler counts."""
    if unit == Unit.FRAMES:
        return timecode(at, timeline.frame_rate)
    if unit == Unit.BEATS and timeline.tempo is not None:
        return bar_and_beat(timeline.tempo, math.floor(timeline.tempo.number(at) + 1e-6))
    return clock(at, step)
