"""From the times of characters to the times of words."""

import re
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from audiostudio.engines.base import TimedWord
from audiostudio.engines.remote.trouble import HalfStream, StrangeAnswer
from audiostudio.script.spoken import Word

_SOUND = re.compile(r"[^\W_]")
_BACK = 0.02
"""Seconds that times may go back without being counted from another beginning."""


class Alignment:
    """When each character of a text that was sent is heard, as far as the answer came."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._heard = ""
        self._starts: list[float] = []
        self._ends: list[float] = []
        self._straight = True
        self._map: list[int | None] | None = None

    def add(self, found: Any, seconds: float) -> None:
        """Take in the alignment of a piece. `seconds`: how much sound came before the piece.

        Raises `StrangeAnswer` for one that contradicts itself.
        """
        characters: Any = getattr(found, "characters", None)
        starts: Any = getattr(found, "character_start_times_seconds", None)
        ends: Any = getattr(found, "character_end_times_seconds", None)
        if not _lists(characters, starts, ends):
            raise StrangeAnswer("times that are none")
        if not characters:
            return
        # Times count from the beginning of the whole answer; where they begin anew, from the piece's.
        anew = bool(self._ends) and starts[0] < min(self._ends[-1] - _BACK, self._ends[-1] / 2)
        offset = seconds if anew else 0.0
        self._heard += "".join(characters)
        for character, start, end in zip(characters, starts, ends, strict=True):
            self._starts += [start + offset] * len(character)
            self._ends += [max(start, end) + offset] * len(character)
        self._straight = self._text.startswith(self._heard)
        self._map = None

    def known(self, place: int) -> bool:
        """Whether the character at `place` has its time already; before the end only where all is as it was sent."""
        return self._straight and place < len(self._heard)

    def start(self, place: int) -> float:
        """When the character at `place` begins, in seconds."""
        at = self._index(place)
        return self._starts[at] if at is not None else self._starts[-1]

    def require_whole(self) -> None:
        """Raises `HalfStream` when the last sound of the text has no time, `StrangeAnswer` when nothing has."""
        last = max(match.start() for match in _SOUND.finditer(self._text))
        if not self._starts:
            raise StrangeAnswer("sound without the times of its words")
        if self._index(last) is None:
            raise HalfStream

    def words(self, words: tuple[Word, ...], places: list[tuple[int, int]], rate: int) -> tuple[TimedWord, ...]:
        """The words with their times in samples: from the first to the last letter, without punctuation."""
        found: list[TimedWord] = []
        last = 0
        for word, (begin, end) in zip(words, places, strict=True):
            letters = [begin + match.start() for match in _SOUND.finditer(self._text[begin:end])]
            heard = [at for at in (self._index(place) for place in letters) if at is not None]
            start = max(last, round(self._starts[heard[0]] * rate)) if heard else last
            stop = max(start, round(self._ends[heard[-1]] * rate)) if heard else start
            found.append(TimedWord(word.text, word.start, word.end, start, stop))
            last = stop
        return tuple(found)

    def _index(self, place: int) -> int | None:
        """Which of the characters that were heard is the one at `place`."""
        if self._straight:
            return place if place < len(self._heard) else None
        if self._map is None:
            self._map = [None] * len(self._text)
            for block in SequenceMatcher(None, self._text, self._heard, autojunk=False).get_matching_blocks():
                for step in range(block.size):
                    self._map[block.a + step] = block.b + step
        return self._map[place]


def _lists(characters: Any, starts: Any, ends: Any) -> bool:
    return (
        isinstance(characters, list)
        and isinstance(starts, list)
        and isinstance(ends, list)
        and len(characters) == len(starts) == len(ends)
        and all(isinstance(one, str) for one in characters)
        and all(isinstance(one, (int, float)) and 0 <= one < 1e5 for one in (*starts, *ends))
        and all(one <= two for one, two in pairwise(starts))
    )
