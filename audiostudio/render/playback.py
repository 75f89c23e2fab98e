"""Playing a timeline: what the window holds of the process that mixes it (`playback_process`).

live = LiveMix(open_media, on_problems)    # starts nothing yet
live.show(project, timeline)               # again after every edit
sound = player.load_source(live.source)    # then player.play(), .seek(), … and live.cue() along with them
live.meters.read(player.position)
"""

import contextlib
import functools
import multiprocessing
import queue
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiostudio.render import playback_process as child
from audiostudio.render.mix import OpenMedia, Problem
from audiostudio.render.playback_memory import CHUNK, Memory, MixedSource
from audiostudio.sound.live_loudness import LoudnessNow
from audiostudio.timeline.project import Project
from audiostudio.timeline.time import to_samples
from audiostudio.timeline.tracks import Timeline

_DIED = Problem("The process that mixes the timeline ended unexpectedly.", "Press play to start it again.")
_LOOKED_BACK = 8
"""Chunks of which a meter still shows what it has not seen."""
_KEPT = 8
"""States of the document whose tracks are remembered: of what is heard, some edits late."""


class _Document(NamedTuple):
    generation: int
    project: Project
    timeline: Timeline


class LiveMix:
    """One timeline at a time. Nothing here waits but `close`: documents are written, and the process is started, on a
    thread of its own. May be used from any thread."""

    def __init__(
        self, make_open_media: Callable[[], OpenMedia], on_problems: Callable[[tuple[Problem, ...]], None]
    ) -> None:
        """`make_open_media` is called in the process that mixes; it must be picklable. `on_problems` is called from
        another thread with all that cannot be heard, whenever that changes."""
        self._make_open_media, self._on_problems = make_open_media, on_problems
        self._memory = Memory()
        self._lock = threading.Lock()
        self._generation = 0
        self._tracks: dict[int, tuple[str, ...]] = {}
        self._document: _Document | None = None
        self._documents = child.Documents()
        self._plan = child.Plan(0, None, 1.0)
        self._requests: queue.SimpleQueue[child.Plan | child.RetryMedia | _Document | None] = queue.SimpleQueue()
        self._hear, self._bell = multiprocessing.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._serve, name="live mix", daemon=True)
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    @property
    def source(self) -> Callable[[], MixedSource]:
        """For `Player.load_source`. Another one is needed when the timeline's sample rate became another."""
        return functools.partial(MixedSource, self._memory.name)

    @property
    def sample_rate(self) -> int:
        return self._memory.sample_rate

    def show(self, project: Project, timeline: Timeline, *, heard: bool = False) -> None:
        """Go on with this state of the document. `heard`: it plays, and what plays goes over into it with a short
        fade, as soon as it is mixed; else nothing of an earlier state is heard any more."""
        with self._lock:
            self._generation += 1
            self._tracks[self._generation] = child.audio_tracks(timeline)
            self._tracks.pop(self._generation - _KEPT, None)
            self._document = _Document(self._generation, project, timeline)
            if not heard:
                self._memory.floor = self._generation
            self._memory.sample_rate = timeline.sample_rate
            # What rings on is added when it is mixed; until then nobody who plays may think that there is less.
            self._memory.extend(to_samples(timeline.end, timeline.sample_rate))
            self._send(self._document)

    def cue(self, at: int, *, loop: tuple[int, int] | None = None, rate: float = 1.0) -> None:
        """Have the samples from `at` on ready, soon to be played in a loop, or at another rate; negative: backwards."""
        with self._lock:
            self._plan = child.Plan(max(0, at), loop, rate)
            self._memory.at = self._plan.at
            self._send(self._plan)

    def retry_media(self) -> None:
        """What could not be opened may be there now."""
        with self._lock:
            if self._document is not None:
                self._generation += 1
                self._tracks[self._generation] = child.audio_tracks(self._document.timeline)
                self._tracks.pop(self._generation - _KEPT, None)
                self._send(child.RetryMedia(self._generation))

    def meters(self) -> "Meters":
        """To look at what is heard."""
        return Meters(self._memory, self._tracks)

    def set_endless(self, endless: bool) -> None:
        """Whether playing goes on, in silence, after the end."""
        self._memory.set_endless(endless)

    def is_ready(self, at: int) -> bool:
        """Whether a sample can be heard as the document shown last has it."""
        return self._memory.newest(at // CHUNK)[2] == self._generation

    def close(self) -> None:
        """End the process and the thread, and give the memory back. Nothing may be called afterwards."""
        if self._thread.ident is not None:
            self._send(None)
            self._thread.join()
        self._bell.close()
        self._hear.close()
        self._memory.close()

    def _send(self, request: child.Plan | child.RetryMedia | _Document | None) -> None:
        if self._thread.ident is None:
            self._thread.start()
        self._requests.put(request)
        self._bell.send_bytes(b"!")

    # On the thread

    def _serve(self) -> None:
        try:
            while self._turn():
                pass
        finally:
            self._reap()

    def _turn(self) -> bool:
        waiting: list[Connection | int] = [self._hear]
        if self._process is not None and self._pipe is not None:
            waiting += [self._pipe, self._process.sentinel]
        ready = wait(waiting)
        if self._pipe in ready:
            self._take_answer()
        elif self._process is not None and self._process.sentinel in ready:
            self._died()
        return self._obey() if self._hear in ready else True

    def _obey(self) -> bool:
        """All requests there are; of several documents, the last."""
        newest: _Document | None = None
        while self._hear.poll():
            self._hear.recv_bytes()
            request = self._requests.get()
            if request is None:
                return False
            if isinstance(request, _Document):
                newest = request
                continue
            if isinstance(request, child.Plan) and self._process is None:
                newest = newest or self._document
            self._pass_on(request)
        if newest is not None:
            self._give(newest)
        return True

    def _give(self, document: _Document) -> None:
        if self._process is None:
            self._start()
            self._pass_on(self._plan)
        self._pass_on(child.Show(document.generation, self._documents.write(document.project, document.timeline)))

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, self._memory.name, self._make_open_media)
        self._process = context.Process(target=child.run, args=arguments, name="audiostudio-mixer", daemon=True)
        self._process.start()
        theirs.close()

    def _pass_on(self, command: child.Command) -> None:
        if self._pipe is not None:
            with contextlib.suppress(ConnectionError):  # it died: the sentinel tells
                self._pipe.send(command)

    def _take_answer(self) -> None:
        assert self._pipe is not None
        try:
            answer: child.Problems = self._pipe.recv()
        except (EOFError, ConnectionError):
            self._died()
            return
        self._on_problems(answer.problems)

    def _died(self) -> None:
        self._reap()
        self._on_problems((_DIED,))

    def _reap(self) -> None:
        pipe, self._pipe = self._pipe, None
        process, self._process = self._process, None
        if pipe is None or process is None:
            return
        pipe.close()  # which ends it
        for force in (process.terminate, process.kill, None):
            process.join(2.0)
            if process.exitcode is not None or force is None:
                break
            force()
        process.close()


class Level(NamedTuple):
    """The greatest since the last look; 1 is full scale."""

    left: float
    """Peak."""
    right: float
    rms_left: float
    rms_right: float


MASTER = ""
"""The master's name among the tracks."""


class Meters:
    """What meters show, in step with what is heard. Each that looks has its own; for one thread."""

    def __init__(self, memory: Memory, tracks: dict[int, tuple[str, ...]]) -> None:
        self._memory = memory
        self._tracks = tracks
        """Of each generation."""
        self._last = -1
        self.loudness = LoudnessNow()
        """Of the master, where it was read last."""

    def read(self, at: int) -> dict[str, Level]:
        """Levels of all that was heard since the last time, of each track by its id, and of the master under
        `MASTER`. `at`: the sample that is heard now (`Player.position`). Not after `LiveMix.close`."""
        chunk = at // CHUNK
        first = self._last + 1 if 0 <= chunk - self._last < _LOOKED_BACK else chunk
        self._last = chunk
        found: NDArray[np.float32] | None = None
        names: tuple[str, ...] = ()
        for number in range(min(first, chunk), chunk + 1):
            bank, slot, generation = self._memory.newest(number, self._memory.bank)
            if slot >= 0:
                levels = self._memory.levels[bank, slot].copy()
                found = levels if found is None else np.maximum(found, levels)
                names = self._tracks.get(generation, ())
                self.loudness = LoudnessNow(*self._memory.loudness[bank, slot].tolist())
        if found is None:
            return {}
        return {name: Level(*found[row].tolist()) for row, name in enumerate((MASTER, *names))}
