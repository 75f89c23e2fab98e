"""`voice check`, as a user runs it."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from audiostudio.sound.files import Sound, read_sound, write_sound
from tests.end_to_end.conftest import Said
from tests.voices.recordings import RATE, Clips

pytestmark = pytest.mark.models


@pytest.fixture
def clips(registry: object) -> Clips:
    return Clips(registry)  # type: ignore[arg-type]


@pytest.mark.long
def test_recordings_are_judged_in_words_and_one_that_is_refused_ends_with_3(
    studio: Callable[..., Said], tmp_path: Path, clips: Clips
) -> None:
    write_sound(tmp_path / "anna.wav", Sound(clips.woman[None], RATE))
    shutil.copyfile(sys.executable, tmp_path / "program.wav")
    said = studio("voice", "check", "anna.wav", "program.wav", "--language", "es")
    assert said.code == 3
    lines = said.out.splitlines()
    assert lines[1].split()[:2] == ["anna.wav", "usable"]
    assert lines[2].split()[:2] == ["program.wav", "refused"]
    assert "It sounds like English, not Spanish." in said.out
    assert "not a sound" in said.out
    assert said.out.count("→") >= 2
    assert lines[-1].startswith("Together: usable.")
    good = studio("voice", "check", "anna.wav", "--json")
    assert good.code == 0
    assert good.json["samples"][0]["verdict"] == "good"
    assert good.json["together"]["speakers_agree"] is None


@pytest.mark.long
def test_a_recording_is_made_better_in_a_new_file(studio: Callable[..., Said], tmp_path: Path, clips: Clips) -> None:
    original = tmp_path / "quiet.wav"
    write_sound(original, Sound(clips.woman[None] / 20, RATE))
    bytes_before = original.read_bytes()
    done = studio("voice", "prepare", "quiet.wav", "--normalise", "-o", "loud.wav")
    assert done.code == 0, done.err
    assert "of 100 → " in done.out
    made = studio("voice", "prepare", "quiet.wav", "--normalise", "--trim", "-o", "loud.wav", "--json").json
    assert made["sample"]["level"] > made["before"]["level"] + 10
    assert read_sound(tmp_path / "loud.wav").sample_rate == 48_000
    assert original.read_bytes() == bytes_before
    nothing = studio("voice", "prepare", "quiet.wav", "-o", "same.wav")
    assert nothing.code == 2
    assert "--denoise" in nothing.err
    assert not (tmp_path / "same.wav").exists()
