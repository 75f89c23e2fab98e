"""Sounds that a person brings as takes of a line: files, and recordings."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JsonObject, Partial
from audiostudio.operations.script import has_take, made_take
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, VoiceChoice
from audiostudio.ui.bridge import JobWatcher

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk


class Bringing(QObject):
    """Each becomes a take at 48 kHz beside the window, and the line plays it. What fails, the window says."""

    brought = Signal(object)
    """The new `Take`."""

    def __init__(self, desk: "Desk", session: "ProjectSession", parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._session = desk, session
        self._closed = False
        self._recordings: list[JobWatcher] = []

    def file(self, line: Line, path: Path) -> None:
        """A sound or film becomes a take of the line; the file stays where it is."""
        self._keep(line, {"file": str(path)}, self.tr("Bring in {name}").replace("{name}", path.name))

    def recording(self, line: Line, path: Path, *, trim: bool = True) -> None:
        """What a microphone gave becomes a take of the line."""
        watcher = self._keep(line, {"recording": str(path), "trim": trim}, self.tr("Keep a recording"))
        if watcher is not None:
            self._recordings = [one for one in self._recordings if not one.done] + [watcher]

    def close(self) -> None:
        """A recording that is no take of the project yet stays one, and is offered when the project is open again."""
        self._closed = True
        for watcher in self._recordings:
            watcher.cancel()

    def _keep(self, line: Line, what: JsonObject, title: str) -> JobWatcher | None:
        project = self._session.project
        voice = project.voice_of(line)
        request = what | {"project": project.id, "line": line.id, "text": line.text, "name": project.name}
        try:
            watcher = self._desk.jobs.submit(Job("takes.keep", request, title, project=project.id))
        except StudioError as error:
            self._desk.messages.error(error)
            return None
        watcher.partial.connect(lambda partial: self._came(partial, voice))
        return watcher

    def _came(self, partial: Partial, voice: VoiceChoice) -> None:
        if self._closed or partial.kind != "take" or self._session.read_only:
            return
        take = made_take(partial.data, voice)
        known = [one for one in self._session.project.takes if one.line == take.line and not one.removed]
        try:
            if not has_take(known, take):
                self._session.add_takes(take)
                if any(line.id == take.line for line in self._session.project.script.lines):
                    self._session.edit(
                        self.tr("Choose a take"), lambda project: edits.choose_take(project, take.line, take.id)
                    )
        except StudioError as error:
            self._desk.messages.error(error)
            return
        self.brought.emit(take)
