"""The parts of a piece: mute, solo, instrument, volume, pan, and what they play."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.music.genres import instruments
from audiostudio.music.plan import PartPlan
from audiostudio.music.score import Part, Score
from audiostudio.ui.music.popups import ListPopup
from audiostudio.ui.music.score.notes import NotesView
from audiostudio.ui.music.words import instrument_name, shown
from audiostudio.ui.theme import GRID, HALF, font
from audiostudio.ui.timeline.headers_controls import Fader, LetterButton, PanKnob, letter
from audiostudio.ui.widgets import Button

HEAD = 248
_NAME = 104
"""Pixels of an instrument's name."""


class PartRow(QWidget):
    muted = Signal(bool)
    soloed = Signal()
    instrument_chosen = Signal(str)
    gained = Signal(float, str)
    """dB, and a key that is the same for one drag."""
    panned = Signal(float, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = PartPlan("", "")
        self.role = QLabel(self)
        self.role.setProperty("role", "caption")
        self.changed_mark = QLabel("•", self)
        self.changed_mark.setProperty("role", "warning")
        self.changed_mark.setToolTip(self.tr("Changed since it was rendered"))
        self.instrument = Button("", "ghost", parent=self, small=True)
        self.instrument.setToolTip(self.tr("Another instrument"))
        self.mute = letter(LetterButton("M", self.tr("Mute"), "warning", self), self.muted.emit)
        self.solo = letter(LetterButton("S", self.tr("Solo: mute all others"), "success", self), self._solo)
        self.fader = Fader(self.tr("Volume"), self)
        self.fader.setFixedWidth(88)
        self.pan = PanKnob(self.tr("Pan"), self)
        self.notes = NotesView(self)
        self._lay_out()
        self.instrument.clicked.connect(self.open_instruments)
        self.fader.slid.connect(self.gained)
        self.pan.slid.connect(self.panned)

    def show_part(self, plan: PartPlan, soloed: bool, changed: bool) -> None:
        self._part = plan
        name = instrument_name(plan.instrument)
        self.role.setText(shown(plan.role))
        room = QFontMetrics(font("small", QFont.Weight.Medium))
        self.instrument.setText(room.elidedText(name, Qt.TextElideMode.ElideRight, _NAME))
        self.instrument.setAccessibleName(f"{shown(plan.role)}: {name}")
        self.mute.setChecked(plan.muted)
        self.solo.setChecked(soloed)
        self.changed_mark.setVisible(changed)
        if not self.fader.isSliderDown():
            self.fader.show_gain(float(plan.volume))
        if not self.pan.isSliderDown():
            self.pan.show_pan(float(plan.pan))

    def show_score(self, score: Score | None, part: Part | None) -> None:
        self.notes.show_part(score, part, self._part.muted)

    def open_instruments(self) -> ListPopup:
        drums = self._part.role in ("drums", "percussion")
        rows = [(one.id, instrument_name(one.id)) for one in instruments().values() if one.drums == drums]
        title = self.tr("Instrument")
        popup = ListPopup(self.window(), title, sorted(rows, key=lambda row: row[1]), self._part.instrument)
        popup.picked.connect(self.instrument_chosen)
        popup.open_below(self.instrument)
        return popup

    def _solo(self, _on: bool) -> None:
        self.soloed.emit()

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        title = QHBoxLayout()
        title.setSpacing(HALF)
        title.setContentsMargins(8, 0, 0, 0)
        title.addWidget(self.role)
        title.addWidget(self.changed_mark)
        title.addStretch(1)
        title.addWidget(self.mute)
        title.addWidget(self.solo)
        names.addLayout(title)
        under = QHBoxLayout()
        under.setSpacing(HALF)
        under.addWidget(self.instrument, 1, Qt.AlignmentFlag.AlignLeft)
        under.addWidget(self.fader)
        under.addWidget(self.pan)
        names.addLayout(under)
        head = QWidget(self)
        head.setFixedWidth(HEAD)
        head.setLayout(names)
        names.setContentsMargins(0, 0, GRID, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, HALF, 0, HALF)
        row.setSpacing(0)
        row.addWidget(head)
        row.addWidget(self.notes, 1)
