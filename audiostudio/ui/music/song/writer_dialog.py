"""A text server that writes lyrics: its name, where it is and which model it asks."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.operations.cloud.accounts import address_warning
from audiostudio.operations.music import writers
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, Form

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio


class WriterDialog(QDialog):
    """Accepted: the server is remembered, and `name` is what it is asked for by. Nothing is sent before lyrics are."""

    def __init__(self, studio: "Studio", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.name = ""
        self.setWindowTitle(self.tr("Text server"))
        hint = QLabel(
            self.tr(
                "Any server that speaks OpenAI’s /v1/chat/completions: llama.cpp or Ollama on this computer, or a "
                "provider’s. Only what the song is about is sent there, and only when you ask for lyrics."
            ),
            self,
        )
        hint.setProperty("role", "secondary")
        hint.setWordWrap(True)
        self.title = self._field(self.tr("Name"), self.tr("Writer on this computer"))
        self.address = self._field(self.tr("Address"), "http://127.0.0.1:11434/v1")
        self.model = self._field(self.tr("Model"), "llama3.2")
        self.secret = self._field(self.tr("Key"), self.tr("Only if it wants one"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.warning = QLabel(self)
        self.warning.setWordWrap(True)
        self.warning.setProperty("role", "warning")
        self.warning.hide()
        self.agree = Button(self.tr("Save"), "primary", parent=self)
        self.refuse = Button(self.tr("Cancel"), "secondary", parent=self)
        self.agree.clicked.connect(self._save)
        self.refuse.clicked.connect(self.reject)
        self.address.textChanged.connect(lambda _text: self._look())
        form = Form()
        form.setVerticalSpacing(GRID)
        for field in (self.title, self.address, self.model, self.secret):
            form.row(field.accessibleName(), field)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.refuse)
        buttons.addWidget(self.agree)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(hint)
        column.addLayout(form)
        column.addWidget(self.warning)
        column.addLayout(buttons)
        self.setMinimumWidth(480)

    def _save(self) -> None:
        fields = (self.title, self.address, self.model)
        missing = next((field for field in fields if not field.text().strip()), None)
        if missing is not None:
            self._say(self.tr("Fill in: {field}").replace("{field}", missing.accessibleName()))
            missing.setFocus()
            return
        title, address, model = (field.text().strip() for field in fields)
        try:
            self.name = writers.add(self._studio, title, address, model, self.secret.text()).name
        except StudioError as error:
            self._say(f"{error.sentence} {error.hint}".strip())
            return
        self.accept()

    def _look(self) -> None:
        """What must be known before anything is sent there."""
        try:
            self._say(address_warning(self.address.text()) if self.address.text().strip() else "")
        except StudioError:  # while it is being typed
            self._say("")

    def _say(self, words: str) -> None:
        self.warning.setText(words)
        self.warning.setVisible(bool(words))

    def _field(self, name: str, placeholder: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setAccessibleName(name)
        field.setPlaceholderText(placeholder)
        return field
