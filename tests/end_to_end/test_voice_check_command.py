"""`voice check`, as a user runs it."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from audiostudio.sound.files import Sound, write_sound
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
