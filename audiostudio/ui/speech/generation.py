"""Generate: a job that makes the lines that are not made, and the takes that come of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome, Partial
from audiostudio.operations.script import SEED
from audiostudio.timeline.project import Line, Project, VoiceChoice, VoiceOption
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech.script import ScriptState, delivery, has_take, made_take, request, speakable

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk

GATHER = 80
"""Milliseconds in which takes are gathered before they go into the project: many come at once when they are old."""


class Generation(QObject):
    """One run at a time."""

    began = Signal()
    progressed = Signal(object)
    """A `Progress`."""
    ended = Signal(object)
    """An `Outcome`, after the last take is in the project."""

    def __init__(self, desk: "Desk", session: "ProjectSession", script: ScriptState, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._session, self._script = desk, session, script
        self.agree: Callable[[Sequence[Line]], bool] = lambda _lines: True
        """Asked before lines are made: what they cost, say."""
        self._watcher: JobWatcher | None = None
        self._voices: dict[str, VoiceChoice] = {}
        self._waiting: list[str] = []
        self._gathered: list[dict[str, Any]] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(GATHER)
        self._soon.timeout.connect(self._store)
        desk.jobs.added.connect(self._follow)

    @property
    def running(self) -> bool:
        return self._watcher is not None

    def unmade(self) -> list[Line]:
        """What a run would make, as the script is now."""
        self._script.follow(self._session.project)
        return self._script.unmade()

    def start(self, only: Iterable[str] | None = None, again: Iterable[str] = ()) -> bool:
        """Make what is not made; whether a run began. `only`: the lines that may be made; `again`: those of which
        another take is wanted."""
        if self.running:
            return False
        project, script = self._session.project, self._script
        title = self.tr("Generate “{name}”").replace("{name}", project.name)
        script.follow(project)
        if not self.agree(self._wanted(only, frozenset(again))):
            return False
        takes = {line.id: take for line in project.script.lines if (take := script.current(line)) is not None}
        asked = request(project, self._session.path, script.pronouncing, takes=takes, only=only, again=again)
        try:
            self._desk.jobs.submit(Job("speech.generate", asked, title, project=project.id))
        except StudioError as error:
            self._desk.messages.error(error)
            return False
        return self.running

    def _wanted(self, only: Iterable[str] | None, again: frozenset[str]) -> list[Line]:
        allowed = None if only is None else frozenset(only)
        lines = self._script.project.script.lines
        return [
            line
            for line in lines
            if line.id in again
            or ((allowed is None or line.id in allowed) and speakable(line.text) and not self._script.current(line))
        ]

    def _follow(self, watcher: JobWatcher) -> None:
        """Take what a run for this project makes, whether it was begun here or is run again from the jobs panel."""
        job, project = watcher.job, self._session.project
        if self.running or job.operation != "speech.generate" or job.project != project.id:
            return
        lines = {line.id: line for line in project.script.lines}
        asked = {one["line"]: one for one in job.request["lines"]}
        self._voices = {name: _voice(one, lines.get(name), project) for name, one in asked.items()}
        only = job.request.get("only")
        again = [name for name, one in asked.items() if one.get("again")]
        self._waiting = again or [
            line.id for line in self.unmade() if line.id in asked and (only is None or line.id in only)
        ]
        self._watcher = watcher
        watcher.partial.connect(self._came)
        watcher.progress.connect(self.progressed)
        watcher.finished.connect(self._finished)
        self._script.set_failed(None)
        self._show_making()
        self.began.emit()

    def cancel(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()

    def close(self) -> None:
        """The project is being closed: the takes so far are kept, the job ends."""
        self._desk.jobs.added.disconnect(self._follow)
        self._store()
        if self._watcher is not None:
            self._watcher.partial.disconnect(self._came)
            self._watcher.progress.disconnect(self.progressed)
            self._watcher.finished.disconnect(self._finished)
            self._watcher.cancel()
            self._watcher = None

    def _came(self, partial: Partial) -> None:
        if partial.kind == "take":
            self._gathered.append(partial.data)
            if not self._soon.isActive():
                self._soon.start()

    def _store(self) -> None:
        self._soon.stop()
        gathered, self._gathered = self._gathered, []
        if not gathered:
            return
        known: dict[str, list[Any]] = {}
        for take in self._session.project.takes:
            if not take.removed:
                known.setdefault(take.line, []).append(take)
        made = [made_take(data, self._voices[data["line"]]) for data in gathered]
        new = [take for take in made if not has_take(known.get(take.line, ()), take)]
        done = {take.line for take in made}
        self._waiting = [line for line in self._waiting if line not in done]
        self._show_making()
        if new and not self._session.read_only:
            try:
                self._session.add_takes(*new)
            except StudioError as error:
                self._desk.messages.error(error)

    def _show_making(self) -> None:
        self._script.set_making(self._waiting[:1])

    def _finished(self, outcome: Outcome) -> None:
        self._store()
        self._watcher = None
        self._script.set_making(())
        if outcome.state is JobState.FAILED and self._waiting:
            lines = {line.id: line for line in self._session.project.script.lines}
            self._script.set_failed(lines.get(self._waiting[0]))
        self.ended.emit(outcome)


def _voice(asked: Mapping[str, Any], line: Line | None, project: Project) -> VoiceChoice:
    """How a line is spoken by a run that was asked for `asked`: another voice may have been chosen since."""
    now = project.voice_of(line) if line is not None else None
    if now is not None and delivery(asked["text"], now).items() <= asked.items():
        return now
    options = [*asked.get("options", ()), *([(SEED, str(asked["seed"]))] if asked.get("seed") else [])]
    return VoiceChoice(
        asked["voice"],
        asked["speed"],
        asked["pitch"],
        asked["language"] or None,
        asked.get("energy", 0.0),
        asked.get("intonation", 1.0),
        tuple(sorted(VoiceOption(*option) for option in options)),
    )
