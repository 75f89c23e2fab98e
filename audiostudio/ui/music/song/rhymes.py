"""Words that rhyme with the one at the caret: perfect and near, with as many syllables as wanted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from audiostudio.ui.speech.fetching import Fetching
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, ChoiceBox, IconButton, SegmentedControl

if TYPE_CHECKING:
    from audiostudio.ui.music.work import MusicWork

_WAIT = 120
"""Milliseconds that the caret rests before it is looked up."""
MOST = 200
PERFECT, NEAR = "perfect", "near"


class WordList(QListWidget):
    """Words side by side. Enter or a click takes one."""

    taken = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(2)
        self.setUniformItemSizes(False)
        self.setFixedHeight(68)
        self.itemClicked.connect(lambda item: self.taken.emit(item.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.taken.emit(self.currentItem().text())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class RhymePanel(QWidget):
    word_taken = Signal(str)
    left = Signal()
    """Back to the lyrics."""
    fetched = Signal()
    """The dictionary may be here now."""

    def __init__(self, work: "MusicWork", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._word = ""
        self.title = QLabel(self)
        self.title.setProperty("role", "section")
        self.kind = SegmentedControl(
            ((PERFECT, self.tr("Perfect")), (NEAR, self.tr("Near"))), self, self.tr("How exactly they rhyme")
        )
        self.syllables = ChoiceBox(self.tr("Syllables"), self, small=True)
        self.syllables.setFixedWidth(120)
        self.syllables.addItem(self.tr("Any length"), 0)
        for count in range(1, 6):
            self.syllables.addItem(counted(count, self.tr("1 syllable"), self.tr("%n syllables")), count)
        self.hide_it = IconButton("x", self.tr("Close"), self, size=24)
        self.words = WordList(self)
        self.words.setAccessibleName(self.tr("Rhymes"))
        self.get = Button(self.tr("Get the dictionary"), "secondary", "download", self, small=True)
        self._fetching = Fetching(work.desk, self)
        self.note = QLabel(self)
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self._soon = QTimer(self, singleShot=True, interval=_WAIT)
        self._soon.timeout.connect(self._look)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.title, 1)
        for widget in (self.kind, self.syllables, self.hide_it):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(HALF)
        column.addLayout(head)
        column.addWidget(self.words)
        column.addWidget(self.note)
        column.addWidget(self.get, 0, Qt.AlignmentFlag.AlignLeft)
        self.kind.changed.connect(lambda _kind: self._look())
        self.syllables.currentIndexChanged.connect(lambda _index: self._look())
        self.hide_it.clicked.connect(self._leave)
        self.get.clicked.connect(self._fetch)
        self._fetching.fetched.connect(self._fetched)
        self.words.taken.connect(self.word_taken)
        self.words.left.connect(self.left)
        self._show([])

    def show_word(self, word: str) -> None:
        """The one at the caret; between words the last one stays."""
        if word and word != self._word:
            self._word = word
            if self.isVisible():
                self._soon.start()

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QEvent) -> None:
        self._soon.stop()
        super().hideEvent(event)

    def go_in(self) -> None:
        """The keyboard goes to the words."""
        self.words.setFocus()
        if self.words.currentRow() < 0 and self.words.count():
            self.words.setCurrentRow(0)

    def _fetch(self) -> None:
        from audiostudio.music import pronunciations

        self._fetching.ask([self._work.desk.studio.models.manifest(pronunciations.MODEL)])

    def _fetched(self) -> None:
        self._look()
        self.fetched.emit()

    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    def _look(self) -> None:
        from audiostudio.ui.music.song.prosody import rhymes

        studio, word = self._work.desk.studio, self._word
        near, count = self.kind.value() == NEAR, self.syllables.currentData() or None
        if not word:
            self._show([])
            return
        self._work.clerk.ask(lambda: rhymes(studio, word, near, count, MOST), self._show, "song.rhymes")

    def _show(self, found: list[str] | None) -> None:
        """None: there is no dictionary here."""
        self.words.clear()
        self.get.setVisible(found is None)
        for word in found or ():
            self.words.addItem(QListWidgetItem(word))
        self.title.setText(
            self.tr("Rhymes with “{word}”").replace("{word}", self._word) if self._word else self.tr("Rhymes")
        )
        english = self._work.project.language.startswith("en")
        if found is None:
            said = self.tr("Rhymes and exact stresses need the CMU dictionary of English (4 MB, free to use).")
        elif not self._word:
            said = self.tr("Put the caret into a word.")
        elif found:
            said = ""
        elif not english:
            said = self.tr("Rhymes are known for English.")
        else:
            said = self.tr("No word rhymes with it so. Try near rhymes, or another length.")
        self.note.setText(said)
        self.note.setVisible(bool(said))
        self.words.setVisible(not said)
