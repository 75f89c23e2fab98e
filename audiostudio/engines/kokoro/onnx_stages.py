"""The stages in ONNX Runtime, on the processor."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audiostudio.engines.kokoro import graph
from audiostudio.engines.kokoro.stages import Floats, Prosody
from audiostudio.engines.onnx import Feed, Session, subgraph
from audiostudio.engines.tokens import Tokens

if TYPE_CHECKING:
    import onnx


class OnnxEncoder:
    """Durations and prosody."""

    def __init__(self, model: "onnx.ModelProto", path: Path, threads: int) -> None:
        def session(inputs: list[str], outputs: list[str]) -> Session:
            return Session(subgraph(model, inputs, outputs).SerializeToString(), threads, path)

        self._durations = session(["tokens", "style", "speed"], [graph.DURATIONS])
        self._prosody = session(["tokens", "style", graph.DURATIONS], [graph.F0, graph.ENERGY, graph.FEATURES])

    def durations(self, tokens: Tokens, style: Floats) -> Floats:
        feed: Feed = {"tokens": tokens[None], "style": style[None], "speed": np.ones(1, np.float32)}
        frames: Floats = self._durations.run(feed)[0][0]
        return frames

    def prosody(self, tokens: Tokens, style: Floats, frames: Floats) -> Prosody:
        feed: Feed = {"tokens": tokens[None], "style": style[None], graph.DURATIONS: frames[None]}
        f0, energy, features = self._prosody.run(feed)
        return Prosody(f0[0], energy[0], features[0])


class OnnxDecoder:
    device = "the processor (ONNX Runtime, 8-bit)"

    def __init__(self, model: "onnx.ModelProto", path: Path, threads: int) -> None:
        inputs = ["style", graph.FEATURES, graph.F0, graph.ENERGY]
        self._session = Session(subgraph(model, inputs, [graph.AUDIO]).SerializeToString(), threads, path)

    def decode(self, style: Floats, prosody: Prosody) -> Floats:
        feed: Feed = {
            "style": style[None],
            graph.FEATURES: prosody.features[None],
            graph.F0: prosody.f0[None],
            graph.ENERGY: prosody.energy[None],
        }
        audio: Floats = self._session.run(feed)[0]
        return audio
