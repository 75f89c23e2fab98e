"""Where things lie in the performance view: time to the right, notes upwards, lanes below. Plain Python."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF

KEYS = 48.0
"""Width of the names of the notes."""
RULER, ENERGY, WORDS, PHONEMES = 22.0, 44.0, 28.0, 20.0
LEAST_SECONDS = 0.15
"""That can fill the view."""
LEAST_NOTES, MOST_NOTES = 8.0, 72.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What is seen, and the rectangles that it is seen in. Everything below the ruler scrolls with time."""

    width: float
    height: float
    left: float = 0.0
    """Seconds at the left edge."""
    seconds: float = 1.0
    """That are seen."""
    low: float = 50.0
    high: float = 70.0
    """The lowest and highest note that are seen."""

    @property
    def pitch(self) -> QRectF:
        below = ENERGY + WORDS + PHONEMES
        return QRectF(KEYS, RULER, max(1.0, self.width - KEYS), max(1.0, self.height - RULER - below))

    @property
    def energy(self) -> QRectF:
        return QRectF(KEYS, self.pitch.bottom(), self.pitch.width(), ENERGY)

    @property
    def words(self) -> QRectF:
        return QRectF(KEYS, self.energy.bottom(), self.pitch.width(), WORDS)

    @property
    def phonemes(self) -> QRectF:
        return QRectF(KEYS, self.words.bottom(), self.pitch.width(), PHONEMES)

    @property
    def scale(self) -> float:
        """Pixels of a second."""
        return (self.width - KEYS) / self.seconds

    def x(self, seconds: float) -> float:
        return KEYS + (seconds - self.left) * self.scale

    def time(self, x: float) -> float:
        return self.left + (x - KEYS) / self.scale

    def y(self, note: float) -> float:
        box = self.pitch
        return box.bottom() - (note - self.low) / (self.high - self.low) * box.height()

    def note(self, y: float) -> float:
        box = self.pitch
        return self.low + (box.bottom() - y) / box.height() * (self.high - self.low)
