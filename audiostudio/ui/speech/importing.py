"""Scripts from files and from the clipboard into the project, after a look at what they hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from audiostudio.errors import StudioError
from audiostudio.script.importing import SUFFIXES, ImportedScript, import_data, import_script
from audiostudio.timeline.project import Project, Script
from audiostudio.ui.speech import speakers
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.casting import Change
from audiostudio.ui.speech.import_dialog import ImportDialog
from audiostudio.ui.speech.pasting import is_table
from audiostudio.ui.speech.words import counted

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Source:
    """A script that is not in the project yet."""

    name: str
    path: Path | None = None
    text: str = ""

    def read(self, names: bool | None, known: Sequence[str]) -> ImportedScript:
        """`names`: whether `EMMA: Hello` is said by Emma; None: as the file's kind suggests."""
        if self.path is not None:
            return import_script(self.path, names, known)
        return import_data(self.text.encode("utf-8", "replace"), self.name, names, known)


class Importing(QObject):
    imported = Signal()
    """A script came into the project."""

    def __init__(
        self,
        desk: "Desk",
        session: "ProjectSession",
        change: Change,
        background: Background,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._desk, self._session, self._change, self._background = desk, session, change, background
        self._parent = parent
        self.dialog: ImportDialog | None = None
        """The one that is open."""

    def choose(self) -> None:
        """Ask for files."""
        patterns = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        kinds = f"{self.tr('Scripts')} ({patterns});;{self.tr('All files')} (*)"
        found, _ = QFileDialog.getOpenFileNames(self._parent, self.tr("Import a script"), "", kinds)
        if found:
            self.ask([Path(one) for one in found])

    def ask(self, paths: Sequence[Path]) -> None:
        """Show what files hold, and take it over once that is agreed to."""
        self._open([Source(path.name, path) for path in paths])

    def ask_text(self, text: str) -> None:
        """As `ask`, of a text from the clipboard."""
        name = "clipboard.csv" if is_table(text) else "clipboard.txt"
        self._open([Source(name, text=text)])

    def _open(self, sources: Sequence[Source]) -> None:
        if self._session.read_only or not sources:
            return
        if self.dialog is not None:
            self.dialog.reject()
        known = speakers.speakers(self._session.project)

        def read(names: bool | None, then: Callable[[ImportedScript], None]) -> None:
            def came(found: ImportedScript | StudioError) -> None:
                if not isinstance(found, StudioError):
                    then(found)
                    return
                self._desk.messages.error(found)
                if self.dialog is dialog:
                    dialog.reject()

            self._background.run(lambda: read_all(sources, names, known), came)

        name = sources[0].name if len(sources) == 1 else ""
        if sources[0].path is None:
            name = self.tr("the clipboard")
        empty = not self._session.project.text.strip()
        dialog = self.dialog = ImportDialog(name, len(sources), empty, read, self._parent)
        dialog.accepted.connect(lambda: self._take(dialog.chosen(), dialog.replaces()))
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
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


def read_all(sources: Sequence[Source], names: bool | None, known: Sequence[str]) -> ImportedScript | StudioError:
    """All of them as one script; or why one cannot be read."""
    try:
        return joined([source.read(names, known) for source in sources])
    except StudioError as error:
        return error


def joined(scripts: Sequence[ImportedScript]) -> ImportedScript:
    """Several files as one script, one after the other."""
    if len(scripts) == 1:
        return scripts[0]
    return ImportedScript(
        tuple(line for script in scripts for line in script.lines),
        tuple(problem for script in scripts for problem in script.problems),
        scripts[0].title,
    )


def _trimmed(project: Project) -> tuple:
    """The lines without blank ones at the end."""
    lines = project.script.lines
    while lines and not lines[-1].text.strip():
        lines = lines[:-1]
    return lines
