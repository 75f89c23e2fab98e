"""Chatterbox: a tiny random model through the real loading code, in the real environment."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.base import EngineManifest, SpeechSettings
from audiostudio.engines.environments.calls import Worker
from audiostudio.engines.environments.hosted import HostedEngine
from audiostudio.engines.environments.store import Environments
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import EngineFailed, ModelDamaged, ModelMissing, UnknownVoice
from audiostudio.script.spoken import Sentence
from tests.engines.contract import Speaker, SpeechContract, Take, check_stream, sentences
from tests.engines.test_xtts import humming, learn, of, run_here

MINE = SpeechSettings("mine/tinyvoice")
pytestmark = pytest.mark.full


class TinyModels:
    """The tiny models' files, some of them missing or in place of another; the folder `voices`; the real watermark."""

    def __init__(self, tiny: Path, voices: Path, real: Path, missing: str = "", **instead: str) -> None:
        self._tiny, self._voices, self._real, self._missing = tiny, voices, real, missing
        self._instead = {f"{name}.safetensors": file for name, file in instead.items()}

    def path(self, name: str, file: str) -> Path:
        if name == self._missing:
            raise ModelMissing(f"{name} is not on this machine.", "")
        return (self._real if name == "perth" else self._tiny) / name / self._instead.get(file, file)

    def voice(self, identity: str) -> Path:
        folder = self._voices / identity.removeprefix("mine/")
        if not folder.exists():
            raise UnknownVoice(f"There is no own voice {identity}.", "")
        return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, environments: Environments) -> Path:
    folder = tmp_path_factory.mktemp("chatterbox")
    run_here(environments, "tiny_chatterbox.py", folder)
    return folder


@pytest.fixture(scope="module")
def manifest(registry: EngineRegistry) -> EngineManifest:
    return registry.manifest("chatterbox")


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voices")


@pytest.fixture(scope="module")
def engine(worker: Worker, tiny: Path, voices: Path, models_dir: Path, manifest: EngineManifest) -> HostedEngine:
    """With the voice `MINE`."""
    engine = HostedEngine(worker, TinyModels(tiny, voices, models_dir), manifest)
    learn(engine, voices / "tinyvoice", humming(voices / "a.wav", 110.0), humming(voices / "b.wav", 210.0))
    return engine


def say(engine: HostedEngine, language: str = "en-us", **settings: object) -> Take:
    stream = engine.speak([of("Hi.", language)], replace(MINE, **settings))  # type: ignore[arg-type]
    return Take([chunk for chunk in stream if len(chunk.audio)])


def test_it_speaks_the_same_again_and_otherwise_with_another_seed(engine: HostedEngine) -> None:
    take = say(engine)
    check_stream(take)
    assert take.rate == 24_000
    assert np.array_equal(take.audio, say(engine).audio)
    assert not np.array_equal(take.audio, say(engine, seed=1).audio)
    lively = say(engine, options=(("exaggeration", "2"), ("guidance", "0")))
    assert not np.array_equal(take.audio, lively.audio)


@pytest.mark.parametrize("language", ["de", "ja"])
def test_other_languages_come_with_the_multilingual_model(engine: HostedEngine, language: str) -> None:
    check_stream(say(engine, language))


def test_without_the_multilingual_model_it_still_speaks_english(
    worker: Worker, tiny: Path, voices: Path, models_dir: Path, manifest: EngineManifest, engine: HostedEngine
) -> None:
    models = TinyModels(tiny, voices, models_dir, "chatterbox-multilingual")
    english = HostedEngine(worker, models, replace(manifest, name="english"))
    assert np.array_equal(say(english).audio, say(engine).audio)
    with pytest.raises(ModelMissing, match="multilingual"):
        say(english, "de")


def test_a_recording_is_said_again_as_long_as_it_was(engine: HostedEngine) -> None:
    at = np.arange(2 * 16_000) / 16_000
    recording = (0.3 * np.sin(2 * np.pi * 180 * at)).astype(np.float32)
    take = Take([chunk for chunk in engine.convert(recording, 16_000, MINE.voice) if len(chunk.audio)])
    check_stream(take)
    assert len(take.audio) == 2 * 24_000
    with pytest.raises(UnknownVoice):
        engine.convert(recording, 16_000, "mine/nobodyhere")


def test_a_voice_of_another_engine_is_told(engine: HostedEngine, voices: Path) -> None:
    (voices / "damaged").mkdir()
    (voices / "damaged" / "chatterbox.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    with pytest.raises(EngineFailed, match="learnt as"):
        engine.speak(sentences("Hi."), replace(MINE, voice="mine/damaged"))


def test_files_that_are_no_model_are_refused(
    worker: Worker, tiny: Path, voices: Path, models_dir: Path, manifest: EngineManifest
) -> None:
    models = TinyModels(tiny, voices, models_dir, s3gen="ve.safetensors")
    with pytest.raises(ModelDamaged, match="no model"):
        HostedEngine(worker, models, replace(manifest, name="strange"))


class TestChatterboxContract(SpeechContract):
    @pytest.fixture
    def speaker(self, engine: HostedEngine) -> Speaker:
        return Speaker(engine, MINE)

    def test_a_sentence_far_too_long_for_any_model(self, speaker: Speaker) -> None:
        """How much of it is heard says nothing here: a random network may say at any moment that it is done."""
        text = " ".join(["one two, three four five six seven"] * 9)
        check_stream(speaker.say(Sentence(sentences(text)[0].words, "en-us")))
