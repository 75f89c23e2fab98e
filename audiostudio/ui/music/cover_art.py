"""Cover pictures on the screen, without their words: painted one at a time while there is nothing else to do."""

from collections import OrderedDict, deque

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.render.covers import Cover
from audiostudio.ui import icons
from audiostudio.ui.theme import RADIUS, tokens

_KEPT = 240
Wanted = tuple[Cover, int]
"""A cover and its side in device pixels."""


class CoverArt(QObject):
    came = Signal()
    """One can be shown that could not before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._made: OrderedDict[Wanted, QPixmap] = OrderedDict()
        self._waiting: deque[Wanted] = deque()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(1)
        self._soon.timeout.connect(self._paint)

    def get(self, cover: Cover, side: int) -> QPixmap | None:
        """What there is now; what is not will be painted."""
        wanted = (cover, side)
        if wanted in self._made:
            self._made.move_to_end(wanted)
            return self._made[wanted]
        if wanted not in self._waiting:
            self._waiting.append(wanted)
            self._soon.start()
        return None

    def _paint(self) -> None:
        from audiostudio.render.covers.painting import paint

        if not self._waiting:
            return
        wanted = self._waiting.popleft()
        self._made[wanted] = QPixmap.fromImage(paint(*wanted, words=False))
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)
        if self._waiting:
            self._soon.start()
        self.came.emit()


class CoverView(QWidget):
    """A cover with round corners: square, or as wide as it is given room, then its middle."""

    def __init__(self, art: CoverArt, parent: QWidget | None = None, side: int | None = None) -> None:
        """`side`: logical pixels of a square one."""
        super().__init__(parent)
        self._art = art
        self.cover: Cover | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if side is not None:
            self.setFixedSize(side, side)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        art.came.connect(self.update)

    def show_cover(self, cover: Cover | None) -> None:
        self.cover = cover
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(box, RADIUS, RADIUS)
        painter.setClipPath(outline)
        side = round(max(box.width(), box.height()) * self.devicePixelRatioF() / 32 + 0.5) * 32
        picture = self._art.get(self.cover, side) if self.cover is not None else None
        if picture is not None:
            tall = picture.width() * box.height() / box.width() if box.width() >= box.height() else picture.height()
            wide = picture.height() * box.width() / box.height() if box.width() < box.height() else picture.width()
            source = QRectF((picture.width() - wide) / 2, (picture.height() - tall) / 2, wide, tall)
            painter.drawPixmap(box, picture, source)
            return
        colour = QColor(tokens().kind("music"))
        colour.setAlpha(36)
        painter.fillRect(box, colour)
        note = icons.coloured("music", tokens().kind("music").name(), 24, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(box.center().x() - 12, box.center().y() - 12), note)
