"""Showing a file in the system's file manager."""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_SERVICE = "org.freedesktop.FileManager1"
_OBJECT = "/org/freedesktop/FileManager1"


def reveal(path: Path, parent: QObject, failed: Callable[[], object]) -> None:
    """Open the folder of `path` with the file selected, or at least the folder. `failed`: neither can be done."""
    if sys.platform == "darwin":
        shown = QProcess.startDetached("open", ["-R", str(path)])[0]
    elif sys.platform == "win32":
        shown = QProcess.startDetached("explorer", [f"/select,{path}"])[0]
    else:
        shown = _ask_file_manager(path, parent, failed)
    if not shown:
        _open_folder(path, failed)


def _ask_file_manager(path: Path, parent: QObject, failed: Callable[[], object]) -> bool:
    """Whether there is a session bus to ask on; a desktop without that service gets the folder opened."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    message = QDBusMessage.createMethodCall(_SERVICE, _OBJECT, _SERVICE, "ShowItems")
    message.setArguments([[QUrl.fromLocalFile(str(path)).toString()], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message, 3000), parent)

    def answered(call: QDBusPendingCallWatcher) -> None:
        if call.isError():
            _open_folder(path, failed)
        call.deleteLater()

    watcher.finished.connect(answered)
    return True


def _open_folder(path: Path, failed: Callable[[], object]) -> None:
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))):
        failed()
