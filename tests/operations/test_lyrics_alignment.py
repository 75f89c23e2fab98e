"""Lyrics laid on a track with music: real recognition, words whose times are known."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from audiostudio.errors import RequestError
from audiostudio.library import AssetKind
from audiostudio.library.imports import import_media
from audiostudio.operations.music.aligning import align
from audiostudio.operations.speech import Delivery, chunks
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, write_sound
from tests.music.band import play
from tests.operations.test_reworking import run

LINES = ("Carry me over the river tonight.", "Nobody is waiting at the kitchen door.")
LYRICS = f"[Verse 1]\nA: {LINES[0]}\n\n[Chorus]\nA+B: {LINES[1]}\n"
STARTS = (2.0, 9.0)
RATE = 24_000


class Track(NamedTuple):
    path: Path
    times: list[float]


@pytest.fixture(scope="module")
def track(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Track:
    """Two lines that are spoken over music, far from each other."""
    folder = tmp_path_factory.mktemp("lyrics")
    profile = Profile(folder / "profile")
    profile.root.mkdir()
    profile.models.symlink_to(models_dir, target_is_directory=True)
    studio = Studio(profile)
    sound = 0.15 * play(100, bars=6, rate=RATE).sound
    times: list[float] = []
    for text, start in zip(LINES, STARTS, strict=True):
        at = round(start * RATE)
        for chunk in chunks(studio, Delivery(text, "hibari_heart")):
            assert chunk.sample_rate == RATE
            times += [at / RATE + word.start / RATE for word in chunk.words]
            sound[at : at + len(chunk.audio)] += chunk.audio
            at += len(chunk.audio)
    studio.close()
    path = folder / "Track.wav"
    write_sound(path, Sound(sound[None], RATE))
    return Track(path, times)


@pytest.mark.long
def test_words_are_found_and_what_is_fixed_stays(speaking_profile: Profile, track: Track) -> None:
    studio = Studio(speaking_profile)
    asset = import_media(studio.library, track.path, kind=AssetKind.SONG).asset
    request = {"asset": asset.id, "lyrics": LYRICS, "language": "en"}
    found = run(align(studio, request))
    words = [word for line in found["lines"] for word in line["words"]]
    away = np.abs(np.array([word["start"] for word in words]) - np.array(track.times))
    assert np.median(away) < 0.2
    assert away.max() < 0.8
    assert found["heard"] > 0.8
    assert [(line["slots"], line["section"]) for line in found["lines"]] == [(["A"], "Verse 1"), (["A", "B"], "Chorus")]
    kept = studio.library.get(asset.id).detail["lyrics"]
    assert kept == {"lines": found["lines"]}

    moved = run(align(studio, {**request, "fixed": [[1, 0, 8.0], [1, 3, 10.5]]}))
    line = moved["lines"][1]["words"]
    assert [line[0]["start"], line[3]["start"]] == [8.0, 10.5]
    assert [line[0]["confidence"], line[3]["confidence"]] == [1.0, 1.0]
    assert all(8.0 < word["start"] < 10.5 for word in line[1:3])
    assert moved["lines"][0] == found["lines"][0]
    studio.close()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lyrics": ""}, "no words"),
        ({"lyrics": "[Verse]\n\n"}, "no words"),
        ({"lyrics": "la " * 30_000}, "30,000 words"),
        ({"fixed": [[0, 99, 1.0]]}, "Line 1 has no word 100"),
        ({"fixed": [[0, 0, 999.0]]}, "not in the track"),
        ({"fixed": [[0, 1, 3.0], [1, 0, 2.0]]}, "Line 2, word 1 would begin before"),
    ],
)
def test_bad_requests_are_told_with_their_place(
    studio: Studio, track: Track, changes: dict[str, object], said: str
) -> None:
    request = {"path": str(track.path), "lyrics": LYRICS, "language": "en", **changes}
    with pytest.raises(RequestError, match=said):
        run(align(studio, request))
