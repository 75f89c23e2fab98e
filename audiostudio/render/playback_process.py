"""The process that mixes a timeline while it is played: always a little further than what is heard.

It is spawned by `playback.LiveMix`, knows no window and no sound card, and ends when the other side of its pipe does.
"""

import contextlib
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import StudioError
from audiostudio.render.mix import BLOCK, SMALL, Mix, OpenMedia, Problem
from audiostudio.render.playback_memory import CHUNK, MOST_TRACKS, SLOTS, Memory
from audiostudio.sound.live_loudness import LiveLoudness
from audiostudio.sound.output import stand_apart
from audiostudio.sound.transport import FADE_SECONDS
from audiostudio.timeline.project import Media, Project, new_project
from audiostudio.timeline.schema import decode, encode
from audiostudio.timeline.tracks import Clip, Timeline, Track, TrackKind

AHEAD_SECONDS = 3.0
"""How far is mixed ahead of what is heard."""
_FIRST = SMALL // CHUNK
"""Chunks that are mixed at once where somebody waits for them; then as many as are there already, …"""
_RUN = BLOCK // CHUNK
"""… up to these."""
_MARGIN = 0.08
"""Seconds that are left to the state before, besides the time that mixing takes."""
_STILL = 0.3
"""Seconds without reading after which nothing plays."""
_WAKE = 0.004
_IDLE_WAKE = 0.5


@dataclass(frozen=True, slots=True)
class Show:
    """Another state of the document: JSON, as `Documents` write it."""

    generation: int
    document: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """How it will be played."""

    at: int
    """From this sample on."""
    loop: tuple[int, int] | None
    rate: float


@dataclass(frozen=True, slots=True)
class RetryMedia:
    """What was missing may be there now."""

    generation: int


Command: TypeAlias = Show | Plan | RetryMedia


@dataclass(frozen=True, slots=True)
class Problems:
    """What cannot be heard."""

    problems: tuple[Problem, ...]


class Documents:
    """Writes states of a document, one after the other. Clips that did not change are not written anew: a fader moves
    often, and the window's thread would have to wait for thousands of them."""

    def __init__(self) -> None:
        self._clips: dict[str, tuple[tuple[Clip, ...], str]] = {}
        """Of each track, and as JSON."""

    def write(self, project: Project, timeline: Timeline) -> bytes:
        """A timeline and its media as JSON."""
        used = {clip.media for clip in timeline.clips()}
        media = tuple([one for one in project.media if one.id in used])
        self._clips = {track.id: self._written(track) for track in timeline.tracks}
        tracks = [_with(encode(replace(one, clips=())), "clips", self._clips[one.id][1]) for one in timeline.tracks]
        shown = _with(encode(replace(timeline, tracks=())), "tracks", f"[{','.join(tracks)}]")
        return f'{{"timeline":{shown},"media":{json.dumps(encode(media))}}}'.encode()

    def _written(self, track: Track) -> tuple[tuple[Clip, ...], str]:
        known = self._clips.get(track.id)
        return (
            known if known is not None and known[0] is track.clips else (track.clips, json.dumps(encode(track.clips)))
        )


def _with(data: dict[str, Any], name: str, text: str) -> str:
    """An object as JSON, with a field that is JSON already."""
    data.pop(name, None)
    return f'{json.dumps(data)[:-1]},"{name}":{text}}}'


def audio_tracks(timeline: Timeline) -> tuple[str, ...]:
    """Ids in the order of their levels."""
    tracks = [track.id for track in timeline.tracks if track.kind == TrackKind.AUDIO]
    return tuple(tracks[:MOST_TRACKS])


class Mixer:
    """Keeps the memory filled. Knows no clock but to see whether something plays."""

    def __init__(self, memory: Memory, open_media: OpenMedia, answer: Callable[[Problems], None]) -> None:
        self._memory = memory
        self._open = open_media
        self._answer = answer
        self._mix: Mix | None = None
        self._tracks: tuple[str, ...] = ()
        self._generation = 0
        self._show: Show | None = None
        """Not begun yet."""
        self._bank = 0
        self._slots: dict[int, int] = {}
        """Chunk → slot, of this generation."""
        self._cued = 0
        """Where playing will begin, …"""
        self._arrived, self._planned, self._left = False, 0.0, -1
        """… whether it did, when it was asked for, and how often had been read before."""
        self._loop: tuple[int, int] | None = None
        self._rate = 1.0
        self._skipped: set[int] = set()
        """Chunks that will have been heard before this generation is there."""
        self._cost = 0.05
        """Seconds until the first of a document is mixed, as seen before."""
        self._owed = 0
        """Chunks that this generation mixes before it may give way to the next, once it is heard: that takes its bank
        for one that only has what is left of the state before."""
        self._told: tuple[Problem, ...] | None = ()
        """None: whoever asked to try again is told what came of it."""
        self._reads = (0, -1.0)
        """How often was read, and when that was seen to change."""
        self._meter = LiveLoudness(memory.sample_rate)
        self._metered = -1
        """The chunk that the loudness meter expects."""

    @property
    def moving(self) -> bool:
        """Whether something plays."""
        reads, now = self._memory.reads, time.monotonic()
        if reads != self._reads[0]:
            self._reads = reads, now
        return now - self._reads[1] < _STILL

    @property
    def _here(self) -> int:
        """The sample that is wanted next. Who plays may look a few times more at the place that was just left."""
        memory = self._memory
        if not self._arrived and memory.reads != self._left:
            near = abs(memory.at - self._cued) < memory.sample_rate
            self._arrived = near or time.monotonic() > self._planned + _STILL
            self._left = memory.reads
        return memory.at if self._arrived else self._cued

    def obey(self, command: Command) -> None:
        match command:
            case Show():
                self._show = command
            case Plan():
                self._cued, self._loop, self._rate = command.at, command.loop, command.rate
                self._arrived, self._planned, self._left = False, time.monotonic(), self._memory.reads
                self._skipped.clear()
            case RetryMedia():
                if self._mix is not None:
                    self._mix.retry_media()
                    self._told = None
                    self._begin(command.generation)

    def step(self) -> bool:
        """Mix a little; False: there is nothing to mix now."""
        gone_over = self._owed <= 0 and self._memory.bank == self._bank
        if self._show is not None and (gone_over or not self.moving):
            show, self._show = self._show, None
            started = time.monotonic()
            self._take(show)
            self._run()
            self._cost = 0.5 * self._cost + 0.5 * (time.monotonic() - started)
            return True
        return self._run() or self._show is not None

    def close(self) -> None:
        if self._mix is not None:
            self._mix.close()

    def _take(self, show: Show) -> None:
        data = json.loads(show.document)
        timeline = decode(Timeline, data["timeline"])
        project = replace(new_project(""), media=decode(tuple[Media, ...], data["media"]), timelines=(timeline,))
        if self._mix is not None and self._mix.sample_rate != timeline.sample_rate:
            self._mix.close()
            self._mix = None
        if self._mix is None:
            self._mix = Mix(project, timeline, self._open, stems=True)
            self._meter = LiveLoudness(timeline.sample_rate)
        else:
            self._mix.update(project, timeline)
        self._tracks = audio_tracks(timeline)
        self._memory.length = self._mix.length
        self._begin(show.generation)

    def _begin(self, generation: int) -> None:
        """Mix everything anew."""
        self._generation, self._bank = generation, 1 - self._memory.bank
        self._memory.marks[self._bank] = -1
        self._slots.clear()
        self._skipped.clear()
        self._owed = 0
        if self.moving:
            seconds = min(1.5 * self._cost, AHEAD_SECONDS / 3) + _MARGIN
            coming = itertools.islice(self._wanted(), self._chunks(seconds))
            self._skipped.update(
                itertools.takewhile(lambda chunk: self._memory.slot(1 - self._bank, chunk) >= 0, coming)
            )
            self._owed = self._chunks(min(0.3 + 2 * self._cost, AHEAD_SECONDS * 2 / 3))

    @property
    def _waited_for(self) -> bool:
        """Whether what is wanted next is not there."""
        return self._memory.newest(self._here // CHUNK)[1] < 0

    def _chunks(self, seconds: float) -> int:
        return round(seconds * self._memory.sample_rate / CHUNK)

    def _run(self) -> bool:
        mix = self._mix
        if mix is None:
            return False
        if self._skipped and (self._memory.bank == self._bank or self._waited_for):
            self._skipped.clear()
        wanted = [chunk for chunk in self._wanted() if chunk not in self._skipped]
        there = next((number for number, chunk in enumerate(wanted) if chunk not in self._slots), None)
        if there is None:
            self._owed = 0
            return False
        least = max(_FIRST, round(_FIRST * self._rate)) if there or self._waited_for else _RUN
        first, most = wanted[there], min(_RUN, max(least, there))
        run = range(first, first + most)
        if self._rate < 0:  # more at once: each time effects hear what is before
            run = range(max(0, first + 1 - (_RUN if self._waited_for else 2 * _RUN)), first + 1)
        run = self._missing(run, set(wanted), first)
        self._mix_chunks(mix, run)
        self._owed -= len(run)
        self._tell(mix)
        return True

    def _missing(self, run: range, wanted: set[int], first: int) -> range:
        """The part of a run around `first` that is wanted and not there."""
        low = high = first
        while low - 1 in run and low - 1 not in self._slots and low - 1 in wanted:
            low -= 1
        while high + 1 in run and high + 1 not in self._slots and high + 1 in wanted:
            high += 1
        return range(low, high + 1)

    def _wanted(self) -> Iterator[int]:
        """Chunks in the order in which they will be heard."""
        memory = self._memory
        count = min(self._chunks(AHEAD_SECONDS), SLOTS - 2 * _RUN)  # a bank holds less at 96 kHz
        at = self._here
        chunk = at // CHUNK
        if self._rate < 0:
            top = chunk + 4
            yield from range(top, max(-1, top - count - 4), -1)
            return
        fade = round(FADE_SECONDS * memory.sample_rate)
        loop = self._loop
        if loop is None or at >= loop[1]:
            yield from range(chunk, chunk + count)
            return
        seen: set[int] = set()
        last = (loop[1] + fade) // CHUNK
        while len(seen) < count and chunk not in seen:
            seen.add(chunk)
            yield chunk
            chunk = chunk + 1 if chunk < last else loop[0] // CHUNK

    def _mix_chunks(self, mix: Mix, run: range) -> None:
        count = len(run)
        mix.hurried = self._waited_for
        sound, tracks = mix.render_tracks(run[0] * CHUNK, count * CHUNK)
        levels = np.zeros((count, MOST_TRACKS + 1, 4), np.float32)
        levels[:, 0] = _levels(sound)
        for number, name in enumerate(self._tracks, 1):
            if name in tracks:
                levels[:, number] = _levels(tracks[name])
        if run[0] != self._metered:
            self._meter.reset()
        self._metered = run[-1] + 1
        memory = self._memory
        for at, chunk in enumerate(run):
            piece = sound[:, at * CHUNK : (at + 1) * CHUNK]
            slot = self._free_slot()
            memory.marks[self._bank, slot] = -1
            memory.frames[self._bank, slot] = piece.T
            memory.levels[self._bank, slot] = levels[at]
            memory.loudness[self._bank, slot] = self._meter.push(piece)
            memory.marks[self._bank, slot, 1] = self._generation
            memory.marks[self._bank, slot, 0] = chunk
            self._slots[chunk] = slot

    def _free_slot(self) -> int:
        if len(self._slots) < SLOTS:
            taken = set(self._slots.values())
            return next(slot for slot in range(SLOTS) if slot not in taken)
        here = self._here // CHUNK
        wanted = set(self._wanted())
        farthest = max((chunk for chunk in self._slots if chunk not in wanted), key=lambda chunk: abs(chunk - here))
        return self._slots.pop(farthest)

    def _tell(self, mix: Mix) -> None:
        if mix.problems != self._told:
            self._told = mix.problems
            self._answer(Problems(mix.problems))


def _levels(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (2, n · CHUNK) → (n, 4): peaks and RMS of left and right."""
    pieces = sound.reshape(2, -1, CHUNK)
    peaks = np.abs(pieces).max(axis=2)
    powers = np.sqrt(np.einsum("cnk,cnk->cn", pieces, pieces) / CHUNK)
    return np.concatenate([peaks, powers]).T


def run(pipe: Connection, name: str, make_open_media: Callable[[], OpenMedia]) -> None:
    """The process's main loop."""
    stand_apart()
    memory = Memory(name)
    mixer = Mixer(memory, make_open_media(), pipe.send)
    with contextlib.suppress(EOFError, ConnectionError):
        busy = False
        while True:
            while pipe.poll(0 if busy else _WAKE if mixer.moving else _IDLE_WAKE):
                mixer.obey(pipe.recv())
                busy = True
            try:
                busy = mixer.step()
            except StudioError as error:
                pipe.send(Problems((Problem(error.sentence, error.hint),)))
                busy = False
    mixer.close()
    memory.close()
