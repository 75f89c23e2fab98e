"""Import: what a file holds, who speaks in it, what is wrong with it, and how much of it is wanted."""

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from audiostudio.script.importing import ImportedLine, ImportedScript
from audiostudio.ui.speech.words import counted, length
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, SegmentedControl, Spinner

SHOWN = 300
"""Lines of the preview."""


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    first: int
    last: int
    """Behind its last line."""


def chapters(lines: tuple[ImportedLine, ...]) -> list[Chapter]:
    """The parts under headings of the highest level of which there are several; what stands before the first belongs
    to it. Empty where there are not."""
    levels = [_level(line) for line in lines]
    level = next((one for one in range(1, 7) if levels.count(one) > 1), 0)
    starts = [number for number, one in enumerate(levels) if one == level] if level else []
    ends = [*starts[1:], len(lines)]
    firsts = [0, *starts[1:]]
    return [
        Chapter(lines[start].text.lstrip("# "), first, last)
        for start, first, last in zip(starts, firsts, ends, strict=False)
    ]


def _level(line: ImportedLine) -> int:
    return len(line.text) - len(line.text.lstrip("#")) if line.heading else 0


class ImportDialog(QDialog):
    """`chosen()` is the part that is wanted, `replaces()` whether it takes the place of the script."""

    read_wanted = Signal(object)
    """To be read with speakers, without, or as the file's kind suggests (None); `show_script` is the answer."""

    def __init__(self, name: str, files: int, empty: bool, parent: QWidget | None = None) -> None:
        """`name`: of the file, empty for several; `empty`: there is no script yet."""
        super().__init__(parent)
        self._script = ImportedScript(())
        self._chapters: list[Chapter] = []
        self.setWindowTitle(self.tr("Import a script"))
        heading = self.tr("Import {name}").replace("{name}", name) if name else ""
        self.heading = QLabel(heading or counted(files, self.tr("Import 1 file"), self.tr("Import %n files")), self)
        self.heading.setProperty("role", "heading")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.figures = QLabel(self)
        self.figures.setProperty("role", "secondary")
        self.busy = Spinner(16, self)
        self.table = QTableWidget(0, 2, self)
        self.table.setHorizontalHeaderLabels([self.tr("Speaker"), self.tr("Line")])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setColumnWidth(0, 140)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setWordWrap(False)
        self.table.setAccessibleName(self.tr("The lines"))
        self.chapters = QListWidget(self)
        self.chapters.setAccessibleName(self.tr("Chapters"))
        self.chapters.setFixedWidth(220)
        self.problems = QListWidget(self)
        self.problems.setAccessibleName(self.tr("What was left out or changed"))
        self.problems.setWordWrap(True)
        self.problem_title = QLabel(self)
        self.problem_title.setProperty("role", "warning")
        where = (("replace", self.tr("Replace the script")), ("append", self.tr("Add at the end")))
        self.where = SegmentedControl(where, self, self.tr("Where to"))
        self.where.setVisible(not empty)
        if not empty:
            self.where.choose("append")
        self.names = QCheckBox(self.tr("“EMMA: Hello” is said by EMMA"), self)
        self.headings = QCheckBox(self.tr("Read headings aloud"), self)
        self.headings.setChecked(True)
        self.go = Button(self.tr("Import"), "primary", "import", self)
        self.stop = Button(self.tr("Cancel"), "secondary", parent=self)
        self._lay_out()
        self.names.setTristate(True)
        self.names.setCheckState(Qt.CheckState.PartiallyChecked)
        self.names.clicked.connect(self._names_clicked)
        self.headings.toggled.connect(lambda _on: self._show())
        self.chapters.itemChanged.connect(lambda _item: self._show())
        self.go.clicked.connect(self.accept)
        self.go.setDefault(True)
        self.stop.clicked.connect(self.reject)

    def start(self, names: bool | None = None) -> None:
        """Have it read."""
        self.go.setEnabled(False)
        self.busy.show()
        self.figures.setText(self.tr("Reading"))
        self.read_wanted.emit(names)

    def chosen(self) -> ImportedScript:
        lines = self._script.lines
        if self._chapters:
            wanted = [
                self.chapters.item(row).checkState() == Qt.CheckState.Checked for row in range(len(self._chapters))
            ]
            kept = [lines[one.first : one.last] for one, on in zip(self._chapters, wanted, strict=True) if on]
            lines = tuple(line for part in kept for line in part)
        if not self.headings.isChecked():
            lines = tuple(line for line in lines if not line.heading)
        return replace(self._script, lines=lines)

    def replaces(self) -> bool:
        return self.where.isHidden() or self.where.value() == "replace"

    # Inner

    def _names_clicked(self) -> None:
        self.names.setTristate(False)
        self.start(self.names.isChecked())

    def show_script(self, script: ImportedScript) -> None:
        """What was read."""
        self._script = script
        self._chapters = chapters(script.lines)
        self.busy.hide()
        self.chapters.blockSignals(True)
        self.chapters.clear()
        for one in self._chapters:
            item = QListWidgetItem(one.title)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.chapters.addItem(item)
        self.chapters.blockSignals(False)
        self.chapters.setVisible(bool(self._chapters))
        self.headings.setVisible(any(line.heading for line in script.lines))
        if self.names.checkState() == Qt.CheckState.PartiallyChecked and script.speakers:
            self.names.setTristate(False)
            self.names.setChecked(True)
        self.problems.clear()
        self.problems.addItems([str(problem) for problem in script.problems])
        count = len(script.problems)
        words = counted(
            count, self.tr("1 thing was left out or changed"), self.tr("%n things were left out or changed")
        )
        self.problem_title.setText(words)
        self.problem_title.setVisible(count > 0)
        self.problems.setVisible(count > 0)
        self.problems.setFixedHeight(28 * min(4, max(1, count)) + GRID)
        self._show()

    def _show(self) -> None:
        found = self.chosen()
        self.table.setRowCount(min(SHOWN, len(found.lines)))
        for row, line in enumerate(found.lines[:SHOWN]):
            who = QTableWidgetItem(line.speaker or "")
            who.setToolTip(line.speaker or "")
            self.table.setItem(row, 0, who)
            times = f"{length(line.slot.start)}  " if line.slot is not None else ""
            self.table.setItem(row, 1, QTableWidgetItem(times + line.text[:200]))
        parts = [counted(len(found.lines), self.tr("1 line"), self.tr("%n lines"))]
        if found.speakers:
            parts.append(counted(len(found.speakers), self.tr("1 speaker"), self.tr("%n speakers")))
        if self._chapters:
            parts.append(counted(len(self._chapters), self.tr("1 chapter"), self.tr("%n chapters")))
        if len(found.lines) > SHOWN:
            parts.append(counted(SHOWN, self.tr("the first is shown"), self.tr("the first %n are shown")))
        self.figures.setText("  ·  ".join(parts) if found.lines else self.tr("There is nothing to read aloud in it."))
        self.go.setEnabled(bool(found.lines))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.busy)
        head.addWidget(self.figures, 1)
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addWidget(self.chapters)
        middle.addWidget(self.table, 1)
        options = QHBoxLayout()
        options.setSpacing(2 * GRID)
        options.addWidget(self.names)
        options.addWidget(self.headings)
        options.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.where)
        buttons.addStretch(1)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.heading)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addLayout(options)
        column.addWidget(self.problem_title)
        column.addWidget(self.problems)
        column.addLayout(buttons)
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.chapters.hide()
        self.problem_title.hide()
        self.problems.hide()
        self.resize(880, 600)
