"""Which runtime decodes on this machine: what was measured to be faster, never what was guessed."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audiostudio.engines.kokoro import graph
from audiostudio.engines.kokoro.onnx_stages import OnnxDecoder, OnnxEncoder
from audiostudio.engines.kokoro.openvino_decoder import OpenVinoDecoder
from audiostudio.engines.kokoro.stages import Decoder, JoinedStages, Stages
from audiostudio.engines.openvino import errors, runtime
from audiostudio.errors import EngineFailed, EngineUnavailable

if TYPE_CHECKING:
    import onnx

_WORTH = 1.3
_TURNS = 8


def load(path: Path, streams: int, threads: int) -> Stages:
    """The stages of the model at `path`; `streams` calls run side by side, with `threads` each.

    Raises `ModelDamaged`, `EngineFailed`.
    """
    model = graph.read(path)
    with ThreadPoolExecutor(1) as beside:
        encoder = beside.submit(OnnxEncoder, model, path, threads)
        return JoinedStages(encoder.result(), _decoder(model, path, streams, threads))


def _decoder(model: "onnx.ModelProto", path: Path, streams: int, threads: int) -> Decoder:
    """In OpenVINO, and where that does not run in ONNX Runtime."""
    try:
        return OpenVinoDecoder(model, path, threads, streams, "bf16" if has_fast_bf16() else "f32")
    except (EngineUnavailable, EngineFailed):
        return OnnxDecoder(model, path, threads)


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_fast_bf16() -> bool:
    """Whether the processor truly computes in bf16, found out by timing a convolution like the decoder's (0.1 s).

    What a processor or OpenVINO claims is not asked: emulated bf16 is claimed too, and is slower.
    """
    try:
        with errors():
            runs = [_convolution(runtime(), precision) for precision in ("f32", "bf16")]
            # In turns, as other work on the machine comes and goes; the best, as it only adds.
            f32, bf16 = np.min([[run() for run in runs] for _ in range(_TURNS)], axis=0)
            return bool(f32 > _WORTH * bf16)
    except (EngineUnavailable, EngineFailed):
        return False


def _convolution(openvino: Any, precision: str) -> Callable[[], float]:
    """What runs one convolution and gives the seconds that it took."""
    op = openvino.opset13
    rng = np.random.default_rng(0)
    x = op.parameter([1, 128, 1, 2400], openvino.Type.f32)
    kernel = op.constant(rng.standard_normal((128, 128, 1, 7), np.float32))
    y = op.convolution(x, kernel, [1, 1], [0, 3], [0, 3], [1, 1])
    settings = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": precision}
    request = openvino.Core().compile_model(openvino.Model([y], [x]), "CPU", settings).create_infer_request()
    feed = [rng.standard_normal((1, 128, 1, 2400), np.float32)]

    def run() -> float:
        began = time.perf_counter()
        request.infer(feed)
        return time.perf_counter() - began

    return run
