"""Captions: timed words in, cues of at most two lines out, written as SRT, WebVTT, LRC or ASS karaoke.

The limits are those of broadcasters' guides (42 characters a line, two lines, 17 characters a second). Characters
are counted in columns: one of Chinese, Japanese or Korean takes two.
"""

import bisect
import itertools
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from audiostudio.script.lines import beginnings
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
    speaker: str = ""
    """Who says it; a change begins a new cue."""
    begins: bool = False
    """Whether a paragraph, or what follows a heading, begins with it: a new cue, too."""


class TimedText(NamedTuple):
    """A word of a cue's line, with the space before it, and when it is spoken."""

    text: str
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown at once. Cues follow each other and never overlap."""

    start_seconds: float
    end_seconds: float
    lines: tuple[str, ...]
    """One or two, none empty, each at most `LINE_WIDTH` columns."""
    words: tuple[tuple[TimedText, ...], ...] = field(default=(), compare=False)
    """Those of each line, where they are known."""
    speaker: str = field(default="", compare=False)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def reading_speed(self) -> float:
        """Columns a second that a viewer has to follow."""
        return sum(map(width, self.lines)) / max(self.end_seconds - self.start_seconds, 1e-3)

    @property
    def too_fast(self) -> bool:
        """Whether it cannot be read in its time: the words are spoken faster, and what comes next leaves no room."""
        return self.reading_speed > READING_SPEED + 0.05


def in_paragraphs(words: Iterable[CaptionWord], starts: Iterable[int], text: str) -> list[CaptionWord]:
    """The words of a text, which begin at these characters of it, with where its paragraphs begin."""
    edges = beginnings(text)
    found, before = [], 0
    for word, start in zip(words, starts, strict=True):
        paragraph = bisect.bisect_right(edges, start)
        found.append(replace(word, begins=paragraph != before))
        before = paragraph
    return found


def cues(words: Sequence[CaptionWord], length: float = math.inf, names: bool = False) -> list[Cue]:
    """The cues of words in the order of their times: a sentence begins a new one, except beside one so short that
    it could not be read in its time. Cost is linear in the number of words.

    `length` of the sound in seconds: no cue stays longer. `names`: `NAME: ` before what a speaker begins to say.
    """
    text = _Text(list(_shown(words, names)))
    return _timed([text.cue(first, last) for first, last in _divided(text)], length)


def cues_for(kind: str, words: Sequence[CaptionWord], length: float = math.inf, names: bool = True) -> list[Cue]:
    """The cues of a file of a kind (`CAPTION_WRITERS`). `names`: with who speaks, where several do; WebVTT and ASS have
    a place for that, in SubRip and LRC it stands in the text."""
    if names and len({word.speaker for word in words}) > 1:
        return cues(words, length, kind in NAMES_IN_TEXT)
    return [replace(cue, speaker="") for cue in cues(words, length)]


@dataclass(frozen=True, slots=True)
class _Part:
    """A word or a piece of a very long one, ready to be shown."""

    text: str
    width: int
    start: float
    end: float
    glued: bool
    """Whether no space stands before it."""
    speaker: str
    begins: bool = False


def width(text: str) -> int:
    """Columns of `text` on a screen: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def _shown(words: Sequence[CaptionWord], names: bool) -> Iterator[_Part]:
    speaker: str | None = None
    begins = False
    for word in words:
        begins = begins or word.begins
        parts = _parts(word, word.speaker if names and word.speaker != speaker else "")
        if parts:
            yield replace(parts[0], begins=begins)
            yield from parts[1:]
            speaker, begins = word.speaker, False


def _parts(word: CaptionWord, name: str) -> list[_Part]:
    text = " ".join(plain(word.text).split())
    if not text:
        return []
    if name.strip():
        text = f"{' '.join(name.split())}: {text}"
    glued = width(text[0]) == 2
    columns = width(text)
    if columns <= LINE_WIDTH:
        return [_Part(text, columns, word.start_seconds, word.end_seconds, glued, word.speaker)]
    step = LINE_WIDTH // 2
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    share = (word.end_seconds - word.start_seconds) / len(pieces)
    starts = [word.start_seconds + at * share for at in range(len(pieces) + 1)]
    return [
        _Part(piece, width(piece), starts[at], starts[at + 1], glued or at > 0, word.speaker)
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

    def cue(self, first: int, last: int) -> Cue:
        edges = [first, *([] if self.columns(first, last) <= LINE_WIDTH else [self._line_end(first, last)]), last]
        words = tuple(self._timed_text(start, end) for start, end in itertools.pairwise(edges))
        lines = tuple("".join(word.text for word in line) for line in words)
        parts = self.parts
        return Cue(parts[first].start, parts[last - 1].end, lines, words, parts[first].speaker)

    def _timed_text(self, first: int, last: int) -> tuple[TimedText, ...]:
        parts = self.parts[first:last]
        return tuple(
            TimedText(("" if one.glued or not at else " ") + one.text, one.start, one.end)
            for at, one in enumerate(parts)
        )

    def _line_end(self, first: int, last: int) -> int:
        """Where the first of two lines ends best."""
        ends = range(first + 1, self._fullest(first, last) + 1)
        fitting = (at for at in ends if self.columns(at, last) <= LINE_WIDTH)
        return min(fitting, key=partial(self._line_cost, first, last))

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
    if parts[last - 1].begins or parts[last - 1].speaker != parts[last - 2].speaker:
        return False
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


def _timed(found: list[Cue], length: float) -> list[Cue]:
    """The cues with times a viewer can follow: long enough where there is room, no overlap, no flicker."""
    timed: list[Cue] = []
    for at, cue in enumerate(found):
        start = max(cue.start_seconds, timed[-1].end_seconds if timed else 0.0)
        until = found[at + 1].start_seconds if at + 1 < len(found) else math.inf
        needed = max(SHORTEST, sum(width(line) for line in cue.lines) / READING_SPEED)
        end = max(cue.end_seconds + _LINGER, start + needed)
        end = until if until - end < SMALL_GAP else end
        timed.append(replace(cue, start_seconds=start, end_seconds=max(min(end, length), start)))
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
        f"{_stamp(cue.start_seconds, '.')} --> {_stamp(cue.end_seconds, '.')}\n{_voiced(cue)}\n" for cue in found
    )
    return f"WEBVTT\n\n{body}"


def _voiced(cue: Cue) -> str:
    name = _escaped(" ".join(cue.speaker.split()))
    return (f"<v {name}>" if name else "") + _escaped(cue.text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def lrc(found: Sequence[Cue], word_times: bool = False) -> str:
    """The cues as an LRC file, each in one line; a line without words ends what is shown. `word_times`: the enhanced
    form, with the time of each word before it."""
    lines: list[str] = []
    for cue, following in itertools.zip_longest(found, found[1:]):
        text = " ".join(cue.lines)
        if word_times and cue.words:
            words = [word for line in cue.words for word in line]
            text = " ".join(f"<{_clock(word.start_seconds)}>{word.text.strip()}" for word in words)
            text += f" <{_clock(words[-1].end_seconds)}>"
        lines.append(f"[{_clock(cue.start_seconds)}]{text}")
        if following is None or following.start_seconds - cue.end_seconds >= SMALL_GAP:
            lines.append(f"[{_clock(cue.end_seconds)}]")
    return "\n".join([*lines, ""])


def _clock(seconds: float) -> str:
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000:02}:{hundredths // 100 % 60:02}.{hundredths % 100:02}"


_ASS_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: 1920
PlayResY: 1080
WrapStyle: 2
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Karaoke,Inter,64,&H00FFFFFF,&H00B4B4B4,&H00101010,&H80000000,-1,0,0,0,100,100,0,0,1,4,1,2,120,120,80,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
_ASS_ESCAPES = str.maketrans({"{": "｛", "}": "｝", "\\": "\\\u2060"})
"""Braces have no escape that every player knows; a word joiner keeps a backslash from being a command."""


def ass(found: Sequence[Cue]) -> str:
    """The cues as an Advanced SubStation file whose words light up as they are spoken (`\\k`)."""
    events = (
        f"Dialogue: 0,{_ass_clock(cue.start_seconds)},{_ass_clock(cue.end_seconds)},Karaoke,"
        f"{' '.join(cue.speaker.replace(',', ' ').split())},0,0,0,,{_karaoke(cue)}\n"
        for cue in found
    )
    return _ASS_HEAD + "".join(events)


def _karaoke(cue: Cue) -> str:
    if not cue.words:
        return "\\N".join(line.translate(_ASS_ESCAPES) for line in cue.lines)
    starts = [round(word.start_seconds * 100) for line in cue.words for word in line]
    ends = [*starts[1:], round(cue.words[-1][-1].end_seconds * 100)]
    lead = starts[0] - round(cue.start_seconds * 100)
    lengths = iter([max(0, end - start) for start, end in zip(starts, ends, strict=True)])
    lines = (
        "".join(f"{{\\k{next(lengths)}}}{word.text.translate(_ASS_ESCAPES)}" for word in line) for line in cue.words
    )
    return (f"{{\\k{lead}}}" if lead > 0 else "") + "\\N".join(lines)


def _ass_clock(seconds: float) -> str:
    hundredths = round(seconds * 100)
    return f"{hundredths // 360_000}:{hundredths // 6000 % 60:02}:{hundredths // 100 % 60:02}.{hundredths % 100:02}"


CAPTION_WRITERS: dict[str, Callable[[Sequence[Cue]], str]] = {"srt": srt, "vtt": vtt, "lrc": lrc, "ass": ass}
"""By the file's suffix."""
NAMES_IN_TEXT = frozenset({"srt", "lrc"})
"""Formats that have no place of their own for who speaks."""
