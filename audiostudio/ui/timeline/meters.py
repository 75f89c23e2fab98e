"""Level meters: peaks that fall, a mark that holds, a light that stays lit once something clipped."""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QLinearGradient, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.ui.theme import Tokens, tokens

FLOOR = -60.0
"""dBFS at the lower end."""
_RATE = 30
"""Looks in a second."""
_FALL = 24.0 / _RATE
"""dB that a bar falls in one look."""
_HELD = round(1.5 * _RATE)
"""Looks that the mark of the loudest stays."""
_LIGHT = 5
"""Pixels of the clip light."""


class Level(NamedTuple):
    """Greatest absolute samples since the last look; 1 is full scale."""

    left: float
    right: float


SILENCE = Level(0.0, 0.0)
Levels = Mapping[str, Level]
"""By the ids of tracks; the master's is ""."""


class Meter(QWidget):
    """Two bars, upright. A click puts the clip light out."""

    def __init__(self, label: str, width: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(width)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(label)
        self.setToolTip(label)
        self._shown = [FLOOR, FLOOR]
        self._marks = [FLOOR, FLOOR]
        self._age = [0, 0]
        self.clipped = False

    @property
    def shown(self) -> tuple[float, float]:
        """dBFS of both bars."""
        return self._shown[0], self._shown[1]

    @property
    def held(self) -> tuple[float, float]:
        """dBFS of the marks."""
        return self._marks[0], self._marks[1]

    @property
    def at_rest(self) -> bool:
        return max(self._marks) <= FLOOR and max(self._shown) <= FLOOR

    def look(self, level: Level) -> None:
        """What came since the last look, 30 times in a second."""
        before = (*self._shown, *self._marks, self.clipped)
        for side, peak in enumerate(level):
            found = max(FLOOR, 20 * math.log10(peak)) if peak > 0 else FLOOR
            self._shown[side] = max(found, self._shown[side] - _FALL, FLOOR)
            self._age[side] += 1
            if found >= self._marks[side] and found > FLOOR:
                self._marks[side], self._age[side] = found, 0
            elif self._age[side] > _HELD:
                self._marks[side] = max(FLOOR, self._marks[side] - 2 * _FALL)
            self.clipped |= peak > 1.0
        if (*self._shown, *self._marks, self.clipped) != before:
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.width(), 48)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.width(), 16)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clipped = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        wide = (self.width() - 2) / 2
        top, height = _LIGHT + 1, self.height() - _LIGHT - 1
        painter.fillRect(QRectF(0, 0, self.width(), _LIGHT - 1), colours.colour("error" if self.clipped else "border"))
        fill = _fill(colours, top, height)
        for side in range(2):
            x = side * (wide + 2)
            painter.fillRect(QRectF(x, top, wide, height), colours.colour("sunken"))
            tall = height * _share(self._shown[side])
            painter.fillRect(QRectF(x, top + height - tall, wide, tall), fill)
            if self._marks[side] > FLOOR:
                y = top + height * (1 - _share(self._marks[side]))
                painter.fillRect(QRectF(x, min(y, top + height - 1), wide, 1), colours.colour("text"))


def _share(decibels: float) -> float:
    """0…1 of a meter's height."""
    return min(1.0, max(0.0, 1 - decibels / FLOOR))


def _fill(colours: Tokens, top: float, height: float) -> QLinearGradient:
    made = QLinearGradient(QPointF(0, top + height), QPointF(0, top))
    for decibels, token in ((FLOOR, "success"), (-12.0, "success"), (-6.0, "warning"), (0.0, "error")):
        made.setColorAt(_share(decibels), colours.colour(token))
    return made


class MeterFeed(QObject):
    """Looks at what plays, and hands it on until every meter has come to rest."""

    looked = Signal(object)
    """`Levels`."""

    def __init__(self, resting: Callable[[], bool], parent: QObject) -> None:
        """`resting`: whether nothing moves any more."""
        super().__init__(parent)
        self._resting = resting
        self._read: Callable[[], Levels] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // _RATE)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)

    def start(self, read: Callable[[], Levels]) -> None:
        """`read()` gives the greatest samples since it was last asked."""
        self._read = read
        self._timer.start()

    def stop(self) -> None:
        """Nothing plays; the meters fall."""
        self._read = None

    def _look(self) -> None:
        self.looked.emit(self._read() if self._read is not None else {})
        if self._read is None and self._resting():
            self._timer.stop()
