"""Music that steps back under speech, drawn as automation: where somebody speaks, and the curve that follows."""

from collections.abc import Generator, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiostudio.render.mix import BLOCK, Mix
from audiostudio.timeline.time import of_samples, ticks
from audiostudio.timeline.tracks import Clip, Content, Point, Range, Timeline, Track

HOP = 1_024
"""Samples of one level."""
_SILENT = -120.0


class Ducking(NamedTuple):
    """How music steps back."""

    depth: float = 12.0
    """dB, 0 or more."""
    attack: float = 0.25
    """Seconds before speech begins in which it goes down: it is down at the first word."""
    release: float = 0.8
    """Seconds after speech ends in which it comes back."""
    threshold: float = -40.0
    """dBFS (RMS) from which on there is speech."""
    hold: float = 0.7
    """Seconds of silence within speech in which it stays down."""


USUAL = Ducking()


def curve(speech: Iterable[Range], ducking: Ducking = USUAL) -> tuple[Point, ...]:
    """Points of `Parameter.DUCKING` for a track that plays under `speech`: four for each passage, no more."""
    attack, release = max(1, ticks(ducking.attack)), max(1, ticks(ducking.release))
    apart = max(attack + release, ticks(ducking.hold))
    points: list[Point] = []
    for start, end in _joined(speech, apart):
        if start > attack:
            points += [Point(start - attack, 0.0), Point(start, -ducking.depth)]
        else:  # speech begins at once: down from the beginning
            points.append(Point(0, -ducking.depth))
        down = max(end, points[-1].at + 1)
        points += [Point(down, -ducking.depth), Point(down + release, 0.0)]
    return tuple(points)


def speech_of_clips(tracks: Iterable[Track]) -> list[Range]:
    """Where the clips of tracks lie, whatever they sound."""
    return [Range(clip.start, clip.end) for track in tracks if not track.muted for clip in _heard(track)]


def speech_of_levels(levels: NDArray[np.float32], sample_rate: int, ducking: Ducking = USUAL) -> list[Range]:
    """Where `levels`, dBFS of every `HOP` samples, are speech."""
    loud = np.flatnonzero(levels > ducking.threshold)
    if not len(loud):
        return []
    edges = np.flatnonzero(np.diff(loud) > 1)
    starts = loud[np.concatenate([[0], edges + 1])]
    ends = loud[np.concatenate([edges, [len(loud) - 1]])] + 1
    ranges = (
        Range(of_samples(int(a) * HOP, sample_rate), of_samples(int(b) * HOP, sample_rate))
        for a, b in zip(starts, ends, strict=True)
    )
    return list(ranges)


def levels(mix: Mix) -> Generator[float, None, NDArray[np.float32]]:
    """dBFS (RMS) of every `HOP` samples of a mix, one made of the speech tracks only (`Mix(only=…, master=False)`).

    Yields how much is done, 0…1.
    """
    found = [np.zeros(0, np.float32)]
    size = 8 * BLOCK
    for at in range(0, mix.end, size):
        sound = mix.render(at, size)
        power = np.square(sound).mean(axis=0).reshape(-1, HOP).mean(axis=1)
        found.append((10 * np.log10(np.maximum(power, 10 ** (_SILENT / 10)))).astype(np.float32))
        yield min(1.0, (at + size) / mix.end)
    return np.concatenate(found)


def speech_tracks(timeline: Timeline) -> tuple[Track, ...]:
    return tuple([track for track in timeline.tracks if track.content == Content.SPEECH])


def music_tracks(timeline: Timeline) -> tuple[Track, ...]:
    return tuple([track for track in timeline.tracks if track.content == Content.MUSIC])


def _heard(track: Track) -> Sequence[Clip]:
    return [clip for clip in track.clips if not clip.muted]


def _joined(speech: Iterable[Range], apart: int) -> list[Range]:
    """In order, with those joined between which there is not enough time."""
    found: list[Range] = []
    for one in sorted(speech):
        if found and one.start - found[-1].end <= apart:
            found[-1] = Range(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found
