"""Makes a line again after it was redrawn, beside everything else that is made."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome, Partial, Progress
from audiostudio.operations.script import Pronouncing, has_take, line_request, made_take
from audiostudio.timeline.project import Line
from audiostudio.ui.bridge import JobWatcher

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk


class Rendering(QObject):
    """One line at a time; a newer wish replaces the one before."""

    changed = Signal()
    """It waits, runs, is further or has ended."""

    def __init__(
        self, desk: "Desk", session: "ProjectSession", applying: Callable[[], Pronouncing], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._session, self._applying = desk, session, applying
        self._watcher: JobWatcher | None = None
        self._waiting: tuple[Line, ...] = ()
        self.progress = Progress(None)
        self.error: Exception | None = None
        """Why the last one failed."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(lambda: self.start(self._waiting))

    @property
    def running(self) -> bool:
        return self._watcher is not None

    @property
    def waiting(self) -> bool:
        return self._rest.isActive()

    def soon(self, lines: Iterable[Line], milliseconds: int) -> None:
        """Make them when nothing was asked for so long."""
        self.stop()
        self._waiting = tuple(lines)
        self._rest.start(milliseconds)
        self.changed.emit()

    def start(self, lines: Iterable[Line], *, again: bool = False) -> None:
        """Make them now. `again`: though there are takes of the same recipe."""
        self.stop()
        project, applying = self._session.project, self._applying()
        numbers = {line.id: number for number, line in enumerate(project.script.lines, 1)}
        wanted = [line for line in lines if line.id in numbers]
        if not wanted:
            return
        asked = [
            line_request(project, line, applying) | {"number": numbers[line.id]} | ({"again": True} if again else {})
            for line in wanted
        ]
        request = {"project": project.id, "name": project.name, "lines": asked, "join": False}
        voice = project.voice_of(wanted[0])
        title = self.tr("Redraw line {number}").replace("{number}", str(numbers[wanted[0].id]))
        self.error, self.progress = None, Progress(None)
        try:
            watcher = self._desk.jobs.submit(
                Job("speech.redraw", request | {"folder": str(self._session.path)}, title, project=project.id)
            )
        except StudioError as error:
            self.error = error
            self.changed.emit()
            return
        self._watcher = watcher
        watcher.partial.connect(lambda partial: self._came(partial, voice))
        watcher.progress.connect(self._further)
        watcher.finished.connect(lambda outcome: self._ended(watcher, outcome))
        self.changed.emit()

    def stop(self) -> None:
        """What runs or waits is no longer wanted."""
        self._rest.stop()
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.cancel()
        self.error = None

    def close(self) -> None:
        self.stop()

    def _came(self, partial: Partial, voice: object) -> None:
        """A take is kept also when it is no longer wanted: undo may bring it back."""
        if partial.kind != "take" or self._session.read_only:
            return
        take = made_take(partial.data, voice)  # type: ignore[arg-type]
        known = [one for one in self._session.project.takes if one.line == take.line and not one.removed]
        if has_take(known, take):
            return
        try:
            self._session.add_takes(take)
        except StudioError as error:
            self._desk.messages.error(error)

    def _further(self, progress: Progress) -> None:
        if self._watcher is not None:
            self.progress = progress
            self.changed.emit()

    def _ended(self, watcher: JobWatcher, outcome: Outcome) -> None:
        self._desk.jobs.forget(watcher)
        if watcher is not self._watcher:
            return
        self._watcher = None
        if outcome.state is JobState.FAILED:
            self.error = outcome.error
        self.changed.emit()


def bare(line: Line) -> Line:
    """The line as it sounds by itself."""
    return replace(line, performance=(), chosen=None)
