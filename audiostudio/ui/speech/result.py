"""The result: the voiceover as a waveform with its words, played, looped and exported."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.listening import Listening
from audiostudio.ui.speech.voiceover import RATE, Outline, Placed, Spot, TakeFiles, Voiceover, lost, sound
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID, HALF, font
from audiostudio.ui.widgets import IconButton, WaveformView
from audiostudio.ui.widgets.waveform_paint import clock

if TYPE_CHECKING:
    from audiostudio.sound.peaks import Peaks

OWNER = "voiceover"


class ResultView(QWidget):
    """Follows the current takes. Files are read beside the window; the newest voiceover wins."""

    said = Signal(object)
    """The `Spot` under the playhead, or None."""
    lines_lost = Signal(int)
    """How many lines' sound is gone from the library."""

    def __init__(
        self, listening: Listening, background: Background, files: TakeFiles, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._listening, self._background, self._files = listening, background, files
        self._voiceover = Voiceover()
        self._heard = Voiceover()
        """What the player holds."""
        self._outlining: Voiceover | None = None
        self._outline_of = Outline(files)
        self._loading = False
        self._lost = 0
        self.play = IconButton("play:solid", self.tr("Play"), self, size=40, icon_size=18, filled=True)
        self.loop = IconButton("repeat", self.tr("Loop"), self, checkable=True)
        self.time = QLabel(self)
        self.time.setFont(font("body", tabular=True))
        self.time.setAccessibleName(self.tr("Time"))
        self.note = QLabel(self)
        self.note.setProperty("role", "small")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.problem = QLabel(self)
        """Why nothing can be heard; the rest works all the same."""
        self.problem.setProperty("role", "warning")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.wave = WaveformView(self)
        self.wave.setAccessibleName(self.tr("Voiceover"))
        self.wave.setMinimumHeight(128)
        self.tools = QHBoxLayout()
        """Room for buttons at the end."""
        self._lay_out()
        self.play.clicked.connect(self.toggle)
        self.loop.toggled.connect(self._loop)
        self.wave.sought.connect(self._seek)
        self.wave.loop_changed.connect(self._loop_drawn)
        listening.moved.connect(self._moved)
        listening.changed.connect(self._show_state)
        self._show_state()

    @property
    def voiceover(self) -> Voiceover:
        return self._voiceover

    def show_voiceover(self, voiceover: Voiceover) -> None:
        """The current takes changed."""
        if voiceover.sounds_as(self._voiceover):
            self._learn(voiceover)
            return
        self._voiceover = voiceover
        self._show_state()
        if self._outlining is None:
            self._outline()
        if self._listening.owner == OWNER and voiceover.goes_on(self._heard) and not self._loading:
            self._grow()

    def _learn(self, voiceover: Voiceover) -> None:
        """The same sound, of which more may be known."""
        if self._heard.sounds_as(voiceover):
            self._heard = voiceover
        before, self._voiceover = self._voiceover, voiceover
        if voiceover.places != before.places and self._outlining is None:
            self.wave.set_words(voiceover.words())
        self._show_state()

    def _latest(self, voiceover: Voiceover) -> Voiceover:
        """It with all that is known of it by now."""
        return self._voiceover if self._voiceover.sounds_as(voiceover) else voiceover

    def toggle(self) -> None:
        """Play or pause."""
        if self._listening.plays(OWNER):
            self._listening.pause()
        else:
            self.play_from(None)

    def play_from(self, seconds: float | None) -> None:
        """From there, or from where the playhead stands."""
        if not self._voiceover.places:
            return
        start = self.wave.position if seconds is None else seconds
        if start >= self._voiceover.seconds - 0.05:
            start = 0.0
        if self._listening.owner == OWNER and self._heard.sounds_as(self._voiceover):
            self._begin(start)
        elif not self._loading:
            self._load(start)

    def play_line(self, line: str) -> bool:
        """From the beginning of a line; whether it is made."""
        start = self._voiceover.start_of(line)
        if start is not None:
            self.play_from(start)
        return start is not None

    def take(self, playing: Placed) -> None:
        """Hear one take alone."""
        self._background.run(
            lambda: np.concatenate(list(sound([playing], self._files)) or [np.zeros(1, np.float32)]),
            lambda samples: (
                self._listening.load(playing.take.id, samples, RATE, complete=True),
                self._listening.play(0),
            ),
        )

    # The sound

    def _load(self, start: float) -> None:
        wanted, self._loading = self._voiceover, True
        self._show_state()

        def loaded(samples: np.ndarray) -> None:
            self._loading = False
            self._listening.load(OWNER, samples, RATE, complete=True)
            self._heard = self._latest(wanted)
            self._begin(start)
            if self._voiceover.goes_on(wanted) and self._voiceover.samples > wanted.samples:
                self._grow()

        self._background.run(lambda: np.concatenate(list(sound(wanted.places, self._files))), loaded)

    def _grow(self) -> None:
        """Lines were made behind those that are being heard."""
        wanted, before = self._voiceover, self._heard
        new, self._loading = wanted.places[len(before.places) :], True

        def loaded(samples: np.ndarray) -> None:
            self._loading = False
            if self._listening.owner == OWNER and self._heard.sounds_as(before):
                self._listening.append(OWNER, samples, complete=True)
                self._heard = self._latest(wanted)
                if self._voiceover.goes_on(wanted) and self._voiceover.samples > wanted.samples:
                    self._grow()

        self._background.run(lambda: np.concatenate(list(sound(new, self._files, before.samples))), loaded)

    def _begin(self, start: float) -> None:
        self._listening.set_loop(self._wanted_loop())
        self._listening.play(start)

    def _wanted_loop(self) -> tuple[float, float] | None:
        if not self.loop.isChecked():
            return None
        return self.wave.loop or (0.0, self._voiceover.seconds)

    def _loop(self, _on: bool) -> None:
        if self._listening.owner == OWNER:
            self._listening.set_loop(self._wanted_loop())

    def _loop_drawn(self, loop: tuple[float, float] | None) -> None:
        self.loop.setChecked(loop is not None)
        self._loop(True)

    def _seek(self, seconds: float) -> None:
        if self._listening.owner == OWNER and self._voiceover.goes_on(self._heard):
            self._listening.seek(seconds)
        elif self._listening.plays(OWNER):  # lines changed since: from here on as it is now
            self.play_from(seconds)
        else:
            self._show_time()
            self.said.emit(self._voiceover.at(seconds))

    # The picture

    def _outline(self) -> None:
        wanted = self._outlining = self._voiceover
        files = self._files

        def made(found: "tuple[Peaks, int]") -> None:
            self._outlining = None
            self._show_peaks(self._latest(wanted), *found)
            if not self._voiceover.sounds_as(wanted):
                self._outline()

        if wanted.places:
            self._background.run(lambda: (self._outline_of.of(wanted), len(lost(wanted.places, files))), made)
        else:
            self._outlining = None
            self.wave.set_source(None)

    def _show_peaks(self, voiceover: Voiceover, peaks: "Peaks", gone: int) -> None:
        position, loop = self.wave.position, self.wave.loop
        self.wave.blockSignals(True)
        self.wave.set_source(peaks, voiceover.words())
        self.wave.set_position(min(position, voiceover.seconds))
        if loop is not None and loop[1] <= voiceover.seconds:
            self.wave.set_loop(loop)
        self.wave.blockSignals(False)
        self.loop.setChecked(self.loop.isChecked() and (loop is None or self.wave.loop is not None))
        if gone and gone != self._lost:
            self.lines_lost.emit(gone)
        self._lost = gone
        self._show_time()

    def _moved(self, seconds: float) -> None:
        if self._listening.owner != OWNER:
            return
        here = seconds if self._heard is self._voiceover else self._voiceover.moment(self._heard, seconds)
        if here is not None:  # what sounds may have been changed since, or taken out
            self.wave.set_position(here)
        self._show_time()
        spot: Spot | None = self._heard.at(seconds)
        self.said.emit(spot)

    def _show_state(self) -> None:
        on = self._listening.plays(OWNER)
        self.play.set_icon("pause:solid" if on else "play:solid")
        self.play.set_label(self.tr("Pause") if on else self.tr("Play"))
        self.play.setEnabled(bool(self._voiceover.places) and not self._loading)
        self.loop.setEnabled(bool(self._voiceover.places))
        if self._listening.owner != OWNER:
            self.said.emit(None)
        missing = self._voiceover.missing
        words = counted(missing, self.tr("1 line is not made yet"), self.tr("%n lines are not made yet"))
        self.note.setText(words if missing else "")
        self.problem.setText(self._listening.problem or "")
        self.problem.setVisible(bool(self._listening.problem))
        self._show_time()

    def _show_time(self) -> None:
        here = min(self.wave.position, self._voiceover.seconds)
        self.time.setText(f"{clock(here)} / {clock(self._voiceover.seconds)}")

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(GRID)
        bar.addWidget(self.play)
        bar.addWidget(self.loop)
        bar.addSpacing(HALF)
        bar.addWidget(self.time)
        bar.addSpacing(GRID)
        bar.addWidget(self.note, 1)
        bar.addLayout(self.tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(bar)
        column.addWidget(self.problem)
        column.addWidget(self.wave)
