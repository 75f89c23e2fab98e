"""A question to a service and how it goes, as a strip; and a question to the user."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, JsonObject, Outcome, Progress
from audiostudio.ui import icons
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, Spinner

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk


class TaskStrip(QWidget):
    """One job at a time: it turns while it runs, with Cancel; what went wrong stays, with what to do about it."""

    busy_changed = Signal(bool)

    def __init__(self, desk: "Desk", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._watcher: JobWatcher | None = None
        self._done: Callable[[JsonObject], None] = lambda _result: None
        self.error: StudioError | None = None
        self._spinner = Spinner(16, self)
        self._picture = QLabel(self)
        self._picture.setFixedWidth(16)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.cancel = Button(self.tr("Cancel"), "secondary", parent=self, small=True)
        self.cancel.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._spinner, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        row.addWidget(self.cancel)
        self.hide()

    @property
    def busy(self) -> bool:
        return self._watcher is not None

    def run(self, job: Job, done: Callable[[JsonObject], None]) -> bool:
        """`done(result)` when it went well; whether it began: not while another runs."""
        if self.busy:
            return False
        try:
            watcher = self._desk.jobs.submit(job)
        except StudioError as error:
            self.show_error(error)
            return False
        self._watcher, self._done, self.error = watcher, done, None
        watcher.progress.connect(self._progressed)
        watcher.finished.connect(self._finished)
        self._say(job.title, "secondary", busy=True)
        self.busy_changed.emit(True)
        return True

    def stop(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()

    def show_error(self, error: StudioError) -> None:
        self.error = error
        self.say(f"{error.sentence} {error.hint}".strip())

    def say(self, words: str) -> None:
        """What went wrong."""
        self._say(words, "problem")
        self._tint()

    def clear(self) -> None:
        self.error = None
        if not self.busy:
            self.hide()

    def close(self) -> bool:
        """The page goes: what was asked for is cancelled."""
        if self._watcher is not None:
            self._watcher.progress.disconnect(self._progressed)
            self._watcher.finished.disconnect(self._finished)
            self._watcher.cancel()
            self._watcher = None
        return super().close()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _progressed(self, progress: Progress) -> None:
        if progress.fraction is not None and self._watcher is not None:
            self.words.setText(f"{self._watcher.job.title} · {progress.fraction:.0%}")

    def _finished(self, outcome: Outcome) -> None:
        watcher, self._watcher = self._watcher, None
        self.hide()
        if isinstance(outcome.error, StudioError):
            self.show_error(outcome.error)
            if watcher is not None:
                watcher.told = self.isVisible()  # else it is said over the window
        self.busy_changed.emit(False)
        if outcome.state is JobState.DONE:
            self._done(outcome.result or {})

    def _say(self, words: str, role: str, busy: bool = False) -> None:
        self.words.setText(words)
        self.words.setProperty("role", role)
        self.words.style().polish(self.words)
        self._spinner.setVisible(busy)
        self.cancel.setVisible(busy)
        self._picture.setVisible(not busy)
        self.show()

    def _tint(self) -> None:
        self._picture.setPixmap(icons.pixmap("circle-alert", "error", 16, self.devicePixelRatioF()))
