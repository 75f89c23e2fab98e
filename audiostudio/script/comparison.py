"""What should be said against what was heard: missing, added and other words, and where in the text.

Both sides go through the same normalisation, so `$50` is “fifty dollars” and `3rd` is “third” on each. What cannot be
told apart by ear is no error: spellings of one sound (`harbour`, `harbor`; `their`, `there`), one word or two, the
same number read in another way, a contraction written out. A word whose pronunciation the writer laid down may be
written in any way, as long as something is heard in its place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from audiostudio.script.folding import ANY, folded
from audiostudio.script.language import language as find_language
from audiostudio.script.matching import Step, steps
from audiostudio.script.reading import read
from audiostudio.script.spoken import Pause, Sentence, Word


class Fault(StrEnum):
    MISSING = "missing"
    ADDED = "added"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch where the words are not those of the text."""

    fault: Fault
    said: str
    """The words of the text as written; empty when words were added."""
    heard: str
    """The words that were heard; empty when words are missing."""
    start: int
    """Where in the text, in characters. Added words: `start == end`, behind the word before them."""
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """Words of the text and the characters of what was heard in which they were recognised."""

    first: int
    """Index of the first word."""
    last: int
    """Exclusive."""
    heard_start: int
    heard_end: int
    right: bool
    """Whether they are the same words; else others in their place."""


@dataclass(frozen=True, slots=True)
class Comparison:
    words: tuple[Word, ...]
    """Those of the text."""
    count: int
    """Words that should be heard, as they are counted: each word of a number, each character of Chinese."""
    errors: int
    differences: tuple[Difference, ...]
    """In the order of the text."""
    matches: tuple[Match, ...]

    @property
    def word_errors(self) -> float:
        """Missing, added and other words for each word that should be heard; 0 where nothing should be and is."""
        return self.errors / max(1, self.count)

    @property
    def missing(self) -> tuple[str, ...]:
        """What of the text was not heard, also where other words were."""
        return tuple(one.said for one in self.differences if one.said)

    @property
    def added(self) -> tuple[str, ...]:
        """What was heard and is not in the text, also in the place of other words."""
        return tuple(one.heard for one in self.differences if one.heard)


@dataclass(frozen=True, slots=True)
class _Token:
    """The smallest part that is compared."""

    key: str
    word: int
    """Which word it is of."""


_Tokens: TypeAlias = list[_Token]


def compare(said: Iterable[Sentence | Pause], heard: str, language: str) -> Comparison:
    """What `script.reading.read` makes of the text, against the text that was recognised.

    Cost is nearly linear in the length for texts that are mostly alike. Raises `UnknownLanguage`.
    """
    tag = find_language(language).tag
    words = tuple(_words(said))
    recognised = tuple(_words(read(heard, tag)))
    wanted, found = _tokens(words, tag), _tokens(recognised, tag)
    walk = steps([one.key for one in wanted], [one.key for one in found], tag)
    differences = tuple(_differences(walk, wanted, found, words, recognised))
    errors = sum(max(step.last - step.first, step.heard_last - step.heard_first) for step in walk if not step.right)
    return Comparison(words, len(wanted), errors, differences, tuple(_matches(walk, wanted, found, recognised)))


def _words(parts: Iterable[Sentence | Pause]) -> Iterator[Word]:
    for part in parts:
        if isinstance(part, Sentence):
            yield from part.words


def _tokens(words: Sequence[Word], tag: str) -> _Tokens:
    return [
        _Token(key, at)
        for at, word in enumerate(words)
        for key in ([ANY] if word.said_as is not None or word.phonemes else folded(word.spoken, tag))
    ]


def _differences(
    walk: Sequence[Step], wanted: _Tokens, found: _Tokens, words: Sequence[Word], recognised: Sequence[Word]
) -> Iterator[Difference]:
    end = 0
    for step in walk:
        own, other = wanted[step.first : step.last], found[step.heard_first : step.heard_last]
        if own:
            end = words[own[-1].word].end
        if step.right:
            continue
        heard = " ".join(dict.fromkeys(_bare(recognised[token.word].text) for token in other))
        if not own:
            yield Difference(Fault.ADDED, "", heard, end, end)
            continue
        start = words[own[0].word].start
        text = " ".join(_bare(words[at].text) for at in dict.fromkeys(token.word for token in own))
        yield Difference(Fault.OTHER if other else Fault.MISSING, text, heard, start, end)


def _matches(walk: Sequence[Step], wanted: _Tokens, found: _Tokens, recognised: Sequence[Word]) -> Iterator[Match]:
    for step in walk:
        if step.first == step.last or step.heard_first == step.heard_last:
            continue
        start = recognised[found[step.heard_first].word].start
        end = recognised[found[step.heard_last - 1].word].end
        yield Match(wanted[step.first].word, wanted[step.last - 1].word + 1, start, end, step.right)


def _bare(text: str) -> str:
    """`text` without the punctuation around it."""
    return text.strip(" \t\n.,;:!?…\"'“”‘’«»()[]{}*_—–-、。，！？；：「」『』（）") or text
