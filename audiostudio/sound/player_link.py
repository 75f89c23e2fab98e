"""The thread between the player and the process that plays: it starts it, feeds it and notices when it dies."""

import contextlib
import multiprocessing
import queue
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound import player_process as child
from audiostudio.sound.output import Output
from audiostudio.sound.ring import Ring

SEGMENT_SECONDS = 60
_STARTING = (child.Load, child.LoadSource, child.Play, child.Scrub, child.Warm, child.ListDevices)
"""Commands for which the process is started."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Bring samples, float32 (channels, n), to where the other process sees them."""

    number: int
    samples: NDArray[np.float32]
    sample_rate: int | None
    """None: they follow the ones before."""
    complete: bool


Request: TypeAlias = child.Command | Samples


class _NoRoom(Exception):
    """Shared memory is used up."""


@dataclass
class _Sound:
    """What was loaded: samples in shared memory, or something that is made in the other process."""

    state: child.Load | child.LoadSource
    memories: list[SharedMemory] = field(default_factory=list)

    def extend(self, samples: NDArray[np.float32], complete: bool) -> None:
        """Raises `_NoRoom`."""
        state = self.loaded
        while samples.shape[1]:
            begin = sum(capacity for _, capacity in state.segments[:-1])
            capacity = state.segments[-1][1] if self.memories else 0
            used = state.length - begin
            if used == capacity:
                state = self._add_segment(state, samples.shape[1], complete)
                continue
            count = min(capacity - used, samples.shape[1])
            held = np.ndarray((state.channels, capacity), np.float32, self.memories[-1].buf)
            held[:, used : used + count] = samples[:, :count]
            del held
            state = replace(state, length=state.length + count)
            samples = samples[:, count:]
        self.state = replace(state, complete=complete)

    @property
    def loaded(self) -> child.Load:
        """Of samples."""
        assert isinstance(self.state, child.Load)
        return self.state

    def _add_segment(self, state: child.Load, samples: int, complete: bool) -> child.Load:
        first_and_last = complete and not self.memories
        capacity = samples if first_and_last else max(samples, SEGMENT_SECONDS * state.sample_rate)
        size = 4 * state.channels * capacity
        room = Path("/dev/shm")
        # Where memory is only promised, writing to more than there is would kill this process.
        if room.is_dir() and shutil.disk_usage(room).free < size:
            raise _NoRoom
        self.memories.append(SharedMemory(create=True, size=size))
        return replace(state, segments=(*state.segments, (self.memories[-1].name, capacity)))

    def free(self) -> None:
        for memory in self.memories:
            memory.close()
            memory.unlink()
        self.memories.clear()


class Link:
    """Everything here but `send` and `close` runs on its own thread."""

    def __init__(self, make_output: Callable[[], Output]) -> None:
        self.lock = threading.Lock()
        """Held while `ring` is read or changed."""
        self.ring: Ring | None = None
        self.problem: str | None = None
        self.broken = False
        """Whether the process died, or could not be given its sound."""
        self.device_lists: queue.SimpleQueue[child.DeviceList] = queue.SimpleQueue()
        self._make_output = make_output
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._hear, self._bell = multiprocessing.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._sounds: list[_Sound] = []
        """The last is the one that plays; the others are kept until the process has let them go."""
        self._loop = child.Loop(0, None)
        self._device = child.UseDevice(0, None)
        self._asked = 0
        """Number of the last `ListDevices`."""

    def send(self, request: Request | None) -> None:
        """Have `request` obeyed, soon; None: end everything."""
        if self._thread.ident is None:
            self._thread.start()
        self._requests.put(request)
        self._bell.send_bytes(b"!")

    def close(self) -> None:
        if self._thread.ident is not None:
            self.send(None)
            self._thread.join()
        self._bell.close()
        self._hear.close()

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        finally:
            self._end()

    def _turn(self) -> bool:
        waiting: list[Connection | int] = [self._hear]
        if self._process is not None and self._pipe is not None:
            waiting += [self._pipe, self._process.sentinel]
        ready = wait(waiting)
        if self._pipe in ready:
            self._take_answer()
        elif self._process is not None and self._process.sentinel in ready:
            self._died()
        if self._hear in ready:
            self._hear.recv_bytes()
            request = self._requests.get()
            if request is None:
                return False
            self._obey(request)
        return True

    def _take_answer(self) -> None:
        assert self._pipe is not None
        try:
            answer: child.Answer = self._pipe.recv()
        except (EOFError, ConnectionError):
            self._died()
            return
        match answer:
            case child.Problem():
                self.problem = answer.sentence
            case child.DeviceList():
                self.device_lists.put(answer)
            case child.Loaded():
                self._free(answer.number)

    def _obey(self, request: Request) -> None:
        match request:
            case Samples():
                request = self._hold(request)
            case child.LoadSource():
                self._begin(request)
            case child.Loop():
                self._loop = request
            case child.UseDevice():
                self._device = request
            case child.ListDevices():
                self._asked = request.number
        if self._process is None:
            if not isinstance(request, _STARTING):
                return
            self._start(with_sound=not isinstance(request, (child.Load, child.LoadSource)))
        self._pass_on(request)

    def _hold(self, request: Samples) -> child.Load | child.Grow:
        number = request.number
        if request.sample_rate is not None:
            self._begin(child.Load(number, request.sample_rate, request.samples.shape[0], (), 0, False))
        sound = self._sounds[-1]
        try:
            sound.extend(request.samples, request.complete)
        except _NoRoom:
            self.problem = "This sound is too long to be played here: the shared memory is full. Play a part of it."
            self.broken = True
            sound.free()
            sound.state = replace(sound.loaded, number=number, segments=(), length=0, complete=True)
            return sound.state
        state = sound.loaded
        if request.sample_rate is not None:
            return state
        return child.Grow(number, state.segments, state.length, state.complete)

    def _begin(self, state: child.Load | child.LoadSource) -> None:
        """Another sound."""
        self._sounds.append(_Sound(state))
        self._loop = child.Loop(0, None)
        if self.broken:
            self.broken, self.problem = False, None

    def _start(self, with_sound: bool) -> None:
        context = multiprocessing.get_context("spawn")
        ring = self.ring or Ring()
        ring.drop()
        with self.lock:
            self.ring = ring
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, ring.name, self._make_output)
        self._process = context.Process(target=child.run, args=arguments, name="audiostudio-player", daemon=True)
        self._process.start()
        theirs.close()
        self.broken, self.problem = False, None
        self._pass_on(self._device)
        if with_sound and self._sounds:
            self._pass_on(self._sounds[-1].state)
            self._pass_on(self._loop)

    def _pass_on(self, command: child.Command) -> None:
        if self._pipe is not None:
            with contextlib.suppress(ConnectionError):  # it died: the sentinel tells
                self._pipe.send(command)

    def _died(self) -> None:
        self._reap()
        self.problem = "The process that plays sound ended unexpectedly. Press play to start it again."
        self.broken = True
        self.device_lists.put(child.DeviceList(self._asked))
        if self._sounds:
            self._free(self._sounds[-1].state.number)

    def _free(self, before: int) -> None:
        for sound in self._sounds:
            if sound.state.number < before:
                sound.free()
        self._sounds = [sound for sound in self._sounds if sound.state.number >= before]

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

    def _end(self) -> None:
        self._reap()
        for sound in self._sounds:
            sound.free()
        with self.lock:
            ring, self.ring = self.ring, None
        if ring is not None:
            ring.close()
