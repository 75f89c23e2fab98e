"""Times of words: tapped, dragged, aligned again. Whatever is done, words stay in order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.music.lyrics import parse
from audiostudio.ui.music.song import timed
from audiostudio.ui.music.song.exporting import written
from audiostudio.ui.music.song.timed import Lines

LYRICS = """[Verse 1]
A: The station lights go out
B: You left a window open
[Chorus]
A+B: Carry me home
"""


def sung(text: str = LYRICS) -> list[tuple[str, tuple[str, ...], tuple[str, ...], str]]:
    lyrics = parse(text)
    return [
        (line.text, tuple(word.text for word in line.words), line.slots, lyrics.sections[line.section].name)
        for line in lyrics.lines
    ]


def dealt() -> Lines:
    return timed.unaligned(sung(), 26.0)


def words(lines: Lines) -> list[timed.TimedWord]:
    return [word for line in lines for word in line.words]


def in_order(lines: Lines) -> bool:
    found = words(lines)
    return all(0 <= one.start <= one.end for one in found) and all(a.end <= b.start + 1e-9 for a, b in pairwise(found))


moments = st.floats(0, 40)
places = st.integers(0, 30)
edits = st.one_of(
    st.tuples(st.just("tap"), places, moments),
    st.tuples(st.just("line"), places, moments),
    st.tuples(st.just("move"), places, moments, moments),
    st.tuples(st.just("shift"), places, st.floats(-40, 40)),
    st.tuples(st.just("fix"), places, st.booleans()),
)


@given(st.lists(edits, max_size=15))
def test_words_stay_in_order_whatever_is_done(done: list[tuple]) -> None:  # type: ignore[type-arg]
    lines = dealt()
    texts = [word.text for word in words(lines)]
    for name, number, *values in done:
        order = list(timed.places(lines))
        place = order[number % len(order)]
        match name:
            case "tap":
                lines = timed.tapped(lines, place, *values)
            case "line":
                lines = timed.tapped_line(lines, place[0], *values)
            case "move":
                lines = timed.moved(lines, place, min(values), max(values))
            case "shift":
                lines = timed.shifted(lines, place[0], *values)
            case "fix":
                lines = timed.fixed(lines, place, *values)
        assert in_order(lines)
        assert [word.text for word in words(lines)] == texts
        assert timed.read(timed.write(lines)) is not None


def test_taps_begin_words_and_are_fixed() -> None:
    lines = dealt()
    for place, at in zip(list(timed.places(lines))[:3], (3.0, 3.4, 4.1), strict=True):
        lines = timed.tapped(lines, place, at)
    first = lines[0].words
    assert [round(word.start, 3) for word in first[:3]] == [3.0, 3.4, 4.1]
    assert first[0].end <= 3.4
    assert [word.fixed for word in first] == [True, True, True, False, False]


def test_aligning_again_goes_through_what_is_fixed() -> None:
    found = dealt()
    lines = timed.tapped(found, (0, 2), 7.0)
    made = timed.realigned(lines, found)
    assert made[0].words[2] == lines[0].words[2]
    assert in_order(made)
    assert made[0].words[3].start > 7.4
    assert made[0].words[1].end > 6.9


def test_lines_whose_words_stayed_keep_their_times() -> None:
    lines = timed.moved(dealt(), (1, 0), 11.0, 11.5)
    text = LYRICS.replace("A: The station lights go out", "C: A new first line\nThe station lights go out")
    made = timed.rebuilt(lines, sung(text), 26.0)
    assert [line.text for line in made][:3] == [
        "A new first line",
        "The station lights go out",
        "You left a window open",
    ]
    assert made[2].words == lines[1].words
    assert made[0].slots == ("C",)
    assert in_order(made)


def test_what_is_kept_is_read_again_and_pasted_again() -> None:
    lines = timed.fixed(dealt(), (0, 1), True)
    again = timed.read(timed.write(lines))
    assert [(one.text, one.slots, one.section, len(one.words)) for one in again] == [
        (one.text, one.slots, one.section, len(one.words)) for one in lines
    ]
    assert [word.fixed for word in words(again)] == [word.fixed for word in words(lines)]
    assert [line.text for line in parse(timed.lyrics_text(again)).lines] == [line.text for line in lines]
    assert [line.slots for line in parse(timed.lyrics_text(again)).lines] == [line.slots for line in lines]
    assert timed.fixed_words(again) == [[0, 1, pytest.approx(again[0].words[1].start, abs=1e-3)]]


@pytest.mark.parametrize(
    "lyrics",
    [None, [], {"lines": None}, {"lines": [None, {"words": [{"text": "a", "start": "x", "end": 1}]}]}, {"lines": [{}]}],
)
def test_details_that_hold_no_lyrics_have_none(lyrics: object) -> None:
    assert timed.read(lyrics) == ()


def test_every_kind_of_file_has_every_word() -> None:
    for kind, begin in (("lrc", "[00:00"), ("ass", "[Script Info]"), ("srt", "1\n00:00")):
        text = written(kind, dealt())
        assert begin in text
        for word in ("station", "window", "Carry"):
            assert word in text
