"""The headers beside the tracks, one for each row of the canvas."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from audiostudio.timeline.editing import arranging, mixing
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Track
from audiostudio.ui.theme import GRID, HALF, tokens
from audiostudio.ui.timeline.canvas import colour_of
from audiostudio.ui.timeline.headers_controls import Fader, LetterButton, PanKnob, TrackName, letter, shown_decibels
from audiostudio.ui.timeline.headers_lane import LaneHeader
from audiostudio.ui.timeline.headers_menu import fill_add, track_menu
from audiostudio.ui.timeline.meters import SILENCE, Levels, Meter, MeterFeed
from audiostudio.ui.timeline.motions import motion_of
from audiostudio.ui.timeline.rows import Lane, Row, Rows
from audiostudio.ui.timeline.ruler import HEIGHT as RULER_HEIGHT
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Button, IconButton, Menu
from audiostudio.ui.widgets.layout import SCROLL_BAR

WIDTH = 208
_BAR = 4
"""Pixels of the colour."""
_EDGE = 5
"""Pixels at the lower edge that resize."""
_TWO_ROWS = 60
"""Height from which there is room for fader and pan."""


class TrackHeader(QWidget):
    """One track. It shows what it is told; every button edits through the work."""

    dragged = Signal(object, int, bool)
    """This header, the y within the column, and whether it was let go of."""
    resized = Signal(object, int)
    """This header and the height wanted."""

    def __init__(self, work: TimelineWork, track: Track, parent: QWidget) -> None:
        super().__init__(parent)
        self._work, self.track = work, track
        self._pressed: QPoint | None = None
        self._resizing = False
        self._moving = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name = TrackName(self.tr("Name of the track"), self)
        self.mute = letter(LetterButton("M", self.tr("Mute"), "warning", self), self._mute)
        self.solo = letter(LetterButton("S", self.tr("Solo"), "accent_text", self), self._solo)
        self.arm = letter(LetterButton("R", self.tr("Record on this track"), "error", self), self._arm)
        self.lock = IconButton("lock-open", self.tr("Lock"), self, checkable=True, size=20, icon_size=12)
        self.fader = Fader(self.tr("Gain"), self)
        self.gain = TrackName(self.tr("Gain in dB"), self)
        self.pan = PanKnob(self.tr("Pan"), self)
        self.meter = Meter(self.tr("Level"), parent=self)
        self._lay_out()
        self._connect()
        self.show_track(track, False)

    def show_track(self, track: Track, armed: bool) -> None:
        self.track = track
        self.setAccessibleName(track.name)
        self.name.show_name(track.name)
        self.mute.setChecked(track.muted)
        self.solo.setChecked(track.solo)
        self.arm.setChecked(armed)
        self.lock.setChecked(track.locked)
        self.lock.set_icon("lock" if track.locked else "lock-open")
        self.fader.show_gain(track.channel.gain)
        self.gain.show_name(shown_decibels(track.channel.gain))
        self.pan.show_pan(track.channel.pan)
        self.update()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.name, 1)
        for button in (self.mute, self.solo, self.arm, self.lock):
            top.addWidget(button)
        self.sound = QWidget(self)
        self.sound.setMouseTracking(True)
        below = QHBoxLayout(self.sound)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(2)
        below.addWidget(self.fader, 1)
        self.gain.setFixedWidth(44)
        self.gain.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        below.addWidget(self.gain)
        below.addWidget(self.pan)
        column = QVBoxLayout()
        column.setContentsMargins(0, HALF, 0, HALF)
        column.setSpacing(2)
        column.addStretch(1)
        column.addLayout(top)
        column.addWidget(self.sound)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(_BAR + HALF, 0, HALF, 0)
        row.setSpacing(HALF)
        row.addLayout(column, 1)
        levels = QVBoxLayout()
        levels.setContentsMargins(0, HALF, 0, HALF)
        levels.addWidget(self.meter)
        row.addLayout(levels)

    def _connect(self) -> None:
        self.lock.clicked.connect(self._lock)
        self.name.renamed.connect(self._rename)
        self.gain.renamed.connect(self._type_gain)
        self.fader.slid.connect(lambda gain, key: self._channel(self.tr("Gain of a track"), f"gain.{key}", gain=gain))
        self.pan.slid.connect(lambda pan, key: self._channel(self.tr("Pan of a track"), f"pan.{key}", pan=pan))

    # Edits

    def _mute(self, on: bool) -> None:
        self._edit(self.tr("Mute") if on else self.tr("Unmute"), lambda p, t: arranging.mute_track(p, t, self._id, on))

    def _solo(self, on: bool) -> None:
        """Beside others; with Ctrl, this one alone."""
        alone = bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier)

        def change(project: Project, timeline: str) -> Project:
            if on and alone:
                for track in project.timeline(timeline).tracks:
                    project = arranging.solo_track(project, timeline, track.id, False)
            return arranging.solo_track(project, timeline, self._id, on)

        self._edit(self.tr("Solo") if on else self.tr("Solo off"), change)

    def _lock(self, on: bool) -> None:
        self._edit(self.tr("Lock") if on else self.tr("Unlock"), lambda p, t: arranging.lock_track(p, t, self._id, on))

    def _arm(self, on: bool) -> None:
        self._work.arm(self._id if on else None)

    def _rename(self, name: str) -> None:
        self._edit(self.tr("Rename a track"), lambda p, t: arranging.rename_track(p, t, self._id, name))

    def _type_gain(self, text: str) -> None:
        try:
            gain = float(text.casefold().removesuffix("db").strip().replace("−", "-").replace(",", "."))
        except ValueError:
            self.show_track(self.track, self.arm.isChecked())
            return
        self._channel(self.tr("Gain of a track"), None, gain=gain)

    def _channel(self, label: str, key: str | None, **values: float) -> None:
        self._edit(label, lambda p, t: mixing.set_channel(p, t, self._id, **values), key)

    def _edit(self, label: str, change: Callable[[Project, str], Project], merge: str | None = None) -> None:
        if not self._work.edit(label, change, merge):
            self.show_track(self.track, self.arm.isChecked())

    @property
    def _id(self) -> str:
        return self.track.id

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._work.select(())
            self._work.select_track(self._id)
            self._pressed = event.position().toPoint()
            self._resizing = event.position().y() >= self.height() - _EDGE

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at_edge = event.position().y() >= self.height() - _EDGE
        self.setCursor(Qt.CursorShape.SizeVerCursor if at_edge or self._resizing else Qt.CursorShape.ArrowCursor)
        if self._pressed is None:
            return
        if self._resizing:
            self.resized.emit(self, round(event.position().y()))
            return
        self._moving |= abs(event.position().y() - self._pressed.y()) > 6
        if self._moving:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(self, self.y() + round(event.position().y()), False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        moving, self._moving, self._resizing, self._pressed = self._moving, False, False, None
        if moving:
            self.dragged.emit(self, self.y() + round(event.position().y()), True)

    def resizeEvent(self, event: QEvent) -> None:
        self.sound.setVisible(self.height() >= _TWO_ROWS)
        super().resizeEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        chosen = self._work.track is not None and self._work.track.id == self._id
        painter.fillRect(self.rect(), colours.colour("raised" if chosen else "surface"))
        if chosen:
            painter.fillRect(self.rect(), colours.colour("selected"))
        painter.fillRect(QRectF(0, 0, _BAR, self.height() - 1), colour_of(colours, self.track))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colours.colour("border"))


class _Tracks(QWidget):
    """Where the headers lie."""

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), tokens().colour("surface"))


class _Line(QWidget):
    """The place that a dragged header would take."""

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), tokens().colour("accent"))


class HeaderColumn(QWidget):
    """Follows the work: the same rows and the same scrolling as the canvas."""

    scroll_wanted = Signal(int)
    """Pixels down."""

    def __init__(self, work: TimelineWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self._work, self._offset = work, 0.0
        self.headers: dict[str, TrackHeader] = {}
        self.lanes: dict[tuple[str, str], LaneHeader] = {}
        """By track and parameter."""
        self.add = Button(self.tr("Add track"), "ghost", "plus", self, small=True)
        self.add_menu = Menu(self)
        self.add_menu.aboutToShow.connect(self._fill_add)
        self.add.setMenu(self.add_menu)
        self.add.setProperty("menu", True)
        self._tracks = _Tracks(self)
        self._line = _Line(self._tracks)
        self._line.hide()
        self.feed = MeterFeed(lambda: all(header.meter.at_rest for header in self.headers.values()), self)
        self.feed.looked.connect(self.show_levels)
        self._lay_out()
        work.changed.connect(self.follow)
        work.selection_changed.connect(self._repaint)
        work.settings_changed.connect(self.follow)
        work.heights_changed.connect(self._place)
        work.lanes_changed.connect(self._place)
        work.scrolled.connect(self._scroll)
        self.follow()

    def follow(self) -> None:
        """The timeline, or what is armed, became another."""
        tracks = self._work.timeline.tracks
        there = {track.id for track in tracks}
        for gone in [track_id for track_id in self.headers if track_id not in there]:
            header = self.headers.pop(gone)
            header.hide()
            header.deleteLater()
        for track in tracks:
            header = self.headers.get(track.id)
            if header is None:
                header = TrackHeader(self._work, track, self._tracks)
                header.dragged.connect(self._dragged)
                header.resized.connect(lambda header, height: self._work.set_height(header.track.id, height))
                header.installEventFilter(self)
                self.headers[track.id] = header
                header.show()
            armed = self._work.armed == track.id
            if header.track is not track or header.arm.isChecked() != armed:
                header.show_track(track, armed)
        self._place()

    def show_levels(self, levels: Levels) -> None:
        for track_id, header in self.headers.items():
            header.meter.look(levels.get(track_id, SILENCE))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent) and isinstance(watched, TrackHeader):
            self._open_menu(watched, event.globalPos())
            return True
        return False

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.scroll_wanted.emit(-round(event.angleDelta().y() / 120 * 48))
        event.accept()

    def menu_of(self, track_id: str) -> Menu:
        header = self.headers[track_id]
        height = partial(self._work.set_height, track_id)
        return track_menu(self._work, header.track, header.name.edit, height, self)

    def _open_menu(self, header: TrackHeader, place: QPoint) -> None:
        self._work.select_track(header.track.id)
        menu = self.menu_of(header.track.id)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _fill_add(self) -> None:
        self.add_menu.clear()
        fill_add(self.add_menu, self._work)

    @property
    def _rows(self) -> Sequence[Row]:
        work = self._work
        return Rows(work.timeline.tracks, work.heights, self._offset, work.lanes()).rows

    def _scroll(self, offset: float) -> None:
        self._offset = offset
        self._place()

    def _place(self) -> None:
        for row in self._rows:
            header = self.headers.get(row.track.id)
            if header is not None:
                header.setGeometry(0, round(row.top), self._tracks.width(), round(row.height))
        self._place_lanes([lane for row in self._rows for lane in row.lanes])

    def _place_lanes(self, lanes: Sequence[Lane]) -> None:
        shown = {(lane.track.id, lane.parameter): lane for lane in lanes}
        for gone in self.lanes.keys() - shown.keys():
            header = self.lanes.pop(gone)
            header.hide()
            header.deleteLater()
        for key, lane in shown.items():
            motion = motion_of(lane.track.channel, lane.parameter)
            if motion is None:
                continue
            if key not in self.lanes:
                self.lanes[key] = LaneHeader(self._work, lane, self._tracks)
                self.lanes[key].show()
            self.lanes[key].setGeometry(0, round(lane.top), self._tracks.width(), round(lane.height))
            self.lanes[key].show_lane(lane, motion)

    def _repaint(self) -> None:
        for header in self.headers.values():
            header.update()

    def _dragged(self, header: TrackHeader, y: int, dropped: bool) -> None:
        """Show, or take, the place between the headers that is nearest."""
        rows = self._rows
        others = [row for row in rows if row.track.id != header.track.id]
        index = sum(1 for row in others if y > row.top + row.height / 2)
        if not dropped:
            bounds = [row.top for row in rows] + [rows[-1].bottom]
            before = [row.track.id for row in rows].index(header.track.id)
            edge = bounds[index if index <= before else index + 1]
            self._line.setGeometry(0, round(edge) - 1, self._tracks.width(), 3)
            self._line.raise_()
            self._line.show()
            return
        self._line.hide()
        self._work.edit(
            self.tr("Move a track"),
            lambda project, timeline: arranging.move_track(project, timeline, header.track.id, index),
        )
        self.follow()

    def _lay_out(self) -> None:
        head = QWidget(self)
        head.setFixedHeight(RULER_HEIGHT)
        row = QHBoxLayout(head)
        row.setContentsMargins(HALF, 0, GRID, 0)
        row.addWidget(self.add)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._tracks, 1)
        column.addSpacing(SCROLL_BAR)

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place()
