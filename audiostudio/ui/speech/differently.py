"""Pronunciation in the window: the dictionaries' dialog, and saying a word of the script differently."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import JsonObject
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Pronunciation
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.casting import Change
from audiostudio.ui.speech.dictionary_dialog import DictionaryDialog
from audiostudio.ui.speech.differently_dialog import LINE, AgainLine, DifferentlyDialog
from audiostudio.ui.speech.editor import ScriptEditor
from audiostudio.ui.speech.pronouncing import Dictionaries
from audiostudio.ui.speech.script import ScriptState, delivery
from audiostudio.ui.speech.wrapping import said_as

if TYPE_CHECKING:
    from audiostudio.script.variants import Variant
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.desk import Desk

KEY = "word"
"""Of the preview that says a word."""


class Pronouncer(QObject):
    def __init__(
        self,
        desk: "Desk",
        session: "ProjectSession",
        script: ScriptState,
        editor: ScriptEditor,
        hear: Callable[[str, JsonObject], None],
        change: Change,
        parent: QWidget,
    ) -> None:
        """`hear(key, request)` plays a request of `speech.preview`."""
        super().__init__(parent)
        self._desk, self._session, self._script, self._editor = desk, session, script, editor
        self._hear, self._change, self._parent = hear, change, parent
        self._background = Background(self)
        self._background.failed.connect(desk.messages.error)
        self._counting = Background(self)
        self._counting.failed.connect(desk.messages.error)
        self.dictionaries = Dictionaries(desk, session, self._counting, change, self)
        self.dictionary: DictionaryDialog | None = None
        self.dialog: DifferentlyDialog | None = None
        """Those that are open."""

    def close(self) -> None:
        for dialog in (self.dictionary, self.dialog):
            if dialog is not None:
                dialog.reject()
        self._background.close()
        self._counting.close()

    def show_dictionary(self, word: str = "") -> None:
        """Open the dictionaries, at a word if one is given."""
        if self.dictionary is None:
            dialog = self.dictionary = DictionaryDialog(self.dictionaries, self._desk.messages, self._parent)
            dialog.hear_wanted.connect(lambda text, entry: self._say(text, entry, self._caret_line()))
            dialog.line_wanted.connect(lambda number: self._editor.select(number, 0, 0))
            dialog.finished.connect(self._dictionary_closed)
        self.dictionary.show()
        self.dictionary.raise_()
        if word:
            self.dictionary.edit_word(word)

    def show_word(self, number: int, start: int, end: int) -> None:
        """Open the other ways to say a word of the script."""
        line = self._session.project.script.lines[number]
        word = line.text[start:end]
        if self.dialog is not None:
            self.dialog.reject()
        dialog = self.dialog = DifferentlyDialog(word, self._parent)
        dialog.again_wanted.connect(lambda scope, choice: self._tell_again(dialog, line.id, scope, choice))
        dialog.hear_wanted.connect(lambda choice: self._say(word, choice, line))
        dialog.accepted.connect(lambda: self._keep(dialog, line.id, line.text, start, end))
        dialog.finished.connect(self._dialog_closed)
        dialog.open()
        tag, text = self._language(line), line.text

        def found(variants: "list[Variant] | StudioError") -> None:
            if self.dialog is not dialog:
                return
            if isinstance(variants, StudioError):
                self._desk.messages.error(variants)
                variants = []
            dialog.show_variants(variants)

        self._background.run(lambda: _variants(word, tag, text), found)

    # Inner

    def _keep(self, dialog: DifferentlyDialog, line: str, text: str, start: int, end: int) -> None:
        choice, scope = dialog.choice(), dialog.scope.value()
        if choice is None:
            return
        if scope != LINE:
            entries = edits.with_pronunciation(self.dictionaries.entries(scope), choice)
            self.dictionaries.set_entries(scope, entries)
            return
        made, _ = said_as(text, start, end, choice.spoken, choice.ipa)
        label = self.tr("Say it differently")
        self._change(label, lambda project: edits.set_line_text(project, line, made), None)

    def _tell_again(self, dialog: DifferentlyDialog, line: str, scope: str, choice: Pronunciation) -> None:
        lines = self._session.project.script.lines

        def tell(numbers: Sequence[int]) -> None:
            if self.dialog is dialog:
                dialog.show_again(scope, choice, [AgainLine(number, lines[number].text) for number in numbers])

        if scope == LINE:
            here = [number for number, one in enumerate(lines) if one.id == line]
            tell([number for number in here if self._script.current(lines[number]) is not None])
            return
        entries = edits.with_pronunciation(self.dictionaries.entries(scope), choice)
        self.dictionaries.ask_effect(scope, choice, entries, lambda found: tell(found.again))

    def _say(self, word: str, choice: Pronunciation | None, line: Line | None) -> None:
        project = self._session.project
        voice = project.voice if line is None else project.voice_of(line)
        known = self._script.pronouncing.of(word, voice.language or project.language)
        self._hear(KEY, delivery(word, voice, (), known if choice is None else (choice,)))

    def _language(self, line: Line) -> str:
        project = self._session.project
        return project.voice_of(line).language or project.language

    def _caret_line(self) -> Line | None:
        lines, number = self._session.project.script.lines, self._editor.line()
        return lines[number] if number < len(lines) else None

    def _dictionary_closed(self) -> None:
        if self.dictionary is not None:
            self.dictionary.deleteLater()
        self.dictionary = None

    def _dialog_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None


def _variants(word: str, language: str, sentence: str) -> "list[Variant] | StudioError":
    from audiostudio.script.variants import variants

    try:
        return variants(word, language, sentence)
    except StudioError as error:
        return error
