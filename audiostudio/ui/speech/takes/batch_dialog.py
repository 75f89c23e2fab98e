"""Batch and dubbing: a table or subtitles into many files, or one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
)

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome, Partial, Progress
from audiostudio.operations.batch import Row, file_names, rows_of
from audiostudio.operations.script_file import known_speakers, read_script
from audiostudio.operations.script_import import imported
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.takes.batch_table import FILE, NUMBER, SLOT, STATE, TEXT, VOICE, BatchTable
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, Form, SegmentedControl

if TYPE_CHECKING:
    from audiostudio.operations.script_file import ScriptFile
    from audiostudio.ui.speech.tab import SpeechTab

FORMATS = ("wav", "flac", "mp3", "m4a", "opus")
CAPTIONS = ("srt", "vtt", "lrc", "ass")
_REMEMBERED = "speech.batch"
_ENDINGS = "*.csv *.tsv *.srt *.vtt *.txt *.md"


class BatchDialog(QDialog):
    """The batch goes on when the dialog is closed; begun again, it makes what is missing."""

    def __init__(self, tab: "SpeechTab") -> None:
        super().__init__(tab)
        self._tab, self._desk = tab, tab.desk
        self._watcher: JobWatcher | None = None
        self._result: dict[str, Any] | None = None
        self._file: Path | None = None
        self._rows: list[Row] = []
        self._background = Background(self)
        self._background.failed.connect(self._failed)
        self.setWindowTitle(self.tr("Batch and dubbing"))
        self.setModal(True)
        self.setAcceptDrops(True)
        before = tab.desk.settings.get(_REMEMBERED, {})
        before = before if isinstance(before, dict) else {}
        self.choose = Button(self.tr("Choose a table or subtitles…"), "secondary", "folder-open", self)
        self.name = QLabel(self.tr("CSV, SRT or WebVTT; or drop it here."), self)
        self.name.setProperty("role", "secondary")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.table = BatchTable(self)
        self.view = QTableView(self)
        self.folder = QLineEdit(str(before.get("folder") or _music()), self)
        self.browse = Button(self.tr("Browse…"), "secondary", "folder-open", self)
        self.format = QComboBox(self)
        self.format.addItem(self.tr("As each file’s name says, else WAV"), None)
        for kind in FORMATS:
            self.format.addItem(kind.upper(), kind)
        self.format.setCurrentIndex(max(0, self.format.findData(before.get("format"))))
        self.captions = {kind: QCheckBox(kind.upper(), self) for kind in CAPTIONS}
        self.shape = SegmentedControl(
            [("files", self.tr("A file for each line")), ("timeline", self.tr("One timeline"))], self, self.tr("Into")
        )
        self.note = QLabel(self)
        self.note.setProperty("role", "small")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.go = Button(self.tr("Start"), "primary", "sparkles", self)
        self.stop = Button(self.tr("Cancel the batch"), "secondary", "x", self)
        self.report = Button(self.tr("Open the report"), "secondary", "file-text", self)
        self.show_folder = Button(self.tr("Show in folder"), "secondary", "folder", self)
        self.end = Button(self.tr("Close"), "secondary", parent=self)
        self._lay_out()
        self._connect()
        self._show_state()

    # What the user does

    def open_file(self, path: Path) -> None:
        """Read a table or subtitles, in a process of its own."""
        self._file, self._rows, self._result = path, [], None
        self.name.setText(path.name)
        self.note.setText(self.tr("Reading…"))
        self.table.show_rows((), (), {})
        project = self._tab.session.project
        self._background.run(lambda: known_speakers(path, project), lambda known: self._read(path, known))
        self._show_state()

    def start(self) -> None:
        """Make what is not made yet."""
        if self._file is None or not self._rows or self._watcher is not None:
            return
        if not self._tab.own.require(sorted(self._used())):
            return
        if not self._tab.paying.agreed_requests([row.asked | {"slot": row.slot} for row in self._rows]):
            return
        one = self.shape.value() == "timeline"
        request = {
            "rows": [row.to_json() for row in self._rows],
            "folder": str(Path(self.folder.text()).expanduser()),
            "name": self._file.stem,
            "format": self.format.currentData(),
            "captions": [kind for kind, box in self.captions.items() if box.isChecked()],
        }
        self._tab.remember(_REMEMBERED, {"folder": self.folder.text(), "format": request["format"]})
        title = self.tr("Batch {name}").replace("{name}", self._file.name)
        self._result = None
        self.table.forget()
        try:
            watcher = self._desk.jobs.submit(Job("speech.timeline" if one else "speech.batch", request, title))
        except StudioError as error:
            self._desk.messages.error(error)
            return
        self._watcher = watcher
        watcher.partial.connect(self._came)
        watcher.progress.connect(self._further)
        watcher.finished.connect(self._ended)
        self.note.setText(self.tr("Loading the voice…"))
        self._show_state()

    def cancel(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._watcher is None and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if urls:
            self.open_file(Path(urls[0].toLocalFile()))
            event.acceptProposedAction()

    def _finish(self) -> None:
        self._file = None  # what is still being read is not waited for
        self._let_go()
        self._background.close()
        self.deleteLater()

    # What comes

    def _read(self, path: Path, known: list[str]) -> None:
        if path != self._file:
            return
        request = {"paths": [str(path)], "known": known}
        try:
            job = Job("script.import", request, self.tr("Read a script"))
            watcher = self._desk.jobs.submit(job, lambda outcome: self._was_read(path, outcome))
            watcher.told = True
        except StudioError as error:
            self._failed(error)

    def _was_read(self, path: Path, outcome: Outcome) -> None:
        if path != self._file:
            return
        if outcome.state is not JobState.DONE or outcome.result is None:
            if isinstance(outcome.error, StudioError):
                self._failed(outcome.error)
            return
        studio, project, found = self._desk.studio, self._tab.session.project, imported(outcome.result)
        voice = project.voice

        def understood() -> "tuple[ScriptFile, list[Row]]":
            file = read_script(studio, path, voice.voice, voice.language or "", imported=found, project=project)
            return file, rows_of(studio, file)

        self._background.run(understood, lambda made: self._opened(path, *made))

    def _opened(self, path: Path, file: "ScriptFile", rows: list[Row]) -> None:
        if path != self._file:
            return
        self._rows = rows
        titles = {voice: self._tab.voices.title(voice) for voice in self._used()}
        self.table.show_rows(rows, self._names(), titles)
        slots = sum(row.slot is not None for row in rows)
        self.view.setColumnHidden(SLOT, not slots)
        if slots and slots == len(rows):
            self.shape.choose("timeline")
        told = [counted(len(rows), self.tr("1 line."), self.tr("%n lines."))]
        if file.uncast:
            names = ", ".join(file.uncast)
            voice = self._tab.voices.title(file.project.voice.voice)
            words = self.tr("{names} have no voice of their own: {voice} speaks them.")
            told.append(words.replace("{names}", names).replace("{voice}", voice))
        if file.problems:
            count = len(file.problems)
            told.append(counted(count, self.tr("1 thing was left out."), self.tr("%n things were left out.")))
            told.append(str(file.problems[0]))
        self.note.setText(" ".join(told))
        self._show_state()

    def _failed(self, error: StudioError) -> None:
        self._file = None
        self.note.setText(f"{error.sentence} {error.hint}")
        self._show_state()

    def _came(self, partial: Partial) -> None:
        if partial.kind == "line":
            self.table.tell([partial.data])
            place = min(len(self._rows) - 1, partial.data["line"])
            self.view.scrollTo(self.table.index(place, TEXT))

    def _further(self, progress: Progress) -> None:
        share = "" if progress.fraction is None else f"{100 * progress.fraction:.0f} % · "
        self.note.setText(f"{share}{progress.message}")

    def _ended(self, outcome: Outcome) -> None:
        self._let_go()
        if outcome.state is JobState.DONE and outcome.result is not None:
            self._result = outcome.result
            self.table.tell(outcome.result["lines"])
            self.note.setText(self._summary(outcome.result))
        elif outcome.state is JobState.CANCELLED:
            self.note.setText(self.tr("Stopped. What is finished is kept: start again, and the rest is made."))
        elif isinstance(outcome.error, StudioError):
            self.note.setText(f"{outcome.error.sentence} {outcome.error.hint}")
        self._show_state()

    def _summary(self, result: dict[str, Any]) -> str:
        words = self.tr("{made} made, {kept} kept, {failed} failed.")
        for name in ("made", "kept", "failed"):
            words = words.replace(f"{{{name}}}", str(result[name]))
        over = sum(line["over"] > 0 for line in result["lines"])
        if over:
            long = counted(
                over,
                self.tr("1 line is too long for its slot: shorten its text."),
                self.tr("%n lines are too long for their slots: shorten their text."),
            )
            words = f"{words} {long}"
        return words

    def _let_go(self) -> None:
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.partial.disconnect(self._came)
            watcher.progress.disconnect(self._further)
            watcher.finished.disconnect(self._ended)

    # What is shown

    def _used(self) -> set[str]:
        return {row.asked["voice"] for row in self._rows}

    def _names(self) -> list[str]:
        if self.shape.value() == "timeline" and self._file is not None:
            return [f"{self._file.stem}.{self.format.currentData() or 'wav'}"] * len(self._rows)
        return file_names(self._rows, self.format.currentData())

    def _show_names(self) -> None:
        self.table.show_names(self._names())

    def _show_state(self) -> None:
        running = self._watcher is not None
        self.go.setVisible(not running)
        self.go.setEnabled(bool(self._rows) and bool(self.folder.text().strip()))
        self.go.setText(self.tr("Start again") if self._result else self.tr("Start"))
        self.stop.setVisible(running)
        for widget in (self.choose, self.folder, self.browse, self.format, self.shape, *self.captions.values()):
            widget.setEnabled(not running)
        self.report.setVisible(self._result is not None)
        self.show_folder.setVisible(self._result is not None)

    def _choose(self) -> None:
        kinds = f"{self.tr('Tables and subtitles')} ({_ENDINGS});;{self.tr('All files')} (*)"
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Batch and dubbing"), "", kinds)
        if path:
            self.open_file(Path(path))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Into which folder"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _open(self, path: str) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def _connect(self) -> None:
        self.finished.connect(self._finish)
        self.choose.clicked.connect(self._choose)
        self.browse.clicked.connect(self._browse)
        self.folder.textChanged.connect(lambda _text: self._show_state())
        self.format.currentIndexChanged.connect(lambda _index: self._show_names())
        self.shape.changed.connect(lambda _key: self._show_names())
        self.go.clicked.connect(self.start)
        self.stop.clicked.connect(self.cancel)
        self.end.clicked.connect(self.reject)
        self.report.clicked.connect(lambda: self._open(self._result["report"][0]) if self._result else None)
        self.show_folder.clicked.connect(lambda: self._open(self._result["folder"]) if self._result else None)

    def _lay_out(self) -> None:
        self.view.setModel(self.table)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setWordWrap(False)
        self.view.setShowGrid(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(30)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        for column, width in ((NUMBER, 48), (VOICE, 110), (FILE, 160), (SLOT, 130), (STATE, 240)):
            self.view.setColumnWidth(column, width)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.choose)
        top.addWidget(self.name, 1)
        place = QHBoxLayout()
        place.setSpacing(GRID)
        place.addWidget(self.folder, 1)
        place.addWidget(self.browse)
        kinds = QHBoxLayout()
        kinds.setSpacing(2 * GRID)
        kinds.addWidget(self.format)
        kinds.addWidget(QLabel(self.tr("Captions"), self))
        for box in self.captions.values():
            kinds.addWidget(box)
        kinds.addStretch(1)
        kinds.addWidget(self.shape)
        form = Form()
        form.row(self.tr("Folder"), place)
        form.row(self.tr("Format"), kinds)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        for widget in (self.report, self.show_folder):
            foot.addWidget(widget)
        foot.addStretch(1)
        for widget in (self.end, self.stop, self.go):
            foot.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID + GRID // 2)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addLayout(foot)
        self.resize(980, 620)


def _music() -> str:
    place = QStandardPaths.StandardLocation.MusicLocation
    return QStandardPaths.writableLocation(place) or str(Path.home())
