"""Lyrics with times, as karaoke shows them and as they lie in an asset's detail. Plain Python; times are seconds.

Edits give a changed copy. Words never overlap: a word that is moved stops at its neighbours, those that are fixed too.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

SHORTEST = 0.04
"""Of a word that is tapped or dragged."""
LAST_WORD = 0.6
"""How long a word that was tapped is heard while nobody knows."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    text: str
    start: float
    end: float
    confidence: float = 1.0
    """0…1; 0: a guess."""
    fixed: bool = False
    """Somebody put it there: aligning leaves it."""


@dataclass(frozen=True, slots=True)
class TimedLine:
    text: str
    words: tuple[TimedWord, ...]
    slots: tuple[str, ...] = ("A",)
    section: str = ""

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end


Lines = tuple[TimedLine, ...]
Place = tuple[int, int]
"""A line and a word of it, from 0."""


def read(lyrics: Any) -> Lines:
    """Of an asset's `detail["lyrics"]`; lines without words and values that are none are left out."""
    found = lyrics.get("lines") if isinstance(lyrics, dict) else None
    return tuple(line for one in _rows(found) if (line := _line(one)) is not None)


def write(lines: Lines) -> dict[str, Any]:
    """What `read` reads."""
    return {
        "lines": [
            {
                "text": line.text,
                "start": round(line.start, 3),
                "end": round(line.end, 3),
                "slots": list(line.slots),
                "section": line.section,
                "words": [
                    {
                        "text": word.text,
                        "start": round(word.start, 3),
                        "end": round(word.end, 3),
                        "confidence": round(word.confidence, 3),
                        **({"fixed": True} if word.fixed else {}),
                    }
                    for word in line.words
                ],
            }
            for line in lines
        ]
    }


def line_at(lines: Lines, seconds: float, lead: float = 0.0) -> int:
    """The line that is sung, or the last one before; −1 before the first. `lead`: so much earlier."""
    return bisect_right([line.start - lead for line in lines], seconds) - 1


def places(lines: Lines) -> Iterator[Place]:
    """Of all words, in order."""
    for number, line in enumerate(lines):
        for word in range(len(line.words)):
            yield number, word


def word_of(lines: Lines, place: Place) -> TimedWord:
    return lines[place[0]].words[place[1]]


def next_place(lines: Lines, place: Place, way: int = 1) -> Place | None:
    order = list(places(lines))
    at = order.index(place) + way
    return order[at] if 0 <= at < len(order) else None


def moved(lines: Lines, place: Place, start: float, end: float, fix: bool = True) -> Lines:
    """A word at other times, within what its neighbours leave it."""
    before, after = next_place(lines, place, -1), next_place(lines, place)
    low = word_of(lines, before).end if before else 0.0
    high = word_of(lines, after).start if after else max(end, word_of(lines, place).end) + 3600
    start = min(max(start, low), max(low, high - SHORTEST))
    end = max(min(end, high), min(high, start + SHORTEST))
    return _put(lines, place, replace(word_of(lines, place), start=start, end=end, fixed=fix, confidence=1.0))


def shifted(lines: Lines, line: int, seconds: float) -> Lines:
    """A whole line earlier or later, as far as its neighbours let it."""
    low = lines[line - 1].end if line else 0.0
    high = lines[line + 1].start if line + 1 < len(lines) else float("inf")
    by = min(max(seconds, low - lines[line].start), high - lines[line].end)
    words = tuple(
        replace(word, start=word.start + by, end=word.end + by, fixed=True, confidence=1.0)
        for word in lines[line].words
    )
    return (*lines[:line], replace(lines[line], words=words), *lines[line + 1 :])


def tapped(lines: Lines, place: Place, seconds: float) -> Lines:
    """Here the word begins: the one before ends at the latest now, those behind make room."""
    made = list(lines)
    order = list(places(lines))
    at = order.index(place)
    late = next((n for n, other in enumerate(order[:at]) if word_of(lines, other).end > seconds), at)
    begin = min(word_of(lines, order[late]).start, seconds)
    for n, other in enumerate(order[late:at]):  # those that would still be heard are pressed together
        step = (seconds - begin) / (at - late)
        word = word_of(lines, other)
        _set(made, other, replace(word, start=begin + n * step, end=begin + (n + 1) * step))
    for other, start, end in _pushed(lines, order[at:], seconds):
        word = word_of(lines, other)
        mine = other == place
        _set(
            made,
            other,
            replace(word, start=start, end=end, fixed=mine or word.fixed, confidence=1.0 if mine else word.confidence),
        )
    return tuple(made)


def _pushed(lines: Lines, order: list[Place], seconds: float) -> list[tuple[Place, float, float]]:
    """The first of these words from `seconds` on, and the times of those behind it that have to make room: as far as
    the next one that is fixed, before which they are pressed together."""
    known = word_of(lines, order[0])
    length = known.end - known.start if SHORTEST < known.end - known.start < 4 else LAST_WORD
    found, end, limit = [(order[0], seconds, seconds + length)], seconds + length, float("inf")
    for other in order[1:]:
        word = word_of(lines, other)
        if word.fixed and word.start >= seconds:
            limit = word.start
            break
        if word.start >= end:
            break
        length = max(SHORTEST, word.end - word.start)
        found.append((other, end, end + length))
        end += length
    scale = (limit - seconds) / (end - seconds) if end > limit else 1.0
    return [
        (other, seconds + (start - seconds) * scale, seconds + (until - seconds) * scale)
        for other, start, until in found
    ]


def tapped_line(lines: Lines, line: int, seconds: float) -> Lines:
    """Here the line begins: its words keep their distances."""
    words = lines[line].words
    by = seconds - words[0].start
    made = tapped(lines, (line, 0), seconds)
    high = made[line + 1].start if line + 1 < len(made) and made[line + 1].words[0].fixed else float("inf")
    span = max(SHORTEST, words[-1].end - words[0].start)
    scale = min(1.0, (high - seconds) / span) if high > seconds else 1.0
    placed = tuple(
        replace(
            word,
            start=seconds + (word.start + by - seconds) * scale,
            end=seconds + (word.end + by - seconds) * scale,
            fixed=number == 0 or word.fixed,
            confidence=1.0,
        )
        for number, word in enumerate(words)
    )
    return _in_order((*made[:line], replace(made[line], words=placed), *made[line + 1 :]))


def fixed(lines: Lines, place: Place, on: bool) -> Lines:
    return _put(lines, place, replace(word_of(lines, place), fixed=on))


def fixed_words(lines: Lines) -> list[list[float]]:
    """Line, word and second of those that somebody put in their place, as `song.align` takes them."""
    return [
        [line, word, round(one.start, 3)] for line, word in places(lines) if (one := word_of(lines, (line, word))).fixed
    ]


def sung_by(lines: Lines, which: Sequence[int], slots: tuple[str, ...]) -> Lines:
    chosen = set(which)
    return tuple(replace(line, slots=slots) if n in chosen else line for n, line in enumerate(lines))


def realigned(lines: Lines, found: Lines) -> Lines:
    """What aligning found, bent so that it goes through the words that are fixed in `lines`; where it found other
    words, it is taken as it is."""
    old, new = list(places(lines)), list(places(found))
    if [word_of(lines, one).text for one in old] != [word_of(found, one).text for one in new]:
        return found
    anchors = [
        (edge_found, edge_here)
        for one, other in zip(old, new, strict=True)
        if word_of(lines, one).fixed
        for edge_found, edge_here in (
            (word_of(found, other).start, word_of(lines, one).start),
            (word_of(found, other).end, word_of(lines, one).end),
        )
    ]
    made = list(found)
    for one, other in zip(old, new, strict=True):
        here, there = word_of(lines, one), word_of(found, other)
        if here.fixed:
            _set(made, other, here)
        elif anchors:
            start, end = _bent(anchors, there.start), _bent(anchors, there.end)
            _set(made, other, replace(there, start=start, end=max(start, end)))
    return _in_order(tuple(replace(line, slots=lines[n].slots) for n, line in enumerate(made)))


def unaligned(sung: Sequence[tuple[str, tuple[str, ...], tuple[str, ...], str]], seconds: float) -> Lines:
    """Lines of (text, words, slots, section) dealt out evenly over a track: a beginning for tapping along."""
    count = sum(len(words) for _, words, _, _ in sung)
    step = seconds / max(1, count)
    lines, at = [], 0
    for text, words, slots, section in sung:
        timed = tuple(TimedWord(word, (at + n) * step, (at + n + 1) * step, 0.0) for n, word in enumerate(words))
        at += len(words)
        if timed:
            lines.append(TimedLine(text, timed, slots, section))
    return tuple(lines)


def _rows(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _line(one: dict[str, Any]) -> TimedLine | None:
    words = tuple(word for each in _rows(one.get("words")) if (word := _word(each)) is not None)
    if not words:
        return None
    who = one.get("slots")
    slots = tuple(slot for slot in who if slot in ("A", "B", "C")) if isinstance(who, list) else ()
    slots = slots or ("A",)
    return TimedLine(str(one.get("text", "")), words, slots, str(one.get("section") or ""))


def _word(one: dict[str, Any]) -> TimedWord | None:
    times = [one.get(name) for name in ("start", "end")]
    if not all(isinstance(time, int | float) and 0 <= time < 1e6 for time in times):
        return None
    start, end = map(float, times)
    sure = one.get("confidence", 1.0)
    share = float(sure) if isinstance(sure, int | float) else 1.0
    return TimedWord(str(one.get("text", "")), start, max(start, end), share, bool(one.get("fixed")))


def _bent(anchors: list[tuple[float, float]], at: float) -> float:
    """Where a moment comes to lie when the anchors' first times come to their second ones."""
    place = bisect_right([one for one, _ in anchors], at)
    if place == 0:
        return max(0.0, at + anchors[0][1] - anchors[0][0])
    if place == len(anchors):
        return at + anchors[-1][1] - anchors[-1][0]
    (one, here), (other, there) = anchors[place - 1], anchors[place]
    return here if other <= one else here + (at - one) * (there - here) / (other - one)


def _in_order(lines: Lines) -> Lines:
    """No word begins before the one before it ended."""
    made, end = list(lines), 0.0
    for place in places(lines):
        word = made[place[0]].words[place[1]]
        if word.start < end or word.end < word.start:
            start = max(word.start, end)
            word = replace(word, start=start, end=max(start, word.end))
            _set(made, place, word)
        end = word.end
    return tuple(made)


def _put(lines: Lines, place: Place, word: TimedWord) -> Lines:
    made = list(lines)
    _set(made, place, word)
    return tuple(made)


def _set(made: list[TimedLine], place: Place, word: TimedWord) -> None:
    line, number = place
    words = made[line].words
    made[line] = replace(made[line], words=(*words[:number], word, *words[number + 1 :]))


def rebuilt(lines: Lines, sung: Sequence[tuple[str, tuple[str, ...], tuple[str, ...], str]], seconds: float) -> Lines:
    """The lines as lyrics have them now, as (text, words, slots, section): those whose words stayed keep their times,
    those that are new are dealt out between them, as a guess."""
    old, new = [tuple(word.text for word in line.words) for line in lines], [words for _, words, _, _ in sung]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    made: list[TimedLine | None] = [None] * len(sung)
    for i, j, count in matcher.get_matching_blocks():
        for n in range(count):
            text, _, slots, section = sung[j + n]
            made[j + n] = replace(lines[i + n], text=text, slots=slots, section=section)
    place = 0
    while place < len(made):
        if made[place] is not None:
            place += 1
            continue
        end = next((n for n in range(place, len(made)) if made[n] is not None), len(made))
        before = made[place - 1] if place else None
        after = made[end] if end < len(made) else None
        low, high = (
            (before.end if before else 0.0),
            (after.start if after else max(seconds, before.end if before else 0.0)),
        )
        guessed = unaligned(sung[place:end], max(0.0, high - low))
        for n, line in enumerate(guessed):
            made[place + n] = replace(
                line, words=tuple(replace(word, start=word.start + low, end=word.end + low) for word in line.words)
            )
        place = end
    return _in_order(tuple(line for line in made if line is not None))


def lyrics_text(lines: Lines) -> str:
    """What was pasted, as far as the times tell: headings, singers, lines."""
    rows: list[str] = []
    section, slots = "", ("A",)
    for line in lines:
        if line.section != section:
            rows += ["", f"[{line.section}]"] if rows else [f"[{line.section}]"]
            section, slots = line.section, ("A",)
        rows.append(line.text if line.slots == slots else f"{'+'.join(line.slots)}: {line.text}")
        slots = line.slots
    return "\n".join(rows)
