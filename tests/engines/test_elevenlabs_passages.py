"""Texts that are sent, and the times that come back, for any words and any pieces."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.elevenlabs.alignment import Alignment
from audiostudio.engines.elevenlabs.passages import Passage, passages, sentence_text, word_text
from audiostudio.engines.remote.trouble import HalfStream, StrangeAnswer
from audiostudio.errors import UnsupportedSetting
from audiostudio.performance import Voicing
from audiostudio.script.spoken import Pause, Sentence, Word

RATE = 24_000


def sentence(*texts: str, voice: str | None = None, ends: bool = False) -> Sentence:
    words, at = [], 0
    for text in texts:
        words.append(Word(text, at, at + len(text), text))
        at += len(text) + 1
    return Sentence(tuple(words), "en-us", ends, voice)


texts = st.text("abé漢…,!-'😀<[ ", min_size=1, max_size=12)
spoken = st.builds(lambda *parts, v, e: sentence(*parts[0], voice=v, ends=e), st.lists(texts, min_size=1, max_size=6),
                   v=st.sampled_from([None, "x"]), e=st.booleans())  # fmt: skip
parts = st.lists(st.one_of(spoken, st.just(Pause(0.5, 0, 0))), max_size=12)


@given(parts, st.integers(20, 200))
def test_every_word_is_sent_once_in_order_at_the_place_that_is_told(
    asked: list[Sentence | Pause], longest: int
) -> None:
    found = list(passages(asked, longest))
    said = [one for one in found if isinstance(one, Passage)]
    for passage in said:
        assert len(passage.text) <= longest
        assert "[" not in passage.text
        assert len({(one.voice, one.language) for one in passage.sentences}) == 1
        for number, one in enumerate(passage.sentences):
            for word, (start, end) in zip(one.words, passage.places(number), strict=True):
                assert passage.text[start:end] == word_text(word)
    audible = [one for one in asked if isinstance(one, Sentence) and any(map(str.isalnum, sentence_text(one)))]
    assert [w for one in said for s in one.sentences for w in s.words] == [w for one in audible for w in one.words]
    assert [one for one in found if isinstance(one, Pause)] == [one for one in asked if isinstance(one, Pause)]
    if said:
        assert len(said[0].sentences) == 1


def test_what_is_said_in_a_words_stead_is_sent_and_its_pace_kept() -> None:
    word = replace(sentence("SQL").words[0], said_as="sequel")
    quick = [replace(word, voicing=Voicing(speed=1.2))]
    (found,) = passages([Sentence(tuple(quick), "en-us")], 100)
    assert isinstance(found, Passage)
    assert (found.text, found.pace) == ("sequel", 1.2)


def test_a_word_that_is_too_long_is_told_with_its_place() -> None:
    with pytest.raises(UnsupportedSetting) as caught:
        list(passages([sentence("short", "x" * 101)], 100))
    assert "character 7 has 101 letters" in caught.value.sentence


def piece(text: str, start: float, step: float) -> SimpleNamespace:
    starts = [start + n * step for n in range(len(text))]
    return SimpleNamespace(
        characters=list(text),
        character_start_times_seconds=starts,
        character_end_times_seconds=[one + step for one in starts],
    )


@given(st.lists(st.text("abc,.!é", min_size=1, max_size=6), min_size=1, max_size=8), st.data(), st.booleans())
def test_times_are_exact_whatever_the_pieces(words: list[str], data: st.DataObject, anew: bool) -> None:
    """`anew`: the times of each piece count from its own beginning."""
    said = sentence(*words, "end")
    text = sentence_text(said)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=4)))
    alignment = Alignment(text)
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        alignment.add(piece(text[start:end], 0.0 if anew else 0.1 * start, 0.1), 0.1 * start)
    alignment.require_whole()
    found = alignment.words(said.words, Passage((said,)).places(0), RATE)
    for word, asked in zip(found, said.words, strict=True):
        letters = [n for n, one in enumerate(asked.text) if one.isalnum()]
        if letters:
            assert word.start == pytest.approx((asked.start + letters[0]) * 0.1 * RATE, abs=2)
            assert word.end == pytest.approx((asked.start + letters[-1] + 1) * 0.1 * RATE, abs=2)


def test_times_that_end_before_the_text_are_half_a_stream() -> None:
    alignment = Alignment("One two.")
    with pytest.raises(StrangeAnswer):
        alignment.require_whole()
    alignment.add(piece("One t", 0.0, 0.1), 0.0)
    with pytest.raises(HalfStream):
        alignment.require_whole()
    alignment.add(piece("wo", 0.5, 0.1), 0.0)
    alignment.require_whole()
