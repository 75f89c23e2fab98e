"""The words of a track as text: what sounds is lit, a click goes there, what is proposed to go is struck through."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from audiostudio.ui.theme import tokens


class TranscriptText(QPlainTextEdit):
    """Pieces, each a word or a pause, in paragraphs. It cannot be typed in."""

    clicked = Signal(int)
    """A piece, by its number."""
    cut_wanted = Signal()
    """Delete was pressed."""
    play_wanted = Signal()
    """Space was pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._struck: frozenset[int] = frozenset()
        self._lit: int | None = None

    def show_pieces(self, paragraphs: Iterable[Sequence[str]]) -> None:
        starts: list[int] = []
        ends: list[int] = []
        texts: list[str] = []
        at = 0
        for paragraph in paragraphs:
            for piece in paragraph:
                starts.append(at)
                ends.append(at + len(piece))
                at += len(piece) + 1
            texts.append(" ".join(paragraph))
        text = "\n".join(texts)
        if text != self.toPlainText():
            bar = self.verticalScrollBar()
            place = bar.value()
            self.setPlainText(text)
            bar.setValue(place)
            self._struck, self._lit = frozenset(), None
            self.setExtraSelections([])
        self._starts, self._ends = starts, ends

    def strike(self, pieces: Iterable[int]) -> None:
        """Show these, and no others, as what is proposed to go."""
        wanted = frozenset(pieces)
        for number in self._struck - wanted:
            self._cursor(number).setCharFormat(QTextCharFormat())
        struck = QTextCharFormat()
        struck.setFontStrikeOut(True)
        struck.setForeground(QColor(tokens().error))
        for number in wanted - self._struck:
            self._cursor(number).setCharFormat(struck)
        self._struck = wanted

    @property
    def struck(self) -> frozenset[int]:
        return self._struck

    @property
    def lit(self) -> int | None:
        """The piece that sounds."""
        return self._lit

    def light(self, number: int | None) -> None:
        """Let this piece be the one that sounds; it comes into sight while nothing is selected."""
        if number == self._lit:
            return
        self._lit = number
        if number is None:
            self.setExtraSelections([])
            return
        lit = QTextEdit.ExtraSelection()
        lit.cursor = self._cursor(number)
        lit.format.setBackground(QColor(tokens().accent))
        lit.format.setForeground(QColor(tokens().on_accent))
        self.setExtraSelections([lit])
        place = self.cursorRect(lit.cursor)
        if not self.textCursor().hasSelection() and not self.viewport().rect().contains(place):
            self.reveal(number)

    def reveal(self, number: int) -> None:
        """Scroll to a piece."""
        cursor = self.textCursor()
        cursor.setPosition(self._starts[number])
        self.setTextCursor(cursor)
        self.centerCursor()

    def chosen(self) -> range:
        """The pieces that are at least partly selected."""
        cursor = self.textCursor()
        if not cursor.hasSelection() or not self._starts:
            return range(0)
        first = bisect_right(self._ends, cursor.selectionStart())
        return range(first, bisect_right(self._starts, cursor.selectionEnd() - 1))

    def choose(self, first: int, last: int) -> None:
        """Select pieces first…last (half-open)."""
        cursor = self.textCursor()
        cursor.setPosition(self._starts[first])
        cursor.setPosition(self._ends[last - 1], QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def place(self, number: int) -> QPoint:
        """The middle of a piece, in the viewport."""
        first, last = self._cursor(number), self._cursor(number)
        first.setPosition(self._starts[number])
        last.setPosition(self._ends[number])
        start, end = self.cursorRect(first), self.cursorRect(last)
        return QPoint((start.left() + end.right()) // 2, start.center().y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cut_wanted.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.play_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection() and self._starts:
            at = self.cursorForPosition(event.position().toPoint()).position()
            self.clicked.emit(max(0, bisect_right(self._starts, at) - 1))

    def _cursor(self, number: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._starts[number])
        cursor.setPosition(self._ends[number], QTextCursor.MoveMode.KeepAnchor)
        return cursor
