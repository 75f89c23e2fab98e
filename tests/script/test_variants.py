"""Say it differently: suggestions that sound different and can be kept."""

import pytest

from audiostudio.errors import UnknownLanguage
from audiostudio.script.dictionary import Dictionary, PlainEntry, complaint
from audiostudio.script.language import LANGUAGES
from audiostudio.script.phonemes import phonemize
from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence
from audiostudio.script.variants import MOST, variants

WORDS = {
    "en-us": ["record", "GitHub", "SQL", "Nguyen,", "1984", "handbook", "don't", "“Chopin”"],
    "en-gb": ["tomato", "schedule"],
    "es": ["casa", "México"], "fr": ["Paris", "plus"], "it": ["ancora"], "pt-br": ["exame"],
    "hi": ["नमस्ते"], "ja": ["今日"], "zh": ["银行", "行"],
}  # fmt: skip
CASES = [(tag, word) for tag, some in WORDS.items() for word in some]


def heard(text: str, language: str, *entries: PlainEntry) -> str:
    (sentence,) = read(text, language, Dictionary(entries))
    assert isinstance(sentence, Sentence)
    return " ".join(word.phonemes for word in phonemize(sentence).words).strip(".“”, ")


@pytest.mark.parametrize(("language", "word"), CASES)
def test_what_is_suggested_is_heard_when_it_is_kept(language: str, word: str) -> None:
    core = word.strip(",“”")
    now = heard(core, language)
    found = variants(word, language)
    assert 1 <= len(found) <= MOST
    sounds = [one.phonemes.replace("ˌ", "").replace(" ", "") for one in found]
    assert len(set(sounds)) == len(sounds)
    assert now.replace("ˌ", "").replace(" ", "") not in sounds
    for one in found:
        entry = PlainEntry(core, one.spoken, one.ipa, language)
        assert complaint(entry) == ""
        said = heard(core, language, entry)
        assert said.replace(".", "").replace(",", "") == one.phonemes, one


def test_the_sentence_decides_what_is_said_now() -> None:
    noun = variants("record", "en", "She broke the record.")
    verb = variants("record", "en", "I will record it.")
    assert noun[0].phonemes == "ɹəkˈɔɹd"
    assert verb[0].phonemes == "ɹˈɛkəɹd"
    assert noun[0].label == "as a verb"


def test_each_kind_of_suggestion_is_there() -> None:
    def labels(word: str, language: str = "en") -> str:
        return " | ".join(one.label for one in variants(word, language))

    assert "letter by letter" in labels("SQL")
    assert "in its parts" in labels("GitHub")
    assert "digit by digit" in labels("1984")
    assert "stress on syllable 2" in labels("GitHub") or "stress on syllable 1" in labels("GitHub")
    assert "as if written “shopin”" in labels("Chopin")
    assert "as in French" in labels("Chopin")
    assert "as hang2" in labels("行", "zh")
    assert "each character by itself" in labels("今日", "ja")


@pytest.mark.parametrize("word", ["", "!?", "  ", "😀", "x" * 300, "a", "."])
def test_odd_words_are_no_trouble(word: str) -> None:
    for one in LANGUAGES:
        assert len(variants(word, one.tag)) <= MOST
    with pytest.raises(UnknownLanguage):
        variants("x", "tlh")
