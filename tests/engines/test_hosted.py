"""Engines in an environment, through the real process and protocol: what they say, how they fail, how they end."""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.base import Capabilities, EngineManifest, SpeechChunk, SpeechSettings
from audiostudio.engines.environments.calls import PARTS_AT_ONCE, Worker
from audiostudio.engines.environments.hosted import HostedEngine
from audiostudio.engines.environments.store import STAMP
from audiostudio.engines.environments.wire import decode, decoded_parts, encode, encoded_parts
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import EngineFailed, EngineUnavailable, ModelMissing, UnknownVoice, WorkerDied
from audiostudio.jobs.failure import Bug
from audiostudio.performance import PitchPoint, Voicing
from audiostudio.rights import Rights
from audiostudio.script.spoken import Pause, Sentence, Word
from audiostudio.sound.files import Sound, write_sound
from audiostudio.sound.pcm import PcmFile
from tests.engines.contract import Speaker, SpeechContract, sentences
from tests.engines.environment import NAME, toy_environment
from tests.engines.hosted_toy import RATE

TOY = EngineManifest(
    "toy",
    "Toy",
    "tests.engines.hosted_toy",
    "1",
    "speech",
    Capabilities(languages=("en-us",)),
    Rights("MIT", True),
    environment=NAME,
    sample_rate=RATE,
)


class ToyModels:
    """What the studio gives: a file and an own voice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "weights.txt").write_text("heavy")
        (folder / "voice").mkdir()

    def path(self, name: str, file: str) -> Path:
        if not (self.folder / file).exists():
            raise ModelMissing(f"{name} is not here.", "Fetch it.")
        return self.folder / file

    def voice(self, identity: str) -> Path:
        if identity != "mine/one":
            raise UnknownVoice(f"There is no own voice {identity}.", "")
        return self.folder / "voice"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The command of the toy environment."""
    return tuple(toy_environment(tmp_path_factory.mktemp("environment")).command(NAME))


@pytest.fixture(scope="module")
def worker(environment: tuple[str, ...]) -> Iterator[Worker]:
    worker = Worker("toys", environment)
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> ToyModels:
    return ToyModels(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def engine(worker: Worker, models: ToyModels) -> HostedEngine:
    return HostedEngine(worker, models, TOY)


@pytest.fixture
def mortal(environment: tuple[str, ...], models: ToyModels) -> Iterator[HostedEngine]:
    """One whose process may die: it has it for itself."""
    worker = Worker("toys", environment)
    yield HostedEngine(worker, models, TOY)
    worker.close()


@pytest.fixture(scope="module")
def hosted_tone(worker: Worker, registry: EngineRegistry, models: ToyModels) -> HostedEngine:
    manifest = replace(registry.manifest("tone"), environment=NAME, sample_rate=24_000)
    return HostedEngine(worker, models, manifest)


def settings(what: str = "", voice: str = "toy") -> SpeechSettings:
    return SpeechSettings(voice, options=(("what", what),) if what else ())


def spoken(stream: Iterator[SpeechChunk]) -> list[SpeechChunk]:
    return [chunk for chunk in stream if len(chunk.audio)]


def said(chunk: SpeechChunk) -> list[str]:
    """The voice's name, the weights and the process."""
    return chunk.words[-1].text.split()


def process(engine: HostedEngine) -> int:
    return int(said(spoken(engine.speak(sentences("Who."), settings()))[0])[-1])


@pytest.mark.models
class TestHostedTone(SpeechContract):
    """The whole contract of speech engines, through another process."""

    @pytest.fixture
    def speaker(self, hosted_tone: HostedEngine) -> Speaker:
        return Speaker(hosted_tone, SpeechSettings("tone"))

    def test_it_says_the_same_as_here(self, speaker: Speaker, registry: EngineRegistry) -> None:
        parts = [*sentences("Everything you make."), Pause(0.3, 0, 0), *sentences("Can be made again.")]
        here = Speaker(registry.load("tone"), SpeechSettings("tone")).say_again(*parts)
        there = speaker.say_again(*parts)
        assert np.array_equal(here.audio, there.audio)
        assert here.words == there.words
        for one, two in zip(here.chunks, there.chunks, strict=True):
            assert one.hop == two.hop
            assert (one.melody is None) == (two.melody is None)
            if one.melody is not None:
                assert np.array_equal(one.melody, two.melody)


def test_what_is_sent_comes_back_as_it_was() -> None:
    voicing = Voicing(1.2, phonemes=(0.5, 0.5), curve=(PitchPoint(0.0, 120.0), PitchPoint(1.0, 90.5)), gap=0.25)
    words = (Word("a", 0, 1, "a", "ə", "x", "ɪ", voicing), Word("b.", 2, 4, "b."))
    parts = [Sentence(words, "en-us", True, "af_heart"), Pause(0.3, 5, 9)]
    assert decoded_parts(encoded_parts(parts)) == parts
    assert decode(EngineManifest, encode(TOY)) == TOY


def test_every_manifest_that_ships_comes_back_as_it_was(registry: EngineRegistry) -> None:
    for manifest in registry.manifests():
        assert decode(EngineManifest, encode(manifest)) == manifest


def test_it_asks_the_studio_for_files_and_voices(engine: HostedEngine) -> None:
    (chunk,) = spoken(engine.speak(sentences("One two."), settings(voice="mine/one")))
    assert said(chunk)[:3] == ["voice", "heavy", "offline=1"]
    assert [word.text for word in chunk.words[:-1]] == ["One", "two."]
    assert engine.device == "a toy"


def test_what_the_studio_refuses_is_raised_there_and_here(engine: HostedEngine, worker: Worker, tmp_path: Path) -> None:
    with pytest.raises(UnknownVoice, match="no own voice mine/two"):
        engine.speak(sentences("One."), settings(voice="mine/two"))
    with pytest.raises(EngineFailed, match=r"No\. Ask another"):
        engine.speak(sentences("One."), settings("refuse"))
    bare = ToyModels(tmp_path)
    (tmp_path / "weights.txt").unlink()
    with pytest.raises(ModelMissing, match="Fetch it"):
        HostedEngine(worker, bare, replace(TOY, name="other toy"))


def test_no_more_text_is_read_than_it_asks_for(engine: HostedEngine) -> None:
    taken = 0

    def source() -> Iterator[Sentence]:
        nonlocal taken
        for sentence in sentences("A short one. " * 500):
            taken += 1
            yield sentence

    stream = engine.speak(source(), settings())
    for _ in range(20):
        next(stream)
    assert taken <= 20 + 2 * PARTS_AT_ONCE
    stream.close()


def test_prints_do_not_disturb_it(engine: HostedEngine) -> None:
    assert len(spoken(engine.speak(sentences("One. Two. Three."), settings("print")))) == 3


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("killed", r"was killed \(signal 9\)"),
        ("crash", "SIGSEGV"),
        ("dies of memory", "ran out of GPU memory"),
        ("little memory", r"ran out of memory\."),
        ("card", "The graphics card failed: CUDA error: an illegal memory access"),
    ],
)
def test_a_process_that_dies_says_why_and_the_next_request_has_another(
    mortal: HostedEngine, what: str, sentence: str
) -> None:
    with pytest.raises(WorkerDied, match=sentence):
        spoken(mortal.speak(sentences("One."), settings(what)))
    assert len(spoken(mortal.speak(sentences("One."), settings()))) == 1


def test_gpu_memory_that_is_full_is_a_sentence_and_the_process_lives(engine: HostedEngine) -> None:
    before = process(engine)
    with pytest.raises(EngineFailed, match=r"Toy ran out of GPU memory\."):
        spoken(engine.speak(sentences("One."), settings("memory")))
    assert process(engine) == before


def test_a_bug_there_is_a_bug_here(engine: HostedEngine) -> None:
    with pytest.raises(Bug, match="a planted bug"):
        spoken(engine.speak(sentences("One."), settings("bug")))


def test_a_kill_from_outside_while_it_waits(mortal: HostedEngine) -> None:
    before = process(mortal)
    os.kill(before, signal.SIGKILL)
    assert process(mortal) != before


def test_a_stream_can_be_cancelled_while_nothing_comes(mortal: HostedEngine) -> None:
    """A process that hangs in its work gives its caller places to cancel, and does not outlive the worker."""
    stream = mortal.speak(sentences("One."), settings("hang"))
    chunk = next(stream)
    assert len(chunk.audio) == 0
    assert chunk.sample_rate == RATE


def test_a_stream_that_was_left_ends_at_the_next_request(engine: HostedEngine) -> None:
    before = process(engine)
    left = engine.speak(sentences("One. " * 100), settings())
    next(left)
    assert process(engine) == before
    with pytest.raises(RuntimeError, match="closed"):
        next(left)


def test_learning(engine: HostedEngine, tmp_path: Path) -> None:
    samples = [tmp_path / "a.wav", tmp_path / "b.wav"]
    work = engine.learn(samples, tmp_path, {"seed": "7"})
    heard = []
    try:
        while True:
            heard.append(next(work).message)
    except StopIteration as stop:
        learnt = stop.value
    assert {"listening to a.wav", "listening to b.wav"} <= set(heard)
    assert learnt.files == ("learnt.txt",)
    assert learnt.made_by == {"samples": 2, "nested": {"x": [1.5]}}
    assert (tmp_path / "learnt.txt").read_text() == "2 7"


def test_learning_that_is_cancelled_writes_nothing_afterwards(engine: HostedEngine, tmp_path: Path) -> None:
    work = engine.learn([tmp_path / "a.wav"], tmp_path, {"seed": "7", "what": "stuck"})
    while not (tmp_path / "learnt.txt").exists():
        next(work)
    work.close()
    (tmp_path / "learnt.txt").unlink()
    assert process(engine)
    assert not (tmp_path / "learnt.txt").exists()


def test_a_process_killed_while_it_learns(mortal: HostedEngine, tmp_path: Path) -> None:
    with pytest.raises(WorkerDied, match="killed"):
        list(mortal.learn([tmp_path / "a.wav"], tmp_path, {"seed": "7", "what": "killed"}))


def test_recordings_of_any_format_are_sent_as_wav(engine: HostedEngine, tmp_path: Path) -> None:
    mix, folder = Sound(np.linspace(-0.5, 0.5, 2 * RATE, dtype=np.float32)[np.newaxis], RATE), tmp_path / "stems"
    write_sound(tmp_path / "mix.m4a", mix, "alac")
    folder.mkdir()
    told = [event.message for event in engine.separate(tmp_path / "mix.m4a", folder)]
    assert told[0] == "Reading mix.m4a"
    assert told[-1] == "taking it apart"
    assert [file.name for file in folder.iterdir()] == ["all.wav"]  # nothing of what was sent stays
    sent = PcmFile(folder / "all.wav")
    assert np.allclose(sent.read(0, 2 * RATE), mix.samples, atol=1e-4)


def test_conversion(engine: HostedEngine) -> None:
    audio = np.random.default_rng(0).uniform(-1, 1, 50_001).astype(np.float32)
    chunks = spoken(engine.convert(audio, 22_050, "toy"))
    assert np.array_equal(np.concatenate([chunk.audio for chunk in chunks]), -audio)
    assert chunks[1].start == 25_000
    assert chunks[0].sample_rate == 22_050


@pytest.mark.parametrize(
    ("interpreter", "sentence"),
    [
        (r"printf 'ASJF\143\000\002\000\000\000{}'; cat", "version 99 of the worker protocol"),
        ("printf 'Hello, I am a shell.'; cat", "does not understand"),
        ("echo 'No module named numpy' >&2; exit 1", "No module named numpy"),
        ("exit 0", "exit code 0"),
    ],
)
def test_an_environment_that_speaks_otherwise(
    tmp_path: Path, models: ToyModels, interpreter: str, sentence: str
) -> None:
    worker = Worker("toys", toy_environment(tmp_path, interpreter).command(NAME))
    try:
        with pytest.raises(WorkerDied, match=sentence):
            HostedEngine(worker, models, TOY)
    finally:
        worker.close()


def test_of_a_registry(tmp_path: Path, models: ToyModels, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a manifest in the data folder, as an outside package has it."""
    import audiostudio.engines.registry as module

    environments = toy_environment(tmp_path)
    monkeypatch.setattr(module, "Environments", lambda _folder: environments)
    data = encode(TOY) | {"capabilities": {"languages": ["en-us"]}, "voices": []}
    voice = {"id": "toy", "name": "Toy", "language": "en-us", "gender": "neutral"}
    (tmp_path / "engines" / "toy.json").write_text(json.dumps(data | {"voices": [voice]}))
    registry = EngineRegistry(models, tmp_path / "engines")
    try:
        assert registry.voice("toy").engine == "toy"
        chunks = spoken(registry.load("toy").speak(sentences("Hello."), settings()))
        assert said(chunks[0])[:2] == ["toy", "heavy"]
        stamp = tmp_path / "engines" / NAME / STAMP
        stamp.write_bytes(stamp.read_bytes() + b" ")  # made again
        assert said(spoken(registry.load("toy").speak(sentences("Hello."), settings()))[0])[3] != said(chunks[0])[3]
        stamp.unlink()
        with pytest.raises(EngineUnavailable, match="is not whole"):
            registry.load("toy")
    finally:
        registry.close()
