"""The chosen voice and how it speaks. Only what its engine can do is shown."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.script.language import LANGUAGES
from audiostudio.timeline.project import LINE_PAUSE, Line, VoiceChoice
from audiostudio.ui.speech.voices import VoiceList, mixed, parts_of
from audiostudio.ui.speech.words import about_voice, language_name
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import ChoiceBox, IconButton, LabeledSlider, SegmentedControl

LONGEST_PAUSE = 5.0


class VoicePanel(QFrame):
    """Shows a voice; what the user changes comes as `changed`, to be made an edit."""

    changed = Signal(object, str)
    """A `VoiceChoice`, and which setting it is: edits of one setting follow each other as one step."""
    pause_changed = Signal(object)
    """Seconds after the caret's line, or None for the usual."""
    preview_wanted = Signal()

    def __init__(self, voices: VoiceList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._voices = voices
        self._choice = VoiceChoice("")
        self._language = ""
        self._showing = False
        self._shown_line: tuple[int, bool, float | None] | None = None
        self.scope = SegmentedControl(
            (("project", self.tr("Whole script")), ("line", self.tr("This line"))), self, self.tr("Voice of")
        )
        self.name = QLabel(self)
        self.name.setProperty("role", "heading")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.about = QLabel(self)
        self.about.setProperty("role", "small")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.play = IconButton("play:solid", self.tr("Hear this voice say your first sentence"), self)
        self.mix = IconButton("users", self.tr("Mix with another voice"), self, checkable=True)
        self.reset = IconButton("rotate-ccw", self.tr("Reset the voice’s settings"), self)
        self.other = ChoiceBox(self.tr("Voice to mix in"), self, small=True)
        self.share = LabeledSlider(self.tr("Share"), 5.0, 95.0, 50.0, 5.0, " %", parent=self)
        self.speed = LabeledSlider(self.tr("Speed"), 0.5, 2.0, 1.0, 0.05, "×", 2, self)
        self.speed.slider.origin = 10
        self.pitch = LabeledSlider(self.tr("Pitch"), -12.0, 12.0, 0.0, 0.5, " st", 1, self, signed=True)
        self.pause = LabeledSlider(self.tr("Pause after the line"), 0.0, LONGEST_PAUSE, LINE_PAUSE, 0.05, " s", 2, self)
        self.language = ChoiceBox(self.tr("Spoken language"), self, small=True)
        for box in (self.other, self.language):
            box.setFixedHeight(28)
        self._mixing = QWidget(self)
        self._languages = QWidget(self)
        self._lay_out()
        self._connect()

    def show_choice(self, choice: VoiceChoice, language: str) -> None:
        """The voice of the whole script or of one line; `language` is the project's."""
        if choice == self._choice and language == self._language:
            return
        self._choice, self._language = choice, language
        self._showing = True
        self._show()
        self._showing = False

    def show_line(self, number: int, line: Line | None) -> None:
        """The caret's line, whose pause can be set."""
        shown = (number, line is not None and bool(line.text.strip()), line.pause_after if line else None)
        if shown == self._shown_line:
            return
        self._shown_line, self._showing = shown, True
        self.pause.label.setText(self.tr("Pause after line {number}").replace("{number}", str(number + 1)))
        self.pause.setEnabled(shown[1])
        self.scope.button("line").setEnabled(shown[1])
        self.pause.set_value(LINE_PAUSE if line is None or line.pause_after is None else line.pause_after)
        self._showing = False

    def show_state(self, state: str) -> None:
        """`busy`, `playing` or `idle`."""
        self.play.set_icon(
            "play:solid" if state == "idle" else "square:solid", "text" if state == "idle" else "accent_text"
        )
        self.play.set_label(self.tr("Hear this voice say your first sentence") if state == "idle" else self.tr("Stop"))

    # Inner

    def _show(self) -> None:
        parts, engine = parts_of(self._choice.voice), self._voices.engine(self._choice.voice)
        first = self._voices.get(parts[0][0])
        self.name.setText(self._voices.title(self._choice.voice))
        about = about_voice(first) if first and len(parts) == 1 else self.tr("A mix of voices")
        self.about.setText(f"{about} · {engine.title}" if engine else self.tr("This voice is not on this computer."))
        able = engine.capabilities if engine else None
        self.speed.setVisible(bool(able and able.speed))
        self.pitch.setVisible(bool(able and able.pitch))
        self.speed.set_value(self._choice.speed)
        self.pitch.set_value(self._choice.pitch)
        self.mix.setVisible(bool(able and able.mixes))
        self.mix.setChecked(len(parts) > 1 and self.mix.isVisibleTo(self))
        self._mixing.setVisible(self.mix.isChecked())
        if self.mix.isChecked():
            self._fill_others(parts)
        self._fill_languages(able.languages if able else ())

    def _fill_others(self, parts: list[tuple[str, float]]) -> None:
        first = self._voices.get(parts[0][0])
        self.other.clear()
        for voice in self._voices.voices:
            if first and voice.engine == first.engine and voice.id != first.id:
                self.other.addItem(f"{voice.name} · {about_voice(voice)}", voice.id)
        if len(parts) > 1:
            self.other.setCurrentIndex(max(0, self.other.findData(parts[1][0])))
            self.share.set_value(round(parts[1][1] * 100))

    def _fill_languages(self, tags: tuple[str, ...]) -> None:
        self._languages.setVisible(len(tags) > 1)
        self.language.clear()
        for one in LANGUAGES:
            if one.tag in tags:
                self.language.addItem(language_name(one.tag), one.tag)
        spoken = self._choice.language or self._language
        self.language.setCurrentIndex(self.language.findData(spoken))

    def _mix(self, on: bool) -> None:
        if self._showing:
            return
        first = parts_of(self._choice.voice)[0][0]
        if on:
            self._showing = True
            self._fill_others([(first, 1.0)])
            self._showing = False
            self._remix()
        else:
            self._tell("voice", voice=first)

    def _remix(self) -> None:
        other = self.other.currentData()
        if not self._showing and self.mix.isChecked() and other:
            first = parts_of(self._choice.voice)[0][0]
            self._tell("mix", voice=mixed(first, other, self.share.value() / 100))

    def _speak(self, _index: int) -> None:
        tag = self.language.currentData()
        if tag:
            self._tell("language", language=None if tag == self._language else tag)

    def _reset(self) -> None:
        self._tell("reset", speed=1.0, pitch=0.0)

    def _tell(self, setting: str, **values: object) -> None:
        if not self._showing:
            self.changed.emit(replace(self._choice, **values), setting)

    def _tell_pause(self, seconds: float) -> None:
        if not self._showing:
            self.pause_changed.emit(None if seconds == LINE_PAUSE else seconds)

    def _connect(self) -> None:
        self.play.clicked.connect(self.preview_wanted)
        self.mix.toggled.connect(self._mix)
        self.reset.clicked.connect(self._reset)
        self.other.currentIndexChanged.connect(lambda _index: self._remix())
        self.share.value_changed.connect(lambda _value: self._remix())
        self.speed.value_changed.connect(lambda value: self._tell("speed", speed=value))
        self.pitch.value_changed.connect(lambda value: self._tell("pitch", pitch=value))
        self.pause.value_changed.connect(self._tell_pause)
        self.language.currentIndexChanged.connect(self._speak)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.about)
        head = QHBoxLayout()
        head.setSpacing(HALF)
        head.addLayout(words, 1)
        for button in (self.play, self.mix, self.reset):
            head.addWidget(button)
        mixing = QHBoxLayout(self._mixing)
        mixing.setContentsMargins(0, 0, 0, 0)
        mixing.setSpacing(2 * GRID)
        mixed_in = QWidget(self._mixing)
        _captioned(mixed_in, self.tr("Mix with"), self.other)
        mixing.addWidget(mixed_in, 1)
        mixing.addWidget(self.share, 1)
        _captioned(self._languages, self.tr("Spoken language"), self.language)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.addWidget(self.speed, 0, 0)
        grid.addWidget(self.pitch, 0, 1)
        grid.addWidget(self.pause, 1, 0)
        grid.addWidget(self._languages, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.scope)
        column.addLayout(head)
        column.addWidget(self._mixing)
        column.addLayout(grid)


def _captioned(place: QWidget, words: str, box: ChoiceBox) -> None:
    """A box under its name, in line with the sliders beside it."""
    caption = QLabel(words, place)
    caption.setProperty("role", "secondary")
    caption.setFixedHeight(24)
    column = QVBoxLayout(place)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(caption)
    column.addWidget(box)
