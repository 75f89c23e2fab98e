"""The timeline at the bottom of the window."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.timeline.time import TICKS
from audiostudio.ui.desk import Desk, OpenProject
from audiostudio.ui.theme import GRID, HALF, font
from audiostudio.ui.timeline.divisions import clock
from audiostudio.ui.timeline.gestures.hands import Hands
from audiostudio.ui.timeline.headers import HeaderColumn
from audiostudio.ui.timeline.headers_master import MasterHeader
from audiostudio.ui.timeline.sources import Sources
from audiostudio.ui.timeline.view import TimelineView
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import IconButton, Separator


class TimelinePanel(QWidget):
    """Tool bar, headers and view."""

    def __init__(self, desk: Desk, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.work = TimelineWork(desk, opened, self)
        library = desk.studio.profile
        self.sources = Sources(desk.jobs, lambda: (library.library / "media", opened.session.path), library.cache, self)
        self.sources.follow(opened.session.project)
        self.view = TimelineView(self.sources.shown, self)
        self.hands = Hands(self.work, self.view.canvas)
        self._build()
        self._connect(opened)
        self.view.show_timeline(self.work.timeline)

    def close(self) -> bool:
        self.sources.close()
        return super().close()

    def _build(self) -> None:
        self.time = QLabel(self)
        self.time.setFont(font("large", tabular=True))
        bar = QHBoxLayout()
        bar.setContentsMargins(GRID, HALF, GRID, HALF)
        bar.setSpacing(HALF)
        self.snap = self._toggle("link-2", self.tr("Snap to edges, markers and the playhead"), self.work.set_snapping)
        self.snap.setChecked(self.work.snapping)
        self.ripple = self._toggle("arrow-up-down", self.tr("Ripple: what follows moves along"), self.work.set_rippling)
        self.ripple.setChecked(self.work.rippling)
        for widget in (self.time, self.snap, self.ripple):
            bar.addWidget(widget)
        bar.addStretch(1)
        for icon, label, run in (
            ("minus", self.tr("Zoom out"), lambda: self.view.zoom(1 / 1.5)),
            ("plus", self.tr("Zoom in"), lambda: self.view.zoom(1.5)),
            ("maximize-2", self.tr("Show everything"), self.view.show_all),
        ):
            button = IconButton(icon, label, self)
            button.clicked.connect(run)
            bar.addWidget(button)
        self.headers = HeaderColumn(self.work, self.view, self)
        self.master = MasterHeader(self.work, self)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.headers)
        row.addWidget(Separator(True, self))
        row.addWidget(self.view, 1)
        row.addWidget(Separator(True, self))
        row.addWidget(self.master)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(Separator(parent=self))
        column.addLayout(row, 1)
        self._show_time()

    def _connect(self, opened: OpenProject) -> None:
        work, view = self.work, self.view
        opened.signals.changed.connect(lambda _before, after: self.sources.follow(after))
        work.changed.connect(lambda: view.show_timeline(work.timeline))
        work.selection_changed.connect(self._show_selection)
        work.playhead_moved.connect(self._show_playhead)
        view.ruler.sought.connect(lambda at, _still: work.seek(at))
        self.sources.changed.connect(lambda media: (view.canvas.tiles.forget(media), view.canvas.change()))

    def _toggle(self, icon: str, label: str, run: Callable[[bool], None]) -> IconButton:
        button = IconButton(icon, label, self, checkable=True)
        button.toggled.connect(run)
        return button

    def _show_selection(self) -> None:
        self.view.canvas.scene.selected = self.work.selected
        self.view.canvas.change()

    def _show_playhead(self) -> None:
        self.view.set_playhead(self.work.playhead)
        self._show_time()

    def _show_time(self) -> None:
        self.time.setText(clock(self.work.playhead, TICKS // 1000))
