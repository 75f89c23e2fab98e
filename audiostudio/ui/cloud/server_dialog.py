"""A server that speaks OpenAI's `/v1/audio/speech`: its name, where it is and what it has."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.operations.cloud.accounts import address_warning
from audiostudio.ui.speech.words import language_name
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, ChoiceBox, Form

if TYPE_CHECKING:
    from audiostudio.engines.remote.services import Server

LANGUAGES = ("en-us", "en-gb", "es", "fr", "hi", "it", "ja", "pt-br", "zh")


class ServerDialog(QDialog):
    """Accepted: `server` is what was entered, `key` what was typed (None: it stays as it is)."""

    def __init__(self, server: "Server | None" = None, has_key: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from audiostudio.engines.remote.services import FORMATS

        self._before = server
        self.setWindowTitle(self.tr("Speech server"))
        hint = QLabel(
            self.tr(
                "Any server that speaks OpenAI’s /v1/audio/speech: on this computer, in your house, or a provider’s."
            ),
            self,
        )
        hint.setProperty("role", "secondary")
        hint.setWordWrap(True)
        self.name = self._field(self.tr("Name"), server.title if server else "", self.tr("Kitchen computer"))
        self.address = self._field(self.tr("Address"), server.address if server else "", "http://127.0.0.1:8880/v1")
        kept = self.tr("It has one; type to replace it") if has_key else self.tr("Only if it wants one")
        self.secret = self._field(self.tr("Key"), "", kept)
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.model = self._field(self.tr("Model"), server.model if server else "tts-1", "tts-1")
        voices = ", ".join(server.voices) if server else ""
        self.voices = self._field(self.tr("Voices"), voices, self.tr("If it does not list them: alloy, nova"))
        self.format = ChoiceBox(self.tr("Sound as"), self)
        for name in FORMATS:
            self.format.addItem(name.upper(), name)
        self.language = ChoiceBox(self.tr("Language"), self)
        for tag in LANGUAGES:
            self.language.addItem(language_name(tag), tag)
        if server:
            self.format.setCurrentIndex(max(0, self.format.findData(server.format)))
            self.language.setCurrentIndex(max(0, self.language.findData(server.language)))
        self.warning = QLabel(self)
        self.warning.setWordWrap(True)
        self.warning.setProperty("role", "warning")
        self.warning.hide()
        self.agree = Button(self.tr("Save and test"), "primary", parent=self)
        self.refuse = Button(self.tr("Cancel"), "secondary", parent=self)
        self.agree.clicked.connect(self._accept)
        self.refuse.clicked.connect(self.reject)
        self.address.textChanged.connect(lambda _text: self._look())
        self._lay_out(hint)
        self._look()

    @property
    def server(self) -> "Server":
        from audiostudio.engines.remote.services import Server

        return Server(
            self._before.name if self._before else "",
            self.name.text(),
            self.address.text(),
            self.model.text().strip(),
            tuple(one.strip() for one in self.voices.text().split(",") if one.strip()),
            self.format.currentData(),
            self.language.currentData(),
        )

    @property
    def key(self) -> str | None:
        return self.secret.text().strip() or None

    def _accept(self) -> None:
        if not self.name.text().strip():
            self._say(self.tr("A server needs a name: type one that you know it by."))
            self.name.setFocus()
            return
        try:
            address_warning(self.address.text())
        except StudioError as error:
            self._say(f"{error.sentence} {error.hint}")
            self.address.setFocus()
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

    def _field(self, name: str, text: str, placeholder: str) -> QLineEdit:
        field = QLineEdit(text, self)
        field.setAccessibleName(name)
        field.setPlaceholderText(placeholder)
        return field

    def _lay_out(self, hint: QLabel) -> None:
        form = Form()
        form.setVerticalSpacing(GRID)
        for field in (self.name, self.address, self.secret, self.model, self.voices, self.format, self.language):
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
        self.setMinimumWidth(520)
