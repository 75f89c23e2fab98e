"""Listening to takes: this line, all lines, after Generate; and new takes of those that are not good."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome, Partial
from audiostudio.operations.script import has_take, line_request, made_take
from audiostudio.operations.verdict import Level
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, TakeCheck, TakeWord, VoiceChoice
from audiostudio.timeline.schema import decode
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech.script import LineProblem, ScriptState, speakable
from audiostudio.ui.speech.takes.judging import judged, overlong, overlong_words
from audiostudio.ui.speech.words import counted

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk

AUTOMATIC = "speech.check.automatic"
"""The setting: takes are checked after Generate."""
_OPERATIONS = ("speech.check", "speech.fix")
_ALIGNING = ("speech.align", "speech.export")
"""They find words, too."""


class Checking(QObject):
    """One job at a time. Its findings go into the project as they come."""

    changed = Signal()
    """It began, is further or has ended; or something was found."""
    list_wanted = Signal()
    """The lines that need ears are to be shown."""

    def __init__(self, desk: "Desk", session: "ProjectSession", script: ScriptState, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._session, self._script = desk, session, script
        self.agree: Callable[[Sequence[Line]], bool] = lambda _lines: True
        """Asked before takes are made, with each line as often as it may be made: what they cost, say."""
        self._watcher: JobWatcher | None = None
        self._mine = False
        """Begun here: who begins it tells the end. Two tabs may show the same script."""
        self._voices: dict[str, VoiceChoice] = {}
        self._told = {"take": self._take, "check": self._checked, "words": self._words, "best": self._best}
        desk.jobs.added.connect(self._follow)

    @property
    def running(self) -> bool:
        return self._watcher is not None

    @property
    def fixing(self) -> bool:
        return self._watcher is not None and self._watcher.job.operation == "speech.fix"

    @property
    def fraction(self) -> float | None:
        return self._watcher.latest.fraction if self._watcher is not None else None

    @property
    def automatic(self) -> bool:
        return bool(self._desk.settings.get(AUTOMATIC, False))

    def set_automatic(self, on: bool) -> None:
        try:
            self._desk.settings[AUTOMATIC] = on
        except StudioError as error:
            self._desk.messages.error(error)

    # What it knows

    def level(self, line: Line) -> Level | None:
        """Of the take that the line plays; None: it has none, or nobody listened to it."""
        take = self._script.current(line)
        found = judged(take) if take is not None else None
        return found.level if found is not None else None

    def unchecked(self) -> list[Line]:
        """Lines whose take nobody has listened to."""
        return [line for line in self._lines() if (take := self._script.current(line)) is not None and not take.check]

    def wanting(self) -> list[Line]:
        """Lines that need ears: what was found in their take is not good."""
        return [line for line in self._lines() if self.level(line) in (Level.LISTEN, Level.BAD)]

    def problems(self) -> list[LineProblem]:
        """`wanting`, and lines too long for their slot, as the script's problems are told."""
        told = []
        for number, line in enumerate(self._session.project.script.lines):
            take = self._script.current(line)
            found = judged(take) if take is not None else None
            if found is not None and found.level is not Level.GOOD:
                told.append(LineProblem(number, 0, found.reasons[0]))
            elif take is not None and overlong(line, take):
                told.append(LineProblem(number, 0, overlong_words(line, take)))
        return told

    # What it does

    def check(self, lines: Iterable[Line]) -> bool:
        """Listen to the takes that these lines play; whether it began."""
        wanted = [line for line in lines if self._script.current(line) is not None]
        title = counted(len(wanted), self.tr("Check 1 line"), self.tr("Check %n lines"))
        return self._submit("speech.check", wanted, title)

    def fix(self, lines: Iterable[Line], tries: int | None = None) -> bool:
        """Make new takes of these lines until one is good, `tries` of each at most; the best is chosen."""
        from audiostudio.operations.fix import TRIES  # brings the engines' ears along

        tries = TRIES if tries is None else tries
        wanted = [line for line in lines if speakable(line.text)]
        if not self.agree(wanted * tries):
            return False
        title = counted(len(wanted), self.tr("Fix 1 line"), self.tr("Fix %n lines"))
        return self._submit("speech.fix", wanted, title, tries)

    def cancel(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()

    def generated(self, outcome: Outcome) -> None:
        """A run of Generate has ended."""
        if self.automatic and outcome.state is JobState.DONE and not self.running:
            unchecked = self.unchecked()
            if unchecked:
                self.check(unchecked)

    def close(self) -> None:
        self._desk.jobs.added.disconnect(self._follow)
        if self._watcher is not None:
            self._let_go(self._watcher)
            self._watcher.cancel()
            self._watcher = None

    def _lines(self) -> list[Line]:
        return [line for line in self._session.project.script.lines if speakable(line.text)]

    def _submit(self, operation: str, lines: list[Line], title: str, tries: int | None = None) -> bool:
        if self.running or not lines or self._session.read_only:
            return False
        project = self._session.project
        asked = []
        for line in lines:
            take = self._script.current(line)
            one = line_request(project, line, self._script.pronouncing)
            asked.append(one | ({"asset": take.asset.id, "source": take.source} if take is not None else {}))
        request = {"project": project.id, "name": project.name, "folder": str(self._session.path), "lines": asked}
        if tries is not None:
            request["tries"] = tries
        self._mine = True
        try:
            self._desk.jobs.submit(Job(operation, request, title, project=project.id))
        except StudioError as error:
            self._desk.messages.error(error)
        return self.running

    def _follow(self, watcher: JobWatcher) -> None:
        """Also what another tab with the script, or the jobs panel, began."""
        job, project = watcher.job, self._session.project
        if job.project == project.id and job.operation in _ALIGNING:
            watcher.partial.connect(self._came)
        if self.running or job.operation not in _OPERATIONS or job.project != project.id:
            return
        lines = {line.id: line for line in project.script.lines}
        asked = [one["line"] for one in job.request["lines"]]
        self._voices = {name: project.voice_of(lines[name]) for name in asked if name in lines}
        self._watcher = watcher
        watcher.partial.connect(self._came)
        watcher.progress.connect(self._further)
        watcher.finished.connect(self._ended)
        self.changed.emit()

    def _let_go(self, watcher: JobWatcher) -> None:
        watcher.partial.disconnect(self._came)
        watcher.progress.disconnect(self._further)
        watcher.finished.disconnect(self._ended)

    def _came(self, partial: Partial) -> None:
        if self._session.read_only:
            return
        told = self._told.get(partial.kind)
        if told is None:
            return
        try:
            told(partial.data)
        except StudioError as error:
            self._desk.messages.error(error)
        self.changed.emit()

    def _take(self, data: dict) -> None:
        """A variation is a take of the line as it was asked for, by whatever seed or hair's breadth of speed."""
        voice = self._voices.get(data["line"])
        if voice is None:
            return
        take = made_take(data, voice)
        if not has_take(self._of_line(take.line), take):
            self._session.add_takes(take)

    def _checked(self, data: dict) -> None:
        found = decode(TakeCheck, data["check"])
        takes = [take for take in self._of_line(data["line"]) if take.asset.id == data["asset"]]
        self._session.set_checks({take.id: found for take in takes})

    def _words(self, data: dict) -> None:
        words = tuple(TakeWord(*word) for word in data["words"])
        takes = [take for take in self._of_line(data["line"]) if take.asset.id == data["asset"]]
        self._session.set_words({take.id: words for take in takes if take.text == data["text"]})

    def _best(self, data: dict) -> None:
        line = next((one for one in self._session.project.script.lines if one.id == data["line"]), None)
        takes = [take for take in self._of_line(data["line"]) if take.asset.id == data["asset"]]
        self._script.follow(self._session.project)
        current = self._script.current(line) if line is not None else None
        if line is None or not takes or (current is not None and current.asset.id == data["asset"]):
            return
        take = takes[-1]
        self._session.edit(self.tr("Fix a line"), lambda project: edits.choose_take(project, line.id, take.id))

    def _of_line(self, line: str) -> list:
        return [take for take in self._session.project.takes if take.line == line and not take.removed]

    def _further(self, _progress: object) -> None:
        self.changed.emit()

    def _ended(self, outcome: Outcome) -> None:
        watcher, self._watcher = self._watcher, None
        mine, self._mine = self._mine, False
        self.changed.emit()
        if watcher is None or not mine or outcome.state is not JobState.DONE or outcome.result is None:
            return
        if watcher.job.operation == "speech.fix":
            good, all_of_them = outcome.result["good"], len(outcome.result["lines"])
            if good < all_of_them:
                left = counted(
                    all_of_them - good, self.tr("1 line is still not good"), self.tr("%n lines are not good")
                )
                hint = self.tr("F8 goes to the next one. Say it differently, or record it.")
                self._desk.messages.say(left, hint, action=self._showing())
        else:
            doubtful = outcome.result["listen"] + outcome.result["bad"]
            if doubtful:
                words = counted(doubtful, self.tr("1 line needs your ears."), self.tr("%n lines need your ears."))
                hint = self.tr("F8 goes to the next one.")
                self._desk.messages.say(words, hint, action=self._showing(), tone="warning")

    def _showing(self) -> tuple[str, Callable[[], None]]:
        return self.tr("Show them"), self.list_wanted.emit
