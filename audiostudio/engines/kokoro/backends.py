"""Which runtime decodes on this machine: what was measured to be faster, never what was guessed."""

import os
import time
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
            return _seconds(runtime(), "f32") > _WORTH * _seconds(runtime(), "bf16")
    except (EngineUnavailable, EngineFailed):
        return False


def _seconds(openvino: Any, precision: str) -> float:
    """The best of five runs of one convolution."""
    op = openvino.opset13
    rng = np.random.default_rng(0)
    x = op.parameter([1, 128, 1, 2400], openvino.Type.f32)
    kernel = op.constant(rng.standard_normal((128, 128, 1, 7), np.float32))
    y = op.convolution(x, kernel, [1, 1], [0, 3], [0, 3], [1, 1])
    settings = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": precision}
    request = openvino.Core().compile_model(openvino.Model([y], [x]), "CPU", settings).create_infer_request()
    feed = [rng.standard_normal((1, 128, 1, 2400), np.float32)]
    times = []
    for _ in range(5):
        began = time.perf_counter()
        request.infer(feed)
        times.append(time.perf_counter() - began)
    return min(times)
