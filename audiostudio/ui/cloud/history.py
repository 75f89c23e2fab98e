"""What was made with the account, with any program: heard, brought into the library, deleted there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from audiostudio.jobs import Job, JsonObject
from audiostudio.ui.cloud.page import ServicePage
from audiostudio.ui.cloud.rows import SoundRow, clear
from audiostudio.ui.cloud.words import when
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import AskDialog, Button, EmptyState, IconButton, SearchField

if TYPE_CHECKING:
    from audiostudio.ui.cloud.tab import CloudTab

PAGE = 30


class HistoryPage(ServicePage):
    """Asked for when it is first shown, and when the user looks again."""

    def __init__(self, tab: "CloudTab") -> None:
        super().__init__(tab)
        self._after: str | None = None
        self._asked = False
        self.search = SearchField(self.tr("Search what was said"), self, 500)
        self.again = IconButton("refresh-cw", self.tr("Look again"), self)
        self.more = Button(self.tr("Show older ones"), "secondary", parent=self)
        self.more.hide()
        self.empty = EmptyState("history", self.tr("Nothing was made with this account yet."), parent=self)
        self.empty.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.search, 1)
        head.addWidget(self.again)
        self.column.addLayout(head)
        self.column.addWidget(self.task)
        self.column.addLayout(self._rows)
        self.column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(self.empty, 1)
        self.column.addStretch(1)
        self.search.searched.connect(lambda _text: self.look())
        self.again.clicked.connect(self.look)
        self.more.clicked.connect(self._older)
        self.task.busy_changed.connect(self._busy)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._asked:
            self._asked = True
            self.look()

    def look(self) -> None:
        """From the newest on."""
        self._ask(None)

    # Inner

    def _older(self) -> None:
        self._ask(self._after)

    def _ask(self, after: str | None) -> None:
        request: JsonObject = {"after": after, "size": PAGE, "search": self.search.text().strip()}
        job = Job("cloud.history", request, self.tr("Ask for the history"), priority=5)
        self.task.run(job, lambda result: self._came(result, anew=after is None))

    def _came(self, result: JsonObject, anew: bool) -> None:
        if anew:
            self.tab.previews.stop()
            clear(self._rows, self.rows)
        for item in result["items"]:
            if item["id"] not in self.rows:
                self._add(item)
        self._after = result["after"]
        self.more.setVisible(self._after is not None)
        self.empty.setVisible(not self.rows)
        searched = bool(self.search.text().strip())
        self.empty.sentence.setText(
            self.tr("Nothing like that was said.") if searched else self.tr("Nothing was made with this account yet.")
        )

    def _add(self, item: JsonObject) -> None:
        identity = item["id"]
        taken = counted(item["credits"], self.tr("1 credit"), self.tr("%n credits"))
        who = item["voice_name"].split(" - ")[0]
        about = " · ".join(part for part in (who, when(item["created"]), taken) if part)
        row = self.rows[identity] = SoundRow(identity, item["text"] or self.tr("Without words"), about, self)
        fetch = IconButton("import", self.tr("Into the library"), row, icon_size=14)
        remove = IconButton("trash-2", self.tr("Delete it there, for good"), row, icon_size=14)
        row.play_wanted.connect(lambda key: self.hear(key, "cloud.history_listen", {"id": key}))
        fetch.clicked.connect(lambda: self._fetch(identity))
        remove.clicked.connect(lambda: self._delete(identity))
        row.tools.addWidget(fetch)
        row.tools.addWidget(remove)
        self._rows.addWidget(row)

    def _fetch(self, identity: str) -> None:
        request = {"ids": [identity], "project": self.tab.session.project.id}
        self.task.run(Job("cloud.history_fetch", request, self.tr("Bring into the library")), self._fetched)

    def _fetched(self, result: JsonObject) -> None:
        known = bool(result["known"])
        self.desk.messages.say(
            self.tr("It was in the library already.") if known else self.tr("It is in the library."), tone="success"
        )

    def _delete(self, identity: str) -> None:
        row = self.rows[identity]
        words = row.name.text()
        asked = AskDialog(
            self.tr("Delete from the history"),
            self.tr("Delete it from your account there?"),
            [
                words if len(words) <= 200 else f"{words[:200]}…",
                self.tr("That cannot be undone. What is in your library stays."),
            ],
            self.tr("Delete it"),
            self,
            "danger",
        )
        if asked.agreed():
            title = self.tr("Delete from the history")
            self.task.run(Job("cloud.history_delete", {"ids": [identity]}, title), self._deleted)

    def _deleted(self, result: JsonObject) -> None:
        for identity in result["deleted"]:
            row = self.rows.pop(identity, None)
            if row is not None:
                if self.tab.previews.key == identity:
                    self.tab.previews.stop()
                self._rows.removeWidget(row)
                row.hide()
                row.deleteLater()
        self.empty.setVisible(not self.rows)

    def _busy(self, busy: bool) -> None:
        self.again.setEnabled(not busy)
        self.more.setEnabled(not busy)
