"""Captions: timed words in, cues of at most two lines out, written as SRT or WebVTT.

The limits are those of broadcasters' guides (42 characters a line, two lines, 17 characters a second). Characters
are counted in columns: one of Chinese, Japanese or Korean takes two.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    """The cues of words in the order of their times. Cost is linear in the number of words.

    `length` of the sound in seconds: no cue stays longer.
    """
    shown = [part for word in words for part in _parts(word)]
    found: list[Cue] = []
    for first, last in _divided(shown):
        part = shown[first:last]
        found.append(Cue(part[0].start, part[-1].end, _lines(part)))
    return _timed(found, length)


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


def _divided(parts: list[_Part]) -> list[tuple[int, int]]:
    """The best division into cues: least total cost, by dynamic programming over the few words a cue can hold."""
    best: list[float] = [0.0] + [math.inf] * len(parts)
    before = [0] * (len(parts) + 1)
    for first in range(len(parts)):
        columns = 0
        for last in range(first + 1, len(parts) + 1):
            part = parts[last - 1]
            columns += part.width + (0 if part.glued or last == first + 1 else 1)
            if not _fits(parts, first, last, columns):
                break
            cost = best[first] + _cost(parts, first, last, columns)
            if cost < best[last]:
                best[last] = cost
                before[last] = first
    found: list[tuple[int, int]] = []
    last = len(parts)
    while last:
        found.append((before[last], last))
        last = before[last]
    return found[::-1]


def _fits(parts: list[_Part], first: int, last: int, columns: int) -> bool:
    if last == first + 1:
        return True
    if columns > 2 * LINE_WIDTH or parts[last - 1].end - parts[first].start > LONGEST:
        return False
    if parts[last - 1].start - parts[last - 2].end > _SILENCE:
        return False
    return columns <= LINE_WIDTH or _line_end(parts[first:last]) is not None


def _cost(parts: list[_Part], first: int, last: int, columns: int) -> float:
    until = parts[last].start if last < len(parts) else parts[last - 1].end + SHORTEST
    room = min(max(until, parts[last - 1].end), parts[last - 1].end + SHORTEST) - parts[first].start
    cost = 5.0 + _break_cost(parts, last)
    cost += 2 * max(0.0, columns - READING_SPEED * room)
    cost += 12 * max(0.0, SHORTEST - room) + max(0, 14 - columns) * 0.5
    cost += 4 * sum(bool(_SENTENCE_END.search(part.text)) for part in parts[first : last - 1])
    return cost


def _break_cost(parts: list[_Part], at: int) -> float:
    """How much it hurts to end a cue or a line before `parts[at]`."""
    if at == len(parts):
        return 0.0
    text, following = parts[at - 1].text, parts[at].text
    gap = parts[at].start - parts[at - 1].end
    if _LIST_NUMBER.fullmatch(text):
        return 40.0
    if _SENTENCE_END.search(text):
        cost = 0.0
    elif _CLAUSE_END.search(text):
        cost = 5.0
    elif following.lower() in _BEFORE_BREAK:
        cost = 10.0
    else:
        cost = 16.0
    if text.lower() in _NEVER_LAST or text.lower() in _BEFORE_BREAK:
        cost += 10
    return max(0.0, cost - 12 * min(gap, 1.0))


def _line_end(part: Sequence[_Part]) -> int | None:
    """After how many parts the first of two lines ends, or None when they do not fit."""
    total = sum(one.width + (not one.glued) for one in part)
    best, found = math.inf, None
    upper = 0
    for at in range(1, len(part)):
        upper += part[at - 1].width + (0 if part[at - 1].glued or at == 1 else 1)
        lower = total - upper - (not part[0].glued) - (not part[at].glued)
        if upper > LINE_WIDTH:
            break
        if lower <= LINE_WIDTH:
            cost = 0.6 * abs(upper - lower) + (2 if upper > lower else 0) + _break_cost(list(part[at - 1 : at + 1]), 1)
            if cost < best:
                best, found = cost, at
    return found


def _lines(part: list[_Part]) -> tuple[str, ...]:
    whole = _joined(part)
    if width(whole) <= LINE_WIDTH:
        return (whole,)
    at = _line_end(part)
    return (_joined(part[:at]), _joined(part[at:])) if at else (whole,)


def _joined(part: Sequence[_Part]) -> str:
    return "".join(("" if one.glued or not at else " ") + one.text for at, one in enumerate(part))


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
