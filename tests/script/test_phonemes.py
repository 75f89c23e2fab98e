"""Phonemes in Kokoro's alphabet, word by word."""

import json
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import EngineUnavailable, UnknownLanguage
from audiostudio.resource import resource
from audiostudio.script.language import LANGUAGES
from audiostudio.script.phonemes import available, phonemize
from audiostudio.script.phonemes.japanese import kana_phonemes
from audiostudio.script.phonemes.mandarin import syllable
from audiostudio.script.phonemes.missing import installed
from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence

ALPHABET = set(json.loads(resource("engines/kokoro/vocabulary.json").read_text(encoding="utf-8")))


def sounds(text: str, language: str) -> list[tuple[str, str]]:
    return [
        (word.text, word.phonemes)
        for part in read(text, language)
        if isinstance(part, Sentence)
        for word in phonemize(part).words
    ]


def line(text: str, language: str) -> str:
    return " ".join(phonemes for _, phonemes in sounds(text, language))


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en-us", "Hello there.", "həlˈO ðˈɛɹ."),
        ("en-gb", "Hello there.", "həlˈQ ðˈɛː."),
        ("en-us", "I read it. I have read it.", "ˌI ɹˈɛd ɪt. ˌI hæv ɹˈɛd ɪt."),
        ("en-us", "“Well,” she said.", "“wˈɛl,” ʃi sˈɛd."),
        ("en-us", "the FBI and NASA", "ði ˌɛfbˌiˈI ænd nˈæsə."),
        ("es", "Hola, ¿cómo estás?", "ˈola, kˈomo estˈas?"),
        ("fr", "Les amis sont là !", "lez amˈi sˈɔ̃ lˈa!"),
        ("it", "Ciao, come stai?", "ʧˈao, kˌome stˈaj?"),
        ("pt-br", "Olá, tudo bem?", "olˈa, tˈudʊ bˈAŋ?"),
        ("hi", "नमस्ते, आप कैसे हैं?", "nəmˈʌsteː, ˌaːp kˈɛːseː hɛ̃?"),
        ("ja", "今日は、いい天気ですね。", "kʲoː βa, ii teŋkʲi desɨ ne."),
        ("zh", "今天很好。", "ʨi→ntʰjɛ→n xə↓n xau↓."),
    ],
)
def test_each_language_has_its_sounds(language: str, text: str, expected: str) -> None:
    assert line(text, language) == expected


def test_every_word_keeps_its_own_sounds() -> None:
    found = dict(sounds("Dr. Smith paid $3.50 — “cash” — on 3 March 2024, didn't he?", "en"))
    assert found["Dr."] == "dˈɑktəɹ"
    assert found["$3.50 —"].startswith("θɹˈi dˈɑləɹz")
    assert found["$3.50 —"].endswith(" —")
    assert found["3 March 2024,"].endswith("twˈɛntifˌɔɹ,")
    assert found["he?"].endswith("?")


def test_a_sentence_mark_behind_an_abbreviation_is_heard() -> None:
    assert line("We met at 7 p.m.", "en").endswith(".")
    assert line("He lives in the U.S.", "en").endswith(".")


@pytest.mark.parametrize("language", ["en-us", "en-gb", "es", "fr", "it", "pt-br", "hi", "ja", "zh"])
@pytest.mark.parametrize(
    "word",
    ["Привет", "你好", "こんにちは", "नमस्ते", "გამარჯობა", "مرحبا", "γειά", "שלום", "안녕하세요", "hello"],
)
def test_a_word_in_another_script_is_spoken_too(word: str, language: str) -> None:
    found = sounds(word, language)
    assert found
    assert all(any(one.isalpha() for one in phonemes) for _, phonemes in found)


def test_vowel_signs_are_not_lost_in_an_english_sentence() -> None:
    (part,) = read("She said नमस्ते, हिन्दी और مَرْحَبًا.", "en")
    assert isinstance(part, Sentence)
    assert part.spoken == "She said नमस्ते, हिन्दी और مَرْحَبًا."


def test_every_language_of_the_studio_is_available_here() -> None:
    assert available() == {one.tag: None for one in LANGUAGES}


def test_what_is_not_installed_is_said_with_the_way_to_get_it() -> None:
    with pytest.raises(EngineUnavailable) as error, installed("Klingon", "klingon-g2p"):
        __import__("klingon_g2p_that_nobody_wrote")
    assert "Klingon" in error.value.sentence
    assert "pip install klingon-g2p" in error.value.hint


def test_an_unknown_language_is_said() -> None:
    (part,) = read("Hello", "en")
    assert isinstance(part, Sentence)
    with pytest.raises(UnknownLanguage):
        phonemize(Sentence(part.words, "tlh"))


@pytest.mark.parametrize(
    ("kana", "expected"),
    [
        ("コンニチワ", "koɲɲiʨiβa"),
        ("トーキョー", "toːkʲoː"),
        ("ガッコー", "ɡaʔkoː"),
        ("シンブン", "ɕimbɯɴ"),
        ("リンゴ", "ɾʲiŋɡo"),
        ("ファイル", "ɸaiɾɯ"),
        ("ティー", "tʲiː"),
        ("ジュース", "ʥɨːsɨ"),
        ("デス’", "desɨ"),
    ],
)
def test_kana_are_written_as_the_voices_learned_them(kana: str, expected: str) -> None:
    assert kana_phonemes(kana) == expected


@pytest.mark.parametrize(
    ("pinyin", "expected"),
    [
        ("ni3", "ni↓"), ("hao3", "xau↓"), ("zhong1", "ꭧʊ→ŋ"), ("guo2", "kwo↗"), ("xue2", "ɕɥe↗"), ("yue4", "ɥe↘"),
        ("shi4", "ʂɨ↘"), ("zi5", "ʦɨ"), ("er4", "ɚ↘"), ("lüe4", "lɥe↘"), ("wei1", "wei→"), ("yuan2", "ɥɛ↗n"),
        ("you3", "jou↓"), ("wu3", "u↓"), ("liu4", "ljou↘"), ("jun1", "ʨy→n"), ("", ""), ("x", "ɕ"),
    ],
)  # fmt: skip
def test_pinyin_is_written_as_the_voices_learned_it(pinyin: str, expected: str) -> None:
    assert syllable(pinyin) == expected


@pytest.mark.long
@given(st.text(max_size=80), st.sampled_from([one.tag for one in LANGUAGES]))
@settings(max_examples=300)
def test_only_symbols_that_kokoro_reads_come_out(text: str, language: str) -> None:
    for part in read(text, language):
        if isinstance(part, Sentence):
            spoken = phonemize(part)
            assert len(spoken.words) == len(part.words)
            assert set("".join(word.phonemes for word in spoken.words)) <= ALPHABET
            assert [word.text for word in spoken.words] == [word.text for word in part.words]


@pytest.mark.long
@given(
    st.lists(
        st.sampled_from(
            ["今日は", "2024年", "3本", "AI", "50%", "。", "「東京」", "，", "你好", "hello", "¥1,200", " ", "行って"]
        )
    )
)
@settings(max_examples=150)
def test_words_without_spaces_keep_their_place(parts: list[str]) -> None:
    text = "".join(parts)
    for language in ("ja", "zh"):
        at = 0
        for part in read(text, language):
            assert isinstance(part, Sentence)
            for word in phonemize(part).words:
                assert text[word.start : word.end] == word.text
                assert at <= word.start
                at = word.end
                assert not any(one.isdecimal() for one in word.spoken)


def test_several_threads_get_the_same_sounds() -> None:
    texts = {
        "en": "Hello world, it is 7:30.",
        "fr": "Les amis sont là.",
        "zh": "今天很好。",
        "ja": "いい天気。",
        "hi": "यह घर है।",
    }
    alone = {language: line(text, language) for language, text in texts.items()}
    found: list[bool] = []

    def work(language: str) -> None:
        found.append(all(line(texts[language], language) == alone[language] for _ in range(20)))

    threads = [threading.Thread(target=work, args=(language,)) for language in texts for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [True] * len(threads)
