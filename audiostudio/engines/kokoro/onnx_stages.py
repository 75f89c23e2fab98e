"""The three stages in ONNX Runtime, on the processor."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from audiostudio.engines.kokoro import graph
from audiostudio.engines.kokoro.stages import Floats, Prosody, Tokens
from audiostudio.engines.onnx import Feed, Session


class OnnxStages:
    device = "the processor, through ONNX Runtime"

    def __init__(self, model: Path, threads: int) -> None:
        whole = graph.read(model)

        def session(inputs: Sequence[str], outputs: Sequence[str]) -> Session:
            return Session(graph.part(whole, inputs, outputs).SerializeToString(), threads, model)

        self._durations = session(["tokens", "style", "speed"], [graph.DURATIONS])
        self._prosody = session(["tokens", "style", graph.DURATIONS], [graph.F0, graph.ENERGY, graph.FEATURES])
        self._decoder = session(["style", graph.FEATURES, graph.F0, graph.ENERGY], [graph.AUDIO])

    def durations(self, tokens: Tokens, style: Floats, speed: float) -> Floats:
        feed: Feed = {"tokens": tokens[None], "style": style[None], "speed": np.array([speed], np.float32)}
        frames: Floats = self._durations.run(feed)[0][0]
        return frames

    def prosody(self, tokens: Tokens, style: Floats, frames: Floats) -> Prosody:
        feed: Feed = {"tokens": tokens[None], "style": style[None], graph.DURATIONS: frames[None]}
        f0, energy, features = self._prosody.run(feed)
        return Prosody(f0[0], energy[0], features[0])

    def decode(self, style: Floats, prosody: Prosody) -> Floats:
        feed = {
            "style": style[None],
            graph.FEATURES: prosody.features[None],
            graph.F0: prosody.f0[None],
            graph.ENERGY: prosody.energy[None],
        }
        return self._decoder.run(feed)[0]

    def close(self) -> None:
        del self._durations, self._prosody, self._decoder
