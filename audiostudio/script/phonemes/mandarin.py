"""Mandarin phonemes as misaki writes them for Kokoro 1.0: jieba's words, pypinyin's readings."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from audiostudio.script.phonemes.alphabet import known, parted, surrounded
from audiostudio.script.phonemes.missing import installed

_PACKAGES = ("jieba", "pypinyin", "misaki", "ordered-set")


def segmenter() -> Callable[[str], list[str]]:
    """A function that parts a text into words; joined they are the text."""
    with installed("Mandarin", *_PACKAGES):
        import jieba

    jieba.setLogLevel("ERROR")
    jieba.initialize()

    def words(text: str) -> list[str]:
        return list(jieba.cut(text))

    return words


def load() -> Callable[[list[str]], list[str]]:
    """A function from the spoken form of each word of a sentence to the phonemes of each."""
    split = segmenter()
    with installed("Mandarin", *_PACKAGES):
        from misaki.transcription import pinyin_to_ipa
        from pypinyin import Style, lazy_pinyin

    @lru_cache(8192)
    def syllable(pinyin: str) -> str:
        return _toned("".join(pinyin_to_ipa(pinyin)[0]))

    @lru_cache(8192)
    def word(text: str) -> str:
        readings = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
        return known("".join(syllable(reading) for reading in readings))

    def phonemes(words: list[str]) -> list[str]:
        return [_word(one, split, word) for one in words]

    return phonemes


def _word(text: str, split: Any, said: Callable[[str], str]) -> str:
    before, core, after = parted(text)
    parts = [said(part) for part in split(core)]
    joined = " ".join(part for part in parts if part)
    return surrounded(before, joined, after) if joined else ""


def _toned(ipa: str) -> str:
    """misaki 0.9.4, `zh.ZHG2P.retone`: one arrow for each tone."""
    for old, new in (("˧˩˧", "↓"), ("˧˥", "↗"), ("˥˩", "↘"), ("˥", "→"), ("ɻ̩", "ɨ"), ("ɹ̩", "ɨ")):
        ipa = ipa.replace(old, new)
    return ipa.replace("\u032f", "")
