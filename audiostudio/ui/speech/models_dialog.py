"""Fetching a voice's model: what it is, how big, under which licence; nothing travels before it is agreed to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from audiostudio.ui.speech.words import megabytes
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button

if TYPE_CHECKING:
    from audiostudio.engines.models.manifest import ModelManifest


class ModelsDialog(QDialog):
    """Accepted: the user agreed to the licences of all `models`."""

    def __init__(self, models: "Sequence[ModelManifest]", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Fetch a model"))
        heading = QLabel(self.tr("This voice needs a model that is not on this computer yet."), self)
        heading.setProperty("role", "heading")
        heading.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(heading)
        for model in models:
            words = QLabel(f"{model.title} · {megabytes(model.download)} · {model.licence}\n{model.purpose}", self)
            words.setProperty("role", "secondary")
            words.setWordWrap(True)
            column.addWidget(words)
        licences = QPlainTextEdit(self)
        licences.setReadOnly(True)
        licences.setAccessibleName(self.tr("Licences"))
        licences.setPlainText("\n\n".join(dict.fromkeys(model.licence_text for model in models)))
        licences.setMinimumHeight(180)
        column.addWidget(licences, 1)
        self.agree = Button(self.tr("Agree and fetch"), "primary", "download", self)
        self.refuse = Button(self.tr("Cancel"), "secondary", parent=self)
        self.agree.clicked.connect(self.accept)
        self.refuse.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.refuse)
        buttons.addWidget(self.agree)
        column.addLayout(buttons)
        self.setMinimumWidth(560)
