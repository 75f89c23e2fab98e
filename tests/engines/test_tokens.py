"""Words to tokens and back."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.tokens import FRAME, SILENT, pieces, timed, vocabulary
from audiostudio.engines.tokens import paced as paced_
from audiostudio.script.spoken import Word

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
