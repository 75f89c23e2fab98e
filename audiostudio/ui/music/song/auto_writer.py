"""Words written for the user: what they are to be about, by whom, and honestly what came of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, JsonObject, Outcome
from audiostudio.ui.music.making import MakingStrip
from audiostudio.ui.music.song.writer_dialog import WriterDialog
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, ChoiceBox, IconButton

if TYPE_CHECKING:
    from audiostudio.ui.music.work import MusicWork

OFFLINE = "offline"
_WRITER = "music.writer"


class AutoWriter(QWidget):
    written = Signal(str)
    """Lyrics."""

    def __init__(self, work: "MusicWork", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._seed = 0
        self.prompt = QPlainTextEdit(self)
        self.prompt.setAccessibleName(self.tr("What the song is about"))
        self.prompt.setPlaceholderText(self.tr("A night train home, snow at the window, somebody waiting"))
        self.prompt.setTabChangesFocus(True)
        self.prompt.setFixedHeight(64)
        self.writer = ChoiceBox(self.tr("Who writes"), self)
        self.add = IconButton("plus", self.tr("Add a text server…"), self, size=28)
        self.forget = IconButton("trash-2", self.tr("Forget this text server"), self, size=28)
        self.dialog: WriterDialog | None = None
        self.write = Button(self.tr("Write the lyrics"), "secondary", "pencil", self)
        self.strip = MakingStrip(work.desk, self)
        self.notes = QLabel(self)
        self.notes.setProperty("role", "small")
        self.notes.setWordWrap(True)
        self.notes.hide()
        self._fill()
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.writer, 1)
        row.addWidget(self.forget)
        row.addWidget(self.add)
        row.addWidget(self.write)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        column.setSpacing(GRID)
        for widget in (self.prompt, row, self.strip, self.notes):
            column.addLayout(widget) if isinstance(widget, QHBoxLayout) else column.addWidget(widget)
        self.write.clicked.connect(self.begin)
        self.add.clicked.connect(self._ask_server)
        self.forget.clicked.connect(self._forget)
        self.prompt.textChanged.connect(self._look)
        self.writer.currentIndexChanged.connect(lambda _index: self._chosen())
        self.strip.busy_changed.connect(lambda _busy: self._look())
        self.strip.ended.connect(self._ended)
        self._look()

    def begin(self) -> None:
        """Each time other words."""
        self._seed += 1
        request: JsonObject = {
            "prompt": self.prompt.toPlainText().strip(),
            "language": self._work.project.language,
            "writer": self.writer.currentData() or OFFLINE,
            "seed": self._seed,
        }
        self.notes.hide()
        self.strip.run(Job("song.write", request, self.tr("Write lyrics")))

    def close(self) -> bool:
        self.strip.stop()
        self.strip.close()
        return super().close()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self._fill()

    def _fill(self) -> None:
        """The offline writer, and text servers that the user named."""
        from audiostudio.operations.music import writers

        chosen = self._work.desk.settings.get(_WRITER, OFFLINE)
        named = {server.name: server.title for server in writers.servers(self._work.desk.studio)}
        known = {OFFLINE: self.tr("Offline, by rules and rhymes"), **named}
        self.writer.blockSignals(True)
        self.writer.clear()
        for name, title in known.items():
            self.writer.addItem(title, name)
        self.writer.setCurrentIndex(max(0, self.writer.findData(chosen)))
        self.writer.blockSignals(False)
        self.forget.setVisible((self.writer.currentData() or OFFLINE) != OFFLINE)

    def _ask_server(self) -> None:
        self.dialog = WriterDialog(self._work.desk.studio, self)
        self.dialog.accepted.connect(lambda: self._use(self.dialog.name if self.dialog is not None else OFFLINE))
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def _forget(self) -> None:
        from audiostudio.operations.music import writers

        try:
            writers.remove(self._work.desk.studio, self.writer.currentData())
        except StudioError as error:
            self._work.desk.messages.error(error)
        self._use(OFFLINE)

    def _use(self, name: str) -> None:
        self._fill()
        self.writer.setCurrentIndex(max(0, self.writer.findData(name)))
        self._chosen()
        self._look()

    def _chosen(self) -> None:
        self.forget.setVisible((self.writer.currentData() or OFFLINE) != OFFLINE)
        try:
            self._work.desk.settings[_WRITER] = self.writer.currentData() or OFFLINE
        except StudioError as error:
            self._work.desk.messages.error(error)

    def _look(self) -> None:
        self.write.setEnabled(bool(self.prompt.toPlainText().strip()) and not self.strip.busy)

    def _ended(self, outcome: Outcome) -> None:
        if outcome.state is not JobState.DONE or not outcome.result:
            return
        notes = [str(note) for note in outcome.result.get("notes", ())]
        self.notes.setText(" ".join(notes))
        self.notes.setVisible(bool(notes))
        self.written.emit(str(outcome.result["lyrics"]))
