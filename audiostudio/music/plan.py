"""What is asked of the composer, and what it decided: everything that a score follows from."""

from dataclasses import dataclass
from typing import Any, TypeAlias

Extra: TypeAlias = tuple[tuple[str, Any], ...]
"""Fields of a newer program, kept."""

SHORTEST, LONGEST = 1.0, 1200.0
"""Seconds of a piece that is composed."""
SLOWEST, FASTEST = 40.0, 220.0
"""Quarter notes a minute."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What somebody asked for. What is None or empty is the composer's to choose."""

    genre: str | None = None
    """An id of `resources/music/genres/`: `lo-fi`."""
    mood: str | None = None
    era: str | None = None
    """A decade: `80s`."""
    bpm: float | None = None
    key: str | None = None
    """As `theory.Key.parse` reads it; a mode alone (`minor`) leaves the tonic open."""
    metre: str | None = None
    instruments: tuple[str, ...] = ()
    """Ids of `resources/music/instruments.json` that have to be there."""
    without: tuple[str, ...] = ()
    """Instruments, families and roles that must not."""
    energy: tuple[float, ...] = ()
    """A curve over the piece: 0…1 at points that are equally far from each other."""
    structure: tuple[str, ...] = ()
    """Kinds of sections in order."""
    seconds: float | None = None
    """Exact, with a proper ending."""
    seed: int = 0
    vocals: bool = False
    """Whether room is left for somebody who sings."""
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class SectionPlan:
    kind: str
    bars: int
    energy: float
    seed: int
    """Draws everything in it: another one makes another section, and leaves all others as they are."""
    like: int | None = None
    """The section that it repeats with variation, by its place; the same notes only where `exact`."""
    exact: bool = False
    shift: int = 0
    """Semitones from the piece's key: a modulation."""
    chords: tuple[str, ...] = ()
    """One for each bar, or for each half bar (twice as many), before `shift`: `Am`, `F`. Empty: drawn."""
    name: str = ""
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class PartPlan:
    role: str
    """One of `score.Role`."""
    instrument: str
    volume: float = 0.0
    pan: float = 0.0
    reverb: float = 0.2
    muted: bool = False
    style: str = ""
    """How it plays, of `resources/music/patterns.json`; empty: as its genre does."""
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All decisions. `compose(plan)` gives the same score for the same plan; editing music is editing its plan."""

    genre: str
    bpm: float
    key: str
    metre: str
    seconds: float
    seed: int
    sections: tuple[SectionPlan, ...]
    parts: tuple[PartPlan, ...]
    mood: str = ""
    era: str = ""
    swing: float = 0.0
    """How late off-beat eighths or sixteenths are: 0 straight … 0.33 triplets."""
    vocals: bool = False
    composer: int = 1
    """Of which version of the composer it is."""
    extra: Extra = ()
