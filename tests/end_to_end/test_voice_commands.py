"""`voice …` as a user types it: from recordings to a voice in another profile."""

import json
from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.registry import EngineRegistry
from audiostudio.profile import Profile
from audiostudio.script.reading import read
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.voices.voice import Card
from tests.end_to_end.conftest import Here
from tests.operations.learner import MANIFEST
from tests.voices.making import folder_in, keep, record


def spoken(registry: EngineRegistry, text: str, path: Path) -> None:
    chunks = list(registry.load("hibari").speak(read(text, "en-us"), SpeechSettings("hibari_heart")))
    audio = np.concatenate([chunk.audio for chunk in chunks])
    write_sound(path, Sound(audio[np.newaxis], chunks[0].sample_rate))


@pytest.mark.long
@pytest.mark.models
def test_from_recordings_to_a_voice_that_speaks_elsewhere(
    here: Here, speaking_profile: Profile, registry: EngineRegistry, models_dir: Path, tmp_path: Path
) -> None:
    speaking_profile.engines.mkdir()
    (speaking_profile.engines / "learner.json").write_text(json.dumps(MANIFEST))
    text = "The old harbour wakes slowly. Fishermen mend their nets, and somewhere a radio plays the morning news."
    spoken(registry, text, tmp_path / "nina.wav")
    assert here("voice", "check", "nina.wav").code == 0
    phrase = here("voice", "consent-phrase", "--person", "Nina Berg", "--json").json
    spoken(registry, phrase["text"], tmp_path / "phrase.wav")
    given = {"whose": "own", "person": "Nina Berg", "phrase": phrase["id"], "recording": "phrase.wav"}
    (tmp_path / "consent.json").write_text(json.dumps(given))

    command = ("voice", "create", "Nina", "--engine", "learner", "--samples", "nina.wav", "--consent")
    stale = given | {"phrase": "0123456789ab"}
    (tmp_path / "stale.json").write_text(json.dumps(stale))
    refused = here(*command, "stale.json")
    assert (refused.code, "24 hours" in refused.err) == (2, True), refused.err
    made = here(*command, "consent.json", "--tag", "calm")
    assert made.code == 0, made.err
    assert "may not be sold" in made.out
    assert "may not be sold" in made.err, "before it begins"
    [listed] = here("voice", "list", "--json").json
    assert (listed["name"], listed["kind"], listed["tags"]) == ("Nina", "matched", ["calm"])
    assert listed["consent"]["statement"] == phrase["text"]

    assert here("speak", "Good morning.", "--voice", "nina", "-o", "morning.wav").code == 0
    assert read_sound(tmp_path / "morning.wav").duration > 0.2
    assert "mine/" in here("voices", "nina").out
    assert here("voice", "share", "Nina", "-o", "Nina.asvoice", "--samples").code == 0

    there = Profile(tmp_path / "there")
    there.engines.mkdir(parents=True)
    there.models.symlink_to(models_dir, target_is_directory=True)
    (there.engines / "learner.json").write_text(json.dumps(MANIFEST))
    brought = here("voice", "import", "Nina.asvoice", profile=there)
    assert (brought.code, "Nina Berg" in brought.out, "may not be sold" in brought.out) == (0, True, True), brought.err
    assert here("speak", "Good morning.", "--voice", "Nina", "-o", "there.wav", profile=there).code == 0
    data = bytearray((tmp_path / "Nina.asvoice").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "Bad.asvoice").write_bytes(data)
    bad = here("voice", "import", "Bad.asvoice", profile=there)
    assert (bad.code, "cannot be imported" in bad.err) == (3, True), bad.err


def test_a_card_is_written_on(here: Here, profile: Profile, tmp_path: Path) -> None:
    keep(folder_in(profile.root))
    keep(folder_in(profile.root), record("mine/otto00000001"), Card("Otto", slot="A"))
    for words in (
        ("rename", "Nina", "Nina B."), ("describe", "nina b.", "Calm"), ("tag", "Nina B.", "calm", "calm", "warm"),
        ("slot", "mine/nina00000001", "A"),
    ):  # fmt: skip
        said = here("voice", *words, profile=profile)
        assert said.code == 0, said.err
    (tmp_path / "nina.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    assert here("voice", "picture", "Nina B.", "nina.png", profile=profile).code == 0
    nina, otto = here("voice", "list", "--json", profile=profile).json
    assert (nina["name"], nina["description"], nina["tags"], nina["slot"]) == ("Nina B.", "Calm", ["calm", "warm"], "A")
    assert nina["picture"].endswith(".png")
    assert otto["slot"] == ""
    assert here("voice", "picture", "Nina B.", "-", "--json", profile=profile).json["picture"] == ""
    taken = here("voice", "rename", "Otto", "NINA B.", profile=profile)
    assert (taken.code, "already a voice" in taken.err) == (2, True)
    shown = here("voice", "show", "Nina B.", profile=profile)
    assert shown.code == 0, shown.err
    for words in ("Nina B.  slot A", "calm, warm", "Nina Berg", "a matched voice", "may be sold"):
        assert words in shown.out
    assert "{" not in shown.out
    assert here("voice", "show", "Nobody", profile=profile).code == 2


def test_through_the_bin(here: Here, profile: Profile) -> None:
    keep(folder_in(profile.root))
    assert here("voice", "delete", "Nina", profile=profile).code == 0
    assert here("voice", "list", "--json", profile=profile).json == []
    assert "Nina" in here("voice", "bin", profile=profile).out
    assert here("voice", "restore", "Nina", profile=profile).code == 0
    assert [one["name"] for one in here("voice", "list", "--json", profile=profile).json] == ["Nina"]
    assert here("voice", "delete", "Nina", profile=profile).code == 0
    assert here("voice", "empty-bin", profile=profile).code == 2
    assert here("voice", "empty-bin", "--yes", "--json", profile=profile).json == {"deleted": 1}
    assert here("voice", "restore", "Nina", profile=profile).code == 2


def test_a_damaged_voice_is_listed_as_such(here: Here, profile: Profile) -> None:
    folder = folder_in(profile.root)
    keep(folder)
    (folder.folder / "nina00000001/1/style.bin").unlink()
    said = here("voice", "list", "--json", profile=profile)
    [listed] = said.json
    assert "style.bin is missing" in listed["damaged"]
    assert listed["hint"] in said.err
    spoken_with = here("speak", "Hello.", "--voice", "mine/nina00000001", "-o", "x.wav", profile=profile)
    assert spoken_with.code == 2
    assert here("voice", "delete", "Nina", profile=profile).code == 2
    assert here("voice", "delete", "mine/nina00000001", profile=profile).code == 0


@pytest.mark.parametrize("text", ["{", "[1]", "[" * 100_000, '{"whose": "nobody"}', "\xff"])
def test_a_consent_file_that_is_none_is_said(here: Here, profile: Profile, tmp_path: Path, text: str) -> None:
    (tmp_path / "sample.wav").write_bytes(b"no sound")
    (tmp_path / "consent.json").write_bytes(text.encode("latin-1"))
    said = here("voice", "create", "Nina", "--samples", "sample.wav", "--consent", "consent.json", profile=profile)
    assert said.code in (2, 3)
    assert "voice-consent.md" in said.err
