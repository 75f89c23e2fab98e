"""The voice that was made: how near it came, in honest words; heard beside a sample; put to use."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from audiostudio.jobs import JsonObject
from audiostudio.timeline.project import VoiceChoice
from audiostudio.ui.cloning.making import Making
from audiostudio.ui.cloning.words import tr
from audiostudio.ui.speech.script import delivery
from audiostudio.ui.speech.voices import sample_sentence
from audiostudio.ui.speech.words import filled
from audiostudio.ui.theme import GRID, font, tokens
from audiostudio.ui.widgets import Button, FlowLayout

if TYPE_CHECKING:
    from audiostudio.ui.cloning.sounds import Sounds

VOICE, SAMPLE = "made.voice", "made.sample"
_FROM = 0.4
"""Where the scale of likeness begins: strangers lie at 0.5 to 0.7."""
_ALIKE, _KIND, _LITTLE = 0.03, 0.75, 0.01
"""So little below the samples' own likeness, a voice is as like them as they are; strangers seldom reach the second;
gains below the third are within what sentences differ by."""


class Likeness(QWidget):
    """A likeness of 0…1 as a bar."""

    def __init__(self, value: float, token: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value, self._token = value, token
        self.setMinimumWidth(120)
        self.setFixedHeight(16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, 4, self.width(), 8)
        painter.setBrush(colours.colour("border"))
        painter.drawRoundedRect(bar, 4, 4)
        share = min(1.0, max(0.02, (self.value - _FROM) / (1 - _FROM)))
        painter.setBrush(colours.colour(self._token))
        painter.drawRoundedRect(QRectF(0, 4, self.width() * share, 8), 4, 4)


class ResultView(QWidget):
    use_wanted = Signal(str)
    """The voice's id: cast it in the script."""
    again_wanted = Signal(str)
    """Make it again with more samples."""
    other_wanted = Signal()
    """Make one more of the same samples, of another kind."""
    new_wanted = Signal()
    list_wanted = Signal(str)
    """Go to all own voices."""

    def __init__(self, making: Making, sounds: "Sounds", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.making, self.sounds = making, sounds
        self._shown: JsonObject | None = None
        self._turn = SAMPLE
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.bars = QWidget(self)
        self._grid = QGridLayout(self.bars)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(1, 1)
        self.scale = QLabel(
            self.tr("How like the speaker, from 0 to 1: the same person about 0.9, strangers 0.5 to 0.7"), self
        )
        self.scale.setProperty("role", "small")
        self.scale.setWordWrap(True)
        self.sentence = QLineEdit(self)
        self.sentence.setMaxLength(400)
        self.sentence.setAccessibleName(self.tr("What it says"))
        self.hear = Button(self.tr("Hear the voice"), "primary", "play", self)
        self.sample = Button(self.tr("Hear a sample"), "secondary", "play", self)
        self.compare = Button(self.tr("A/B"), "secondary", "arrow-up-down", self)
        self.compare.setToolTip(self.tr("The voice and the sample in turns"))
        self.use = Button(self.tr("Use in the script"), "secondary", "speech", self)
        self.again = Button(self.tr("Make again with more samples"), "secondary", "rotate-ccw", self)
        self.other = Button(self.tr("Another kind of the same samples"), "secondary", "copy", self)
        self.other.setToolTip(self.tr("Samples and consent stay: choose another engine"))
        self.list = Button(self.tr("My voices"), "secondary", "users", self)
        self.new = Button(self.tr("Make another voice"), "ghost", "plus", self)
        self._lay_out()
        self.hear.clicked.connect(self.hear_voice)
        self.sample.clicked.connect(self.hear_sample)
        self.compare.clicked.connect(self.flip)
        self.sentence.returnPressed.connect(self.hear_voice)
        self.use.clicked.connect(lambda: self.use_wanted.emit(self._made["voice"]))
        self.again.clicked.connect(lambda: self.again_wanted.emit(self._made["voice"]))
        self.new.clicked.connect(self.new_wanted)
        self.other.clicked.connect(self.other_wanted)
        self.list.clicked.connect(lambda: self.list_wanted.emit(self._made["voice"]))
        sounds.changed.connect(self._show_state)
        making.changed.connect(self.show_draft)
        self.show_draft()

    @property
    def _made(self) -> JsonObject:
        return self.making.draft.made or {}

    def hear_voice(self) -> None:
        draft = self.making.draft
        text = self.sentence.text().strip() or sample_sentence(draft.language)
        self._turn = VOICE
        self.sounds.speech(VOICE, delivery(text, VoiceChoice(self._made["voice"], language=draft.language or None), ()))

    def hear_sample(self) -> None:
        usable = self.making.draft.usable
        if usable:
            self._turn = SAMPLE
            self.sounds.file(SAMPLE, usable[0].now.path)

    def flip(self) -> None:
        """The other of the two."""
        if self._turn == VOICE and self.making.draft.usable:
            self.hear_sample()
        else:
            self.hear_voice()

    def show_draft(self) -> None:
        made = self.making.draft.made
        if made is None or made == self._shown:
            return
        self._shown = made
        self.words.setText(" ".join(honest(made)))
        self._show_bars(made)
        self.sentence.setText(sample_sentence(self.making.draft.language))
        self.sample.setEnabled(bool(self.making.draft.usable))
        self.compare.setEnabled(bool(self.making.draft.usable))

    # Inner

    def _show_bars(self, made: JsonObject) -> None:
        while self._grid.count():
            gone = self._grid.takeAt(0).widget()
            gone.hide()
            gone.deleteLater()
        likeness, nearest, own = figures(made)
        rows = (
            (self.tr("This voice, on other sentences"), likeness, "accent"),
            (self.tr("The nearest ready-made voice"), nearest, "border_strong"),
            (self.tr("The samples among each other"), own, "success"),
        )
        found = [row for row in rows if row[1] is not None]
        for number, (name, value, token) in enumerate(found):
            label = QLabel(name, self.bars)
            label.setProperty("role", "secondary")
            label.setWordWrap(True)
            label.setMinimumWidth(220)
            figure = QLabel(f"{value:.2f}", self.bars)
            figure.setFont(font("body", tabular=True))
            for column, widget in enumerate((label, Likeness(value, token, self.bars), figure)):
                self._grid.addWidget(widget, number, column)
                widget.show()
        self.bars.setVisible(bool(found))
        self.scale.setVisible(bool(found))

    def _show_state(self, key: str, state: str) -> None:
        idle = state == "idle"
        for mine, button, words in (
            (VOICE, self.hear, self.tr("Hear the voice")),
            (SAMPLE, self.sample, self.tr("Hear a sample")),
        ):
            if key == mine:
                button.setText(words if idle else self.tr("Stop"))
                button.set_icon("play" if idle else "square")

    def _lay_out(self) -> None:
        hearing = QHBoxLayout()
        hearing.setSpacing(GRID)
        for widget in (self.hear, self.sample, self.compare):
            hearing.addWidget(widget)
        for button in (self.hear, self.sample):
            button.ensurePolished()
            button.setMinimumWidth(button.sizeHint().width())  # "Stop" is shorter: nothing moves under the mouse
        hearing.addStretch(1)
        using = FlowLayout(spacing=GRID)
        for widget in (self.use, self.list, self.again, self.other, self.new):
            using.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        likeness = QVBoxLayout()
        likeness.setSpacing(GRID)
        likeness.addWidget(self.scale)
        likeness.addWidget(self.bars)
        column.addWidget(self.words)
        column.addLayout(likeness)
        column.addWidget(self.sentence)
        column.addLayout(hearing)
        column.addLayout(using)
        column.addStretch(1)


def figures(made: JsonObject) -> tuple[float | None, float | None, float | None]:
    """Cosines of speaker embeddings: of the voice to the samples, of the nearest ready-made one to them, and of the
    samples among each other; None: nobody measured it."""
    found = (made.get("similarity"), made.get("nearest"), made.get("own"))
    likeness, near, own = (float(one) if isinstance(one, int | float) else None for one in found)
    return likeness, near, own


def honest(made: JsonObject) -> list[str]:
    """What was reached, in sentences that promise nothing."""
    likeness, nearest, own = figures(made)
    found = []
    if made.get("method") == "match":
        found.append(tr("This is the nearest voice that could be found. It is not a clone of the speaker."))
        if likeness is not None and own is not None:
            if likeness >= own - _ALIKE:
                found.append(tr("By the measure it is as like the samples as they are like each other."))
            elif likeness >= _KIND:
                found.append(tr("It comes near; who knows the speaker will hear that it is another."))
            else:
                found.append(tr("It only leans towards the speaker. A cloned voice comes nearer."))
        if likeness is not None and nearest is not None and likeness - nearest < _LITTLE:
            found.append(tr("The search gained little over the nearest ready-made voice."))
    else:
        found.append(tr("It was learnt from the samples. What it says carries a watermark that nobody hears."))
        if likeness is not None and likeness < _KIND:
            found.append(tr("It came out less like the samples than usual: listen first, or add better samples."))
    alike = made.get("alike") or ()
    if alike:
        found.append(filled(tr("It sounds like “{name}”, which you have already."), name=alike[0]["name"]))
    return found
