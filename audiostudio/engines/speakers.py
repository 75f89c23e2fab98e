"""Who is speaking: Resemblyzer's network, which turns a voice into a direction, without PyTorch.

Wan et al., “Generalized end-to-end loss for speaker verification”, 2018; weights of Resemblyzer 0.1.4.
"""

from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.onnx import Session, damaged
from audiostudio.engines.supplies import ModelFiles
from audiostudio.engines.tensors import read_tensors
from audiostudio.errors import RequestError
from audiostudio.sound.resample import resample

Floats: TypeAlias = NDArray[np.float32]

MODEL = "speaker-encoder"
FILE = "pretrained.pt"
RATE = 16_000
SIZE = 256
"""Of an embedding."""

_WINDOW = 400
_HOP = 160
_BANDS = 40
_FRAMES = 160
"""Of the spectrogram, that are judged together: 1.6 s."""
_STEP = 77
"""Frames from one window to the next: 1.3 windows a second."""
_COVERED = 0.75
"""How much of the last window has to be sound."""
_LOUDNESS = 10 ** (-30 / 20)
"""Of what is embedded: the network hears power, so that loudness would make another person."""
_BATCH = 64
_PIECE = 0.03
"""Seconds in which loudness is measured to leave silence out."""
_QUIET = 10 ** (-35 / 20)
_KEPT = 4
"""Pieces of silence that stay on each side of sound."""


class SpeakerEncoder:
    """The loaded network. Raises `ModelMissing`, `ModelDamaged`."""

    def __init__(self, models: ModelFiles) -> None:
        path = models.path(MODEL, FILE)
        tensors = {name.removeprefix("model_state."): value for name, value in read_tensors(path).items()}
        try:
            self.network = Network(tensors, path)
        except (KeyError, ValueError) as error:
            raise damaged(path) from error

    def embed(self, audio: Floats, sample_rate: int) -> Floats:
        """Whose voice a recording is, a unit vector of shape (256,). `audio`: mono, shape (n,), −1…1.

        Long silences do not count. Raises `RequestError` for a recording without sound.
        """
        heard, sounding = _heard(audio, sample_rate)
        if not sounding.any():
            raise RequestError("There is no voice in that recording.", "Choose one in which somebody speaks.")
        return direction(self._partials(heard[sounding])[0])

    def windows(self, audio: Floats, sample_rate: int) -> tuple[Floats, Floats]:
        """Whose voice is heard when: embeddings, shape (n, 256), and the seconds of the middles of their windows of
        1.6 s, shape (n,). Windows that are mostly silent are left out; n may be 0."""
        heard, sounding = _heard(audio, sample_rate)
        embeddings, starts = self._partials(heard)
        length = _FRAMES * _HOP
        kept = np.array([sounding[start : start + length].sum() > length / 2 for start in starts], bool)
        if not kept.any():  # a recording shorter than a window
            kept |= bool(len(sounding)) and sounding.mean() > 0.5
        return embeddings[kept], ((starts + length / 2) / RATE)[kept].astype(np.float32)

    def _partials(self, audio: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """The embedding of each window, shape (n, 256), and the sample at which it begins."""
        frames = -(-(len(audio) + 1) // _HOP)
        starts = np.arange(0, max(1, frames - _FRAMES + _STEP + 1), _STEP)
        if len(starts) > 1 and (len(audio) - starts[-1] * _HOP) / (_FRAMES * _HOP) < _COVERED:
            starts = starts[:-1]
        padded = np.pad(audio, (0, max(0, (int(starts[-1]) + _FRAMES) * _HOP - len(audio))))
        bands = mel(padded)
        found = [
            self.network.embed(np.stack([bands[start : start + _FRAMES] for start in starts[place : place + _BATCH]]))
            for place in range(0, len(starts), _BATCH)
        ]
        return np.concatenate(found), starts * _HOP


class Network:
    """Three layers of LSTM and a linear one, in ONNX Runtime. Raises `KeyError` or `ValueError` for other weights."""

    def __init__(self, tensors: dict[str, Floats], source: Path) -> None:
        self._session = Session(_graph(tensors), 1, source)

    def embed(self, mels: Floats) -> Floats:
        """Unit vectors, shape (n, 256), of power spectrograms, shape (n, frames, 40). Raises `EngineFailed`."""
        raw: Floats = self._session.run({"mels": np.ascontiguousarray(mels.transpose(1, 0, 2))})[0]
        length: Floats = np.linalg.norm(raw, axis=1, keepdims=True)
        raw /= np.maximum(length, 1e-9)
        return raw


def _graph(tensors: dict[str, Floats]) -> bytes:
    from onnx import TensorProto, helper, numpy_helper

    weights: dict[str, NDArray[Any]] = {"directions": np.array([1]), "layers": np.array([0])}
    nodes = []
    x = "mels"
    for layer in range(3):
        inputs = _BANDS if layer == 0 else SIZE
        weights[f"weight{layer}"] = _gates(tensors[f"lstm.weight_ih_l{layer}"], (4 * SIZE, inputs))
        weights[f"recurrent{layer}"] = _gates(tensors[f"lstm.weight_hh_l{layer}"], (4 * SIZE, SIZE))
        biases = [_gates(tensors[f"lstm.bias_{one}_l{layer}"], (4 * SIZE,)) for one in ("ih", "hh")]
        weights[f"bias{layer}"] = np.concatenate(biases, axis=1)
        names = [f"weight{layer}", f"recurrent{layer}", f"bias{layer}"]
        nodes.append(helper.make_node("LSTM", [x, *names], [f"all{layer}", f"last{layer}"], hidden_size=SIZE))
        nodes.append(helper.make_node("Squeeze", [f"all{layer}", "directions"], [f"out{layer}"]))
        x = f"out{layer}"
    weights["weight"] = _shaped(tensors["linear.weight"], (SIZE, SIZE))
    weights["bias"] = _shaped(tensors["linear.bias"], (SIZE,))
    nodes.append(helper.make_node("Squeeze", ["last2", "layers"], ["hidden"]))
    nodes.append(helper.make_node("Gemm", ["hidden", "weight", "bias"], ["linear"], transB=1))
    nodes.append(helper.make_node("Relu", ["linear"], ["embeddings"]))
    graph = helper.make_graph(
        nodes,
        "speaker encoder",
        [helper.make_tensor_value_info("mels", TensorProto.FLOAT, ["frames", "n", _BANDS])],
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["n", SIZE])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model: bytes = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9
    ).SerializeToString()
    return model


def _gates(array: Floats, shape: tuple[int, ...]) -> Floats:
    """PyTorch's gates are in, forget, cell, out; ONNX has in, out, forget, cell, and directions first."""
    into, forget, cell, out = np.split(_shaped(array, shape), 4)
    return np.concatenate([into, out, forget, cell])[np.newaxis]


def similarity(a: Floats, b: Floats) -> float:
    """The cosine of two embeddings, 0…1: the same person about 0.9, strangers 0.5 to 0.7."""
    return float(np.dot(direction(a), direction(b)))


def direction(embeddings: Floats) -> Floats:
    """The unit vector of the mean of embeddings, shape (256,) of (256,) or (n, 256)."""
    mean: Floats = embeddings.reshape(-1, embeddings.shape[-1]).mean(axis=0, dtype=np.float64)
    return (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)


def mel(audio: Floats) -> Floats:
    """The power in 40 bands, shape (samples // 160 + 1, 40), of mono sound at 16 kHz."""
    padded = np.pad(audio, _WINDOW // 2)
    pieces = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    bands = filters()
    found = [
        np.square(np.abs(np.fft.rfft(pieces[place : place + 4096] * window))).astype(np.float32) @ bands.T
        for place in range(0, len(pieces), 4096)
    ]
    return np.concatenate(found)


def filters() -> Floats:
    """Triangles of equal area on Slaney's mel scale, shape (40, 201): linear to 1 kHz, then logarithmic."""
    edges = _hertz(np.linspace(0.0, _mels(RATE / 2), _BANDS + 2))
    bins = np.linspace(0.0, RATE / 2, _WINDOW // 2 + 1)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return triangles.astype(np.float32)


_LINEAR = 200 / 3
_BREAK = 1000.0
_LOG_STEP = np.log(6.4) / 27


def _mels(hertz: float) -> float:
    return _BREAK / _LINEAR + np.log(hertz / _BREAK) / _LOG_STEP if hertz > _BREAK else hertz / _LINEAR


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    above = _BREAK * np.exp(_LOG_STEP * (mels - _BREAK / _LINEAR))
    return np.where(mels > _BREAK / _LINEAR, above, mels * _LINEAR)


def _heard(audio: Floats, sample_rate: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The sound at 16 kHz, as loud as the network wants it, and which samples are no long silence."""
    mono = np.ascontiguousarray(audio, np.float32)
    if sample_rate != RATE:
        mono = resample(mono[np.newaxis], sample_rate, RATE)[0]
    sounding = np.repeat(_sounding(mono), round(_PIECE * RATE))[: len(mono)]
    power = np.sqrt(np.mean(np.square(mono[sounding]), dtype=np.float64)) if sounding.any() else 1.0
    return mono * np.float32(_LOUDNESS / power), sounding


def _sounding(audio: Floats) -> NDArray[np.bool_]:
    """Which pieces of 30 ms are no long silence, shape (⌈samples / 480⌉,)."""
    piece = round(_PIECE * RATE)
    whole = np.pad(audio, (0, -len(audio) % piece)).reshape(-1, piece)
    level = np.sqrt(np.mean(np.square(whole), axis=1))
    if not level.any():
        return np.zeros(len(level), bool)
    heard = level > np.quantile(level[level > 0], 0.9) * _QUIET
    return np.convolve(heard, np.ones(2 * _KEPT + 1), "full")[_KEPT : _KEPT + len(heard)] > 0


def _shaped(array: NDArray[np.float32], shape: tuple[int, ...]) -> Floats:
    if array.shape != shape:
        raise ValueError(f"weights of shape {array.shape}")
    return np.ascontiguousarray(array, np.float32)
