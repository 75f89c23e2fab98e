"""The Library panel: puts its parts together."""

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.library.model import Asset
from audiostudio.ui.desk import Desk
from audiostudio.ui.library.assets import AssetModel
from audiostudio.ui.library.audition import Audition
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.library.delegates import GridDelegate, ListDelegate, playable
from audiostudio.ui.library.now_playing import NowPlaying
from audiostudio.ui.library.shelf import Shelf
from audiostudio.ui.library.thumbnails import Thumbnails
from audiostudio.ui.library.view import AssetView
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import SearchField, SegmentedControl

_LOOK_MS = 600
"""How often the library is asked whether anybody has changed it."""
_TYPING_MS = 80


class LibraryPanel(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """`desk.studio.library` is open. `close()` ends what runs for the panel."""
        super().__init__(parent)
        self.desk = desk
        self.library = desk.studio.library
        self.reads, self.writes = Clerk(self), Clerk(self)
        self.model = AssetModel(self.library, self.reads, self)
        self.thumbnails = Thumbnails(desk.jobs, Clerk(self), desk.studio.profile.cache, self)
        self.audition = Audition(desk, self)
        self.shelf = Shelf()
        self._version = 0
        self._build()
        self._look_again = QTimer(self)
        self._look_again.setInterval(_LOOK_MS)
        self._look_again.timeout.connect(self._poll)
        self.model.show(self.shelf.query())
        self._look_again.start()

    def _build(self) -> None:
        self.search = SearchField(self.tr("Search the library"), self, _TYPING_MS)
        self.mode = SegmentedControl([("grid", self.tr("Grid")), ("list", self.tr("List"))], self)
        self.view = AssetView(
            self.model, GridDelegate(self.thumbnails, self.audition), ListDelegate(self.thumbnails, self.audition), self
        )
        self.now = NowPlaying(self.audition, self.thumbnails, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.mode)
        column.addWidget(self.view, 1)
        column.addWidget(self.now)
        self.mode.changed.connect(self.view.set_mode)
        self.search.searched.connect(self._search)
        self.view.play_wanted.connect(self._open)
        self.thumbnails.came.connect(self.view.viewport().update)
        self.audition.changed.connect(lambda a, b: self.view.viewport().update())
        self.audition.moved.connect(lambda a: self.view.viewport().update())

    def _search(self, text: str) -> None:
        self.shelf = replace(self.shelf, text=text)
        self.model.show(self.shelf.query())

    def _open(self, asset: Asset) -> None:
        if playable(asset):
            self.audition.toggle(asset)

    def _poll(self) -> None:
        try:
            version = self.library.version()
        except StudioError:
            return
        if version != self._version:
            self._version = version
            self.model.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._look_again.stop()
        self.audition.close()
        self.thumbnails.close()
        for clerk in self.findChildren(Clerk):
            clerk.close()
        super().closeEvent(event)
