"""What could be cut out of speech: long silences, fillers, words said twice. Plain Python; nothing here cuts."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

_NEAR = 0.05
"""Seconds around a word that go with it, where nobody speaks."""
_MARKS = ".,;:!?…\"'“”‘’()[]«»—–-"
_FILLERS = {
    "en": ("um", "umm", "uh", "uhh", "uhm", "er", "erm", "hm", "hmm", "mm", "mhm", "ah", "eh"),
    "de": ("äh", "ähm", "öh", "öhm", "hm", "hmm", "mhm"),
    "fr": ("euh", "heu", "hum", "hm"),
    "es": ("eh", "em", "mmm", "hm"),
    "it": ("ehm", "eh", "mmm"),
    "pt": ("hum", "ahn", "hã", "é"),
    "ru": ("э", "ээ", "эээ", "эм", "эмм", "мм", "ммм", "хм"),
    "ka": ("ე", "ეე", "ეეე", "მმ", "მმმ", "ჰმ"),
}


class Word(NamedTuple):
    """A word of a recording; seconds since its beginning."""

    text: str
    start: float
    end: float


class Reason(StrEnum):
    SILENCE = "silence"
    FILLER = "filler"
    REPEATED = "repeated"


class Cut(NamedTuple):
    """A proposal; seconds of the recording, half-open."""

    reason: Reason
    start: float
    end: float
    text: str = ""
    """The word that goes."""


def long_silences(quiet: Iterable[tuple[float, float]], longest: float = 0.7, keep: float = 0.3) -> list[Cut]:
    """The middle of every silence that is longer than `longest` seconds, so that `keep` seconds are left of it, half of
    it on either side."""
    found = []
    for start, end in sorted(quiet):
        if end - start > max(longest, keep):
            found.append(Cut(Reason.SILENCE, start + keep / 2, end - keep / 2))
    return found


def fillers(words: Sequence[Word], language: str) -> list[Cut]:
    """Fillers of a language (a tag such as `en-us`), and words said twice in a row: the first of them goes."""
    known = frozenset(_FILLERS.get(language.lower().split("-")[0], ()))
    found = []
    for number, word in enumerate(words):
        plain = bare(word.text)
        after = words[number + 1] if number + 1 < len(words) else None
        if plain in known:
            found.append(Cut(Reason.FILLER, *span(words, number, number + 1), word.text))
        elif after is not None and plain and plain == bare(after.text) and after.start - word.end < 1.0:
            found.append(Cut(Reason.REPEATED, word.start, after.start, word.text))
    return found


def span(words: Sequence[Word], first: int, last: int) -> tuple[float, float]:
    """What goes with words first…last (half-open): a little around them, as far as no other word is there."""
    before = words[first - 1].end if first else 0.0
    start = max(before, words[first].start - _NEAR)
    end = words[last - 1].end + _NEAR
    return min(start, words[first].start), min(end, words[last].start) if last < len(words) else end


def bare(word: str) -> str:
    """A word without the marks around it."""
    return word.strip().strip(_MARKS).casefold()
