"""Recording line by line: microphone, level, count-in and teleprompter."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout

from audiostudio.errors import StudioError, UnknownLanguage
from audiostudio.script.estimate import estimated_seconds
from audiostudio.script.markdown import plain
from audiostudio.sound.recording_input import Input, PortAudioInput
from audiostudio.timeline.project import Line, Take, TakeSource
from audiostudio.ui.speech.script import speakable
from audiostudio.ui.speech.takes.bringing import Bringing
from audiostudio.ui.speech.takes.meter import LevelMeter
from audiostudio.ui.speech.takes.prompter import Prompter
from audiostudio.ui.speech.takes.recorder import Recorder
from audiostudio.ui.speech.words import counted, length
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, IconButton

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab

COUNT_IN = 3
"""Seconds."""
SILENT = 3000
"""Milliseconds without a single sound after which the microphone is suspected."""
_DEVICE, _COUNTS, _GOES_ON = "recording.device", "recording.count_in", "recording.go_on"
_TICK = 50


class RecordDialog(QDialog):
    """R or Space: record, and stop. ↑ ↓: another line. P: hear the line. Esc: throw away what is being said."""

    closed = Signal()

    def __init__(
        self,
        tab: "SpeechTab",
        bringing: Bringing,
        hear: Callable[[Take], None],
        line: Line,
        make_input: Callable[[], Input] = PortAudioInput,
    ) -> None:
        super().__init__(tab)
        self._tab, self._session, self._bringing, self._hear = tab, tab.session, bringing, hear
        self._line = line.id
        self._counting = 0
        self.setWindowTitle(self.tr("Record"))
        self.setModal(True)
        self.recorder = Recorder(tab.desk.studio, self, make_input)
        settings = tab.desk.settings
        self.device = QComboBox(self)
        self.device.setAccessibleName(self.tr("Microphone"))
        self.meter = LevelMeter(self)
        self.counts = QCheckBox(self.tr("Count in"), self)
        self.counts.setChecked(bool(settings.get(_COUNTS, True)))
        self.goes_on = QCheckBox(self.tr("Go on to the next line"), self)
        self.goes_on.setChecked(bool(settings.get(_GOES_ON, True)))
        self.prompter = Prompter(self)
        self.place = QLabel(self)
        self.place.setProperty("role", "secondary")
        self.note = QLabel(self.tr("Looking for a microphone…"), self)
        self.note.setProperty("role", "small")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.record = Button(self.tr("Record  R"), "primary", "mic", self)
        self.record.setEnabled(False)
        self.play = Button(self.tr("Hear it  P"), "secondary", "play", self)
        self.before = IconButton("chevron-up", self.tr("The line before  ↑"), self)
        self.after = IconButton("chevron-down", self.tr("The next line  ↓"), self)
        self.end = Button(self.tr("Done"), "secondary", parent=self)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._count)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK)
        self._tick.timeout.connect(self._look)
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(SILENT)
        self._silence.timeout.connect(self._silent)
        self._lay_out()
        self._connect()
        self._show_line()
        self.recorder.open(settings.get(_DEVICE) or None)

    # What the user does

    def toggle(self) -> None:
        """Record, after the count-in; or stop, which makes it the line's take."""
        if self.recorder.recording:
            self._stop()
        elif self._counting:
            self._end_counting()
        elif self.recorder.sample_rate:
            self._tab.listening.pause()
            if self.counts.isChecked():
                self._counting = COUNT_IN
                self.prompter.show_count(self._counting)
                self._second.start()
                self._show_state()
            else:
                self._start()

    def go(self, step: int) -> None:
        """To a line further on, or back."""
        if self.recorder.recording or self._counting:
            return
        lines = self._lines()
        here = next((place for place, line in enumerate(lines) if line.id == self._line), 0)
        self._line = lines[min(max(0, here + step), len(lines) - 1)].id
        self._show_line()

    def hear(self) -> None:
        line = self._current()
        take = self._tab.script.current(line) if line is not None else None
        if take is not None and not self.recorder.recording:
            self._hear(take)

    def throw_away(self) -> None:
        """What is being said; the line stays as it is."""
        self._end_counting()
        self.recorder.discard()
        self._tick.stop()
        self._say(self.tr("Thrown away. The line stays as it was."))
        self._show_state()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.isAutoRepeat():
            return
        if key in (Qt.Key.Key_R, Qt.Key.Key_Space):
            self.toggle()
        elif key == Qt.Key.Key_P:
            self.hear()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.go(-1 if key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp) else 1)
        elif key == Qt.Key.Key_Escape and (self.recorder.recording or self._counting):
            self.throw_away()
        elif key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    # Recording

    def _count(self) -> None:
        self._counting -= 1
        self.prompter.show_count(self._counting)
        if not self._counting:
            self._second.stop()
            self._start()

    def _end_counting(self) -> None:
        self._counting = 0
        self._second.stop()
        self.prompter.show_count(0)
        self._show_state()

    def _start(self) -> None:
        line = self._current()
        if line is None or not self.recorder.sample_rate:
            return
        try:
            self.recorder.start(line, self._session.project.id, self._session.project.name)
        except StudioError as error:
            self._say(f"{error.sentence} {error.hint}", "error")
            return
        self._say(self.tr("Recording. What you say is on the disk at once."))
        self._tick.start()
        self._show_state()

    def _stop(self) -> None:
        self._tick.stop()
        clipped, line = self.recorder.clipped, self._current()
        try:
            path = self.recorder.stop()
        except StudioError as error:
            self._say(f"{error.sentence} {error.hint}", "error")
            path = None
        if path is not None and line is not None:
            self._bringing.recording(line, path)
            if clipped:
                self._say(self.tr("It was too loud in places: move away, or turn the microphone down."), "warning")
            else:
                self._say(self.tr("Recorded. It is the line’s take now."))
            if self.goes_on.isChecked() and not clipped:
                self.go(1)
        self._show_state()

    def _look(self) -> None:
        line = self._current()
        if line is None:
            return
        self.record.setText(f"{self.tr('Stop  R')}  {length(self.recorder.seconds)}")
        try:
            expected = estimated_seconds(line.text, self._session.project.voice_of(line).language or "en-us", 1.0)
        except UnknownLanguage:
            expected = len(line.text) / 14
        self.prompter.follow(min(1.0, self.recorder.seconds / max(1.0, expected)))

    def _heard(self, level: float) -> None:
        self.meter.show_level(level)
        if level > 0:
            self._silence.start()

    def _devices(self, names: tuple[str, ...]) -> None:
        chosen = self.device.currentText() or self._tab.desk.settings.get(_DEVICE) or ""
        self.device.blockSignals(True)
        self.device.clear()
        self.device.addItems(names)
        self.device.setCurrentIndex(max(0, self.device.findText(chosen)))
        self.device.blockSignals(False)

    def _ready(self) -> None:
        self._say(self.tr("Read the line aloud. R or Space begins and ends, ↑ ↓ choose the line."))
        self._show_state()
        self._silence.start()

    def _silent(self) -> None:
        self._say(
            self.tr("Not a sound comes from the microphone. Is it switched on, and may Audio Studio use it?"), "warning"
        )

    def _trouble(self, sentence: str, hint: str) -> None:
        self._silence.stop()
        self._end_counting()
        if self.recorder.recording:
            self._stop()
        self._say(f"{sentence} {hint}", "warning")
        self._show_state()

    def _choose(self, name: str) -> None:
        self._tab.remember(_DEVICE, name)
        self.recorder.open(name)

    # What is shown

    def _lines(self) -> list[Line]:
        return [line for line in self._session.project.script.lines if speakable(line.text)]

    def _current(self) -> Line | None:
        return next((line for line in self._lines() if line.id == self._line), None)

    def _show_line(self) -> None:
        lines = self._lines()
        here = next((place for place, line in enumerate(lines) if line.id == self._line), None)
        if here is None:
            return
        before = _read_aloud(lines[here - 1]) if here else ""
        after = _read_aloud(lines[here + 1]) if here + 1 < len(lines) else ""
        self.prompter.show_lines(before, _read_aloud(lines[here]), after)
        numbers = {"{here}": str(here + 1), "{all}": str(len(lines))}
        words = self.tr("Line {here} of {all}")
        for name, number in numbers.items():
            words = words.replace(name, number)
        recorded = sum(self._is_recorded(line) for line in lines)
        said = counted(recorded, self.tr("1 is recorded"), self.tr("%n are recorded"))
        self.place.setText(f"{words} · {said}" if recorded else words)
        self.before.setEnabled(here > 0)
        self.after.setEnabled(here + 1 < len(lines))
        self._show_state()

    def _is_recorded(self, line: Line) -> bool:
        take = self._tab.script.current(line)
        return take is not None and take.source == TakeSource.RECORDED

    def _show_state(self) -> None:
        on, line = self.recorder.recording or self._counting > 0, self._current()
        self.record.setEnabled(self.recorder.sample_rate > 0)
        self.record.set_icon("square" if on else "mic")
        if not self.recorder.recording:
            self.record.setText(self.tr("Stop  R") if on else self.tr("Record  R"))
        self.play.setEnabled(not on and line is not None and self._tab.script.current(line) is not None)
        self.device.setEnabled(not on and self.device.count() > 0)

    def _finish(self) -> None:
        """What was said until now is kept."""
        if self.recorder.recording:
            self._stop()
        for timer in (self._second, self._tick, self._silence):
            timer.stop()
        self.recorder.close()
        self.closed.emit()
        self.deleteLater()

    def _say(self, sentence: str, role: str = "small") -> None:
        self.note.setProperty("role", role)
        self.note.setText(sentence)
        self.note.style().polish(self.note)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(self.device, 1)
        head.addWidget(self.meter, 1)
        head.addWidget(self.counts)
        head.addWidget(self.goes_on)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        for widget in (self.before, self.after, self.place):
            foot.addWidget(widget)
        foot.addStretch(1)
        for widget in (self.play, self.record, self.end):
            foot.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID + GRID // 2)
        column.addLayout(head)
        column.addWidget(self.prompter, 1)
        column.addWidget(self.note)
        column.addLayout(foot)
        for widget in (self.device, self.counts, self.goes_on):
            widget.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        for button in (self.record, self.play, self.end):
            button.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.resize(860, 520)

    def _connect(self) -> None:
        self.recorder.level.connect(self._heard, Qt.ConnectionType.QueuedConnection)
        self.recorder.devices.connect(self._devices)
        self.recorder.ready.connect(self._ready)
        self.recorder.trouble.connect(self._trouble)
        self.device.textActivated.connect(self._choose)
        self.device.activated.connect(lambda _index: self.setFocus())
        self.counts.toggled.connect(lambda on: self._tab.remember(_COUNTS, on))
        self.goes_on.toggled.connect(lambda on: self._tab.remember(_GOES_ON, on))
        for box in (self.counts, self.goes_on):
            box.toggled.connect(lambda _on: self.setFocus())
        self.record.clicked.connect(self.toggle)
        self.play.clicked.connect(self.hear)
        self.before.clicked.connect(lambda: self.go(-1))
        self.after.clicked.connect(lambda: self.go(1))
        self.end.clicked.connect(self.reject)
        self._bringing.brought.connect(self._brought)
        self.finished.connect(self._finish)

    def _brought(self, _take: Take) -> None:
        self._show_line()


def _read_aloud(line: Line) -> str:
    """A line without its markup, which nobody reads out."""
    return " ".join(plain(line.text).split())
