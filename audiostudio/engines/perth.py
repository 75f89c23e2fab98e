"""Perth's implicit watermark network (Resemble AI, MIT) in numpy.

It changes the levels of 128 frequencies below 2 kHz in frames of 64 ms, each by what the sound around it hides, and
recognises such sound again. There is no message in it: only whether a sound is marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from audiostudio.engines.supplies import ModelFiles
from audiostudio.engines.tensors import read_tensors
from audiostudio.errors import ModelDamaged

MODEL = "perth"
FILE = "perth_net_250000.pth.tar"
RATE = 32_000
HOP = 320
SIZE = 2048
"""Samples of a frame."""
REACH = 15
"""Frames before and after that count for what is done to one: five convolutions of 7."""

_BANDS = 128
_FLOOR = 1e-9
_FLOOR_DB, _SPAN_DB = -180.0, 195.0
"""Levels reach the network as (dB + 180) / 195."""
_MASKED = 0.05 * 0.65 * (SIZE // 2 + 1)
"""The sum of a frame's levels at which it is nothing but digital silence. Perth takes a twentieth of the loudest frame
of a whole file; speech has levels of about 0.65, and so a stream needs not be known to its end."""
_SCALES = (("slow", 1.25), ("normal", 1.0), ("fast", 0.75))
_WINDOW = np.hanning(SIZE + 1)[:-1].astype(np.float32)

Floats = NDArray[np.float32]
Layers = Sequence[tuple[Floats, Floats]]
"""Weights (taps, out, in) and biases (out, 1) of convolutions."""


@dataclass(frozen=True, slots=True)
class PerthNetwork:
    """The loaded weights."""

    encoder: Layers
    decoders: Mapping[str, Layers]

    @classmethod
    def load(cls, models: ModelFiles) -> "PerthNetwork":
        """Raises `ModelMissing`, `ModelDamaged`."""
        tensors = read_tensors(models.path(MODEL, FILE))
        return cls(
            _layers(tensors, "encoder.layers"),
            {name: _layers(tensors, f"decoder.{name}_layers") for name, _ in _SCALES},
        )

    def change(self, audio: Floats) -> Floats:
        """What is to be added to `audio` (mono at 32 kHz, shape (n,), n ≥ 1025) so that it is marked: shape (n,)."""
        spectrum = _spectrum(audio)
        levels = _levels(spectrum)
        factor = _convolved(levels[:_BANDS], self.encoder) * _sounding(levels)
        gain = np.power(np.float32(10), factor * np.float32(_SPAN_DB / 20)) - np.float32(1)
        change = np.zeros_like(spectrum)
        change[:, :_BANDS] = spectrum[:, :_BANDS] * gain.T
        return _sound(change, len(audio))

    def confidence(self, audio: Floats) -> float | None:
        """How sure it is that `audio` (mono at 32 kHz, shape (n,), n ≥ 1025) is marked, 0…1; None: it is silent."""
        levels = _levels(_spectrum(audio))
        sounding = _sounding(levels)
        frames = levels.shape[1]
        if not sounding.any() or int(frames * _SCALES[-1][1]) < 1:
            return None
        found = []
        for name, scale in _SCALES:
            length = int(frames * scale)
            stretched = levels[:_BANDS] if length == frames else _stretched(levels[:_BANDS], length)
            mask = sounding[np.arange(length) * frames // length]
            out = _convolved(stretched, self.decoders[name])
            found.append((out * mask).sum(axis=1) / max(float(mask.sum()), 1.0))
        attention, marks = np.array(found).T
        weight = np.exp(attention - attention.max())
        return float(np.clip((marks * weight).sum() / weight.sum(), 0.0, 1.0))


def _layers(tensors: Mapping[str, NDArray[np.generic]], name: str) -> Layers:
    found = []
    for number in range(7):
        weight = _tensor(tensors, f"{name}.{number}.conv.weight")
        bias = _tensor(tensors, f"{name}.{number}.conv.bias")
        found.append((np.ascontiguousarray(weight.transpose(2, 0, 1)), bias[:, np.newaxis]))
    return found


def _tensor(tensors: Mapping[str, NDArray[np.generic]], name: str) -> Floats:
    for key, tensor in tensors.items():
        if key == name or key.endswith(f".{name}"):
            return tensor.astype(np.float32)
    raise ModelDamaged(
        "The watermark's model is not what it should be.", f"`audiostudio models pull {MODEL}` mends it."
    )


def _spectrum(audio: Floats) -> NDArray[np.complex64]:
    """Shape (frames, 1025): a frame around each `HOP`th sample, the edges mirrored."""
    padded = np.pad(audio, SIZE // 2, mode="reflect")
    frames = sliding_window_view(padded, SIZE)[::HOP]
    return np.fft.rfft(frames * _WINDOW, axis=1).astype(np.complex64)


def _sound(spectrum: NDArray[np.complex64], length: int) -> Floats:
    """The sound whose spectrum comes nearest."""
    pieces: Floats = np.fft.irfft(spectrum, SIZE, axis=1).astype(np.float32) * _WINDOW
    whole = np.zeros(SIZE + HOP * (len(pieces) - 1), np.float32)
    weight = np.zeros_like(whole)
    for number, piece in enumerate(pieces):
        place = slice(number * HOP, number * HOP + SIZE)
        whole[place] += piece
        weight[place] += _WINDOW**2
    inner = slice(SIZE // 2, SIZE // 2 + length)
    sound = whole[inner] / np.maximum(weight[inner], 1e-11)
    complete: Floats = np.pad(sound, (0, length - len(sound)))
    return complete


def _levels(spectrum: NDArray[np.complex64]) -> Floats:
    """Shape (1025, frames)."""
    decibels = 20 * np.log10(np.maximum(np.abs(spectrum), np.float32(_FLOOR)))
    return np.ascontiguousarray(((decibels - np.float32(_FLOOR_DB)) / np.float32(_SPAN_DB)).T)


def _sounding(levels: Floats) -> Floats:
    """1 for each frame that is not digital silence, else 0."""
    sums: Floats = levels.sum(axis=0)
    return (sums > np.float32(_MASKED)).astype(np.float32)


def _convolved(x: Floats, layers: Layers) -> Floats:
    """Shape (in, frames) → (out, frames)."""
    for number, (weights, bias) in enumerate(layers):
        reach, frames = len(weights) // 2, x.shape[1]
        padded = np.pad(x, ((0, 0), (reach, reach)))
        out = bias + weights[0] @ padded[:, :frames]
        for tap in range(1, len(weights)):
            out += weights[tap] @ padded[:, tap : tap + frames]
        x = np.where(out > 0, out, out * np.float32(0.01)) if number < len(layers) - 1 else out
    return x


def _stretched(x: Floats, length: int) -> Floats:
    """Linear, from the first frame to the last."""
    frames = x.shape[1]
    places = np.arange(length) * ((frames - 1) / max(1, length - 1))
    left = np.minimum(places.astype(int), frames - 1)
    right = np.minimum(left + 1, frames - 1)
    share = (places - left).astype(np.float32)
    between: Floats = x[:, left] * (1 - share) + x[:, right] * share
    return between
