"""MIDI files: what is written comes back, and what is no music is refused."""

import contextlib
import os
from pathlib import Path
from random import Random

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import UnreadableMedia
from audiostudio.music import midi
from audiostudio.music.composing import compose
from audiostudio.music.genres import genres
from audiostudio.music.plan import Brief
from audiostudio.music.planning import plan
from audiostudio.music.score import Role, Score
from audiostudio.music.song import SungNote, VocalPart
from audiostudio.music.theory import TICKS

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])
VOICE = VocalPart(
    "A",
    "lead",
    (SungNote(0, 480, 64, 0, 0, 0, "Dö"), SungNote(480, 240, 66, 0, 0, 0, "Dö"), SungNote(960, 480, 67, 0, 1, 0, "la")),
)


@settings(max_examples=20)
@given(st.sampled_from(sorted(genres())), st.integers(0, 1000), st.sampled_from([None, "3/4", "6/8", "7/8"]))
def test_a_score_comes_back(genre: str, seed: int, metre: str | None) -> None:
    score = compose(plan(Brief(genre=genre, seed=seed, seconds=20, metre=metre)))
    read = midi.from_bytes(midi.to_bytes(score, (VOICE,)))
    assert read.metre == score.metre
    assert read.key is not None
    assert set(read.key.scale) == set(score.key.scale)
    assert [change.tick for change in read.tempo] == [change.tick for change in score.tempo]
    assert [change.bpm for change in read.tempo] == pytest.approx([change.bpm for change in score.tempo], rel=1e-4)
    assert [text for _, text in read.markers] == [section.name for section in score.sections]
    written = {part.name: part for part in score.parts if part.notes}
    there = {track.name: track for track in read.tracks}
    assert set(there) == {*written, "Voice A lead"}
    for name, part in written.items():
        assert there[name].notes == part.notes
        assert there[name].drums == (part.role in (Role.DRUMS, Role.PERCUSSION))
    voice = there["Voice A lead"]
    assert [text for _, text in voice.lyrics] == ["Dö", "-", "la"]
    assert [note.pitch for note in voice.notes] == [64, 66, 67]
    assert read.melody == voice


def test_another_program_reads_it(tmp_path: Path) -> None:
    score = compose(plan(Brief(genre="pop", seed=SEED, seconds=20)))
    midi.write(score, tmp_path / "a.mid")
    file = mido.MidiFile(tmp_path / "a.mid")
    assert file.type == 1
    assert file.length == pytest.approx(score.seconds_at(score.ticks), abs=0.01)
    muted = score.with_part(0, muted=True)
    midi.write(muted, tmp_path / "a.mid")
    assert len(mido.MidiFile(tmp_path / "a.mid").tracks) == len(file.tracks) - 1


def _file(*tracks: list[mido.Message | mido.MetaMessage], ticks: int = 480) -> bytes:
    import io

    file = mido.MidiFile(type=1, ticks_per_beat=ticks)
    for messages in tracks:
        file.tracks.append(mido.MidiTrack(messages))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def test_other_resolutions_are_scaled() -> None:
    notes = [mido.Message("note_on", note=60, velocity=80), mido.Message("note_off", note=60, time=96)]
    read = midi.from_bytes(_file(notes, ticks=96))
    assert read.tracks[0].notes[0].length == TICKS
    assert read.seconds == pytest.approx(0.5)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MThd",
        b"not music at all, sorry",
        b"RIFF\0\0\0\0RMID",
        b"MThd\0\0\0\6\0\1\xff\xff\1\xe0",
        b"MThd\0\0\0\6\0\1\x7f\xff\1\xe0",
        b"MThd\0\0\0\6\0\1\0\1\0\0" + b"MTrk\0\0\0\4\0\xff\x2f\0",
        b"MThd\0\0\0\6\0\1\0\1\x80\x01" + b"MTrk\0\0\0\4\0\xff\x2f\0",
        b"MThd\0\0\0\6\0\1\0\1\1\xe0" + b"MTrk\x7f\xff\xff\xff" + b"\0\x90\x40\x40" * 10,
        b"MThd\0\0\0\6\0\1\0\1\1\xe0" + b"MTrk\0\0\0\x0b" + b"\xff\xff\xff\xff\x7f\x90\x40\x40\0\xff\x2f\0",
        b"MThd\0\0\0\6\0\1\0\1\1\xe0" + b"MTrk\0\0\0\x0a" + b"\0\xff\x01\xff\xff\xff\x7fabc",
        b"MThd\0\0\0\6\0\1\0\1\1\xe0" + b"\0" * (3 << 20),
    ],
    ids=range(12),
)
def test_what_is_no_music_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.mid"
    path.write_bytes(data)
    with pytest.raises(UnreadableMedia) as caught:
        midi.read(path)
    assert "bad.mid" in caught.value.sentence
    assert caught.value.hint


def test_a_tempo_of_nothing_and_notes_without_end_are_survived() -> None:
    tempo = mido.MetaMessage("set_tempo", tempo=0)
    on = mido.Message("note_on", note=60, velocity=80)
    read = midi.from_bytes(_file([tempo, on, mido.Message("note_on", note=61, velocity=80, time=10)]))
    assert read.tempo[0].bpm > 0
    assert read.tracks == ()
    assert read.melody is None


def test_a_file_that_lasts_for_days_is_refused() -> None:
    slow = mido.MetaMessage("set_tempo", tempo=0xFFFFFF)
    far = [mido.Message("note_on", note=60, velocity=80, time=0xFFFFFFF)] * 3
    with pytest.raises(UnreadableMedia, match="hours"):
        midi.from_bytes(_file([slow, *far]))


@pytest.mark.parametrize("seed", range(SEED, SEED + 150))
def test_a_damaged_file_is_read_or_refused(seed: int, score: Score) -> None:
    rng = Random(seed)
    data = bytearray(midi.to_bytes(score))
    for _ in range(rng.choice((1, 3, 30))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    if rng.random() < 0.3:
        del data[rng.randrange(len(data)) :]
    with contextlib.suppress(UnreadableMedia):
        midi.from_bytes(bytes(data))


@pytest.fixture(scope="module")
def score() -> Score:
    return compose(plan(Brief(genre="classical", seed=SEED, seconds=5)))
