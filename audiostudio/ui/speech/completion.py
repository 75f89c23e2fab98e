"""What may be written next in the script's markup: a list at the caret, after `[` and `<`."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from audiostudio.script.editing import Completion, completions
from audiostudio.ui.theme import GRID, HALF

if TYPE_CHECKING:
    from audiostudio.ui.speech.editor import ScriptEditor

WIDTH = 320
ROWS = 8
_ROW = 28
_MOST = 100
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}


class CompletionList(QFrame):
    """Arrow keys choose, Enter or Tab writes, Escape closes; the caret stays in the editor."""

    def __init__(self, editor: "ScriptEditor") -> None:
        super().__init__(editor)
        self._editor = editor
        self._found: list[Completion] = []
        self._looking = False
        self.setProperty("surface", "popover")
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setAccessibleName(self.tr("What may be written here"))
        self.hint = QLabel(self)
        self.hint.setProperty("role", "small")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setContentsMargins(GRID, 0, GRID, HALF)
        column = QVBoxLayout(self)
        column.setContentsMargins(HALF, HALF, HALF, HALF)
        column.setSpacing(HALF)
        column.addWidget(self.list)
        column.addWidget(self.hint)
        self.list.currentRowChanged.connect(self._explain)
        self.list.itemClicked.connect(lambda _item: self.accept())
        self.hide()

    def look(self) -> None:
        """Something was typed: show what may follow, or go away."""
        line, caret = self._editor.caret()
        text = self._editor.document().findBlockByNumber(line).text()
        found = completions(text, caret, self._editor.voices)[:_MOST]
        if not found or (len(found) == 1 and text[found[0].start : caret] == found[0].insert):
            self.hide()
            return
        self._found = found
        self.list.clear()
        for one in found:
            self.list.addItem(QListWidgetItem(one.label))
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(_ROW * min(ROWS, len(found)) + HALF)
        self._settle()
        self.show()
        self.raise_()

    def follow_caret(self) -> None:
        """The caret moved: away from where something may follow, the list goes."""
        if self.isVisible() and not self._looking:
            line, caret = self._editor.caret()
            text = self._editor.document().findBlockByNumber(line).text()
            if not completions(text, caret, self._editor.voices):
                self.hide()

    def accept(self) -> bool:
        """Write what is chosen; whether there was something."""
        row = self.list.currentRow()
        if not self.isVisible() or not 0 <= row < len(self._found):
            return False
        chosen, (_, caret) = self._found[row], self._editor.caret()
        self.hide()
        self._looking = True
        self._editor.replace(chosen.start, caret, chosen.insert, chosen.caret)
        self._looking = False
        if chosen.caret < len(chosen.insert) and chosen.insert[chosen.caret - 1] in ' "|':  # a value is missing yet
            self.look()
        return True

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the list used a key that was meant for the editor."""
        if not self.isVisible() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in _MOVES:
            last = self.list.count() - 1
            self.list.setCurrentRow(min(last, max(0, self.list.currentRow() + _MOVES[Qt.Key(event.key())])))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            return self.accept()
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return True
        return False

    def _explain(self, row: int) -> None:
        hint = self._found[row].hint if 0 <= row < len(self._found) else ""
        self.hint.setText(QCoreApplication.translate("Script", hint) if hint else "")
        self.hint.setVisible(bool(hint))

    def _settle(self) -> None:
        """Under the caret, or above it where there is no room."""
        view, caret = self._editor.viewport(), self._editor.cursorRect()
        self.setFixedWidth(min(WIDTH, self._editor.width() - 2 * GRID))
        self.adjustSize()
        below = view.mapTo(self._editor, caret.bottomLeft() + QPoint(0, HALF))
        if below.y() + self.height() > self._editor.height():
            below.setY(view.mapTo(self._editor, caret.topLeft()).y() - HALF - self.height())
        below.setX(max(GRID, min(below.x() - GRID, self._editor.width() - self.width() - GRID)))
        self.move(below.x(), max(0, below.y()))
