"""The decoder in OpenVINO, on the processor, in 16-bit arithmetic where that is fast."""

import queue
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiostudio.engines import openvino
from audiostudio.engines.kokoro import network
from audiostudio.engines.kokoro.harmonics import Harmonics, sound_of
from audiostudio.engines.kokoro.stages import Floats, Prosody
from audiostudio.engines.kokoro.weights import Weights
from audiostudio.engines.onnx import damaged

if TYPE_CHECKING:
    import onnx


class OpenVinoDecoder:
    """The network runs in OpenVINO; the hum before it and the spectrum after it keep full precision."""

    def __init__(
        self, model: "onnx.ModelProto", path: Path, threads: int, streams: int, precision: str = "bf16"
    ) -> None:
        """`streams` calls of `decode` run side by side, with `threads` each, in `bf16` or `f32`.

        Raises `ModelDamaged`, `EngineFailed`, `EngineUnavailable`.
        """
        self.device = f"the processor (OpenVINO, {precision})"
        weights = Weights(model)
        try:
            self._harmonics = Harmonics(*weights.source())
            self._basis = weights.inverse_transform()
            built = network.build(weights)
        except KeyError as error:
            raise damaged(path) from error
        settings = {
            "INFERENCE_NUM_THREADS": threads * streams,
            "NUM_STREAMS": streams,
            "INFERENCE_PRECISION_HINT": precision,
            "ENABLE_CPU_PINNING": False,  # other programs want to run, too
        }
        self._requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with openvino.errors():
            compiled = openvino.runtime().Core().compile_model(built, "CPU", settings)
            for _ in range(streams):
                self._requests.put(compiled.create_infer_request())

    def decode(self, style: Floats, prosody: Prosody) -> Floats:
        feed = {
            "f0": prosody.f0[None, None, None],
            "energy": prosody.energy[None, None, None],
            "features": prosody.features[None, :, None],
            "hum": self._harmonics.spectrum(prosody.f0)[None, :, None],
            "style": style[None, : network.STYLE],
        }
        request = self._requests.get()
        try:
            with openvino.errors():
                request.infer(feed)
                spectrum: Floats = request.get_output_tensor(0).data[0, :, 0].copy()
        finally:
            self._requests.put(request)
        return sound_of(spectrum, self._basis)
