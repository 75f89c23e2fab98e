"""A sample: its waveform, what it is good for and why, and what could be done to better it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.jobs import JsonObject
from audiostudio.ui.cloning.draft import DraftSample
from audiostudio.ui.cloning.words import (
    LEVELS,
    TONES,
    measure_name,
    offer_hint,
    offer_name,
    taken_name,
    value_words,
    verdict_name,
    worst,
)
from audiostudio.ui.speech.words import length
from audiostudio.ui.theme import GRID, HALF, set_property
from audiostudio.ui.widgets import Badge, Button, FlowLayout, IconButton, Spinner, WaveformView

if TYPE_CHECKING:
    from audiostudio.sound.peaks import Peaks

_ROLES = {"success": "small", "warning": "warning", "error": "error"}


class SampleRow(QFrame):
    hear_wanted = Signal(str)
    """The path of the file: as it is now, or as it was."""
    offer_wanted = Signal(str)
    undo_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, sample: DraftSample, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sample = sample
        self._drawn: tuple[object, ...] | None = None
        self.setProperty("surface", "panel")
        self.play = IconButton("play:solid", self.tr("Play"), self)
        self.wave = WaveformView(self, compact=True)
        self.wave.setFixedSize(144, 40)
        self.wave.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name = QLabel(self)
        self.name.setProperty("role", "strong")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        self.seconds = QLabel(self)
        self.seconds.setProperty("role", "small")
        self.spinner = Spinner(16, self)
        self.before = Badge("", "plain", self)
        self.verdict = Badge("", "plain", self)
        self.reason = QLabel(self)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setWordWrap(True)
        self.more = IconButton("chevron-right", self.tr("Show everything that was measured"), self, checkable=True)
        self.remove = IconButton("trash-2", self.tr("Take it out of the voice; the file stays"), self)
        self.offers = QWidget(self)
        self._flow = FlowLayout(self.offers, HALF)
        self.buttons: dict[str, Button] = {}
        self.hear_before = Button(self.tr("Hear it as it came"), "ghost", "play", self, small=True)
        self.undo = Button(self.tr("Undo"), "ghost", "undo-2", self, small=True)
        self.findings = QWidget(self)
        self.findings.hide()
        self._lay_out()
        self.play.clicked.connect(lambda: self.hear_wanted.emit(self.sample.now.path))
        self.wave.sought.connect(lambda _seconds: self.hear_wanted.emit(self.sample.now.path))
        self.hear_before.clicked.connect(lambda: self.hear_wanted.emit(self.sample.before[0].path))
        self.undo.clicked.connect(self.undo_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self.more.toggled.connect(self._unfold)

    def show_sample(self, busy: bool) -> None:
        """`busy`: something is being done to it or measured in it."""
        sample, check = self.sample, self.sample.now.check
        drawn = (sample.now.path, len(sample.taken), busy, check and str(check))
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.setAccessibleName(sample.name)
        self.name.setText(" · ".join([sample.name, *(taken_name(one) for one in sample.taken)]))
        self.seconds.setText(length(check["seconds"]) if check else "")
        self.spinner.setVisible(busy)
        self._show_verdict()
        finding = worst(check) if check else None
        tone = LEVELS[finding["level"]] if finding else "success"
        words = ""
        if finding is not None:
            words = " ".join(part for part in (finding["sentence"], finding.get("hint", "")) if part)
        elif check is not None:
            words = self.tr("Nothing stands in its way.")
        self.reason.setText(words or (self.tr("Listening to it…") if busy else self.tr("Not checked yet.")))
        set_property(self.reason, "role", _ROLES[tone] if check else "small")
        self._show_offers(check, busy)
        self._show_findings(check)

    def show_peaks(self, peaks: "Peaks") -> None:
        self.wave.set_source(peaks)

    def show_state(self, path: str, state: str) -> None:
        """`busy`, `playing` or `idle`: what is heard of the file."""
        idle = state == "idle" or path != self.sample.now.path
        self.play.set_icon("play:solid" if idle else "square:solid", "text_secondary" if idle else "accent_text")
        self.play.set_label(self.tr("Play") if idle else self.tr("Stop"))
        if idle:
            self.wave.set_position(0.0)
        older = state != "idle" and bool(self.sample.before) and path == self.sample.before[0].path
        self.hear_before.setText(self.tr("Stop") if older else self.tr("Hear it as it came"))

    # Inner

    def _show_verdict(self) -> None:
        sample = self.sample
        check, first = sample.now.check, sample.before[0].check if sample.before else None
        for badge, found in ((self.verdict, check), (self.before, first)):
            badge.setVisible(found is not None)
            if found is not None:
                badge.setText(f"{verdict_name(found['verdict'])} · {round(found['score'])}")
                set_property(badge, "tone", TONES[found["verdict"]])
        self.verdict.setToolTip(self.tr("How good the sample is: 0 to 100"))
        self.before.setToolTip(self.tr("As it came"))
        self._arrow.setVisible(check is not None and first is not None)

    def _show_offers(self, check: JsonObject | None, busy: bool) -> None:
        for button in self.buttons.values():
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {}
        for offer in check["offers"] if check else ():
            button = Button(offer_name(offer), "secondary", parent=self.offers, small=True)
            button.setToolTip(offer_hint(offer))
            button.setEnabled(not busy)
            button.clicked.connect(lambda _=False, offer=offer: self.offer_wanted.emit(offer))
            self._flow.addWidget(button)
            button.show()
            self.buttons[offer] = button
        for button in (self.hear_before, self.undo):
            self._flow.removeWidget(button)
            self._flow.addWidget(button)
            button.setVisible(bool(self.sample.before))
            button.setEnabled(not busy)
        self.offers.setVisible(bool(self.buttons) or bool(self.sample.before))

    def _show_findings(self, check: JsonObject | None) -> None:
        while self._grid.count():
            gone = self._grid.takeAt(0).widget()
            gone.hide()
            gone.deleteLater()
        found = check["findings"] if check else []
        self.more.setVisible(bool(found))
        for number, one in enumerate(found):
            tone = LEVELS[one["level"]]
            texts = (
                (measure_name(one["measure"]), "small"),
                (value_words(one.get("value"), one.get("unit", "")), "small"),
                (" ".join(part for part in (one["sentence"], one.get("hint", "")) if part), _ROLES[tone]),
            )
            for column, (text, role) in enumerate(texts):
                label = QLabel(text, self.findings)
                label.setProperty("role", role)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setWordWrap(column == 2)
                label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                self._grid.addWidget(label, number, column)
                label.show()
        self.findings.setVisible(self.more.isChecked() and bool(found))

    def _unfold(self, on: bool) -> None:
        self.more.set_icon("chevron-down" if on else "chevron-right")
        self.findings.setVisible(on)

    def _lay_out(self) -> None:
        self._arrow = QLabel("→", self)
        self._arrow.setProperty("role", "small")
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.name, 1)
        for widget in (self.seconds, self.spinner, self.before, self._arrow, self.verdict, self.more, self.remove):
            head.addWidget(widget)
        self._grid = QGridLayout(self.findings)
        self._grid.setContentsMargins(0, HALF, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(HALF)
        self._grid.setColumnStretch(2, 1)
        words = QVBoxLayout()
        words.setSpacing(HALF)
        words.addLayout(head)
        for widget in (self.reason, self.offers, self.findings):
            words.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID, GRID, GRID)
        row.setSpacing(GRID + HALF)
        row.addWidget(self.play, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.wave, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
