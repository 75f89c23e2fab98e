"""What is proposed to be cut out of speech."""

import pytest

from audiostudio.operations.tidying import Cut, Reason, Word, fillers, long_silences, span

WORDS = (
    Word("So", 0.0, 0.2),
    Word("um,", 0.5, 0.8),
    Word("we", 0.82, 1.0),
    Word("we", 1.2, 1.4),
    Word("sail.", 1.5, 2.0),
)


def test_long_silences_are_shortened_to_what_is_kept() -> None:
    found = long_silences([(5.0, 7.0), (1.0, 1.5)], longest=0.6, keep=0.4)
    assert found == [Cut(Reason.SILENCE, 5.2, 6.8)]
    assert long_silences([(0.0, 0.3)], longest=0.1, keep=0.4) == []


def test_fillers_and_words_said_twice_are_found() -> None:
    filler, repeated = fillers(WORDS, "en-us")
    assert (filler.reason, filler.text, repeated.reason) == (Reason.FILLER, "um,", Reason.REPEATED)
    assert filler.start == pytest.approx(0.45)
    assert filler.end == pytest.approx(0.82)
    assert (repeated.start, repeated.end) == (0.82, 1.2)
    assert fillers(WORDS, "xx") == [repeated]


def test_what_goes_with_a_word_never_reaches_into_another() -> None:
    assert span(WORDS, 2, 4) == (0.8, pytest.approx(1.45))
    assert span(WORDS, 0, 5) == (0.0, pytest.approx(2.05))
