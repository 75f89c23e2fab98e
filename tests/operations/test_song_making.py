"""A song, from its words to the library, in Hibari's voice: heard by Whisper."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio.errors import EmptyText, RequestError, UnknownLanguage, UnknownVoice, UnsupportedSetting
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import AssetKind
from audiostudio.music.song import SlotVoice, Song, SungNote, VocalPart
from audiostudio.operations.music.casting import DEFAULT, in_range, quality_of, range_of, singers
from audiostudio.operations.music.songs import composition, make, rights_of
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.sound.files import read_sound
from audiostudio.sound.loudness import loudness
from audiostudio.timeline.schema import encode
from tests.conftest import Whisper, word_errors

WORDS = "The river runs along the valley floor\nB: And I am walking home to you once more"
SUNG = "The river runs along the valley floor and I am walking home to you once more"
HEART = (SlotVoice("A", "hibari_heart"), SlotVoice("B", "hibari_heart"))
SONG = Song("song", "River", "calm folk, 96 bpm", writing="custom", lyrics=f"[Verse 1]\n{WORDS}", voices=HEART)

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def singing_studio(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Studio]:
    profile = Profile(tmp_path_factory.mktemp("songs") / "profile")
    profile.root.mkdir()
    profile.models.symlink_to(models_dir, target_is_directory=True)
    studio = Studio(profile)
    yield studio
    studio.close()


def made(studio: Studio, song: Song, **request: Any) -> tuple[JsonObject, list[Partial | Progress]]:
    body = make(studio, {"song": encode(song), "seed": 3, **request})
    told = []
    while True:
        try:
            told.append(next(body))
        except StopIteration as end:
            return end.value, told


@pytest.fixture(scope="module")
def river(singing_studio: Studio) -> JsonObject:
    return made(singing_studio, SONG, stems=True)[0]


def test_every_word_of_a_duet_is_understood_and_in_its_place(
    singing_studio: Studio, river: JsonObject, whisper: Whisper
) -> None:
    stems = {stem["name"]: singing_studio.library.get(stem["asset"]) for stem in river["stems"]}
    heard = whisper(stems["vocals"].path)
    assert word_errors(SUNG, heard) <= 0.2, heard
    assert word_errors("the river runs along the valley floor", whisper(stems["vocals A"].path)) <= 0.3
    lines = river["detail"]["lyrics"]["lines"]
    assert [line["slots"] for line in lines] == [["A"], ["B"]]
    assert [word["text"] for line in lines for word in line["words"]] == SUNG.replace("and", "And").split()
    times = [word["start"] for line in lines for word in line["words"]]
    assert times == sorted(times)
    first = read_sound(stems["vocals A"].path, mono=True)
    begin, end = (round(lines[0][side] * first.sample_rate) for side in ("start", "end"))
    power = np.square(first.samples[0])
    assert power[begin : end + 24_000].sum() > 0.8 * power.sum()


def test_the_stems_make_the_mix(singing_studio: Studio, river: JsonObject) -> None:
    library = singing_studio.library
    stems = {stem["name"]: read_sound(library.get(stem["asset"]).path) for stem in river["stems"]}
    mix = read_sound(library.get(river["asset"]).path)
    assert loudness(mix).integrated == pytest.approx(-14, abs=0.6)
    assert loudness(mix).true_peak <= -0.5
    apart = stems["vocals"].samples + stems["instrumental"].samples
    assert np.corrcoef(apart.ravel(), mix.samples.ravel())[0, 1] > 0.97
    singers_apart = stems["vocals A"].samples + stems["vocals B"].samples
    assert np.abs(singers_apart - stems["vocals"].samples).max() < 0.01


def test_a_song_is_in_the_library_with_all_that_belongs_to_it(singing_studio: Studio, river: JsonObject) -> None:
    asset = singing_studio.library.get(river["asset"])
    assert asset.kind is AssetKind.SONG
    assert asset.name == "River"
    assert asset.recipe is not None
    assert asset.recipe["voices"][0][:3] == ["A", "hibari_heart", "hibari"]
    assert asset.rights.commercial
    assert "hibari" in asset.rights.credit
    assert asset.detail["bpm"] == pytest.approx(96, rel=0.07)
    assert asset.detail["cover"]
    assert singing_studio.library.get(river["midi"]).path.read_bytes()[:4] == b"MThd"
    assert "<" in river["lrc"]
    assert "{\\k" in river["ass"]
    assert river["lrc"].count("river") == river["ass"].count("river") == 1


@pytest.mark.long
def test_only_what_changed_is_sung_again(singing_studio: Studio, river: JsonObject) -> None:
    cache = singing_studio.profile.cache / "sung"
    before = {path.name for path in cache.glob("*.npz")}
    again, _ = made(singing_studio, SONG)
    assert {path.name for path in cache.glob("*.npz")} == before
    assert again["detail"]["song"] == river["detail"]["song"]
    edited = replace(SONG, lyrics=SONG.lyrics.replace("once more", "some day"))
    made(singing_studio, edited)
    assert len({path.name for path in cache.glob("*.npz")} - before) == 1


@pytest.mark.long
def test_a_cancelled_song_leaves_nothing(singing_studio: Studio) -> None:
    library = singing_studio.library
    count = library.search().total
    body = make(singing_studio, {"song": encode(SONG), "seed": 3})
    for event in body:
        if isinstance(event, Partial) and event.data.get("stage") == "mix":
            break
    body.close()
    assert library.search().total == count
    assert not list(library.workshop.iterdir())


@pytest.mark.parametrize(
    ("changes", "error", "place"),
    [
        ({"lyrics": "  \n"}, EmptyText, ""),
        ({"lyrics": "la la la\n" * 5000}, RequestError, "line 301"),
        ({"lyrics": "Hello\nПривет, мой друг"}, UnknownLanguage, "line 2, character 1"),
        ({"voices": (SlotVoice("A", "nobody"),)}, UnknownVoice, "line 2"),
        ({"voices": (SlotVoice("A", "tone"),)}, UnsupportedSetting, "singer A"),
        ({"engine": "musicgen"}, UnsupportedSetting, "accompany"),
        ({"writing": "instrumental"}, RequestError, "no words"),
        ({"vocals": (VocalPart("A", "lead", (SungNote(0, 480, 60, 7, 0, 0, "gone"),)),)}, RequestError, "gone"),
    ],
)
def test_what_cannot_be_sung_is_said_with_its_place(
    singing_studio: Studio, changes: dict[str, Any], error: type[Exception], place: str
) -> None:
    with pytest.raises(error) as found:
        composition(singing_studio, replace(SONG, **changes), 1)
    assert place in str(found.value) + str(getattr(found.value, "hint", ""))


def test_the_hint_names_voices_that_sing_a_language(singing_studio: Studio) -> None:
    with pytest.raises(UnknownLanguage) as found:
        composition(singing_studio, replace(SONG, lyrics="朝の光"), 1)
    assert "jf_" in found.value.hint


def test_a_melody_goes_to_the_octave_of_its_voice(singing_studio: Studio) -> None:
    notes = tuple(SungNote(480 * at, 480, pitch, 0, 0, 0, "la") for at, pitch in enumerate((72, 74, 76, 77)))
    low = range_of(singing_studio.engines.voice("am_michael"))
    moved = in_range(VocalPart("A", "lead", notes), low)
    assert all(low.low <= note.pitch <= low.high for note in moved.notes)
    assert {(one.pitch - other.pitch) % 12 for one, other in zip(moved.notes, notes, strict=True)} == {0}
    assert in_range(moved, low) == moved


def test_every_voice_that_ships_has_a_range_and_says_how_well_it_sings(singing_studio: Studio) -> None:
    engines = singing_studio.engines
    for voice in engines.voices():
        manifest = engines.manifest(voice.engine)
        if manifest.capabilities.singing and voice.engine in ("kokoro", "hibari"):
            assert 60 < singers()[voice.id]["hz"] < 350
            assert quality_of(manifest, voice.id) in ("good", "experimental")
    assert set(DEFAULT) <= {one.id for one in engines.voices()}


def test_a_song_has_the_terms_of_everybody_who_sings(singing_studio: Studio) -> None:
    (heart,) = composition(singing_studio, replace(SONG, lyrics="The river runs"), 1).singers
    assert rights_of(singing_studio, (heart,)).commercial
    strict = replace(heart, manifest=singing_studio.engines.manifest("xtts"))
    assert not rights_of(singing_studio, (heart, strict)).commercial
