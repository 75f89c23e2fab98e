"""The melody of a song as the piano roll asks for it."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio.errors import EmptyText, RequestError
from audiostudio.jobs import Partial
from audiostudio.music.plan import Plan
from audiostudio.music.song import SlotVoice, Song, VocalPart, Writing
from audiostudio.operations.music.melody import melody, phrase
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.timeline.schema import decode, encode

LYRICS = "[Verse]\nA: Carry me home tonight\nYou left a window open\n"


@pytest.fixture
def studio(tmp_path: Path, models_dir: Path) -> Iterator[Studio]:
    profile = Profile(tmp_path / "profile")
    profile.root.mkdir()
    profile.models.symlink_to(models_dir, target_is_directory=True)
    made = Studio(profile)
    yield made
    made.close()


def song(**fields: Any) -> Song:
    voices = (SlotVoice("A", "hibari_heart"),)
    return Song("s", writing=Writing.CUSTOM, **{"lyrics": LYRICS, "prompt": "calm pop", "voices": voices, **fields})


def run(body: Generator[Any, None, dict[str, Any]]) -> tuple[dict[str, Any], list[Partial]]:
    partials: list[Partial] = []
    while True:
        try:
            told = next(body)
        except StopIteration as end:
            return end.value, partials
        if isinstance(told, Partial):
            partials.append(told)


def sung(result: dict[str, Any]) -> tuple[VocalPart, ...]:
    return tuple(decode(VocalPart, part) for part in result["vocals"])


def test_every_syllable_has_a_note_within_the_score_and_lines_are_composed_alone(studio: Studio) -> None:
    result, _ = run(melody(studio, {"song": encode(song())}))
    (part,) = sung(result)
    assert "".join(note.text for note in part.notes).lower() == "carrymehometonightyouleftawindowopen"
    sections = result["score"]["sections"]
    assert sections[0]["chords"]
    assert part.notes[-1].start + part.notes[-1].length <= sum(one["bars"] for one in sections) * 1920
    low, high = result["ranges"]["A"]
    assert all(low <= note.pitch <= high for note in part.notes)

    plan = decode(Plan, result["plan"])
    kept = song(plan=plan)
    assert sung(run(melody(studio, {"song": encode(kept)}))[0]) == (part,)  # the same plan, the same notes
    for seed in range(1, 6):
        again, _ = run(melody(studio, {"song": encode(kept), "lines": [1], "seed": seed}))
        (other,) = sung(again)
        assert [n for n in other.notes if n.line == 0] == [n for n in part.notes if n.line == 0]
        if [n for n in other.notes if n.line == 1] != [n for n in part.notes if n.line == 1]:
            break
    else:
        pytest.fail("five seeds gave the same line")


def test_notes_on_words_that_are_gone_go_when_lines_are_composed_again(studio: Studio) -> None:
    result, _ = run(melody(studio, {"song": encode(song())}))
    edited = song(vocals=sung(result), plan=decode(Plan, result["plan"]), lyrics="[Verse]\nA: Carry me\nYou left\n")
    with pytest.raises(RequestError, match="which the lyrics lack"):
        run(melody(studio, {"song": encode(edited)}))
    mended, _ = run(melody(studio, {"song": encode(edited), "lines": [0, 1], "seed": 2}))
    assert "".join(note.text for note in sung(mended)[0].notes).lower() == "carrymeyouleft"


@pytest.mark.long
def test_a_phrase_is_sung_alone(studio: Studio) -> None:
    result, _ = run(melody(studio, {"song": encode(song())}))
    whole = song(vocals=sung(result), plan=decode(Plan, result["plan"]))
    told, (sound,) = run(phrase(studio, {"song": encode(whole), "part": 0, "lines": [0]}))
    audio = sound.arrays["audio"]
    assert audio.dtype == np.float32
    assert audio.shape == (1, round(told["seconds"] * 48000))
    assert np.sqrt(np.mean(np.square(audio))) > 0.01
    notes = [note for note in whole.vocals[0].notes if note.line == 0]
    begins = notes[0].start * 60 / (whole.plan.bpm * 480) if whole.plan else 0.0
    assert told["from"] <= begins <= told["from"] + 1.1
    with pytest.raises(RequestError, match="nothing to be heard"):
        run(phrase(studio, {"song": encode(whole), "part": 0, "lines": [7]}))


def test_a_song_without_words_has_no_melody(studio: Studio) -> None:
    with pytest.raises(EmptyText):
        run(melody(studio, {"song": encode(song(lyrics="[Verse]\n"))}))
