"""The window's life: it is shown first, then the library is opened beside it; at the end all of it ends in order."""

import gc
import html
import logging
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, SignalInstance
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from audiostudio import __version__
from audiostudio.errors import StudioError
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
    from audiostudio.jobs.runner import Runner
    from audiostudio.jobs.store import JobStore
    from audiostudio.operations.studio import Studio
    from audiostudio.sound.player import Player

_log = logging.getLogger(__name__)


class Services(Protocol):
    """What the program's root gives the window. Each is made when first asked for: the first picture needs none."""

    @property
    def profile(self) -> Profile: ...
    @property
    def settings(self) -> Settings: ...
    def studio(self) -> "Studio": ...
    def store(self) -> "JobStore": ...
    def runner(self) -> "Runner": ...
    def player(self) -> "Player": ...
    def end_jobs(self) -> None:
        """Cancel what runs, and wait for it."""

    def close(self) -> None:
        """End everything that was made."""


class _Opening(QThread):
    """Opens the library, looks for interrupted jobs and imports what panels need, beside the window."""

    opened = Signal(list)
    failed = Signal(object)

    def __init__(self, services: Services, panels: Panels, parent: QObject) -> None:
        super().__init__(parent)
        self._services, self._panels = services, panels

    def run(self) -> None:
        for module in self._panels.modules:
            import_module(module)
        try:
            self._services.store()
            self.opened.emit(self._services.runner().recover())
        except StudioError as error:
            self.failed.emit(error)


class Application:
    """Everything that lives as long as the window. `close` ends it, bounded in time and without leftovers."""

    def __init__(
        self, qt: QApplication, services: Services, panels: Panels | None = None, *, recover: bool = True
    ) -> None:
        """Not `recover`: the last project as it was saved. Raises `StorageError` when the profile cannot hold a
        project."""
        self.services = services
        panels = panels or studio_panels()
        self.theme = Theme(qt, services.settings)
        self.projects = Projects(services.profile, services.settings)
        first = not self.projects.recent()
        session, problem = self.projects.last(_tr("Untitled"), recover=recover)
        self.window = MainWindow(
            services.settings,
            services.studio,
            services.runner,
            services.player,
            session,
            self.projects,
            self.theme,
            panels,
        )
        self.window.setWindowIcon(QIcon(icons.pixmap("audio-lines", "accent", 64)))
        if problem is not None:
            self.window.messages.error(problem)
        if not recover:
            kept = _tr("What was not saved stays on the disk, and goes to its backups with your first change.")
            self.window.messages.say(_tr("The project was opened as it was saved."), kept, stays=True)
        if first:
            self.window.show_start()
        self._opening = _Opening(services, panels, self.window)
        self._opening.opened.connect(self.window.library_opened, Qt.ConnectionType.QueuedConnection)
        self._opening.opened.connect(self._say_open, Qt.ConnectionType.QueuedConnection)
        self._opening.failed.connect(self.window.library_failed, Qt.ConnectionType.QueuedConnection)

    @property
    def opened(self) -> SignalInstance:
        """Everything that the window needs was imported and opened, or cannot be."""
        return self._opening.finished

    def show(self) -> None:
        self.window.show()
        self.window.centralWidget().setFocus()
        QTimer.singleShot(0, self._opening.start)

    def close(self) -> None:
        self._opening.wait()
        self.services.end_jobs()
        self.window.jobs.close()
        self.services.close()
        self.theme.close()

    def _say_open(self) -> None:
        _log.info("open with %s", self.window.project_desk.session.path)


def run(services: Callable[[], Services], *, recover: bool = True) -> int:
    """Open the window (see `Application`) and stay until it is closed; the exit code. What keeps it from opening is
    said."""
    qt = the_qt()
    bugs, stops = BugCatcher(), StopSignals()
    try:
        application = Application(qt, services(), recover=recover)
    except StudioError as error:
        return _say_why(qt, error)
    bugs.caught.connect(application.window.show_bug)
    stops.asked.connect(application.window.close)
    application.opened.connect(gc.freeze)  # what stays is looked through no more: each time would stop the window
    application.show()
    code = qt.exec()
    application.close()
    stops.close()
    bugs.close()
    return code


def _say_why(qt: QApplication, error: StudioError) -> int:
    """There is no window to say it in."""
    theme = Theme(qt)
    box = QMessageBox(QMessageBox.Icon.Critical, "Audio Studio", f"<b>{html.escape(error.sentence)}</b>")
    box.setInformativeText(html.escape(error.hint))
    box.exec()
    theme.close()
    return error.exit_code


def the_qt() -> QApplication:
    """The process's one QApplication."""
    QApplication.setApplicationName("Audio Studio")
    QApplication.setApplicationVersion(__version__)
    QApplication.setDesktopFileName("audiostudio")
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication(sys.argv[:1])


def _tr(text: str) -> str:
    return QApplication.translate("Application", text)
