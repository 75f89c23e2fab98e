"""What asks the program to end from outside (Ctrl-C, a log-out, `kill`), told to the window's event loop."""

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class StopSignals(QObject):
    """Turns the first stop signal into `asked`; a second one ends the process at once, as the system does it.

    Qt's loop is not in Python while it waits, so a handler alone would not run: the interpreter writes to a socket
    that the loop watches.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reads, self._writes = socket.socketpair()
        for end in (self._reads, self._writes):
            end.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._writes.fileno())
        names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        self._before = {signal.Signals[name]: signal.getsignal(signal.Signals[name]) for name in names}
        for number, was in self._before.items():
            if was is not signal.SIG_IGN:  # what the parent chose to ignore stays ignored
                signal.signal(number, self._came)
        self._notifier = QSocketNotifier(self._reads.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._tell)
        self._told = False

    def close(self) -> None:
        """Put back what was there before."""
        self._notifier.setEnabled(False)
        for number, was in self._before.items():
            signal.signal(number, was)
        signal.set_wakeup_fd(self._wakeup)
        self._reads.close()
        self._writes.close()

    def _came(self, number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)

    def _tell(self) -> None:
        self._reads.recv(64)
        if not self._told:
            self._told = True
            self.asked.emit()
