"""XTTS-v2: a tiny random model through the real loading code, in the real environment."""

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.engines.base import EngineManifest, Learnt, SpeechSettings
from audiostudio.engines.environments.calls import Worker
from audiostudio.engines.environments.hosted import HostedEngine
from audiostudio.engines.environments.packages import interpreter
from audiostudio.engines.environments.store import Environments
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import EngineFailed, ModelDamaged, UnknownLanguage, UnknownVoice, UnsupportedSetting
from audiostudio.script.spoken import Sentence, Word
from audiostudio.sound.files import SoundWriter
from tests.engines.contract import Speaker, SpeechContract, Take, check_stream, sentences

ROOT = Path(__file__).resolve().parents[2]
MINE = SpeechSettings("mine/tinyvoice")


def run_here(environments: Environments, script: str, *arguments: object) -> None:
    """Have the environment's Python run a script of the tests."""
    python = interpreter(environments.folder / "torch")
    command = [python, "-I", "-W", "ignore", ROOT / "tests/engines" / script, ROOT, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def humming(path: Path, hz: float, seconds: float = 3.0) -> Path:
    """Something like a voice: harmonics of a gliding tone, 48 kHz mono."""
    at = np.arange(round(seconds * 48_000)) / 48_000
    phase = 2 * np.pi * np.cumsum(hz * (1 + 0.1 * np.sin(2 * np.pi * 1.5 * at))) / 48_000
    audio: NDArray[np.float64] = sum(np.sin(n * phase) / n for n in range(1, 12)) * 0.15
    with SoundWriter(path, 48_000) as writer:
        writer.write(audio.astype(np.float32)[np.newaxis])
    return path


def learn(engine: HostedEngine, folder: Path, *samples: Path) -> Learnt:
    folder.mkdir(exist_ok=True)
    steps = engine.learn(samples, folder, {})
    while True:
        try:
            next(steps)
        except StopIteration as done:
            learnt: Learnt = done.value
            return learnt


class TinyModels:
    """The tiny model's files, with one in place of another; the folder `voices`; the real watermark."""

    def __init__(self, tiny: Path, voices: Path, real: Path, **instead: str) -> None:
        self._tiny, self._voices, self._real = tiny, voices, real
        self._instead = {name.replace("_", "."): file for name, file in instead.items()}

    def path(self, name: str, file: str) -> Path:
        if name == "perth":
            return self._real / name / file
        return self._tiny / self._instead.get(file, file)

    def voice(self, identity: str) -> Path:
        folder = self._voices / identity.removeprefix("mine/")
        if not folder.exists():
            raise UnknownVoice(f"There is no own voice {identity}.", "")
        return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, environments: Environments) -> Path:
    folder = tmp_path_factory.mktemp("xtts")
    run_here(environments, "tiny_xtts.py", folder)
    return folder


@pytest.fixture(scope="module")
def manifest(registry: EngineRegistry) -> EngineManifest:
    return registry.manifest("xtts")


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voices")


@pytest.fixture(scope="module")
def samples(voices: Path) -> list[Path]:
    return [humming(voices / "low.wav", 110.0), humming(voices / "high.wav", 210.0)]


@pytest.fixture(scope="module")
def engine(
    worker: Worker, tiny: Path, voices: Path, samples: list[Path], models_dir: Path, manifest: EngineManifest
) -> HostedEngine:
    """With the voice `MINE`."""
    engine = HostedEngine(worker, TinyModels(tiny, voices, models_dir), manifest)
    learn(engine, voices / "tinyvoice", *samples)
    return engine


def say(engine: HostedEngine, *parts: Sentence, **settings: object) -> Take:
    return Take([chunk for chunk in engine.speak(parts, replace(MINE, **settings)) if len(chunk.audio)])  # type: ignore[arg-type]


def of(text: str, language: str) -> Sentence:
    return Sentence((Word(text, 0, len(text), text),), language)


def test_a_voice_is_learnt_from_all_its_samples(engine: HostedEngine, voices: Path, samples: list[Path]) -> None:
    learnt = learn(engine, voices / "both", *samples)
    assert learnt.files == ("xtts.safetensors",)
    assert learnt.made_by["device"] == "the processor"
    learn(engine, voices / "low", samples[0])
    data = [(voices / name / learnt.files[0]).read_bytes() for name in ("tinyvoice", "both", "low")]
    assert data[0] == data[1] != data[2]


def test_a_sentence_is_heard_while_it_is_made_and_is_the_same_again(engine: HostedEngine) -> None:
    takes = [say(engine, *sentences("Hello."), seed=seed) for seed in range(4)]
    for take in takes:
        check_stream(take)
        assert take.rate == 24_000
        assert take.words == []
        assert np.sqrt(np.mean(take.audio**2)) > 0.005
    assert len({take.audio.tobytes() for take in takes}) == 4
    longest = max(takes, key=lambda take: len(take.audio))
    assert len(longest.chunks) > 1
    again = say(engine, *sentences("Hello."), seed=takes.index(longest))
    assert np.array_equal(longest.audio, again.audio)


def test_the_settings_are_followed(engine: HostedEngine) -> None:
    said = sentences("Hi.")
    usual = say(engine, *said).audio
    quick = say(engine, *said, speed=2.0).audio
    assert len(quick) == pytest.approx(len(usual) / 2, rel=0.1)
    weighed = say(engine, *said, options=(("length_penalty", "-2"), ("readings", "2"))).audio
    assert len(weighed) != len(usual) or not np.array_equal(weighed, usual)
    with pytest.raises(UnsupportedSetting):
        engine.speak(said, replace(MINE, options=(("temperature", "9"),)))


@pytest.mark.parametrize(("text", "language"), [("今日は3日。", "ja"), ("25.", "de")])
def test_languages_with_scripts_of_their_own(engine: HostedEngine, text: str, language: str) -> None:
    check_stream(say(engine, of(text, language)))


def test_what_cannot_be_spoken_is_said(engine: HostedEngine) -> None:
    with pytest.raises(UnknownVoice):
        engine.speak(sentences("Hi."), replace(MINE, voice="mine/nobodyhere"))
    with pytest.raises(UnknownVoice):
        engine.speak(sentences("Hi."), replace(MINE, voice="af_heart"))
    with pytest.raises(UnknownLanguage):
        say(engine, of("Sul sul.", "vi"))


def test_a_damaged_voice_is_told_and_the_engine_lives(engine: HostedEngine, voices: Path) -> None:
    (voices / "damaged").mkdir()
    (voices / "damaged" / "xtts.safetensors").write_bytes((voices / "tinyvoice" / "xtts.safetensors").read_bytes()[:-9])
    for voice in ("mine/damaged", "mine/emptyone"):
        (voices / voice.removeprefix("mine/")).mkdir(exist_ok=True)
        with pytest.raises(EngineFailed, match="learnt as"):
            engine.speak(sentences("Hi."), replace(MINE, voice=voice))
    assert len(say(engine, *sentences("Hi.")).audio)


@pytest.mark.parametrize(
    ("instead", "sentence"),
    [
        ({"model_pth": "evil.pth"}, "more than numbers"),
        ({"model_pth": "no.pth"}, "numbers|no model"),
        ({"config_json": "no.json"}, "no model"),
    ],
)
def test_files_that_are_no_model_are_refused_and_nothing_in_them_runs(
    worker: Worker, tiny: Path, voices: Path, models_dir: Path, manifest: EngineManifest,
    instead: dict[str, str], sentence: str,
) -> None:  # fmt: skip
    with pytest.raises(ModelDamaged, match=sentence):
        HostedEngine(worker, TinyModels(tiny, voices, models_dir, **instead), replace(manifest, name=str(instead)))
    assert not (tiny / "executed").exists()


def test_the_published_form_is_read_and_never_written_over(engine: HostedEngine, tiny: Path) -> None:
    """`engine` has loaded it. coqui-tts by itself would convert the file in its place, and break its SHA-256."""
    assert b"TTS.tts.models.xtts" in (tiny / "model.pth").read_bytes()
    assert (tiny / "model.pth").stat().st_mtime <= (tiny / "no.json").stat().st_mtime


@pytest.fixture(scope="module")
def endless(
    tmp_path_factory: pytest.TempPathFactory, environments: Environments, worker: Worker,
    voices: Path, samples: list[Path], models_dir: Path, manifest: EngineManifest,
) -> HostedEngine:  # fmt: skip
    """With a network that goes on until it is stopped, so that it says as much as the contract expects."""
    folder = tmp_path_factory.mktemp("endless")
    run_here(environments, "tiny_xtts.py", folder, "--endless")
    engine = HostedEngine(worker, TinyModels(folder, voices, models_dir), replace(manifest, name="endless"))
    learn(engine, voices / "endless1", *samples)
    return engine


@pytest.mark.full
class TestXttsContract(SpeechContract):
    @pytest.fixture
    def speaker(self, endless: HostedEngine) -> Speaker:
        return Speaker(endless, replace(MINE, voice="mine/endless1"))
