"""Which services there are: keys, servers, and from how many credits on the user is asked."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from audiostudio.errors import KeyNeeded, StudioError
from audiostudio.jobs import Job, JsonObject
from audiostudio.operations.cloud import accounts
from audiostudio.operations.cloud.accounts import AccountState
from audiostudio.ui import icons
from audiostudio.ui.cloud.server_dialog import ServerDialog
from audiostudio.ui.cloud.services import Services
from audiostudio.ui.cloud.task import TaskStrip
from audiostudio.ui.cloud.words import day, tr
from audiostudio.ui.speech.paying import THRESHOLD, USUAL_THRESHOLD
from audiostudio.ui.speech.words import counted, filled
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import AskDialog, Button, IconButton, LabeledSlider, SegmentedControl, Separator, steady

if TYPE_CHECKING:
    from audiostudio.engines.remote.services import Server
    from audiostudio.ui.desk import Desk

_MOST_THRESHOLD = 10_000.0


class KeyForm(QWidget):
    """The key of one service: pasted, checked, kept; its plan is shown."""

    checked = Signal()

    def __init__(self, desk: "Desk", services: Services, engine: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._services, self._engine = desk, services, engine
        self.field = QLineEdit(self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(self.tr("API key from your account there"))
        self.field.setAccessibleName(self.tr("API key"))
        self._paste = QAction(self.tr("Paste"), self.field)
        self._paste.setIcon(icons.icon("copy", "text_muted"))
        self._paste.triggered.connect(self._pasted)
        self.field.addAction(self._paste, QLineEdit.ActionPosition.TrailingPosition)
        self.check = Button(self.tr("Check the key"), "primary", "lock", self)
        self.check.setEnabled(False)
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.state.setProperty("role", "secondary")
        self.forget = Button(self.tr("Forget the key"), "secondary", "trash-2", self, small=True)
        self.task = TaskStrip(desk, self)
        self._typed = ""
        self._before: str | None = None
        """The key that the one on trial replaces."""
        self.field.textChanged.connect(lambda text: self.check.setEnabled(bool(text.strip()) and not self.task.busy))
        self.field.returnPressed.connect(self._check)
        self.check.clicked.connect(self._check)
        self.forget.clicked.connect(self._forget)
        self.task.busy_changed.connect(self._busy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + HALF)
        column.addWidget(self.field)
        column.addWidget(self.check, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.task)
        column.addWidget(self.state)
        column.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignLeft)

    def show_state(self, state: AccountState) -> None:
        self.forget.setVisible(bool(state.key_in))
        self.state.setVisible(bool(state.key_in))
        self.state.setText("\n".join(_about(state)))

    def _pasted(self) -> None:
        self.field.setText(QApplication.clipboard().text().strip())
        self._check()

    def _check(self) -> None:
        key = self.field.text().strip()
        if key and not self.task.busy:
            self._typed = key
            self.task.clear()
            self._services.try_key(self._engine, key, self._ask)

    def _ask(self, before: str | None) -> None:
        self._before = before
        self._services.look()
        job = Job("cloud.check_key", {"engine": self._engine}, self.tr("Check the key"), priority=5)
        self.task.run(job, self._accepted)

    def _accepted(self, _result: JsonObject) -> None:
        self.field.clear()
        self._typed, self._before = "", None
        self.checked.emit()

    def _busy(self, busy: bool) -> None:
        self.check.setEnabled(not busy and bool(self.field.text().strip()))
        self.field.setReadOnly(busy)
        if busy or not self._typed or self.task.error is None:
            return
        if self._before is not None:
            self._services.put_back_key(self._engine, self._before)
        elif isinstance(self.task.error, KeyNeeded):  # it opens nothing: not kept
            self._services.remove_key(self._engine)

    def _forget(self) -> None:
        asked = AskDialog(
            self.tr("Forget the key"),
            self.tr("Forget the key on this computer?"),
            [self.tr("What was made stays. Lines with such a voice cannot be made again until there is a key.")],
            self.tr("Forget it"),
            self,
            "danger",
        )
        if asked.agreed():
            self._services.remove_key(self._engine)


class ServerRow(QWidget):
    """One of the user's servers."""

    def __init__(self, desk: "Desk", state: AccountState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.engine = state.engine
        self.name = QLabel(state.title, self)
        self.name.setProperty("role", "strong")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.about = QLabel(self)
        self.about.setProperty("role", "small")
        self.about.setWordWrap(True)
        self.test = Button(self.tr("Test"), "secondary", parent=self, small=True)
        self.change = IconButton("pencil", filled(self.tr("Change {name}"), name=state.title), self)
        self.remove = IconButton("trash-2", filled(self.tr("Remove {name}"), name=state.title), self)
        self.task = TaskStrip(desk, self)
        self.test.clicked.connect(self.ask)
        self.task.busy_changed.connect(lambda busy: self.test.setEnabled(not busy))
        row = QHBoxLayout()
        row.setSpacing(HALF)
        row.addWidget(self.name, 1)
        for widget in (self.test, self.change, self.remove):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HALF)
        column.addLayout(row)
        column.addWidget(self.about)
        column.addWidget(self.task)
        self.show_state(state)

    def show_state(self, state: AccountState) -> None:
        self.name.setText(state.title)
        count = counted(state.voices, self.tr("1 voice"), self.tr("%n voices"))
        self.about.setText("\n".join(part for part in (count if state.voices else "", state.warning) if part))
        self.about.setVisible(bool(self.about.text()))

    def ask(self) -> None:
        """What voices it has, which shows whether it can be reached."""
        title = filled(self.tr("Ask {name}"), name=self.name.text())
        self.task.run(Job("cloud.check_key", {"engine": self.engine}, title, priority=5), lambda _result: None)


class ConnectPage(QScrollArea):
    """What is sent where, the providers, and the limit."""

    connected = Signal()

    def __init__(self, desk: "Desk", services: Services, engine: str, parent: QWidget | None = None) -> None:
        """`engine`: the service that wants a key."""
        super().__init__(parent)
        steady(self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._desk, self._services, self._engine = desk, services, engine
        title = desk.studio.engines.manifest(engine).title
        self.heading = QLabel(self.tr("Voices of services"), self)
        self.heading.setProperty("role", "heading")
        self.sentence = QLabel(
            self.tr(
                "The lines that you give to such a voice are sent to its service, which may charge for them; nothing "
                "is sent before you ask for it, and what it costs is shown before."
            ),
            self,
        )
        self.sentence.setProperty("role", "secondary")
        self.sentence.setWordWrap(True)
        choices = (("key", title), ("server", self.tr("OpenAI-compatible server")))
        self.provider = SegmentedControl(choices, self, self.tr("Provider"))
        self.key = KeyForm(desk, services, engine, self)
        self.rows: dict[str, ServerRow] = {}
        self.add = Button(self.tr("Add a server…"), "primary", "plus", self)
        self.none = QLabel(self.tr("A server on this computer costs nothing, and nothing leaves your house."), self)
        self.none.setProperty("role", "muted")
        self.none.setWordWrap(True)
        self._servers = QVBoxLayout()
        self._servers.setSpacing(GRID + HALF)
        self.limit = LabeledSlider(
            self.tr("Ask before more than"), 0.0, _MOST_THRESHOLD, USUAL_THRESHOLD, 100.0, self.tr(" credits"), 0, self
        )
        self.limit.edit.setFixedWidth(104)
        self.limit.set_value(desk.settings.get(THRESHOLD, USUAL_THRESHOLD))
        self._pages = QStackedWidget(self)
        self._lay_out()
        self.provider.changed.connect(lambda name: self._pages.setCurrentIndex(0 if name == "key" else 1))
        self.key.checked.connect(self.connected)
        self.add.clicked.connect(lambda: self._edit(None))
        self.limit.value_changed.connect(self._limit)
        services.changed.connect(self.show_states)
        services.failed.connect(self._failed)

    def show_states(self) -> None:
        """The services are known anew."""
        own = {server.name for server in accounts.servers(self._desk.studio)}
        here: set[str] = set()
        for state in self._services.states:
            if state.engine == self._engine:
                self.key.show_state(state)
            elif state.engine in own:
                here.add(state.engine)
                self._show_server(state)
        for name in [name for name in self.rows if name not in here]:
            row = self.rows.pop(name)
            row.task.close()
            row.hide()
            row.deleteLater()
        self.none.setVisible(not here)

    def close(self) -> bool:
        self.key.task.close()
        for row in self.rows.values():
            row.task.close()
        return super().close()

    # Inner

    def _show_server(self, state: AccountState) -> None:
        if state.engine in self.rows:
            self.rows[state.engine].show_state(state)
            return
        row = self.rows[state.engine] = ServerRow(self._desk, state, self)
        row.change.clicked.connect(lambda: self._edit(row.engine))
        row.remove.clicked.connect(lambda: self._remove(row))
        self._servers.addWidget(row)

    def _edit(self, name: str | None) -> None:
        server = next((one for one in accounts.servers(self._desk.studio) if one.name == name), None)
        state = next((one for one in self._services.states if one.engine == name), None)
        dialog = ServerDialog(server, bool(state and state.key_in), self)
        if dialog.exec():
            self._services.keep_server(dialog.server, dialog.key, self._kept)
        dialog.deleteLater()

    def _kept(self, server: "Server") -> None:
        self.provider.choose("server")
        state = accounts.state(self._desk.studio, server.name)
        self._show_server(state)
        self.rows[server.name].ask()

    def _remove(self, row: ServerRow) -> None:
        asked = AskDialog(
            self.tr("Remove a server"),
            filled(self.tr("Remove {name}?"), name=row.name.text()),
            [self.tr("Its key is forgotten. What was made stays.")],
            self.tr("Remove it"),
            self,
            "danger",
        )
        if asked.agreed():
            self._services.remove_server(row.engine)

    def _limit(self, value: float) -> None:
        try:
            self._desk.settings[THRESHOLD] = round(value)
        except StudioError as error:
            self._desk.messages.error(error)

    def _failed(self, error: StudioError) -> None:
        if self.provider.value() == "key" and self.isVisible():
            self.key.task.show_error(error)
        else:
            self._desk.messages.error(error)

    def _lay_out(self) -> None:
        servers = QWidget()
        column = QVBoxLayout(servers)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self.none)
        column.addLayout(self._servers)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        keys = QWidget()
        column = QVBoxLayout(keys)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.key)
        column.addStretch(1)
        self._pages.addWidget(keys)
        self._pages.addWidget(servers)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        for widget in (self.heading, self.sentence):
            column.addWidget(widget)
        column.addWidget(self.provider, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._pages)
        column.addWidget(Separator(parent=inner))
        column.addWidget(self.limit)
        column.addStretch(1)
        self.setWidget(inner)


def _about(state: AccountState) -> list[str]:
    """What is known of a service whose key is here."""
    found = []
    account = state.account
    if account is not None:
        plan = str(account["plan"]).replace("_", " ").capitalize()
        words = tr("Plan {plan}: {left} of {limit} credits left")
        found.append(filled(words, plan=plan, left=account["remaining"], limit=account["limit"]))
        if account["resets"]:
            found.append(filled(tr("They begin anew on {day}."), day=day(account["resets"])))
        found.append(counted(state.voices, tr("1 voice"), tr("%n voices")))
        if account["rights"]["commercial"] is False:
            found.append(filled(tr("With this plan nothing may be sold, and {who} must be named."), who=state.title))
    elif state.key_in:
        found.append(tr("The key is here, but was not accepted yet."))
    place = {
        "keyring": tr("The key lies in the system’s keyring."),
        "file": tr("The key lies in a file that only you can read."),
    }
    found.append(place.get(state.key_in, ""))
    return [line for line in found if line]
