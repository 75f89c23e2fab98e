"""Scripts from files and from the clipboard into the project, after a look at what they hold."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, JsonObject, Outcome
from audiostudio.script.importing import SUFFIXES, ImportedScript
from audiostudio.timeline.project import Line, Project, Script
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech import speakers
from audiostudio.ui.speech.casting import Change
from audiostudio.ui.speech.import_dialog import ImportDialog
from audiostudio.ui.speech.pasting import is_table
from audiostudio.ui.speech.words import counted

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk


class Importing(QObject):
    imported = Signal()
    """A script came into the project."""

    def __init__(self, desk: "Desk", session: "ProjectSession", change: Change, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._session, self._change, self._parent = desk, session, change, parent
        self.dialog: ImportDialog | None = None
        """The one that is open."""
        self._watcher: JobWatcher | None = None
        """Of the job that reads for it."""

    def choose(self) -> None:
        """Ask for files."""
        patterns = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        kinds = f"{self.tr('Scripts')} ({patterns});;{self.tr('All files')} (*)"
        found, _ = QFileDialog.getOpenFileNames(self._parent, self.tr("Import a script"), "", kinds)
        if found:
            self.ask([Path(one) for one in found])

    def ask(self, paths: Sequence[Path]) -> None:
        """Show what files hold, and take it over once that is agreed to."""
        name = paths[0].name if len(paths) == 1 else ""
        self._open({"paths": [str(path) for path in paths]}, name, len(paths))

    def ask_text(self, text: str) -> None:
        """As `ask`, of a text from the clipboard."""
        kind = "clipboard.csv" if is_table(text) else "clipboard.txt"
        self._open({"text": text, "name": kind}, self.tr("the clipboard"), 1)

    def close(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    def _open(self, source: JsonObject, name: str, files: int) -> None:
        if self._session.read_only:
            return
        self.close()
        known = speakers.speakers(self._session.project)
        empty = not self._session.project.text.strip()
        dialog = self.dialog = ImportDialog(name, files, empty, self._parent)
        dialog.read_wanted.connect(lambda names: self._read({**source, "names": names, "known": known}))
        dialog.accepted.connect(lambda: self._take(dialog.chosen(), dialog.replaces()))
        dialog.finished.connect(self._closed)
        dialog.open()
        dialog.start()

    def _read(self, request: JsonObject) -> None:
        self._stop()
        try:
            self._watcher = self._desk.jobs.submit(Job("script.import", request, self.tr("Read a script")))
        except StudioError as error:
            self._desk.messages.error(error)
            self.close()
            return
        self._watcher.finished.connect(self._came)

    def _came(self, outcome: Outcome) -> None:
        from audiostudio.operations.script_import import imported

        self._watcher = None
        if self.dialog is None:
            return
        if outcome.state is JobState.DONE and outcome.result is not None:
            self.dialog.show_script(imported(outcome.result))
        else:  # the window says why
            self.dialog.reject()

    def _stop(self) -> None:
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.finished.disconnect(self._came)
            watcher.cancel()

    def _closed(self) -> None:
        self._stop()
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _take(self, script: ImportedScript, replaces: bool) -> None:
        from audiostudio.operations.script_file import with_script

        problems = []

        def changed(project: Project) -> Project:
            base = project if replaces else replace(project, script=Script(cut=project.script.cut))
            made, found = with_script(self._desk.studio, base, script)
            problems.extend(found)
            if replaces:
                return made
            lines = (*_trimmed(project), *made.script.lines)
            return replace(project, script=replace(project.script, lines=lines))

        self._change(self.tr("Import a script"), changed, None)
        count = len(script.lines)
        words = counted(count, self.tr("1 line was imported."), self.tr("%n lines were imported."))
        hint = str(problems[0]) if problems else self.tr("Undo takes them out again.")
        self._desk.messages.say(words, hint, tone="warning" if problems else "success")
        self.imported.emit()


def _trimmed(project: Project) -> tuple[Line, ...]:
    """The lines without blank ones at the end."""
    lines = project.script.lines
    while lines and not lines[-1].text.strip():
        lines = lines[:-1]
    return lines
