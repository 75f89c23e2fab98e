"""Edits of the performance editor find their words."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from audiostudio.performance import PLAIN, PitchPoint, Voicing
from audiostudio.script.performing import perform, placed
from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence
from audiostudio.timeline.project import WordPerformance


@dataclass(frozen=True)
class Edit:
    word: int
    text: str
    voicing: Voicing


LOUD, HIGH, LONG = Voicing(energy=6.0), Voicing(pitch=3.0), Voicing(seconds=0.8)


def performed(text: str, *edits: Edit) -> dict[str, Voicing]:
    parts = perform(read(text, "en"), edits)
    return {word.text: word.voicing for part in parts if isinstance(part, Sentence) for word in part.words}


def test_edits_go_to_the_words_of_the_line() -> None:
    text = "Hello there. [pause 1s] General Kenobi!"
    found = performed(text, Edit(0, "Hello", LOUD), Edit(3, "Kenobi!", HIGH))
    assert found == {"Hello": LOUD, "there.": PLAIN, "General": PLAIN, "Kenobi!": HIGH}
    project = WordPerformance(1, "there.", LONG)
    first = next(iter(perform(read(text, "en"), (project,))))
    assert isinstance(first, Sentence)
    assert first.words[1].voicing == LONG


def test_an_edit_wins_over_markup_where_it_says_something() -> None:
    curve = (PitchPoint(0.0, 200.0), PitchPoint(1.0, 180.0))
    text = "[speed 1.5][volume 3]Hello[/volume][/speed] you"
    (first, _) = performed(text, Edit(0, "Hello", Voicing(energy=-2.0, curve=curve))).values()
    assert first == Voicing(speed=1.5, energy=-2.0, curve=curve)


def test_an_edit_goes_with_its_word_when_the_line_changes() -> None:
    edits = (Edit(1, "big", LOUD), Edit(2, "dog", HIGH), Edit(5, "cat.", LONG))
    before = ["The", "big", "dog", "saw", "the", "cat."]
    assert placed(before, edits) == {1: LOUD, 2: HIGH, 5: LONG}
    assert placed(["Yes,", "the", "very", "Big", "dog", "saw", "a", "cat!"], edits) == {3: LOUD, 4: HIGH, 7: LONG}
    assert placed(["The", "dog", "saw", "the", "cat."], edits) == {1: HIGH, 4: LONG}
    assert placed([], edits) == {}


def test_of_equal_words_the_nearest_is_meant() -> None:
    words = ["a", "dog", "and", "a", "dog", "and", "a", "dog"]
    assert placed(words, (Edit(4, "dog", LOUD),)) == {4: LOUD}
    assert placed(["so", *words], (Edit(1, "dog", LOUD), Edit(4, "dog", HIGH))) == {2: LOUD, 5: HIGH}
    assert placed(words, (Edit(99, "dog", LOUD), Edit(-3, "a", HIGH))) == {0: HIGH, 7: LOUD}


@given(
    st.lists(st.sampled_from(["a", "b", "c", "a.", "B"]), max_size=12),
    st.lists(st.tuples(st.integers(-2, 14), st.sampled_from(["a", "b", "c", "d"])), max_size=6),
)
def test_no_word_gets_two_edits_and_no_edit_a_strange_word(words: list[str], edits: list[tuple[int, str]]) -> None:
    made = [Edit(place, text, Voicing(pitch=float(n + 1))) for n, (place, text) in enumerate(edits)]
    found = placed(words, made)
    for place, voicing in found.items():
        edit = made[int(voicing.pitch) - 1]
        assert words[place].strip(".").lower() == edit.text
    assert len(set(found.values())) == len(found)
