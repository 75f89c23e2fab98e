"""The pieces of this project: one is shown, all can be renamed, copied and removed (undo brings them back)."""

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from audiostudio.music.song import Song, Writing
from audiostudio.timeline import songs
from audiostudio.timeline.project import new_id
from audiostudio.ui import icons
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import EmptyState, IconButton, Menu, SectionHeader

WIDTH = 184
_ID = Qt.ItemDataRole.UserRole


def _tr(text: str) -> str:
    return QCoreApplication.translate("PieceList", text)


def piece_title(piece: Song) -> str:
    """Its name, else how what was asked for begins."""
    words = " ".join(piece.prompt.split())
    asked = words if len(words) <= 40 else words[:38].rstrip() + "…"
    return piece.title or asked or (_tr("New piece") if piece.writing == Writing.INSTRUMENTAL else _tr("New song"))


class PieceList(QWidget):
    chosen = Signal(str)
    """The id of a piece that is to be shown."""

    def __init__(self, work: MusicWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._showing = False
        self.setFixedWidth(WIDTH)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Pieces of this project"))
        self.list.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setIconSize(QSize(16, 16))
        self.new = IconButton("plus", self.tr("New piece"), self, size=24, icon_size=14)
        self.menu = Menu(self)
        self.new_music = self.menu.addAction(self.tr("Piece of music"))
        self.new_song = self.menu.addAction(self.tr("Song with words"))
        self.empty = EmptyState("music", self.tr("Pieces that you make are listed here."), parent=self)
        head = SectionHeader(self.tr("Pieces"), self)
        head.add(self.new)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + GRID // 2, GRID, GRID // 2, GRID)
        column.setSpacing(GRID // 2)
        row = QHBoxLayout()
        row.addWidget(head)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        self.new.clicked.connect(self._open_menu)
        self.new_music.triggered.connect(lambda: self._begin(Writing.INSTRUMENTAL))
        self.new_song.triggered.connect(lambda: self._begin(Writing.CUSTOM))
        self.list.currentItemChanged.connect(self._chosen)
        self.list.itemChanged.connect(self._renamed)
        self.list.customContextMenuRequested.connect(self._open_item_menu)
        work.pieces_changed.connect(self.refresh)
        work.piece_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """As the project has them now."""
        self._showing = True
        pieces = self._work.pieces
        while self.list.count() > len(pieces):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(pieces):
            item = QListWidgetItem()
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
        shown = self._work.piece
        for number, piece in enumerate(pieces):
            item = self.list.item(number)
            title = piece_title(piece)
            if item.text() != title:
                item.setText(title)
            item.setData(_ID, piece.id)
            item.setToolTip(piece.prompt or title)
            sung = piece.writing != Writing.INSTRUMENTAL
            item.setIcon(icons.icon("music-4" if sung else "music", "kind_song" if sung else "kind_music"))
            if shown is not None and piece.id == shown.id:
                self.list.setCurrentItem(item)
        self.list.setVisible(bool(pieces))
        self.empty.setVisible(not pieces)
        self._showing = False

    def rename(self) -> None:
        if self.list.currentItem() is not None:
            self.list.editItem(self.list.currentItem())

    def duplicate(self) -> None:
        piece = self._work.piece
        if piece is not None:
            new, label = new_id(), self.tr("Duplicate “{name}”").replace("{name}", piece_title(piece))
            if self._work.edit(label, lambda project: songs.duplicate(project, piece.id, new)):
                self.chosen.emit(new)

    def remove(self) -> None:
        piece = self._work.piece
        if piece is None:
            return
        name = piece_title(piece)
        label = self.tr("Remove “{name}”").replace("{name}", name)
        if self._work.edit(label, lambda project: songs.remove(project, [piece.id])):
            self._work.desk.messages.say(
                self.tr("“{name}” was removed from the project.").replace("{name}", name),
                self.tr("What was made of it stays in the library."),
                (self.tr("Undo"), self._work.session.undo),
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.refresh()
        super().changeEvent(event)

    def _begin(self, writing: str) -> None:
        self.chosen.emit(self._work.begin(writing))

    def _open_menu(self) -> None:
        self.new_music.setIcon(icons.icon("music"))
        self.new_song.setIcon(icons.icon("music-4"))
        self.menu.popup(self.new.mapToGlobal(QPoint(0, self.new.height())))

    def _chosen(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is not None and not self._showing:
            self.chosen.emit(item.data(_ID))

    def _renamed(self, item: QListWidgetItem) -> None:
        if self._showing:
            return
        identity, title = item.data(_ID), " ".join(item.text().split())
        if title:
            self._work.edit(self.tr("Rename the piece"), lambda project: songs.rename(project, identity, title))
        self.refresh()

    def _open_item_menu(self, place: QPoint) -> None:
        if self.list.itemAt(place) is None:
            return
        menu = Menu(self)
        for icon, text, run in (
            ("pencil", self.tr("Rename"), self.rename),
            ("copy", self.tr("Duplicate"), self.duplicate),
            ("trash-2", self.tr("Remove"), self.remove),
        ):
            action = QAction(icons.icon(icon), text, menu)
            action.triggered.connect(run)
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.list.viewport().mapToGlobal(place))
