"""Which project the window has open: changing it, and what can go wrong on the way."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Project
from audiostudio.timeline.session import ProjectSession
from audiostudio.ui.bridge import ProjectSignals
from audiostudio.ui.desk import OpenProject
from audiostudio.ui.messages import Messages
from audiostudio.ui.projects import Projects, RecentProject, untouched


class ProjectDesk(QObject):
    """Always holds an open project."""

    opened = Signal(object)
    """An `OpenProject`, after the one before was closed."""
    closing = Signal()
    """The open project is about to be closed."""
    changed = Signal(object)
    """The `Project` as it is now."""
    problem = Signal(object)

    def __init__(self, session: ProjectSession, projects: Projects, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self.projects = projects
        self._messages = messages
        self._open = self._listen(session)

    @property
    def open_project(self) -> OpenProject:
        return self._open

    @property
    def session(self) -> ProjectSession:
        return self._open.session

    def create(self) -> None:
        """A new project; the open one while nothing was made in it yet."""
        if untouched(self.session.project) and not self.session.read_only:
            self.opened.emit(self._open)
            return
        self._switch(lambda: self.projects.create(self.tr("Untitled")))

    def open_sample(self) -> None:
        if self.projects.is_sample(self.session.path):
            self.opened.emit(self._open)
        else:
            self._switch(self.projects.sample)

    def open(self, path: Path) -> None:
        if path.resolve() != self.session.path.resolve():
            self._switch(lambda: self.projects.open(path))
        else:
            self.opened.emit(self._open)

    def recent(self) -> list[RecentProject]:
        """Without the open one while nothing was made in it."""
        hidden = self.session.path if untouched(self.session.project) else None
        return [project for project in self.projects.recent() if project.path != hidden]

    def rename(self, name: str) -> None:
        try:
            self.session.edit(self.tr("Rename the project"), lambda project: edits.rename_project(project, name))
            self.projects.renamed(self.session)
        except StudioError as error:
            self._messages.error(error)
            self.changed.emit(self.session.project)

    def undo(self) -> None:
        self._try(self.session.undo)

    def redo(self) -> None:
        self._try(self.session.redo)

    def without_recovering(self) -> None:
        """The open project as it was saved, less what was recovered; an edit that can be undone."""
        session = self.session
        if not session.recovered:
            return
        try:
            saved = ProjectFile.read_unrecovered(session)
            session.edit(self.tr("Open without recovering"), lambda _: saved)
        except StudioError as error:
            self._messages.error(error)
            return
        self._messages.take_back(self.recovered_words())
        self._messages.say(
            self.tr("The project is as it was saved."), self.tr("Undo brings back what was recovered."), tone="success"
        )

    def recovered_words(self) -> str:
        return self.tr("Your work from before the studio ended was recovered.")

    def close(self, discard: bool = False) -> StudioError | None:
        """Save and let go; the error where that cannot be done (then the project stays open)."""
        try:
            self.session.close(discard=discard)
        except StudioError as error:
            return error
        self._open.signals.close()
        return None

    def _try(self, step: Callable[[], bool]) -> None:
        try:
            step()
        except StudioError as error:
            self._messages.error(error)

    def _switch(self, opening: Callable[[], ProjectSession]) -> None:
        try:
            session = opening()
        except StudioError as error:
            self._messages.error(error)
            return
        self.closing.emit()
        self._messages.take_back(self.recovered_words())
        problem = self.close()
        if problem is not None:
            session.close()
            self._messages.error(problem)
            self.opened.emit(self._open)
            return
        self._open.signals.deleteLater()
        self._open = self._listen(session)
        self.opened.emit(self._open)
        self.changed.emit(session.project)

    def _listen(self, session: ProjectSession) -> OpenProject:
        signals = ProjectSignals(session, self)
        signals.changed.connect(self._changed)
        signals.problem.connect(self.problem)
        return OpenProject(session, signals)

    def _changed(self, _before: Project, after: Project) -> None:
        self.changed.emit(after)
