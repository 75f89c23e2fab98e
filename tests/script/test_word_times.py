"""Times for the words of a text, whatever a recogniser made of them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.script.comparison import compare
from audiostudio.script.reading import read
from audiostudio.script.word_times import HeardSpan, Span, word_times


def times(
    text: str, heard: list[tuple[str, float, float]], seconds: float, quiet: tuple[tuple[float, float], ...] = ()
) -> list[Span]:
    spans: list[HeardSpan] = []
    joined = ""
    for word, start, end in heard:
        joined += " " if joined else ""
        spans.append(HeardSpan(len(joined), len(joined) + len(word), start, end))
        joined += word
    return word_times(compare(read(text, "en-us"), joined, "en-us"), spans, quiet, seconds)


def test_recognised_words_keep_their_times() -> None:
    assert times("Hello big world.", [("Hello", 0.1, 0.5), ("big", 0.5, 0.8), ("world", 0.9, 1.4)], 1.5) == [
        Span(0.1, 0.5),
        Span(0.5, 0.8),
        Span(0.9, 1.4),
    ]


def test_words_that_were_not_recognised_lie_between_by_their_letters() -> None:
    found = times("One abcdefgh ab two.", [("one", 0.0, 0.4), ("two", 1.4, 1.8)], 2.0)
    assert found[1] == pytest.approx((0.4, 1.2))
    assert found[2] == pytest.approx((1.2, 1.4))


def test_a_number_is_as_long_as_its_words() -> None:
    heard = [("By", 0, 0.2), ("March", 0.2, 0.5), ("third", 0.5, 0.9), ("1890,", 1.2, 2.0), ("it", 2.1, 2.2)]
    found = times("By March 3rd, 1890 it.", heard, 3.0)
    assert found[1] == Span(0.2, 2.0)


def test_a_silence_parts_its_neighbours() -> None:
    heard = [("desk", 0.0, 0.5), ("and", 0.5, 1.3), ("chair", 1.3, 1.8)]
    found = times("A desk, and chair.", heard, 2.0, ((0.6, 1.1), (1.75, 2.0)))
    assert found[1].end == pytest.approx(0.6)
    assert found[2] == pytest.approx((1.1, 1.3))
    assert found[3].end == pytest.approx(1.75)


def test_nothing_heard_gives_times_all_the_same() -> None:
    found = times("Some words here.", [], 3.0)
    assert found[0].start == 0.0
    assert found[-1].end == 3.0


def test_words_without_room_take_it_only_up_to_the_next_that_was_recognised() -> None:
    found = times("one one one one one two one", [("one", 0.0, 0.125), ("one", 0.125, 0.625)], 1.125)
    assert all(one.end <= other.start + 1e-9 for one, other in pairwise(found))
    assert found[-1].end == 0.625


_heard = st.lists(
    st.tuples(st.sampled_from(["one", "two", "three", "four", "other"]), st.floats(0.0, 0.6), st.floats(0.0, 0.5)),
    max_size=15,
)


@pytest.mark.long
@given(st.lists(st.sampled_from(["one", "two", "three,", "four."]), min_size=1, max_size=15), _heard, st.data())
@settings(max_examples=300)
def test_every_word_has_a_time_in_order_and_within_the_sound(
    said: list[str], parts: list[tuple[str, float, float]], data: st.DataObject
) -> None:
    heard, at = [], 0.0
    for word, length, gap in parts:
        heard.append((word, at, at + length))
        at += length + gap
    seconds = at + 0.5
    edges = sorted(data.draw(st.lists(st.floats(0.0, seconds), max_size=6)))
    quiet = tuple((start, end) for start, end in zip(edges[::2], edges[1::2], strict=False) if end > start)
    found = times(" ".join(said), heard, seconds, quiet)
    assert len(found) == len(said)
    assert all(0 <= span.start <= span.end <= seconds + 1e-9 for span in found)
    assert all(one.end <= other.start + 1e-9 for one, other in pairwise(found))
