"""Fetching models that voices need: asked once, then jobs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome
from audiostudio.ui.speech.models_dialog import ModelsDialog

if TYPE_CHECKING:
    from audiostudio.engines.models.manifest import ModelManifest
    from audiostudio.ui.desk import Desk


class Fetching(QObject):
    fetched = Signal()
    """A model is here."""

    def __init__(self, desk: "Desk", parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._parent = desk, parent
        self._under_way: set[str] = set()

    def ask(self, models: "Sequence[ModelManifest]") -> None:
        """Show what would be fetched, and fetch it once that was agreed to."""
        wanted = [model for model in models if model.name not in self._under_way]
        if not wanted:
            self._desk.messages.say(self.tr("The model is being fetched."), self.tr("The jobs show how far it is."))
            return
        dialog = ModelsDialog(wanted, self._parent)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            for model in wanted:
                self._fetch(model)
        dialog.deleteLater()

    def _fetch(self, model: "ModelManifest") -> None:
        title = self.tr("Fetch {model}").replace("{model}", model.title)
        request = {"name": model.name, "accept": True}
        try:
            watcher = self._desk.jobs.submit(Job("models.pull", request, title))
        except StudioError as error:
            self._desk.messages.error(error)
            return
        self._under_way.add(model.name)
        watcher.finished.connect(lambda outcome, name=model.name: self._finished(name, outcome))

    def _finished(self, name: str, outcome: Outcome) -> None:
        self._under_way.discard(name)
        if outcome.state is JobState.DONE:
            self.fetched.emit()
