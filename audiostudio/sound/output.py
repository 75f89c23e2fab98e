"""Where sound leaves the program: the sound card through PortAudio, or a test's own hands."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import DeviceError
from audiostudio.sound.portaudio import RATE, PortAudioDevice

NO_OUTPUT = "No sound output was found, so nothing can be played. Connect or switch on headphones or speakers."

Pull: TypeAlias = Callable[[NDArray[np.float32], float, int], None]
"""Fills float32 (n, 2) that will be heard in so many seconds, at so many Hz."""


def stand_apart() -> None:
    """Make this process a session of its own. Linux shares the processor among sessions first: neither a busy window
    nor a render takes what this one needs, and Ctrl-C is not for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.setsid()


class Output(Protocol):
    """Takes stereo frames at its own pace."""

    def open(self, pull: Pull, device: str | None) -> int:
        """Begin to pull, from another thread; give the sample rate. Raises `DeviceError` when nothing can be heard."""
        ...

    def close(self) -> None:
        """Stop pulling. May be called at any time."""
        ...

    @property
    def lost(self) -> bool:
        """Whether the device went away after `open`."""
        ...

    def devices(self) -> list[str]:
        """The names of what one can hear with. Raises `DeviceError`."""
        ...


class PortAudioOutput(PortAudioDevice):
    """The sound card."""

    side = 1
    none = (NO_OUTPUT, "")

    def open(self, pull: Pull, device: str | None) -> int:
        def make(sounddevice: Any, settings: dict[str, Any]) -> Any:
            latency, channels, rate = 0.05, settings["channels"], settings["samplerate"]

            def callback(out: NDArray[np.float32], frames: int, times: Any, _status: Any) -> None:
                self.called()
                delay = times.outputBufferDacTime - times.currentTime
                delay = delay if 0.0 < delay < 2.0 else latency
                if channels == 2:
                    pull(out, delay, rate)
                else:
                    both = np.empty((frames, 2), np.float32)
                    pull(both, delay, rate)
                    np.mean(both, axis=1, keepdims=True, out=out)

            stream = sounddevice.OutputStream(**settings, latency=latency, callback=callback)
            latency = float(stream.latency)
            return stream

        hint = "Another program may hold it; choose another."
        return self._begin(device, make, ("The sound output “{name}” cannot be used now.", hint))


class ManualOutput:
    """An output that pulls when told, for tests and for measuring: no clock, no thread, no sound card."""

    def __init__(self, rate: int = RATE) -> None:
        self.rate = rate
        self.problem: DeviceError | None = None
        """Raised by the next `open`, as if there were no device."""
        self.lost = False
        self.opened = 0
        """How many times it was opened."""
        self._pull: Pull | None = None

    def open(self, pull: Pull, device: str | None) -> int:
        if self.problem is not None:
            raise self.problem
        self._pull = pull
        self.lost = False
        self.opened += 1
        return self.rate

    def close(self) -> None:
        self._pull = None

    def devices(self) -> list[str]:
        if self.problem is not None:
            raise self.problem
        return ["Manual"]

    def pull(self, frames: int) -> NDArray[np.float32]:
        """Hear `frames` frames, float32 (frames, 2); silence while it is not open."""
        out = np.zeros((frames, 2), np.float32)
        if self._pull is not None and not self.lost:
            self._pull(out, -(frames + 1) / self.rate, self.rate)  # heard already
        return out
