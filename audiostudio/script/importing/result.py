"""What an imported file holds: lines of a script, and what was wrong with it."""

from dataclasses import dataclass
from typing import NamedTuple

LATEST = 360_000.0
"""Seconds: no slot ends later."""
TOO_LATE = f"It is later than {LATEST / 3600:.0f} hours; it has no time slot now."


class TimeSlot(NamedTuple):
    """When a line has to be heard, in seconds. 0 ≤ start ≤ end ≤ `LATEST`."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """One line of a script. None: the file says nothing of it."""

    text: str
    """Without line feeds; never blank."""
    speaker: str | None = None
    voice: str | None = None
    language: str | None = None
    """A known tag: `en-us`."""
    speed: float | None = None
    pitch: float | None = None
    """Semitones."""
    energy: float | None = None
    """dB."""
    intonation: float | None = None
    pause_before: float | None = None
    """Seconds."""
    pause_after: float | None = None
    file_name: str | None = None
    """A plain name, without folders."""
    slot: TimeSlot | None = None
    settings: tuple[tuple[str, str], ...] = ()
    """What else a table says of the line: names as in its first row, in small letters, and values as written."""
    heading: bool = False
    source_line: int = 0
    """Where it begins in the file, from 1; 0 where the file has no lines."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Something in a file that was left out or changed."""

    message: str
    line: int = 0
    """Of the file, from 1; 0: of all of it."""
    column: str = ""
    """Of a table."""

    def __str__(self) -> str:
        line = f"Line {self.line}" if self.line else ""
        column = f"{', ' if line else ''}column “{self.column}”" if self.column else ""
        return f"{line}{column}: {self.message}" if line or column else self.message


@dataclass(frozen=True, slots=True)
class ImportedScript:
    lines: tuple[ImportedLine, ...]
    problems: tuple[ImportProblem, ...] = ()
    title: str = ""

    @property
    def speakers(self) -> tuple[str, ...]:
        """In the order in which they first speak."""
        return tuple(dict.fromkeys(line.speaker for line in self.lines if line.speaker is not None))
