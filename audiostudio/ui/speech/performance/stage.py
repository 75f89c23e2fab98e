"""Where things lie in the performance view: time to the right, notes upwards, lanes below. Plain Python."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QRectF

from audiostudio.ui.speech.performance.shape import Shape

KEYS = 48.0
"""Width of the names of the notes."""
_ROOMY, _CLOSE = (22.0, 44.0, 28.0, 20.0), (20.0, 30.0, 24.0, 18.0)
"""Heights of the ruler, and of the lanes of loudness, words and phonemes; `_CLOSE` where there is little room."""
_LITTLE = 240.0
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
    def lanes(self) -> tuple[float, float, float, float]:
        """Heights of the ruler, and of the lanes of loudness, words and phonemes."""
        return _CLOSE if self.height < _LITTLE else _ROOMY

    @property
    def pitch(self) -> QRectF:
        return QRectF(KEYS, self.lanes[0], max(1.0, self.width - KEYS), self._tall)

    @property
    def energy(self) -> QRectF:
        return QRectF(KEYS, self.pitch.bottom(), self.pitch.width(), self.lanes[1])

    @property
    def words(self) -> QRectF:
        return QRectF(KEYS, self.energy.bottom(), self.pitch.width(), self.lanes[2])

    @property
    def phonemes(self) -> QRectF:
        return QRectF(KEYS, self.words.bottom(), self.pitch.width(), self.lanes[3])

    @property
    def scale(self) -> float:
        """Pixels of a second."""
        return (self.width - KEYS) / self.seconds

    def x(self, seconds: float) -> float:
        return KEYS + (seconds - self.left) * self.scale

    def time(self, x: float) -> float:
        return self.left + (x - KEYS) / self.scale

    def y(self, note: float) -> float:
        return self.lanes[0] + self._tall - (note - self.low) / (self.high - self.low) * self._tall

    def note(self, y: float) -> float:
        return self.low + (self.lanes[0] + self._tall - y) / self._tall * (self.high - self.low)

    @property
    def _tall(self) -> float:
        return max(1.0, self.height - sum(self.lanes))


class Camera:
    """Which part of a line is seen."""

    def __init__(self) -> None:
        self.stage = Stage(1, 1)
        self._length = 1.0
        self._whole = True
        """All of the line is seen, also when it becomes longer."""

    def fit(self, shape: Shape) -> None:
        """All of the line, and nearly all of its notes: where a voice breaks off it may fall very low."""
        voiced = [word.melody[np.isfinite(word.melody)] for word in shape.words]
        found = np.concatenate(voiced) if voiced else np.zeros(0)
        low, high = np.percentile(found, (5, 99)) if len(found) else (50.0, 62.0)
        spare = max(3.5, (LEAST_NOTES * 1.5 - (high - low)) / 2)
        self._whole = True
        self.stage = replace(self.stage, low=float(low) - spare, high=float(high) + spare)
        self.follow(shape)

    def follow(self, shape: Shape) -> None:
        """The line is of another length now."""
        self._length = max(LEAST_SECONDS, shape.seconds)
        if self._whole:
            self.stage = replace(self.stage, left=0.0, seconds=self._length * 1.02)

    def resize(self, width: float, height: float) -> None:
        self.stage = replace(self.stage, width=width, height=height)

    def zoom(self, factor: float, x: float | None = None) -> None:
        """`factor` below 1 shows less of the line; the time at `x` stays where it is."""
        stage = self.stage
        here = stage.time(stage.pitch.center().x() if x is None else x)
        seconds = min(max(LEAST_SECONDS, stage.seconds * factor), self._length * 1.1)
        share = (here - stage.left) / stage.seconds
        self.stage = replace(stage, seconds=seconds)
        self.scroll_to(here - share * seconds)

    def zoom_notes(self, factor: float, y: float) -> None:
        """As `zoom`, upwards."""
        stage = self.stage
        here = stage.note(y)
        low, high = here - (here - stage.low) * factor, here + (stage.high - here) * factor
        if LEAST_NOTES <= high - low <= MOST_NOTES:
            self.stage = replace(stage, low=low, high=high)

    def scroll_to(self, left: float) -> None:
        stage = self.stage
        self.stage = replace(stage, left=max(0.0, min(left, self._length * 1.02 - stage.seconds)))
        self._whole = self.stage.left == 0 and self.stage.seconds >= self._length

    def sees(self, seconds: float) -> bool:
        return self.stage.left <= seconds <= self.stage.left + self.stage.seconds
