"""A question to the user."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets.buttons import Button


class AskDialog(QDialog):
    """A heading, some sentences, perhaps something longer to read, yes or no."""

    def __init__(
        self,
        title: str,
        heading: str,
        texts: Sequence[str],
        yes: str,
        parent: QWidget | None = None,
        kind: str = "",
        icon: str | None = None,
        reading: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        head = QLabel(heading, self)
        head.setProperty("role", "heading")
        head.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(head)
        for text in texts:
            words = QLabel(text, self)
            words.setProperty("role", "secondary")
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            column.addWidget(words)
        if reading is not None:
            column.addWidget(reading, 1)
        self.agree = Button(yes, kind or "primary", icon, self)
        self.refuse = Button(self.tr("Cancel"), "secondary", parent=self)
        self.agree.clicked.connect(self.accept)
        self.refuse.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.refuse)
        buttons.addWidget(self.agree)
        column.addLayout(buttons)
        self.setMinimumWidth(480)

    def agreed(self) -> bool:
        """Ask; whether the answer was yes."""
        answer = self.exec() == QDialog.DialogCode.Accepted
        self.deleteLater()
        return answer
