"""Sharing a voice: what goes into the file, and what that means."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from audiostudio.ui.cloning.voices.wording import sale, tr
from audiostudio.ui.speech.words import counted, filled, length
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button

if TYPE_CHECKING:
    from audiostudio.ui.cloning.voices.shelf import Shelf
    from audiostudio.voices.voice import KeptVoice


class ShareDialog(QDialog):
    """Accepted: `with_samples` says what is wanted; where to is asked next."""

    def __init__(self, kept: "KeptVoice", shelf: "Shelf", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Share a voice"))
        voice = kept.voice
        here = [sample for sample in voice.samples if sample.file]
        head = self._label(filled(tr("Share “{name}”"), name=kept.card.name), "heading")
        self.lean = QRadioButton(self.tr("Only what is needed to speak with it"), self)
        self.whole = QRadioButton(self.tr("With the recordings, so that it can be made again"), self)
        self.lean.setChecked(True)
        self.whole.setEnabled(bool(here))
        seconds = sum(sample.seconds for sample in here)
        count = counted(len(here), self.tr("1 recording"), self.tr("%n recordings"))
        told = f"{count}, {length(seconds)}" if here else self.tr("The recordings are not kept here.")
        inside = [
            self.tr("Whoever has the file can speak with this voice. In it are:"),
            "• " + filled(self.tr("its name, description, tags and picture")),
            "• "
            + filled(self.tr("the consent of {person}, with its recording or document"), person=voice.consent.person),
            "• "
            + filled(
                self.tr("its terms: {terms}, {licence}"),
                terms=sale(shelf.rights(kept))[0].lower(),
                licence=voice.rights.licence,
            ),
            "• " + self.tr("your signature: nobody can change it unnoticed"),
        ]
        self.scope = self._label(filled(self.tr("It may be used for: {scope}"), scope=voice.consent.scope), "secondary")
        self.agree = Button(self.tr("Choose a place…"), "primary", "share", self)
        self.refuse = Button(self.tr("Cancel"), "secondary", parent=self)
        self.agree.clicked.connect(self.accept)
        self.refuse.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.refuse)
        buttons.addWidget(self.agree)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(head)
        choices = QVBoxLayout()
        choices.setSpacing(HALF)
        choices.addWidget(self.lean)
        choices.addWidget(self.whole)
        choices.addWidget(self._label(told, "small", 3 * GRID))
        column.addLayout(choices)
        column.addWidget(self._label("\n".join(inside), "secondary"))
        column.addWidget(self.scope)
        column.addLayout(buttons)
        self.setMinimumWidth(480)

    @property
    def with_samples(self) -> bool:
        return self.whole.isChecked()

    def _label(self, text: str, role: str, indent: int = 0) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", role)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setContentsMargins(indent, 0, 0, 0)
        return label
