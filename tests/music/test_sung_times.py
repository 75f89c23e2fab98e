"""When words of known lyrics are sung, from some of them."""

import statistics
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.music.word_times import SungLine, Timed, sung_times

PACE = 0.1


def song(lines: int = 8, words: int = 5, gap: float = 8.0) -> tuple[list[SungLine], list[list[Timed]], float]:
    """Two sections with an instrumental gap between them, sung at a steady pace."""
    rows, times, at = [], [], 4.0
    for number in range(lines):
        letters = tuple(2 + (number + word) % 6 for word in range(words))
        rows.append(SungLine(letters, 2 * number // lines))
        times.append([])
        for size in letters:
            times[-1].append(Timed(at, at + PACE * size, 0.9))
            at += PACE * size
        at += gap if number == lines // 2 - 1 else 0.6
    return rows, times, at + 5


def away(found: list[list[Timed]], wanted: list[list[Timed]]) -> list[float]:
    return [
        abs(a.start - b.start) for one, two in zip(found, wanted, strict=True) for a, b in zip(one, two, strict=True)
    ]


def test_all_that_was_heard_stays() -> None:
    lines, times, seconds = song()
    assert max(away(sung_times(lines, times, seconds), times)) < 1e-9


def test_words_that_were_not_heard_lie_between_those_of_their_line() -> None:
    lines, times, seconds = song()
    heard = [[one if at % 2 == 0 else None for at, one in enumerate(row)] for row in times]
    found = sung_times(lines, heard, seconds)
    assert max(away(found, times)) < 0.15
    assert all((one.confidence == 0) == (at % 2 == 1) for row in found for at, one in enumerate(row))


def test_lines_that_were_not_heard_stay_with_their_section() -> None:
    lines, times, seconds = song()
    heard = [row if number not in (3, 4) else [None] * len(row) for number, row in enumerate(times)]
    found = sung_times(lines, heard, seconds)  # the last of one section and the first of the next
    assert max(away(found, times)) < 0.5
    assert found[4][0].start - found[3][-1].end > 6.0  # the gap stays empty


def test_a_word_in_a_wrong_place_is_not_believed() -> None:
    lines, times, seconds = song()
    heard: list[list[Timed | None]] = [list(row) for row in times]
    heard[6][1] = Timed(times[7][3].start, times[7][3].end, 0.5)
    found = sung_times(lines, heard, seconds)
    assert statistics.median(away(found, times)) < 1e-9
    assert max(away(found, times)) < 0.3


def test_what_the_user_fixed_stays_where_it_is() -> None:
    lines, times, seconds = song()
    heard: list[list[Timed | None]] = [list(row) for row in times]
    heard[2][0] = Timed(30.0, 30.4, 1.0)  # far from the rest of its line
    assert sung_times(lines, heard, seconds)[2][0].start == 30.0


def test_nothing_heard_is_spread_over_the_sound() -> None:
    lines, times, seconds = song()
    found = sung_times(lines, [[None] * len(row) for row in times], seconds)
    assert found[0][0].start < 0.2 * seconds
    assert found[-1][-1].end > 0.7 * seconds


@settings(max_examples=80)
@given(st.data())
def test_times_are_always_in_order(data: st.DataObject) -> None:
    lines, times, seconds = song(6, 4)
    heard = [
        [
            Timed(start, start + data.draw(st.floats(0, 3)), data.draw(st.sampled_from([0.2, 0.7, 1.0])))
            if data.draw(st.booleans())
            else None
            for start in (data.draw(st.floats(0, seconds)) for _ in row)
        ]
        for row in times
    ]
    flat = [one for row in sung_times(lines, heard, seconds) for one in row]
    assert len(flat) == 24
    assert all(0 <= one.start <= one.end <= seconds + 1e-6 for one in flat)
    assert all(one.start <= two.start and one.end <= two.start + 0.07 for one, two in pairwise(flat))


@pytest.mark.parametrize("seconds", [0.0, 0.1, 2.0])
def test_more_words_than_sound(seconds: float) -> None:
    lines, times, _ = song()
    found = sung_times(lines, [[None] * len(row) for row in times], seconds)
    assert all(0 <= one.start <= one.end <= seconds for row in found for one in row)
