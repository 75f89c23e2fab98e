"""Subtitles (SubRip, WebVTT) as lines that have to be heard at their times."""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from audiostudio.errors import UnreadableMedia
from audiostudio.script.importing.result import LATEST, TOO_LATE, ImportedLine, ImportedScript, ImportProblem, TimeSlot
from audiostudio.script.importing.speakers import candidate, speakers_of
from audiostudio.script.markup import brackets

TIMES = re.compile(
    r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?[ \t]*--?>[ \t]*"
    r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?(?!\d)(?P<rest>[^\n]*)"
)
_ARROW = re.compile(r"^[^\n]{0,40}--?>")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,60})?[ \t]+([^<>\n]{1,80})>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|<\d[\d:.]{0,20}>|\{\\[^{}\n]{0,200}\}|\{[a-zA-Z]:[^{}\n]{0,80}\}")
_SOUND = re.compile(r"[\[(♪♫][^\[\]()♪♫]{0,80}[\])♪♫]|♪|♫")
"""What only describes a sound: [music], (laughs)."""


@dataclass(frozen=True, slots=True)
class _Cue:
    slot: TimeSlot | None
    text: str
    """As written, its lines joined."""
    line: int


def import_slots(text: str, name: str, speakers: bool = True, known: Collection[str] = ()) -> ImportedScript:
    """The cues of a subtitle file in the order of their times. Raises `UnreadableMedia` when it has none.

    Tags are taken off; `<v Name>`, and `NAME:` with `speakers`, say who speaks. Overlaps, a wrong order and broken
    times are told.
    """
    problems: list[ImportProblem] = []
    cues = list(_cues(text, problems))
    if not cues:
        raise UnreadableMedia(f"{name} holds no subtitles.", "Choose an SRT or WebVTT file.")
    lines: list[ImportedLine] = []
    for cue in cues:
        found = list(_spoken(cue))
        lines += found
        if not found:
            problems.append(ImportProblem("This subtitle says nothing; it was left out.", cue.line))
    if speakers:
        names = speakers_of((line.text for line in lines if line.speaker is None), known)
        lines = [_named(line, names) for line in lines]
        lines = [line for line in lines if line.text]
    return ImportedScript(tuple(_in_order(lines, problems)), tuple(sorted(problems, key=lambda one: one.line)))


def _cues(text: str, problems: list[ImportProblem]) -> Iterator[_Cue]:
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        times = TIMES.match(lines[at].strip())
        if times is None:
            if lines[at].startswith(("NOTE", "STYLE", "REGION")):
                while at < len(lines) and lines[at].strip():
                    at += 1
            elif _ARROW.match(lines[at]):
                problems.append(ImportProblem(f"“{lines[at].strip()[:60]}” is no pair of times.", at + 1))
                place = at + 1
                shown, at = _block(lines, place)
                yield _Cue(None, shown, place)
            at += 1
            continue
        place = at + 1
        shown, at = _block(lines, at + 1)
        groups = times.groups()
        start, end = _seconds(groups[:4]), _seconds(groups[4:8])
        if end < start:
            problems.append(ImportProblem("This subtitle ends before it starts; it has no time slot now.", place))
        elif end > LATEST:
            problems.append(ImportProblem(TOO_LATE, place))
        yield _Cue(TimeSlot(start, end) if start <= end <= LATEST else None, shown, place)


def _block(lines: list[str], at: int) -> tuple[str, int]:
    """The lines of a cue's text, and where it ends: at an empty line, or before the next cue."""
    shown: list[str] = []
    while at < len(lines) and lines[at].strip() and not TIMES.match(lines[at].strip()):
        shown.append(lines[at].strip())
        at += 1
    if at < len(lines) and lines[at].strip() and shown and shown[-1].isdecimal():
        del shown[-1]
    return " ".join(shown), at


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000


def _spoken(cue: _Cue) -> Iterator[ImportedLine]:
    """A cue's lines: one for each voice in it, which share its time by their length."""
    parts: list[tuple[str | None, str]] = []
    done, speaker = 0, None
    for found in _VOICE.finditer(cue.text):
        parts.append((speaker, cue.text[done : found.start()]))
        speaker, done = " ".join(html.unescape(found[1]).split()), found.end()
    parts.append((speaker, cue.text[done:]))
    plain = [(who, said) for who, part in parts if (said := _plain(part))]
    length = sum(len(said) for _, said in plain)
    before = 0
    for who, said in plain:
        slot = cue.slot
        if slot is not None and len(plain) > 1:
            share = (slot.end - slot.start) / length
            slot = TimeSlot(slot.start + before * share, slot.start + (before + len(said)) * share)
        before += len(said)
        yield ImportedLine(said, who, slot=slot, source_line=cue.line)


def _plain(text: str) -> str:
    text = html.unescape(_TAG.sub("", text)).replace("\u200e", "").replace("\\N", " ").replace("\\h", " ")
    return " ".join(_SOUND.sub(_unless_markup, text).split()).lstrip("-–— ")


def _unless_markup(found: re.Match[str]) -> str:
    """`[pause 0.5s]` stays, `[door slams]` and `[voice trembling]` are what else is heard."""
    tag = brackets.PATTERN.fullmatch(found[0])
    known = tag is not None and tag[1] != "voice" and not isinstance(brackets.interpret(tag), str)
    return found[0] if known else " "


def _named(line: ImportedLine, names: Collection[str]) -> ImportedLine:
    found = candidate(line.text)
    if line.speaker is not None or found is None or found[0] not in names:
        return line
    return replace(line, speaker=found[0], text=found[1])


def _in_order(lines: list[ImportedLine], problems: list[ImportProblem]) -> list[ImportedLine]:
    """Sorted by their times; those without times stay behind the line before them."""
    keyed: list[tuple[float, int, ImportedLine]] = []
    latest = 0.0
    wrong = 0
    for number, line in enumerate(lines):
        start = line.slot.start if line.slot is not None else latest
        if start < latest:
            wrong = wrong or line.source_line
        latest = start
        keyed.append((start, number, line))
    if wrong:
        problems.append(ImportProblem("The subtitles are not in the order of their times; they were sorted.", wrong))
    ordered = [line for _, _, line in sorted(keyed, key=lambda one: one[:2])]
    end, owner = 0.0, 0
    for line in ordered:
        if line.slot is None:
            continue
        if line.slot.start < end - 1e-6:
            problems.append(
                ImportProblem(
                    f"This subtitle begins {end - line.slot.start:.3f} s before the one of line {owner} ends.",
                    line.source_line,
                )
            )
        if line.slot.end > end:
            end, owner = line.slot.end, line.source_line
    return ordered
