"""How long a text will take to speak, before it is spoken."""

import re
from collections.abc import Iterator
from functools import lru_cache

from audiostudio.script.language import Language
from audiostudio.script.language import language as find_language
from audiostudio.script.markdown import blocks

SPEED = {
    "en-us": 16.2, "en-gb": 17.0, "es": 17.5, "fr": 19.8, "it": 16.0, "pt-br": 17.0, "hi": 11.9, "ja": 5.4, "zh": 4.7,
}  # fmt: skip
"""Letters (digits as words) and spaces that Kokoro speaks in a second at speed 1, the pauses below not counted.
Measured on its voices' durations: within 12 % for prose and for technical text, each voice apart."""
SENTENCE_PAUSE = 0.35
"""Seconds of silence that a sentence end adds."""
CLAUSE_PAUSE = 0.18

_SENTENCE = re.compile(r"[.!?…](?=[\s\0\"'”’)]|$)|[。！？।॥\n]")
_CLAUSE = re.compile(r"[,;:—–](?=[\s\0]|$)|[，、；：]")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_SIGNS = re.compile(r"[$€£¥₹%&+=@°]")
_MARKS = re.compile("[\0_!-/:-@\\[-`{-~«»“”‘’…–—、。，！？：；「」『』（）《》।॥¿¡]")
_PARAGRAPH = re.compile(r"\n\s*\n")
_LONG = 4000
_PIECE = re.compile(r"[^\n]{1,300}?(?:[.!?…]\s|[。！？।]|\n)|[^\n]{1,300}|\n")
_ADDRESS = re.compile(r"https?://\S+")


def estimated_seconds(text: str, language: str, speed: float = 1.0) -> float:
    """Seconds that `text` takes at `speed` (0.5 … 2.0), asked pauses in full. Cheap enough for every keystroke:
    paragraphs that did not change are not counted again. Raises `UnknownLanguage`."""
    spoken = find_language(language)
    total = 0.0
    pauses = 0.0
    for paragraph in _paragraphs(text):
        seconds, silence = _paragraph(paragraph, spoken)
        total += seconds
        pauses += silence
    return total / speed + pauses


def _paragraphs(text: str) -> Iterator[str]:
    """Pieces of `text` that an edit elsewhere leaves as they are."""
    for paragraph in _PARAGRAPH.split(text):
        if len(paragraph) <= _LONG:
            yield paragraph
        else:
            yield from _PIECE.findall(paragraph)


@lru_cache(65_536)
def _paragraph(text: str, language: Language) -> tuple[float, float]:
    """Seconds of speech at speed 1, and seconds of asked pauses."""
    seconds = pauses = 0.0
    for block in blocks(text):
        pauses += sum(mark.seconds for _, _, mark in block.pauses)
        seconds += _spoken_seconds(block.clean, language)
    return seconds, pauses


def _spoken_seconds(clean: str, language: Language) -> float:
    clean = _ADDRESS.sub(lambda found: found[0][8:60], clean)
    numbers = sum(_number_letters(found[0], language) - len(found[0]) for found in _DIGITS.finditer(clean))
    bare = _MARKS.sub("", clean)
    letters = float(len((" " if language.spaced else "").join(bare.split())))
    if not letters:
        return 0.0
    letters += numbers + 7 * len(_SIGNS.findall(clean)) * (1.0 if language.spaced else 0.3)
    ends = max(1, len(_SENTENCE.findall(clean)))
    return letters / SPEED[language.tag] + ends * SENTENCE_PAUSE + len(_CLAUSE.findall(clean)) * CLAUSE_PAUSE


def _number_letters(number: str, language: Language) -> float:
    """About how many letters a number has in words: “one thousand two hundred thirty-four” for `1234`."""
    digits = sum(one.isdigit() for one in number)
    return digits * (7.5 if language.spaced else 1.8)
