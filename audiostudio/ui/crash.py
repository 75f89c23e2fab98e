"""Bugs: written to the log, and shown with all that a report needs."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from audiostudio import __version__
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button

_log = logging.getLogger(__name__)


def report(trace: str) -> str:
    """What a developer needs to know: versions, system, traceback. Nothing of the user's work."""
    import platform

    versions = f"Audio Studio {__version__} · Python {platform.python_version()} · Qt {qVersion()}"
    return f"{versions}\n{platform.platform()} · {platform.machine()}\n\n{trace.strip()}\n"


class BugCatcher(QObject):
    """Catches what nobody caught, in every thread, from its making until `close`."""

    caught = Signal(str)
    """The traceback, in the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before: tuple[Callable[..., object], Callable[..., object]] = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._in_main
        threading.excepthook = self._in_thread

    def close(self) -> None:
        sys.excepthook, threading.excepthook = self._before

    def _in_main(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        self._caught("".join(traceback.format_exception(kind, error, trace)))

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        self._caught("".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)))

    def _caught(self, text: str) -> None:
        _log.error("a bug:\n%s", text)
        self.caught.emit(text)


class BugDialog(QDialog):
    """Says that it was our mistake and gives what to report. The studio goes on."""

    def __init__(self, trace: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Something went wrong"))
        title = QLabel(self.tr("Something went wrong"), self)
        title.setProperty("role", "heading")
        text = QLabel(
            self.tr(
                "This is a mistake in Audio Studio, not yours. Your project is saved as it was. "
                "A report helps to mend it; it holds versions and the place in the program, nothing of your work."
            ),
            self,
        )
        text.setWordWrap(True)
        text.setProperty("role", "secondary")
        self.report = QPlainTextEdit(report(trace), self)
        self.report.setReadOnly(True)
        self.report.setProperty("kind", "code")
        self.report.setAccessibleName(self.tr("Report"))
        self.copy = Button(self.tr("Copy report"), "secondary", "copy", self)
        self.copy.clicked.connect(self._copy)
        self.carry_on = Button(self.tr("Carry on"), "primary", parent=self)
        self.carry_on.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        buttons.addWidget(self.carry_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(title)
        column.addWidget(text)
        column.addWidget(self.report, 1)
        column.addLayout(buttons)
        self.resize(640, 440)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy.setText(self.tr("Copied"))
