"""Text becomes sentences of words, each with its exact place."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import EmptyText, UnknownLanguage
from audiostudio.script.language import LANGUAGES
from audiostudio.script.reading import problems, read, require_speakable
from audiostudio.script.spoken import Pause, Sentence


def sentences(text: str, language: str = "en") -> list[str]:
    return [part.spoken for part in read(text, language) if isinstance(part, Sentence)]


def words(text: str, language: str = "en") -> list[str]:
    return [word.text for part in read(text, language) if isinstance(part, Sentence) for word in part.words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four."]),
        ("Dr. Smith met J. K. Rowling.", ["Doctor Smith met J. K. Rowling."]),
        ("It costs 3.5 dollars. Fine.", ["It costs three point five dollars.", "Fine."]),
        ("“Stop!” he said. She did.", ["“Stop!” he said.", "She did."]),
        ("He said, “Stop.” Then he left.", ["He said, “Stop.”", "Then he left."]),
        ("Well... maybe. Well… Maybe.", ["Well... maybe.", "Well…", "Maybe."]),
        ("See example.com. It works.", ["See example dot com.", "It works."]),
        ("We met at 7 p.m. on Main St. Then we ate.", ["We met at seven p.m. on Main Street.", "Then we ate."]),
        ("I live in the U.S. It is big.", ["I live in the U.S.", "It is big."]),
        ("Plan B. The end.", ["Plan B.", "The end."]),
        ("Is it No. 5? No. It is six.", ["Is it number five?", "No.", "It is six."]),
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("I love my iPhone. iPads too.", ["I love my iPhone.", "iPads too."]),
        ("(He left.) She stayed.", ["(He left.)", "She stayed."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("es", "El Sr. Gómez llegó. ¿Cómo está? ¡Muy bien!", 3),
        ("fr", "M. Dupont est là. Ça va ? Oui !", 3),
        ("it", "Il Sig. Rossi è qui. Come sta?", 2),
        ("pt-br", "O Sr. Silva chegou. Tudo bem?", 2),
        ("hi", "यह घर है। वह पेड़ है। क्या हाल है?", 3),
        ("ja", "今日は晴れです。明日は雨ですか？はい！", 3),
        ("zh", "今天很好。你呢？我也是！", 3),
    ],
)
def test_other_languages_end_theirs(language: str, text: str, count: int) -> None:
    assert len(sentences(text, language)) == count


def test_markdown_is_read_as_its_reader_sees_it() -> None:
    text = """---
title: Not spoken
---
# A *big* title ##

Some **bold**, _thin_ and ~~old~~ text with `code`, [a link](https://example.com/x_(y)) and ![a picture](p.png)
that goes on.<!-- not
this --> <b>Loud</b> end.[^1]

- one
- [x] two

> quoted
> twice

| Name | Age |
|------|----:|
| Ann  | 5   |

```python
print("never spoken")
```
***
[ref]: https://example.com
1. First
Title
=====
"""
    assert sentences(text) == [
        "A big title.",
        "Some bold, thin and old text with code, a link and that goes on.",
        "Loud end.",
        "one.",
        "two.",
        "quoted twice.",
        "Name, Age.",
        "Ann, five.",
        "one, First.",
        "Title.",
    ]
    assert [text[one.start : one.end][:3] for one in problems(text)] == ["```"]


def test_a_multiplication_is_no_emphasis() -> None:
    assert sentences("2*3*4 and 5 * 6") == ["two times three times four and five times six."]


def test_a_name_with_underscores_is_no_emphasis() -> None:
    assert "underscore" in sentences("Open my_file_name.txt now.")[0]


def test_short_lines_are_sentences_and_long_ones_go_on() -> None:
    assert sentences("Roses are red\nViolets are blue") == ["Roses are red.", "Violets are blue."]
    wrapped = "This line is long enough that it was surely wrapped by an editor in New\nYork, not by its writer."
    assert len(sentences(wrapped)) == 1


def test_pauses_are_exact_and_keep_their_place() -> None:
    text = "Hello [pause 0.5s] world. [pause 500ms][pause 2]Bye [pause=1,5 s] now."
    parts = list(read(text, "en"))
    pauses = [part for part in parts if isinstance(part, Pause)]
    assert [pause.seconds for pause in pauses] == [0.5, 0.5, 2.0, 1.5]
    assert [text[pause.start : pause.end] for pause in pauses] == [
        "[pause 0.5s]", "[pause 500ms]", "[pause 2]", "[pause=1,5 s]",
    ]  # fmt: skip
    shape = [part.spoken if isinstance(part, Sentence) else part.seconds for part in parts]
    assert shape == ["Hello", 0.5, "world.", 0.5, 2.0, "Bye", 1.5, "now."]
    assert problems(text) == []


@pytest.mark.parametrize("markup", ["[laugh]", "[pause]", "[pause soon]", "[pause 61s]", "[voice]", "[/slow]"])
def test_unknown_markup_is_told_and_not_spoken(markup: str) -> None:
    text = f"Hello {markup} world."
    (found,) = problems(text)
    assert text[found.start : found.end] == markup
    assert found.message
    assert sentences(text) == ["Hello world."]


def test_letters_that_no_voice_reads_are_told() -> None:
    text = "Hello สวัสดี world"
    (found,) = problems(text)
    assert text[found.start : found.end].startswith("ส")
    assert "no voice reads" in found.message
    with pytest.raises(EmptyText):
        require_speakable("สวัสดี")
    assert problems("Hello Привет 你好 こんにちは 안녕 नमस्ते مرحبا γειά გამარჯობა café ﬁn Ａ") == []


def test_a_name_in_brackets_is_no_link_definition() -> None:
    assert sentences("[Host]: Welcome.") == ["[Host]: Welcome."]
    for text in ("[1]: https://x.org/a", "[a b]: /docs 'Title'", '[x]: <y> "T"', "[x]: file.md", "[x]: #part"):
        assert sentences(f"{text}\nYes.") == ["Yes."], text


def test_other_brackets_are_text() -> None:
    assert sentences("He [Bob] laughs [1].") == ["He [Bob] laughs [one]."]
    assert problems("He [Bob] laughs [1].") == []


def test_the_last_sentence_of_a_paragraph_says_so() -> None:
    parts = [part for part in read("One. Two.\n\nThree.", "en") if isinstance(part, Sentence)]
    assert [part.ends_paragraph for part in parts] == [False, True, True]


def test_words_keep_their_place_through_emphasis_and_invisible_signs() -> None:
    text = "A **bold**ly made \u200bword\u00ad, it\ufeff is."
    for part in read(text, "en"):
        assert isinstance(part, Sentence)
        assert all(text[word.start : word.end] == word.text for word in part.words)
        assert part.spoken == "A boldly made word, it is."


def test_punctuation_that_stands_alone_is_kept() -> None:
    assert sentences("Wait - what ? Yes !") == ["Wait — what?", "Yes!"]
    assert words("Wait - what") == ["Wait -", "what"]


def test_no_sentence_is_too_long_for_an_engine() -> None:
    text = "and then we walked, and then we ran " * 400
    for language in LANGUAGES:
        for part in read(text, language.tag):
            assert isinstance(part, Sentence)
            assert len(part.spoken) <= language.longest_sentence + 40


def test_a_long_sentence_is_cut_behind_a_clause() -> None:
    text = ", ".join(f"the house number {'x' * 12} of the street" for _ in range(12)) + "."
    first, *_ = sentences(text)
    assert first.endswith(",")


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\n", "…", "😀 🎉", "---", "<!-- hidden -->", "**", "\u200b\u00ad", "!?"]
)
def test_nothing_to_speak_is_said(text: str) -> None:
    assert list(read(text, "en")) == []
    with pytest.raises(EmptyText) as error:
        require_speakable(text)
    assert error.value.hint


@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES])
def test_a_sign_alone_is_nothing_to_speak(language: str) -> None:
    assert all(list(read(sign, language)) == [] for sign in "&+/%€=#@")


def test_something_to_speak_is_let_through() -> None:
    for text in ("a", "5", "你好", "😀 ok", "# Title"):
        require_speakable(text)
        assert any(isinstance(part, Sentence) for part in read(text, "en-us")), text


def test_an_unknown_language_is_said() -> None:
    with pytest.raises(UnknownLanguage, match="tlh"):
        list(read("Hello", "tlh"))


@pytest.mark.long
def test_the_first_sentence_of_any_text_comes_before_the_rest_is_read() -> None:
    class Once(str):
        """A text that says how far it was looked at through slices."""

    for text in ("Hello. " * 150_000, "word " * 200_000, "x\n" * 500_000):
        first = next(iter(read(Once(text), "en")))
        assert isinstance(first, Sentence)
        assert first.words[-1].end < 4000


HOSTILE = {
    "one word of 100,000 letters": "a" * 100_000,
    "one word of 100,000 digits": "7" * 100_000,
    "brackets": "[" * 100_000,
    "links begun": "[a](" * 25_000,
    "comments begun": "<!--" * 25_000,
    "tags begun": "<a " * 30_000,
    "stars": "*" * 100_000,
    "stars and letters": "*a" * 50_000,
    "underscores": "_a_" * 30_000,
    "backticks": "`" * 100_000,
    "backticks and letters": "`a" * 50_000,
    "fences begun": "```\n~~~\n" * 12_000,
    "pipes": "|" * 100_000,
    "rows": "|a|b|\n" * 15_000,
    "backslashes": "\\" * 100_000,
    "dots": "." * 100_000,
    "dashes": "-" * 100_000,
    "slashes": "/" * 100_000,
    "paths": "/a" * 50_000,
    "commas in numbers": "1," * 50_000,
    "ranges": "1-" * 50_000,
    "times": "1:" * 50_000,
    "versions": "1." * 50_000,
    "money": "$" * 100_000,
    "ats": "a@" * 50_000,
    "hosts": "a." * 50_000,
    "quotes": '"' * 100_000,
    "combining marks": "e" + "\u0301" * 100_000,
    "zero width": "\u200b" * 100_000,
    "controls": "\x00\x01\x02\x1f" * 25_000,
    "lone surrogates": "\ud800a\udfff" * 30_000,
    "right to left": "\u202eمرحبا \u202c" * 10_000,
    "emoji families": "👨‍👩‍👧‍👦 " * 10_000,
    "mixed scripts": "Hello мир 你好 مرحبا नमस्ते γειά " * 3_000,
    "ideographs": "你好世界" * 25_000,
    "kana": "こんにちは" * 20_000,
    "pauses": "[pause 1s]" * 10_000,
    "spaces": " " * 100_000 + "a",
    "blank lines": "\n \n" * 30_000 + "a",
    "quote marks": "> " * 50_000 + "a",
    "front matter begun": "---\n" + "a: b\n" * 20_000,
}


@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_with_every_word_in_its_place(name: str) -> None:
    text = HOSTILE[name]
    at = 0
    for part in read(text, "en"):
        if isinstance(part, Pause):
            continue
        assert len(part.spoken) < 4000
        for word in part.words:
            assert at <= word.start < word.end
            assert text[word.start : word.end] == word.text
            at = word.start
    problems(text)


@pytest.mark.long
def test_a_megabyte_is_read_to_its_end() -> None:
    paragraph = "On 3 March 2024 Dr. Smith paid $3.50 for **two** coffees at https://example.com, didn't he? "
    text = (paragraph * 6 + "\n\n") * (1_000_000 // (len(paragraph) * 6))
    last = None
    for part in read(text, "en"):
        last = part
    assert isinstance(last, Sentence)
    assert last.words[-1].end == len(text.rstrip())


@pytest.mark.long
@given(st.text(max_size=300), st.sampled_from([one.tag for one in LANGUAGES if one.spaced]))
@settings(max_examples=300)
def test_any_text_is_read_in_order_and_in_place(text: str, language: str) -> None:
    at = 0
    for part in read(text, language):
        if isinstance(part, Sentence):
            assert part.words
            for word in part.words:
                assert text[word.start : word.end] == word.text
                assert at <= word.start
                at = word.start
                assert word.spoken.strip() == word.spoken
                assert not any(one.isdecimal() for one in word.spoken)


@given(
    st.lists(
        st.sampled_from(["Hello", "world.", "**b**", "[x](y)", "[pause 1s]", "\n\n", "\n- ", "`c`", "3/4", "日本"])
    )
)
@settings(max_examples=200)
def test_reading_is_the_same_from_part_to_part(parts: list[str]) -> None:
    text = " ".join(parts)
    assert list(read(text, "en")) == list(read(text, "en-us"))
    assert list(itertools.islice(read(text, "en"), 2)) == list(read(text, "en"))[:2]
