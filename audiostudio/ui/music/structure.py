"""The order of a piece's sections, as chips: dragged, added, taken away."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from audiostudio.music.form import ENERGY
from audiostudio.ui.music.words import shown
from audiostudio.ui.theme import HALF
from audiostudio.ui.widgets import Chip, FlowLayout, IconButton, Menu

KINDS = tuple(ENERGY)
_MOVED = "application/x-audiostudio-section"


class SectionChip(Chip):
    """Drag it, or Ctrl and an arrow key: it moves. Delete: it goes. A click: another kind."""

    moved = Signal(int)
    removed = Signal()
    kind_wanted = Signal(str)

    def __init__(self, kind: str, index: int, parent: QWidget) -> None:
        super().__init__(shown(kind), parent)
        self.kind, self.index = kind, index
        self.setCheckable(False)
        self.setToolTip(self.tr("Drag to another place; click for another kind; Delete takes it away"))
        self._pressed = QPoint()
        self.clicked.connect(self._open_menu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        along = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if along and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.moved.emit(along)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        way = (event.position().toPoint() - self._pressed).manhattanLength()
        if event.buttons() & Qt.MouseButton.LeftButton and way >= QApplication.startDragDistance():
            self.setDown(False)
            drag, data = QDrag(self), QMimeData()
            data.setData(_MOVED, str(self.index).encode())
            drag.setMimeData(data)
            drag.setPixmap(self.grab())
            drag.setHotSpot(self._pressed)
            drag.exec(Qt.DropAction.MoveAction)
        else:
            super().mouseMoveEvent(event)

    def _open_menu(self) -> None:
        menu = Menu(self)
        for kind in KINDS:
            action = QAction(shown(kind), menu)
            action.triggered.connect(lambda _on=False, kind=kind: self.kind_wanted.emit(kind))
            menu.addAction(action)
        menu.addSeparator()
        remove = menu.addAction(self.tr("Take away"))
        remove.triggered.connect(self.removed)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))


class StructureEditor(QWidget):
    changed = Signal(tuple)
    """Kinds of sections in order; (): the composer chooses."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Sections"))
        self.setAcceptDrops(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._kinds: tuple[str, ...] = ()
        self.chips: list[SectionChip] = []
        self._flow = FlowLayout(self, HALF)
        self.plus = IconButton("plus", self.tr("Add a section"), self, size=26, icon_size=14)
        self.plus.clicked.connect(self._open_menu)
        self._flow.addWidget(self.plus)

    @property
    def kinds(self) -> tuple[str, ...]:
        return self._kinds

    def show_kinds(self, kinds: Sequence[str]) -> None:
        if tuple(kinds) == self._kinds:
            return
        focus = next((chip.index for chip in self.chips if chip.hasFocus()), None)
        self._kinds = tuple(kinds)
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._flow.removeWidget(self.plus)
        self.chips = [self._chip(kind, index) for index, kind in enumerate(kinds)]
        self._flow.addWidget(self.plus)
        if focus is not None and self.chips:
            self.chips[min(focus, len(self.chips) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)
        self.updateGeometry()

    def add(self, kind: str) -> None:
        self._set((*self._kinds, kind))

    def move(self, index: int, to: int) -> None:
        """Before the section that is at `to` now."""
        kinds = list(self._kinds)
        kind = kinds.pop(index)
        kinds.insert(to - (to > index), kind)
        self._set(tuple(kinds))

    def remove(self, index: int) -> None:
        self._set(self._kinds[:index] + self._kinds[index + 1 :])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(_MOVED) and event.source() in self.chips:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        index = int(bytes(event.mimeData().data(_MOVED).data()))
        place = event.position().toPoint()
        before = [
            chip
            for chip in self.chips
            if chip.geometry().bottom() < place.y()
            or (chip.geometry().top() <= place.y() and chip.geometry().center().x() < place.x())
        ]
        event.acceptProposedAction()
        self.move(index, len(before))

    def _chip(self, kind: str, index: int) -> SectionChip:
        chip = SectionChip(kind, index, self)
        chip.moved.connect(lambda along: self._step(index, along))
        chip.removed.connect(lambda: self.remove(index))
        chip.kind_wanted.connect(lambda other: self._set((*self._kinds[:index], other, *self._kinds[index + 1 :])))
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _step(self, index: int, along: int) -> None:
        to = index + along
        if 0 <= to < len(self._kinds):
            self.move(index, to + (along > 0))
            self.chips[to].setFocus(Qt.FocusReason.OtherFocusReason)

    def _set(self, kinds: tuple[str, ...]) -> None:
        self.show_kinds(kinds)
        self.changed.emit(self._kinds)

    def _open_menu(self) -> None:
        menu = Menu(self)
        for kind in KINDS:
            menu.addAction(shown(kind)).triggered.connect(lambda _on=False, kind=kind: self.add(kind))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.plus.mapToGlobal(QPoint(0, self.plus.height() + 2)))
