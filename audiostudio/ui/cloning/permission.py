"""Somebody's written permission: its file, or its words."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from audiostudio.ui.cloning.making import Making
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, ChoiceBox, IconButton

_ANSWERS = (None, True, False)


class PermissionPanel(QWidget):
    def __init__(self, making: Making, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._making = making
        self.choose = Button(self.tr("Choose its file…"), "secondary", "file-text", self)
        self.choose.setToolTip(self.tr("A letter, a contract, a message: a picture or a document"))
        self.file = QLabel(self)
        self.file.setTextFormat(Qt.TextFormat.PlainText)
        self.drop = IconButton("x", self.tr("Without this file"), self, size=24, icon_size=14)
        self.statement = QPlainTextEdit(self)
        self.statement.setAccessibleName(self.tr("Or the words of the permission"))
        self.statement.setPlaceholderText(
            self.tr("“I, …, agree that my voice is made into …, and may be used for …” with name and date")
        )
        self.statement.setTabChangesFocus(True)
        self.statement.setFixedHeight(96)
        self.sell = ChoiceBox(self.tr("May what the voice says be sold?"), self)
        for answer in _ANSWERS:
            self.sell.addItem(
                {True: self.tr("Yes, the permission says so"), False: self.tr("No")}.get(
                    answer, self.tr("The permission does not say")
                )
            )
        self.sell.setMinimumWidth(240)
        self._lay_out()
        self.choose.clicked.connect(self._choose)
        self.drop.clicked.connect(lambda: self.set_file(""))
        self.statement.textChanged.connect(self._write)
        self.sell.activated.connect(self._answer)
        making.changed.connect(self.show_draft)
        self.show_draft()

    def _lay_out(self) -> None:
        about = QLabel(
            self.tr(
                "The permission stays with the voice. Keep to it: only the one whose voice it is can say what it may "
                "be used for."
            ),
            self,
        )
        about.setProperty("role", "secondary")
        about.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + GRID // 2)
        column.addWidget(about)
        column.addLayout(_row(self.choose, self.file, self.drop))
        column.addWidget(self._asked(self.statement))
        column.addWidget(self.statement)
        column.addLayout(_row(self._asked(self.sell), self.sell))

    def _asked(self, answer: QWidget) -> QLabel:
        label = QLabel(answer.accessibleName(), self)
        label.setProperty("role", "secondary")
        label.setBuddy(answer)
        return label

    def set_file(self, path: str) -> None:
        self._making.draft.consent.document = path
        self._making.touch()

    def show_draft(self) -> None:
        consent = self._making.draft.consent
        self.file.setText(Path(consent.document).name)
        self.sell.setCurrentIndex(_ANSWERS.index(consent.commercial))
        self.file.setVisible(bool(consent.document))
        self.drop.setVisible(bool(consent.document))
        if self.statement.toPlainText() != consent.statement:
            self.statement.blockSignals(True)
            self.statement.setPlainText(consent.statement)
            self.statement.blockSignals(False)

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("The written permission"))
        if path:
            self.set_file(path)

    def _answer(self, row: int) -> None:
        self._making.draft.consent.commercial = _ANSWERS[row]
        self._making.touch()

    def _write(self) -> None:
        self._making.draft.consent.statement = self.statement.toPlainText()
        self._making.touch()


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    for one in widgets:
        row.addWidget(one)
    row.addStretch(1)
    return row
