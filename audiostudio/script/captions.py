"""Captions: timed words in, cues of at most two lines out, written as SRT or WebVTT.

The limits are those of broadcasters' guides (42 characters a line, two lines, 17 characters a second). Characters
are counted in columns: one of Chinese, Japanese or Korean takes two.
"""

import bisect
import itertools
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from audiostudio.script.markdown import plain
from audiostudio.script.wordlist import word_set

LINE_WIDTH = 42
"""Columns of a line."""
READING_SPEED = 17.0
"""Columns a second that a viewer can follow; kept wherever the time until the next cue allows it."""
SHORTEST = 1.0
"""Seconds that a cue is shown at least, where the next cue leaves room."""
LONGEST = 7.0
SMALL_GAP = 0.4
"""Seconds; a shorter gap between two cues would flicker and is closed."""
_LINGER = 0.3
_SILENCE = 1.2
"""Seconds of silence that a cue never spans."""
_SECOND_SENTENCE = 10.0
"""What each further sentence in a cue costs: more than a cue of its own, unless that were too short to read."""

_SENTENCE_END = re.compile(r"[.!?…。！？｡।॥][\"'”’»)\]」』）]*$")
_CLAUSE_END = re.compile(r"[,;:—–、，；：][\"'”’»)\]」』）]*$")
_LIST_NUMBER = re.compile(r"(?:\d{1,3}|[a-zA-Z])[.)]")
_BEFORE_BREAK = word_set(
    "and but or because that which who when where while if so then as than to of in on at for with from by into about "
    "after before through y o pero que porque para con et ou mais qui parce pour avec e ma che perché per mas com और कि"
)
_NEVER_LAST = word_set(
    "a an the my your his her its our their this these mr. mrs. dr. no. el la los las un una le les une il lo gli i o "
    "os as um uma"
)


@dataclass(frozen=True, slots=True)
class CaptionWord:
    """A word as it is shown, and when it is spoken."""

    text: str
    """As written in the script; signs of Markdown are taken off."""
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown at once. Cues follow each other and never overlap."""

    start_seconds: float
    end_seconds: float
    lines: tuple[str, ...]
    """One or two, none empty, each at most `LINE_WIDTH` columns."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def cues(words: Sequence[CaptionWord], length: float = math.inf) -> list[Cue]:
    """The cues of words in the order of their times: a sentence begins a new one, except beside one so short that
    it could not be read in its time. Cost is linear in the number of words.

    `length` of the sound in seconds: no cue stays longer.
    """
    text = _Text([part for word in words for part in _parts(word)])
    parts = text.parts
    divided = _divided(text)
    return _timed(
        [Cue(parts[first].start, parts[last - 1].end, text.lines(first, last)) for first, last in divided], length
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A word or a piece of a very long one, ready to be shown."""

    text: str
    width: int
    start: float
    end: float
    glued: bool
    """Whether no space stands before it."""


def width(text: str) -> int:
    """Columns of `text` on a screen: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def _parts(word: CaptionWord) -> list[_Part]:
    text = " ".join(plain(word.text).split())
    if not text:
        return []
    glued = width(text[0]) == 2
    columns = width(text)
    if columns <= LINE_WIDTH:
        return [_Part(text, columns, word.start_seconds, word.end_seconds, glued)]
    step = LINE_WIDTH // 2
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    share = (word.end_seconds - word.start_seconds) / len(pieces)
    return [
        _Part(
            piece, width(piece), word.start_seconds + at * share, word.start_seconds + (at + 1) * share, glued or at > 0
        )
        for at, piece in enumerate(pieces)
    ]


class _Text:
    """All parts, and what is asked of stretches `[first, last)` of them, answered without walking through them."""

    def __init__(self, parts: list[_Part]) -> None:
        self.parts = parts
        self._columns = list(itertools.accumulate((part.width + (not part.glued) for part in parts), initial=0))
        self._sentences = list(itertools.accumulate((_ends_sentence(part) for part in parts), initial=0))
        self.break_cost = [0.0, *map(_break_cost, parts, parts[1:]), 0.0]
        """How much it hurts to end a cue or a line before each part, or at the end."""

    def columns(self, first: int, last: int) -> int:
        return self._columns[last] - self._columns[first] - (not self.parts[first].glued)

    def inner_sentence_ends(self, first: int, last: int) -> int:
        return self._sentences[last - 1] - self._sentences[first]

    def fits(self, first: int, last: int) -> bool:
        """Whether two lines hold the stretch."""
        if self.columns(first, last) <= LINE_WIDTH:
            return True
        at = self._fullest(first, last)
        return first < at and self.columns(at, last) <= LINE_WIDTH

    def lines(self, first: int, last: int) -> tuple[str, ...]:
        if self.columns(first, last) <= LINE_WIDTH:
            return (_joined(self.parts[first:last]),)
        ends = range(first + 1, self._fullest(first, last) + 1)
        end = min(
            (at for at in ends if self.columns(at, last) <= LINE_WIDTH), key=partial(self._line_cost, first, last)
        )
        return (_joined(self.parts[first:end]), _joined(self.parts[end:last]))

    def _fullest(self, first: int, last: int) -> int:
        """Where the first line ends when it holds as much as it can."""
        limit = self._columns[first] + (not self.parts[first].glued) + LINE_WIDTH
        return bisect.bisect_right(self._columns, limit, first, last) - 1

    def _line_cost(self, first: int, last: int, at: int) -> float:
        upper, lower = self.columns(first, at), self.columns(at, last)
        return 0.6 * abs(upper - lower) + (2 if upper > lower else 0) + self.break_cost[at]


def _divided(text: _Text) -> list[tuple[int, int]]:
    """The best division into cues: least total cost, by dynamic programming over the few words a cue can hold."""
    count = len(text.parts)
    best: list[float] = [0.0] + [math.inf] * count
    before = [0] * (count + 1)
    for first in range(count):
        for last in range(first + 1, count + 1):
            if last > first + 1 and not _can_be_one(text, first, last):
                break
            cost = best[first] + _cost(text, first, last)
            if cost < best[last]:
                best[last] = cost
                before[last] = first
    found: list[tuple[int, int]] = []
    last = count
    while last:
        found.append((before[last], last))
        last = before[last]
    return found[::-1]


def _can_be_one(text: _Text, first: int, last: int) -> bool:
    parts = text.parts
    if parts[last - 1].end - parts[first].start > LONGEST or parts[last - 1].start - parts[last - 2].end > _SILENCE:
        return False
    return text.fits(first, last)


def _cost(text: _Text, first: int, last: int) -> float:
    parts, columns = text.parts, text.columns(first, last)
    end = parts[last - 1].end
    until = parts[last].start if last < len(parts) else end + SHORTEST
    room = min(max(until, end), end + SHORTEST) - parts[first].start
    cost = 5.0 + text.break_cost[last]
    cost += 2 * max(0.0, columns - READING_SPEED * room)
    cost += 12 * max(0.0, SHORTEST - room) + max(0, 14 - columns) * 0.5
    return cost + _SECOND_SENTENCE * text.inner_sentence_ends(first, last)


def _break_cost(part: _Part, following: _Part) -> float:
    """How much it hurts to end a cue or a line between two parts."""
    gap = following.start - part.end
    if _LIST_NUMBER.fullmatch(part.text):
        return 40.0
    if _ends_sentence(part):
        cost = 0.0
    elif _CLAUSE_END.search(part.text):
        cost = 5.0
    elif following.text.lower() in _BEFORE_BREAK:
        cost = 10.0
    else:
        cost = 16.0
    if part.text.lower() in _NEVER_LAST or part.text.lower() in _BEFORE_BREAK:
        cost += 10
    return max(0.0, cost - 12 * min(gap, 1.0))


def _ends_sentence(part: _Part) -> bool:
    return bool(_SENTENCE_END.search(part.text)) and part.text.lower() not in _NEVER_LAST


def _joined(parts: Sequence[_Part]) -> str:
    return "".join(("" if one.glued or not at else " ") + one.text for at, one in enumerate(parts))


def _timed(found: list[Cue], length: float) -> list[Cue]:
    """The cues with times a viewer can follow: long enough where there is room, no overlap, no flicker."""
    timed: list[Cue] = []
    for at, cue in enumerate(found):
        start = max(cue.start_seconds, timed[-1].end_seconds if timed else 0.0)
        until = found[at + 1].start_seconds if at + 1 < len(found) else math.inf
        needed = max(SHORTEST, sum(width(line) for line in cue.lines) / READING_SPEED)
        end = max(cue.end_seconds + _LINGER, start + needed)
        end = until if until - end < SMALL_GAP else end
        timed.append(Cue(start, max(min(end, length), start), cue.lines))
    return timed


def _stamp(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def srt(found: Sequence[Cue]) -> str:
    """The cues as a SubRip file."""
    return "\n".join(
        f"{number}\n{_stamp(cue.start_seconds, ',')} --> {_stamp(cue.end_seconds, ',')}\n{cue.text}\n"
        for number, cue in enumerate(found, 1)
    )


def vtt(found: Sequence[Cue]) -> str:
    """The cues as a WebVTT file."""
    body = "\n".join(
        f"{_stamp(cue.start_seconds, '.')} --> {_stamp(cue.end_seconds, '.')}\n{_escaped(cue.text)}\n" for cue in found
    )
    return f"WEBVTT\n\n{body}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


CAPTION_WRITERS: dict[str, Callable[[Sequence[Cue]], str]] = {"srt": srt, "vtt": vtt}
"""By the file's suffix."""
