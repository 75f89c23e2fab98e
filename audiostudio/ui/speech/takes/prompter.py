"""The teleprompter: the line that is to be said, large, between the one before and the next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import steady

SIZE = 30
"""Points of the line that is to be said."""


class Prompter(QScrollArea):
    """Scrolls with the reader where a line is longer than the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.before, self.line, self.next, self.count = (self._label() for _ in range(4))
        for label in (self.before, self.next):
            label.setProperty("role", "muted")
        large = self.line.font()
        large.setPointSize(SIZE)
        large.setBold(True)
        self.line.setFont(large)
        self.line.setStyleSheet(f"font-size: {SIZE}pt; font-weight: 600;")
        self.count.setStyleSheet(f"font-size: {2 * SIZE}pt; font-weight: 600;")
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.count.hide()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(4 * GRID, 3 * GRID, 4 * GRID, 3 * GRID)
        column.setSpacing(3 * GRID)
        column.addStretch(1)
        for label in (self.before, self.line, self.count, self.next):
            column.addWidget(label)
        column.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        steady(self)

    def show_lines(self, before: str, line: str, after: str) -> None:
        self.before.setText(before)
        self.line.setText(line)
        self.next.setText(after)
        self.verticalScrollBar().setValue(0)

    def show_count(self, seconds: int) -> None:
        """Of the count-in; 0: it is over."""
        self.count.setVisible(seconds > 0)
        self.count.setText(str(seconds))

    def follow(self, share: float) -> None:
        """The reader is this far in the line, 0…1."""
        room = self.viewport().height()
        here = self.line.y() + share * self.line.height()
        bar = self.verticalScrollBar()
        if self.line.height() > room // 2:
            bar.setValue(round(here - room / 3))

    def _label(self) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label
