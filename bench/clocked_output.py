"""A sound card that nobody hears, for benches: it asks for frames in time."""

import threading
import time
from collections.abc import Callable

import numpy as np

RATE = 48_000
PERIOD = 480


class ClockedOutput:
    """Asks for frames in real time, as a sound card does."""

    lost = False

    def __init__(self) -> None:
        self._stop: threading.Event | None = None

    def open(self, pull: Callable[[np.ndarray, float, int], None], device: str | None) -> int:
        self._stop = stop = threading.Event()

        def serve() -> None:
            out, due = np.zeros((PERIOD, 2), np.float32), time.monotonic()
            while not stop.wait(max(0.0, due - time.monotonic())):
                pull(out, 0.01, RATE)
                due += PERIOD / RATE

        threading.Thread(target=serve, daemon=True).start()
        return RATE

    def close(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def devices(self) -> list[str]:
        return ["Clock"]
