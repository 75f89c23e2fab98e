"""A list or a grid of equal cells, painted in time that depends on what is in sight and not on how much there is.

`QListView` lays out every row: measured, 100,000 of them take it 0.1 to 0.5 s at each change.
"""

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)  # fmt: skip
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)  # fmt: skip
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from audiostudio.library.model import Asset
from audiostudio.ui.library.assets import ASSETS, AssetModel, asset_mime, local_paths
from audiostudio.ui.library.cursor import goal
from audiostudio.ui.library.delegates import GridDelegate, ListDelegate, drag_picture
from audiostudio.ui.theme import GRID

_MOST_DRAGGED = 500
"""Files that leave by one drag."""


class AssetView(QAbstractItemView):
    """Shows an `AssetModel` as `grid` or `list`."""

    play_wanted = Signal(object)
    """The asset whose Play was clicked, or that was opened by Space, Enter or a double click."""
    star_wanted = Signal(object)
    menu_wanted = Signal(QPoint)
    chosen = Signal()
    """The selection has changed, or what is selected has."""
    files_dropped = Signal(list)
    """Paths from outside."""

    def __init__(
        self, model: AssetModel, grid: GridDelegate, rows: ListDelegate, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._assets = model
        self._delegates = {"grid": grid, "list": rows}
        self._mode = "grid"
        self._hover = -1
        self._kept: tuple[set[str], str, tuple[str, int]] = (set(), "", ("", 0))
        self._kept_row = (-1, 0)
        """The current row, and of how many."""
        self._receiving = False
        self.setModel(model)
        self.setItemDelegate(grid)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(self.tr("Library items"))
        model.modelAboutToBeReset.connect(self._keep)
        model.shown.connect(self._restore)

    # What it looks like

    @property
    def mode(self) -> str:
        return self._mode

    def set_mode(self, mode: str) -> None:
        top = self._top_row()
        self._mode = mode
        self.setItemDelegate(self._delegates[mode])
        self.updateGeometries()
        self.verticalScrollBar().setValue(self._cell_rect(top).top() if top > 0 else 0)
        self.viewport().update()

    def _columns(self) -> int:
        return self._delegates[self._mode].columns(self._width())

    def _width(self) -> int:
        return max(1, self.viewport().width() - GRID)

    def _cell(self) -> QSize:
        return self._delegates[self._mode].cell(self._width())

    def _cell_rect(self, row: int) -> QRect:
        """In the coordinates of all there is, not of what is in sight."""
        size, columns = self._cell(), self._columns()
        line, column = divmod(row, columns)
        left = GRID + column * size.width()
        return QRect(left, line * size.height(), size.width(), size.height())

    def _lines(self) -> int:
        return -(-self._assets.total // self._columns())

    def _top_row(self) -> int:
        return self.verticalScrollBar().value() // max(1, self._cell().height()) * self._columns()

    def _in_sight(self) -> tuple[int, int]:
        height = max(1, self._cell().height())
        first = self._top_row()
        lines = self.viewport().height() // height + 2
        return first, max(first, min(self._assets.total, first + lines * self._columns()) - 1)

    # What QAbstractItemView asks

    def visualRect(self, index: QModelIndex) -> QRect:
        return (
            self._cell_rect(index.row()).translated(0, -self.verticalScrollBar().value())
            if index.isValid()
            else QRect()
        )

    def indexAt(self, point: QPoint) -> QModelIndex:
        size, columns = self._cell(), self._columns()
        column = (point.x() - GRID) // max(1, size.width())
        line = (point.y() + self.verticalScrollBar().value()) // max(1, size.height())
        row = line * columns + column
        inside = 0 <= column < columns and line >= 0 and row < self._assets.total
        return self._assets.index(row) if inside else QModelIndex()

    def scrollTo(
        self, index: QModelIndex, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        box, bar = self._cell_rect(index.row()), self.verticalScrollBar()
        height = self.viewport().height()
        if hint == QAbstractItemView.ScrollHint.PositionAtTop or box.top() < bar.value():
            bar.setValue(box.top())
        elif box.bottom() >= bar.value() + height:
            bar.setValue(box.bottom() - height + 1)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: QModelIndex) -> bool:
        return False

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        if not self._assets.total:
            return QModelIndex()
        columns = self._columns()
        screen = max(1, self.viewport().height() // max(1, self._cell().height())) * columns
        row = self.currentIndex().row()
        return self._assets.index(goal(action, row, self._assets.total - 1, columns, screen) if row >= 0 else 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """The cells that a dragged rectangle touches, or the ones between two clicks."""
        size, columns, offset = self._cell(), self._columns(), self.verticalScrollBar().value()
        box = rect.normalized().translated(0, offset)
        first_line = max(0, box.top() // max(1, size.height()))
        last_line = min(self._lines() - 1, box.bottom() // max(1, size.height()))
        left = max(0, (box.left() - GRID) // max(1, size.width()))
        right = min(columns - 1, (box.right() - GRID) // max(1, size.width()))
        selection = QItemSelection()
        if left == 0 and right == columns - 1:
            self._add_range(selection, first_line * columns, last_line * columns + right)
        else:
            for line in range(first_line, last_line + 1):
                self._add_range(selection, line * columns + left, line * columns + right)
        self.selectionModel().select(selection, command)

    def _add_range(self, selection: QItemSelection, first: int, last: int) -> None:
        last = min(last, self._assets.total - 1)
        if 0 <= first <= last:
            selection.select(self._assets.index(first), self._assets.index(last))

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    def updateGeometries(self) -> None:
        bar, size = self.verticalScrollBar(), self._cell()
        height = self._lines() * size.height() + GRID
        bar.setSingleStep(max(8, size.height() // 3))
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, height - self.viewport().height()))
        super().updateGeometries()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.scrollDirtyRegion(dx, dy)
        self.viewport().scroll(dx, dy)
        self._point(self.viewport().mapFromGlobal(self.cursor().pos()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        top = self._top_row() if event.oldSize().width() > 0 else 0
        super().resizeEvent(event)
        self.updateGeometries()
        if top and event.oldSize().width() != event.size().width():
            self.verticalScrollBar().setValue(self._cell_rect(top).top())

    def paintEvent(self, event: QPaintEvent) -> None:
        first, last = self._in_sight()
        self._assets.see(first, last)
        painter = QPainter(self.viewport())
        delegate, selected = self.itemDelegate(), self.selectionModel()
        current = self.currentIndex().row() if self.hasFocus() else -1
        states = QStyle.StateFlag
        for row in range(first, last + 1 if self._assets.total else first):
            index = self._assets.index(row)
            option = QStyleOptionViewItem()
            option.initFrom(self)
            option.rect = self.visualRect(index)
            if not option.rect.intersects(event.rect()):
                continue
            option.state = states.State_Enabled
            for state, on in (
                (states.State_Selected, selected.isSelected(index)),
                (states.State_HasFocus, row == current),
                (states.State_MouseOver, row == self._hover),
                (states.State_Active, self.isActiveWindow()),
            ):
                option.state |= state if on else states.State_None
            delegate.paint(painter, option, index)
        if self._receiving:
            delegate.paint_receiving(painter, self.viewport().rect())
        painter.end()

    # Choosing

    def ranges(self) -> list[tuple[int, int]]:
        """Rows first…last of what is selected, in order."""
        return sorted((part.top(), part.bottom()) for part in self.selectionModel().selection())

    def count(self) -> int:
        return sum(last - first + 1 for first, last in self.ranges())

    def here(self) -> list[Asset]:
        """Of the selected assets those whose rows are here, at most as many as one drag takes."""
        rows = (row for first, last in self.ranges() for row in range(first, last + 1))
        found: list[Asset] = []
        for row in rows:
            asset = self._assets.asset(row)
            if asset is not None:
                found.append(asset)
            if len(found) == _MOST_DRAGGED:
                break
        return found

    @property
    def editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() == QAbstractItemView.State.EditingState

    def current(self) -> Asset | None:
        return self._assets.asset(self.currentIndex().row())

    def choose(self, asset_id: str) -> bool:
        """Select an asset and show it, if it is here."""
        row = self._assets.rows().get(asset_id)
        if row is None:
            return False
        self.setCurrentIndex(self._assets.index(row))
        return True

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.viewport().update()
        self.chosen.emit()

    def _keep(self) -> None:
        ids = {asset.id for asset in self.here()}
        current = self.current()
        top = self._top_row()
        anchor = self._assets.asset(top)
        offset = self.verticalScrollBar().value() - self._cell_rect(top).top()
        self._kept_row = self.currentIndex().row(), self._assets.total
        self._kept = ids, current.id if current else "", (anchor.id if anchor and (top or offset) else "", offset)

    def _restore(self, anew: bool) -> None:
        """After rows were replaced: the same assets selected, the same one at the top."""
        if self.selectionModel().hasSelection():
            self.viewport().update()
            self.chosen.emit()
            return
        self.updateGeometries()
        ids, current, (anchor, offset) = self._kept
        self._kept = set(), "", ("", 0)
        rows = self._assets.rows()
        selection = QItemSelection()
        for row in sorted(rows[asset_id] for asset_id in ids if asset_id in rows):
            self._add_range(selection, row, row)
        flags = QItemSelectionModel.SelectionFlag
        row = rows.get(current, -1)
        if row < 0 and ids and not selection and not anew:
            row = self._beside_the_gone()
            self._add_range(selection, row, row)
        if row >= 0:
            self.selectionModel().setCurrentIndex(self._assets.index(row), flags.NoUpdate)
        self.selectionModel().select(selection, flags.ClearAndSelect)
        if anew or not anchor:
            self.verticalScrollBar().setValue(0)
        elif anchor in rows:
            self.verticalScrollBar().setValue(self._cell_rect(rows[anchor]).top() + offset)
        self.viewport().update()
        self.chosen.emit()

    def _beside_the_gone(self) -> int:
        """The row that is now where the current one was, if that is gone and has not only moved; or -1."""
        row, total = self._kept_row
        row = min(row, self._assets.total - 1)
        return row if self._assets.total < total and self._assets.asset(row) is not None else -1

    # The user's hands

    def _part(self, position: QPointF) -> tuple[QModelIndex, str]:
        point = position.toPoint()
        index = self.indexAt(point)
        return index, self._delegates[self._mode].part(self.visualRect(index), point, index) if index.isValid() else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index, part = self._part(event.position())
        if event.button() == Qt.MouseButton.LeftButton and part:
            asset = self._assets.asset(index.row())
            self.setCurrentIndex(index)
            (self.play_wanted if part == "play" else self.star_wanted).emit(asset)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index, part = self._part(event.position())
        asset = self._assets.asset(index.row())
        if event.button() == Qt.MouseButton.LeftButton and asset is not None and not part:
            self.play_wanted.emit(asset)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position().toPoint())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(QPoint(-1, -1))
        super().leaveEvent(event)

    def _point(self, point: QPoint) -> None:
        row = self.indexAt(point).row() if self.viewport().rect().contains(point) else -1
        if row != self._hover:
            before, self._hover = self._hover, row
            for changed in (before, row):
                if 0 <= changed < self._assets.total:
                    self.viewport().update(self.visualRect(self._assets.index(changed)))

    def contextMenuEvent(self, event: QEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.editing and not alt:
            asset = self.current()
            if asset is not None:
                self.play_wanted.emit(asset)
            return
        own = event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Delete) or alt
        if own or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.key() == Qt.Key.Key_A and self._assets.total:
                self.selectAll()
            else:
                event.ignore()  # the panel's own
            return
        if event.key() == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Typing searches the library, which the panel does: looking through rows would fetch all of them."""

    # Dragging out and in

    def startDrag(self, actions: Qt.DropAction) -> None:
        chosen = self.here()
        if not chosen:
            return
        drag = QDrag(self)
        drag.setMimeData(asset_mime(chosen))
        picture = drag_picture(self._delegates[self._mode], chosen, self.devicePixelRatioF())
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(GRID * 2, GRID * 2))
        drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._receive(event, _from_outside(event) != [] and self._assets.writable)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.setAccepted(self._receiving)

    def dragLeaveEvent(self, event: QEvent) -> None:
        self._receiving = False
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = _from_outside(event)
        self._receive(event, False)
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            QTimer.singleShot(0, self, lambda: self.files_dropped.emit(paths))

    def _receive(self, event: QDropEvent, on: bool) -> None:
        self._receiving = on
        event.setDropAction(Qt.DropAction.CopyAction)
        event.setAccepted(on)
        self.viewport().update()


def _from_outside(event: QDropEvent) -> list[str]:
    """The files that are dropped; what the panel itself drags is here already."""
    return [] if event.mimeData().hasFormat(ASSETS) else local_paths(event.mimeData())
