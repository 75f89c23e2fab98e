"""Syllables, stresses and rhymes of words."""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import MissingMedia, ModelDamaged
from audiostudio.music import pronunciations
from audiostudio.music.rhymes import RhymeKind, Rhymes, last_word, open_rhymes
from audiostudio.music.syllables import Prosody


@pytest.fixture(scope="module")
def dictionary(models_dir: Path) -> Path:
    return models_dir / "cmudict" / "cmudict.js"


@pytest.fixture(scope="module")
def english(dictionary: Path) -> Prosody:
    return Prosody.open("en-us", dictionary)


@pytest.fixture(scope="module")
def rhymes(dictionary: Path) -> Rhymes:
    return open_rhymes(dictionary)


def shown(prosody: Prosody, word: str) -> str:
    return "-".join(f"{one.text}{one.stress}" for one in prosody.syllables(word))


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("twinkle", "twin1-kle0"),
        ("Diamond,", "Dia1-mond0"),
        ("forever", "fo0-rev1-er0"),
        ("moonlight", "moon1-light2"),
        ("lion", "li1-on0"),
        ("created", "cre0-a1-ted0"),
        ("rhythm", "rhy1-thm0"),
        ("singin’", "sing1-in0"),
        ("don’t", "don’t1"),
        ("the", "the0"),
        ("heart", "heart1"),
        ("ooh-la-la", "ooh0-la1-la1"),
        ("1999", "nine1-teen1-nine1-ty0-nine1"),
        ("21st", "twen1-ty0-first1"),
    ],
)
def test_english_words_are_parted_and_stressed(english: Prosody, word: str, syllables: str) -> None:
    assert shown(english, word) == syllables


@pytest.mark.parametrize(
    ("language", "word", "syllables"),
    [
        ("es", "corazón", "co-ra-zón"),
        ("es", "quiero", "quie-ro"),
        ("fr-fr", "étoile", "é-toile"),
        ("it", "stella", "ste-lla"),
        ("pt-br", "coração", "co-ra-ção"),
        ("ja", "きょう", "きょ-う"),
        ("ja", "がっこう", "が-っ-こ-う"),
        ("ja", "空の星", "ソ-ラ-ノ-ホ-シ"),
        ("cmn", "星星", "星-星"),
        ("hi", "नमस्ते", "न-म-स्ते"),
        ("ru", "звезда", "звез-да"),
        ("ka", "ვარსკვლავი", "ვარსკვ-ლა-ვი"),
    ],
)
def test_words_of_other_languages_are_parted_by_rule(language: str, word: str, syllables: str) -> None:
    prosody = Prosody(language)
    assert "-".join(one.text for one in prosody.syllables(word)) == syllables
    assert prosody.countable(word)


def test_what_cannot_be_counted_is_said_and_a_reading_helps() -> None:
    assert not Prosody("ar").countable("سماء")
    assert not Prosody("ko").countable("漢")
    read = Prosody("ar", reading=lambda word, _: {"سماء": "samaa"}.get(word, word))
    assert [one.text for one in read.syllables("سماء")] == ["sa", "maa"]
    assert read.countable("سماء")


def test_rules_count_nine_words_in_ten(dictionary: Path, english: Prosody) -> None:
    """Without the dictionary; and with it no letter and no syllable is lost."""
    words = [word for word, _ in pronunciations.read(dictionary).words() if word.isalpha()]
    drawn = Random(int(os.environ["AUDIOSTUDIO_TEST_SEED"])).sample(words, 2000)
    rules = Prosody("en-us")
    right = 0
    for word in drawn:
        known = english.syllables(word)
        assert "".join(one.text for one in known) == word
        right += len(rules.syllables(word)) == len(known)
    assert right > 0.87 * len(drawn)


@given(
    st.text(min_size=1, max_size=30), st.sampled_from(["en-us", "es", "fr-fr", "it", "pt-br", "ja", "cmn", "hi", "ka"])
)
def test_any_word_has_syllables(word: str, language: str) -> None:
    found = Prosody(language).syllables(word)
    assert found
    assert all(one.text and one.stress in (0, 1, 2) for one in found)


def test_a_broken_dictionary_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "cmudict.js"
    broken.write_text("export const dictionary = {\n nonsense")
    with pytest.raises(ModelDamaged):
        pronunciations.read(broken)
    with pytest.raises(MissingMedia):
        pronunciations.read(tmp_path / "nowhere.js")


def test_rhymes_are_true_and_the_common_ones_come_first(rhymes: Rhymes) -> None:
    found = rhymes.of("fire")
    perfect = [one.word for one in found if one.kind is RhymeKind.PERFECT]
    assert {"desire", "higher", "wire", "choir"} <= set(perfect[:20])
    assert "fire" not in perfect
    ranks = [one.rank for one in found if one.kind is RhymeKind.PERFECT and rhymes.rank(one.word) < 1 << 20]
    assert ranks == sorted(ranks)
    for one in rhymes.of("remember", near=False):
        assert rhymes.kind("remember", one.word) is RhymeKind.PERFECT


def test_rhymes_can_be_asked_to_fit_the_line(rhymes: Rhymes) -> None:
    assert all((one.syllables, one.stresses) == (2, "01") for one in rhymes.of("fire", stresses="01"))
    assert {one.syllables for one in rhymes.of("night", syllables=1)} == {1}
    assert "enough" in [one.word for one in rhymes.of("love") if one.kind is RhymeKind.NEAR]
    assert rhymes.of("qwrtzx") == []


def test_the_same_sound_is_no_rhyme(rhymes: Rhymes) -> None:
    assert rhymes.kind("light", "night") is RhymeKind.PERFECT
    assert rhymes.kind("light", "delight") is None
    assert rhymes.kind("light", "light") is None
    assert rhymes.kind("time", "mine") is RhymeKind.NEAR
    assert rhymes.kind("time", "cat") is None


def test_a_stanza_has_a_scheme(rhymes: Rhymes) -> None:
    star = [
        "Twinkle twinkle little star",
        "How I wonder what you are",
        "Up above the world so high",
        "Like a diamond in the sky (ooh)",
    ]
    assert rhymes.scheme(star) == "AABB"
    assert rhymes.scheme(["a cat!", "a dog", "the hat", "fog…"]) == "ABAB"
    assert rhymes.scheme(["", "x y z", ""]) == "ABC"
    assert last_word("Let it be (let it be)") == "be"
