"""All jobs of this window, and those that an earlier one left behind."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import JobState
from audiostudio.jobs.failure import Bug
from audiostudio.ui import icons
from audiostudio.ui.bridge import Jobs, JobWatcher
from audiostudio.ui.messages import Messages
from audiostudio.ui.theme import GRID, HALF, set_property
from audiostudio.ui.widgets import Button, EmptyState, IconButton, Spinner

if TYPE_CHECKING:
    from audiostudio.jobs.store import StoredJob

_ICONS = {
    JobState.QUEUED: ("clock", "text_muted"),
    JobState.DONE: ("circle-check", "success"),
    JobState.FAILED: ("circle-alert", "error"),
    JobState.CANCELLED: ("circle-x", "text_muted"),
    JobState.INTERRUPTED: ("triangle-alert", "warning"),
}


class JobRow(QFrame):
    """One job: what it is, how it goes, and what can be done about it."""

    retried = Signal()
    dismissed = Signal()
    details = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self.state = JobState.QUEUED
        self._report = ""
        self.title = QLabel(self)
        self.title.setProperty("role", "strong")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.title.setText(title)
        self.message = QLabel(self)
        self.message.setProperty("role", "small")
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self._picture = QLabel(self)
        self._picture.setFixedSize(16, 24)
        self._spinner = Spinner(16, self)
        self._spinner.setFixedSize(16, 24)
        self.cancel = IconButton("x", self.tr("Cancel"), self, size=24, icon_size=14)
        self.dismiss = IconButton("x", self.tr("Remove from the list"), self, size=24, icon_size=14)
        self.retry = Button(self.tr("Run again"), "secondary", "rotate-ccw", self, small=True)
        self.more = Button(self.tr("Details"), "ghost", parent=self, small=True)
        self.retry.clicked.connect(self.retried)
        self.dismiss.clicked.connect(self.dismissed)
        self.more.clicked.connect(lambda: self.details.emit(self._report))
        self._lay_out()
        self.show_state(JobState.QUEUED)

    def show_state(self, state: JobState, error: Exception | None = None, message: str = "") -> None:
        self.state = state
        running = state is JobState.RUNNING
        ended_badly = state in (JobState.FAILED, JobState.INTERRUPTED, JobState.CANCELLED)
        self._spinner.setVisible(running)
        self._picture.setVisible(not running)
        self.bar.setVisible(running)
        self.cancel.setVisible(state in (JobState.QUEUED, JobState.RUNNING))
        self.dismiss.setVisible(not self.cancel.isVisibleTo(self))
        self.retry.setVisible(ended_badly)
        self.more.setVisible(isinstance(error, Bug))
        self._report = error.traceback if isinstance(error, Bug) else ""
        set_property(self.message, "role", "problem" if state is JobState.FAILED else "small")
        self.message.setText(message or self._words(state, error))
        self._tint()

    def show_progress(self, fraction: float | None, message: str, seconds_left: float | None) -> None:
        if fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(fraction * 1000))
        left = time_left(seconds_left)
        parts = [message, self.tr("%s left") % left if left else ""]
        self.message.setText(" · ".join(part for part in parts if part) or self.tr("Running"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _words(self, state: JobState, error: Exception | None) -> str:
        if isinstance(error, StudioError):
            return f"{error.sentence} {error.hint}".strip()
        if error is not None:
            return self.tr("Something went wrong that should not have. It is our mistake.")
        return {
            JobState.QUEUED: self.tr("Waiting for its turn"),
            JobState.RUNNING: self.tr("Running"),
            JobState.DONE: self.tr("Done"),
            JobState.FAILED: self.tr("Failed"),
            JobState.CANCELLED: self.tr("Cancelled"),
            JobState.INTERRUPTED: self.tr("Interrupted when the studio ended last time"),
        }[state]

    def _tint(self) -> None:
        if self.state in _ICONS:
            name, token = _ICONS[self.state]
            self._picture.setPixmap(icons.pixmap(name, token, 16, self.devicePixelRatioF()))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setContentsMargins(0, HALF, 0, 0)
        words.setSpacing(HALF + 2)
        words.addWidget(self.title)
        words.addWidget(self.bar)
        words.addWidget(self.message)
        buttons = QHBoxLayout()
        buttons.setSpacing(HALF)
        buttons.addWidget(self.retry)
        buttons.addWidget(self.more)
        buttons.addStretch(1)
        words.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + HALF, GRID, GRID, GRID + HALF)
        row.setSpacing(GRID)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self._picture, 0, top)
        row.addWidget(self._spinner, 0, top)
        row.addLayout(words, 1)
        row.addWidget(self.cancel, 0, top)
        row.addWidget(self.dismiss, 0, top)


def time_left(seconds: float | None) -> str:
    """`0:07`, `12 min`, `3 h`; empty when nobody knows. Rough on purpose, so that it does not dance."""
    if seconds is None:
        return ""
    if seconds < 90:
        whole = max(1, round(seconds))
        return f"{whole // 60}:{whole % 60:02}"
    number, unit = (seconds / 60, "{n} min") if seconds < 5400 else (seconds / 3600, "{n} h")
    return QCoreApplication.translate("Jobs", unit).replace("{n}", str(round(number)))


class JobsPanel(QWidget):
    """Newest first. Previews and other jobs that are not kept are not listed."""

    details = Signal(str)
    closed = Signal()
    changed = Signal()
    """Rows have come, gone or ended."""

    def __init__(self, jobs: Jobs, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._messages = jobs, messages
        self._rows: dict[str, JobRow] = {}
        self._watchers: dict[str, JobWatcher] = {}
        self._build()
        jobs.added.connect(self._added)
        for watcher in jobs.watchers:
            self._added(watcher)
        self._settle()

    @property
    def rows(self) -> dict[str, JobRow]:
        """By the job's id."""
        return dict(self._rows)

    @property
    def unfinished(self) -> int:
        """How many failed or were interrupted, and can be run again."""
        return sum(row.state in (JobState.FAILED, JobState.INTERRUPTED) for row in self._rows.values())

    def offer(self, interrupted: "Iterable[StoredJob]") -> None:
        """Jobs that an earlier run of the studio left unfinished."""
        for stored in interrupted:
            row = self._add_row(stored.job.id, stored.job.title)
            row.show_state(JobState.INTERRUPTED)
        self._settle()

    def clear_finished(self) -> None:
        for job_id in list(self._rows):
            watcher = self._watchers.get(job_id)
            if watcher is None or watcher.done:
                self._drop(job_id)

    def _added(self, watcher: JobWatcher) -> None:
        if not watcher.handle.operation.keep:
            return
        job_id = watcher.job.id
        row = self._add_row(job_id, watcher.job.title)
        self._watchers[job_id] = watcher
        row.cancel.clicked.connect(watcher.cancel)
        watcher.changed.connect(self._show)
        self._show(watcher)
        self._settle()

    def _add_row(self, job_id: str, title: str) -> JobRow:
        row = JobRow(title, self._list)
        row.retried.connect(lambda: self._retry(job_id))
        row.dismissed.connect(lambda: self._drop(job_id))
        row.details.connect(self.details)
        self._rows[job_id] = row
        self._column.insertWidget(0, row)
        return row

    def _show(self, watcher: JobWatcher) -> None:
        row = self._rows.get(watcher.job.id)
        if row is None:
            return
        error = watcher.outcome.error if watcher.outcome else None
        if row.state is not watcher.state:
            row.show_state(watcher.state, error)
        if watcher.state is JobState.RUNNING:
            latest = watcher.latest
            row.show_progress(latest.fraction, latest.message, latest.seconds_left)
        self._settle()

    def _retry(self, job_id: str) -> None:
        try:
            self._jobs.retry(job_id)
        except StudioError as error:
            self._messages.error(error)
            return
        self._drop(job_id)

    def _drop(self, job_id: str) -> None:
        row = self._rows.pop(job_id, None)
        watcher = self._watchers.pop(job_id, None)
        if row:
            self._column.removeWidget(row)
            row.deleteLater()
        if watcher:
            self._jobs.forget(watcher)
        self._settle()

    def _settle(self) -> None:
        self._empty.setVisible(not self._rows)
        self._scroll.setVisible(bool(self._rows))
        finished = any(job_id not in self._watchers or self._watchers[job_id].done for job_id in self._rows)
        self.clear.setEnabled(finished)
        self.changed.emit()

    def _build(self) -> None:
        title = QLabel(self.tr("Jobs"), self)
        title.setProperty("role", "strong")
        self.clear = Button(self.tr("Clear finished"), "ghost", parent=self, small=True)
        self.clear.clicked.connect(self.clear_finished)
        close = IconButton("x", self.tr("Close the jobs panel"), self, size=24, icon_size=14)
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(GRID * 2, GRID, GRID, GRID)
        head.setSpacing(HALF)
        head.addWidget(title, 1)
        head.addWidget(self.clear)
        head.addWidget(close)
        self._list = QWidget(self)
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(GRID, 0, GRID, GRID)
        self._column.setSpacing(GRID)
        self._column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._list)
        self._empty = EmptyState("clock", self.tr("What takes a while is listed here while it runs."), parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._empty, 1)
