"""Fetching a voice's model: what it is, how big, under which licence; nothing travels before it is agreed to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from audiostudio.ui.speech.words import megabytes
from audiostudio.ui.widgets import AskDialog

if TYPE_CHECKING:
    from audiostudio.engines.models.manifest import ModelManifest


class ModelsDialog(AskDialog):
    """Accepted: the user agreed to the licences of all `models`."""

    def __init__(self, models: "Sequence[ModelManifest]", parent: QWidget | None = None) -> None:
        licences = QPlainTextEdit()
        licences.setReadOnly(True)
        licences.setPlainText("\n\n".join(dict.fromkeys(model.licence_text for model in models)))
        licences.setMinimumHeight(180)
        super().__init__(
            QCoreApplication.translate("ModelsDialog", "Fetch a model"),
            QCoreApplication.translate("ModelsDialog", "This voice needs a model that is not on this computer yet."),
            [f"{model.title} · {megabytes(model.download)} · {model.licence}\n{model.purpose}" for model in models],
            QCoreApplication.translate("ModelsDialog", "Agree and fetch"),
            parent,
            icon="download",
            reading=licences,
        )
        licences.setAccessibleName(self.tr("Licences"))
        self.setMinimumWidth(560)
