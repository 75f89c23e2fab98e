"""Both pronunciation dictionaries, the project's and that of all projects, for the window: read, changed, counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.operations.dictionary import affected, read_dictionary, write_dictionary
from audiostudio.timeline import edits
from audiostudio.timeline.project import Project, Pronunciation
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.casting import Change

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk

PROJECT, ALWAYS = "project", "always"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an entry of a dictionary does to the script. Numbers of lines, from 0."""

    using: tuple[int, ...]
    again: tuple[int, ...]
    """Those that are made and will have to be made again."""


Answer = Callable[[Effect], None]


class Dictionaries(QObject):
    """`entries(PROJECT)` can be undone; `entries(ALWAYS)` lies in the profile."""

    changed = Signal()

    def __init__(
        self, desk: "Desk", session: "ProjectSession", background: Background, change: Change, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._session, self._change = desk, session, change
        self._background = background
        self._question = 0
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

    def ask_effect(self, scope: str, entry: Pronunciation, entries: Sequence[Pronunciation], then: Answer) -> None:
        """Find out beside the window which lines (by number) have a word for `entry`, and which are made again when
        `entries` become those of a scope. Of several questions only the last is answered."""
        project, everywhere, made = self._session.project, self._everywhere, tuple(entries)
        self._question += 1
        question = self._question

        def find() -> Effect:
            if question != self._question:
                return Effect((), ())
            if scope == PROJECT:
                again = affected(project, edits.set_dictionary(project, made), everywhere)
            else:
                again = affected(project, project, everywhere, made)
            number_of = {line.id: number for number, line in enumerate(project.script.lines)}
            return Effect(tuple(using(project, [entry])[0]), tuple(number_of[line.id] for line in again))

        self._background.run(find, lambda found: then(found) if question == self._question else None)

    def ask_uses(self, entries: Sequence[Pronunciation], then: Callable[[list[list[int]]], None]) -> None:
        """Find out beside the window which lines have a word for each entry."""
        project, asked = self._session.project, list(entries)
        self._background.run(lambda: using(project, asked), then)

    def _read(self, entries: tuple[Pronunciation, ...]) -> None:
        if entries != self._everywhere:
            self._everywhere = entries
            self.changed.emit()


def using(project: Project, entries: Sequence[Pronunciation]) -> list[list[int]]:
    """The numbers of the lines that use each entry, when there are no others."""
    from audiostudio.script.dictionary import Dictionary

    dictionary = Dictionary(entries)
    found: dict[Pronunciation, list[int]] = {entry: [] for entry in entries}
    for number, line in enumerate(project.script.lines if entries else ()):
        tag = project.voice_of(line).language or project.language
        try:
            applying = dictionary.applying(line.text, tag) if line.text.strip() else ()
        except StudioError:  # a language that is not known, which whoever speaks the line will tell
            continue
        for entry in applying:
            if isinstance(entry, Pronunciation):
                found[entry].append(number)
    return [found[entry] for entry in entries]
