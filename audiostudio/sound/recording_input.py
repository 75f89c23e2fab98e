"""Where sound comes into the program: a microphone through PortAudio, or a test's own hands."""

import time
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import DeviceError
from audiostudio.sound.output import RATE, look_again, sounddevice_library

NO_INPUT = "No microphone was found, so nothing can be recorded."
NO_INPUT_HINT = "Connect or switch on a microphone, or bring the line in from a file."
LOST = "The microphone is gone."
LOST_HINT = "What was said until then is kept. Connect it again, or choose another one."
SILENT_SECONDS = 2.0
"""Without a call of the device, after which it is taken for lost."""

Push: TypeAlias = Callable[[NDArray[np.float32]], None]
"""Takes mono samples, float32 (n,), from the device's own thread."""


class Input(Protocol):
    """Gives mono samples at its own pace."""

    def open(self, push: Push, device: str | None) -> int:
        """Begin to push, from another thread; give the sample rate. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Stop pushing. May be called at any time."""
        ...

    @property
    def lost(self) -> bool:
        """Whether the device went away after `open`."""
        ...

    def devices(self) -> list[str]:
        """The names of what one can record with, the usual one first. Raises `DeviceError`."""
        ...


class PortAudioInput:
    """The sound card."""

    def __init__(self) -> None:
        self._stream: Any = None
        self._called = 0.0
        self._failed = False

    def open(self, push: Push, device: str | None) -> int:
        sounddevice = sounddevice_library()
        if self._failed:
            look_again(sounddevice)
        number = self._number(sounddevice, device)
        info = sounddevice.query_devices(number)
        problem: Exception | None = None
        for rate in dict.fromkeys((RATE, int(info["default_samplerate"]))):
            try:
                self._begin(sounddevice, push, number, min(2, info["max_input_channels"]), rate)
            except sounddevice.PortAudioError as error:
                problem = error
            else:
                self._failed = False
                return rate
        self._failed = True
        raise DeviceError(
            f"The microphone “{info['name']}” cannot be used now.",
            "Another program may hold it, or the system does not allow it: see its privacy settings.",
        ) from problem

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)

    @property
    def lost(self) -> bool:
        if self._stream is None:
            return False
        if not self._stream.active or time.monotonic() - self._called > SILENT_SECONDS:
            self._failed = True
        return self._failed

    def devices(self) -> list[str]:
        sounddevice = sounddevice_library()
        if self._stream is None:
            look_again(sounddevice)
        inputs = _inputs(sounddevice)
        usual = int(sounddevice.default.device[0])
        names = [name for number, name in sorted(inputs, key=lambda one: one[0] != usual)]
        if not names:
            self._failed = True
            raise DeviceError(NO_INPUT, NO_INPUT_HINT)
        return list(dict.fromkeys(names))

    def _number(self, sounddevice: Any, device: str | None) -> int:
        names = {name: number for number, name in reversed(_inputs(sounddevice))}
        usual = int(sounddevice.default.device[0])
        if device in names:
            return names[device]
        if names:
            return usual if usual >= 0 else min(names.values())
        self._failed = True
        raise DeviceError(NO_INPUT, NO_INPUT_HINT)

    def _begin(self, sounddevice: Any, push: Push, number: int, channels: int, rate: int) -> None:
        def callback(samples: NDArray[np.float32], _frames: int, _times: Any, _status: Any) -> None:
            self._called = time.monotonic()
            push(samples.mean(axis=1, dtype=np.float32))

        stream = sounddevice.InputStream(
            samplerate=rate, device=number, channels=channels, dtype="float32", callback=callback
        )
        self._called = time.monotonic()
        try:
            stream.start()
        except sounddevice.PortAudioError:
            stream.close()
            raise
        self._stream = stream


def _inputs(sounddevice: Any) -> list[tuple[int, str]]:
    devices = enumerate(sounddevice.query_devices())
    return [(number, str(device["name"])) for number, device in devices if device["max_input_channels"] > 0]
