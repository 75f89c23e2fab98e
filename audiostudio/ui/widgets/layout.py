"""How things lie: flowing rows, section headers, separators and splitters."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QScrollBar,
    QSizePolicy,
    QSplitter,
    QWidget,
)

from audiostudio.ui.theme import CONTROL_HEIGHT, GRID

SCROLL_BAR = 10
"""Logical pixels, as in the style sheet."""


class FlowLayout(QLayout):
    """Items side by side that wrap into rows, as words do. With `fill`, each row's items share its whole width
    (items keep their minimum width): a grid of cards."""

    def __init__(self, parent: QWidget | None = None, spacing: int = GRID, fill: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._fill = fill
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        least = QSize()
        for item in self._visible():
            least = least.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return least + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def _visible(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, move: bool) -> int:
        area = rect.marginsRemoved(self.contentsMargins())
        y = area.top()
        for row in self._rows(area.width()):
            y += self._place(row, QPoint(area.left(), y), area.width(), move) + self.spacing()
        return y - self.spacing() * (y > area.top()) - rect.top() + self.contentsMargins().bottom()

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        items = self._visible()
        if self._fill and items:
            widest = max(item.minimumSize().width() for item in items)
            count = max(1, (width + self.spacing()) // (widest + self.spacing()))
            return [items[first : first + count] for first in range(0, len(items), count)]
        rows: list[list[QLayoutItem]] = []
        used = width + 1
        for item in items:
            wanted = item.sizeHint().width()
            if used + self.spacing() + wanted > width:
                rows.append([])
                used = -self.spacing()
            rows[-1].append(item)
            used += self.spacing() + wanted
        return rows

    def _place(self, row: list[QLayoutItem], corner: QPoint, width: int, move: bool) -> int:
        sizes = self._shares(row, width) if self._fill else [item.sizeHint() for item in row]
        height = max(size.height() for size in sizes)
        if move:
            x = corner.x()
            for item, size in zip(row, sizes, strict=True):
                tall = height if self._fill else size.height()
                item.setGeometry(QRect(x, corner.y(), min(size.width(), width), tall))
                x += size.width() + self.spacing()
        return height

    def _shares(self, row: list[QLayoutItem], width: int) -> list[QSize]:
        """Equal columns that fill `width` to the last pixel; the height each item wants in its column."""
        columns = len(self._rows(width)[0])
        share, rest = divmod(width - self.spacing() * (columns - 1), columns)
        widths = [share + (column < rest) for column in range(len(row))]
        return [
            QSize(wide, item.heightForWidth(wide) if item.hasHeightForWidth() else item.sizeHint().height())
            for item, wide in zip(row, widths, strict=True)
        ]


class SectionHeader(QWidget):
    """The name of a section, with room at its end for a button or two (`add`)."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel(text, self)
        self.label.setProperty("role", "section")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID // 2)
        self._row.addWidget(self.label)
        self._row.addStretch(1)
        self.setMinimumHeight(24)

    def add(self, widget: QWidget) -> None:
        self._row.addWidget(widget)


class Form(QFormLayout):
    """Rows of a name and a field. A name stands at the middle of its field, or of the first of several."""

    def __init__(self, role: str = "") -> None:
        """`role`: how the names look; see the style sheet."""
        super().__init__()
        self._role = role
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.setHorizontalSpacing(2 * GRID)
        self.setVerticalSpacing(GRID + GRID // 2)

    def row(self, name: str, field: QWidget | QLayout) -> None:
        label = QLabel(name)
        if self._role:
            label.setProperty("role", self._role)
        if not isinstance(field, QLabel):
            label.setFixedHeight(CONTROL_HEIGHT)
        if isinstance(field, QWidget):
            label.setBuddy(field)
        self.addRow(label, field)


class Separator(QFrame):
    """A hair line."""

    def __init__(self, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("line", "vertical" if vertical else "horizontal")
        fixed, grows = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if vertical else grows, grows if vertical else fixed)


class Splitter(QSplitter):
    """A splitter whose parts do not collapse by accident."""

    def __init__(self, orientation: Qt.Orientation = Qt.Orientation.Horizontal, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GRID // 2)


class SteadyScrollBar(QScrollBar):
    """As wide in every style: while the theme changes, what it scrolls need not be laid out again."""

    def sizeHint(self) -> QSize:
        return QSize(SCROLL_BAR, super().sizeHint().height())


def steady(area: QAbstractScrollArea) -> None:
    """Give a scroll area a viewport of the same size in every style."""
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setVerticalScrollBar(SteadyScrollBar(area))
