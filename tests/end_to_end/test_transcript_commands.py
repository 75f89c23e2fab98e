"""What is said on a timeline, and what is cut out of it, through the terminal: real speech, real ears."""

from pathlib import Path

import numpy as np
import pytest

from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import TakeWord, Transcript
from audiostudio.timeline.tracks import Clip
from tests.end_to_end.conftest import Here

pytestmark = pytest.mark.models


def clips(place: Path) -> tuple[Clip, ...]:
    return ProjectFile.read(place).timelines[0].tracks[0].clips


@pytest.mark.long
def test_a_recording_is_transcribed_once_and_its_fillers_are_cut(here: Here, tmp_path: Path) -> None:
    assert (
        here(
            "speak",
            "So, um, we sail at noon. And then, uh, we eat some bread.",
            "--voice",
            "hibari_heart",
            "-o",
            "x.wav",
        ).code
        == 0
    )
    here("project", "new", "Talk")
    put = here("project", "add", "Talk", "x.wav", "--track", "Voice", "--at", "2", "--json")
    assert put.code == 0, put.err

    told = here("transcript", "Talk", "--json")
    assert told.code == 0, told.err
    (clip,) = told.json["tracks"][0]["clips"]
    assert clip["language"] == "en"
    words = [word["text"].strip(".,").lower() for word in clip["words"]]
    assert " ".join(words).startswith("so um we sail at noon")
    assert all(2 <= word["start"] < word["end"] <= put.json["end"] for word in clip["words"])

    place = tmp_path / "Talk"
    (kept,) = ProjectFile.read(place).transcripts
    assert [word.text for word in kept.words] == [word["text"] for word in clip["words"]]

    listed = here("project", "tidy", "Talk", "--fillers", "--json")
    assert [cut["text"].strip(",").lower() for cut in listed.json["cuts"]] == ["um", "uh"]
    assert (listed.json["made"], len(clips(place))) == (False, 1)
    done = here("project", "tidy", "Talk", "--fillers", "--yes", "--json")
    assert done.json["made"]
    assert len(clips(place)) == 3
    assert done.json["after"] == pytest.approx(done.json["before"] - listed.json["seconds"], abs=0.001)
    again = here("transcript", "Talk")
    assert "um" not in again.out.lower().split()
    assert "noon" in again.out


def test_music_is_not_listened_to_unasked_and_what_was_heard_can_be_forgotten(here: Here, tmp_path: Path) -> None:
    write_sound(tmp_path / "bed.wav", Sound(np.zeros((1, 96_000), np.float32), 48_000))
    here("project", "new", "Film")
    here("project", "add", "Film", "bed.wav", "--track", "Music", "--at", "0")
    for words in (["transcript", "Film"], ["project", "tidy", "Film", "--fillers"]):
        told = here(*words)
        assert (told.code, "“Music” is for music" in told.err, "--track" in told.err) == (0, True, True), told
    place = tmp_path / "Film"
    assert not ProjectFile.read(place).transcripts

    (media,) = ProjectFile.read(place).media
    heard = Transcript(media.id, "en", "I'm", (TakeWord("I'm", 0, 3, 24_000, 48_000),))
    with ProjectFile.open(place) as session:
        session.set_transcripts(heard)
    assert "I'm" not in here("transcript", "Film").out
    assert "I'm" in here("transcript", "Film", "--track", "Music").out
    gone = here("transcript", "Film", "--track", "Music", "--forget", "--json")
    assert (gone.code, gone.json) == (0, {"timeline": "Timeline", "forgotten": ["bed"]})
    assert not ProjectFile.read(place).transcripts
    assert "Nothing was heard there" in here("transcript", "Film", "--track", "Music", "--forget").out


def test_silences_are_listed_and_shortened(here: Here, tmp_path: Path) -> None:
    tone = 0.4 * np.sin(np.arange(48_000, dtype=np.float32) * np.float32(0.05))
    still = np.zeros(2 * 48_000, np.float32)
    write_sound(tmp_path / "x.wav", Sound(np.concatenate([tone, still, tone])[None], 48_000))
    here("project", "new", "Talk")
    here("project", "add", "Talk", "x.wav", "--track", "Voice", "--at", "0")
    listed = here("project", "tidy", "Talk", "--silences", "1", "--keep", "0.25")
    assert listed.code == 0, listed.err
    assert "1 cut of 1." in listed.out
    assert "CUT" in listed.out.splitlines()[0], "what goes, not how long it is silent"
    assert "Nothing was changed" in listed.out
    done = here("project", "tidy", "Talk", "--silences", "1", "--keep", "0.25", "--yes", "--json")
    (cut,) = done.json["cuts"]
    assert (cut["start"], cut["end"]) == (pytest.approx(1.25, abs=0.03), pytest.approx(2.75, abs=0.03))
    assert done.json["after"] == pytest.approx(2.5, abs=0.05)
    assert "Nothing to cut." in here("project", "tidy", "Talk", "--silences", "1").out
    here("mix", "Talk", "-o", "y.wav")
    quiet = np.abs(read_sound(tmp_path / "y.wav").samples[0]) < 0.001
    assert quiet.sum() / 48_000 == pytest.approx(0.5, abs=0.05)

    here("project", "add", "Talk", "x.wav", "--track", "Voice", "--at", "5")
    write_sound(tmp_path / "bed.wav", Sound(np.tile(tone, 12)[None], 48_000))
    here("project", "add", "Talk", "bed.wav", "--track", "Music", "--at", "0")
    told = here("project", "tidy", "Talk", "--silences", "1", "--yes").out
    assert "1 cut of 1." in told
    assert "The timeline still lasts 12.0 s" in told

    for words, sentence in [
        (("project", "tidy", "Talk"), "required"),
        (("project", "tidy", "Talk", "--silences", "-1"), "between 0 and 60 seconds"),
        (("project", "tidy", "Talk", "--silences", "1", "--threshold", "0"), "between -70 and -20 dB"),
        (("project", "tidy", "Talk", "--silences", "1", "--track", "Nobody"), "There is no track “Nobody”."),
        (("transcript", "Gone"), "There is no project"),
    ]:
        said = here(*words)
        assert (said.code != 0, sentence in said.err) == (True, True), (words, said.err)
