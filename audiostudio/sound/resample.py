"""Changing the sample rate of a stream, exactly."""

import numpy as np
import soxr
from numpy.typing import NDArray


class Resampler:
    """Resamples a stream chunk by chunk with soxr; the result does not depend on where the chunks were cut.

    n samples in give exactly `resampled_length(n, from_rate, to_rate)` out.
    """

    def __init__(self, from_rate: int, to_rate: int, channels: int = 1) -> None:
        """Rates in Hz."""
        self._from = from_rate
        self._to = to_rate
        self._channels = channels
        self._stream = (
            soxr.ResampleStream(from_rate, to_rate, channels, dtype="float32", quality="HQ")
            if from_rate != to_rate
            else None
        )
        self._pushed = 0
        self._given = 0

    def push(self, chunk: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take float32 (channels, n), give what is ready: float32 (channels, m), m may be 0."""
        self._pushed += chunk.shape[1]
        return self._give(chunk, last=False)

    def finish(self) -> NDArray[np.float32]:
        """The rest of the stream, float32 (channels, m). Nothing may be pushed afterwards."""
        rest = self._give(np.zeros((self._channels, 0), np.float32), last=True)
        missing = resampled_length(self._pushed, self._from, self._to) - self._given
        if missing > 0:
            rest = np.pad(rest, ((0, 0), (0, missing)))
        return rest[:, : rest.shape[1] + min(missing, 0)]

    def _give(self, chunk: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        if self._stream is None:
            ready = chunk
        elif self._channels == 1:
            ready = self._stream.resample_chunk(np.ascontiguousarray(chunk[0]), last=last)[np.newaxis]
        else:
            ready = np.ascontiguousarray(self._stream.resample_chunk(np.ascontiguousarray(chunk.T), last=last).T)
        self._given += ready.shape[1]
        return ready


def resample(samples: NDArray[np.float32], from_rate: int, to_rate: int) -> NDArray[np.float32]:
    """float32 (channels, n) at `from_rate` → float32 (channels, `resampled_length(n, …)`) at `to_rate`."""
    resampler = Resampler(from_rate, to_rate, samples.shape[0])
    return np.concatenate([resampler.push(samples), resampler.finish()], axis=1)


def resampled_length(samples: int, from_rate: int, to_rate: int) -> int:
    """samples · to_rate / from_rate, rounded; a half goes up."""
    return (2 * samples * to_rate + from_rate) // (2 * from_rate)
