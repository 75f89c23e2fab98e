"""What the inspector's pages are made of."""

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from audiostudio.sound.effects.kinds import Setting, Unit
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Shape
from audiostudio.ui.theme import GRID, font
from audiostudio.ui.timeline.divisions import clock
from audiostudio.ui.timeline.headers_menu import colours, swatch
from audiostudio.ui.widgets import ChoiceBox

CLIP_GAIN = Setting("gain", "Gain", Unit.DB, -60.0, 24.0, 0.0, 0.1)
TRACK_GAIN = Setting("gain", "Gain", Unit.DB, -60.0, 12.0, 0.0, 0.1)
PAN = Setting("pan", "Pan", Unit.PERCENT, -100.0, 100.0, 0.0, 1.0)
SPEED = Setting("speed", "Speed", Unit.PERCENT, 25.0, 400.0, 100.0, 1.0, logarithmic=True)
PITCH = Setting("pitch", "Pitch", Unit.SEMITONES, -24.0, 24.0, 0.0, 0.1)
FADE = Setting("fade", "Fade", Unit.SECONDS, 0.0, 10.0, 0.0, 0.01)
_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?|[.,]\d+)")


class TimeField(QLineEdit):
    """A place or a length, as minutes and seconds; typed as `1:02.5` or `62.5`."""

    chosen = Signal(object)
    """Ticks: they do not fit into C's int."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self.setFont(font("body", tabular=True))
        self._at = 0
        self.editingFinished.connect(self._done)

    def show_time(self, at: int) -> None:
        self._at = at
        self.setText(clock(at, TICKS // 1000))
        self.setCursorPosition(0)

    def _done(self) -> None:
        at = read_time(self.text())
        if at is None or self.text() == clock(self._at, TICKS // 1000):
            self.show_time(self._at)
        elif at != self._at:
            self.chosen.emit(at)


def read_time(text: str) -> int | None:
    """Ticks of `1:02:03.5`, `1:02.5`, `62.5`; None: none of these."""
    found = _TIME.fullmatch(text.strip().removesuffix("s").strip())
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    parts = int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds.replace(",", "."))
    return round(parts * TICKS)


class ColourBox(ChoiceBox):
    """The palette; the first is that of the track, or of the content."""

    picked = Signal(object)
    """A name, or None."""

    def __init__(self, label: str, plain: str, parent: QWidget) -> None:
        super().__init__(label, parent)
        self.addItem(plain, None)
        for name, word in colours().items():
            self.addItem(swatch(name), word, name)
        self.activated.connect(lambda _index: self.picked.emit(self.currentData()))

    def show_colour(self, name: str | None) -> None:
        self.setCurrentIndex(max(0, self.findData(name)))


class ShapeBox(ChoiceBox):
    picked = Signal(str)

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(label, parent, small=True)
        words = {
            Shape.LINEAR: self.tr("Linear"),
            Shape.EQUAL_POWER: self.tr("Equal power"),
            Shape.SMOOTH: self.tr("Smooth"),
            Shape.LOGARITHMIC: self.tr("Logarithmic"),
        }
        for shape, word in words.items():
            self.addItem(word, shape.value)
        self.activated.connect(lambda _index: self.picked.emit(self.currentData()))

    def show_shape(self, shape: str) -> None:
        self.setCurrentIndex(max(0, self.findData(shape)))


class Section(QFrame):
    """A part of a page, with room below for what stands in it."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GRID)
        if title:
            label = QLabel(title, self)
            label.setProperty("role", "section")
            self.column.addWidget(label)

    def add(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.column.addWidget(widget)
