"""Reading aloud: passages one after the other, or a single phrase, with a listen to the silent room first."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import JsonObject
from audiostudio.sound.recording_input import Input, PortAudioInput
from audiostudio.ui.cloning.room import Room, room_verdict
from audiostudio.ui.cloning.words import decibels
from audiostudio.ui.speech.takes.microphone_dialog import MicrophoneDialog
from audiostudio.ui.speech.words import counted, filled, length
from audiostudio.ui.widgets import Button

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk

SHORT = 1.0
"""Seconds below which a recording was a slip of the finger."""


class ReadingDialog(MicrophoneDialog):
    """R or Space: record, and stop. ↑ ↓: another passage. Esc: throw away what is being said; then: close."""

    recorded = Signal(int, str)
    """Which passage was read, and the recording (`operations.takes.RecordingWriter.path`)."""
    measured = Signal(float)
    """dBFS of the silent room."""

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
        super().__init__(desk, make_input, parent)
        self.setWindowTitle(self.tr("Read aloud"))
        self._passages, self._abouts = tuple(passages), tuple(abouts)
        self._place, self._read = min(first, len(self._passages) - 1), set(read)
        self._room: Room | None = Room() if room else None
        self.again = Button(self.tr("Listen to the room again"), "secondary", "rotate-ccw", self)
        self.before.set_label(self.tr("The passage before  ↑"))
        self.after.set_label(self.tr("The next passage  ↓"))
        self.lay_out((self.again,), ())
        self.again.setAutoDefault(False)
        self.recorder.power.connect(self._power, Qt.ConnectionType.QueuedConnection)
        self.recorder.ready.connect(self._ready)
        self.again.clicked.connect(self.listen_again)
        self.show_state()
        self.open_microphone()

    @property
    def listening(self) -> bool:
        """Whether the silent room is being measured."""
        return self._room is not None

    # What the user does

    def toggle(self) -> None:
        if self.recorder.recording:
            self.stop()
        elif self.recorder.sample_rate and not self.listening:
            self._start()

    def go(self, step: int) -> None:
        """To a passage further on, or back."""
        if not self.recorder.recording and not self.listening:
            self._place = min(max(0, self._place + step), len(self._passages) - 1)
            self.show_state()

    def listen_again(self) -> None:
        """To the silent room."""
        if not self.recorder.recording:
            self._room = Room()
            self.say(self.tr("Be quiet for two seconds: the room is measured."))
            self.show_state()

    def throw_away(self) -> None:
        self._tick.stop()
        self.recorder.discard()
        self.say(self.tr("Thrown away. Read it again when you are ready."))
        self.show_state()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()

    # Recording

    def _start(self) -> None:
        try:
            self.recorder.begin({"text": self._passages[self._place]} | self._abouts[self._place])
        except StudioError as error:
            self.say(f"{error.sentence} {error.hint}", "error")
            return
        self.say(self.tr("Recording. What you say is on the disk at once."))
        self._tick.start()
        self.show_state()

    def stop(self) -> None:
        self._tick.stop()
        seconds, clipped = self.recorder.seconds, self.recorder.clipped
        try:
            path = self.recorder.stop() if seconds >= SHORT else self.recorder.discard()
        except StudioError as error:
            self.say(f"{error.sentence} {error.hint}", "error")
            path = None
        if path is None:
            self.say(self.tr("That was too short to be anything. Press R, read, then press R again."), "warning")
        else:
            self._kept(path, clipped)
        self.show_state()

    def _kept(self, path: Path, clipped: bool) -> None:
        place = self._place
        self._read.add(place)
        if clipped:
            self.say(self.tr("It was too loud in places: move away and read this one again."), "warning")
        else:
            self.say(self.tr("Recorded. R again reads it once more, in place of this."))
            if len(self._passages) > 1 and place + 1 < len(self._passages):
                self._place += 1
                self.say(self.tr("Recorded. Now the next one; ↑ goes back to read it once more."))
        self.recorded.emit(place, str(path))

    def follow(self) -> None:
        self.record.setText(f"{self.tr('Stop  R')}  {length(self.recorder.seconds)}")
        expected = max(2.0, len(self._passages[self._place]) / 14)
        self.prompter.follow(min(1.0, self.recorder.seconds / expected))

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
            self.say(filled(words, level=shown), "warning" if verdict == "loud" else "small")
            self.measured.emit(level)
        self.show_state()

    def _ready(self) -> None:
        if self.listening:
            self.say(self.tr("Be quiet for two seconds: the room is measured."))
        else:
            self.say(self.tr("Read it aloud, without hurry. R or Space begins and ends."))
        self.show_state()
        self.listen_for_silence()

    # What is shown

    def show_state(self) -> None:
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
