"""Captions that a viewer can follow, and files that come back as they were written."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.script.captions import (
    CAPTION_WRITERS,
    LINE_WIDTH,
    CaptionWord,
    Cue,
    cues,
    in_paragraphs,
    srt,
    vtt,
    width,
)
from audiostudio.script.reading import read
from audiostudio.script.spoken import Pause
from tests.subtitles import parse_captions

TEXT = """# A small studio

Welcome back to the channel! Today we are going to build a small studio, step by step. First, you need a desk.
Then, you need a chair; finally, you need a good microphone, and it does not have to cost more than $50.

Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once or
twice she had peeped into the book her sister was reading, but it had no **pictures** or conversations in it.
"""


def timed(text: str, language: str = "en", speed: float = 14.0) -> list[CaptionWord]:
    """The words of `text`, spoken at `speed` characters a second with pauses between sentences."""
    found, at = [], 0.0
    for part in read(text, language):
        if isinstance(part, Pause):
            at += part.seconds
            continue
        for word in part.words:
            end = at + (len(word.spoken) + 1) / speed
            found.append(CaptionWord(word.text, at, end - 0.02))
            at = end
        at += 0.35
    return found


def shown(found: list[Cue]) -> str:
    return " ".join(line for cue in found for line in cue.lines)


def test_no_line_is_too_long_and_no_cue_too_tall() -> None:
    for cue in cues(timed(TEXT)):
        assert 1 <= len(cue.lines) <= 2
        assert all(line and width(line) <= LINE_WIDTH for line in cue.lines)


def test_every_word_is_shown_once_and_in_order() -> None:
    assert shown(cues(timed(TEXT))).split() == TEXT.replace("# ", "").replace("**", "").split()


def test_cues_end_where_a_sentence_or_a_clause_does() -> None:
    ends = [cue.lines[-1] for cue in cues(timed(TEXT))]
    assert sum(end[-1] in ".!?,;:" for end in ends) >= 0.7 * len(ends)
    assert not any(end.lower().endswith((" the", " a", " of", " to", " and")) for end in ends)


def test_each_sentence_is_a_cue_of_its_own() -> None:
    sentences = ["We build a chair.", "Then we paint it blue.", "It dries in the sun.", "Who wants to sit on it?"]
    assert [cue.text for cue in cues(timed(" ".join(sentences)))] == sentences


def test_a_sentence_too_short_to_read_joins_its_neighbour() -> None:
    assert [cue.text for cue in cues(timed("No! It is a very different kind of chair."))] == [
        "No! It is a very different kind of chair."
    ]


def test_cues_can_be_read_in_their_time() -> None:
    for cue in cues(timed(TEXT)):
        seconds = cue.end_seconds - cue.start_seconds
        assert seconds >= 1.0
        assert sum(map(width, cue.lines)) / seconds <= 17.5


def test_cues_begin_with_their_first_word_and_outlast_their_last() -> None:
    words = timed(TEXT)
    starts = {word.start_seconds for word in words}
    found = cues(words)
    assert all(cue.start_seconds in starts for cue in found)
    assert found[-1].end_seconds >= words[-1].end_seconds


def test_small_gaps_are_closed_and_long_silences_stay_empty() -> None:
    found = cues(timed("One two three four. [pause 5s] Five six seven eight. Nine ten eleven twelve."))
    gaps = [later.start_seconds - cue.end_seconds for cue, later in itertools.pairwise(found)]
    assert all(gap == 0 or gap >= 0.4 for gap in gaps)
    assert max(gaps) > 2


def test_a_word_longer_than_a_line_is_broken() -> None:
    found = cues([CaptionWord("a" * 100, 0, 10), CaptionWord("end.", 10, 11)])
    assert all(width(line) <= LINE_WIDTH for cue in found for line in cue.lines)
    assert shown(found).replace(" ", "") == "a" * 100 + "end."


def test_wide_characters_take_two_columns() -> None:
    text = "今日は天気がとても良いので、公園へ行って友達と一緒にお弁当を食べました。それから家に帰って本を読みました。"
    found = cues(timed(text, "ja", 7.0))
    assert all(width(line) <= LINE_WIDTH for cue in found for line in cue.lines)
    assert "".join(line for cue in found for line in cue.lines) == text


def test_a_list_number_stays_with_its_line() -> None:
    found = cues(timed("1. Open the box and look inside it.\n2. Close the box and walk away from it."))
    assert not any(line in ("1.", "2.") or line.endswith((" 1.", " 2.")) for cue in found for line in cue.lines)


def test_a_cue_ends_with_a_heading_and_with_a_paragraph() -> None:
    text = "# Welcome\nHello, and welcome\n\nto my channel\nabout boats."
    starts = [match.start() for match in re.finditer(r"[^\s#]+", text)]
    words = [CaptionWord(one, at / 4, at / 4 + 0.2) for at, one in enumerate(re.findall(r"[^\s#]+", text))]
    found = cues(in_paragraphs(words, starts, text))
    assert [cue.text for cue in found] == ["Welcome", "Hello, and welcome", "to my channel about boats."]


def test_no_words_make_no_cues() -> None:
    assert cues([]) == []
    assert cues([CaptionWord("**", 0, 1)]) == []
    assert srt([]) == ""
    assert vtt([]).startswith("WEBVTT")


_words = st.lists(
    st.tuples(
        st.text(alphabet="xyz日é.,!-'& <>", min_size=1, max_size=60), st.floats(0.01, 3), st.floats(0, 3)
    ),
    max_size=40,
)  # fmt: skip


@pytest.mark.long
@given(_words)
@settings(max_examples=200)
def test_any_timed_words_make_cues_in_order(parts: list[tuple[str, float, float]]) -> None:
    words, at = [], 0.0
    for text, seconds, gap in parts:
        words.append(CaptionWord(text, at, at + seconds))
        at += seconds + gap
    found = cues(words)
    for cue in found:
        assert 0 <= cue.start_seconds < cue.end_seconds
        assert 1 <= len(cue.lines) <= 2
        assert all(line and width(line) <= LINE_WIDTH for line in cue.lines)
    for cue, later in itertools.pairwise(found):
        assert cue.end_seconds <= later.start_seconds
    for name in ("srt", "vtt"):
        back = parse_captions(CAPTION_WRITERS[name](found))
        assert [one.lines for one in back] == [tuple(" ".join(line.split()) for line in one.lines) for one in found], (
            name
        )
        for one, cue in zip(back, found, strict=True):
            assert one.start_seconds == pytest.approx(cue.start_seconds, abs=0.0006)
            assert one.end_seconds == pytest.approx(cue.end_seconds, abs=0.0006)


def test_files_have_the_form_that_players_expect() -> None:
    found = [Cue(0.0, 1.5, ("Hello & bye",)), Cue(3661.25, 3662.0, ("Two", "lines"))]
    assert srt(found) == (
        "1\n00:00:00,000 --> 00:00:01,500\nHello & bye\n\n2\n01:01:01,250 --> 01:01:02,000\nTwo\nlines\n"
    )
    assert vtt(found) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello &amp; bye\n\n01:01:01.250 --> 01:01:02.000\nTwo\nlines\n"
    )


@pytest.mark.parametrize("last", ["word.", "日本語"])
def test_a_line_with_the_rest_of_a_long_address_is_not_a_column_too_long(last: str) -> None:
    found = cues([CaptionWord("x" * 100, 0.0, 3.0), CaptionWord(last, 3.0, 3.3)])
    assert max(width(line) for cue in found for line in cue.lines) <= LINE_WIDTH
