"""Lines of the script that were made land on the timeline; another take of a line replaces its clip in place."""

from collections.abc import Collection, Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job
from audiostudio.operations.dictionary import read_dictionary
from audiostudio.operations.following import placed
from audiostudio.operations.script import Pronouncing
from audiostudio.timeline.editing import following
from audiostudio.timeline.project import Project, Pronunciation, new_id
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.desk import OpenProject
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.timeline.work import TimelineWork

LANDING = "timeline.landing"
FITTING = "timeline.fitting"
_GATHER = 120
"""Milliseconds in which lines are gathered: those of a job that was done before come all at once."""
_MAKING = ("speech.generate", "speech.redraw", "speech.fix", "takes.keep")


class Landing(QObject):
    """Everything that one job makes lands as one undo step. What is undone stays undone."""

    landed = Signal()

    def __init__(self, work: TimelineWork, opened: OpenProject) -> None:
        super().__init__(work)
        self._work, self._opened = work, opened
        self._clerk = Clerk(self)
        self._clerk.failed.connect(work.desk.messages.error)
        self._everywhere: tuple[Pronunciation, ...] = ()
        self._waiting: set[str] = set()
        self._step = new_id()
        """Lines that land are one undo step with those before of the same."""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_GATHER)
        self._soon.timeout.connect(self._read)
        opened.signals.changed.connect(self._changed)
        work.desk.jobs.added.connect(self._began)

    @property
    def on(self) -> bool:
        return bool(self._work.desk.settings.get(LANDING, True))

    @property
    def fitting(self) -> following.Fitting:
        chosen = self._work.desk.settings.get(FITTING)
        return following.Fitting.FIT if chosen == following.Fitting.FIT else following.Fitting.RIPPLE

    def set_on(self, on: bool) -> None:
        self._remember(LANDING, on)

    def set_fitting(self, fitting: following.Fitting) -> None:
        self._remember(FITTING, str(fitting))

    def land_all(self) -> None:
        """Every line that is made."""
        self._clerk.ask(self._dictionary, partial(self._land_all))

    def close(self) -> None:
        self._soon.stop()
        self._opened.signals.changed.disconnect(self._changed)
        self._work.desk.jobs.added.disconnect(self._began)
        self._clerk.close()

    def _began(self, watcher: JobWatcher) -> None:
        if _makes(watcher.job, self._work.project):
            self._step = watcher.job.id

    def _changed(self, before: Project, after: Project) -> None:
        if not self.on or self._work.session.read_only:
            return
        lines: set[str] = set()
        if after.takes is not before.takes:
            known = {take.id for take in before.takes}
            lines |= {take.line for take in after.takes if take.id not in known and not take.removed}
        undone = self._work.session.history.redo_label is not None
        if after.script is not before.script and not undone:
            lines |= _chosen_anew(before, after, {clip.line for clip in self._work.document.clips()})
        if lines:
            self._waiting |= lines
            if not self._soon.isActive():
                self._soon.start()

    def _read(self) -> None:
        self._clerk.ask(self._dictionary, self._land_waiting)

    def _dictionary(self) -> tuple[Pronunciation, ...]:
        """Beside the window's thread."""
        return read_dictionary(self._work.desk.studio.profile)

    def _land_waiting(self, everywhere: tuple[Pronunciation, ...]) -> None:
        lines, self._waiting = frozenset(self._waiting), set()
        self._land(lines, everywhere, f"landing {self._step}")

    def _land_all(self, everywhere: tuple[Pronunciation, ...]) -> None:
        if not self._land(None, everywhere, None):
            words = self.tr("Nothing is made yet.")
            self._work.desk.messages.say(words, self.tr("Press Generate: what is made lands here."))

    def _land(self, only: Collection[str] | None, everywhere: Iterable[Pronunciation], merge: str | None) -> bool:
        project = self._work.project
        lines = placed(project, applying=Pronouncing(project, tuple(everywhere)))
        made = [one.line for one in lines if one.take is not None and (only is None or one.line in only)]
        if not made:
            return False
        fitting = self.fitting

        def land(project: Project, timeline: str) -> Project:
            return following.land(project, timeline, lines, only=made, fitting=fitting)

        if self._work.edit(self.tr("Put lines on the timeline"), land, merge, slow=True):
            self.landed.emit()
        return True

    def _remember(self, name: str, value: object) -> None:
        try:
            self._work.desk.settings[name] = value
        except StudioError as error:
            self._work.desk.messages.error(error)


def _makes(job: Job, project: Project) -> bool:
    return job.operation in _MAKING and job.project == project.id


def _chosen_anew(before: Project, after: Project, on_timeline: Collection[str | None]) -> set[str]:
    """Lines with clips for which another take was chosen."""
    old = {line.id: line.chosen for line in before.script.lines}
    return {line.id for line in after.script.lines if line.id in on_timeline and old.get(line.id) != line.chosen}
