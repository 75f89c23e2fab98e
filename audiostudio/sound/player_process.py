"""The process that plays: it renders what the transport says into the ring, well before the sound card asks for it.

It is spawned by `player.Player`, knows no window, and ends when the other side of its pipe does.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import DeviceError
from audiostudio.sound.output import NO_OUTPUT, Output, stand_apart
from audiostudio.sound.resample import Resampler
from audiostudio.sound.ring import Ring, State
from audiostudio.sound.transport import Source, Transport

AHEAD_SECONDS = 0.06
"""How much is rendered before it is heard: a busy machine may wait so long."""
SOURCE_AHEAD_SECONDS = 0.2
"""As `AHEAD_SECONDS`, of what is not still arriving."""
KEPT_SECONDS = 0.045
"""How much of that is heard all the same when something else is to be heard: more than an output asks for at once."""
BLOCK = 512
IDLE_SECONDS = 30.0
"""The device is let go after so much silence."""
WAKE_SECONDS = 0.01
AWAIT_SECONDS = 0.002
"""As `WAKE_SECONDS`, while what is played is not there yet."""


@dataclass(frozen=True, slots=True)
class Load:
    """Another sound. Its samples lie in `segments`: names of shared memory with float32 (channels, capacity)."""

    number: int
    sample_rate: int
    channels: int
    segments: tuple[tuple[str, int], ...]
    length: int
    complete: bool


class Held(Source, Protocol):
    """A source that has to be let go."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class LoadSource:
    """Another sound, one that is made here."""

    number: int
    make: Callable[[], Held]


@dataclass(frozen=True, slots=True)
class Grow:
    """The sound has become longer."""

    number: int
    segments: tuple[tuple[str, int], ...]
    """All of them, the new ones last."""
    length: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Play:
    number: int
    start: int | None


@dataclass(frozen=True, slots=True)
class Pause:
    number: int


@dataclass(frozen=True, slots=True)
class Seek:
    number: int
    position: int


@dataclass(frozen=True, slots=True)
class Loop:
    number: int
    range: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class SetRate:
    number: int
    rate: float


@dataclass(frozen=True, slots=True)
class Scrub:
    number: int
    position: int


@dataclass(frozen=True, slots=True)
class Warm:
    """Be there, soon to be asked for sound."""

    number: int


@dataclass(frozen=True, slots=True)
class UseDevice:
    number: int
    name: str | None


@dataclass(frozen=True, slots=True)
class ListDevices:
    number: int


Command: TypeAlias = (
    Load | LoadSource | Grow | Play | Pause | Seek | Loop | SetRate | Scrub | Warm | UseDevice | ListDevices
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing can be heard; None: it can."""

    sentence: str | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """The sound of that command is held; those before are let go."""

    number: int


@dataclass(frozen=True, slots=True)
class DeviceList:
    number: int
    names: list[str] = field(default_factory=list)


Answer: TypeAlias = Problem | Loaded | DeviceList


class SharedSource:
    """A sound in shared memory that another process fills."""

    def __init__(self, load: Load) -> None:
        self.sample_rate = load.sample_rate
        self.length = 0
        self.complete = False
        self._channels = load.channels
        self._memories: list[SharedMemory] = []
        self._arrays: list[NDArray[np.float32]] = []
        self.grow(load.segments, load.length, load.complete)

    def grow(self, segments: tuple[tuple[str, int], ...], length: int, complete: bool) -> None:
        for name, capacity in segments[len(self._memories) :]:
            memory = SharedMemory(name)
            self._memories.append(memory)
            self._arrays.append(np.ndarray((self._channels, capacity), np.float32, memory.buf))
        self.length = length
        self.complete = complete

    def ready(self, start: int, count: int) -> int:
        return max(0, min(count, self.length - start))

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        frames = np.zeros((stop - start, 2), np.float32)
        begin = 0
        for array in self._arrays:
            end = begin + array.shape[1]
            low, high = max(start, begin), min(stop, end, self.length)
            if low < high:
                piece = array[:, low - begin : high - begin]
                # More than two channels have no left and right that we know of.
                frames[low - start : high - start] = (piece if len(piece) <= 2 else piece.mean(axis=0, keepdims=True)).T
            begin = end
        return frames

    def close(self) -> None:
        self._arrays.clear()
        for memory in self._memories:
            memory.close()
        self._memories.clear()


class Converter:
    """Brings frames to the device's sample rate, each with its position."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._from = from_rate
        self._to = to_rate
        self._resampler = Resampler(from_rate, to_rate, 2)
        self._positions = np.zeros(0, np.int64)
        """Of the frames that went in and whose sound has not come out."""
        self._taken = 0
        self._given = 0

    def push(
        self, frames: NDArray[np.float32], positions: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """(n, 2) frames and (n,) positions in, (m, 2) and (m,) out."""
        if self._from == self._to:
            return frames, positions
        ready = self._resampler.push(frames.T).T
        self._positions = np.concatenate([self._positions, positions])
        given = self._given + len(ready)
        last = len(self._positions) - 1
        sources = np.arange(self._given, given) * self._from // self._to - self._taken
        found = self._positions[np.minimum(sources, last)]
        gone = min(given * self._from // self._to - self._taken, last)
        self._positions = self._positions[gone:]
        self._taken += gone
        self._given = given
        return ready, found


class Playback:
    """Obeys commands and keeps the ring filled. Knows no clock but for letting an idle device go."""

    def __init__(self, ring: Ring, output: Output, answer: Callable[[Answer], None]) -> None:
        self._ring = ring
        self._output = output
        self._answer = answer
        self._transport = Transport()
        self._held: Held | None = None
        self._rate: int | None = None
        """Of the opened device; None while none is open."""
        self._converter = Converter(48_000, 48_000)
        self._device: str | None = None
        self._number = 0
        self._epoch = 0
        self._silent = 0
        """Frames of silence rendered since the last sound."""
        self._waits = False
        """What is played was late when it was looked last."""
        self._unavailable = False
        self._idle_since = 0.0

    @property
    def opened(self) -> bool:
        return self._rate is not None

    @property
    def wake_seconds(self) -> float | None:
        """After which `feed` wants to be called again; None: only after a command."""
        if self._rate is None:
            return None
        return AWAIT_SECONDS if self._waits or self._transport.awaits else WAKE_SECONDS

    def obey(self, command: Command) -> None:
        self._number = command.number
        transport = self._transport
        match command:
            case Load():
                self._load(SharedSource(command), command.number)
            case LoadSource():
                self._load(command.make(), command.number)
            case Grow() if isinstance(self._held, SharedSource):
                self._held.grow(command.segments, command.length, command.complete)
            case Play():
                if command.start is not None:
                    self._take_back()
                self._epoch = command.number if command.start is not None or transport.at_end else self._epoch
                if self._open():
                    transport.play(command.start)
                elif command.start is not None:
                    transport.seek(command.start)
            case Pause():
                self._take_back()
                transport.pause()
            case Seek():
                self._take_back()
                self._epoch = command.number
                transport.seek(command.position)
            case Loop():
                transport.set_loop(command.range)
            case SetRate():
                self._take_back()
                transport.set_rate(command.rate)
            case Scrub():
                self._take_back()
                self._epoch = command.number
                transport.scrub(command.position) if self._open() else transport.seek(command.position)
            case UseDevice():
                self._use(command.name)
            case ListDevices():
                self._list(command.number)
        self._silent = 0

    def check(self) -> None:
        """Say early when nothing can be heard here."""
        try:
            if not self._output.devices():
                self._fail(NO_OUTPUT)
        except DeviceError as error:
            self._fail(str(error))

    def feed(self) -> None:
        """Fill the ring as far as it should be, and say what state this is."""
        if self._rate is not None and self._output.lost:
            self._lose()
        if self._rate is not None:
            seconds = AHEAD_SECONDS if isinstance(self._held, SharedSource) else SOURCE_AHEAD_SECONDS
            ahead = round(seconds * self._rate)
            self._waits = False
            while self._ring.waiting < ahead and self._busy() and not self._can_wait():
                self._render()
            if self._busy() or self._ring.waiting:
                self._idle_since = time.monotonic()
            elif time.monotonic() - self._idle_since > IDLE_SECONDS:
                self._close()
        transport = self._transport
        expects = transport.playing and not transport.silent and not transport.at_end
        self._ring.publish(self._state(), self._number, expects, transport.dropouts)

    def close(self) -> None:
        self._close()
        self._transport.load(Transport().source)
        if self._held is not None:
            self._held.close()

    def _busy(self) -> bool:
        """Whether there is still something to render: sound, or the silence that pushes the last of it out."""
        if self._transport.awaits:
            return False
        return not self._transport.silent or self._silent < 4 * BLOCK

    def _can_wait(self) -> bool:
        """Whether what comes next is not there, and there is time until it will be missed."""
        asked = self._ring.asked
        in_time = not asked or self._ring.waiting > BLOCK + asked  # before anything was asked for nothing is late
        self._waits = in_time and self._transport.lacks(BLOCK)
        return self._waits

    def _render(self) -> None:
        self._silent = self._silent + BLOCK if self._transport.silent else 0
        frames, positions = self._transport.render(BLOCK)
        self._ring.write(*self._converter.push(frames, positions), self._epoch)

    def _take_back(self) -> None:
        """Go back to what will have been heard in a moment."""
        if self._rate is not None and self._transport.playing:
            position = self._ring.take_back(round(KEPT_SECONDS * self._rate))
            if position is not None:
                self._transport.go_back(position)

    def _state(self) -> State:
        if self._unavailable:
            return State.UNAVAILABLE
        if not self._transport.playing:
            return State.STOPPED
        return State.ENDED if self._transport.at_end and not self._busy() and not self._ring.waiting else State.PLAYING

    def _load(self, source: Held, number: int) -> None:
        old = self._held
        self._transport.load(source)
        self._held = source
        self._epoch = number
        self._match_rates(source)
        if old is not None:
            old.close()
        self._answer(Loaded(number))

    def _match_rates(self, source: Source) -> None:
        self._converter = Converter(source.sample_rate, self._rate or source.sample_rate)

    def _open(self) -> bool:
        if self._rate is None:
            try:
                self._rate = self._output.open(self._ring.read_into, self._device)
            except DeviceError as error:
                self._fail(str(error))
                return False
            self._match_rates(self._transport.source)
            self._idle_since = time.monotonic()
        if self._unavailable:
            self._unavailable = False
            self._answer(Problem(None))
        return True

    def _close(self) -> None:
        self._output.close()
        self._rate = None

    def _lose(self) -> None:
        """The device went away: stand still where hearing stopped."""
        self._close()
        self._stand_still()
        self._fail("The sound output has gone away. Connect it again, or choose another, and press play.")

    def _stand_still(self) -> None:
        self._transport.pause()
        heard = self._ring.drop()
        self._transport.render(BLOCK)
        if heard is not None:
            self._transport.seek(heard)

    def _fail(self, sentence: str) -> None:
        self._transport.pause()
        self._unavailable = True
        self._answer(Problem(sentence))

    def _use(self, name: str | None) -> None:
        self._device = name
        playing = self._transport.playing
        if self._rate is not None:
            self._close()
            self._stand_still()
        if playing and self._open():
            self._transport.play()

    def _list(self, number: int) -> None:
        try:
            self._answer(DeviceList(number, self._output.devices()))
        except DeviceError as error:
            self._answer(Problem(str(error)))
            self._answer(DeviceList(number))


def run(pipe: Connection, ring_name: str, make_output: Callable[[], Output]) -> None:
    """The process's main loop."""
    stand_apart()
    ring = Ring(ring_name)
    playback = Playback(ring, make_output(), pipe.send)
    with contextlib.suppress(EOFError, ConnectionError):
        playback.check()
        while True:
            playback.feed()
            if pipe.poll(playback.wake_seconds):
                playback.obey(pipe.recv())
    playback.close()
    ring.close()
