"""Music that is being made: one job at a time, how far it is, and what came of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, Outcome, Partial, Progress
from audiostudio.ui import icons
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.jobs_panel import time_left
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk


class MakingStrip(QWidget):
    """Shown while a job runs, with Cancel; what went wrong stays, with what to do about it."""

    busy_changed = Signal(bool)
    came = Signal(object)
    """A `Partial` of the job."""
    ended = Signal(object)
    """Its `Outcome`."""

    def __init__(self, desk: "Desk", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._watcher: JobWatcher | None = None
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.left = QLabel(self)
        self.left.setProperty("role", "small")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.cancel = Button(self.tr("Cancel"), "secondary", parent=self, small=True)
        self.cancel.clicked.connect(self.stop)
        self._picture = QLabel(self)
        self._picture.setFixedWidth(16)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.words, 1)
        head.addWidget(self.left)
        head.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HALF)
        column.addLayout(head)
        column.addWidget(self.bar)
        self.hide()

    @property
    def busy(self) -> bool:
        return self._watcher is not None

    def run(self, job: Job) -> bool:
        """Whether it began: not while another runs."""
        if self.busy:
            return False
        try:
            watcher = self._watcher = self._desk.jobs.submit(job)
        except StudioError as error:
            self.show_error(error)
            return False
        watcher.progress.connect(self._progressed)
        watcher.partial.connect(self._passed_on)
        watcher.finished.connect(self._finished)
        self._show(job.title, "secondary", going=True)
        self._progressed(watcher.latest)
        self.busy_changed.emit(True)
        return True

    def stop(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()

    def show_error(self, error: StudioError) -> None:
        """Stays until the next job."""
        self._show(f"{error.sentence} {error.hint}".strip(), "problem", going=False)
        self._tint()

    def close(self) -> bool:
        watcher, self._watcher = self._watcher, None
        if watcher is not None:  # it goes on: what it makes comes into the library
            watcher.progress.disconnect(self._progressed)
            watcher.partial.disconnect(self._passed_on)
            watcher.finished.disconnect(self._finished)
        return super().close()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _progressed(self, progress: Progress) -> None:
        if self._watcher is None:
            return
        self.bar.setRange(0, 0 if progress.fraction is None else 1000)
        self.bar.setValue(round(1000 * (progress.fraction or 0.0)))
        self.words.setText(progress.message or self._watcher.job.title)
        self.left.setText(time_left(progress.seconds_left))

    def _passed_on(self, part: Partial) -> None:
        self.came.emit(part)

    def _finished(self, outcome: Outcome) -> None:
        watcher, self._watcher = self._watcher, None
        self.hide()
        if isinstance(outcome.error, StudioError):
            self.show_error(outcome.error)
            if watcher is not None:
                watcher.told = self.isVisible()  # else it is said over the window
        self.busy_changed.emit(False)
        self.ended.emit(outcome)

    def _show(self, words: str, role: str, going: bool) -> None:
        self.words.setText(words)
        self.words.setProperty("role", role)
        self.words.style().polish(self.words)
        for part in (self.bar, self.cancel, self.left):
            part.setVisible(going)
        self._picture.setVisible(not going)
        self.show()

    def _tint(self) -> None:
        self._picture.setPixmap(icons.pixmap("circle-alert", "error", 16, self.devicePixelRatioF()))
