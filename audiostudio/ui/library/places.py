"""The tree of places: everything, favourites, folders, missing files and the bin. Things can be dropped on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)  # fmt: skip

from audiostudio.library.model import Folder
from audiostudio.ui import icons
from audiostudio.ui.library.assets import ASSETS, dragged_ids, local_paths
from audiostudio.ui.library.shelf import Place
from audiostudio.ui.theme import GRID, RADIUS, font, tokens

ROW = 28
_PLACE = Qt.ItemDataRole.UserRole + 1
_FOLDER = Qt.ItemDataRole.UserRole + 2
_COUNT = Qt.ItemDataRole.UserRole + 3
_ICON = Qt.ItemDataRole.UserRole + 4
_OWN_ROWS = "::item, ::item:selected, ::item:hover, ::branch { background: transparent; image: none; }"
"""The delegate paints rows, all of them."""
_FOLDERS = "application/x-audiostudio-folder"


@dataclass(frozen=True, slots=True)
class Census:
    """How many there are, and the folders."""

    folders: tuple[Folder, ...]
    total: int
    favourites: int
    missing: int
    binned: int


class PlacesTree(QTreeWidget):
    chosen = Signal(object, object)
    """`Place` and the folder's id or None."""
    renamed = Signal(int, str)
    folder_menu_wanted = Signal(object, QPoint)
    """The folder's id or None, and where."""
    remove_wanted = Signal(int)
    assets_dropped = Signal(list, object, object)
    """Ids, `Place`, folder."""
    folder_dropped = Signal(int, object)
    """A folder and its new parent or None."""
    files_dropped = Signal(list, object)
    """Paths from outside, folder."""
    grown = Signal()

    def __init__(self, writable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._writable = writable
        self._names: dict[int, str] = {}
        self._over: QModelIndex = QModelIndex()
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(True)
        self.setItemDelegate(_PlaceDelegate(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed if writable else QAbstractItemView.EditTrigger.NoEditTriggers
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(writable)
        self.setAcceptDrops(writable)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Places"))
        self.setStyleSheet(_OWN_ROWS)
        self.currentItemChanged.connect(self._chosen)
        self.itemChanged.connect(self._edited)
        self.itemExpanded.connect(self.grown)
        self.itemCollapsed.connect(self.grown)

    # What is shown

    def show_census(self, census: Census, place: Place, folder: int | None) -> None:
        """Show folders and counts, with `place` as the one that is looked at, silently."""
        if self.state() == QAbstractItemView.State.EditingState:
            return
        closed = {item.data(0, _FOLDER) for item in self._items() if item.childCount() and not item.isExpanded()}
        self.blockSignals(True)
        self.clear()
        self._names = {one.id: one.name for one in census.folders}
        self._add(self.tr("All media"), Place.ALL, None, "library-big", census.total)
        self._add(self.tr("Favourites"), Place.FAVOURITES, None, "star", census.favourites)
        made: dict[int, QTreeWidgetItem] = {}
        for one in census.folders:
            above = made.get(one.parent) if one.parent is not None else None
            made[one.id] = self._add(one.name, Place.FOLDER, one.id, "folder", 0, above)
        if census.missing or place is Place.MISSING:
            self._add(self.tr("Missing files"), Place.MISSING, None, "triangle-alert", census.missing)
        self._add(self.tr("Bin"), Place.BIN, None, "trash-2", census.binned)
        for one_id, item in made.items():
            item.setExpanded(one_id not in closed)
        self._mark(place, folder)
        self.blockSignals(False)
        self.grown.emit()

    def choose(self, place: Place, folder: int | None = None) -> None:
        for item in self._items():
            if item.data(0, _PLACE) == place and item.data(0, _FOLDER) == folder:
                self.setCurrentItem(item)

    def edit_folder(self, folder: int) -> None:
        for item in self._items():
            if item.data(0, _FOLDER) == folder:
                self.setCurrentItem(item)
                self.editItem(item)

    def folder_name(self, folder: int | None) -> str:
        return self._names.get(folder, "") if folder is not None else ""

    def wanted_height(self) -> int:
        """Of all rows that are open."""
        rows, index = 0, self.model().index(0, 0)
        while index.isValid():
            rows, index = rows + 1, self.indexBelow(index)
        return rows * ROW + 4

    def _add(
        self, name: str, place: Place, folder: int | None, icon: str, count: int, above: QTreeWidgetItem | None = None
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name])
        for role, value in ((_PLACE, place), (_FOLDER, folder), (_COUNT, count), (_ICON, icon)):
            item.setData(0, role, value)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDropEnabled
        if folder is not None and self._writable:
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
        item.setFlags(flags)
        item.setToolTip(0, name)
        if above is None:
            self.addTopLevelItem(item)
        else:
            above.addChild(item)
        return item

    def _items(self) -> list[QTreeWidgetItem]:
        found = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        for item in found:
            found += [item.child(row) for row in range(item.childCount())]
        return found

    def _mark(self, place: Place, folder: int | None) -> None:
        for item in self._items():
            if item.data(0, _PLACE) == place and item.data(0, _FOLDER) == folder:
                self.setCurrentItem(item)
                return

    # The user's hands

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(Place(item.data(0, _PLACE)), item.data(0, _FOLDER))

    def _edited(self, item: QTreeWidgetItem) -> None:
        folder, name = item.data(0, _FOLDER), " ".join(item.text(0).split())
        before = self._names.get(folder, "")
        if folder is None or name == before:
            return
        if name:
            self.renamed.emit(folder, name)
        self.blockSignals(True)
        item.setText(0, name or before)
        self.blockSignals(False)

    def contextMenuEvent(self, event: QEvent) -> None:
        item = self.itemAt(event.pos())
        self.folder_menu_wanted.emit(item.data(0, _FOLDER) if item else None, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        folder = item.data(0, _FOLDER) if item else None
        if event.key() == Qt.Key.Key_Delete and folder is not None and self._writable:
            self.remove_wanted.emit(folder)
        elif event.key() == Qt.Key.Key_F2 and folder is not None and self._writable:
            self.editItem(item)
        else:
            super().keyPressEvent(event)

    # Dropping

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        data = QMimeData()
        data.setData(_FOLDERS, str(items[0].data(0, _FOLDER)).encode())
        return data

    def mimeTypes(self) -> list[str]:
        return [ASSETS, _FOLDERS, "text/uri-list"]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.accept() if self._writable and any(map(event.mimeData().hasFormat, self.mimeTypes())) else event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        taken = index.isValid() and self._takes(event.mimeData(), index.data(_PLACE))
        self._point(index if taken else QModelIndex())
        event.setDropAction(
            Qt.DropAction.CopyAction if not event.mimeData().hasFormat(_FOLDERS) else Qt.DropAction.MoveAction
        )
        event.setAccepted(taken)

    def dragLeaveEvent(self, event: QEvent) -> None:
        self._point(QModelIndex())

    def dropEvent(self, event: QDropEvent) -> None:
        """Ends before what it leads to: a dialog must not open in the middle of another program's drag."""
        index, data = self.indexAt(event.position().toPoint()), event.mimeData()
        self._point(QModelIndex())
        if not index.isValid() or not self._takes(data, index.data(_PLACE)):
            event.ignore()
            return
        place, folder = Place(index.data(_PLACE)), index.data(_FOLDER)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if data.hasFormat(ASSETS):
            ids = dragged_ids(data)
            QTimer.singleShot(0, self, lambda: self.assets_dropped.emit(ids, place, folder))
        elif data.hasFormat(_FOLDERS):
            moved = int(bytes(data.data(_FOLDERS).data()).decode())
            QTimer.singleShot(0, self, lambda: self.folder_dropped.emit(moved, folder))
        else:
            paths = local_paths(data)
            QTimer.singleShot(0, self, lambda: self.files_dropped.emit(paths, folder))

    def _takes(self, data: QMimeData, place: Place) -> bool:
        if data.hasFormat(ASSETS):
            return place != Place.MISSING
        if data.hasFormat(_FOLDERS):
            return place in (Place.ALL, Place.FOLDER)
        return place in (Place.ALL, Place.FOLDER) and bool(local_paths(data))

    def _point(self, index: QModelIndex) -> None:
        self._over = index
        self.viewport().update()

    def is_pointed_at(self, index: QModelIndex) -> bool:
        return self._over.isValid() and self._over == index

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex) -> None:
        if self.model().hasChildren(index):
            name = "chevron-down" if self.isExpanded(index) else "chevron-right"
            mark = icons.pixmap(name, "text_muted", 12, self.devicePixelRatioF())
            painter.drawPixmap(QPoint(rect.right() - 12, rect.center().y() - 5), mark)


class _PlaceDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(option.rect.width(), ROW)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        editor.setProperty("kind", "value")
        editor.setGeometry(option.rect.adjusted(22, 1, -GRID, -1))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        tree, colours, states = self.parent(), tokens(), QStyle.StateFlag
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.toRectF().adjusted(0, 1, -GRID, -1)
        chosen = bool(option.state & states.State_Selected)
        painter.setPen(Qt.PenStyle.NoPen)
        if tree.is_pointed_at(index):
            painter.setPen(QPen(colours.colour("accent"), 1.5))
            painter.setBrush(colours.colour("accent_soft"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        elif chosen:
            painter.setBrush(colours.colour("selected"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        elif option.state & states.State_MouseOver:
            painter.setBrush(colours.colour("hover"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        if chosen and tree.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.colour("focus"), 1.5))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        missing = index.data(_PLACE) == Place.MISSING
        token = "warning" if missing else "accent_text" if chosen else "text_muted"
        mark = icons.pixmap(index.data(_ICON), token, 14, tree.devicePixelRatioF())
        painter.drawPixmap(QPoint(round(box.left()) + 6, round(box.center().y()) - 7), mark)
        count = index.data(_COUNT)
        right = box.right() - GRID
        if count:
            painter.setFont(font("caption", tabular=True))
            painter.setPen(colours.colour("text_muted"))
            painter.drawText(
                box.adjusted(0, 0, -GRID, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{count:n}"
            )
            right -= painter.fontMetrics().horizontalAdvance(f"{count:n}") + GRID
        painter.setFont(font("body"))
        painter.setPen(colours.colour("text" if chosen else "text_secondary"))
        room = box.adjusted(28, 0, 0, 0)
        room.setRight(right)
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideMiddle, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
