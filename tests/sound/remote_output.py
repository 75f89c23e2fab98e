"""An output in the player's own process whose every frame is pulled, and seen, by the test."""

import contextlib
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import DeviceError
from audiostudio.sound.output import RATE, Pull

PATIENCE = 20.0


def eventually(condition: Callable[[], Any]) -> Any:
    """What `condition` gives once it is true; fails the test when that takes too long."""
    pause = threading.Event()
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        pause.wait(0.002)
    return found


class RemoteOutput:
    """Obeys what comes through a pipe: ("hear", frames) answers with frames, ("lose",), ("refuse", why or None)."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._pull: Pull | None = None
        self._refusal: str | None = None
        self.lost = False
        threading.Thread(target=self._obey, daemon=True).start()

    def open(self, pull: Pull, device: str | None) -> int:
        if self._refusal is not None:
            raise DeviceError(self._refusal)
        self._pull, self.lost = pull, False
        return RATE

    def close(self) -> None:
        self._pull = None

    def devices(self) -> list[str]:
        return [] if self._refusal is not None else ["Remote"]

    def _obey(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                match self._pipe.recv():
                    case ("hear", frames):
                        self._pipe.send_bytes(self._hear(frames).tobytes())
                    case ("lose",):
                        self.lost = True
                        self._pipe.send_bytes(b"")
                    case ("refuse", why):
                        self._refusal = why
                        self._pipe.send_bytes(b"")

    def _hear(self, frames: int) -> NDArray[np.float32]:
        """Waits, as no sound card would, until there is something to hear."""
        out = np.zeros((frames, 2), np.float32)
        for at in range(0, frames, 256):
            piece = out[at : at + 256]
            pull = eventually(lambda: self._pull)
            ring, wanted = pull.__self__, len(piece)
            eventually(lambda ring=ring, wanted=wanted: ring.waiting >= wanted)
            pull(piece, -(len(piece) + 1) / RATE, RATE)
        return out


class Ear:
    """The test's side of the pipe."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def hear(self, frames: int) -> NDArray[np.float32]:
        return np.frombuffer(self._ask("hear", frames), np.float32).reshape(-1, 2)

    def lose(self) -> None:
        self._ask("lose")

    def refuse(self, why: str | None) -> None:
        self._ask("refuse", why)

    def _ask(self, *message: Any) -> bytes:
        self._pipe.send(message)
        assert self._pipe.poll(PATIENCE), "the player's process does not answer"
        return self._pipe.recv_bytes()
