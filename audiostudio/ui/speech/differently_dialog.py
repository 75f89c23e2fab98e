"""Say it differently: other ways to say a word, heard before one is kept, and what keeping it makes again."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from audiostudio.script.dictionary import complaint
from audiostudio.script.phonemes.ipa import to_ipa
from audiostudio.script.variants import Variant
from audiostudio.timeline.project import Pronunciation
from audiostudio.ui.speech.pronouncing import ALWAYS, PROJECT
from audiostudio.ui.speech.words import counted, number
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, IconButton, SegmentedControl, Spinner

LINE = "line"
_SHOWN = 8
"""Lines that are listed."""


@dataclass(frozen=True, slots=True)
class AgainLine:
    """A line that will be made again."""

    number: int
    text: str


class DifferentlyDialog(QDialog):
    """`choice()` and `scope.value()` are what was chosen."""

    hear_wanted = Signal(object)
    """A `Pronunciation`, or None: the word as it is said now."""

    again_wanted = Signal(str, object)
    """Which lines keeping a `Pronunciation` in a scope makes again; `show_again` is the answer."""

    def __init__(self, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = word
        self._found: list[Variant] = []
        self.setWindowTitle(self.tr("Say it differently"))
        self.heading = QLabel(self.tr("“{word}”").replace("{word}", word), self)
        self.heading.setProperty("role", "heading")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.now = Button(self.tr("As it is now"), "secondary", "play:solid", self, small=True)
        self.busy = Spinner(16, self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Other ways to say it"))
        self.hint = QLabel(self.tr("Click one to hear it."), self)
        self.hint.setProperty("role", "small")
        self.own = QLineEdit(self)
        self.own.setPlaceholderText(self.tr("Or write it your own way"))
        self.own.setAccessibleName(self.tr("Your own way to write it"))
        kinds = (("words", self.tr("Respelling")), ("ipa", self.tr("IPA")))
        self.kind = SegmentedControl(kinds, self, self.tr("Written as"))
        self.hear = IconButton("play:solid", self.tr("Hear it"), self)
        scopes = ((LINE, self.tr("This line")), (PROJECT, self.tr("This project")), (ALWAYS, self.tr("Always")))
        self.scope = SegmentedControl(scopes, self, self.tr("Where"))
        self.note = QLabel(self)
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.keep = Button(self.tr("Keep"), "primary", "check", self)
        self.stop = Button(self.tr("Cancel"), "secondary", parent=self)
        self._lay_out()
        self._connect()
        self._look()

    def show_variants(self, found: Sequence[Variant]) -> None:
        self._found = list(found)
        self.busy.hide()
        self.list.clear()
        for one in found:
            said = f"/{to_ipa(one.spoken.strip('/'))}/" if one.ipa else one.spoken
            item = QListWidgetItem(f"{said}   ·   {QCoreApplication.translate('Variants', one.label)}")
            self.list.addItem(item)
        if not found:
            self.hint.setText(self.tr("Nothing is suggested for this word. Write it your own way."))

    def choice(self) -> Pronunciation | None:
        own = self.own.text().strip()
        if own:
            return Pronunciation(self._word, own, self.kind.value() == "ipa")
        row = self.list.currentRow()
        if 0 <= row < len(self._found):
            return Pronunciation(self._word, self._found[row].spoken, self._found[row].ipa)
        return None

    # Inner

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self.own.clear()
            self._look()

    def _typed(self, text: str) -> None:
        if text:
            self.list.setCurrentRow(-1)
        self._look()

    def _hear(self) -> None:
        choice = self.choice()
        if choice is not None and not complaint(choice):
            self.hear_wanted.emit(choice)

    def _look(self) -> None:
        """What keeping it makes again, before anything is."""
        choice = self.choice()
        wrong = complaint(choice) if choice is not None else ""
        self.keep.setEnabled(choice is not None and not wrong)
        self.hear.setEnabled(choice is not None and not wrong)
        if choice is None:
            self.note.setText("")
            return
        if wrong:
            self.note.setText(QCoreApplication.translate("Script", wrong))
            return
        self.note.setText("")
        self.again_wanted.emit(self.scope.value(), choice)

    def show_again(self, scope: str, choice: Pronunciation, lines: Sequence[AgainLine]) -> None:
        if (scope, choice) != (self.scope.value(), self.choice()):
            return
        if not lines:
            self.note.setText(self.tr("No line that is made already has to be made again."))
            return
        words = counted(len(lines), self.tr("1 line will be made again:"), self.tr("%n lines will be made again:"))
        listed = [f"{number(one.number + 1)}  {_short(one.text)}" for one in lines[:_SHOWN]]
        more = ["…"] if len(lines) > _SHOWN else []
        self.note.setText("\n".join([words, *listed, *more]))

    def _connect(self) -> None:
        self.now.clicked.connect(lambda: self.hear_wanted.emit(None))
        self.list.currentRowChanged.connect(self._chosen)
        self.list.itemClicked.connect(lambda _item: self._hear())
        self.list.itemActivated.connect(lambda _item: self._hear())
        self.own.textChanged.connect(self._typed)
        self.kind.changed.connect(lambda _kind: self._look())
        self.hear.clicked.connect(self._hear)
        self.scope.changed.connect(lambda _scope: self._look())
        self.keep.clicked.connect(self.accept)
        self.stop.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        for button in (self.now, self.keep, self.stop):
            button.setAutoDefault(False)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.heading, 1)
        head.addWidget(self.busy)
        head.addWidget(self.now)
        own = QHBoxLayout()
        own.setSpacing(GRID)
        own.addWidget(self.own, 1)
        own.addWidget(self.kind)
        own.addWidget(self.hear)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.hint)
        column.addLayout(own)
        column.addWidget(self.scope)
        column.addWidget(self.note)
        column.addLayout(buttons)
        self.note.setMinimumHeight(64)
        self.resize(520, 600)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:59]}…"
