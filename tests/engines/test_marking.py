"""Nothing comes out of an engine that clones without the mark, whoever made the engine."""

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.engines.base import Capabilities, EngineManifest, Learnt, SpeechChunk, SpeechSettings
from audiostudio.engines.marking import MarkedEngine, marked
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.watermark import FOUND, Watermarker
from audiostudio.errors import ModelMissing, UnsupportedSetting
from audiostudio.jobs.job import Progress
from audiostudio.rights import Rights
from audiostudio.script.reading import read

RATE = 24_000
TEXT = "The sea was calm, and nobody said a word until the boat had reached the island."
ABLE = Capabilities(cloning="clone", conversion=True)
MANIFEST = EngineManifest("parrot", "Parrot", "parrot", "1", "speech", ABLE, Rights("MIT", True))


class Parrot:
    """Somebody's engine that marks nothing."""

    def __init__(self, speech: NDArray[np.float32]) -> None:
        self.manifest = MANIFEST
        self.device = "cage"
        self.asked = 0
        self.closed = False
        self._speech = speech

    def speak(self, parts: Any, settings: SpeechSettings) -> Iterator[SpeechChunk]:
        self.asked += 1
        for start in range(0, len(self._speech), RATE):
            yield SpeechChunk(self._speech[start : start + RATE], RATE, start)

    def convert(self, audio: NDArray[np.float32], sample_rate: int, voice: str) -> Iterator[SpeechChunk]:
        self.asked += 1
        yield SpeechChunk(audio, sample_rate, 0)

    def learn(self, samples: Any, folder: Path, options: Any) -> Any:
        yield Progress(0.5)
        return Learnt((folder.name, *options))

    def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="module")
def speech(registry: EngineRegistry) -> NDArray[np.float32]:
    chunks = registry.load("hibari").speak(read(TEXT, "en-us"), SpeechSettings("hibari_heart"))
    return np.concatenate([chunk.audio for chunk in chunks])


@pytest.fixture(scope="module")
def watermarker(models_dir: Path) -> Watermarker:
    return Watermarker(ModelStore(models_dir))


@pytest.fixture
def parrot(speech: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch) -> Parrot:
    """Its module can be imported."""
    bird = Parrot(speech)
    module = ModuleType("parrot")
    module.create = lambda *_: bird  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "parrot", module)
    return bird


def planted(folder: Path, models: Path, cloning: str = "clone") -> EngineRegistry:
    """A registry with the parrot in the user's folder."""
    folder.mkdir()
    data = {
        "name": "parrot",
        "title": "Parrot",
        "module": "parrot",
        "version": "1",
        "kind": "speech",
        "capabilities": {"languages": ["en-us"], "cloning": cloning},
        "rights": {"licence": "MIT", "commercial": True},
        "voices": [{"id": "polly", "name": "Polly", "language": "en-us", "gender": "neutral"}],
    }
    (folder / "parrot.json").write_text(json.dumps(data))
    return EngineRegistry(ModelStore(models), folder)


def is_marked(watermarker: Watermarker, chunks: Iterator[SpeechChunk]) -> bool:
    found = watermarker.detect((chunk.audio for chunk in chunks), RATE)
    assert found.windows
    return min(one.confidence for one in found.windows) >= FOUND


@pytest.mark.models
def test_an_engine_that_marks_nothing_cannot_be_had_so(
    parrot: Parrot, watermarker: Watermarker, tmp_path: Path, models_dir: Path
) -> None:
    settings = SpeechSettings("polly")
    assert not is_marked(watermarker, parrot.speak([], settings))
    engines = planted(tmp_path / "engines", models_dir)
    assert is_marked(watermarker, engines.load("parrot").speak([], settings))
    engines.close()
    assert parrot.closed


@pytest.mark.models
def test_without_the_mark_nothing_is_said(parrot: Parrot, tmp_path: Path) -> None:
    engine = planted(tmp_path / "engines", tmp_path / "no models").load("parrot")
    with pytest.raises(ModelMissing, match="perth"):
        engine.speak([], SpeechSettings("polly"))
    assert parrot.asked == 0


@pytest.mark.models
def test_what_is_converted_is_marked(
    parrot: Parrot, watermarker: Watermarker, speech: NDArray[np.float32], models_dir: Path
) -> None:
    engine = marked(parrot, MANIFEST, ModelStore(models_dir))
    assert is_marked(watermarker, engine.convert(speech, RATE, "mine/abcdefgh"))
    unable = MarkedEngine(parrot, replace(MANIFEST, capabilities=replace(ABLE, conversion=False)), engine._models)
    with pytest.raises(UnsupportedSetting, match="another voice"):
        unable.convert(speech, RATE, "mine/abcdefgh")


@pytest.mark.long
@pytest.mark.models
def test_of_a_remote_engine_own_voices_are_marked(parrot: Parrot, watermarker: Watermarker, models_dir: Path) -> None:
    manifest = replace(MANIFEST, capabilities=replace(ABLE, remote=True))
    engine = marked(parrot, manifest, ModelStore(models_dir))
    assert not is_marked(watermarker, engine.speak([], SpeechSettings("elevenlabs/theirs")))
    assert is_marked(watermarker, engine.speak([], SpeechSettings("mine/abcdefgh")))
    parrot.is_clone = lambda voice: voice == "elevenlabs/cloned"  # type: ignore[attr-defined]
    assert is_marked(watermarker, engine.speak([], SpeechSettings("elevenlabs/cloned")))
    assert not is_marked(watermarker, engine.speak([], SpeechSettings("elevenlabs/theirs")))


@pytest.mark.models
def test_the_rest_of_an_engine_is_its_own(parrot: Parrot, models_dir: Path, tmp_path: Path) -> None:
    engine = marked(parrot, MANIFEST, ModelStore(models_dir))
    assert engine.device == "cage"
    learning = engine.learn([], tmp_path, {"seed": "1"})
    assert next(learning) == Progress(0.5)
    with pytest.raises(StopIteration) as ended:
        next(learning)
    assert ended.value.value == Learnt((tmp_path.name, "seed"))
    matching = replace(MANIFEST, capabilities=Capabilities(cloning="match"))
    assert marked(parrot, matching, ModelStore(models_dir)) is parrot


@pytest.mark.models
@pytest.mark.parametrize("cloning", ["", "match"])
def test_a_manifest_of_the_user_does_not_take_the_mark_off(
    parrot: Parrot, watermarker: Watermarker, tmp_path: Path, models_dir: Path, cloning: str
) -> None:
    parrot.clones = True  # type: ignore[attr-defined]
    engines = planted(tmp_path / "engines", models_dir, cloning)
    assert is_marked(watermarker, engines.load("parrot").speak([], SpeechSettings("polly")))


def test_every_engine_that_ships_and_clones_says_so_itself(registry: EngineRegistry) -> None:
    for manifest in registry.manifests():
        if manifest.capabilities.cloning == "clone":
            module = importlib.import_module(f"{manifest.module}.engine")
            kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and hasattr(kind, "learn")]
            assert any(getattr(kind, "clones", False) for kind in kinds), manifest.name
