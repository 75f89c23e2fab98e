"""What the script says and what of it is made. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from audiostudio.errors import EmptyText, UnknownLanguage
from audiostudio.script.estimate import estimated_seconds
from audiostudio.script.markdown import blocks
from audiostudio.script.spoken import Sentence
from audiostudio.timeline.project import (
    LINE_PAUSE,
    AssetReference,
    Line,
    Project,
    Take,
    TakeWord,
    VoiceChoice,
    new_id,
    now,
)

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
    """Exact for lines that are made, estimated for the others."""


@lru_cache(65_536)
def speakable(text: str) -> bool:
    """Whether anything in a line can be spoken."""
    from audiostudio.script.reading import require_speakable  # brings all of text normalisation along

    if not text or text.isspace():
        return False
    try:
        require_speakable(text)
    except EmptyText:
        return False
    return True


@lru_cache(65_536)
def silence(text: str) -> float:
    """Seconds of the pauses that are written in a line."""
    return sum(mark.seconds for block in blocks(text) for _, _, mark in block.pauses)


class ScriptState:
    """The lines of a project, each with its state. `follow` the project; ask as often as you like."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._takes: Mapping[str, tuple[Take, ...]] = _by_line(project.takes)
        self._making: frozenset[str] = frozenset()
        self._failed: dict[str, str] = {}

    def follow(self, project: Project) -> None:
        if project.takes is not self.project.takes:
            self._takes = _by_line(project.takes)
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
        return replace(self.project, takes=takes).current_take(line) if takes else None

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
            seconds += _estimate(line, self.project.voice_of(line)) if take is None else take.seconds
            seconds += pause if lines else 0.0
            lines += 1
            pause = LINE_PAUSE if line.pause_after is None else line.pause_after
        return Summary(max(0, characters - 1), words, lines, unmade, seconds)


def request(project: Project, folder: Path) -> dict[str, Any]:
    """What `speech.generate` is asked: every line with something in it. `folder` is where the project lies."""
    lines = []
    for line in project.script.lines:
        if line.text.strip():
            voice = project.voice_of(line)
            lines.append({"line": line.id, "pause_after": line.pause_after, **delivery(line.text, voice)})
    return {"project": project.id, "folder": str(folder), "name": project.name, "lines": lines}


def delivery(text: str, voice: VoiceChoice) -> dict[str, Any]:
    """A text and how it is spoken, as operations want it."""
    return {
        "text": text,
        "voice": voice.voice,
        "language": voice.language or "",
        "speed": voice.speed,
        "pitch": voice.pitch,
    }


def made_take(data: Mapping[str, Any], voice: VoiceChoice) -> Take:
    """The take that a partial of `speech.generate` tells of."""
    return Take(
        new_id(),
        data["line"],
        AssetReference(data["asset"], data["content_hash"], data["path"]),
        data["recipe_key"],
        data["text"],
        voice,
        data["samples"],
        data["sample_rate"],
        tuple([TakeWord(*word) for word in data["words"]]),
        now(),
    )


def has_take(takes: Iterable[Take], made: Take) -> bool:
    """Whether the project already knows this recording of the line, under the same words and voice."""
    return any(take.asset.id == made.asset.id and take.text == made.text and take.voice == made.voice for take in takes)


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


def preview_text(project: Project, first: int) -> tuple[str, int]:
    """What a preview from line `first` on speaks, and how many lines that are: whole lines in one voice."""
    lines = project.script.lines[first:]
    if not lines:
        return "", 0
    voice, count, length = project.voice_of(lines[0]), 0, 0
    for line in lines:
        length += len(line.text) + 1
        if count and (length > PREVIEW_LENGTH or project.voice_of(line) != voice):
            break
        count += 1
    return "\n".join(line.text for line in lines[:count]), count


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
