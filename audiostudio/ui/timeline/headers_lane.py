"""The header of a lane of automation: what moves, its value at the playhead, a button that hides it."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.timeline.editing.source import value_at
from audiostudio.ui.theme import HALF, font, tokens
from audiostudio.ui.timeline.canvas import colour_of
from audiostudio.ui.timeline.motions import Motion
from audiostudio.ui.timeline.rows import Lane
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import IconButton

_INDENT = 20


class LaneHeader(QWidget):
    def __init__(self, work: TimelineWork, lane: Lane, parent: QWidget) -> None:
        super().__init__(parent)
        self._work, self._lane = work, lane
        self._motion: Motion | None = None
        self.name = QLabel(self)
        self.name.setFont(font("caption"))
        self.name.setProperty("role", "secondary")
        self.value = QLabel(self)
        self.value.setFont(font("caption", tabular=True))
        self.value.setProperty("role", "muted")
        self.hide_button = IconButton("x", self.tr("Hide"), self, size=20, icon_size=12)
        self.hide_button.clicked.connect(lambda: work.show_lane(lane.track.id, lane.parameter, False))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.value)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(_INDENT, 0, HALF, 0)
        row.setSpacing(HALF)
        row.addLayout(words, 1)
        row.addWidget(self.hide_button, 0, Qt.AlignmentFlag.AlignVCenter)
        work.playhead_moved.connect(self.show_value)

    def show_lane(self, lane: Lane, motion: Motion) -> None:
        self._lane, self._motion = lane, motion
        self.setAccessibleName(f"{lane.track.name}: {motion.label}")
        self._shorten()
        self.show_value()
        self.update()

    def show_value(self) -> None:
        if self._motion is not None:
            points = self._lane.track.channel.automated(self._lane.parameter)
            value = value_at(points, self._work.playhead) if points else self._motion.rest
            self.value.setText(self._motion.words(value))

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._shorten()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.colour("sunken"))
        ink = colour_of(colours, self._lane.track)
        ink.setAlphaF(0.5)
        painter.fillRect(QRectF(0, 0, 4, self.height() - 1), ink)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colours.colour("border"))

    def _shorten(self) -> None:
        label = "" if self._motion is None else self._motion.label
        room = self.width() - _INDENT - 2 * HALF - self.hide_button.width()
        self.name.setText(QFontMetrics(self.name.font()).elidedText(label, Qt.TextElideMode.ElideRight, max(0, room)))
        self.name.setToolTip(label)
