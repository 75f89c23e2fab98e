"""ElevenLabs' instant cloning: what is sent, what is kept, and what is refused."""

import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from audiostudio.engines.base import Learnt, SpeechSettings
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.remote.accounts import Accounts
from audiostudio.engines.watermark import Watermarker
from audiostudio.errors import AccountError, EngineFailed, KeyNeeded, ModelMissing, StudioError, UnknownVoice
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, write_sound
from audiostudio.voices.voice import Card
from tests.engines.contract import Speaker, sentences
from tests.engines.elevenlabs_server import ElevenLabsServer
from tests.engines.faulty_server import as_json
from tests.engines.remote import outcome, refreshed
from tests.voices.making import folder_in, record


@pytest.fixture
def server() -> Iterator[ElevenLabsServer]:
    with ElevenLabsServer() as running:
        yield running


@pytest.fixture
def accounts(tmp_path: Path, server: ElevenLabsServer) -> Accounts:
    accounts = Accounts(Profile(tmp_path / "profile"))
    refreshed(accounts, server)
    return accounts


@pytest.fixture
def samples(tmp_path: Path) -> list[Path]:
    """100 and 120 s."""
    paths = []
    for number, seconds in enumerate((100, 120)):
        paths.append(tmp_path / f"{number}.wav")
        write_sound(paths[-1], Sound(np.zeros((1, seconds * 48_000), np.float32), 48_000))
    return paths


def learnt(registry: EngineRegistry, samples: list[Path], folder: Path) -> Learnt:
    folder.mkdir()
    maker = registry.maker("elevenlabs")
    found: Learnt = outcome(maker.learn(samples, folder, {"name": "Nina", "language": "en-us"}))
    return found


def test_at_most_three_minutes_are_sent_and_the_voice_is_noted(
    accounts: Accounts, server: ElevenLabsServer, samples: list[Path], tmp_path: Path
) -> None:
    with closing(EngineRegistry(ModelStore(Path("nowhere")), None, accounts)) as registry:
        found = learnt(registry, samples, tmp_path / "voice")
        assert found.files == ("elevenlabs.json",)
        assert found.made_by == {"sent_to": "ElevenLabs", "seconds": 180.0}
        assert [path.name for path in (tmp_path / "voice").iterdir()] == ["elevenlabs.json"]
        lengths = []
        for name, content in server.sent:
            with av.open(io.BytesIO(content)) as sound:
                assert (name.endswith(".flac"), sound.format.name) == (True, "flac")
                lengths.append(float(sound.duration or 0) / av.time_base)
        assert lengths == [100.0, 80.0]
        [asked] = server.asked_for("/v1/voices/add")
        assert asked.body["name"] == "Nina"
        assert json.loads(asked.body["labels"]) == {"language": "en"}


def test_the_voice_speaks_with_the_mark(
    accounts: Accounts, server: ElevenLabsServer, samples: list[Path], models_dir: Path, tmp_path: Path
) -> None:
    own = folder_in(tmp_path / "profile")
    with closing(EngineRegistry(ModelStore(models_dir), None, accounts, own)) as registry:
        with own.new() as place:
            maker = registry.maker("elevenlabs")
            outcome(maker.learn(samples[:1], place, {"name": "Nina"}))
            own.keep(place, replace(record(engine="elevenlabs"), data=(("elevenlabs.json", ""),)), Card("Nina"))
        speaker = Speaker(registry.load("elevenlabs"), SpeechSettings("mine/nina00000001"))
        take = speaker.say_again(
            *sentences("The old house stood at the end of a long road, and nobody had lived there for years.")
        )
        asked = server.asked_for("/v1/text-to-speech/")[-1]
        assert server.voices[-1]["voice_id"] in asked.path
        assert Watermarker(ModelStore(models_dir)).detect([take.audio], take.rate).found


def test_without_the_mark_nothing_is_asked(
    accounts: Accounts, server: ElevenLabsServer, samples: list[Path], tmp_path: Path
) -> None:
    own = folder_in(tmp_path / "profile")
    with closing(EngineRegistry(ModelStore(Path("nowhere")), None, accounts, own)) as registry:
        speaker = Speaker(registry.load("elevenlabs"), SpeechSettings("mine/nina00000001"))
        with pytest.raises(ModelMissing):
            speaker.say_again(*sentences("Good morning."))
        assert not server.asked_for("/v1/text-to-speech/")


@pytest.mark.parametrize("case", ["plan", "verification", "no id", "no key"])
def test_what_is_refused_is_said(
    accounts: Accounts, server: ElevenLabsServer, samples: list[Path], tmp_path: Path, case: str
) -> None:
    error: type[StudioError] = AccountError
    if case == "plan":
        server.plan = "free"
        error = StudioError
    elif case == "verification":
        server.verifies = True
    elif case == "no id":
        server.fault(as_json({"voice_id": "", "requires_verification": False}), at="/v1/voices/add")
        error = EngineFailed
    else:
        accounts.keys.delete("elevenlabs")
        error = KeyNeeded
    with closing(EngineRegistry(ModelStore(Path("nowhere")), None, accounts)) as registry:
        with pytest.raises(error):
            learnt(registry, samples[:1], tmp_path / "voice")
        assert not (tmp_path / "voice" / "elevenlabs.json").exists()


def test_a_voice_of_another_engine_is_none_of_elevenlabs(accounts: Accounts, models_dir: Path, tmp_path: Path) -> None:
    own = folder_in(tmp_path / "profile")
    with own.new() as place:
        own.keep(place, record(engine="elevenlabs"), Card("Nina"))
    with closing(EngineRegistry(ModelStore(models_dir), None, accounts, own)) as registry:
        speaker = Speaker(registry.load("elevenlabs"), SpeechSettings("mine/nina00000001"))
        with pytest.raises(UnknownVoice, match="was not made at ElevenLabs"):
            speaker.say_again(*sentences("Good morning."))
