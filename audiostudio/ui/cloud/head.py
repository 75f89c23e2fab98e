"""What stands above everything: which services, what is left on them, how old what is known of them is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.jobs import Job, JsonObject
from audiostudio.operations.cloud.accounts import AccountState
from audiostudio.ui.cloud.services import Services
from audiostudio.ui.cloud.task import TaskStrip
from audiostudio.ui.cloud.words import when
from audiostudio.ui.speech.words import filled
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import IconButton

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk


class AccountHead(QWidget):
    def __init__(self, desk: "Desk", services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.left = QLabel(self)
        self.left.setProperty("role", "strong")
        self.left.setTextFormat(Qt.TextFormat.PlainText)
        self.left.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.note = QLabel(self)
        self.note.setProperty("role", "caption")
        self.note.setWordWrap(True)
        self.refresh = IconButton("refresh-cw", self.tr("Fetch the voices and what is left anew"), self)
        self.account = IconButton("lock", self.tr("Account: keys, servers, limit"), self, checkable=True)
        self.task = TaskStrip(desk, self)
        self.refresh.clicked.connect(self._refresh)
        self.task.busy_changed.connect(lambda busy: self.refresh.setEnabled(not busy))
        services.changed.connect(self.show_states)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.left)
        words.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(HALF)
        row.addLayout(words, 1)
        row.addWidget(self.refresh)
        row.addWidget(self.account)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(row)
        column.addWidget(self.task)

    def show_states(self) -> None:
        known = [state for state in self._services.states if state.usable]
        self.left.setText(" · ".join(map(self._words, known)))
        self.left.setToolTip(self.left.text())
        moments = [state.fetched for state in known if state.fetched]
        self.note.setText(filled(self.tr("As of {moment}"), moment=when(min(moments))) if moments else "")
        self.note.setVisible(bool(moments))

    def _words(self, state: AccountState) -> str:
        if state.account is None:
            return state.title
        return filled(self.tr("{who}: {left} credits left"), who=state.title, left=state.account["remaining"])

    def _refresh(self) -> None:
        self.task.run(Job("cloud.voices", {}, self.tr("Fetch voices"), priority=5), self._refreshed)

    def _refreshed(self, result: JsonObject) -> None:
        """Some may have answered and others not: what was known of those stays."""
        failed = result.get("failed", ())
        if failed:
            names = {state.engine: state.title for state in self._services.states}
            who = ", ".join(names.get(one["engine"], one["engine"]) for one in failed)
            words = filled(self.tr("{who}: {sentence} The voices that were fetched before stay."), who=who,
                           sentence=failed[0]["sentence"])  # fmt: skip
            self.task.say(words)
