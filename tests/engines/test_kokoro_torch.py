"""Kokoro in PyTorch: a tiny random model through the real loading code, in the real environment."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.base import EngineManifest, SpeechSettings
from audiostudio.engines.environments.calls import Worker
from audiostudio.engines.environments.hosted import HostedEngine
from audiostudio.engines.environments.packages import interpreter
from audiostudio.engines.environments.store import Environments
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import ModelDamaged, UnknownVoice
from tests.engines.contract import Speaker, check_stream, sentences

ROOT = Path(__file__).resolve().parents[2]
HEART = SpeechSettings("kokoro-torch/af_heart")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, environments: Environments) -> Path:
    """What `tiny_kokoro.py` wrote."""
    folder = tmp_path_factory.mktemp("tiny")
    python = interpreter(environments.folder / "torch")
    script = ROOT / "tests/engines/tiny_kokoro.py"
    subprocess.run([python, "-I", script, ROOT, folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def worker(environments: Environments) -> Iterator[Worker]:
    worker = Worker("torch", environments.command("torch"))
    yield worker
    worker.close()


class TinyModels:
    """The tiny model, and the real voices."""

    def __init__(self, tiny: Path, real: Path, weights: str = "kokoro-v1_0.pth") -> None:
        self._tiny, self._real, self._weights = tiny, real, weights

    def path(self, name: str, file: str) -> Path:
        if name == "kokoro-voices":
            return self._real / name / file
        return self._tiny / (self._weights if file.endswith(".pth") else file)

    def voice(self, identity: str) -> Path:
        raise UnknownVoice(f"There is no own voice {identity}.", "")


@pytest.fixture(scope="module")
def manifest(registry: EngineRegistry) -> EngineManifest:
    return registry.manifest("kokoro-torch")


@pytest.fixture(scope="module")
def engine(worker: Worker, tiny: Path, models_dir: Path, manifest: EngineManifest) -> HostedEngine:
    return HostedEngine(worker, TinyModels(tiny, models_dir), manifest)


def test_the_stages_together_are_the_packages_own_forward(tiny: Path) -> None:
    found = json.loads((tiny / "compared.json").read_text())
    assert found["durations"]
    assert found["samples"][0] == found["samples"][1] > 600
    assert found["difference"] == 0.0
    assert found["loudest"] > 0.001
    assert found["again"]


def test_it_speaks_with_times_as_kokoro_does(engine: HostedEngine) -> None:
    speaker = Speaker(engine, HEART)
    take = speaker.say_again(*sentences("Hi there. Go!"))
    check_stream(take)
    assert take.rate == 24_000
    assert [word.text for word in take.words] == ["Hi", "there.", "Go!"]
    assert all(word.phonemes for word in take.words)
    assert np.array_equal(take.audio, speaker.say_again(*sentences("Hi there. Go!")).audio)
    assert engine.device == "the processor"


def test_voices_and_mixes_are_kokoros(engine: HostedEngine) -> None:
    mixed = replace(HEART, voice="kokoro-torch/af_heart:0.6+kokoro-torch/am_adam:0.4")
    assert len(Speaker(engine, mixed).say_again(*sentences("Go.")).audio)
    with pytest.raises(UnknownVoice, match="nobody"):
        engine.speak(sentences("Go."), replace(HEART, voice="kokoro-torch/nobody"))


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ("evil.pth", "more than numbers"),
        ("lacking.pth", "lacks bert_encoder.weight"),
        ("no.pth", "no model that this engine knows|more than numbers"),
    ],
)
@pytest.mark.usefixtures("engine")  # which starts the process that all share
def test_a_checkpoint_that_is_none_is_refused_and_nothing_in_it_runs(
    worker: Worker, tiny: Path, models_dir: Path, manifest: EngineManifest, weights: str, sentence: str
) -> None:
    (tiny / "no.pth").write_bytes(b"\x80\x02no checkpoint at all")
    with pytest.raises(ModelDamaged, match=sentence):
        HostedEngine(worker, TinyModels(tiny, models_dir, weights), replace(manifest, name=f"with {weights}"))
    assert not (tiny / "executed").exists()


@pytest.mark.usefixtures("engine")
def test_nothing_of_the_application_but_our_own_package_comes_along(worker: Worker) -> None:
    names = ["PySide6", "sqlalchemy", "av", "onnxruntime", "tests", "bench", "audiostudio.engines.tone"]
    found = worker.call("examine", {"imports": names}).finish()
    assert set(found["failures"]) == {*names} - {"audiostudio.engines.tone"}


def test_its_voices_are_listed_where_it_can_speak(environments: Environments, models_dir: Path, tmp_path: Path) -> None:
    from audiostudio.engines.models import ModelStore

    with_it = EngineRegistry(ModelStore(models_dir), environments.folder)
    assert with_it.voice("kokoro-torch/af_heart").name == with_it.voice("af_heart").name
    without = EngineRegistry(ModelStore(models_dir), tmp_path)
    assert "kokoro-torch" in {manifest.name for manifest in without.manifests()}
    assert not [voice for voice in without.voices() if voice.engine == "kokoro-torch"]
