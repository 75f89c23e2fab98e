"""Sentences cut for engines that read text."""

from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.passages import passages
from audiostudio.script.spoken import Sentence, Word


def sentence(text: str, language: str = "en-us") -> Sentence:
    return Sentence(tuple(Word(piece, 0, len(piece), piece) for piece in text.split()), language)


def cut(text: str, longest: int, language: str = "en-us") -> list[str]:
    return list(passages(sentence(text, language), lambda piece: len(piece) <= longest))


_WORDS = st.lists(st.text("abc,.", min_size=1, max_size=12).filter(lambda word: word.strip(",.")), min_size=1)


@given(_WORDS, st.integers(12, 30))
def test_nothing_is_lost_and_every_passage_fits(words: list[str], longest: int) -> None:
    found = cut(" ".join(words), longest)
    assert "".join(found).replace(" ", "") == "".join(words)
    assert all(len(one) <= longest for one in found)


def test_a_word_far_too_long_is_cut_too() -> None:
    found = cut("ab" * 600, 250)
    assert "".join(found) == "ab" * 600
    assert max(map(len, found)) <= 250


def test_it_is_cut_after_a_clause_where_it_can_be() -> None:
    assert cut("She came in, sat down and said nothing", 24) == ["She came in,", "sat down and said", "nothing"]
    assert cut("one two three four", 9) == ["one two", "three", "four"]


def test_what_has_no_sound_is_left_out() -> None:
    assert cut("Hello — 😀 world…", 99) == ["Hello — world…"]
    assert cut("😀 — …", 99) == []


def test_languages_without_spaces_stay_without() -> None:
    assert cut("今日 は 晴れ", 99, "ja") == ["今日は晴れ"]


def test_what_is_to_be_said_in_its_stead_is_said() -> None:
    words = (Word("Dr.", 0, 3, "doctor"), Word("Ng", 4, 6, "Ng", said_as="Ing"))
    assert list(passages(Sentence(words, "en-us"), lambda text: bool(text))) == ["doctor Ing"]
