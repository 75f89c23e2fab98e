"""DNSMOS P.835: how people would rate speech from 1 to 5, as Microsoft's network guesses it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.onnx import Session
from audiostudio.engines.supplies import ModelFiles
from audiostudio.sound.resample import Resampler

MODEL = "dnsmos"
RATE = 16_000
_WINDOW = int(9.01 * RATE)
_HOP = _WINDOW
"""Microsoft’s script takes a window each second, which takes nine times as long."""
_CURVES = (
    (-0.08397278, 1.22083953, 0.0052439),
    (-0.13166888, 1.60915514, -0.39604546),
    (-0.06766283, 1.11546468, 0.04602535),
)
"""From the network's raw outputs to the scale of P.835, as published with it: speech, background, overall."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Scores from 1 (bad) to 5 (excellent)."""

    speech: float
    """How undistorted the voice is."""
    background: float
    """How free of noise it is."""
    overall: float


class Dnsmos:
    """The loaded network. Raises `ModelMissing`, `ModelDamaged`."""

    def __init__(self, models: ModelFiles) -> None:
        path = models.path(MODEL, "sig_bak_ovr.onnx")
        self._session = Session(path, 1, path)

    def rate(self, audio: Iterable[NDArray[np.float32]], sample_rate: int) -> Quality | None:
        """The mean over a whole sound, mono float32 pieces of shape (n,), in constant memory; None of nothing.

        Sound shorter than a window of 9 s is repeated, as Microsoft's own script does. Raises `EngineFailed`.
        """
        found = [self._session.run({"input_1": window[np.newaxis]})[0][0] for window in _windows(audio, sample_rate)]
        if not found:
            return None
        speech, background, overall = (
            float(np.mean(np.polyval(curve, raw))) for curve, raw in zip(_CURVES, np.array(found).T, strict=True)
        )
        return Quality(speech, background, overall)


def _windows(audio: Iterable[NDArray[np.float32]], sample_rate: int) -> Iterator[NDArray[np.float32]]:
    resampler = Resampler(sample_rate, RATE)
    held = np.zeros(0, np.float32)
    given = False
    for piece in _pieces(audio, resampler):
        held = np.concatenate([held, piece])
        while len(held) >= _WINDOW:
            yield held[:_WINDOW]
            given = True
            held = held[_HOP:]
    if len(held) and not given:
        yield np.resize(held, _WINDOW)


def _pieces(audio: Iterable[NDArray[np.float32]], resampler: Resampler) -> Iterator[NDArray[np.float32]]:
    for piece in audio:
        yield resampler.push(np.asarray(piece, np.float32)[np.newaxis])[0]
    yield resampler.finish()[0]
