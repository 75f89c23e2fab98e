"""One take in the list."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QMimeData, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.script.comparison import Difference
from audiostudio.timeline.project import Take
from audiostudio.ui.speech.takes.judging import chips, judged, marked, source_words
from audiostudio.ui.speech.words import length
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button, FlowLayout, IconButton, WaveformView

if TYPE_CHECKING:
    from audiostudio.sound.peaks import Peaks


class TakeRow(QFrame):
    """Dragged out, it is the take's sound file."""

    hear_wanted = Signal()
    use_wanted = Signal()
    compare_wanted = Signal()
    bin_wanted = Signal()

    def __init__(self, take: Take, voice: str, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.take, self.path = take, path
        self._press: QPoint | None = None
        self.setProperty("surface", "panel")
        self.setAccessibleName(self.tr("Take"))
        self.play = IconButton("play:solid", self.tr("Hear it"), self)
        self.wave = WaveformView(self, compact=True)
        self.wave.setFixedSize(150, 40)
        self.wave.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        parts = (voice, length_words(take.seconds), when(take), source_words(take))
        self.about = QLabel(" · ".join(part for part in parts if part), self)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.chosen = Badge(self.tr("In use"), "accent", self)
        self.other = Badge(self.tr("Other words or voice"), "plain", self)
        self.chips = QWidget(self)
        self._flow = FlowLayout(self.chips, HALF)
        self.sentence = QLabel(self)
        self.sentence.setProperty("role", "small")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.use = Button(self.tr("Use"), "secondary", "check", self, small=True)
        self.compare = Button(self.tr("A/B"), "ghost", "arrow-up-down", self, small=True)
        self.compare.setToolTip(self.tr("Compare it with the one in use; F9 goes from one to the other"))
        self.bin = IconButton("trash-2", self.tr("Put it in the bin"), self)
        self._lay_out()
        self.text.hide()
        self.play.clicked.connect(self.hear_wanted)
        self.use.clicked.connect(self.use_wanted)
        self.compare.clicked.connect(self.compare_wanted)
        self.bin.clicked.connect(self.bin_wanted)
        self.wave.sought.connect(lambda _seconds: self.hear_wanted.emit())
        self.show_take(take)

    def show_take(self, take: Take) -> None:
        """It was checked."""
        self.take = take
        while self._flow.count():
            gone = self._flow.takeAt(0).widget()
            gone.hide()
            gone.deleteLater()
        for chip in chips(take):
            badge = Badge(chip.text, chip.tone, self.chips)
            badge.setToolTip(chip.meaning)
            self._flow.addWidget(badge)
        found = judged(take)
        self.chips.setVisible(found is not None)
        self.sentence.setText(" ".join(found.reasons) if found is not None else "")
        self.sentence.setVisible(bool(self.sentence.text()))

    def show_state(self, *, current: bool, fits: bool, alone: bool, editable: bool) -> None:
        """`current`: the line plays it; `fits`: it says what the line says now; `alone`: there is no other."""
        self.chosen.setVisible(current)
        self.other.setVisible(not fits and not current)
        self.use.setVisible(not current)
        self.use.setEnabled(editable)
        self.compare.setVisible(not current and not alone)
        self.bin.setEnabled(editable)

    def show_playing(self, on: bool) -> None:
        self.play.set_icon("pause:solid" if on else "play:solid")
        self.play.set_label(self.tr("Stop") if on else self.tr("Hear it"))
        if not on:
            self.wave.set_position(0.0)

    def show_peaks(self, peaks: "Peaks") -> None:
        self.wave.set_source(peaks)

    def show_differences(self, differences: Iterable[Difference]) -> None:
        told = tuple(differences)
        self.text.setText(marked(self.take.text, told) if told else "")
        self.text.setVisible(bool(told))

    # Dragging it out

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QApplication.startDragDistance()
        if self._press is not None and (event.position().toPoint() - self._press).manhattanLength() >= far:
            self._press = None
            drag = QDrag(self)
            drag.setMimeData(self.mime())
            drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def mime(self) -> QMimeData:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.path))])
        return data

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.about)
        head.addWidget(self.chosen)
        head.addWidget(self.other)
        head.addStretch(1)
        below = QVBoxLayout()
        below.setSpacing(HALF)
        for widget in (self.text, self.chips, self.sentence):
            below.addWidget(widget)
        grid = QGridLayout(self)
        grid.setContentsMargins(GRID, GRID, GRID, GRID)
        grid.setHorizontalSpacing(GRID + HALF)
        grid.setVerticalSpacing(HALF)
        grid.addWidget(self.play, 0, 0)
        grid.addWidget(self.wave, 0, 1)
        grid.addLayout(head, 0, 2)
        for column, widget in enumerate((self.compare, self.use, self.bin), 3):
            grid.addWidget(widget, 0, column)
        grid.addLayout(below, 1, 2, 1, 4)
        grid.setColumnStretch(2, 1)


def when(take: Take) -> str:
    """The time when it was made, with the day when that is another."""
    if not take.created:
        return ""
    made = datetime.fromisoformat(take.created).astimezone()
    if made.date() == datetime.now().astimezone().date():
        return QLocale().toString(made.time(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(made, QLocale.FormatType.ShortFormat)


def length_words(seconds: float) -> str:
    return f"{QLocale().toString(seconds, 'f', 1)} s" if seconds < 60 else length(seconds)
