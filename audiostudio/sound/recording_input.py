"""Where sound comes into the program: a microphone through PortAudio, or a test's own hands."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound.portaudio import PortAudioDevice

NO_INPUT = "No microphone was found, so nothing can be recorded."
NO_INPUT_HINT = "Connect or switch on a microphone, or bring the line in from a file."
LOST = "The microphone is gone."
LOST_HINT = "What was said until then is kept. Connect it again, or choose another one."

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


class PortAudioInput(PortAudioDevice):
    """The sound card."""

    side = 0
    none = (NO_INPUT, NO_INPUT_HINT)

    def open(self, push: Push, device: str | None) -> int:
        def callback(samples: NDArray[np.float32], _frames: int, _times: Any, _status: Any) -> None:
            self.called()
            push(samples.mean(axis=1, dtype=np.float32))

        def make(sounddevice: Any, settings: dict[str, Any]) -> Any:
            return sounddevice.InputStream(**settings, callback=callback)

        hint = "Another program may hold it, or the system does not allow it: see its privacy settings."
        return self._begin(device, make, ("The microphone “{name}” cannot be used now.", hint))
