"""How long a text will take to speak, before it is spoken."""

import re
from collections.abc import Iterator
from functools import lru_cache

from audiostudio.script.language import Language
from audiostudio.script.language import language as find_language
from audiostudio.script.markdown import COVER, Block, blocks
from audiostudio.script.markup.spans import states

SPEED = {
    "en-us": 16.8, "en-gb": 17.0, "es": 17.5, "fr": 19.8, "it": 16.0, "pt-br": 17.0, "hi": 11.9, "ja": 5.4, "zh": 4.7,
}  # fmt: skip
"""Letters (digits as words) and spaces that Kokoro speaks in a second at speed 1, the pauses below not counted.
Measured on its voices' durations: within 12 % for prose and for technical text, each voice apart."""
_OTHER_SPEED = 16.0
"""Of languages that no voice here speaks: not measured."""
SENTENCE_PAUSE = 0.35
"""Seconds of silence that a sentence end adds."""
CLAUSE_PAUSE = 0.18

_SENTENCE = re.compile(r"[.!?…](?=[\s\0\"'”’)]|$)|[。！？।॥\n]")
_CLAUSE = re.compile(r"[,;:—–](?=[\s\0]|$)|[，、；：]")
_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[$€£¥₹%&+=@°]|(?<=\w)[/_.](?=[^\W\d])")
_CAPITALS = re.compile(r"\b[A-Z]{2,5}(?=s?\b)")
_MARKS = re.compile("[\0_!-/:-@\\[-`{-~«»“”‘’…–—、。，！？：；「」『』（）《》।॥¿¡]")
_LETTER = re.compile(r"\w")
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
    return max(0.0, total - SENTENCE_PAUSE) / speed + pauses


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
        spoken = _spoken_seconds(_said(block) if block.spans else block.clean, language)
        if block.spans and spoken:
            spoken = (spoken - SENTENCE_PAUSE) * _slowness(block) + SENTENCE_PAUSE
        seconds += spoken
    return seconds, pauses


def _said(block: Block) -> str:
    """A block's text with what is said in place of what is written."""
    parts: list[str] = []
    done = 0
    for span in block.spans:
        saying, first, last = span.change.saying, span.start - block.start, span.end - block.start
        if saying is None or first < done:
            continue
        shown = block.clean[first:last]
        spelled = " ".join(shown.replace(COVER, "")) if saying.form in ("letters", "digits", "telephone") else shown
        parts += [block.clean[done:first], saying.words or spelled]
        done = last
    return "".join([*parts, block.clean[done:]])


def _slowness(block: Block) -> float:
    """How much longer the block takes for the speeds that markup asks for, each for its share of the letters."""
    found = states(block.spans, block.start)
    ends = [state.start for state in found[1:]] + [block.start + len(block.clean)]
    letters = [
        len(_LETTER.findall(block.clean, state.start - block.start, end - block.start))
        for state, end in zip(found, ends, strict=True)
    ]
    total = sum(letters)
    if not total:
        return 1.0
    return sum(count / state.voicing.speed for count, state in zip(letters, found, strict=True)) / total


def _spoken_seconds(clean: str, language: Language) -> float:
    clean = _ADDRESS.sub(lambda found: found[0][8:60], clean)
    bare = _MARKS.sub("", clean)
    if not _LETTER.search(bare):
        return 0.0
    letters = len((" " if language.spaced else "").join(bare.split())) + _hidden_letters(clean, language)
    ends = max(1, len(_SENTENCE.findall(clean)))
    return (
        letters / SPEED.get(language.tag, _OTHER_SPEED)
        + ends * SENTENCE_PAUSE
        + len(_CLAUSE.findall(clean)) * CLAUSE_PAUSE
    )


def _hidden_letters(clean: str, language: Language) -> float:
    """Letters that are heard and not written: of numbers, signs and spelled abbreviations."""
    digits = len(_DIGIT.findall(clean))
    signs = len(_SIGNS.findall(clean))
    if not language.spaced:
        return 0.8 * digits + 2 * signs
    spelled = len("".join(_CAPITALS.findall(clean)))
    return 6.5 * digits + 7 * signs + 1.5 * spelled
