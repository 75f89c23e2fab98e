"""Reading aloud: passages one after the other, or a single phrase, with a listen to the silent room first."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import JsonObject
from audiostudio.sound.recording_input import Input, PortAudioInput
from audiostudio.ui.cloning.room import Room, room_verdict
from audiostudio.ui.cloning.words import decibels
from audiostudio.ui.speech.takes.meter import LevelMeter
from audiostudio.ui.speech.takes.prompter import Prompter
from audiostudio.ui.speech.takes.recorder import Recorder
from audiostudio.ui.speech.words import counted, filled, length
from audiostudio.ui.theme import GRID, set_property
from audiostudio.ui.widgets import Button, IconButton

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk

SHORT = 1.0
"""Seconds below which a recording was a slip of the finger."""
SILENT = 3000
"""Milliseconds without a single sound after which the microphone is suspected."""
_DEVICE = "recording.device"
_TICK = 50


class ReadingDialog(QDialog):
    """R or Space: record, and stop. ↑ ↓: another passage. Esc: throw away what is being said; then: close."""

    recorded = Signal(int, str)
    """Which passage was read, and the recording (`operations.takes.RecordingWriter.path`)."""
    measured = Signal(float)
    """dBFS of the silent room."""
    closed = Signal()

    def __init__(
        self,
        desk: "Desk",
        passages: Sequence[str],
        abouts: Sequence[JsonObject],
        parent: QWidget | None = None,
        *,
        first: int = 0,
        read: Sequence[int] = (),
        room: bool = False,
        make_input: Callable[[], Input] = PortAudioInput,
    ) -> None:
        """`abouts`: what is kept beside the recording of each passage; `read`: passages that were read already;
        `room`: the silence is listened to before the first."""
        super().__init__(parent)
        self._desk, self._passages, self._abouts = desk, tuple(passages), tuple(abouts)
        self._place, self._read = min(first, len(self._passages) - 1), set(read)
        self._room: Room | None = Room() if room else None
        self.setWindowTitle(self.tr("Read aloud"))
        self.setModal(True)
        self.recorder = Recorder(desk.studio, self, make_input)
        self.device = QComboBox(self)
        self.device.setAccessibleName(self.tr("Microphone"))
        self.meter = LevelMeter(self)
        self.prompter = Prompter(self)
        self.place = QLabel(self)
        self.place.setProperty("role", "secondary")
        self.note = QLabel(self.tr("Looking for a microphone…"), self)
        self.note.setProperty("role", "small")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.record = Button(self.tr("Record  R"), "primary", "mic", self)
        self.record.setEnabled(False)
        self.again = Button(self.tr("Listen to the room again"), "secondary", "rotate-ccw", self)
        self.before = IconButton("chevron-up", self.tr("The passage before  ↑"), self)
        self.after = IconButton("chevron-down", self.tr("The next passage  ↓"), self)
        self.end = Button(self.tr("Done"), "secondary", parent=self)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK)
        self._tick.timeout.connect(self._look)
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(SILENT)
        self._silence.timeout.connect(self._silent)
        self._lay_out()
        self._connect()
        self._show()
        self.recorder.open(desk.settings.get(_DEVICE) or None)

    @property
    def listening(self) -> bool:
        """Whether the silent room is being measured."""
        return self._room is not None

    # What the user does

    def toggle(self) -> None:
        if self.recorder.recording:
            self._stop()
        elif self.recorder.sample_rate and not self.listening:
            self._start()

    def go(self, step: int) -> None:
        """To a passage further on, or back."""
        if not self.recorder.recording and not self.listening:
            self._place = min(max(0, self._place + step), len(self._passages) - 1)
            self._show()

    def listen_again(self) -> None:
        """To the silent room."""
        if not self.recorder.recording:
            self._room = Room()
            self._say(self.tr("Be quiet for two seconds: the room is measured."))
            self._show()

    def throw_away(self) -> None:
        self._tick.stop()
        self.recorder.discard()
        self._say(self.tr("Thrown away. Read it again when you are ready."))
        self._show()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.isAutoRepeat():
            return
        if key in (Qt.Key.Key_R, Qt.Key.Key_Space):
            self.toggle()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.go(-1 if key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp) else 1)
        elif key == Qt.Key.Key_Escape and self.recorder.recording:
            self.throw_away()
        elif key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    # Recording

    def _start(self) -> None:
        try:
            self.recorder.begin({"text": self._passages[self._place]} | self._abouts[self._place])
        except StudioError as error:
            self._say(f"{error.sentence} {error.hint}", "error")
            return
        self._say(self.tr("Recording. What you say is on the disk at once."))
        self._tick.start()
        self._show()

    def _stop(self) -> None:
        self._tick.stop()
        seconds, clipped = self.recorder.seconds, self.recorder.clipped
        try:
            path = self.recorder.stop() if seconds >= SHORT else self.recorder.discard()
        except StudioError as error:
            self._say(f"{error.sentence} {error.hint}", "error")
            path = None
        if path is None:
            self._say(self.tr("That was too short to be anything. Press R, read, then press R again."), "warning")
        else:
            self._kept(path, clipped)
        self._show()

    def _kept(self, path: Path, clipped: bool) -> None:
        place = self._place
        self._read.add(place)
        if clipped:
            self._say(self.tr("It was too loud in places: move away and read this one again."), "warning")
        else:
            self._say(self.tr("Recorded. R again reads it once more, in place of this."))
            if len(self._passages) > 1 and place + 1 < len(self._passages):
                self._place += 1
                self._say(self.tr("Recorded. Now the next one; ↑ goes back to read it once more."))
        self.recorded.emit(place, str(path))

    def _look(self) -> None:
        self.record.setText(f"{self.tr('Stop  R')}  {length(self.recorder.seconds)}")
        expected = max(2.0, len(self._passages[self._place]) / 14)
        self.prompter.follow(min(1.0, self.recorder.seconds / expected))

    def _heard(self, level: float) -> None:
        self.meter.show_level(level)
        if level > 0:
            self._silence.start()

    def _power(self, power: float, seconds: float) -> None:
        room = self._room
        if room is None:
            return
        room.hear(power, seconds)
        if not room.done:
            return
        self._room, level = None, room.level
        verdict = room_verdict(level)
        if verdict == "dead":
            self._silent()
        else:
            shown = decibels(level)
            words = {
                "quiet": self.tr("Your room is quiet ({level}). Read aloud as the voice is to speak."),
                "fair": self.tr("Your room is fairly quiet ({level}). It will do; what hums or blows could be off."),
                "loud": self.tr("Your room is loud ({level}): close windows, switch off what hums, then listen again."),
            }[verdict]
            self._say(filled(words, level=shown), "warning" if verdict == "loud" else "small")
            self.measured.emit(level)
        self._show()

    def _devices(self, names: tuple[str, ...]) -> None:
        chosen = self.device.currentText() or self._desk.settings.get(_DEVICE) or ""
        self.device.blockSignals(True)
        self.device.clear()
        self.device.addItems(names)
        self.device.setCurrentIndex(max(0, self.device.findText(chosen)))
        self.device.blockSignals(False)

    def _ready(self) -> None:
        if self.listening:
            self._say(self.tr("Be quiet for two seconds: the room is measured."))
        else:
            self._say(self.tr("Read it aloud, without hurry. R or Space begins and ends."))
        self._show()
        self._silence.start()

    def _silent(self) -> None:
        self._say(
            self.tr("Not a sound comes from the microphone. Is it switched on, and may Audio Studio use it?"), "warning"
        )

    def _trouble(self, sentence: str, hint: str) -> None:
        self._silence.stop()
        if self.recorder.recording:
            self._stop()
        self._say(f"{sentence} {hint}", "warning")
        self._show()

    def _choose(self, name: str) -> None:
        try:
            self._desk.settings[_DEVICE] = name
        except StudioError as error:
            self._desk.messages.error(error)
        self.recorder.open(name)

    # What is shown

    def _show(self) -> None:
        """The keys are the dialog's own: a button that is disabled must not hand Space on to its neighbour."""
        self.setFocus()
        on, place, last = self.recorder.recording, self._place, len(self._passages) - 1
        if self.listening:
            self.prompter.show_lines("", self.tr("Silence, please…"), self._passages[place])
        else:
            before = self._passages[place - 1] if place else ""
            after = self._passages[place + 1] if place < last else ""
            self.prompter.show_lines(before, self._passages[place], after)
        words = filled(self.tr("Passage {here} of {all}"), here=place + 1, all=last + 1)
        said = counted(len(self._read), self.tr("1 is recorded"), self.tr("%n are recorded"))
        self.place.setText(f"{words} · {said}" if self._read else words)
        for widget in (self.place, self.before, self.after):
            widget.setVisible(last > 0)
        self.before.setEnabled(place > 0 and not on)
        self.after.setEnabled(place < last and not on)
        self.again.setEnabled(not on and not self.listening and self.recorder.sample_rate > 0)
        self.record.setEnabled(self.recorder.sample_rate > 0 and not self.listening)
        self.record.set_icon("square" if on else "mic")
        if not on:
            again = place in self._read
            self.record.setText(self.tr("Read it again  R") if again else self.tr("Record  R"))
        self.device.setEnabled(not on and self.device.count() > 0)

    def _finish(self) -> None:
        """What was said until now is kept."""
        if self.recorder.recording:
            self._stop()
        for timer in (self._tick, self._silence):
            timer.stop()
        self.recorder.close()
        self.closed.emit()
        self.deleteLater()

    def _say(self, sentence: str, role: str = "small") -> None:
        self.note.setText(sentence)
        set_property(self.note, "role", role)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(self.device, 1)
        head.addWidget(self.meter, 1)
        head.addWidget(self.again)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        for widget in (self.before, self.after, self.place):
            foot.addWidget(widget)
        foot.addStretch(1)
        for widget in (self.record, self.end):
            foot.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID + GRID // 2)
        column.addLayout(head)
        column.addWidget(self.prompter, 1)
        column.addWidget(self.note)
        column.addLayout(foot)
        self.device.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        for button in (self.record, self.again, self.end):
            button.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.resize(860, 520)

    def _connect(self) -> None:
        self.recorder.level.connect(self._heard, Qt.ConnectionType.QueuedConnection)
        self.recorder.power.connect(self._power, Qt.ConnectionType.QueuedConnection)
        self.recorder.devices.connect(self._devices)
        self.recorder.ready.connect(self._ready)
        self.recorder.trouble.connect(self._trouble)
        self.device.textActivated.connect(self._choose)
        self.device.activated.connect(lambda _index: self.setFocus())
        self.record.clicked.connect(self.toggle)
        self.again.clicked.connect(self.listen_again)
        self.before.clicked.connect(lambda: self.go(-1))
        self.after.clicked.connect(lambda: self.go(1))
        self.end.clicked.connect(self.reject)
        self.finished.connect(self._finish)
