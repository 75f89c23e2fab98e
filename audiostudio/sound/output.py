"""Where sound leaves the program: the sound card through PortAudio, or a test's own hands."""

import platform
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import DeviceError

RATE = 48_000

NO_OUTPUT = "No sound output was found, so nothing can be played. Connect or switch on headphones or speakers."

Pull: TypeAlias = Callable[[NDArray[np.float32], float, int], None]
"""Fills float32 (n, 2) that will be heard in so many seconds, at so many Hz."""


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


class PortAudioOutput:
    """The sound card."""

    def __init__(self) -> None:
        self._stream: Any = None
        self._called = 0.0
        self._failed = False

    def open(self, pull: Pull, device: str | None) -> int:
        sounddevice = sounddevice_library()
        if self._failed:
            look_again(sounddevice)
        number = self._number(sounddevice, device)
        info = sounddevice.query_devices(number)
        channels = min(2, info["max_output_channels"])
        rates = dict.fromkeys((RATE, int(info["default_samplerate"])))
        problem: Exception | None = None
        for rate in rates:
            try:
                self._begin(sounddevice, pull, number, channels, rate)
            except sounddevice.PortAudioError as error:
                problem = error
            else:
                self._failed = False
                return rate
        self._failed = True
        raise DeviceError(
            f"The sound output “{info['name']}” cannot be used now.", "Another program may hold it; choose another."
        ) from problem

    def _number(self, sounddevice: Any, device: str | None) -> int:
        names = {name: number for number, name in reversed(_outputs(sounddevice))}
        default = int(sounddevice.default.device[1])
        if device in names:
            return names[device]
        if default >= 0 or names:
            return default if default >= 0 else min(names.values())
        self._failed = True
        raise DeviceError(NO_OUTPUT)

    def _begin(self, sounddevice: Any, pull: Pull, number: int, channels: int, rate: int) -> None:
        def callback(out: NDArray[np.float32], frames: int, times: Any, _status: Any) -> None:
            now = time.monotonic()
            self._called = now
            delay = times.outputBufferDacTime - times.currentTime
            delay = delay if 0.0 < delay < 2.0 else latency
            if channels == 2:
                pull(out, delay, rate)
            else:
                both = np.empty((frames, 2), np.float32)
                pull(both, delay, rate)
                np.mean(both, axis=1, keepdims=True, out=out)

        latency = 0.05
        stream = sounddevice.OutputStream(
            samplerate=rate, device=number, channels=channels, dtype="float32", latency=latency, callback=callback
        )
        latency = float(stream.latency)
        self._called = time.monotonic()
        try:
            stream.start()
        except sounddevice.PortAudioError:
            stream.close()
            raise
        self._stream = stream

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)

    @property
    def lost(self) -> bool:
        if self._stream is None:
            return False
        if not self._stream.active or time.monotonic() - self._called > 2.0:
            self._failed = True
        return self._failed

    def devices(self) -> list[str]:
        sounddevice = sounddevice_library()
        if self._stream is None:
            look_again(sounddevice)
        return list(dict.fromkeys(name for _, name in _outputs(sounddevice)))


def _outputs(sounddevice: Any) -> list[tuple[int, str]]:
    devices = enumerate(sounddevice.query_devices())
    return [(number, str(device["name"])) for number, device in devices if device["max_output_channels"] > 0]


def look_again(sounddevice: Any) -> None:
    """PortAudio lists the devices once, when it starts (PortAudio issue 11)."""
    sounddevice._terminate()
    sounddevice._initialize()


def sounddevice_library() -> Any:
    try:
        import sounddevice
    except OSError as error:
        hint = {
            "Linux": "Install the package libportaudio2 (Debian, Ubuntu: sudo apt install libportaudio2; "
            "Fedora: sudo dnf install portaudio).",
            "Darwin": "Install it with: brew install portaudio.",
        }.get(platform.system(), "Install Audio Studio again.")
        raise DeviceError("The library that plays sound, PortAudio, is not installed.", hint) from error
    return sounddevice


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
