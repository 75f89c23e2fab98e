"""Languages that only engines which read text speak: nothing of them is changed or lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import UnknownLanguage
from audiostudio.script.estimate import estimated_seconds
from audiostudio.script.language import FURTHER, LANGUAGES, language
from audiostudio.script.reading import read
from audiostudio.script.sayas import fits, say
from audiostudio.script.spoken import Sentence

TEXTS = {
    "de": "Am 3. Mai kostet es 4,50 €. Schön, nicht wahr?",
    "ru": "Сегодня 21 ноября. Хорошая погода!",
    "ko": "오늘은 11월 21일입니다. 날씨가 좋네요!",
    "ka": "დღეს კარგი ამინდია. გამარჯობა!",
    "ar": "الطقس جميل اليوم. أهلا وسهلا!",
    "tr": "Bugün hava çok güzel. Öyle değil mi?",
}


@pytest.mark.parametrize("tag", TEXTS)
def test_every_word_is_there_as_written(tag: str) -> None:
    text = TEXTS[tag]
    parts = [part for part in read(text, tag) if isinstance(part, Sentence)]
    assert parts
    assert {part.language for part in parts} == {tag}
    words = [word for part in parts for word in part.words]
    assert " ".join(word.text for word in words) == text
    assert all(text[word.start : word.end] == word.text for word in words)
    assert estimated_seconds(text, tag) > 1.0


def test_no_two_languages_share_a_name() -> None:
    names = [name.lower() for one in (*LANGUAGES, *FURTHER) for name in (one.tag, one.name, one.own_name, *one.aliases)]
    assert len(names) == len(set(names))
    assert language("German").tag == language("de-AT").tag == "de"
    with pytest.raises(UnknownLanguage):
        language("tlh")


@given(st.text(max_size=200), st.sampled_from([one.tag for one in FURTHER]))
def test_any_text_can_be_read(text: str, tag: str) -> None:
    for part in read(text, tag):
        if isinstance(part, Sentence):
            assert all(text[word.start : word.end] == word.text for word in part.words)


@given(st.text("0123456789+-/: ab", min_size=1, max_size=20), st.sampled_from([one.tag for one in FURTHER]))
def test_any_form_can_be_said(text: str, tag: str) -> None:
    for form in ("letters", "digits", "telephone", "number", "ordinal", "year", "time", "date"):
        if fits(form, text):
            assert say(form, text, "", language(tag))
