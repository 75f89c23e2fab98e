"""Said against heard: what is an error, what is not, and where it stands in the text."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.script.comparison import Comparison, Fault, compare
from audiostudio.script.dictionary import Dictionary, PlainEntry
from audiostudio.script.reading import read

WORDS = [
    "amber",
    "breeze",
    "candle",
    "dune",
    "ember",
    "forest",
    "garden",
    "island",
    "jungle",
    "lantern",
    "meadow",
    "nectar",
    "orchard",
    "pebble",
    "quarry",
]


def compared(text: str, heard: str, language: str = "en-us") -> Comparison:
    return compare(read(text, language), heard, language)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("It cost $50 in 2024.", "it cost fifty dollars in two thousand twenty four"),
        ("It costs $3.50.", "It costs 3.50."),
        ("It costs $1,200.", "It costs twelve hundred dollars"),
        ("On March 3rd, 1890.", "On March 3, 1890"),
        ("Call 555-1234 at 3:30 p.m.", "Call five five five one two three four at three thirty PM."),
        ("Some day she sent an e-mail.", "Someday, she sent an email."),
        ("We organise the colours of the theatre.", "We organize the colors of the theater."),
        ("The harbour is grey.", "The harbor is gray."),
        ("Their dog is over there, it's theirs.", "There dog is over their. It is theirs."),
        ("They don't; we can't, she'll see.", "They do not we cannot she will see"),
        ("A well-known, twenty-year-old **idea**.", "A well known 20-year-old idea"),
        ("Dr. Smith lives on Elm St.", "Doctor Smith lives on Elm Street."),
        ("Wait [pause 2s] here.", "Wait here"),
        ("It was read in every house.", "It was red in every house."),
        ("OK, mum is gonna come.", "Okay, mom is going to come."),
    ],
)
def test_what_sounds_the_same_is_no_error(text: str, heard: str) -> None:
    assert compared(text, heard).differences == ()


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "text", "heard"),
    [
        ("fr", "Il a 25 ans et habite à Paris.", "il a vingt-cinq ans et habite a Paris"),
        ("es", "El 5 % de los años.", "el cinco por ciento de los años"),
        ("it", "Perché no?", "perché no"),
        ("pt-br", "São 3 horas.", "são três horas"),
        ("hi", "मेरा नाम राहुल है।", "मेरा नाम राहुल है"),
        ("zh", "今天天气很好，我们去公园。", "今天天氣很好我們去公園"),
        ("ja", "今日は天気がとても良いので、公園へ行きました。", "きょうは天気がとてもよいので公園へ行きました"),
    ],
)
def test_no_language_is_wrong_for_its_spelling(language: str, text: str, heard: str) -> None:
    assert compared(text, heard, language).differences == ()


def test_characters_are_counted_where_there_are_no_spaces() -> None:
    found = compared("今天天气很好。", "今天天气不好", "zh")
    assert (found.errors, found.count) == (1, 6)


def test_faults_have_their_places() -> None:
    text = "The quick **brown** fox jumps over the lazy dog."
    found = compared(text, "The brown fox leaps over the the lazy dog today.")
    told = [(one.fault, one.said, one.heard, text[one.start : one.end]) for one in found.differences]
    assert told == [
        (Fault.MISSING, "quick", "", "quick"),
        (Fault.OTHER, "jumps", "leaps", "jumps"),
        (Fault.ADDED, "", "the", ""),
        (Fault.ADDED, "", "today", ""),
    ]
    assert found.differences[3].start == len(text)
    assert found.word_errors == pytest.approx(4 / 9)
    assert found.missing == ("quick", "jumps")
    assert found.added == ("leaps", "the", "today")


def test_other_numbers_and_other_words_are_errors() -> None:
    assert compared("It cost fifteen dollars.", "It cost fifty dollars.").errors == 1
    assert compared("In 2024.", "In 2025.").errors > 0
    assert compared("I can do it.", "I can't do it.").errors == 1


def test_nothing_heard_and_nothing_to_hear() -> None:
    assert compared("Hello there.", "").word_errors == 1.0
    assert compared("", "").word_errors == 0.0
    assert compared("", "you").errors == 1
    assert compared("Hello.", "[Music] (laughs)").missing == ("Hello",)


def test_a_word_whose_pronunciation_was_laid_down_may_be_heard_in_any_way() -> None:
    entries = Dictionary([PlainEntry("Nguyen", "win")])
    text = "Mister Nguyen came with [Siobhan](/ʃɪvˈɔn/) home."
    said = list(read(text, "en-us", entries))
    assert compare(said, "Mister when came with she vaughn home", "en-us").differences == ()
    assert compare(said, "Mister came with Chevonne home", "en-us").missing == ("Nguyen",)


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.lists(st.sampled_from(WORDS), max_size=30))
@settings(max_examples=150)
def test_errors_are_the_fewest_changes(said: list[str], heard: list[str]) -> None:
    found = compare(read(" ".join(said), "en-us"), " ".join(heard), "en-us")
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (word != other))
    assert found.errors == row[-1]
    firsts = [match.first for match in found.matches]
    assert firsts == sorted(firsts)


@pytest.mark.long
def test_a_long_text_is_compared_as_well() -> None:
    """20,000 words, a word in a hundred wrong: all with all would be 400 million pairs."""
    chance = random.Random(3)
    said = [f"{chance.choice(WORDS)}{chance.choice('aeiou')}{chance.choice('bcdfg')}" for _ in range(20_000)]
    heard = [word if chance.random() > 0.01 else "wrong" for word in said]
    found = compare(read(" ".join(said), "en-us"), " ".join(heard), "en-us")
    assert found.errors == heard.count("wrong")
    assert {one.heard for one in found.differences} <= {"wrong", "wrong wrong"}
