"""News, errors and bugs, shown over the window without stopping anybody."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Toast

if TYPE_CHECKING:
    from audiostudio.ui.docks import TimelineDock

Action = tuple[str, Callable[[], None]]
"""A button's label and what it does."""


_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)
WIDTH = 360
EDGE = 3 * GRID
"""Between the messages and the window's right and lower edge."""


class Messages(QObject):
    """What panels call to tell the user something."""

    said = Signal(str, str, str, object, object)
    """Sentence, hint, tone, action or None, seconds or None."""
    taken_back = Signal(str)
    """A sentence that holds no longer."""
    bug_found = Signal(str)

    def say(
        self, sentence: str, hint: str = "", action: Action | None = None, tone: str = "info", *, stays: bool = False
    ) -> None:
        """News that goes away by itself, unless it `stays` until it is closed; perhaps with an Undo. Tones: `info`,
        `success`, `warning`."""
        self.said.emit(sentence, hint, tone, action, None if stays else 8.0 if action else 5.0)

    def take_back(self, sentence: str) -> None:
        """What was said holds no longer: it was undone."""
        self.taken_back.emit(sentence)

    def error(self, error: StudioError, action: Action | None = None) -> None:
        """An error that the user can mend; it stays until it is closed."""
        self.said.emit(error.sentence, error.hint, "error", action, None)

    def bug(self, report: str) -> None:
        """Our mistake, with its traceback as text."""
        self.bug_found.emit(report)


class MessageArea(QWidget):
    """Lies over `host` and shows the newest messages; the same message is not shown twice. It stands in the lower right
    corner, over lists and tracks that scroll: script, waveform, master and their buttons stay in sight and in reach."""

    MOST = 4

    def __init__(self, messages: Messages, host: QWidget, below: "TimelineDock") -> None:
        """`below`: what may take the lower edge of the window."""
        super().__init__(host)
        self._host, self._below = host, below
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._toasts: list[Toast] = []
        messages.said.connect(self._show)
        messages.taken_back.connect(self._take_back)
        for widget in (host, below):
            widget.installEventFilter(self)
        self.hide()

    @property
    def toasts(self) -> tuple[Toast, ...]:
        return tuple(self._toasts)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._settle()
        return False

    def _show(self, sentence: str, hint: str, tone: str, action: Action | None, seconds: float | None) -> None:
        for toast in self.toasts:
            if (toast.sentence.text(), toast.hint.text(), toast.tone) == (sentence, hint, tone):
                if action is None and toast.action is None:
                    toast.stay_on()
                    return
                toast.close_now()
        toast = Toast(sentence, hint, tone, action, seconds, self)
        toast.closed.connect(self._gone)
        self._toasts.append(toast)
        self._column.addWidget(toast)
        while len(self._toasts) > self.MOST:
            self._toasts[0].close_now()
        self.show()
        self._settle()

    def _take_back(self, sentence: str) -> None:
        for toast in self.toasts:
            if toast.sentence.text() == sentence:
                toast.close_now()

    def _gone(self, toast: Toast) -> None:
        self._toasts.remove(toast)
        self._column.removeWidget(toast)
        self.setVisible(bool(self._toasts))
        self._settle()

    def _settle(self) -> None:
        width = min(WIDTH, self._host.width() - 2 * EDGE)
        for toast in self._toasts:
            toast.ensurePolished()
            toast.setFixedSize(width, toast.heightForWidth(width))
        self.setFixedSize(width, sum(toast.height() + GRID for toast in self._toasts))
        corner = self._below.free_corner(QPoint(self._host.width(), self._host.height())) - QPoint(EDGE, EDGE)
        self.move(max(0, corner.x() - self.width()), max(0, corner.y() - self.height()))
        self.raise_()
