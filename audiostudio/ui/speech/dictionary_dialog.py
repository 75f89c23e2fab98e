"""The pronunciation dictionaries: how words are read aloud, in this project and in all."""

import html
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from audiostudio.errors import StudioError
from audiostudio.operations.dictionary import export_csv, import_csv
from audiostudio.script.dictionary import complaint
from audiostudio.script.language import FURTHER, LANGUAGES
from audiostudio.timeline.edits import with_pronunciation, without_pronunciation
from audiostudio.timeline.project import Pronunciation
from audiostudio.ui.messages import Messages
from audiostudio.ui.speech.pronouncing import ALWAYS, PROJECT, Dictionaries, Effect
from audiostudio.ui.speech.words import counted, language_name, number
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, ChoiceBox, EmptyState, IconButton, SearchField, SegmentedControl

_LINES = 12
"""Line numbers that are listed."""


class DictionaryDialog(QDialog):
    """Every change holds at once; those of the project's dictionary can be undone."""

    hear_wanted = Signal(str, object)
    """A word and the `Pronunciation` that says how."""
    line_wanted = Signal(int)

    def __init__(self, dictionaries: Dictionaries, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dictionaries, self._messages = dictionaries, messages
        self._shown: list[Pronunciation] = []
        self._closed = False
        self._entry: Pronunciation | None = None
        """The one that is changed; None: a new one."""
        self.setWindowTitle(self.tr("Pronunciation"))
        scopes = ((PROJECT, self.tr("This project")), (ALWAYS, self.tr("All projects")))
        self.scope = SegmentedControl(scopes, self, self.tr("Dictionary of"))
        self.search = SearchField(self.tr("Search"), self)
        self.table = QTableWidget(0, 4, self)
        self.table.setHorizontalHeaderLabels([self.tr("Word"), self.tr("Said"), self.tr("Language"), self.tr("Lines")])
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setAccessibleName(self.tr("Entries"))
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, mode in enumerate((QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.Stretch)):
            header.setSectionResizeMode(column, mode)
        self.empty = EmptyState("speech", "", parent=self)
        QVBoxLayout(self.table.viewport()).addWidget(self.empty)
        self.word = QLineEdit(self)
        self.word.setAccessibleName(self.tr("Word or phrase"))
        self.spoken = QLineEdit(self)
        self.spoken.setAccessibleName(self.tr("How it is said"))
        self.word.setPlaceholderText(self.tr("SQL"))
        kinds = (("words", self.tr("Respelling")), ("ipa", self.tr("IPA")))
        self.kind = SegmentedControl(kinds, self, self.tr("Written as"))
        self.language = ChoiceBox(self.tr("Language"), self, small=True)
        self.language.addItem(self.tr("In every language"), None)
        self.language.addItem(self.tr("English"), "en")
        for one in (*LANGUAGES, *FURTHER):
            self.language.addItem(language_name(one.tag), one.tag)
        self.case = QCheckBox(self.tr("Match case"), self)
        self.whole = QCheckBox(self.tr("Whole word"), self)
        self.hear = IconButton("play:solid", self.tr("Hear it"), self)
        self.note = QLabel(self)
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.RichText)
        self.save = Button(self.tr("Add"), "primary", "check", self)
        self.new = Button(self.tr("New entry"), "secondary", "plus", self)
        self.remove = Button(self.tr("Remove"), "secondary", "trash-2", self)
        self.take_in = Button(self.tr("Import…"), "secondary", "import", self)
        self.hand_out = Button(self.tr("Export…"), "secondary", "share", self)
        self._lay_out()
        self._connect()
        self._show()
        self._show_entry(None)

    def edit_word(self, word: str) -> None:
        """Begin an entry for a word, or go to the one there is."""
        for scope in (PROJECT, ALWAYS):
            found = next((one for one in self._dictionaries.entries(scope) if one.word == word), None)
            if found is not None:
                self.scope.choose(scope)
                self._select(found)
                return
        self._show_entry(None)
        self.word.setText(word)
        self.spoken.setFocus()

    # Inner

    def _made(self) -> Pronunciation:
        """The entry as the fields have it."""
        base = self._entry or Pronunciation("", "")
        return replace(
            base,
            word=" ".join(self.word.text().split()),
            spoken=self.spoken.text().strip(),
            ipa=self.kind.value() == "ipa",
            language=self.language.currentData(),
            match_case=self.case.isChecked(),
            whole_word=self.whole.isChecked(),
        )

    def _with(self, entry: Pronunciation) -> tuple[Pronunciation, ...]:
        """The dictionary with the entry in place of the one that is changed."""
        entries = self._dictionaries.entries(self.scope.value())
        old = self._entry
        if old is not None and (old.word, old.language) != (entry.word, entry.language):
            entries = without_pronunciation(entries, old.word, old.language)
        return with_pronunciation(entries, entry)

    def _save(self) -> None:
        entry = self._made()
        if not complaint(entry):
            self._dictionaries.set_entries(self.scope.value(), self._with(entry))
            self._select(entry)

    def _remove(self) -> None:
        if self._entry is not None:
            entries = self._dictionaries.entries(self.scope.value())
            kept = without_pronunciation(entries, self._entry.word, self._entry.language)
            self._dictionaries.set_entries(self.scope.value(), kept)
            self._show_entry(None)

    def _import(self) -> None:
        found, _ = QFileDialog.getOpenFileName(self, self.tr("Import a dictionary"), "", "CSV (*.csv *.tsv *.txt)")
        if found:
            self.import_file(Path(found))

    def import_file(self, path: Path) -> None:
        """Take over the entries of a CSV file."""
        scope = self.scope.value()
        try:
            entries, wrong = import_csv(path, self._dictionaries.entries(scope))
        except StudioError as error:
            self._messages.error(error)
            return
        before = len(self._dictionaries.entries(scope))
        self._dictionaries.set_entries(scope, entries)
        words = counted(len(entries) - before, self.tr("1 new entry."), self.tr("%n new entries."))
        self._messages.say(words, wrong[0] if wrong else "", tone="warning" if wrong else "success")

    def _export(self) -> None:
        found, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export the dictionary"), "pronunciation.csv", "CSV (*.csv)"
        )
        if found:
            try:
                export_csv(Path(found), self._dictionaries.entries(self.scope.value()))
            except StudioError as error:
                self._messages.error(error)

    def _show(self) -> None:
        """The entries of the scope that fit the search."""
        entries = self._dictionaries.entries(self.scope.value())
        wanted = self.search.text().casefold().split()
        self._shown = [one for one in entries if all(word in f"{one.word} {one.spoken}".casefold() for word in wanted)]
        with QSignalBlocker(self.table):
            self.table.setRowCount(len(self._shown))
            for row, entry in enumerate(self._shown):
                said = f"/{entry.spoken.strip('/')}/" if entry.ipa else entry.spoken
                language = "" if entry.language is None else language_name(entry.language)
                for column, text in enumerate((entry.word, said, language, "")):
                    item = QTableWidgetItem(text)
                    item.setToolTip(text)
                    self.table.setItem(row, column, item)
        none = self.tr("No words yet. Write one below and how it is said: every line that has it follows.")
        self.empty.sentence.setText(self.tr("No entry has these letters.") if entries else none)
        self.empty.setVisible(not self._shown)
        shown = list(self._shown)
        self._dictionaries.ask_uses(shown, lambda uses: self._show_uses(shown, uses))
        self.hand_out.setEnabled(bool(entries))
        if self._entry is not None and self._entry in self._shown:
            self._select(self._entry)
        elif self._entry is not None:
            self._show_entry(None)

    def _show_uses(self, shown: list[Pronunciation], uses: list[list[int]]) -> None:
        if self._closed or shown != self._shown:
            return
        for row, lines in enumerate(uses):
            self.table.item(row, 3).setText(number(len(lines)))

    def _select(self, entry: Pronunciation) -> None:
        if entry in self._shown:
            self.table.selectRow(self._shown.index(entry))
            self._show_entry(entry)

    def _chosen(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if rows and rows[0].row() < len(self._shown):
            self._show_entry(self._shown[rows[0].row()])

    def _show_entry(self, entry: Pronunciation | None) -> None:
        self._entry = entry
        if entry is None:
            with QSignalBlocker(self.table):
                self.table.clearSelection()
        shown = entry or Pronunciation("", "")
        self.word.setText(shown.word)
        self.spoken.setText(shown.spoken)
        self.kind.choose("ipa" if shown.ipa else "words")
        self.language.setCurrentIndex(max(0, self.language.findData(shown.language)))
        self.case.setChecked(shown.match_case)
        self.whole.setChecked(shown.whole_word)
        self.remove.setEnabled(entry is not None)
        self.save.setText(self.tr("Add") if entry is None else self.tr("Change"))
        self._look()

    def _look(self) -> None:
        """What the entry would do, before it does."""
        entry = self._made()
        self.spoken.setPlaceholderText("ˈsiːkwəl" if entry.ipa else self.tr("sequel"))
        wrong = complaint(entry) if entry.word or entry.spoken else ""
        ready = bool(entry.word and entry.spoken and not wrong)
        self.save.setEnabled(ready and entry != self._entry)
        self.hear.setEnabled(ready)
        if not ready:
            told = QCoreApplication.translate("Script", wrong) if wrong and entry.word and entry.spoken else ""
            self.note.setText(html.escape(told))
            return
        self.note.setText("")
        scope = self.scope.value()
        self._dictionaries.ask_effect(scope, entry, self._with(entry), lambda found: self._tell(entry, found))

    def _tell(self, entry: Pronunciation, found: Effect) -> None:
        """Which lines use an entry, and which it makes again."""
        if self._closed or entry != self._made():
            return
        links = ", ".join(f'<a href="{one}">{number(one + 1)}</a>' for one in found.using[:_LINES])
        words = counted(len(found.using), self.tr("In 1 line"), self.tr("In %n lines"))
        if links:
            words += f": {links}{' …' if len(found.using) > _LINES else ''}"
        if found.again and entry != self._entry:
            one, many = self.tr("1 line will be made again"), self.tr("%n lines will be made again")
            words += f"  ·  {counted(len(found.again), one, many)}"
        self.note.setText(words)

    def _connect(self) -> None:
        self.scope.changed.connect(lambda _scope: self._show_other())
        self.search.textChanged.connect(lambda _text: self._show())
        self.table.itemSelectionChanged.connect(self._chosen)
        for field in (self.word, self.spoken):
            field.textChanged.connect(lambda _text: self._look())
            field.returnPressed.connect(self._save)
        self.kind.changed.connect(lambda _kind: self._look())
        self.language.currentIndexChanged.connect(lambda _index: self._look())
        for box in (self.case, self.whole):
            box.toggled.connect(lambda _on: self._look())
        self.hear.clicked.connect(lambda: self.hear_wanted.emit(self._made().word, self._made()))
        self.note.linkActivated.connect(lambda link: self.line_wanted.emit(int(link)))
        self.save.clicked.connect(self._save)
        self.new.clicked.connect(lambda: self._show_entry(None))
        self.remove.clicked.connect(self._remove)
        self.take_in.clicked.connect(self._import)
        self.hand_out.clicked.connect(self._export)
        self._dictionaries.changed.connect(self._show)
        self.finished.connect(self._close)

    def _close(self) -> None:
        self._closed = True
        self._dictionaries.changed.disconnect(self._show)

    def _show_other(self) -> None:
        self._show_entry(None)
        self._show()

    def _lay_out(self) -> None:
        for button in (self.save, self.new, self.remove, self.take_in, self.hand_out):
            button.setAutoDefault(False)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.scope)
        head.addWidget(self.search, 1)
        head.addWidget(self.take_in)
        head.addWidget(self.hand_out)
        form = QGridLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        for row, (caption, field) in enumerate(((self.tr("Word"), self.word), (self.tr("Said"), self.spoken))):
            label = QLabel(caption, self)
            label.setBuddy(field)
            form.addWidget(label, row, 0)
            form.addWidget(field, row, 1)
        form.addWidget(self.language, 0, 2)
        form.addWidget(self.kind, 1, 2)
        form.addWidget(self.hear, 1, 3)
        form.setColumnStretch(1, 1)
        self.language.setMinimumWidth(176)
        checks = QHBoxLayout()
        checks.setSpacing(2 * GRID)
        checks.addWidget(self.case)
        checks.addWidget(self.whole)
        checks.addWidget(self.note, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.new)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(form)
        column.addLayout(checks)
        column.addLayout(buttons)
        self.resize(760, 560)
