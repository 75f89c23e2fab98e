"""The chosen voice and how it speaks. Only what its engine can do is shown."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.engines.base import Option
from audiostudio.operations.script import SEED
from audiostudio.script.deliveries import DELIVERIES, named
from audiostudio.script.language import FURTHER, LANGUAGES
from audiostudio.timeline.project import LINE_PAUSE, Line, VoiceChoice, VoiceOption
from audiostudio.ui.speech.options_panel import OptionsPanel, without_default
from audiostudio.ui.speech.voices import VoiceList, mixed, parts_of
from audiostudio.ui.speech.words import about_voice, language_name, method_name
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, ChoiceBox, IconButton, LabeledSlider, SegmentedControl

if TYPE_CHECKING:
    from audiostudio.engines.base import Capabilities

LONGEST_PAUSE = 5.0


class VoicePanel(QFrame):
    """Shows a voice; what the user changes comes as `changed`, to be made an edit."""

    changed = Signal(object, str)
    """A `VoiceChoice`, and which setting it is: edits of one setting follow each other as one step."""
    pause_changed = Signal(object)
    """Seconds after the caret's line, or None for the usual."""
    pause_before_changed = Signal(float)
    """Seconds before the caret's line."""
    preview_wanted = Signal()
    back_wanted = Signal(str)
    """An own voice, out of the bin."""

    def __init__(self, voices: VoiceList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._voices = voices
        self._choice = VoiceChoice("")
        self._language = ""
        self._showing = False
        self._shown_line: tuple[int, bool, float | None, float] | None = None
        self._unfolded = False
        scopes = (("project", self.tr("Whole script")), ("role", self.tr("Speaker")), ("line", self.tr("This line")))
        self.scope = SegmentedControl(scopes, self, self.tr("Voice of"))
        self.scope.button("role").hide()
        self.name = QLabel(self)
        self.name.setProperty("role", "heading")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.about = QLabel(self)
        self.about.setProperty("role", "small")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setWordWrap(True)
        self.terms = QLabel(self)
        self.terms.setProperty("role", "problem")
        self.terms.setWordWrap(True)
        self.back = Button(self.tr("Bring back"), "secondary", "archive-restore", self, small=True)
        for hidden in (self.terms, self.back):
            hidden.hide()
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
        self.more = Button(self.tr("More"), "ghost", "chevron-right", self, small=True)
        self.more.setToolTip(self.tr("Delivery, energy, melody, and what only this engine can do"))
        self.delivery = ChoiceBox(self.tr("Delivery"), self, small=True)
        self.energy = LabeledSlider(self.tr("Energy"), -12.0, 12.0, 0.0, 0.5, " dB", 1, self, signed=True)
        self.intonation = LabeledSlider(self.tr("Intonation"), 0.0, 2.0, 1.0, 0.05, "×", 2, self)
        self.intonation.slider.origin = 20
        self.before = LabeledSlider(self.tr("Pause before the line"), 0.0, LONGEST_PAUSE, 0.0, 0.05, " s", 2, self)
        self.options = OptionsPanel(self)
        self._deliveries = QWidget(self)
        for box in (self.other, self.language, self.delivery):
            box.setFixedHeight(28)
        self._mixing = QWidget(self)
        self._languages = QWidget(self)
        self._lay_out()
        self._connect()

    def show_choice(self, choice: VoiceChoice, language: str, anew: bool = False) -> None:
        """The voice of the whole script or of one line; `language` is the project's; `anew`: even if it is the same."""
        if choice == self._choice and language == self._language and not anew:
            return
        self._choice, self._language = choice, language
        self._showing = True
        self._show()
        self._showing = False

    def show_line(self, number: int, line: Line | None) -> None:
        """The caret's line, whose pause can be set."""
        spoken = line is not None and bool(line.text.strip())
        shown = (number, spoken, line.pause_after if line else None, line.pause_before if line else 0.0)
        if shown == self._shown_line:
            return
        self._shown_line, self._showing = shown, True
        self.pause.label.setText(self.tr("Pause after line {number}").replace("{number}", str(number + 1)))
        self.before.label.setText(self.tr("Before line {number}").replace("{number}", str(number + 1)))
        self.pause.setEnabled(shown[1])
        self.before.setEnabled(shown[1])
        self.before.set_value(shown[3])
        self.scope.button("line").setEnabled(shown[1])
        self.pause.set_value(LINE_PAUSE if line is None or line.pause_after is None else line.pause_after)
        self._showing = False

    def show_speaker(self, name: str | None) -> None:
        """Who says the caret's line."""
        button = self.scope.button("role")
        button.setText((name if len(name) <= 16 else f"{name[:15]}…").replace("&", "&&") if name else "")
        button.setToolTip(self.tr("The voice of every line of {name}").replace("{name}", name) if name else "")
        button.setVisible(name is not None)
        if name is None and self.scope.value() == "role":
            self.scope.choose("project")

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
        about = self._method(about)
        self.about.setText(f"{about} · {engine.title}" if engine else self.tr("This voice is not on this computer."))
        self._show_terms()
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
        self._show_more(able)

    def _method(self, about: str) -> str:
        """With how an own voice was made before it."""
        kept = self._voices.own.get(self._choice.voice)
        return f"{method_name(kept.voice.method)} · {about}" if kept is not None else about

    def _show_terms(self) -> None:
        """What keeps a voice from being used, or what it says from being sold."""
        rights = self._voices.rights(self._choice.voice)
        lost = self._voices.lost(self._choice.voice)
        kept = self._voices.binned(lost)
        self.terms.setText(self.tr("What it says may not be sold."))
        self.terms.setVisible(rights is not None and rights.commercial is False and not lost)
        if kept is not None:
            self.about.setText(self.tr("This voice is in the bin."))
        elif lost:
            self.about.setText(self.tr("This voice is not on this computer any more: choose another."))
        self.back.setVisible(kept is not None)

    def _show_more(self, able: "Capabilities | None") -> None:
        choice = self._choice
        self.energy.set_value(choice.energy)
        self.intonation.set_value(choice.intonation)
        now = named(choice.speed, choice.pitch, choice.energy, choice.intonation)
        self.delivery.setCurrentIndex(self.delivery.findData(now.name if now else ""))
        self.options.show_options(_options(able), dict(choice.options))
        self._fold()

    def _fold(self) -> None:
        able = self._able()
        shown = {
            self.before: True,
            self._deliveries: bool(able and (able.energy or able.intonation)),
            self.energy: bool(able and able.energy),
            self.intonation: bool(able and able.intonation),
            self.options: bool(_options(able)),
        }
        for widget, wanted in shown.items():
            widget.setVisible(self._unfolded and wanted)
        self.more.set_icon("chevron-down" if self._unfolded else "chevron-right")

    def _able(self) -> "Capabilities | None":
        engine = self._voices.engine(self._choice.voice)
        return engine.capabilities if engine else None

    def _toggle(self) -> None:
        self._unfolded = not self._unfolded
        self._fold()

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
        for one in (*LANGUAGES, *FURTHER):
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
        self._tell("reset", speed=1.0, pitch=0.0, energy=0.0, intonation=1.0, options=())

    def _deliver(self, _index: int) -> None:
        wanted = next((one for one in DELIVERIES if one.name == self.delivery.currentData()), None)
        engine = self._voices.engine(self._choice.voice)
        if self._showing or wanted is None or engine is None:
            return
        able = engine.capabilities
        values = {
            name: min(max(value, limits[0]), limits[1])
            for name, value in wanted.settings().items()
            if (limits := getattr(able, name)) is not None
        }
        self._tell("delivery", **values)

    def _tell_option(self, name: str, value: str | None) -> None:
        options = without_default(self._choice.options, name, value)
        self._tell(f"option.{name}", options=tuple(VoiceOption(*one) for one in sorted(options.items())))

    def _tell(self, setting: str, **values: object) -> None:
        if not self._showing:
            self.changed.emit(replace(self._choice, **values), setting)

    def _tell_pause(self, seconds: float) -> None:
        if not self._showing:
            self.pause_changed.emit(None if seconds == LINE_PAUSE else seconds)

    def _connect(self) -> None:
        self.play.clicked.connect(self.preview_wanted)
        self.back.clicked.connect(lambda: self.back_wanted.emit(self._voices.lost(self._choice.voice)))
        self.mix.toggled.connect(self._mix)
        self.reset.clicked.connect(self._reset)
        self.other.currentIndexChanged.connect(lambda _index: self._remix())
        self.share.value_changed.connect(lambda _value: self._remix())
        self.speed.value_changed.connect(lambda value: self._tell("speed", speed=value))
        self.pitch.value_changed.connect(lambda value: self._tell("pitch", pitch=value))
        self.pause.value_changed.connect(self._tell_pause)
        self.before.value_changed.connect(
            lambda value: None if self._showing else self.pause_before_changed.emit(value)
        )
        self.energy.value_changed.connect(lambda value: self._tell("energy", energy=value))
        self.intonation.value_changed.connect(lambda value: self._tell("intonation", intonation=value))
        self.delivery.currentIndexChanged.connect(self._deliver)
        self.options.changed.connect(self._tell_option)
        self.more.clicked.connect(self._toggle)
        self.language.currentIndexChanged.connect(self._speak)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.about)
        words.addWidget(self.terms)
        words.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
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
        self._lay_out_more(grid)

    def _lay_out_more(self, grid: QGridLayout) -> None:
        self.delivery.addItem(self.tr("Own settings"), "")
        for one in DELIVERIES:
            self.delivery.addItem(QCoreApplication.translate("Deliveries", one.title), one.name)
            hint = QCoreApplication.translate("Deliveries", one.sentence)
            self.delivery.setItemData(self.delivery.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        _captioned(self._deliveries, self.tr("Delivery"), self.delivery)
        grid.addWidget(self.options.leading, 2, 0, 1, 2)
        grid.addWidget(self.more, 3, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.before, 4, 0)
        grid.addWidget(self._deliveries, 4, 1)
        grid.addWidget(self.energy, 5, 0)
        grid.addWidget(self.intonation, 5, 1)
        grid.addWidget(self.options, 6, 0, 1, 2)


def _options(able: "Capabilities | None") -> "tuple[Option, ...]":
    if able is None:
        return ()
    seed = Option(SEED, "Seed", "text", "", hint="A whole number; another one makes another take.")
    return (*able.options, seed) if able.seed else able.options


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
