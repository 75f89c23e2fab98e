"""What was settled when a voice was made: how it sounds, who agreed, what it was made of, under which terms."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.ui.cloning.voices.wording import (
    day,
    gender_words,
    last_use,
    method_sentence,
    percent,
    pitch_words,
    rate_words,
    sale,
    tr,
    whose,
)
from audiostudio.ui.cloud.rows import SoundRow
from audiostudio.ui.speech.words import filled, language_name, length
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, SectionHeader

if TYPE_CHECKING:
    from audiostudio.ui.cloning.voices.shelf import Shelf
    from audiostudio.voices.voice import KeptVoice, Sample

CONSENT = "consent"
SAMPLE = "sample "
"""Keys of what is played; a sample's is followed by its number."""


class Record(QWidget):
    play_wanted = Signal(str, str)
    """A key, and the name of a file in the voice's folder."""
    document_wanted = Signal(str)
    """The name of the written permission's file."""

    def __init__(self, kept: "KeptVoice", shelf: "Shelf", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept, self._shelf = kept, shelf
        self.rows: dict[str, SoundRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._facts(tr("How it sounds"), self._sound())
        self._facts(tr("Consent"), self._consent())
        recording = kept.voice.consent.recording
        if recording:
            self._sound_row(CONSENT, tr("The consent as it was spoken"), "", recording)
        document = kept.voice.consent.document
        if document:
            self.document = Button(tr("Show the permission"), "secondary", "folder-open", self, small=True)
            self.document.setEnabled(not kept.binned)
            self.document.clicked.connect(lambda: self.document_wanted.emit(document))
            self._column.addWidget(self.document, 0, Qt.AlignmentFlag.AlignLeft)
        self._samples()
        self._facts(tr("Terms"), self._terms())
        self._facts(tr("How it was made"), self._making())

    def show_state(self, key: str, state: str) -> None:
        for name, row in self.rows.items():
            row.show_state(state if name == key else "idle")

    def _sound(self) -> list[tuple[str, str]]:
        voice, card, made = self._kept.voice, self._kept.card, self._kept.voice.made_by
        score, near, nearest = voice.found.get("score"), made.get("similarity"), made.get("nearest")
        return [
            (tr("Language"), language_name(voice.language)),
            (tr("Voice"), gender_words(voice.found.get("gender") or card.gender)),
            (tr("Pitch"), pitch_words(voice.found)),
            (tr("Rate"), rate_words(voice.found)),
            (tr("Quality"), filled(tr("{score} of 100"), score=round(score)) if _number(score) else ""),
            (tr("Likeness"), percent(near) if _number(near) else ""),
            (tr("Nearest stock voice"), self._stock(made.get("nearest_voice"), nearest) if _number(nearest) else ""),
        ]

    def _stock(self, voice: object, near: float) -> str:
        """The ready voice that is nearest, and how near."""
        return filled(tr("{name}, {share}"), name=self._shelf.voice_name(str(voice)), share=percent(near))

    def _consent(self) -> list[tuple[str, str]]:
        consent = self._kept.voice.consent
        said = tr("Phrase") if consent.whose == "own" else tr("Permission")
        return [
            (tr("Voice of"), whose(consent)),
            (tr("Given"), day(consent.date)),
            (tr("May be used for"), consent.scope),
            (said, consent.statement),
            (tr("Heard"), consent.heard),
            (tr("Words right"), percent(consent.agreement) if consent.recording else ""),
            (tr("Same speaker"), percent(consent.similarity) if consent.recording else ""),
        ]

    def _samples(self) -> None:
        samples = self._kept.voice.samples
        self._column.addWidget(SectionHeader(tr("Recordings"), self))
        for number, sample in enumerate(samples):
            self._sample(number, sample)
        if not any(sample.file for sample in samples):
            words = tr("They are not kept here, only what was learnt from them.")
            self._column.addWidget(_value(words, self))

    def _sample(self, number: int, sample: "Sample") -> None:
        score = filled(tr("quality {score}"), score=round(sample.score))
        about = f"{length(sample.seconds)} · {score}"
        if sample.file:
            self._sound_row(f"{SAMPLE}{number}", sample.name, about, sample.file)
        else:
            self._column.addWidget(_value(f"{sample.name} · {about}", self))

    def _sound_row(self, key: str, name: str, about: str, file: str) -> None:
        row = self.rows[key] = SoundRow(key, name, about, self)
        row.detail.setVisible(bool(about))
        row.play.setEnabled(not self._kept.binned)
        row.setEnabled(not self._kept.binned)
        row.play_wanted.connect(lambda wanted: self.play_wanted.emit(wanted, file))
        self._column.addWidget(row)

    def _terms(self) -> list[tuple[str, str]]:
        rights = self._shelf.rights(self._kept)
        return [
            (tr("What it says"), sale(rights)[0]),
            (tr("Licence"), rights.licence),
            (tr("Name"), rights.credit.replace("\n", "; ")),
            ("", rights.url),
        ]

    def _making(self) -> list[tuple[str, str]]:
        voice = self._kept.voice
        engine = self._shelf.engine(self._kept)
        title = self._shelf.engine_title(self._kept)
        use = self._shelf.use(self._kept)
        times = filled(tr("{count} times"), count=voice.revision) if voice.revision > 1 else ""
        return [
            (tr("Made"), day(voice.created)),
            (tr("Trained"), times),
            (tr("Engine"), title if engine else filled(tr("{engine}, which is not on this computer"), engine=title)),
            (tr("Kind"), method_sentence(voice)),
            (tr("From"), filled(tr("an import, signed by {key}"), key=voice.origin) if voice.origin else ""),
            (tr("Work"), last_use(use)),
        ]

    def _facts(self, heading: str, facts: list[tuple[str, str]]) -> None:
        shown = [(name, value) for name, value in facts if value]
        if not shown:
            return
        self._column.addWidget(SectionHeader(heading, self))
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(HALF)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(shown):
            label = QLabel(name, self)
            label.setProperty("role", "small")
            label.setMinimumWidth(96)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_value(value, self), row, 1)
        self._column.addLayout(grid)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _value(words: str, parent: QWidget) -> QLabel:
    label = QLabel(words, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "secondary")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
