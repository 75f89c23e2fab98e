"""A microphone in its own process whose every sample comes from the test."""

import contextlib
import threading
from multiprocessing.connection import Connection

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import DeviceError
from audiostudio.sound.output import RATE
from audiostudio.sound.recording_input import NO_INPUT, NO_INPUT_HINT, Push


class RemoteInput:
    """Obeys what comes through a pipe: ("say", bytes of float32), ("lose",), ("refuse",); answers each once done."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._push: Push | None = None
        self._refuses = False
        self.lost = False
        self.device: str | None = None
        threading.Thread(target=self._obey, daemon=True).start()

    def open(self, push: Push, device: str | None) -> int:
        self._push, self.lost, self.device = push, False, device
        return RATE

    def close(self) -> None:
        self._push = None

    def devices(self) -> list[str]:
        if self._refuses:
            raise DeviceError(NO_INPUT, NO_INPUT_HINT)
        return ["Desk microphone", "Headset"]

    def _obey(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                match self._pipe.recv():
                    case ("say", data):
                        if self._push is not None:
                            self._push(np.frombuffer(data, np.float32))
                    case ("lose",):
                        self.lost = True
                    case ("refuse",):
                        self._refuses = True
                self._pipe.send(self.device)


class Mouth:
    """The test's end."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def say(self, samples: NDArray[np.float32]) -> str | None:
        """The device that heard it."""
        return self._ask("say", samples.astype(np.float32).tobytes())

    def lose(self) -> None:
        self._ask("lose")

    def refuse(self) -> None:
        self._ask("refuse")

    def _ask(self, *what: object) -> str | None:
        self._pipe.send(what)
        assert self._pipe.poll(20)
        return self._pipe.recv()
