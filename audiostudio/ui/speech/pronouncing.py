"""Both pronunciation dictionaries, the project's and that of all projects, for the window: read, changed, counted."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.operations.dictionary import affected, read_dictionary, write_dictionary
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Pronunciation
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.casting import Change

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk

PROJECT, ALWAYS = "project", "always"


class Dictionaries(QObject):
    """`entries(PROJECT)` can be undone; `entries(ALWAYS)` lies in the profile."""

    changed = Signal()

    def __init__(
        self, desk: "Desk", session: "ProjectSession", background: Background, change: Change, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._session, self._change = desk, session, change
        self._background = background
        self._everywhere: tuple[Pronunciation, ...] = ()
        self.look()

    def look(self) -> None:
        """See what another window or tab wrote into the dictionary of all projects."""
        self._background.run(lambda: read_dictionary(self._desk.studio.profile), self._read)

    @property
    def everywhere(self) -> tuple[Pronunciation, ...]:
        return self._everywhere

    def entries(self, scope: str) -> tuple[Pronunciation, ...]:
        return self._session.project.dictionary if scope == PROJECT else self._everywhere

    def set_entries(self, scope: str, entries: Sequence[Pronunciation]) -> None:
        """The whole dictionary of a scope."""
        made = tuple(entries)
        if made == self.entries(scope):
            return
        if scope == PROJECT:
            label = self.tr("Pronunciation")
            self._change(label, lambda project: edits.set_dictionary(project, made), None)
            return
        try:
            write_dictionary(self._desk.studio.profile, made)
        except StudioError as error:
            self._desk.messages.error(error)
            return
        self._read(made)

    def affected(self, scope: str, entries: Iterable[Pronunciation]) -> list[Line]:
        """The lines that would be made again if these were the entries of a scope."""
        project, made = self._session.project, tuple(entries)
        if scope == PROJECT:
            return affected(project, edits.set_dictionary(project, made), self._everywhere)
        return affected(project, project, self._everywhere, made)

    def using(self, entry: Pronunciation) -> list[int]:
        """The numbers of the lines that have a word for an entry."""
        from audiostudio.script.dictionary import Dictionary

        project, one = self._session.project, Dictionary([entry])
        found = []
        for number, line in enumerate(project.script.lines):
            tag = project.voice_of(line).language or project.language
            try:
                uses = line.text.strip() and one.applying(line.text, tag)
            except StudioError:
                uses = False
            if uses:
                found.append(number)
        return found

    def _read(self, entries: tuple[Pronunciation, ...]) -> None:
        if entries != self._everywhere:
            self._everywhere = entries
            self.changed.emit()
