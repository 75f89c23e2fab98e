"""What a player knows of the section that he plays: its bars, chords, energy and dice."""

from dataclasses import dataclass
from random import Random

from audiostudio.music.form import pulses
from audiostudio.music.genres import Genre
from audiostudio.music.plan import Plan, SectionPlan
from audiostudio.music.planning import THEMES
from audiostudio.music.score import Note
from audiostudio.music.theory import TICKS, Chord, Metre

STEP = TICKS // 4
"""A sixteenth."""


@dataclass(frozen=True, slots=True)
class Span:
    """A chord in C and where it sounds, in ticks of the section."""

    start: int
    length: int
    chord: Chord


@dataclass(frozen=True, slots=True)
class Frame:
    """A section as its players see it. Ticks count from its beginning; everything is in C."""

    plan: Plan
    genre: Genre
    metre: Metre
    mode: str
    section: SectionPlan
    index: int
    bars: int
    """That are played: without the final bar of a piece."""
    spans: tuple[Span, ...]
    """Chords one after the other."""
    halves: tuple[Span, ...]
    """The same by half bars: the chord that sounds in each."""
    first: bool
    last: bool
    turn: int
    """How many sections of its kind were before."""
    rises: float
    """How much more energy the next section has; negative: less."""

    @property
    def bar(self) -> int:
        return self.metre.bar

    @property
    def energy(self) -> float:
        return self.section.energy

    @property
    def pulses(self) -> tuple[int, ...]:
        return pulses(self.metre)

    @property
    def end(self) -> int:
        return self.bars * self.metre.bar

    def theme(self, what: str) -> Random:
        """Dice that fall alike in all sections of a theme."""
        return Random(f"{self.section.seed % THEMES}:{what}")

    def vary(self, what: str) -> Random:
        """Dice of this section alone."""
        return Random(f"{self.section.seed}:{what}")

    def piece(self, what: str) -> Random:
        """Dice that fall alike in the whole piece."""
        return Random(f"{self.plan.seed}:{what}")

    def chord(self, tick: int) -> Chord:
        """The chord that sounds at a tick."""
        return self.span(tick).chord

    def span(self, tick: int) -> Span:
        half = tick * 2 // self.metre.bar
        return self.halves[min(max(half, 0), len(self.halves) - 1)]

    def style(self, metres: dict[str, list[str]]) -> list[str]:
        """The rows of a pattern for this metre; empty: there are none."""
        return metres.get(self.metre.name, [])


def velocity(base: float, energy: float) -> int:
    """A velocity that follows the energy, 1…127."""
    return min(127, max(1, round(base * (0.82 + 0.22 * energy))))


def note(start: int, length: int, pitch: int, strength: float) -> Note:
    return Note(start, max(length, 20), pitch, min(127, max(1, round(strength))))
