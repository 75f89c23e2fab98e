"""Fetching models that voices need: asked once, then jobs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech.models_dialog import ModelsDialog

if TYPE_CHECKING:
    from audiostudio.engines.models.manifest import ModelManifest
    from audiostudio.ui.desk import Desk

_PULL = "models.pull"


class Fetching(QObject):
    fetched = Signal()
    """A model is here."""

    def __init__(self, desk: "Desk", parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._parent = desk, parent
        desk.jobs.changed.connect(self._job_changed)

    def ask(self, models: "Sequence[ModelManifest]") -> None:
        """Show what would be fetched, and fetch it once that was agreed to."""
        pulls = [watcher.job for watcher in self._desk.jobs.active if watcher.job.operation == _PULL]
        under_way = {job.request["name"] for job in pulls}
        wanted = [model for model in models if model.name not in under_way]
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
            self._desk.jobs.submit(Job(_PULL, request, title))
        except StudioError as error:
            self._desk.messages.error(error)

    def _job_changed(self, watcher: JobWatcher) -> None:
        """Whoever asked for it: another tab of before, or the list of jobs."""
        if watcher.job.operation == _PULL and watcher.state is JobState.DONE:
            self.fetched.emit()
