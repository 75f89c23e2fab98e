"""Recording line by line: microphone, level, count-in and teleprompter."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox

from audiostudio.errors import StudioError, UnknownLanguage
from audiostudio.script.estimate import estimated_seconds
from audiostudio.script.markdown import plain
from audiostudio.sound.recording_input import Input, PortAudioInput
from audiostudio.timeline.project import Line, Take, TakeSource
from audiostudio.ui.speech.script import speakable
from audiostudio.ui.speech.takes.bringing import Bringing
from audiostudio.ui.speech.takes.microphone_dialog import MicrophoneDialog
from audiostudio.ui.speech.words import counted, length
from audiostudio.ui.widgets import Button

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab

COUNT_IN = 3
"""Seconds."""
_COUNTS, _GOES_ON = "recording.count_in", "recording.go_on"


class RecordDialog(MicrophoneDialog):
    """R or Space: record, and stop. ↑ ↓: another line. P: hear the line. Esc: throw away what is being said."""

    def __init__(
        self,
        tab: "SpeechTab",
        bringing: Bringing,
        hear: Callable[[Take], None],
        line: Line,
        make_input: Callable[[], Input] = PortAudioInput,
    ) -> None:
        super().__init__(tab.desk, make_input, tab)
        self.setWindowTitle(self.tr("Record"))
        self._tab, self._session, self._bringing, self._hear = tab, tab.session, bringing, hear
        self._line = line.id
        self._counting = 0
        settings = tab.desk.settings
        self.counts = QCheckBox(self.tr("Count in"), self)
        self.counts.setChecked(bool(settings.get(_COUNTS, True)))
        self.goes_on = QCheckBox(self.tr("Go on to the next line"), self)
        self.goes_on.setChecked(bool(settings.get(_GOES_ON, True)))
        self.play = Button(self.tr("Hear it  P"), "secondary", "play", self)
        self.before.set_label(self.tr("The line before  ↑"))
        self.after.set_label(self.tr("The next line  ↓"))
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._count)
        self.lay_out((self.counts, self.goes_on), (self.play,))
        for box in (self.counts, self.goes_on):
            box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._connect()
        self._show_line()
        self.open_microphone()

    # What the user does

    def toggle(self) -> None:
        """Record, after the count-in; or stop, which makes it the line's take."""
        if self.recorder.recording:
            self.stop()
        elif self._counting:
            self._end_counting()
        elif self.recorder.sample_rate:
            self._tab.listening.pause()
            if self.counts.isChecked():
                self._counting = COUNT_IN
                self.prompter.show_count(self._counting)
                self._second.start()
                self.show_state()
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
        self.say(self.tr("Thrown away. The line stays as it was."))
        self.show_state()

    @property
    def busy(self) -> bool:
        return self.recorder.recording or self._counting > 0

    def key(self, key: int) -> bool:
        """P: hear the line."""
        if key != Qt.Key.Key_P:
            return False
        self.hear()
        return True

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
        self.show_state()

    def _start(self) -> None:
        line = self._current()
        if line is None or not self.recorder.sample_rate:
            return
        try:
            self.recorder.start(line, self._session.project.id, self._session.project.name)
        except StudioError as error:
            self.say(f"{error.sentence} {error.hint}", "error")
            return
        self.say(self.tr("Recording. What you say is on the disk at once."))
        self._tick.start()
        self.show_state()

    def stop(self) -> None:
        self._tick.stop()
        clipped, line = self.recorder.clipped, self._current()
        try:
            path = self.recorder.stop()
        except StudioError as error:
            self.say(f"{error.sentence} {error.hint}", "error")
            path = None
        if path is not None and line is not None:
            self._bringing.recording(line, path)
            if clipped:
                self.say(self.tr("It was too loud in places: move away, or turn the microphone down."), "warning")
            else:
                self.say(self.tr("Recorded. It is the line’s take now."))
            if self.goes_on.isChecked() and not clipped:
                self.go(1)
        self.show_state()

    def follow(self) -> None:
        line = self._current()
        if line is None:
            return
        self.record.setText(f"{self.tr('Stop  R')}  {length(self.recorder.seconds)}")
        try:
            expected = estimated_seconds(line.text, self._session.project.voice_of(line).language or "en-us", 1.0)
        except UnknownLanguage:
            expected = len(line.text) / 14
        self.prompter.follow(min(1.0, self.recorder.seconds / max(1.0, expected)))

    def _ready(self) -> None:
        self.say(self.tr("Read the line aloud. R or Space begins and ends, ↑ ↓ choose the line."))
        self.show_state()
        self.listen_for_silence()

    def _trouble(self, sentence: str, hint: str) -> None:
        self._end_counting()
        super()._trouble(sentence, hint)

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
        self.show_state()

    def _is_recorded(self, line: Line) -> bool:
        take = self._tab.script.current(line)
        return take is not None and take.source == TakeSource.RECORDED

    def show_state(self) -> None:
        on, line = self.busy, self._current()
        self.record.setEnabled(self.recorder.sample_rate > 0)
        self.record.set_icon("square" if on else "mic")
        if not self.recorder.recording:
            self.record.setText(self.tr("Stop  R") if on else self.tr("Record  R"))
        self.play.setEnabled(not on and line is not None and self._tab.script.current(line) is not None)
        self.device.setEnabled(not on and self.device.count() > 0)

    def _finish(self) -> None:
        self._second.stop()
        super()._finish()

    def _connect(self) -> None:
        self.recorder.ready.connect(self._ready)
        self.counts.toggled.connect(lambda on: self._tab.remember(_COUNTS, on))
        self.goes_on.toggled.connect(lambda on: self._tab.remember(_GOES_ON, on))
        for box in (self.counts, self.goes_on):
            box.toggled.connect(lambda _on: self.setFocus())
        self.play.clicked.connect(self.hear)
        self._bringing.brought.connect(self._brought)

    def _brought(self, _take: Take) -> None:
        self._show_line()


def _read_aloud(line: Line) -> str:
    """A line without its markup, which nobody reads out."""
    return " ".join(plain(line.text).split())
