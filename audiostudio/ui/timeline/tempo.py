"""The tempo of a timeline: typed, or tapped while it plays."""

import statistics
import time
from collections.abc import Callable

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from audiostudio.timeline.editing.marking import FASTEST, SLOWEST
from audiostudio.timeline.tracks import Tempo
from audiostudio.ui.theme import GRID
from audiostudio.ui.timeline.inspector_fields import TimeField
from audiostudio.ui.widgets import Button, ChoiceBox, Form

_PAUSE = 3.0
"""Seconds after which a tap begins anew."""
_LEAST = 4
"""Taps from which there is a tempo."""
_BARS = (2, 3, 4, 5, 6, 7, 8, 9, 12)
_USUAL = 120.0


class Taps:
    """Somebody taps along: the median of the times between, which one slip does not change."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: list[float] = []

    @property
    def count(self) -> int:
        return len(self._times)

    def tap(self) -> float | None:
        """Beats a minute, to a tenth; None before there were enough."""
        now = self._clock()
        if self._times and now - self._times[-1] > _PAUSE:
            self._times.clear()
        self._times.append(now)
        if len(self._times) < _LEAST:
            return None
        apart = statistics.median(b - a for a, b in zip(self._times, self._times[1:], strict=False))
        return round(min(FASTEST, max(SLOWEST, 60 / max(apart, 1e-3))), 1)


class TempoDialog(QDialog):
    """Beside a timeline that may play meanwhile."""

    chosen = Signal(object)
    """A `Tempo`, or None: no beats."""

    def __init__(self, tempo: Tempo | None, playhead: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Tempo and beats"))
        self.taps = Taps()
        shown = tempo or Tempo(_USUAL, 0)
        self.bpm = QLineEdit(_number(shown.bpm), self)
        self.bpm.setAccessibleName(self.tr("Beats a minute"))
        self.tap = Button(self.tr("Tap"), "secondary", "", self)
        self.tap.setToolTip(self.tr("Click, or press the space bar, with each beat that you hear"))
        self.bar = ChoiceBox(self.tr("Beats of a bar"), self)
        for beats in sorted({*_BARS, shown.bar}):
            self.bar.addItem(str(beats), beats)
        self.bar.setCurrentIndex(self.bar.findData(shown.bar))
        self.first = TimeField(self.tr("First beat"), self)
        self._first = shown.first
        self.first.show_time(self._first)
        self.here = Button(self.tr("At the playhead"), "secondary", "", self)
        self.note = QLabel(self.tr("Clips, markers and the range click to beats while snapping is on."), self)
        self.none = Button(self.tr("No beats"), "ghost", "", self)
        self.none.setVisible(tempo is not None)
        self.stop = Button(self.tr("Cancel"), "secondary", parent=self)
        self.go = Button(self.tr("Set the tempo"), "primary", parent=self)
        self.go.setDefault(True)
        for button in (self.tap, self.here, self.none, self.stop):
            button.setAutoDefault(False)  # Return sets the tempo, wherever the keyboard is
        self._lay_out()
        self.tap.pressed.connect(self._tapped)
        self.first.chosen.connect(self._begin)
        self.here.clicked.connect(lambda: self._begin(playhead()))
        self.bpm.textChanged.connect(lambda: self.go.setEnabled(self._bpm() is not None))
        self.none.clicked.connect(lambda: self._choose(None))
        self.stop.clicked.connect(self.close)
        self.go.clicked.connect(self._set)
        self.tap.setFocus()

    def _lay_out(self) -> None:
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        form = Form()
        form.row(self.tr("Beats a minute"), _row(self.bpm, self.tap))
        form.row(self.tr("Beats of a bar"), self.bar)
        form.row(self.tr("First beat"), _row(self.first, self.here))
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.none)
        buttons.addStretch(1)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumWidth(420)

    def _tapped(self) -> None:
        found = self.taps.tap()
        if found is not None:
            self.bpm.setText(_number(found))

    def _begin(self, at: int) -> None:
        self._first = at
        self.first.show_time(at)

    def _bpm(self) -> float | None:
        """What is typed, with a point or a comma."""
        try:
            value = float(self.bpm.text().strip().replace(",", "."))
        except ValueError:
            return None
        return value if SLOWEST <= value <= FASTEST else None

    def _set(self) -> None:
        bpm = self._bpm()
        if bpm is not None:
            self._choose(Tempo(bpm, self._first, self.bar.currentData()))

    def _choose(self, tempo: Tempo | None) -> None:
        self.chosen.emit(tempo)
        self.close()


def _number(value: float) -> str:
    return QLocale().toString(value, "f", 2).rstrip("0").rstrip(".,")


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    for index, widget in enumerate(widgets):
        row.addWidget(widget, 1 if not index else 0)
    return row
