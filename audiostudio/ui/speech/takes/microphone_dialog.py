"""What every dialog has in which somebody reads aloud: microphone, level, teleprompter, the keys of recording."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.sound.recording_input import Input
from audiostudio.ui.speech.takes.meter import LevelMeter
from audiostudio.ui.speech.takes.prompter import Prompter
from audiostudio.ui.speech.takes.recorder import Recorder
from audiostudio.ui.theme import GRID, set_property
from audiostudio.ui.widgets import Button, IconButton

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk

SILENT = 3000
"""Milliseconds without a single sound after which the microphone is suspected."""
_DEVICE = "recording.device"
_TICK = 50


class MicrophoneDialog(QDialog):
    """R or Space: record, and stop. ↑ ↓: another text. Esc: throw away what is being said; then: close.

    Each says what `toggle`, `go`, `throw_away`, `stop`, `follow` and `show_state` do.
    """

    closed = Signal()

    def __init__(self, desk: "Desk", make_input: Callable[[], Input], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._desk = desk
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
        self.before = IconButton("chevron-up", "", self)
        self.after = IconButton("chevron-down", "", self)
        self.end = Button(self.tr("Done"), "secondary", parent=self)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK)
        self._tick.timeout.connect(self.follow)
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(SILENT)
        self._silence.timeout.connect(self._silent)

    def open_microphone(self) -> None:
        """When all is laid out and connected."""
        self.recorder.level.connect(self._heard, Qt.ConnectionType.QueuedConnection)
        self.recorder.devices.connect(self._devices)
        self.recorder.trouble.connect(self._trouble)
        self.device.textActivated.connect(self._choose)
        self.device.activated.connect(lambda _index: self.setFocus())
        self.record.clicked.connect(self.toggle)
        self.before.clicked.connect(lambda: self.go(-1))
        self.after.clicked.connect(lambda: self.go(1))
        self.end.clicked.connect(self.reject)
        self.finished.connect(self._finish)
        self.recorder.open(self._desk.settings.get(_DEVICE) or None)

    # What each does in its own way

    def toggle(self) -> None:
        """Record; or stop, and keep it."""
        raise NotImplementedError

    def go(self, step: int) -> None:
        """To a text further on, or back."""
        raise NotImplementedError

    def throw_away(self) -> None:
        """What is being said."""
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def follow(self) -> None:
        """Show how far the reader is."""
        raise NotImplementedError

    def show_state(self) -> None:
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """Whether there is something to throw away."""
        return self.recorder.recording

    def key(self, key: int) -> bool:
        """A key of its own; False: it has none such."""
        return False

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.isAutoRepeat():
            return
        if key in (Qt.Key.Key_R, Qt.Key.Key_Space):
            self.toggle()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.go(-1 if key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp) else 1)
        elif key == Qt.Key.Key_Escape and self.busy:
            self.throw_away()
        elif not self.key(key) and key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    # The microphone

    def listen_for_silence(self) -> None:
        """From now on no sound at all is suspicious."""
        self._silence.start()

    def _heard(self, level: float) -> None:
        self.meter.show_level(level)
        if level > 0:
            self._silence.start()

    def _devices(self, names: tuple[str, ...]) -> None:
        chosen = self.device.currentText() or self._desk.settings.get(_DEVICE) or ""
        self.device.blockSignals(True)
        self.device.clear()
        self.device.addItems(names)
        self.device.setCurrentIndex(max(0, self.device.findText(chosen)))
        self.device.blockSignals(False)

    def _silent(self) -> None:
        self.say(
            self.tr("Not a sound comes from the microphone. Is it switched on, and may Audio Studio use it?"), "warning"
        )

    def _trouble(self, sentence: str, hint: str) -> None:
        self._silence.stop()
        if self.recorder.recording:
            self.stop()
        self.say(f"{sentence} {hint}", "warning")
        self.show_state()

    def _choose(self, name: str) -> None:
        try:
            self._desk.settings[_DEVICE] = name
        except StudioError as error:
            self._desk.messages.error(error)
        self.recorder.open(name)

    def _finish(self) -> None:
        """What was said until now is kept."""
        if self.recorder.recording:
            self.stop()
        for timer in (self._tick, self._silence):
            timer.stop()
        self.recorder.close()
        self.closed.emit()
        self.deleteLater()

    # What is shown

    def say(self, sentence: str, role: str = "small") -> None:
        self.note.setText(sentence)
        set_property(self.note, "role", role)

    def lay_out(self, head: Sequence[QWidget], foot: Sequence[Button]) -> None:
        """`head`: beside the microphone; `foot`: before the button that records."""
        top = QHBoxLayout()
        top.setSpacing(2 * GRID)
        top.addWidget(self.device, 1)
        top.addWidget(self.meter, 1)
        for widget in head:
            top.addWidget(widget)
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        for widget in (self.before, self.after, self.place):
            bottom.addWidget(widget)
        bottom.addStretch(1)
        for button in (*foot, self.record, self.end):
            button.setAutoDefault(False)
            bottom.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID + GRID // 2)
        column.addLayout(top)
        column.addWidget(self.prompter, 1)
        column.addWidget(self.note)
        column.addLayout(bottom)
        self.device.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.resize(860, 520)
