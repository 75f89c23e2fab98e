"""A song: words, a melody for them, and who sings what. Plain, frozen data; times are ticks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from audiostudio.music.plan import Brief, Extra, Plan

SLOTS = ("A", "B", "C")
NOTHING_ASKED = Brief()


class Writing(StrEnum):
    """Who writes the words."""

    CUSTOM = "custom"
    AUTO = "auto"
    INSTRUMENTAL = "instrumental"


class SungNote(NamedTuple):
    """A note that is sung, on one syllable."""

    start: int
    """Ticks from the beginning of the score; half-open."""
    length: int
    pitch: int
    """MIDI number."""
    line: int
    """Of the lyrics' lines that are sung, from 0."""
    word: int
    """Of that line, from 0."""
    syllable: int
    """Of that word, from 0; the same again: the syllable goes on to another pitch."""
    text: str
    """The syllable as it is shown under the note."""
    velocity: int = 90
    """1…127."""


class EngineOption(NamedTuple):
    """A setting of an engine, as `engines.base.Option` writes it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class VocalPart:
    """What one voice sings: the lead of a slot, or a harmony of it."""

    slot: str
    """One of `SLOTS`."""
    role: str
    """`lead`, `harmony` or `backing`."""
    notes: tuple[SungNote, ...] = ()
    """By start; no two at once."""
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class SlotVoice:
    """Who sings a slot's lines."""

    slot: str
    voice: str
    """A voice's id: `af_heart`, `mine/…`."""
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class Song:
    """A piece of music in a project, with words or without: what the Music tab edits."""

    id: str
    title: str = ""
    prompt: str = ""
    """As typed."""
    brief: Brief = NOTHING_ASKED
    """What was chosen by hand; wins over what is read from the prompt."""
    plan: Plan | None = None
    """Of the music that was made last, with all edits. None: nothing was made yet."""
    writing: str = Writing.INSTRUMENTAL
    lyrics: str = ""
    """As typed: `[Verse 1]`, `A: …`, `A+B: …`."""
    voices: tuple[SlotVoice, ...] = ()
    vocals: tuple[VocalPart, ...] = ()
    """The melody once somebody edited it. Empty: it is composed from `lyrics`, `plan` and `seed`."""
    engine: str = "composer"
    options: tuple[EngineOption, ...] = ()
    """The engine's own, by name."""
    versions: tuple[str, ...] = ()
    """Ids of the assets that were made of it, oldest first."""
    extra: Extra = ()
