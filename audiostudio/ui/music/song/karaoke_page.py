"""Karaoke: the track in hand with its words; the whole screen with F11."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.ui.music.song.held import Held
from audiostudio.ui.music.song.karaoke_view import KaraokeView
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, EmptyState

_FRAME = 16
"""Milliseconds between two pictures while it plays."""


class Stage(QWidget):
    """The whole screen. Escape or F11 leaves it, Space plays."""

    left = Signal()

    def __init__(self, held: Held, wire: Callable[[KaraokeView], None], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(held.asset.name if held.asset is not None else self.tr("Karaoke"))
        self.view = KaraokeView(self)
        wire(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().closeEvent(event)


class KaraokePage(QWidget):
    words_wanted = Signal()
    """Give the track in hand words."""
    track_wanted = Signal()

    def __init__(self, held: Held, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = held
        self.stage: Stage | None = None
        self._views: list[KaraokeView] = []
        self.view = KaraokeView(self)
        self._wire(self.view)
        self.empty = EmptyState(
            "mic-vocal", self.tr("Words appear here as they are sung."), self.tr("Choose a track"), self
        )
        self.full = Button(self.tr("Full screen"), "ghost", "maximize-2", self, small=True)
        self.full.setToolTip(self.tr("The whole screen; F11 or Escape leaves it"))
        self.hint = QLabel(self.tr("Click a line to sing from there. Arrow keys go from line to line."), self)
        self.hint.setProperty("role", "small")
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        foot = QHBoxLayout()
        foot.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.full)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
        self._frame = QTimer(self)
        self._frame.setInterval(_FRAME)
        self._frame.timeout.connect(lambda: self._move(held.position))
        self.full.clicked.connect(self.go_full)
        self.empty.acted.connect(lambda: (self.words_wanted if held.asset is not None else self.track_wanted).emit())
        held.changed.connect(self.show_track)
        held.moved.connect(self._move)
        held.state_changed.connect(self._run)
        self.show_track()

    def show_track(self) -> None:
        for view in self._views:
            view.show_lines(self._held.lines)
        known = bool(self._held.lines)
        self._stack.setCurrentWidget(self.view if known else self.empty)
        self.full.setEnabled(known)
        self.hint.setVisible(known)
        if self._held.asset is not None:
            words = self.tr("“{name}” has no words with times yet.").replace("{name}", self._held.asset.name)
            self.empty.sentence.setText(words)
            self.empty.button.setText(self.tr("Give it words"))

    def go_full(self) -> None:
        """The whole screen; again: back."""
        if self.stage is not None:
            self.stage.close()
            return
        if not self._held.lines:
            return
        self.stage = Stage(self._held, self._wire, self)
        self.stage.left.connect(self._left)
        self.stage.view.show_lines(self._held.lines)
        self.stage.view.set_position(self._held.position)
        self.stage.showFullScreen()
        self.stage.view.setFocus()

    def close(self) -> bool:
        self._frame.stop()
        if self.stage is not None:
            self.stage.close()
        return super().close()

    def hideEvent(self, event: QEvent) -> None:
        if self.stage is None:
            self._frame.stop()
        super().hideEvent(event)

    def showEvent(self, event: QEvent) -> None:
        self._run("playing" if self._held.playing else "idle")
        self._move(self._held.position)
        super().showEvent(event)

    def _wire(self, view: KaraokeView) -> None:
        self._views.append(view)
        view.line_wanted.connect(self._held.play_from)
        view.play_wanted.connect(self._held.toggle)
        view.full_wanted.connect(self.go_full)

    def _left(self) -> None:
        if self.stage is not None:
            self._views.remove(self.stage.view)
            self.stage = None
            self.view.setFocus()

    def _run(self, state: str) -> None:
        playing = state == "playing" and (self.isVisible() or self.stage is not None)
        self._frame.start() if playing else self._frame.stop()

    def _move(self, seconds: float) -> None:
        for view in self._views:
            if view.isVisible():
                view.set_position(seconds)
