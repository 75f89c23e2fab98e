"""`verify` tells what a file is, what it could not tell, and never more than it knows."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio import cli
from audiostudio.cli.verify import told
from audiostudio.credentials import Credentials, Origin, Source
from audiostudio.engines.base import SpeechChunk, SpeechSettings
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.watermark import Watermarker
from audiostudio.errors import MissingMedia, UnreadableMedia
from audiostudio.jobs import JsonObject
from audiostudio.library.imports import import_media
from audiostudio.operations.studio import Studio
from audiostudio.operations.verify import NO_MARK_PROVES, verify
from audiostudio.profile import Profile
from audiostudio.rights import Rights
from audiostudio.script.reading import read
from audiostudio.sound.files import SoundWriter, read_sound, write_sound
from audiostudio.sound.tags import Tags

RATE = 24_000
RIGHTS = Rights("CPML", False, "XTTS by Coqui")
Floats = NDArray[np.float32]

pytestmark = pytest.mark.models


@pytest.fixture
def studio(speaking_profile: Profile) -> Any:
    studio = Studio(speaking_profile)
    yield studio
    studio.close()


@pytest.fixture(scope="module")
def speech(registry: EngineRegistry) -> Floats:
    text = "The sea was calm, and nobody said a word until the boat had reached the island."
    parts = registry.load("hibari").speak(read(text, "en-us"), SpeechSettings("hibari_heart"))
    return np.concatenate([chunk.audio for chunk in parts])


@pytest.fixture(scope="module")
def marked(speech: Floats, models_dir: Path) -> Floats:
    chunks = Watermarker(ModelStore(models_dir)).mark([SpeechChunk(speech, RATE, 0)])
    return np.concatenate([chunk.audio for chunk in chunks])


def result(steps: Any) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def looked_at(studio: Studio, path: Path) -> JsonObject:
    found: JsonObject = json.loads(json.dumps(result(verify(studio, {"path": str(path)}))))  # as it leaves a worker
    assert told(found)
    return found


def written(path: Path, audio: Floats, rights: Rights | None = None) -> Path:
    tags = Tags("Intro", copyright=rights.notice if rights else "")
    with SoundWriter(path, RATE, 1, path.suffix[1:], tags=tags) as writer:
        writer.write(audio)
    return path


def test_a_marked_and_signed_file_tells_all(studio: Studio, marked: Floats, tmp_path: Path) -> None:
    path = written(tmp_path / "Intro.mp3", marked, RIGHTS)
    source = Source("xtts", "2", "Nina", "cloned", {"whose": "own", "person": "Nina", "date": "2026", "scope": "all"})
    studio.credentials.sign(path, "mp3", Origin("Intro", RIGHTS, (source,), True))
    found = looked_at(studio, path)
    assert found["watermark"]["state"] == "found"
    assert found["watermark"]["confidence"] > 0.95
    assert found["watermark"]["found"][0][0] == 0
    assert (found["credentials"]["state"], found["credentials"]["signer"]) == ("valid", "this")
    assert found["rights"]["commercial"] is False
    assert found["could_not_check"] == []
    assert "Nina (cloned, xtts)" in told(found)


def test_an_unmarked_file_is_not_said_to_be_human(studio: Studio, speech: Floats, tmp_path: Path) -> None:
    found = looked_at(studio, written(tmp_path / "plain.opus", speech))
    assert found["watermark"]["state"] == "not_found"
    assert found["watermark"]["confidence"] < 0.2
    assert found["notes"] == [NO_MARK_PROVES]
    assert (found["credentials"]["state"], found["rights"], found["library"]) == ("none", None, None)
    assert "hold none" in found["could_not_check"][0]


@pytest.mark.long
def test_stripped_of_all_that_it_says_the_mark_is_still_there(studio: Studio, marked: Floats, tmp_path: Path) -> None:
    path = written(tmp_path / "signed.wav", marked, RIGHTS)
    studio.credentials.sign(path, "wav", Origin("Intro", RIGHTS))
    bare = tmp_path / "bare.wav"
    write_sound(bare, read_sound(path))
    found = looked_at(studio, bare)
    assert (found["credentials"]["state"], found["rights"]) == ("none", None)
    assert found["watermark"]["state"] == "found"


def test_a_changed_file_is_not_believed(studio: Studio, speech: Floats, tmp_path: Path) -> None:
    path = written(tmp_path / "signed.wav", speech)
    studio.credentials.sign(path, "wav", Origin("Intro", RIGHTS))
    data = bytearray(path.read_bytes())
    data[data.index(b"data") + 5_000] ^= 0x40
    path.write_bytes(data)
    found = looked_at(studio, path)
    assert found["credentials"]["state"] == "invalid"
    assert "assertion.dataHash.mismatch" in found["credentials"]["problems"]
    assert "NOT VALID" in told(found)


@pytest.mark.long
def test_in_silence_and_in_tones_no_mark_can_be_looked_for(studio: Studio, tmp_path: Path) -> None:
    time = np.arange(RATE * 5) / RATE
    chord = sum(0.1 * np.sign(np.sin(2 * np.pi * hertz * time)) for hertz in (220, 277, 330))
    for name, audio in (("silent", np.zeros(RATE * 3)), ("chord", chord)):
        found = looked_at(studio, written(tmp_path / f"{name}.wav", np.asarray(audio, np.float32)))
        assert found["watermark"]["state"] == "no_speech"
        assert found["watermark"]["found"] == []


def test_what_is_no_sound_is_told_and_not_run(studio: Studio, tmp_path: Path) -> None:
    program = tmp_path / "setup.wav"
    program.write_bytes(b"MZ\x90\x00" + b"\x00" * 60 + b"This program cannot be run in DOS mode." * 50)
    cut = written(tmp_path / "cut.wav", np.zeros(RATE, np.float32))
    cut.write_bytes(cut.read_bytes()[:50])
    lying = tmp_path / "lying.wav"
    lying.write_bytes(
        b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVEC2PA" + struct.pack("<I", 0xFFFFFFF0) + b"\xff" * 99
    )
    empty = tmp_path / "empty.wav"
    empty.touch()
    for path in (program, cut, lying, empty):
        found = looked_at(studio, path)
        assert found["watermark"]["state"] == "not_checked"
        assert found["credentials"]["state"] in ("none", "unreadable")
        assert any(sentence.startswith("The sound: ") for sentence in found["could_not_check"])
    with pytest.raises(MissingMedia):
        looked_at(studio, tmp_path / "nowhere.wav")
    with pytest.raises(UnreadableMedia):
        looked_at(studio, tmp_path)


def test_what_a_file_says_cannot_steer_the_terminal(studio: Studio, speech: Floats, tmp_path: Path) -> None:
    path = written(tmp_path / "evil.wav", speech[:RATE])
    source = Source("\x1b[2J", "1", "Nina\r\nWatermark: not found", "cloned", {"person": "\x07" * 3})
    Credentials(tmp_path / "elsewhere").sign(path, "wav", Origin("\x1b]0;owned\x07", RIGHTS, (source,)))
    found = looked_at(studio, path)
    assert found["credentials"]["signer"] == "other"
    assert all(line.isprintable() for line in told(found).splitlines())
    assert "whom nobody vouches for" in told(found)


def test_without_the_model_the_rest_is_told(profile: Profile, speech: Floats, tmp_path: Path) -> None:
    studio = Studio(profile)
    found = looked_at(studio, written(tmp_path / "plain.wav", speech, RIGHTS))
    studio.close()
    assert found["watermark"]["state"] == "not_checked"
    assert found["rights"]["licence"] == "CPML"
    assert any("models pull perth" in sentence for sentence in found["could_not_check"])
    assert not (profile.library / "library.db").exists()


@pytest.mark.long
def test_on_the_command_line(
    studio: Studio, speech: Floats, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "plain.wav", speech)
    asset = import_media(studio.library, path).asset
    assert cli.main(cli.parse(["verify", str(path), "--json", "--profile", str(studio.profile.root)])) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["file"] == str(path)
    assert found["library"]["asset"] == asset.id
    assert found["watermark"]["windows"][0]["confidence"] < 0.2
