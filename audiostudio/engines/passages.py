"""Sentences cut into passages that an engine which reads text can speak at once."""

import re
from collections.abc import Callable, Iterator

from audiostudio.script.language import language
from audiostudio.script.spoken import Sentence, Word

SENTENCE_GAP = 0.3
"""Seconds of silence after a sentence, unless the writer asks for a pause."""
PARAGRAPH_GAP = 0.8
PASSAGE_GAP = 0.1
"""Between two passages of one sentence."""

_UNSPOKEN = re.compile(
    r"[^\w\s.,;:!?…'’\"“”«»()¿¡\-–—%&+=/@#°€$£¥₹।॥。，、！？；：「」『』·\u0900-\u097f\u0600-\u06ff]"
)
"""What no engine has a sound for: emoji, box drawing …"""
_CLAUSE_END = re.compile(r"[,;:—–…)」』，、；：।][\"'”’]*$")


def passages(sentence: Sentence, fits: Callable[[str], bool]) -> Iterator[str]:
    """What is read aloud of `sentence`, in texts that `fits`; nothing where there is nothing to read.

    It is cut after a clause where it can be, else between words, and within one that is too long by itself.
    """
    between = " " if language(sentence.language).spaced else ""
    return (text for text in _texts(sentence, fits, between) if any(character.isalnum() for character in text))


def _texts(sentence: Sentence, fits: Callable[[str], bool], between: str) -> Iterator[str]:
    held: list[str] = []
    for word in filter(None, map(_said, sentence.words)):
        for piece in _pieces(word, fits):
            if held and not fits(between.join([*held, piece])):
                cut = _cut(held)
                yield between.join(held[:cut])
                held = held[cut:]
                if held and not fits(between.join([*held, piece])):
                    yield between.join(held)
                    held = []
            held.append(piece)
    yield between.join(held)


def gap_after(sentence: Sentence) -> float:
    """Seconds of silence."""
    return PARAGRAPH_GAP if sentence.ends_paragraph else SENTENCE_GAP


def _said(word: Word) -> str:
    text = word.spoken if word.said_as is None else word.said_as
    return " ".join(_UNSPOKEN.sub(" ", text).split())


def _pieces(word: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """`word`, in halves of halves as long as they do not fit."""
    if fits(word) or len(word) < 2:
        yield word
        return
    half = len(word) // 2
    yield from _pieces(word[:half], fits)
    yield from _pieces(word[half:], fits)


def _cut(words: list[str]) -> int:
    """How many of `words` are one passage: up to the last clause's end in the later half, else all."""
    for number in range(len(words), len(words) // 2, -1):
        if _CLAUSE_END.search(words[number - 1]):
            return number
    return len(words)
