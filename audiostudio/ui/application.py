"""The window's root: builds the studio, the runner, the player and the window once, and ends them in order.

The window is shown first: nothing on the way to the first picture needs a database, an engine or numpy.
"""

import logging
import sys
import threading
from collections.abc import Callable, Collection
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from audiostudio import __version__
from audiostudio.errors import StudioError
from audiostudio.files import storage_errors
from audiostudio.jobs import Job, JobState
from audiostudio.profile import Profile
from audiostudio.settings import Settings
from audiostudio.ui import icons
from audiostudio.ui.crash import BugCatcher
from audiostudio.ui.desk import Panels
from audiostudio.ui.main_window import MainWindow
from audiostudio.ui.panels import studio_panels
from audiostudio.ui.projects import Projects
from audiostudio.ui.stopping import StopSignals
from audiostudio.ui.theme import Theme

if TYPE_CHECKING:
    from audiostudio.jobs.owner import Owner
    from audiostudio.jobs.runner import Runner
    from audiostudio.jobs.store import JobStore, StoredJob
    from audiostudio.operations.studio import Studio
    from audiostudio.sound.player import Player

_log = logging.getLogger(__name__)
T = TypeVar("T")
LOG_BYTES = 1_000_000
"""A log longer than this is put aside at the next start."""


class Late(Generic[T]):
    """Something that is made once, by whoever asks first, in whatever thread."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self.made: T | None = None

    def __call__(self) -> T:
        with self._lock:
            if self.made is None:
                self.made = self._make()
            return self.made


class LateStore:
    """The library's job store; the library is opened when the first job comes."""

    def __init__(self, store: "Callable[[], JobStore]") -> None:
        self._store = store

    def add(self, job: Job, owner: "Owner") -> None:
        self._store().add(job, owner)

    def update(self, job_id: str, **changes: Any) -> bool:
        return self._store().update(job_id, **changes)

    def heartbeat(self, owner: "Owner") -> None:
        self._store().heartbeat(owner)

    def jobs(self, states: Collection[JobState] | None = None, limit: int = 1000) -> "list[StoredJob]":
        return self._store().jobs(states, limit)

    def get(self, job_id: str) -> "StoredJob":
        return self._store().get(job_id)

    def remove(self, job_id: str) -> None:
        self._store().remove(job_id)


class _Opening(QThread):
    """Opens the library, looks for interrupted jobs and imports what panels need, beside the window."""

    opened = Signal(list)
    failed = Signal(object)

    def __init__(
        self, store: "Callable[[], JobStore]", runner: "Callable[[], Runner]", panels: Panels, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._store, self._runner, self._panels = store, runner, panels

    def run(self) -> None:
        for module in self._panels.modules:
            import_module(module)
        try:
            self._store()
            self.opened.emit(self._runner().recover())
        except StudioError as error:
            self.failed.emit(error)


class Application:
    """Everything that lives as long as the window. `close` ends it, bounded in time and without leftovers."""

    def __init__(self, qt: QApplication, profile: Profile, panels: Panels | None = None) -> None:
        """Raises `StorageError` when the profile cannot hold a project."""
        self._profile = profile
        panels = panels or studio_panels()
        self._log = _log_to(profile)
        self.settings = Settings(profile.settings)
        self.theme = Theme(qt, self.settings)
        self.studio = Late(self._make_studio)
        self.store = Late(self._make_store)
        self.runner = Late(self._make_runner)
        self.player = Late(_make_player)
        self.projects = Projects(profile, self.settings)
        first = not self.projects.recent()
        session, problem = self.projects.last(_tr("Untitled"))
        self.window = MainWindow(
            self.settings,
            self.studio,
            self.runner,
            self.player,
            session,
            self.projects,
            self.theme,
            panels,
        )
        self.window.setWindowIcon(QIcon(icons.pixmap("audio-lines", "accent", 64)))
        if problem is not None:
            self.window.messages.error(problem)
        if first:
            self.window.show_start()
        self._opening = _Opening(self.store, self.runner, panels, self.window)
        self._opening.opened.connect(self.window.library_opened, Qt.ConnectionType.QueuedConnection)
        self._opening.opened.connect(self._say_open, Qt.ConnectionType.QueuedConnection)
        self._opening.failed.connect(self.window.library_failed, Qt.ConnectionType.QueuedConnection)

    def show(self) -> None:
        self.window.show()
        self.window.centralWidget().setFocus()
        QTimer.singleShot(0, self._opening.start)

    def close(self) -> None:
        self._opening.wait()
        if self.runner.made is not None:
            self.runner.made.close()
        self.window.jobs.close()
        for made in (self.player.made, self.studio.made):
            if made is not None:
                made.close()
        self.theme.close()
        logging.getLogger("audiostudio").removeHandler(self._log)
        self._log.close()

    def _say_open(self) -> None:
        _log.info("open with %s", self.window.project_desk.session.path)

    def _make_studio(self) -> "Studio":
        from audiostudio.operations.studio import Studio

        studio = Studio(self._profile)
        studio.settings = self.settings  # one object writes the file
        return studio

    def _make_store(self) -> "JobStore":
        from audiostudio.library.jobs import LibraryJobStore

        return LibraryJobStore(self.studio().library)

    def _make_runner(self) -> "Runner":
        from audiostudio.jobs.runner import Runner
        from audiostudio.operations import OPERATIONS
        from audiostudio.operations.studio import worker_command

        return Runner(OPERATIONS, self.studio, worker_command(self._profile), LateStore(self.store))


def run(profile: Profile) -> int:
    """Open the window and stay until it is closed; the exit code."""
    qt = _qt()
    bugs, stops = BugCatcher(), StopSignals()
    try:
        application = Application(qt, profile)
    except StudioError as error:
        QMessageBox.critical(None, "Audio Studio", str(error))
        return error.exit_code
    bugs.caught.connect(application.window.show_bug)
    stops.asked.connect(application.window.close)
    application.show()
    code = qt.exec()
    application.close()
    stops.close()
    bugs.close()
    return code


def _make_player() -> "Player":
    from audiostudio.sound.player import Player

    return Player()


def _qt() -> QApplication:
    QApplication.setApplicationName("Audio Studio")
    QApplication.setApplicationVersion(__version__)
    QApplication.setDesktopFileName("audiostudio")
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication(sys.argv[:1])


def _tr(text: str) -> str:
    return QApplication.translate("Application", text)


def _log_to(profile: Profile) -> logging.Handler:
    file = profile.logs / "studio.log"
    with storage_errors(profile.logs):
        profile.logs.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LOG_BYTES:
            file.replace(file.with_suffix(".old.log"))
        handler = logging.FileHandler(file, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("audiostudio")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler
