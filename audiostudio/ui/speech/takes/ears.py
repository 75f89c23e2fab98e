"""The lines whose takes need ears, as a list over the button that asks for it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from audiostudio.operations.verdict import Level
from audiostudio.ui import icons
from audiostudio.ui.speech.script import LineProblem
from audiostudio.ui.speech.takes.judging import ICONS, TONES
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID, HALF, RADIUS_LARGE
from audiostudio.ui.widgets import round_corners

WIDTH = 480
MOST = 200
"""Rows; a script that has more of them wants Fix."""
_ROW = 48
_ROWS = 6
_WORDS = 60
"""Characters of a line that are shown."""


class Ear(QWidget):
    """A line's number and first words, and below what is wrong with its take."""

    def __init__(self, problem: LineProblem, text: str, level: Level) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        picture = QLabel(self)
        picture.setFixedWidth(16)
        picture.setPixmap(icons.pixmap(ICONS[level], TONES[level], 16, self.devicePixelRatioF()))
        number = QLabel(str(problem.line + 1), self)
        number.setProperty("role", "small")
        number.setFixedWidth(36)
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        shown = " ".join(text.split())
        words = QLabel(shown if len(shown) <= _WORDS else f"{shown[: _WORDS - 1]}…", self)
        words.setTextFormat(Qt.TextFormat.PlainText)
        wrong = QLabel(problem.message, self)
        wrong.setProperty("role", "small")
        wrong.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(words)
        column.addWidget(wrong)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, HALF, GRID, HALF)
        row.setSpacing(GRID)
        row.addWidget(number)
        row.addWidget(picture)
        row.addLayout(column, 1)


class EarsList(QFrame):
    """Arrow keys choose, Enter or a click goes there, Escape closes."""

    chosen = Signal(object)
    """A `LineProblem`."""

    def __init__(self, found: Sequence[tuple[LineProblem, str, Level]], parent: QWidget) -> None:
        """Each with its line's text."""
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "popover")
        self._found = list(found[:MOST])
        words = counted(len(found), self.tr("1 line needs ears"), self.tr("%n lines need ears"))
        head = QLabel(words, self)
        head.setProperty("role", "strong")
        head.setContentsMargins(GRID, HALF, GRID, 0)
        self.list = QListWidget(self)
        self.list.setAccessibleName(words)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for problem, text, level in self._found:
            item = QListWidgetItem(self.list)
            row = Ear(problem, text, level)
            item.setSizeHint(QSize(100, _ROW))
            item.setToolTip(problem.message)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{problem.line + 1}: {text}. {problem.message}")
            self.list.setItemWidget(item, row)
        hint = QLabel(self.tr("Enter goes to the line; F8 goes from one to the next."), self)
        hint.setProperty("role", "caption")
        hint.setContentsMargins(GRID, 0, GRID, HALF)
        column = QVBoxLayout(self)
        column.setContentsMargins(HALF, HALF, HALF, HALF)
        column.setSpacing(HALF)
        for widget in (head, self.list, hint):
            column.addWidget(widget)
        self.list.setFixedHeight(_ROW * min(_ROWS, max(1, len(self._found))) + 2 * HALF)
        self.setFixedWidth(min(WIDTH, parent.window().width() - 4 * GRID))
        self.list.setCurrentRow(0)
        self.list.itemClicked.connect(lambda _item: self._go())
        self.setFocusProxy(self.list)

    def open_at(self, anchor: QWidget) -> None:
        """Above the button, within the window."""
        self.adjustSize()
        top = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), -self.height() - HALF))
        left = anchor.window().mapToGlobal(QPoint(GRID, GRID))
        self.move(max(top.x(), left.x()), max(top.y(), left.y()))
        self.show()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self, RADIUS_LARGE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        row = self.list.currentRow()
        self.close()
        if 0 <= row < len(self._found):
            self.chosen.emit(self._found[row][0])
