"""Where sound comes into the program: a microphone through PortAudio, or a test's own hands."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound.portaudio import PortAudioDevice

NO_INPUT = "No microphone was found, so nothing can be recorded."
NO_INPUT_HINT = "Connect or switch on a microphone, or bring the line in from a file."
LOST = "The microphone is gone."
LOST_HINT = "What was said until then is kept. Connect it again, or choose another one."


class Push(Protocol):
    """Takes mono samples from the device's own thread."""

    def __call__(self, samples: NDArray[np.float32], age: float | None = None) -> None:
        """float32 (n,). `age`: seconds since the first of them was said; None: just as many as they last."""
        ...


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


class PortAudioInput(PortAudioDevice):
    """The sound card."""

    side = 0
    none = (NO_INPUT, NO_INPUT_HINT)

    def open(self, push: Push, device: str | None) -> int:
        def callback(samples: NDArray[np.float32], _frames: int, times: Any, _status: Any) -> None:
            self.called()
            age = times.currentTime - times.inputBufferAdcTime
            push(samples.mean(axis=1, dtype=np.float32), age if 0.0 < age < 2.0 else None)

        def make(sounddevice: Any, settings: dict[str, Any]) -> Any:
            return sounddevice.InputStream(**settings, callback=callback)

        hint = "Another program may hold it, or the system does not allow it: see its privacy settings."
        return self._begin(device, make, ("The microphone “{name}” cannot be used now.", hint))
