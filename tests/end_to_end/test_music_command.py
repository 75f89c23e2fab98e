"""`music`, as a user runs it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from audiostudio.sound.files import probe, read_sound
from audiostudio.sound.loudness import loudness
from tests.end_to_end.conftest import Here, Said

pytestmark = pytest.mark.models


@pytest.mark.long
def test_a_prompt_becomes_files_and_an_asset(here: Here, tmp_path: Path) -> None:
    made = here(
        *("music", "chiptune, 150 bpm", "-o", "quest.mp3", "--duration", "4", "--key", "D minor", "--seed", "7"),
        *("--stems", "parts", "--midi", "quest.mid", "--json"),
    )
    assert made.code == 0, made.err
    (piece,) = made.json["pieces"]
    assert (piece["plan"]["key"], piece["seed"], piece["seconds"]) == ("D minor", 7, 4.0)
    sound = read_sound(tmp_path / "quest.mp3")
    assert abs(loudness(sound).integrated + 14) < 0.6
    assert (tmp_path / "quest.mid").read_bytes()[:4] == b"MThd"
    stems = sorted((tmp_path / "parts").iterdir())
    assert len(stems) == len(piece["stems"]) > 1
    assert {probe(path).duration for path in stems} == {4.0}
    listed = here("library", "list", "--json")
    assert piece["asset"] in listed.out


@pytest.mark.full
def test_a_preset_with_variants(here: Here, tmp_path: Path) -> None:
    several = here("music", "--preset", "eight-bit-quest", "-o", "v.wav", "--duration", "2", "--variants", "2")
    assert several.code == 0, several.err
    assert {path.name for path in tmp_path.glob("v*.wav")} == {"v-1.wav", "v-2.wav"}


def test_the_presets_are_listed(here: Here) -> None:
    told = here("music", "presets", "--json")
    assert told.code == 0
    assert len(told.json["presets"]) >= 20
    assert {"upbeat-electronic", "calm-ambient", "energetic-rock", "corporate-background"} <= {
        one["id"] for one in told.json["presets"]
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["music", "", "-o", "a.wav"], "Nothing says what music"),
        (["music", "jazz"], "Where shall the music go"),
        (["music", "jazz", "-o", "a.wav", "--duration", "0.1"], "0.1 seconds"),
        (["music", "jazz", "-o", "a.wav", "--duration", "7200"], "2 hours"),
        (["music", "jazz", "-o", "a.wav", "--genre", "polka-core"], "polka-core"),
        (["music", "jazz", "-o", "a.wav", "--midi", "./a.wav"], "a.wav is named twice"),
        (["music", "jazz", "-o", "a.wav", "--key", "H minor"], "H minor"),
        (["music", "jazz", "-o", "a.wav", "--preset", "nothing"], "nothing"),
        (["music", "x" * 10_000, "-o", "a.wav"], "10,000 characters"),
        (["music", "jazz", "-o", "a.xyz"], ".xyz"),
        (["music", "jazz", "-o", "a.wav", "--option", "loud"], "no setting"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_a_way_out(here: Here, tmp_path: Path, words: list[str], said: str) -> None:
    told = here(*words)
    assert told.code in (2, 3), told.err
    assert said in told.err
    assert "→" in told.err
    assert not list(tmp_path.glob("a.*"))


@pytest.mark.full
def test_no_soundfont_says_how_to_get_it(studio: Callable[..., Said], tmp_path: Path) -> None:
    told = studio("--profile", str(tmp_path / "empty"), "music", "solo piano", "-o", "a.wav", "--duration", "4")
    assert told.code == 5
    assert "audiostudio models pull musescore-general" in told.err
