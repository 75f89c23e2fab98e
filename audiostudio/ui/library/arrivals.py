"""Files that come in: dropped, pasted or chosen. One job for all of them; what was refused is said with its reason."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome, Partial
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.desk import Desk
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button

MOST = 5000
"""Files that are taken at once from folders."""


@dataclass
class _Arrival:
    watcher: JobWatcher
    refused: list[dict[str, str]] = field(default_factory=list)


class Arrivals(QObject):
    came = Signal(str)
    """The id of an asset that has just arrived, or that was here already."""
    progressed = Signal(object, str)
    """How far all imports are together, 0…1, and what is being read; (None, "") when there are none."""

    def __init__(self, desk: Desk, clerk: Clerk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._clerk, self._window = desk, clerk, parent
        self._arrivals: dict[str, _Arrival] = {}

    @property
    def running(self) -> bool:
        return bool(self._arrivals)

    def bring(self, paths: Sequence[str], folder: int | None) -> None:
        """Import files, and those in folders."""
        if not paths:
            return
        self._clerk.ask(lambda: _files(paths), lambda found: self._submit(found, folder))

    def cancel(self) -> None:
        for arrival in self._arrivals.values():
            arrival.watcher.cancel()

    def _submit(self, paths: list[str], folder: int | None) -> None:
        if not paths:
            self._desk.messages.say(self.tr("There are no files in it."), tone="warning")
            return
        first = Path(paths[0]).name
        title = (
            self.tr("Import “{name}”").replace("{name}", first)
            if len(paths) == 1
            else self.tr("Import {n} files").replace("{n}", str(len(paths)))
        )
        try:
            watcher = self._desk.jobs.submit(Job("library.import", {"paths": paths, "folder": folder}, title))
        except StudioError as error:
            self._desk.messages.error(error)
            return
        number = watcher.job.id
        self._arrivals[number] = _Arrival(watcher)
        watcher.partial.connect(lambda partial: self._partial(number, partial))
        watcher.progress.connect(lambda _progress: self._tell())
        watcher.finished.connect(lambda outcome: self._finished(number, outcome))
        self._tell()

    def _partial(self, number: str, partial: Partial) -> None:
        if partial.kind == "refused":
            self._arrivals[number].refused.append(dict(partial.data))
        elif partial.kind == "asset":
            if partial.data["known"]:
                self._desk.messages.say(partial.data["sentence"])
            self.came.emit(partial.data["asset"])

    def _tell(self) -> None:
        watchers = [arrival.watcher for arrival in self._arrivals.values()]
        if not watchers:
            self.progressed.emit(None, "")
            return
        done = sum(watcher.latest.fraction or 0.0 for watcher in watchers) / len(watchers)
        self.progressed.emit(done, watchers[0].latest.message or watchers[0].job.title)

    def _finished(self, number: str, outcome: Outcome) -> None:
        arrival = self._arrivals.pop(number)
        self._tell()
        refused = arrival.refused
        if len(refused) == 1:
            self._desk.messages.error(StudioError(refused[0]["sentence"], refused[0]["hint"]))
        elif refused:
            words = self.tr("{n} files could not be imported.").replace("{n}", str(len(refused)))
            self._desk.messages.say(words, "", (self.tr("Show"), lambda: self.show_refused(refused)), "warning")
        if outcome.state is JobState.DONE and outcome.result is not None and outcome.result["assets"]:
            count = len(outcome.result["assets"])
            words = self.tr("1 file imported.") if count == 1 else self.tr("%n files imported.", "", count)
            self._desk.messages.say(words, tone="success")

    def show_refused(self, refused: Sequence[dict[str, str]]) -> None:
        dialog = RefusedDialog(refused, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


class RefusedDialog(QDialog):
    """Every file that could not be imported, why, and what to do about it."""

    def __init__(self, refused: Sequence[dict[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Not imported"))
        self.resize(560, 420)
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID)
        for one in refused:
            column.addWidget(_refusal(one, rows))
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(rows)
        self.close_button = Button(self.tr("Close"), "primary", parent=self)
        self.close_button.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        whole.setSpacing(GRID * 2)
        whole.addWidget(area, 1)
        whole.addLayout(foot)


def _refusal(one: dict[str, str], parent: QWidget) -> QFrame:
    frame = QFrame(parent)
    frame.setProperty("message", "warning")
    column = QVBoxLayout(frame)
    column.setContentsMargins(GRID + HALF, GRID, GRID + HALF, GRID)
    column.setSpacing(2)
    for words, role in ((Path(one["path"]).name, "strong"), (one["sentence"], ""), (one["hint"], "secondary")):
        label = QLabel(words, frame)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(True)
        column.addWidget(label)
    return frame


def _files(paths: Sequence[str]) -> list[str]:
    """The files among `paths` and in the folders among them; hidden ones of folders are left out."""
    found: list[str] = []
    for path in paths:
        if not Path(path).is_dir():
            found.append(path)
            continue
        for folder, inside, files in os.walk(path):
            inside[:] = sorted(name for name in inside if not name.startswith("."))
            found += [str(Path(folder) / name) for name in sorted(files) if not name.startswith(".")]
            if len(found) > MOST:
                return found[:MOST]
    return found
