"""The gain of a clip and its track, summed to one line in dB; fades as keyframes."""

import bisect
import itertools
import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from audiostudio.render.curves import shaped
from audiostudio.timeline.editing.source import value_at
from audiostudio.timeline.tracks import Automation, Channel, Clip, Fade, Parameter, Point

_at = operator.attrgetter("at")
QUIETEST = -96.0
"""dB: what formats without −∞ get for silence."""
_FADE_STEPS = 8
_STEP = 3.0
"""dB between two keyframes, so that editors that draw lines in amplitude come near to ours in dB."""


def clip_line(clip: Clip) -> tuple[Point, ...]:
    """Its gain and envelope in dB, at ticks since the clip's beginning; one point: it does not move."""
    return summed(clip.gain, [clip.envelope], clip.duration)


def channel_line(channels: Iterable[Channel], clip: Clip) -> tuple[Point, ...]:
    """The gain of a track (and the master) with its automation and ducking while `clip` plays, as `clip_line`."""
    channels = list(channels)
    curves = [one.automated(name) for one in channels for name in (Parameter.GAIN, Parameter.DUCKING)]
    shifted = [tuple(Point(at - clip.start, value) for at, value in curve) for curve in curves]
    return summed(sum(one.gain for one in channels), shifted, clip.duration)


def near(channel: Channel, first: int, last: int) -> Channel:
    """The channel with as much of its automation as matters between two ticks: there it moves as before."""
    if not channel.automation:
        return channel
    return replace(channel, automation=tuple([_part(one, first, last) for one in channel.automation]))


def _part(automation: Automation, first: int, last: int) -> Automation:
    points = automation.points
    low = max(0, bisect.bisect_right(points, first, key=_at) - 1)
    return replace(automation, points=points[low : bisect.bisect_left(points, last, key=_at) + 1])


def added(first: Sequence[Point], second: Sequence[Point], length: int) -> tuple[Point, ...]:
    return summed(0.0, [first, second], length)


def summed(base: float, curves: Sequence[Sequence[Point]], length: int) -> tuple[Point, ...]:
    """`base` plus all curves from 0 to `length` ticks: straight between its points, in order, from 0 to the end where
    it moves at all."""
    moving = [curve for curve in curves if len({value for _, value in curve}) > 1]
    base += sum(curve[0].value for curve in curves if curve and curve not in moving)
    within = {at for curve in moving for at, _ in curve if 0 < at < length}
    places = sorted({0, length} | within)
    points = [Point(at, round(base + sum(value_at(curve, at) for curve in moving), 4)) for at in places]
    if len({value for _, value in points}) == 1:
        return (Point(0, points[0].value),)
    return tuple(points)


def with_fades(line: Sequence[Point], fade_in: Fade, fade_out: Fade, length: int) -> tuple[Point, ...]:
    """A line with the fades drawn into it as points, `QUIETEST` where it is silent."""
    places = {at for at, _ in line} | {0, length}
    for fade, first, sign in ((fade_in, 0, 1), (fade_out, length, -1)):
        if fade.length:
            places |= {first + sign * round(fade.length * step / _FADE_STEPS) for step in range(_FADE_STEPS + 1)}

    def value(at: int) -> float:
        level = _risen(fade_in, at) * _risen(fade_out, length - at)
        return max(QUIETEST, value_at(line, at) + (20 * math.log10(level) if level > 0 else QUIETEST * 2))

    points = [Point(at, round(value(at), 4)) for at in sorted(at for at in places if 0 <= at <= length)]
    return tuple(points) if len({value for _, value in points}) > 1 else (Point(0, points[0].value),)


def finely(line: Sequence[Point]) -> tuple[Point, ...]:
    """With points between those that are far apart in dB."""
    if len(line) < 2:
        return tuple(line)
    found = [line[0]]
    for before, after in itertools.pairwise(line):
        steps = max(1, min(16, math.ceil(abs(after.value - before.value) / _STEP)))
        for step in range(1, steps + 1):
            at = before.at + (after.at - before.at) * step // steps
            if at > found[-1].at:
                found.append(Point(at, before.value + (after.value - before.value) * step / steps))
    return tuple(found)


def _risen(fade: Fade, at: int) -> float:
    return float(shaped(fade.shape, np.array([at / fade.length]))[0]) if at < fade.length else 1.0
