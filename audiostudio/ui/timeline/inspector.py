"""The inspector: everything about what is selected on the timeline."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.timeline.time import TICKS
from audiostudio.ui.theme import GRID
from audiostudio.ui.timeline.inspector_clip import ClipPage
from audiostudio.ui.timeline.inspector_track import AutomationSection, MasterPage, TrackPage
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import IconButton, Separator, steady

WIDTH = 320


class Inspector(QWidget):
    """A page for clips, one for a track, one for the master. Pages are made when they are first shown."""

    wanted = Signal(bool)
    """There is something to show, or nothing any more."""
    closed = Signal()

    def __init__(self, work: TimelineWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._master = False
        self._span = (0, TICKS)
        self.title = QLabel(self)
        self.title.setProperty("role", "subheading")
        self.close_button = IconButton("x", self.tr("Close"), self, size=28, icon_size=14)
        self.close_button.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        self._pages = QStackedWidget(self)
        self.clips: ClipPage | None = None
        self.track: TrackPage | None = None
        self.master: MasterPage | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Separator(parent=self))
        column.addWidget(self._pages, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._follow_news)
        self._shown: tuple[object, ...] = ()
        work.selection_changed.connect(self._select)
        work.changed.connect(self._soon.start)
        work.lanes_changed.connect(self._show_lanes)

    @property
    def something(self) -> bool:
        """Whether anything is selected."""
        return bool(self._work.selected) or self._work.track is not None or self._master

    def choose_master(self) -> None:
        self._master = True
        self.follow()

    def show_span(self, first: int, last: int) -> None:
        """What the timeline shows, in ticks: automation is drawn over that."""
        self._span = (first, last)
        for section in self._automation():
            section.curve.show_span(first, last)

    def _automation(self) -> list[AutomationSection]:
        on_track = [] if self.track is None else list(self.track.automation.values())
        return on_track if self.master is None else [*on_track, *self.master.automation.values()]

    def follow(self) -> None:
        """Show what is selected, as it is now. Not while it is dragged: it shows what is."""
        clips = [clip for clip in self._work.document.clips() if clip.id in self._work.selected]
        track = self._work.track
        if clips:
            self._master = False
            self.clips = self.clips or ClipPage(self._work)
            self._show(self.clips, self.tr("Clip") if len(clips) == 1 else self.tr("%n clips", "", len(clips)))
            self.clips.show_clips(clips)
        elif self._master:
            self.master = self.master or MasterPage(self._work)
            self._show(self.master, self.tr("Master"))
            self.master.show_master()
        elif track is not None:
            self.track = self.track or TrackPage(self._work)
            self._show(self.track, self.tr("Track"))
            self.track.show_track(track)
        self._shown = self._state()
        self.show_span(*self._span)
        self.wanted.emit(self.something)

    def _follow_news(self) -> None:
        """While something is dragged over the timeline the document stays as it is."""
        if not self._seen():
            self.follow()

    def _show_lanes(self) -> None:
        if not self._work.selected and (self._master or self._work.track is not None):
            self.follow()

    def _seen(self) -> bool:
        state = self._state()
        return len(self._shown) == len(state) and self._shown[0] is state[0] and self._shown[1:] == state[1:]

    def _state(self) -> tuple[object, ...]:
        track = self._work.track
        return self._work.document, self._work.selected, None if track is None else track.id, self._master

    def close(self) -> bool:
        self._soon.stop()
        if self.track is not None:
            self.track.ducking.close()
        return super().close()

    def _select(self) -> None:
        if self._work.selected or self._work.track is not None:
            self._master = False
        self._soon.start()

    def _show(self, page: QWidget, title: str) -> None:
        self.title.setText(title)
        for index in range(self._pages.count()):
            area = self._pages.widget(index)
            if isinstance(area, QScrollArea) and area.widget() is not None and page.parent() is area.widget():
                self._pages.setCurrentIndex(index)
                return
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(2 * GRID, 2 * GRID, GRID + 2, 2 * GRID)
        column.addWidget(page)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        steady(area)
        area.setWidget(inner)
        self._pages.setCurrentIndex(self._pages.addWidget(area))
