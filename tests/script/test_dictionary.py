"""The pronunciation dictionary: found in texts, applied in reading, exchanged as CSV."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import UnknownLanguage, UnreadableMedia
from audiostudio.script.dictionary import Dictionary, Entry, PlainEntry, complaint
from audiostudio.script.dictionary_csv import read_entries, written_entries
from audiostudio.script.phonemes import phonemize
from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence, Word
from audiostudio.timeline.project import Pronunciation


def words(text: str, *entries: Entry, language: str = "en") -> list[Word]:
    parts = read(text, language, Dictionary(entries))
    found = [word for part in parts if isinstance(part, Sentence) for word in part.words]
    assert all(text[word.start : word.end] == word.text for word in found)
    return found


def spoken(text: str, *entries: Entry, language: str = "en") -> str:
    return " ".join(word.spoken for word in words(text, *entries, language=language))


SQL = PlainEntry("SQL", "sequel")


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        (SQL, "Use SQL, not sql or MySQL.", "Use sequel, not sequel or MySQL."),
        (PlainEntry("SQL", "sequel", match_case=True), "SQL and sql", "sequel and sql."),
        (PlainEntry("SQL", "sequel", whole_word=False), "MySQL now", "Mysequel now."),
        (PlainEntry("New York", "the big apple"), "To new\nYork’s heart", "To the big apple’s heart."),
        (PlainEntry("São", "sow"), unicodedata.normalize("NFD", "Go to São Paulo."), "Go to sow Paulo."),
        (PlainEntry("don't", "do not"), "I don’t know.", "I do not know."),
        (PlainEntry("3D", "three dee"), "A 3D film", "A three dee film."),
        (PlainEntry("v2", "version 2"), "It is v2.", "It is version two."),
        (PlainEntry("C++", "see plus plus"), "In C++ or C.", "In see plus plus or C."),
        (PlainEntry("Kiev", "Kyiv"), "**Ki**ev is old.", "Kyiv is old."),
        (PlainEntry("based", "bassed"), "A Rome-based firm", "A Rome-bassed firm."),
        (PlainEntry("Nguyen", "nwin"), "Dr. Nguyen's 3 dogs", "Doctor nwin's three dogs."),
        (PlainEntry("Straße", "strasse"), "Die Straße", "Die strasse."),
    ],
)
def test_words_and_phrases_are_respelled(entry: PlainEntry, text: str, expected: str) -> None:
    assert spoken(text, entry) == expected


def test_engines_that_read_text_get_the_respelling_with_its_punctuation() -> None:
    found = words("“SQL,” he said.", SQL)
    assert found[0].said_as == "“sequel,”"
    assert found[1].said_as is None


def test_ipa_becomes_phonemes_and_is_kept() -> None:
    entry = PlainEntry("Nguyen", "ŋwiˈən", ipa=True)
    (sentence,) = read("Nguyen's Nguyen, Nguyen-like.", "en", Dictionary([entry]))
    assert isinstance(sentence, Sentence)
    found = phonemize(sentence).words
    assert found[0].phonemes == "ŋwiˈənz"
    assert found[1].phonemes == "ŋwiˈən,"
    assert (found[1].ipa, found[1].said_as) == ("ŋwiˈən", None)
    assert found[2].phonemes.startswith("ŋwiˈən")


def test_the_longest_entry_holds_and_the_first_of_the_same_word() -> None:
    entries = (PlainEntry("York", "yoke"), PlainEntry("New York", "noo yoke"), PlainEntry("york", "last"))
    assert spoken("New York and York.", *entries) == "noo yoke and yoke."


def test_an_entry_holds_in_its_language() -> None:
    for tag, language, holds in (
        ("en", "en-gb", True), ("en-us", "en-gb", False), ("fr", "en-us", False), (None, "es", True),
        ("pt", "pt-br", True), ("en_US", "en-us", True),
    ):  # fmt: skip
        entry = PlainEntry("casa", "house", language=tag)
        assert ("house" in spoken("casa grande", entry, language=language)) is holds
        assert bool(Dictionary([entry]).applying("casa grande", language)) is holds
    with pytest.raises(UnknownLanguage):
        Dictionary([SQL]).applying("SQL", "tlh")


def test_words_are_whole_in_every_script() -> None:
    assert spoken("Кот и который.", PlainEntry("кот", "кошка"), language="es").startswith("кошка и который")
    assert "おおさか" in spoken("東京は大きい。", PlainEntry("東京", "おおさか"), language="ja")
    found = words("我们去北京大学，好吗", PlainEntry("北京", "南京"), language="zh")
    assert [word.text for word in found if word.said_as] == ["北京"]
    assert len(found) > 3
    assert words("日本", PlainEntry("本", "ほん"), language="ja")[0].said_as is None
    assert spoken("你好,世界", PlainEntry("世界", "天下"), language="zh").count("天下") == 1
    assert spoken("नमस्ते", PlainEntry("नम", "x"), language="hi").startswith("नमस्ते")


def test_markup_wins_over_the_dictionary() -> None:
    assert spoken("[say SQL|as S Q L] and SQL", SQL) == "S Q L and sequel."
    assert words("[SQL](/ˈɛs/)", SQL)[0].phonemes == "ˈɛs"
    assert spoken("[speed 1.2]SQL[/speed]", SQL) == "sequel."


def test_the_entries_of_a_text_are_told_in_their_order() -> None:
    entries = (PlainEntry("two", "2"), PlainEntry("one", "1"), PlainEntry("three", "3"))
    assert Dictionary(entries).applying("One and **two**.", "en") == entries[:2]
    assert Dictionary(entries).applying("", "en") == ()
    project = Pronunciation("one", "1")
    assert Dictionary([project]).applying("one", "en") == (project,)


@pytest.mark.parametrize(
    "entry",
    [
        PlainEntry("", "x"), PlainEntry("?!", "x"), PlainEntry("x", ""), PlainEntry("x" * 500, "y"),
        PlainEntry("x", "ʘ", ipa=True), PlainEntry("x", "y", language="tlh"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_used_says_why(entry: PlainEntry) -> None:
    assert complaint(entry).endswith(".")
    assert spoken("x y", entry) == "x y."


def test_many_entries_and_lines_are_found() -> None:
    entries = [PlainEntry(f"word{n} of {n % 7}", f"say{n}") for n in range(800)]
    dictionary = Dictionary(entries)
    lines = [f"Here is word{n} of {n % 7} and word{n} of nothing, again and again." for n in range(1000)]
    assert sum(len(dictionary.applying(line, "en")) for line in lines) == 800


@pytest.mark.long
@pytest.mark.parametrize("piece", ["<!DOCTYPE ", "\u200b", "[x]", " ", "a", "ab ", "e\u0301", "[a](/ə/)", "**"])
def test_hostile_texts_are_searched(piece: str) -> None:
    entries = [PlainEntry("a" * 100, "b"), PlainEntry("ab " * 30 + "c", "d"), PlainEntry("e", "f", whole_word=False)]
    text = piece * (100_000 // len(piece))
    said = words(text, *entries)
    assert all(text[word.start : word.end].strip() for word in said)


@pytest.mark.long
@given(st.text(max_size=120), st.lists(st.text(min_size=1, max_size=6), max_size=6), st.booleans())
@settings(max_examples=200)
def test_any_dictionary_leaves_words_in_their_places(text: str, listed: list[str], whole: bool) -> None:
    entries = [PlainEntry(word, "said", whole_word=whole) for word in listed]
    at = 0
    for word in words(text, *entries):
        assert at <= word.start < word.end
        at = word.start
    plain = [word.spoken for word in words(text)]
    if not Dictionary(entries).applying(text, "en"):
        assert [word.spoken for word in words(text, *entries)] == plain


ENTRIES = [
    PlainEntry("SQL", "sequel"),
    PlainEntry("Nguyen", "ŋwiˈən", ipa=True, language="en-us"),
    PlainEntry("New York, NY", 'the "big" apple', match_case=True, whole_word=False),
    PlainEntry("=1+1", "@two"),
    PlainEntry("'=x", "-minus"),
    PlainEntry("Grüße", "greetings"),
]


def test_entries_go_through_csv_and_back() -> None:
    text = written_entries(ENTRIES)
    assert "\n'=1+1," in text
    assert read_entries(text.encode(), "d.csv") == (ENTRIES, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_in_the_forms_people_have(encoding: str, delimiter: str) -> None:
    rows = ["Phrase,Pronunciation,Case sensitive", "Grüße,greetings,yes", "Müller’s café,the café,", ",,", "Öl,oil,no"]
    data = "\r\n".join(rows).replace(",", delimiter).encode(encoding)
    entries, wrong = read_entries(data, "d.csv")
    assert wrong == []
    assert [one.word for one in entries] == ["Grüße", "Müller’s café", "Öl"]
    assert entries[0].match_case


def test_rows_that_cannot_be_used_are_told_with_their_line() -> None:
    data = b'word,spoken,ipa,whole_word\n"two\nlines",ok,,\nSQL,,,\nx,y,,maybe\nt\xc3\xb6,/t\xc9\x99/,,\nz,z,no,\n'
    entries, wrong = read_entries(data, "d.csv")
    assert [(one.word, one.spoken, one.ipa) for one in entries] == [
        ("two\nlines", "ok", False), ("tö", "tə", True), ("z", "z", False),
    ]  # fmt: skip
    assert [one.split(":")[0] for one in wrong] == ["d.csv, line 4", "d.csv, line 5"]


def test_a_column_of_ipa_may_stand_for_the_respelling() -> None:
    entries, wrong = read_entries("term;ipa\nNginx;ˈɛndʒɪn ˈɛks\n".encode(), "d.csv")
    assert (entries, wrong) == ([PlainEntry("Nginx", "ˈɛndʒɪn ˈɛks", ipa=True)], [])
    assert read_entries(b"SQL,sequel\n", "d.csv")[0] == [SQL]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x89PNG\r\n\x1a\n\x00\x00", b'"' + b"x" * 1_100_000])
def test_what_is_no_table_is_said(data: bytes) -> None:
    with pytest.raises(UnreadableMedia, match=r"d\.csv"):
        read_entries(data, "d.csv")
