"""Playing a sound. The sound card is served by another process, which a busy window cannot disturb."""

import itertools
import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound import player_process as child
from audiostudio.sound.output import Output, PortAudioOutput
from audiostudio.sound.player_link import Link, Request, Samples
from audiostudio.sound.ring import State

PlayerState: TypeAlias = Literal["stopped", "playing", "ended", "unavailable"]

_STATES: dict[State, PlayerState] = {
    State.STOPPED: "stopped",
    State.PLAYING: "playing",
    State.ENDED: "ended",
    State.UNAVAILABLE: "unavailable",
}


_UNKNOWN = 1 << 60
"""Samples: a source keeps within its length by itself."""


class Player:
    """Plays one sound at a time. Positions are samples of that sound.

    Nothing here waits but `devices` and `close`: samples are copied, and the process that plays is started, on a
    thread of its own. Samples that were handed over must not be changed afterwards. May be used from any thread.
    """

    def __init__(self, output: Callable[[], Output] = PortAudioOutput) -> None:
        """`output` is called in the process that plays; it must be picklable."""
        self._link = Link(output)
        self._lock = threading.RLock()
        self._asking = threading.Lock()
        self._numbers = itertools.count(1)
        self._number = 0
        """Of the last command."""
        self._wanted: PlayerState = "stopped"
        """What the last command leads to, until the other process has obeyed it."""
        self._jump = 0
        """Number of the last command that set the position …"""
        self._target = 0
        """… to this."""
        self._channels = 0
        self._length = 0
        self._sound = 0

    def load(self, samples: NDArray[np.float32], sample_rate: int, *, complete: bool = True) -> int:
        """Make float32 (n,) or (channels, n) the sound that is played, standing at its beginning.

        `complete=False`: more will be appended; until then, coming to the end means waiting and not `ended`.
        Gives the sound's number: while `sound` is still that, nobody else has loaded another.
        """
        planar = np.atleast_2d(samples)
        with self._lock:
            self._channels, self._length = planar.shape
            self._sound = self._send(lambda number: Samples(number, planar, sample_rate, complete), "stopped", 0)
            return self._sound

    def load_source(self, make: Callable[[], child.Held]) -> int:
        """Make what `make` gives the sound that is played. `make` is called in the process that plays; it must be
        picklable. Gives the sound's number, as `load`."""
        with self._lock:
            self._channels, self._length = 2, _UNKNOWN
            self._sound = self._send(lambda number: child.LoadSource(number, make), "stopped", 0)
            return self._sound

    def warm(self) -> None:
        """Have the process that plays started, so that the first sound need not wait for it."""
        self._send(child.Warm)

    def append(self, samples: NDArray[np.float32], *, complete: bool = True) -> None:
        """Make the loaded sound longer, also while it plays; if it had ended, it goes on."""
        planar = np.atleast_2d(samples)
        with self._lock:
            if planar.shape[0] != self._channels:
                raise ValueError(f"expected {self._channels} channels, got {planar.shape[0]}")
            self._length += planar.shape[1]
            self._send(lambda number: Samples(number, planar, None, complete))

    def play(self, start: int | None = None) -> None:
        """Play from `start`, or from where it stands (from the beginning, if it had ended)."""
        with self._lock:
            if start is None:
                start = {"ended": 0, "unavailable": self.position}.get(self.state)
            self._send(lambda number: child.Play(number, start), "playing", start)

    def pause(self) -> None:
        """Stop, and stay here."""
        self._send(child.Pause, "unavailable" if self.state == "unavailable" else "stopped")

    def stop(self) -> None:
        """Stop, and go back to the beginning."""
        with self._lock:
            self.pause()
            self.seek(0)

    def seek(self, sample: int) -> None:
        """Go to `sample` (kept within the sound). Plays on if it plays; if it had ended, it stands there."""
        with self._lock:
            position = max(0, min(sample, self._length))
            wanted: PlayerState | None = "stopped" if self.state == "ended" else None
            self._send(lambda number: child.Seek(number, position), wanted, position)

    def set_loop(self, start: int | None, end: int | None = None) -> None:
        """Repeat `start`…`end` (half-open, at least 10 ms) once the end is reached. `set_loop(None)`: play on."""
        loop = None if start is None or end is None else (start, end)
        self._send(lambda number: child.Loop(number, loop))

    def set_rate(self, rate: float) -> None:
        """Play at another speed at the same pitch, −4…4, negative: backwards. Each sound begins with 1."""
        self._send(lambda number: child.SetRate(number, rate))

    def scrub(self, sample: int) -> None:
        """Go to `sample` and let a moment of it be heard; it stands there then."""
        with self._lock:
            position = max(0, min(sample, self._length))
            self._send(lambda number: child.Scrub(number, position), "playing", position)

    def use_device(self, name: str | None) -> None:
        """Play through the output of that name, one of `devices()`; None: the system's default."""
        self._send(lambda number: child.UseDevice(number, name))

    def devices(self, timeout: float = 10.0) -> list[str]:
        """The names of the outputs there are; none when nothing can be heard. Waits: not for the UI's thread."""
        with self._asking:
            asked = self._send(child.ListDevices)
            while True:
                try:
                    answer = self._link.device_lists.get(timeout=timeout)
                except queue.Empty:
                    return []
                if answer.number >= asked:
                    return answer.names

    @property
    def sound(self) -> int:
        """The number of the sound that was loaded last; 0 before the first."""
        return self._sound

    @property
    def position(self) -> int:
        """How many samples of the sound have been heard, or where it will begin. Cheap: reads shared memory."""
        with self._lock, self._link.lock:
            ring = self._link.ring
            position, epoch = (self._target, self._jump) if ring is None else ring.heard()
            return position if epoch >= self._jump else self._target

    @property
    def state(self) -> PlayerState:
        """`unavailable`: nothing can be heard, `problem` says why; everything else still works."""
        with self._lock, self._link.lock:
            ring = self._link.ring
            if self._link.broken:
                return "unavailable"
            if ring is None or ring.handled < self._number:
                return self._wanted
            state = _STATES[ring.state]
            # Its reason comes through a pipe, a moment later.
            return self._wanted if state == "unavailable" and self._link.problem is None else state

    @property
    def problem(self) -> str | None:
        """Why nothing can be heard, in sentences for the user; None while all is well."""
        return self._link.problem

    @property
    def dropouts(self) -> int:
        """How often something should have been heard and was not, since the process was started."""
        with self._lock, self._link.lock:
            return 0 if self._link.ring is None else self._link.ring.gaps

    @property
    def length(self) -> int:
        """Samples loaded and appended so far. Not known of a source."""
        return self._length

    def close(self) -> None:
        """End the process and the thread, and give all memory back. Nothing may be called afterwards."""
        self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(
        self, request: Callable[[int], Request], wanted: PlayerState | None = None, target: int | None = None
    ) -> int:
        with self._lock:
            self._wanted = wanted or self.state
            self._number = number = next(self._numbers)
            if target is not None:
                self._jump, self._target = number, target
            self._link.send(request(number))
            return number
