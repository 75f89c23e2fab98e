"""Where ticks and pitches lie on the piano roll. Plain Python."""

from dataclasses import dataclass
from math import ceil

from audiostudio.music.score import Score

KEYS = 56
"""Pixels of the keyboard at the left."""
RULER = 62
"""Pixels of sections, chords and bars at the top."""
LEAST_SCALE, MOST_SCALE = 0.01, 1.0
"""Pixels of a tick."""


@dataclass(slots=True)
class Stage:
    scale: float = 0.06
    row: float = 16.0
    """Pixels of a semitone."""
    left: float = 0.0
    """The tick at the left edge of the notes."""
    top: float = 84.0
    """The pitch at their upper edge: its row begins there."""

    def x(self, tick: float) -> float:
        return KEYS + (tick - self.left) * self.scale

    def y(self, pitch: float) -> float:
        """Of the upper edge of a pitch's row."""
        return RULER + (self.top - pitch) * self.row

    def tick(self, x: float) -> float:
        return self.left + (x - KEYS) / self.scale

    def pitch(self, y: float) -> int:
        return ceil(self.top - (y - RULER) / self.row)

    def zoom(self, factor: float, x: float) -> None:
        """About a place, which stays."""
        at = self.tick(x)
        self.scale = min(MOST_SCALE, max(LEAST_SCALE, self.scale * factor))
        self.left = max(0.0, at - (x - KEYS) / self.scale)


@dataclass(frozen=True, slots=True)
class Grid:
    """What times snap to."""

    ticks: int = 120
    on: bool = True

    def snap(self, tick: float, fine: bool = False) -> int:
        return round(tick) if fine or not self.on else round(tick / self.ticks) * self.ticks

    def floor(self, tick: float) -> int:
        return int(tick // self.ticks) * self.ticks if self.on else int(tick)


GRIDS: tuple[tuple[str, int], ...] = (
    ("1/4", 480),
    ("1/8", 240),
    ("1/16", 120),
    ("1/32", 60),
    ("1/4 T", 320),
    ("1/8 T", 160),
    ("1/16 T", 80),
)
"""Names and ticks; T: triplets."""


def seconds_to_tick(score: Score, seconds: float) -> float:
    """The tick that is heard then."""
    passed, tick = 0.0, 0.0
    for number, change in enumerate(score.tempo):
        pace = change.bpm * 480 / 60
        following = score.tempo[number + 1].tick if number + 1 < len(score.tempo) else None
        length = None if following is None else (following - change.tick) / pace
        if length is None or seconds - passed <= length:
            return change.tick + (seconds - passed) * pace
        passed += length
        tick = float(following or tick)
    return tick
