"""What the script says and what of it is made. Plain Python."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from audiostudio.errors import UnknownLanguage
from audiostudio.operations.script import (
    Pronouncing,
    delivery,
    has_take,
    line_request,
    made_take,
    request,
    silence,
    speakable,
)
from audiostudio.script.estimate import estimated_seconds
from audiostudio.script.spoken import Sentence
from audiostudio.timeline.project import LINE_PAUSE, Line, Project, Pronunciation, Take, VoiceChoice
from audiostudio.ui.speech.marks import Mark, characters, marks

__all__ = [
    "LineProblem",
    "LineState",
    "ScriptState",
    "Summary",
    "delivery",
    "first_sentence",
    "has_take",
    "line_problems",
    "line_request",
    "made_take",
    "preview_lines",
    "request",
    "silence",
    "speakable",
]

PREVIEW_LENGTH = 1500
"""Characters, in whole lines, that one preview speaks at most: some hundred seconds."""
_FIRST_LOOK = 600


class LineState(StrEnum):
    EMPTY = "empty"
    """Nothing to speak."""
    NEW = "new"
    CHANGED = "changed"
    """It has takes, but none says what it says now in its voice."""
    MAKING = "making"
    FAILED = "failed"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class Summary:
    """The script in figures."""

    characters: int = 0
    words: int = 0
    lines: int = 0
    """With something to speak."""
    unmade: int = 0
    seconds: float = 0.0
    """How long the voiceover becomes: exact for lines that are made, estimated for the others."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Something in the script that is not understood, or not done, and so is not spoken as it is written."""

    line: int
    """Its number, from 0."""
    start: int
    """In characters of the line."""
    message: str


class ScriptState:
    """The lines of a project, each with its state. `follow` the project; ask as often as you like."""

    def __init__(self, project: Project, everywhere: Sequence[Pronunciation] = ()) -> None:
        """`everywhere`: the dictionary of all projects."""
        self.project = project
        self.everywhere = tuple(everywhere)
        self.pronouncing = Pronouncing(project, self.everywhere)
        self._takes: Mapping[str, tuple[Take, ...]] = _by_line(project.takes)
        self._making: frozenset[str] = frozenset()
        self._failed: dict[str, str] = {}

    def follow(self, project: Project, everywhere: Sequence[Pronunciation] | None = None) -> None:
        if project.takes is not self.project.takes:
            self._takes = _by_line(project.takes)
        if everywhere is not None:
            self.everywhere = tuple(everywhere)
        self.pronouncing.follow(project, self.everywhere)
        self.project = project

    def set_making(self, lines: Iterable[str]) -> None:
        self._making = frozenset(lines)

    def set_failed(self, line: Line | None) -> None:
        """The line at which the last run ended badly; None: it went well."""
        self._failed = {} if line is None else {line.id: line.text}

    def takes(self, line: Line) -> tuple[Take, ...]:
        """Oldest first, without those in the bin."""
        return self._takes.get(line.id, ())

    def current(self, line: Line) -> Take | None:
        """The take that the line plays, see `Project.current_take`."""
        takes = self._takes.get(line.id)
        return replace(self.project, takes=takes).current_take(line, applying=self.pronouncing) if takes else None

    def state(self, line: Line) -> LineState:
        if not speakable(line.text):
            return LineState.EMPTY
        if self.current(line) is not None:
            return LineState.MADE
        if line.id in self._making:
            return LineState.MAKING
        if self._failed.get(line.id) == line.text:
            return LineState.FAILED
        return LineState.CHANGED if self.takes(line) else LineState.NEW

    def unmade(self) -> list[Line]:
        """The lines that Generate would make, in order."""
        return [line for line in self.project.script.lines if speakable(line.text) and self.current(line) is None]

    def summary(self) -> Summary:
        characters = words = lines = unmade = 0
        seconds = pause = 0.0
        for line in self.project.script.lines:
            characters += len(line.text) + 1
            words += len(line.text.split())
            if not speakable(line.text):
                pause += silence(line.text)
                continue
            take = self.current(line)
            unmade += take is None
            if line.slot is not None:
                seconds = max(seconds, line.slot.start)
            else:
                seconds += line.pause_before + (pause if lines else 0.0)
            seconds += _estimate(line, self.project.voice_of(line)) if take is None else take.seconds
            lines += 1
            pause = LINE_PAUSE if line.pause_after is None else line.pause_after
        return Summary(max(0, characters - 1), words, lines, unmade, seconds)


BeyondOf = Callable[[Project, Line], tuple[Mark, ...]]
"""What the engine of a line cannot do with it."""


def line_problems(
    project: Project, voices: frozenset[str], beyond: BeyondOf = lambda _project, _line: (), most: int = 200
) -> list[LineProblem]:
    """What in the script is not understood, or not done by its engine, in order. `voices`: the ids that it may name."""
    return list(islice(_line_problems(project, voices, beyond), most))


def _line_problems(project: Project, voices: frozenset[str], beyond: BeyondOf) -> Iterator[LineProblem]:
    for number, line in enumerate(project.script.lines):
        for mark in sorted((*marks(line.text, voices), *beyond(project, line)), key=lambda one: one.start):
            if mark.message:
                yield LineProblem(number, characters(line.text, mark.start), mark.message)


def first_sentence(project: Project, longest: int = 240) -> str:
    """The first sentence of the script that can be spoken; empty where there is none."""
    from audiostudio.script.reading import read

    for line in project.script.lines:
        text = line.text[:_FIRST_LOOK]
        if not speakable(text):
            continue
        for part in read(text, project.language):
            if isinstance(part, Sentence):
                return text[part.words[0].start : min(part.words[-1].end, part.words[0].start + longest)]
    return ""


def preview_lines(project: Project, first: int, longest: int = PREVIEW_LENGTH) -> list[Line]:
    """What a preview from line `first` on speaks: whole lines, one at least where there is one."""
    found: list[Line] = []
    length = 0
    for line in project.script.lines[first:]:
        length += len(line.text) + 1
        if found and length > longest:
            break
        found.append(line)
    return found


def _estimate(line: Line, voice: VoiceChoice) -> float:
    try:
        return estimated_seconds(line.text, voice.language or "en-us", voice.speed)
    except UnknownLanguage:
        return 0.0


def _by_line(takes: Iterable[Take]) -> dict[str, tuple[Take, ...]]:
    found: dict[str, list[Take]] = {}
    for take in takes:
        if not take.removed:
            found.setdefault(take.line, []).append(take)
    return {line: tuple(some) for line, some in found.items()}
