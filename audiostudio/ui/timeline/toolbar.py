"""The strip above the timeline: time and transport, tools, snapping and rippling, zoom."""

import math

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from audiostudio.timeline.time import TICKS
from audiostudio.ui.theme import GRID, HALF, font
from audiostudio.ui.timeline.commands import TOOLS, tool_icon, tool_name
from audiostudio.ui.timeline.divisions import shown_time
from audiostudio.ui.timeline.scale import CLOSEST, WIDEST
from audiostudio.ui.timeline.view import TimelineView
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Button, IconButton, Menu, Separator, Slider

HEIGHT = 44
_NARROWEST = 520
_METER = 2 * GRID
"""Pixels that the level of the microphone takes while it is recorded."""
_STEPS = 1000
"""Positions of the zoom slider, even in octaves."""


class ToolBar(QWidget):
    fold_wanted = Signal()
    menu_wanted = Signal(object)
    """The `Menu` to fill."""
    used = Signal()
    """Something was clicked: the keyboard belongs to the timeline."""

    def __init__(self, work: TimelineWork, view: TimelineView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._view, self._commands = work, view, work.desk.commands
        self.setFixedHeight(HEIGHT)
        self.time = QLabel(self)
        self.time.setFont(font("large", tabular=True))
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("00:00:00.000") + GRID)
        self.time.setAccessibleName(self.tr("Playhead"))
        self.length = QLabel(self)
        self.length.setProperty("role", "small")
        self.start = self._button("timeline.start", "skip-back")
        self.play = self._button("timeline.play", "play:solid", 36)
        self._transport = QHBoxLayout()
        self.loop = self._toggle("timeline.loop", "repeat")
        self.tools = QButtonGroup(self)
        self.tool_buttons = {tool: self._tool(tool) for tool in TOOLS}
        self.snap = self._toggle("timeline.snap", "magnet")
        self.ripple = self._toggle("timeline.ripple", "arrow-up-down")
        self.overlap = self._toggle("timeline.overlap", "blend")
        self.split = self._button("timeline.split", "square-split-horizontal")
        self.marker = self._button("timeline.marker", "bookmark")
        self.zoom = Slider(self)
        self.zoom.setRange(0, _STEPS)
        self.zoom.setFixedWidth(104)
        self.zoom.setAccessibleName(self.tr("Zoom"))
        self.fit = self._button("timeline.zoom_all", "maximize-2")
        self.more = IconButton("ellipsis", self.tr("More of the timeline"), self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = Menu(self)
        self.more.setMenu(self.menu)
        self.fold = IconButton("chevron-down", self.tr("Fold the timeline"), self)
        self._lay_out()
        self._connect()
        self.show_settings()
        self.show_time()

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What has a key or a menu as well goes first where there is no room for all of it."""
        super().resizeEvent(event)
        spare = (self.zoom, self.length, self.marker, self.split, self.fit, self.start, *self.tool_buttons.values())
        for widget in spare:
            widget.show()
        for widget in spare:
            if self.layout().minimumSize().width() + _METER <= self.width():
                break
            widget.hide()

    def add_transport(self, widget: QWidget) -> None:
        """Beside Play."""
        self._transport.addWidget(widget)

    def show_time(self) -> None:
        timeline, unit = self._work.timeline, self._view.ruler.unit
        self.time.setText(shown_time(self._work.playhead, timeline, unit))
        self.length.setText(shown_time(timeline.end, timeline, unit, TICKS // 10))

    def show_settings(self) -> None:
        self.loop.setChecked(self._work.transport is not None and self._work.transport.looping)
        self.snap.setChecked(self._work.snapping)
        self.ripple.setChecked(self._work.rippling)
        self.overlap.setChecked(self._work.crossfading)
        self.tool_buttons[self._work.tool].setChecked(True)

    def show_transport(self) -> None:
        transport = self._work.transport
        playing = transport is not None and transport.playing
        self.play.set_icon("pause:solid" if playing else "play:solid", "text")
        self.play.setEnabled(transport is not None)
        self.loop.setChecked(transport is not None and transport.looping)

    def show_keys(self) -> None:
        """Tooltips, with the keys as they are now."""
        for name, button in self._buttons.items():
            button.set_label(self._commands.hint(name))

    def show_folded(self, folded: bool) -> None:
        self.fold.set_icon("chevron-up" if folded else "chevron-down")
        self.fold.set_label(self.tr("Unfold the timeline") if folded else self.tr("Fold the timeline"))

    def _connect(self) -> None:
        self.zoom.valueChanged.connect(self._zoomed)
        self._view.canvas.scale_changed.connect(self._show_zoom)
        self.fold.clicked.connect(self.fold_wanted)
        self.menu.aboutToShow.connect(lambda: self.menu_wanted.emit(self.menu))
        self._work.settings_changed.connect(self.show_settings)
        self._work.transport_changed.connect(self.show_transport)
        self._work.changed.connect(self.show_time)

    def _zoomed(self, value: int) -> None:
        wanted = WIDEST * (CLOSEST / WIDEST) ** (value / _STEPS)
        now = self._view.canvas.scene.scale.per_pixel
        self._view.zoom(now / wanted)

    def _show_zoom(self) -> None:
        per_pixel = self._view.canvas.scene.scale.per_pixel
        self.zoom.blockSignals(True)
        self.zoom.setValue(round(_STEPS * math.log(per_pixel / WIDEST) / math.log(CLOSEST / WIDEST)))
        self.zoom.blockSignals(False)

    @property
    def _buttons(self) -> dict[str, IconButton]:
        named = {"timeline.start": self.start, "timeline.play": self.play, "timeline.snap": self.snap}
        named |= {"timeline.loop": self.loop, "timeline.overlap": self.overlap}
        named |= {"timeline.ripple": self.ripple, "timeline.split": self.split, "timeline.marker": self.marker}
        return named | {f"timeline.tool.{tool}": button for tool, button in self.tool_buttons.items()}

    def _button(self, command: str, icon: str, size: int = 32) -> IconButton:
        button = IconButton(icon, self._commands.hint(command), self, size=size)
        button.clicked.connect(lambda: self._run(command))
        return button

    def _toggle(self, command: str, icon: str) -> IconButton:
        button = IconButton(icon, self._commands.hint(command), self, checkable=True)
        button.clicked.connect(lambda: self._run(command))
        return button

    def _tool(self, tool: str) -> IconButton:
        button = IconButton(tool_icon(tool), tool_name(tool), self, checkable=True)
        self.tools.addButton(button)
        button.clicked.connect(lambda: self._run(f"timeline.tool.{tool}"))
        return button

    def _run(self, command: str) -> None:
        self._commands.run(command)
        self.used.emit()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + HALF, 0, GRID, 0)
        row.setSpacing(HALF)
        row.addWidget(self.start)
        row.addWidget(self.play)
        row.addLayout(self._transport)
        row.addWidget(self.loop)
        row.addSpacing(HALF)
        row.addWidget(self.time)
        row.addWidget(self.length)
        row.addSpacing(GRID)
        self._line(row)
        for button in self.tool_buttons.values():
            row.addWidget(button)
        self._line(row)
        for button in (self.snap, self.ripple, self.overlap):
            row.addWidget(button)
        self._line(row)
        for button in (self.split, self.marker):
            row.addWidget(button)
        row.addStretch(1)
        for widget in (self.zoom, self.fit, self.more, self.fold):
            row.addWidget(widget)

    def _line(self, row: QHBoxLayout) -> None:
        line = Separator(True, self)
        line.setFixedHeight(20)
        row.addSpacing(HALF)
        row.addWidget(line)
        row.addSpacing(HALF)


class Invitation(QWidget):
    """What is shown while nothing is on the timeline: one sentence, one button."""

    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT + 10)
        self.sentence = QLabel(
            self.tr("The timeline is empty: generate speech, or drag sounds here from the library or a folder."), self
        )
        self.sentence.setProperty("role", "muted")
        self.button = Button(self.tr("Put the voiceover on the timeline"), "secondary", "audio-lines", self)
        self.button.clicked.connect(self.accepted)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 0, GRID, 0)
        row.setSpacing(2 * GRID)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.button)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT)
