"""Edits of a melody, whatever they are and in whatever order: notes never overlap, times and pitches stay possible."""

import json
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import RequestError
from audiostudio.music.song import SLOTS, SungNote, VocalPart
from audiostudio.ui.music.song.roll import notes
from audiostudio.ui.music.song.roll.notes import HIGHEST, LOWEST, Chosen, Made, Parts, Ref

LINE = ["The", "sta", "tion", "lights", "go", "out"]


def part(slot: str = "A", gap: int = 0, pitch: int = 60) -> VocalPart:
    made = [SungNote(n * (240 + gap), 240, pitch + n, 0, n, 0, text) for n, text in enumerate(LINE)]
    return VocalPart(slot, "lead", tuple(made))


def some(parts: Parts, which: list[int]) -> Chosen:
    order = sorted(notes.all_of(parts))
    return frozenset(order[n % len(order)] for n in which) if order else notes.NONE


def tried(edit: Callable[[], Made], otherwise: Made) -> Made:
    try:
        return edit()
    except RequestError:
        return otherwise


ticks, ways = st.integers(-2000, 2000), st.integers(-60, 60)
steps = st.one_of(
    st.tuples(st.just("move"), ticks, ways),
    st.tuples(st.just("lengthen"), ticks),
    st.tuples(st.just("begin"), ticks),
    st.tuples(st.just("quantise"), st.sampled_from([480, 240, 160, 60])),
    st.tuples(st.just("split"), st.none() | st.integers(0, 3000)),
    st.tuples(st.just("join")),
    st.tuples(st.just("delete")),
    st.tuples(st.just("draw"), st.integers(0, 4000), st.integers(1, 900), st.integers(0, 140)),
    st.tuples(st.just("sing"), st.sampled_from(SLOTS)),
    st.tuples(st.just("paste"), st.integers(0, 4000)),
)


def applied(step: tuple, parts: Parts, chosen: Chosen) -> Made:  # type: ignore[type-arg]
    name, *values = step
    edits: dict[str, Callable[..., Made]] = {
        "move": notes.moved,
        "lengthen": notes.lengthened,
        "begin": notes.begun,
        "quantise": notes.quantised,
        "split": notes.split,
        "join": notes.joined,
        "delete": notes.deleted,
        "sing": notes.sung_by,
    }
    if name == "draw":
        return notes.drawn(parts, 0, *values)
    if name == "paste":
        return notes.pasted(parts, notes.copied(chosen), values[0], 0)
    return tried(partial(edits[name], parts, chosen, *values), (parts, chosen))


@given(st.lists(st.tuples(st.lists(st.integers(0, 30), max_size=4), steps), max_size=12))
def test_no_edit_makes_notes_that_cannot_be_sung(made: list[tuple[list[int], tuple]]) -> None:  # type: ignore[type-arg]
    parts: Parts = (part(), part("B", gap=120, pitch=70))
    for which, step in made:
        parts, chosen = applied(step, parts, some(parts, which))
        assert not notes.overlapping(parts)
        assert notes.still(parts, chosen) == chosen
        for one in parts:
            assert list(one.notes) == sorted(one.notes)
            for note in one.notes:
                assert note.start >= 0
                assert note.length >= 1
                assert 0 <= note.pitch <= 127


def test_notes_move_together_until_one_of_them_meets_another() -> None:
    parts = (part(gap=100),)
    chosen = some(parts, [1, 2])
    moved, now = notes.moved(parts, chosen, 1000, 12)
    found = moved[0].notes
    assert [n.start for n in found] == [0, 440, 780, 1020, 1360, 1700]  # 100 ticks, to the fourth note
    assert [n.pitch for n in found] == [60, 73, 74, 63, 64, 65]
    assert now == {Ref(0, found[1]), Ref(0, found[2])}
    assert notes.moved(parts, notes.all_of(parts), 0, 999)[0][0].notes[-1].pitch == HIGHEST
    assert notes.moved(parts, notes.all_of(parts), 0, -999)[0][0].notes[0].pitch == LOWEST


def test_a_note_that_is_split_sings_its_syllable_on_and_is_joined_again() -> None:
    parts = (part(),)
    split, chosen = notes.split(parts, some(parts, [2]))
    assert [(n.text, n.word, n.length) for n in split[0].notes[2:4]] == [("tion", 2, 120)] * 2
    both = chosen | {Ref(0, split[0].notes[2])}
    assert notes.joined(split, both)[0] == parts
    with pytest.raises(RequestError, match="one syllable"):
        notes.joined(parts, some(parts, [0, 1]))


def test_a_syllable_is_written_under_all_notes_that_sing_it() -> None:
    parts, _ = notes.split((part(),), some((part(),), [2]))
    worded, _ = notes.worded(parts, Ref(0, parts[0].notes[2]), "shun")
    assert [note.text for note in worded[0].notes] == ["The", "sta", "shun", "shun", "lights", "go", "out"]


def test_what_is_drawn_takes_the_place_of_what_lies_there() -> None:
    drawn, chosen = notes.drawn((part(),), 0, 300, 240, 72)
    found = [(n.start, n.length, n.text) for n in drawn[0].notes]
    assert found[1:4] == [(240, 60, "sta"), (300, 240, "sta"), (540, 180, "lights")] or found[1:4] == [
        (240, 60, "sta"),
        (300, 240, "sta"),
        (540, 180, "tion"),
    ]
    assert {ref.note.pitch for ref in chosen} == {72}


def test_another_singer_takes_notes_over() -> None:
    made, chosen = notes.sung_by((part(), part("B", pitch=70)), some((part(),), [0, 1]), "B")
    by_slot = {one.slot: one.notes for one in made}
    assert [n.text for n in by_slot["A"]] == LINE[2:]
    assert [n.pitch for n in by_slot["B"]] == [60, 61, 72, 73, 74, 75]
    assert {made[ref.part].slot for ref in chosen} == {"B"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{}",
        json.dumps({"sung notes": [[0, 1]]}),
        json.dumps({"sung notes": [[0, -5, 1, 60, 0, 0, 0, "a", 90]]}),
    ],
)
def test_a_clipboard_without_notes_is_said(text: str) -> None:
    with pytest.raises(RequestError, match="clipboard"):
        notes.pasted((part(),), text, 0, 0)
