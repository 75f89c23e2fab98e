"""What is proposed to be cut: a list with a box before each, and what is looked for."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from audiostudio.sound.silence import HIGHEST, LOWEST
from audiostudio.timeline import tidying
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.transcript import Cut, What
from audiostudio.ui.theme import GRID
from audiostudio.ui.timeline.divisions import clock
from audiostudio.ui.widgets import Button, LabeledSlider, SegmentedControl

SILENCES, FILLERS = "silences", "fillers"
_CUT = Qt.ItemDataRole.UserRole
_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class Proposal(NamedTuple):
    cut: Cut
    start: int
    """Ticks: when it is heard."""
    duration: int


class Proposals(QWidget):
    asked = Signal()
    """Something else is looked for."""
    changed = Signal()
    """Other proposals are ticked."""
    chosen = Signal(object)
    """A `Proposal`: show it."""
    accepted = Signal(object)
    """Cuts that the user wants."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: list[Proposal] = []
        self._refused: set[Cut] = set()
        """Those that were unticked; they stay so when the list is made anew."""
        self._build()
        self._show_kind()

    @property
    def silences(self) -> bool:
        """Whether silences are looked for, else fillers."""
        return self.kind.value() == SILENCES

    @property
    def label(self) -> str:
        """Of the undo step."""
        return self.tr("Shorten silences") if self.silences else self.tr("Cut fillers")

    def show_proposals(self, proposals: Sequence[Proposal]) -> None:
        row = self.list.currentRow()
        self._shown = list(proposals)
        self.list.blockSignals(True)
        self.list.clear()
        for one in proposals:
            item = QListWidgetItem(self._line(one), self.list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_UNCHECKED if one.cut in self._refused else _CHECKED)
        if proposals and row >= 0:
            self.list.setCurrentRow(min(row, len(proposals) - 1))
        self.list.blockSignals(False)
        self._show_total()

    def ticked(self) -> list[Cut]:
        return [one.cut for one in self._shown if one.cut not in self._refused]

    def show_threshold(self, decibels: float) -> None:
        """That which silences are found with by themselves."""
        if not self._own_threshold:
            self.threshold.blockSignals(True)
            self.threshold.set_value(round(decibels))
            self.threshold.blockSignals(False)

    def chosen_threshold(self) -> float | None:
        """None: that of the sound."""
        return self.threshold.value() if self._own_threshold else None

    def apply(self) -> None:
        if cuts := self.ticked():
            self.accepted.emit(cuts)

    def apply_one(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._shown):
            self.accepted.emit([self._shown[row].cut])

    def _line(self, one: Proposal) -> str:
        word = one.cut.text.strip()
        what = {
            What.SILENCE: self.tr("silence"),
            What.REPEATED: self.tr("“{word}” twice").replace("{word}", word),
        }.get(one.cut.what, f"“{word}”")
        return f"{clock(one.start, TICKS // 10)}   {what}   −{one.duration / TICKS:.1f} s"

    def _show_total(self) -> None:
        ticked = [one for one in self._shown if one.cut not in self._refused]
        seconds = sum(one.duration for one in ticked) / TICKS
        words = self.tr("{n} of {all}, {s} s").replace("{n}", str(len(ticked))).replace("{all}", str(len(self._shown)))
        self.total.setText(words.replace("{s}", f"{seconds:.1f}") if self._shown else self.tr("Nothing to cut."))
        self.all.blockSignals(True)
        self.all.setCheckState(
            _UNCHECKED
            if not ticked
            else _CHECKED
            if len(ticked) == len(self._shown)
            else Qt.CheckState.PartiallyChecked
        )
        self.all.blockSignals(False)
        self.all.setEnabled(bool(self._shown))
        self.one.setEnabled(self.list.currentRow() >= 0)
        self.go.setEnabled(bool(ticked))
        self.changed.emit()

    def _ticked_one(self, item: QListWidgetItem) -> None:
        cut = self._shown[self.list.row(item)].cut
        (self._refused.discard if item.checkState() == _CHECKED else self._refused.add)(cut)
        self._show_total()

    def _tick_all(self) -> None:
        every = {one.cut for one in self._shown}
        self._refused = self._refused | every if every & self._refused == set() else self._refused - every
        self.show_proposals(self._shown)

    def _show_kind(self) -> None:
        for widget in (self.least, self.keep, self.threshold):
            widget.setVisible(self.silences)

    def _kind_changed(self) -> None:
        self._show_kind()
        self.asked.emit()

    def _threshold_moved(self) -> None:
        self._own_threshold = True
        self.asked.emit()

    def _row_changed(self, row: int) -> None:
        self.one.setEnabled(row >= 0)
        if 0 <= row < len(self._shown):
            self.chosen.emit(self._shown[row])

    def _build(self) -> None:
        self._own_threshold = False
        self.kind = SegmentedControl(
            [(SILENCES, self.tr("Shorten silences")), (FILLERS, self.tr("Find fillers"))], self, self.tr("Propose")
        )
        self.least = LabeledSlider(self.tr("Longer than"), 0.3, 3.0, tidying.LEAST, 0.1, " s", 1, self)
        self.keep = LabeledSlider(self.tr("Kept on each side"), 0.0, 1.0, tidying.KEEP, 0.05, " s", 2, self)
        self.threshold = LabeledSlider(self.tr("Quieter than"), LOWEST, HIGHEST, -50.0, 1.0, " dB", 0, self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Proposals"))
        self.all = QCheckBox(self.tr("All"), self)
        self.total = QLabel(self)
        self.total.setProperty("role", "small")
        self.one = Button(self.tr("Cut this one"), "secondary", "scissors", self)
        self.go = Button(self.tr("Apply"), "primary", parent=self)
        self.kind.changed.connect(self._kind_changed)
        self.least.value_changed.connect(lambda _value: self.asked.emit())
        self.keep.value_changed.connect(lambda _value: self.asked.emit())
        self.threshold.value_changed.connect(lambda _value: self._threshold_moved())
        self.list.currentRowChanged.connect(self._row_changed)
        self.list.itemChanged.connect(self._ticked_one)
        self.list.itemDoubleClicked.connect(lambda _item: self.apply_one())
        self.all.clicked.connect(self._tick_all)
        self.one.clicked.connect(self.apply_one)
        self.go.clicked.connect(self.apply)
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.all)
        above.addStretch(1)
        above.addWidget(self.total)
        below.addWidget(self.one)
        below.addStretch(1)
        below.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for widget in (self.kind, self.least, self.keep, self.threshold):
            column.addWidget(widget)
        column.addLayout(above)
        column.addWidget(self.list, 1)
        column.addLayout(below)
