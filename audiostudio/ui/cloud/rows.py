"""A sound as a row: ▶, a name, what there is to say about it, and what can be done with it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.ui import icons
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Card, IconButton

if TYPE_CHECKING:
    from audiostudio.library.model import Asset


class Words(QLabel):
    """One line of a text, ending in … where there is no room for more."""

    def __init__(self, text: str, role: str, parent: QWidget) -> None:
        super().__init__(" ".join(text.split()), parent)
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class SoundRow(Card):
    """Double click, Enter or P plays it. With an asset it can be dragged out as a file."""

    play_wanted = Signal(str)
    """Its key."""

    def __init__(self, key: str, name: str, detail: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name)
        self.key = key
        self.asset: Asset | None = None
        self._pressed_at = QPoint()
        self.play = IconButton("play:solid", self.tr("Play"), self, icon_size=14)
        self.name = Words(name, "strong", self)
        self.detail = Words(detail, "caption", self)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.detail)
        self.tools = QHBoxLayout()
        """Room for buttons at the end."""
        self.tools.setSpacing(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(HALF, HALF, HALF, HALF)
        row.setSpacing(GRID)
        row.addWidget(self.play)
        row.addLayout(words, 1)
        row.addLayout(self.tools)
        self.setToolTip(name)
        self.play.clicked.connect(lambda: self.play_wanted.emit(self.key))
        self.opened.connect(lambda: self.play_wanted.emit(self.key))

    def show_state(self, state: str) -> None:
        """`busy`, `playing` or `idle`."""
        idle = state == "idle"
        self.play.set_icon("play:solid" if idle else "square:solid", "text_secondary" if idle else "accent_text")
        self.play.set_label(self.tr("Play") if idle else self.tr("Stop"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_P:
            self.play_wanted.emit(self.key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = (event.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if self.asset is not None and event.buttons() & Qt.MouseButton.LeftButton and far:
            self._drag(self.asset)
        else:
            super().mouseMoveEvent(event)

    def _drag(self, asset: "Asset") -> None:
        from audiostudio.ui.library.assets import asset_mime

        drag = QDrag(self)
        drag.setMimeData(asset_mime([asset]))
        drag.setPixmap(icons.pixmap("file-audio", "accent_text", 32, self.devicePixelRatioF()))
        drag.exec(Qt.DropAction.CopyAction)


def clear(column: QVBoxLayout, rows: dict[str, SoundRow]) -> None:
    """Take all rows away."""
    for row in rows.values():
        column.removeWidget(row)
        row.hide()
        row.deleteLater()
    rows.clear()
