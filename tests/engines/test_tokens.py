"""Words to tokens and back."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.tokens import (
    CLAUSE_GAP,
    FRAME,
    MOST_TOKENS,
    PARAGRAPH_GAP,
    SENTENCE_GAP,
    SILENT,
    breaths,
    pieces,
    timed,
    vocabulary,
)
from audiostudio.engines.tokens import paced as paced_
from audiostudio.script.spoken import Pause, Sentence, Word

_sounds = st.text(st.sampled_from("abdˈɪəʃ"), min_size=0, max_size=12)
_marks = st.sampled_from(["", "", "", ",", ".", "…", "”", "😀"])


@st.composite
def spoken_words(draw: st.DrawFn) -> tuple[Word, ...]:
    words: list[Word] = []
    at = 0
    for _ in range(draw(st.integers(1, 60))):
        phonemes = draw(_sounds) + draw(_marks)
        words.append(Word("w", at, at + 1, "w", phonemes))
        at += 2
    return tuple(words)


@given(spoken_words(), st.integers(8, 80))
def test_pieces_fit_and_nothing_that_sounds_is_lost(words: tuple[Word, ...], longest: int) -> None:
    found = pieces(words, longest)
    assert all(len(piece.symbols) <= longest for piece in found)
    known = vocabulary()
    said = [c for word in words for c in word.phonemes if c in known and c not in SILENT]
    assert [c for piece in found for c in piece.symbols if c not in SILENT] == said


@pytest.mark.long
@given(spoken_words(), st.data())
def test_times_lie_in_order_and_tile(words: tuple[Word, ...], data: st.DataObject) -> None:
    for piece in pieces(words):
        count = len(piece.symbols) + 2
        frames = np.array(data.draw(st.lists(st.integers(1, 20), min_size=count, max_size=count)), np.float32)
        found = timed(piece, frames)
        assert [word.source_start for word in found] == [word.start for word in piece.words]
        assert all(one.end <= two.start for one, two in pairwise(found))
        assert found[-1].end <= frames.sum() * FRAME
        for word in found:
            assert bool(word.phonemes) == (word.end > word.start)
            assert all(one.end == two.start for one, two in pairwise(word.phonemes))
            assert "".join(p.symbol for p in word.phonemes).strip("".join(SILENT)) == "".join(
                p.symbol for p in word.phonemes
            )


@given(st.lists(st.integers(1, 40), min_size=1, max_size=200), st.floats(0.5, 2.0))
def test_a_pace_is_kept_to_the_frame(frames: list[int], speed: float) -> None:
    found = paced_(np.array(frames, np.float32), speed)
    assert (found >= 1).all()
    assert (found == np.round(found)).all()
    wanted = max(len(frames), round(sum(frames) / speed))
    assert abs(found.sum() - wanted) <= 1


def test_speed_one_changes_nothing() -> None:
    frames = np.array([3, 1, 7, 2], np.float32)
    assert np.array_equal(paced_(frames, 1.0), frames)


def test_a_cut_is_made_after_a_mark() -> None:
    words = tuple(Word("w", i, i + 1, "w", "aaaaa" + (";" if i == 9 else "")) for i in range(22))
    first, second = pieces(words, 100)
    assert first.symbols.endswith(";")
    assert second.symbols.startswith("a")


@pytest.mark.parametrize("phonemes", ["", " ", "…", "—,", "😀"])
def test_what_has_no_sound_makes_no_piece(phonemes: str) -> None:
    assert pieces((Word("x", 0, 1, "x", phonemes),)) == []


def said(*parts: Sentence | Pause, first: int = MOST_TOKENS, together: int = 0) -> list[tuple[str, float] | Pause]:
    """What is said in one breath, as written, with the gap after it; and pauses."""
    engines = EngineRegistry(ModelStore(Path("nowhere")))
    found = breaths(parts, engines.manifest("kokoro"), first, together)
    return [
        one if isinstance(one, Pause) else (" ".join(word.text for word in one[0].words if word.text), one[1])
        for one in found
    ]


def sentence(text: str, language: str = "en-us", ends_paragraph: bool = False) -> Sentence:
    return Sentence(tuple(Word(word, 0, 0, word) for word in text.split()), language, ends_paragraph)


ONE, TWO, THREE = "It began.", "She read slowly!", "Who was it?"


def test_sentences_that_follow_each_other_are_one_breath_as_long_as_they_fit() -> None:
    parts = [sentence(ONE), sentence(TWO), sentence(THREE)]
    assert said(*parts, together=100) == [(f"{ONE} {TWO} {THREE}", SENTENCE_GAP)]
    assert said(*parts, together=30) == [(f"{ONE} {TWO}", SENTENCE_GAP), (THREE, SENTENCE_GAP)]
    assert said(*parts) == [(ONE, SENTENCE_GAP), (TWO, SENTENCE_GAP), (THREE, SENTENCE_GAP)]


def test_a_breath_ends_at_a_pause_a_paragraph_another_language_and_a_heading() -> None:
    pause = Pause(0.5, 0, 0)
    assert said(sentence(ONE), pause, sentence(TWO), together=100) == [(ONE, SENTENCE_GAP), pause, (TWO, SENTENCE_GAP)]
    for first, gap in (
        (sentence(ONE, ends_paragraph=True), PARAGRAPH_GAP),
        (sentence(ONE, "en-gb"), SENTENCE_GAP),
        (sentence("Chapter one"), SENTENCE_GAP),
    ):
        alone = " ".join(word.text for word in first.words)
        assert said(first, sentence(TWO), together=100) == [(alone, gap), (TWO, SENTENCE_GAP)]


def test_what_cannot_be_spoken_is_passed_over_but_for_the_paragraph_that_it_ends() -> None:
    for emoji in ("😀", "…"):
        silent = sentence(emoji)
        assert said(silent, sentence(ONE), silent, sentence(TWO), silent, together=100) == [
            (f"{ONE} {TWO}", SENTENCE_GAP)
        ]
        assert said(sentence(ONE), sentence(emoji, ends_paragraph=True), sentence(TWO), together=100) == [
            (ONE, PARAGRAPH_GAP),
            (TWO, SENTENCE_GAP),
        ]


def test_the_first_breath_is_short() -> None:
    long = " ".join(["one two,"] * 20) + "."
    found = said(sentence(long), sentence(long), first=60)
    assert " ".join(text for text, _ in found) == f"{long} {long}"
    assert [gap for _, gap in found[:-2]] == [CLAUSE_GAP] * (len(found) - 2)
    assert [gap for _, gap in found[-2:]] == [SENTENCE_GAP] * 2
    apart = [sentence(ONE), sentence(TWO), sentence(THREE)]
    assert said(*apart, first=12, together=100) == [(ONE, SENTENCE_GAP), (f"{TWO} {THREE}", SENTENCE_GAP)]
