"""Lyrics as they are typed, and what they mean: sections, lines, who sings them. Every character keeps its place.

[Verse 1]            a heading; also `Verse 1:` on a line of its own, `[Chorus: A+B]` for all of its lines
A: a line of singer A, who goes on until another is named or the section ends
A+B: in harmony · A&B: in unison · All: everybody
a line (and its echo)  words in parentheses are sung by backing voices
[Chorus]             without lines of its own: the lines of the first one again
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from audiostudio.errors import EmptyText, RequestError
from audiostudio.music.song import SLOTS

LONGEST = 40_000
"""Characters of lyrics that are sung."""
MOST_LINES = 300
_MOST_REPEATED = 5_000
"""Lines up to which sections are sung again: few characters could ask for millions."""
MOST_WORDS = 60
"""Of a line."""

KINDS = {
    "verse": "verse",
    "strophe": "verse",
    "pre-chorus": "pre-chorus",
    "prechorus": "pre-chorus",
    "pre chorus": "pre-chorus",
    "chorus": "chorus",
    "refrain": "chorus",
    "hook": "chorus",
    "bridge": "bridge",
    "middle eight": "bridge",
    "middle 8": "bridge",
    "intro": "intro",
    "outro": "outro",
    "ending": "outro",
    "coda": "outro",
    "break": "break",
    "breakdown": "break",
    "interlude": "break",
    "instrumental": "solo",
    "solo": "solo",
    "build": "build",
    "drop": "drop",
    "rap": "verse",
    "part": "verse",
}
"""What headings are called, and the kind of section that each is."""

_NAMES = "|".join(sorted(map(re.escape, KINDS), key=len, reverse=True))
_BRACKETS = re.compile(r"\s*\[([^\[\]]*)\]\s*(?:[x×]\s*\d{1,2})?\s*")
_NAMED = re.compile(rf"\s*((?:{_NAMES})(?:\s+(?:\d{{1,2}}|[ivx]{{1,4}}))?)\s*:\s*", re.IGNORECASE)
_KIND = re.compile(rf"\b({_NAMES})\b", re.IGNORECASE)
_WHO = r"(?:[ABC](?:\s*[+&]\s*[ABC])*|All)"
_SINGERS = re.compile(rf"\s*({_WHO})\s*:(?!\S*//)\s*")
_HEADING_SINGERS = re.compile(rf"(.*?)\s*[:–-]\s*({_WHO})\s*")
_EVERYBODY = ("All",)
"""Until it is known who else sings."""
_TOKEN = re.compile(r"[()（）]|[^\s()（）—]+")
_SPOKEN = re.compile(r"[^\W_]")
_HAN = re.compile(r"[㐀-䶿一-鿿々]")
_CJK_TOKEN = re.compile(r"[()（）]|[㐀-䶿一-鿿々]|[^\s()（）—㐀-䶿一-鿿々]+")


class RowKind(StrEnum):
    HEADING = "heading"
    SUNG = "sung"
    SINGERS = "singers"
    """A line with nothing but `A:`."""
    BLANK = "blank"


class Row(NamedTuple):
    """A line of the text, its line end included; the rows together are the text."""

    kind: RowKind
    start: int
    """The first character, in the text; half-open."""
    end: int


class Word(NamedTuple):
    text: str
    """As written, with the punctuation that touches it."""
    start: int
    """The first character, in the text; half-open."""
    end: int
    backing: bool = False
    """In parentheses."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is sung."""

    text: str
    """Without singers and spaces around it."""
    start: int
    """The first character of `text`; half-open."""
    end: int
    row: int
    """Its place in `Lyrics.rows`."""
    slots: tuple[str, ...]
    """Who sings it, one at least; the first leads."""
    unison: bool
    """Whether several sing the same notes, rather than in harmony."""
    words: tuple[Word, ...]
    section: int
    """Its place in `Lyrics.sections`."""

    @property
    def backing(self) -> bool:
        """Whether only backing voices sing."""
        return all(word.backing for word in self.words)


@dataclass(frozen=True, slots=True)
class LyricSection:
    name: str
    """As written: `Verse 1`; empty before the first heading."""
    kind: str
    """As of `score.Section`."""
    row: int | None
    """Of its heading."""
    first: int
    """Its lines, in `Lyrics.lines`: half-open."""
    last: int
    repeats: int | None = None
    """The section whose lines are sung again, as it has none of its own."""


@dataclass(frozen=True, slots=True)
class Lyrics:
    text: str
    rows: tuple[Row, ...]
    sections: tuple[LyricSection, ...]
    lines: tuple[Line, ...]
    """In the order in which they are sung: those of a section that is sung again stand twice, at the same place."""

    @property
    def slots(self) -> tuple[str, ...]:
        """Everybody who sings, in the order of `SLOTS`."""
        found = {slot for line in self.lines for slot in line.slots}
        return tuple(slot for slot in SLOTS if slot in found)

    def of(self, section: LyricSection) -> tuple[Line, ...]:
        return self.lines[section.first : section.last]

    def place(self, at: int) -> tuple[int, int]:
        """Line and character of a place in the text, both from 1."""
        return self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)


@dataclass(slots=True)
class _Reader:
    """What was read so far."""

    sections: list[LyricSection]
    lines: list[Line]
    models: dict[tuple[str, str | bool], int]
    """The first section that has lines, by what one that has none is called as it is sung again."""
    slots: tuple[str, ...] = ("A",)
    unison: bool = False

    def heading(self, name: str, kind: str, row: int, who: str) -> None:
        self.end_section()
        self.sections.append(LyricSection(name, kind, row, len(self.lines), len(self.lines)))
        self.slots, self.unison = _singers(who) if who else (("A",), False)

    def end_section(self) -> None:
        if not self.sections:
            return
        ended = replace(self.sections[-1], last=len(self.lines))
        place = len(self.sections) - 1
        again = _again(ended)
        model = min((self.models[one] for one in again if one in self.models), default=None)
        if ended.first == ended.last and model is not None and ended.kind not in ("intro", "outro", "solo", "break"):
            of = self.sections[model]
            last = min(of.last, of.first + max(0, _MOST_REPEATED - len(self.lines)))
            self.lines += [replace(line, section=place) for line in self.lines[of.first : last]]
            ended = replace(ended, last=len(self.lines), repeats=model)
        if ended.first != ended.last:
            for one in again:
                self.models.setdefault(one, place)
        self.sections[-1] = ended


def parse(text: str) -> Lyrics:
    """Never fails, and is done in one pass; what cannot be sung is said by `require_singable`."""
    rows: list[Row] = []
    reader = _Reader([], [], {})
    token = _CJK_TOKEN if _HAN.search(text) else _TOKEN
    at = 0
    for content in text.split("\n"):
        end = min(len(text), at + len(content) + 1)
        kind = _read_row(reader, content, at, len(rows), token)
        rows.append(Row(kind, at, end))
        at = end
    reader.end_section()
    named = {slot for line in reader.lines for slot in line.slots}
    everybody = tuple(slot for slot in SLOTS if slot in named)
    everybody = everybody if len(everybody) > 1 else SLOTS
    lines = (replace(line, slots=everybody) if line.slots == _EVERYBODY else line for line in reader.lines)
    return Lyrics(text, tuple(rows), tuple(reader.sections), tuple(lines))


def require_singable(lyrics: Lyrics) -> None:
    """Raises `EmptyText` where nothing can be sung, `RequestError` for what is too much, with its place."""
    if not lyrics.lines:
        raise EmptyText("There are no words to sing.", "Write or paste lyrics, or choose “instrumental”.")
    if len(lyrics.lines) > MOST_LINES:
        first = lyrics.place(lyrics.lines[MOST_LINES].start)[0]
        raise RequestError(
            f"These lyrics have {len(lyrics.lines):,} lines; a song has {MOST_LINES} at most.",
            f"Everything from line {first:,} on is too much: make several songs of it.",
        )
    if len(lyrics.text) > LONGEST:
        raise RequestError(
            f"These lyrics have {len(lyrics.text):,} characters; a song has {LONGEST:,} at most.",
            "Make several songs of them.",
        )
    for line in lyrics.lines:
        if len(line.words) > MOST_WORDS:
            number, character = lyrics.place(line.words[MOST_WORDS].start)
            raise RequestError(
                f"Line {number} has {len(line.words)} words; nobody has breath for more than {MOST_WORDS}.",
                f"Begin a new line at character {character} or before.",
            )


def assigned(text: str, rows: Iterable[int], slots: tuple[str, ...], unison: bool = False) -> str:
    """The text with other singers for some of its rows; all other lines keep theirs. Rows that nobody sings stay."""
    lyrics = parse(text)
    chosen = set(rows)
    sung = {line.row: (line.slots, line.unison) for line in lyrics.lines}
    pieces: list[str] = []
    singing: tuple[tuple[str, ...], bool] = (("A",), False)
    for number, row in enumerate(lyrics.rows):
        content = text[row.start : row.end]
        if row.kind is RowKind.HEADING:
            who = (_heading(content.rstrip("\n")) or ("", "", ""))[2]
            singing = _singers(who, lyrics.slots) if who else (("A",), False)
        marked = _SINGERS.match(content) if row.kind in (RowKind.SINGERS, RowKind.SUNG) else None
        if marked is not None and number not in chosen:
            singing = _singers(marked.group(1), lyrics.slots)
        elif row.kind is RowKind.SUNG:
            wanted = (slots, unison) if number in chosen else sung[number]
            body = content[marked.end() :] if marked else content
            if wanted != singing or _SINGERS.match(body) or _heading(body.rstrip("\n")) is not None:
                indent = content[: len(content) - len(content.lstrip())]
                content = f"{indent}{mark(*wanted)}{body.lstrip()}"
            else:
                content = body
            singing = wanted
        pieces.append(content)
    return "".join(pieces)


def mark(slots: tuple[str, ...], unison: bool = False) -> str:
    """What stands before a line: `A+B: `."""
    return ("&" if unison else "+").join(slots) + ": "


def kind_of(name: str) -> str:
    """The kind of section that a heading names; an unknown one is a verse."""
    found = _KIND.search(name)
    return KINDS[found.group(1).lower()] if found else "verse"


def _read_row(reader: _Reader, content: str, at: int, row: int, token: re.Pattern[str]) -> RowKind:
    if not content.strip():
        return RowKind.BLANK
    heading = _heading(content)
    if heading is not None:
        reader.heading(heading[0], heading[1], row, heading[2])
        return RowKind.HEADING
    marked = _SINGERS.match(content)
    begin = 0
    if marked is not None:
        reader.slots, reader.unison = _singers(marked.group(1))
        begin = marked.end()
    words = _words(content, begin, at, token)
    if not words:
        return RowKind.SINGERS if marked is not None and not content[begin:].strip() else RowKind.BLANK
    if not reader.sections:
        reader.sections.append(LyricSection("", "verse", None, 0, 0))
    stripped = content[begin:].strip()
    start = at + content.index(stripped, begin)
    reader.lines.append(
        Line(stripped, start, start + len(stripped), row, reader.slots, reader.unison, words, len(reader.sections) - 1)
    )
    return RowKind.SUNG


def _heading(content: str) -> tuple[str, str, str] | None:
    """Name, kind and singers."""
    found = _BRACKETS.fullmatch(content)
    if found is None:
        named = _NAMED.fullmatch(content)
        return None if named is None else (named.group(1), kind_of(named.group(1)), "")
    inside = found.group(1).strip()
    with_singers = _HEADING_SINGERS.fullmatch(inside)
    name, who = (with_singers.group(1), with_singers.group(2)) if with_singers else (inside, "")
    return name, kind_of(name), who


def _again(section: LyricSection) -> list[tuple[str, str | bool]]:
    """What it has in common with the sections that it is again, where it has no lines."""
    name = section.name.lower()
    anyhow = [(section.kind, "post" in name)] if section.kind in ("chorus", "pre-chorus") else []
    return [(section.kind, name), *anyhow]


def _singers(who: str, everybody: tuple[str, ...] = _EVERYBODY) -> tuple[tuple[str, ...], bool]:
    if who == "All":
        return everybody, False
    return tuple(dict.fromkeys(re.findall("[ABC]", who))), "&" in who


def _words(content: str, begin: int, at: int, token: re.Pattern[str]) -> tuple[Word, ...]:
    words: list[Word] = []
    depth = 0
    for found in token.finditer(content, begin):
        piece = found.group()
        if piece in "(（":
            depth += 1
        elif piece in ")）":
            depth = max(0, depth - 1)
        elif _SPOKEN.search(piece):
            words.append(Word(piece, at + found.start(), at + found.end(), depth > 0))
    return tuple(words)
