"""Hibari, the instant voice: fast enough to follow typing. English."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.asked import check, check_language
from audiostudio.engines.base import EngineManifest, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.onnx import Feed, Session
from audiostudio.engines.stream import Spoken, join
from audiostudio.engines.tokens import SAMPLE_RATE, Piece, pieces, timed
from audiostudio.errors import ModelDamaged
from audiostudio.files import storage_errors
from audiostudio.script.phonemes import phonemize
from audiostudio.script.spoken import Pause, Sentence

SENTENCE_GAP = 0.35
PARAGRAPH_GAP = 0.8
CLAUSE_GAP = 0.12
FIRST_TOKENS = 60
"""The first piece of a stream is short, so that it is heard at once."""
MOST_TOKENS = 250

_DURATIONS = "/Clip_output_0"
"""Inside the graph: frames of each token."""
_VOICED = 40.0


class HibariEngine:
    device = "the processor (ONNX Runtime, one thread)"

    def __init__(self, model: Path, manifest: EngineManifest) -> None:
        self.manifest = manifest
        self._session = Session(_with_durations(model), 1, model)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        return join(self._spoken(parts, settings), SAMPLE_RATE)

    def close(self) -> None:
        """Nothing is held but memory."""

    def _spoken(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[Spoken | Pause]:
        longest = FIRST_TOKENS
        count = 0
        for part in parts:
            if isinstance(part, Pause):
                yield part
                continue
            check_language(part, self.manifest)
            cut = pieces(phonemize(part).words, longest)
            for piece in cut:
                gap = CLAUSE_GAP if piece is not cut[-1] else PARAGRAPH_GAP if part.ends_paragraph else SENTENCE_GAP
                yield self._piece(piece, settings, np.random.default_rng((settings.seed, count)), gap / settings.speed)
                longest = MOST_TOKENS
                count += 1

    def _piece(self, piece: Piece, settings: SpeechSettings, noise: np.random.Generator, gap: float) -> Spoken:
        from hibari import dsp

        feed: Feed = {"ids": piece.tokens[None], "speed": np.array([settings.speed], np.float32)}
        *spectrum, f0, frames = self._session.run(feed)
        audio = dsp.synth(*(part[0] for part in spectrum), _transposed(f0[0], settings.pitch), noise)
        return Spoken(audio, timed(piece, frames), gap)


def create(models: Models, manifest: EngineManifest) -> HibariEngine:
    """Raises `ModelMissing`, `ModelDamaged`."""
    return HibariEngine(models.path("hibari", "hibari.onnx"), manifest)


def _transposed(f0: NDArray[np.float32], semitones: float) -> NDArray[np.float32]:
    moved: NDArray[np.float32] = np.where(f0 > _VOICED, f0 * np.float32(2 ** (semitones / 12)), f0)
    return moved


def _with_durations(path: Path) -> bytes:
    """The model with its durations as one more output. Raises `ModelDamaged`."""
    import onnx
    from google.protobuf.message import DecodeError

    with storage_errors(path):
        data = path.read_bytes()
    try:
        model: Any = onnx.load_model_from_string(data)
    except DecodeError as error:
        raise _damaged(path) from error
    if not any(_DURATIONS in node.output for node in model.graph.node):
        raise _damaged(path)
    model.graph.output.append(onnx.helper.make_tensor_value_info(_DURATIONS, onnx.TensorProto.FLOAT, None))
    serialised: bytes = model.SerializeToString()
    return serialised


def _damaged(path: Path) -> ModelDamaged:
    return ModelDamaged(f"{path} is not the Hibari model.", "Install the package hibari-tts again.")
