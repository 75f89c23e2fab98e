"""The mix of a timeline: any range of samples of it, for playback and for files alike.

A timeline is computed in blocks of `BLOCK` samples that lie at multiples of it, each track's in a thread of its own.
Whoever reads on from 0, in pieces of whatever size, gets the same bits; after a jump, effects hear some sound before
the place, so that they are where they would be. Where somebody waits for that place (`Mix.hurried`), they hear less,
and the pieces are small until the next block begins.
"""

import itertools
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import RequestError
from audiostudio.render.chain import Chain, Line
from audiostudio.render.problems import Problem
from audiostudio.render.sources import OpenMedia, Sources
from audiostudio.render.strip import BLOCK, Fader, Strip, dependencies_first
from audiostudio.render.voices import Voices
from audiostudio.sound.conform import Treatment
from audiostudio.sound.effects import STEP, Place
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import TICKS, to_samples
from audiostudio.timeline.tracks import Channel, Timeline, Track, TrackKind

__all__ = ["BLOCK", "Mix", "OpenMedia", "Peak", "Problem", "Treatment"]

MOST_PREROLL = 10.0
"""Seconds of sound that effects hear before a place that was jumped to, at most."""
HURRIED_PREROLL = 0.3
"""The same, where somebody waits for that place."""
SMALL = 6_144
"""Samples that are computed at once there."""
_AT_ONCE = 4
"""Blocks that a thread computes of a track before it takes another."""


class Peak(NamedTuple):
    """Greatest absolute values, 1 is full scale."""

    left: float
    right: float


@dataclass(slots=True)
class _Graph:
    """What a document came to."""

    strips: dict[str, Strip]
    """All that are needed, in the order of the tracks."""
    levels: list[list[str]]
    heard: frozenset[str]
    chain: Chain
    fader: Fader
    latency: int
    """Of the tracks."""
    sources: Sources
    media: dict[str, Media]
    problems: list[Problem]
    lines: dict[str, Line]

    @property
    def late(self) -> int:
        """Samples by which the mix is late."""
        return self.latency + self.chain.latency


class _Block(NamedTuple):
    """What was computed at once."""

    master: NDArray[np.float32]
    tracks: dict[str, NDArray[np.float32] | None]
    """In step with the master; empty unless stems were asked for."""

    @property
    def length(self) -> int:
        """Samples."""
        return int(self.master.shape[1])


class Mix:
    """A timeline as sound. For one thread at a time; close it, or use it in a `with` block."""

    def __init__(
        self,
        project: Project,
        timeline: Timeline,
        open_media: OpenMedia,
        *,
        threads: int = 0,
        only: Iterable[str] | None = None,
        master: bool = True,
        stems: bool = False,
    ) -> None:
        """`threads`: 0 for as many as are worth it. `only`: ids of the tracks to mix; mute and solo hold as well.
        `master`: False for the sum of the tracks, before the master's effects and fader. `stems`: whether
        `render_tracks` will be asked.

        Raises `RequestError` for a sample rate that no file has.
        """
        if TICKS % timeline.sample_rate or timeline.sample_rate < 8_000:
            raise RequestError(
                f"A timeline cannot have {timeline.sample_rate} samples a second.", "48000 suits every editor."
            )
        self.sample_rate = timeline.sample_rate
        self._tick = TICKS // self.sample_rate
        self._only = None if only is None else frozenset(only)
        self._with_master = master
        self._with_stems = stems
        self.hurried = False
        """Whether somebody waits for the places that are jumped to."""
        self._open = open_media
        count = threads or _threads()
        self._pool = ThreadPoolExecutor(count, "mix") if count > 1 else None
        self._graph = self._built(project, timeline, None)
        self._next: int | None = 0
        """Where the next block begins, in samples as they are computed: of the mix they are `late` earlier."""
        self._small_until = 0
        """Blocks before that, a multiple of `BLOCK`, are small."""
        self._ready: list[_Block] = []
        """Blocks that were computed and not wholly given; the first begins at `_at`."""
        self._at = -self._graph.late
        self._master_peak = Peak(0.0, 0.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End its threads."""
        if self._pool is not None:
            self._pool.shutdown()

    @property
    def length(self) -> int:
        """Samples until the last clip ends and no effect can ring on; the last ones may be silent."""
        rung = max((strip.end for strip in self._graph.strips.values()), default=0)
        return max(self.end, rung + self._graph.chain.tail)

    @property
    def end(self) -> int:
        """Samples until the last clip ends."""
        return to_samples(self.timeline.end, self.sample_rate)

    @property
    def latency(self) -> int:
        """Samples that have to be computed before the first of them can be given; the sound itself is not late."""
        return self._graph.late

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What cannot be heard as the document says. Media are opened when they are first needed."""
        return (*self._graph.problems, *self._graph.sources.problems.values())

    @property
    def peaks(self) -> Mapping[str, Peak]:
        """Of every track that is heard, in the block computed last; the master's is under ``""``."""
        found = {name: Peak(*self._graph.strips[name].peak) for name in self._graph.heard}
        return {**found, "": self._master_peak}

    def update(self, project: Project, timeline: Timeline) -> None:
        """Go on with another document, from whatever sample is asked for next. What is open stays open; effects hear
        anew what is before that place. Raises `RequestError` for another sample rate."""
        if timeline.sample_rate != self.sample_rate:
            raise RequestError("A mix cannot change its sample rate.", "Begin another one.")
        self._graph = self._built(project, timeline, self._graph)
        self._ready.clear()
        self._next = None

    def retry_media(self) -> None:
        """Open again what was missing, next time it is needed."""
        self._graph.sources.forget_missing()

    def render(self, start: int, count: int) -> NDArray[np.float32]:
        """Samples start…start + count of the mix: float32 (2, count). Beyond its end, and before 0, silence."""
        out = np.zeros((2, count), np.float32)
        for place, block, part in self._pieces(start, count):
            out[:, place] = block.master[:, part]
        return out

    def render_tracks(self, start: int, count: int) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        """`render`, and of the same samples each track that is heard, as it goes into the master: their sum, in the
        order of the tracks, is the mix before the master's effects and fader."""
        if not self._with_stems:
            raise ValueError("a mix that gives tracks is made with stems=True")
        out = np.zeros((2, count), np.float32)
        tracks = {name: np.zeros((2, count), np.float32) for name in self._graph.strips if name in self._graph.heard}
        for place, block, part in self._pieces(start, count):
            out[:, place] = block.master[:, part]
            for name, sound in block.tracks.items():
                if sound is not None:
                    tracks[name][:, place] = sound[:, part]
        return out, tracks

    def _pieces(self, start: int, count: int) -> "Iterable[tuple[slice, _Block, slice]]":
        """Where pieces of blocks go among the samples that were asked for."""
        done = max(0, min(count, -start))
        while done < count:
            self._provide(start + done, count - done)
            block = self._ready[0]
            offset = start + done - self._at
            size = min(block.length - offset, count - done)
            yield slice(done, done + size), block, slice(offset, offset + size)
            done += size
            if offset + size == block.length:
                self._leave_first()

    def _leave_first(self) -> None:
        self._at += self._ready.pop(0).length

    def _provide(self, start: int, count: int) -> None:
        """Have the block that holds sample `start` first among those that are ready."""
        late = self._graph.late
        while self._ready and self._at + self._ready[0].length <= start:
            self._leave_first()
        if self._ready and self._at <= start:
            return
        first = self._next
        if first is None or not first <= start + late < self._end(first):
            first = self._jump(start + late)
        spans = [(first, self._end(first))]
        while spans[-1][1] < start + late + count and len(spans) < (_AT_ONCE if self._pool else 1):
            spans.append((spans[-1][1], self._end(spans[-1][1])))
        self._at = first - late
        self._ready = self._blocks(spans)
        self._next = spans[-1][1]

    def _end(self, first: int) -> int:
        """Of the block that begins there."""
        return min(first + SMALL, self._small_until) if first < self._small_until else first + BLOCK

    def _jump(self, wanted: int) -> int:
        """Let effects hear what is before the block that holds a sample, each as much as it needs. → where it begins.
        The first one of all is never small: from 0 on the bits are always the same."""
        graph = self._graph
        hurried = self.hurried and wanted >= BLOCK
        grain = STEP if hurried else BLOCK
        first = wanted - wanted % grain
        self._small_until = first - first % BLOCK + 2 * BLOCK if hurried else 0
        graph.chain.reset()
        most = round((HURRIED_PREROLL if hurried else MOST_PREROLL) * self.sample_rate) + graph.late
        master = graph.chain.tail + graph.late if graph.chain else 0
        needs = {name: strip.memory + master for name, strip in graph.strips.items()}
        for level in reversed(graph.levels):
            for name in level:
                for key in graph.strips[name].chain.listens_to:
                    needs[key] = max(needs[key], needs[name])
        needs = {name: -(-min(need, most) // grain) * grain for name, need in needs.items() if need}
        longest = max(needs.values(), default=0)
        for strip in graph.strips.values():
            strip.leave()
        for line in graph.lines.values():
            line.reset()
        for at in range(max(0, first - longest), first, BLOCK):
            only = frozenset(name for name in needs if hurried or first - at <= needs[name])
            self._blocks([(at, min(at + BLOCK, first))], only)
        return first

    def _blocks(self, spans: list[tuple[int, int]], only: frozenset[str] | None = None) -> list[_Block]:
        graph = self._graph
        begin, end, numbers = spans[0][0], spans[-1][1], range(len(spans))
        keys: dict[str, list[NDArray[np.float32] | None]] = {}
        outs: dict[str, list[NDArray[np.float32] | None]] = {}

        def work(name: str) -> list[tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]]:
            strip = graph.strips[name]
            listened = strip.chain.listens_to
            return [
                strip.process(graph.sources, first, last - first, {key: keys[key][number] for key in listened})
                for number, (first, last) in enumerate(spans)
            ]

        silence: list[NDArray[np.float32] | None] = [None] * len(spans)
        for level in graph.levels:
            asked = [name for name in level if only is None or name in only]
            needed = [name for name in asked if graph.strips[name].active(begin, end)]
            run = map(work, needed) if self._pool is None or len(needed) < 2 else self._pool.map(work, needed)
            made = dict(zip(needed, run, strict=True))
            for name in level:
                if name not in made:
                    graph.strips[name].leave()
                outs[name] = [pair[0] for pair in made[name]] if name in made else silence
                keys[name] = [pair[1] for pair in made[name]] if name in made else silence
        heard = [name for name in graph.strips if name in graph.heard]
        return [self._block(spans[number], {name: outs[name][number] for name in heard}) for number in numbers]

    def _block(self, span: tuple[int, int], tracks: dict[str, NDArray[np.float32] | None]) -> _Block:
        graph = self._graph
        master = np.zeros((2, span[1] - span[0]), np.float32)
        for sound in tracks.values():
            if sound is not None:
                master += sound
        if self._with_master:
            first = span[0] - graph.latency
            master = graph.chain.process(master, first, self._tick)
            master = graph.fader.process(master, first - graph.chain.latency, self._tick)
        self._master_peak = Peak(float(np.abs(master[0]).max()), float(np.abs(master[1]).max()))
        return _Block(master, self._in_step(tracks, master) if self._with_stems else {})

    def _in_step(
        self, tracks: dict[str, NDArray[np.float32] | None], master: NDArray[np.float32]
    ) -> dict[str, NDArray[np.float32] | None]:
        """As late as the master's effects are."""
        graph = self._graph
        if not graph.chain.latency:
            return tracks
        silence = np.zeros_like(master)
        return {name: graph.lines[name].process(silence if sound is None else sound) for name, sound in tracks.items()}

    def _built(self, project: Project, timeline: Timeline, before: _Graph | None) -> _Graph:
        self.timeline = timeline
        media = {one.id: one for one in project.media}
        tracks = {track.id: track for track in timeline.tracks if track.kind == TrackKind.AUDIO}
        heard = frozenset(name for name in timeline.audible if name in tracks and self._is_chosen(name))
        listens = {name: _listened(track) for name, track in tracks.items() if not track.muted}
        needed = _reachable(heard, listens)
        levels, circles = dependencies_first({name: listens[name] for name in needed})
        problems = [
            Problem("Two tracks duck each other; one of them does not listen.", "Let only one listen.", track=name)
            for name, _ in sorted(circles)
        ]
        made: dict[str, Strip] = {}
        for name in itertools.chain.from_iterable(levels):
            can_hear = {key: made[key].chain.latency for key in listens[name] if key in made}
            voices = self._voices(tracks[name], media, before)
            made[name] = Strip(tracks[name], voices, self.sample_rate, self._tick, can_hear)
        strips = {name: made[name] for name in tracks if name in made}
        latency = max((strip.chain.latency for strip in strips.values()), default=0)
        for strip in strips.values():
            strip.align(latency)
            problems += strip.problems
        master = timeline.master if self._with_master else Channel()
        chain = Chain(master.effects, master, Place.MASTER, self.sample_rate)
        sources = Sources(media, self._open)
        if before is not None:
            sources.adopt(before.sources)
        problems += chain.problems
        lines = {name: Line(chain.latency) for name in heard}
        return _Graph(strips, levels, heard, chain, Fader(master), latency, sources, media, problems, lines)

    def _voices(self, track: Track, media: dict[str, Media], before: _Graph | None) -> Voices:
        """What did not change is not reckoned anew: a timeline may have thousands of clips."""
        old = before.strips.get(track.id) if before else None
        if before is not None and old is not None and before.media == media and _sounds_same(old.track, track):
            return old.voices
        return Voices(track, media, self.sample_rate)

    def _is_chosen(self, name: str) -> bool:
        return self._only is None or name in self._only


def _threads() -> int:
    """On two cores a second thread gains nothing (measured): half of the work holds Python's lock, and handing it to
    and fro costs as much as the other half saves."""
    return max(1, min(4, (os.cpu_count() or 1) // 2))


def _sounds_same(one: Track, two: Track) -> bool:
    """Whether the clips of two tracks are read from the same places."""
    return one.clips == two.clips and one.transitions == two.transitions and one.channel.effects == two.channel.effects


def _listened(track: Track) -> frozenset[str]:
    return frozenset(
        effect.source for effect in track.channel.effects if effect.enabled and effect.source not in (None, track.id)
    )


def _reachable(heard: frozenset[str], listens: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Tracks that are heard, and those that they listen to."""
    found: set[str] = set()
    waiting = list(heard)
    while waiting:
        name = waiting.pop()
        if name not in found and name in listens:
            found.add(name)
            waiting += listens[name]
    return frozenset(found)
