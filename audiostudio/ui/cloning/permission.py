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
        about = QLabel(
            self.tr(
                "The permission stays with the voice. Keep to it: only the one whose voice it is can say what it may "
                "be used for."
            ),
            self,
        )
        about.setProperty("role", "secondary")
        about.setWordWrap(True)
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
        asked = QLabel(self.sell.accessibleName(), self)
        asked.setProperty("role", "secondary")
        asked.setBuddy(self.sell)
        selling = QHBoxLayout()
        selling.setSpacing(GRID)
        selling.addWidget(asked)
        selling.addWidget(self.sell)
        selling.addStretch(1)
        words = QLabel(self.statement.accessibleName(), self)
        words.setProperty("role", "secondary")
        words.setBuddy(self.statement)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.choose)
        row.addWidget(self.file)
        row.addWidget(self.drop)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + GRID // 2)
        column.addWidget(about)
        column.addLayout(row)
        column.addWidget(words)
        column.addWidget(self.statement)
        column.addLayout(selling)
        self.choose.clicked.connect(self._choose)
        self.drop.clicked.connect(lambda: self.set_file(""))
        self.statement.textChanged.connect(self._write)
        self.sell.activated.connect(self._answer)
        making.changed.connect(self.show_draft)
        self.show_draft()

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
