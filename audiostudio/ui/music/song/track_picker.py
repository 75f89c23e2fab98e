"""Choosing a track of the library: a list that is searched."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from audiostudio.ui import icons
from audiostudio.ui.music.words import length
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, SearchField

if TYPE_CHECKING:
    from audiostudio.library.model import Page
    from audiostudio.ui.music.work import MusicWork

_ID = Qt.ItemDataRole.UserRole
MOST = 200


class TrackPicker(QDialog):
    """Music, songs and recordings, the newest first. Accepted: `track` is the id of an asset."""

    def __init__(self, work: "MusicWork", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Choose a track"))
        self._work = work
        self.track = ""
        self._left = False
        self.search = SearchField(self.tr("Search music, songs and recordings"), self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Tracks"))
        self.list.setIconSize(QSize(16, 16))
        self.note = QLabel(self.tr("No track is like that. Files can be dragged into the library first."), self)
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.take = Button(self.tr("Choose"), "primary", parent=self)
        self.leave = Button(self.tr("Cancel"), "secondary", parent=self)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for widget in (self.search, self.list, self.note):
            column.addWidget(widget)
        column.setStretch(1, 1)
        column.addLayout(foot)
        self.search.searched.connect(lambda _words: self.look())
        self.list.itemActivated.connect(lambda _item: self.accept())
        self.list.currentItemChanged.connect(lambda *_: self._chosen())
        self.take.clicked.connect(self.accept)
        self.leave.clicked.connect(self.reject)
        self.look()

    def look(self) -> None:
        from audiostudio.library.model import AssetKind, Query

        kinds = (AssetKind.MUSIC, AssetKind.SONG, AssetKind.RECORDING)
        query, studio = Query(text=self.search.text().strip(), kinds=kinds), self._work.desk.studio
        self._work.clerk.ask(lambda: studio.library.search(query, 0, MOST), self._show, "song.tracks")

    def sizeHint(self) -> QSize:
        return QSize(520, 460)

    def done(self, result: int) -> None:
        self._left = True
        super().done(result)

    def _show(self, page: "Page") -> None:
        if self._left:
            return
        self.list.clear()
        for asset in page.assets:
            kind = str(asset.kind)
            told = f"{asset.name}   {length(asset.media.duration)}" if asset.media.duration else asset.name
            item = QListWidgetItem(icons.icon("music-4" if kind == "song" else "music", f"kind_{kind}"), told)
            item.setData(_ID, asset.id)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.note.setVisible(not page.assets)
        self.list.setVisible(bool(page.assets))
        self._chosen()

    def _chosen(self) -> None:
        item = self.list.currentItem()
        self.track = item.data(_ID) if item is not None else ""
        self.take.setEnabled(bool(self.track))
