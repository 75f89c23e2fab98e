"""How an asset is painted: as a card in the grid, as a row in the list."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from audiostudio.library.model import Asset
from audiostudio.ui import icons
from audiostudio.ui.library import wording
from audiostudio.ui.library.assets import AssetRole
from audiostudio.ui.theme import GRID, HALF, RADIUS, RADIUS_SMALL, font, tokens

if TYPE_CHECKING:
    from audiostudio.ui.library.audition import Audition
    from audiostudio.ui.library.covers import Covers
    from audiostudio.ui.library.thumbnails import Look, Thumbnails

_GAP = GRID
_STATES = QStyle.StateFlag


class AssetDelegate(QStyledItemDelegate):
    """What both ways of painting share."""

    def __init__(
        self, thumbnails: "Thumbnails", covers: "Covers", audition: "Audition", view: QWidget | None = None
    ) -> None:
        super().__init__(view)
        self._thumbnails, self._covers, self._audition = thumbnails, covers, audition
        self.writable = True

    def columns(self, width: int) -> int:
        raise NotImplementedError

    def cell(self, width: int) -> QSize:
        raise NotImplementedError

    def picture_rect(self, box: QRect) -> QRect:
        raise NotImplementedError

    def name_rect(self, box: QRect) -> QRect:
        raise NotImplementedError

    def play_rect(self, box: QRect) -> QRect:
        side = 32 if self.picture_rect(box).height() > 48 else 24
        found = QRect(0, 0, side, side)
        found.moveCenter(self.picture_rect(box).center())
        return found

    def star_rect(self, box: QRect) -> QRect:
        raise NotImplementedError

    def part(self, box: QRect, point: QPoint, index: QModelIndex) -> str:
        """`play`, `star` or nothing in particular."""
        asset = index.data(AssetRole)
        if asset is None:
            return ""
        if self.star_rect(box).contains(point) and self.writable and not asset.binned:
            return "star"
        return "play" if playable(asset) and self.play_rect(box).contains(point) else ""

    # Renaming in place

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("kind", "value")
        editor.setAccessibleName(wording.tr("Name"))
        return editor

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:
        editor.setText(index.data(Qt.ItemDataRole.EditRole))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: QModelIndex) -> None:
        model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        editor.setGeometry(self.name_rect(option.rect).adjusted(-6, -4, 2, 0))

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        asset = index.data(AssetRole)
        if event.type() != QEvent.Type.ToolTip or asset is None:
            return False
        facts = [asset.name, wording.summary(asset)]
        if asset.missing:
            facts.append(wording.tr("Its file is not there any more."))
        QToolTip.showText(event.globalPos(), "\n".join(facts), view, view.visualRect(index))
        return True

    # Painting

    def paint_receiving(self, painter: QPainter, box: QRect) -> None:
        """The view while files are held over it."""
        colours = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.colour("accent"), 2))
        tint = QColor(colours.accent)
        tint.setAlpha(28)
        painter.setBrush(tint)
        painter.drawRoundedRect(QRectF(box).adjusted(5, 5, -5, -5), 8, 8)

    def _ground(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> None:
        colours = tokens()
        painter.setPen(Qt.PenStyle.NoPen)
        if state & _STATES.State_Selected:
            painter.setBrush(colours.colour("selected"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        elif state & _STATES.State_MouseOver:
            painter.setBrush(colours.colour("hover"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        if state & _STATES.State_HasFocus:
            painter.setPen(QPen(colours.colour("focus"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), RADIUS, RADIUS)

    def _picture(self, painter: QPainter, box: QRectF, asset: Asset, hover: bool, small: bool) -> None:
        colours = tokens()
        kind = colours.kind(asset.kind.value)
        look = self._thumbnails.get(asset)
        frame = QPainterPath()
        frame.addRoundedRect(box, RADIUS_SMALL + 1, RADIUS_SMALL + 1)
        tint = QColor(kind)
        tint.setAlpha(26 if colours.name == "dark" else 30)
        painter.save()
        painter.setClipPath(frame)
        painter.fillPath(frame, colours.colour("sunken"))
        painter.fillPath(frame, tint)
        cover = self._covers.get(asset)
        if cover is not None:
            kind = _paint_cover(painter, box, cover)
        if isinstance(look, QPixmap):
            _fit_picture(painter, box, look)
        elif look is not None:
            share = self._audition.share(asset)
            _paint_outline(painter, box.adjusted(6, box.height() * 0.14, -6, -box.height() * 0.14), look, kind, share)
        else:
            side = 16 if small else 24
            mark = icons.coloured(wording.ICONS[asset.kind], kind.name(), side, painter.device().devicePixelRatioF())
            painter.setOpacity(0.55 if asset.missing else 0.9)
            painter.drawPixmap(QPointF(box.center().x() - side / 2, box.center().y() - side / 2), mark)
        painter.restore()
        painter.setPen(QPen(colours.colour("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(frame)
        if asset.missing:
            self._missing(painter, box, small)
        elif playable(asset) and (hover or self._audition.holds(asset)):
            self._play(painter, box, asset, small)

    def _missing(self, painter: QPainter, box: QRectF, small: bool) -> None:
        side = 12 if small else 16
        ratio = painter.device().devicePixelRatioF()
        mark = icons.pixmap("triangle-alert", "warning", side, ratio)
        painter.drawPixmap(QPointF(box.left() + HALF, box.top() + HALF), mark)

    def _play(self, painter: QPainter, box: QRectF, asset: Asset, small: bool) -> None:
        colours = tokens()
        playing = self._audition.playing(asset)
        side = 24 if small else 32
        disc = QRectF(0, 0, side, side)
        disc.moveCenter(box.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("accent"))
        painter.drawEllipse(disc)
        mark = side // 2
        picture = icons.pixmap(
            "pause:solid" if playing else "play:solid", "on_accent", mark, painter.device().devicePixelRatioF()
        )
        nudge = 0 if playing else 1
        painter.drawPixmap(QPointF(disc.center().x() - mark / 2 + nudge, disc.center().y() - mark / 2), picture)

    def _star(self, painter: QPainter, box: QRectF, on: bool, shadow: bool) -> None:
        ratio = painter.device().devicePixelRatioF()
        if shadow:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 110))
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        colour = tokens().warning if on else tokens().text_muted
        if shadow:  # on a picture, whatever the theme
            colour = "#f7c64f" if on else "#ffffff"
        mark = icons.coloured("star:solid" if on else "star", colour, 14, ratio)
        painter.drawPixmap(QPointF(box.center().x() - 7, box.center().y() - 7), mark)


class GridDelegate(AssetDelegate):
    """Cards of a picture and two lines."""

    def columns(self, width: int) -> int:
        return max(1, width // 124)

    def cell(self, width: int) -> QSize:
        across = width // self.columns(width)
        return QSize(across, round((across - _GAP - 12) * 0.6) + 56)

    def picture_rect(self, box: QRect) -> QRect:
        across = box.width() - _GAP - 12
        return QRect(box.left() + 6, box.top() + HALF + 6, across, round(across * 0.6))

    def name_rect(self, box: QRect) -> QRect:
        picture = self.picture_rect(box)
        return QRect(picture.left() + 2, picture.bottom() + 5, picture.width() - 4, 18)

    def star_rect(self, box: QRect) -> QRect:
        picture = self.picture_rect(box)
        return QRect(picture.right() - 25, picture.top() + 3, 22, 22)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        asset, box = index.data(AssetRole), option.rect
        ground = QRectF(box.left(), box.top() + HALF, box.width() - _GAP, box.height() - HALF)
        picture = QRectF(self.picture_rect(box))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if asset is None:
            _blank(painter, picture)
            return
        hover = bool(option.state & _STATES.State_MouseOver)
        self._ground(painter, ground, option.state)
        self._picture(painter, picture, asset, hover, small=False)
        if asset.favourite or (hover and self.writable and not asset.binned):
            self._star(painter, QRectF(self.star_rect(box)), asset.favourite, shadow=True)
        length = wording.duration(asset.duration)
        if length:
            _tag(painter, picture, length)
        _write(painter, QRectF(self.name_rect(box)), asset.name, "small", "text_muted" if asset.missing else "text")
        below = QRectF(self.name_rect(box)).translated(0, 17)
        _kind_and_words(painter, below, asset, wording.card_facts(asset))


class ListDelegate(AssetDelegate):
    """Rows of a small picture, a name and a line of facts."""

    def columns(self, width: int) -> int:
        return 1

    def cell(self, width: int) -> QSize:
        return QSize(width, 52)

    def picture_rect(self, box: QRect) -> QRect:
        return QRect(box.left() + 6, box.top() + 8, 60, 38)

    def name_rect(self, box: QRect) -> QRect:
        left = self.picture_rect(box).right() + GRID + 2
        return QRect(left, box.top() + 9, box.right() - _GAP - 30 - left, 18)

    def star_rect(self, box: QRect) -> QRect:
        return QRect(box.right() - _GAP - 28, box.top() + 15, 24, 24)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        asset, box = index.data(AssetRole), option.rect
        picture = QRectF(self.picture_rect(box))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if asset is None:
            _blank(painter, picture)
            return
        hover = bool(option.state & _STATES.State_MouseOver)
        self._ground(painter, QRectF(box.left(), box.top() + 2, box.width() - _GAP, box.height() - 2), option.state)
        self._picture(painter, picture, asset, hover, small=True)
        if asset.favourite or (hover and self.writable and not asset.binned):
            self._star(painter, QRectF(self.star_rect(box)), asset.favourite, shadow=False)
        _write(painter, QRectF(self.name_rect(box)), asset.name, "body", "text_muted" if asset.missing else "text")
        _kind_and_words(painter, QRectF(self.name_rect(box)).translated(0, 18), asset, wording.summary(asset))


def _paint_cover(painter: QPainter, box: QRectF, cover: QPixmap) -> QColor:
    """The middle of a cover, dimmed; the colour in which an outline stands out before it."""
    height = cover.width() * box.height() / box.width()
    painter.drawPixmap(box, cover, QRectF(0, (cover.height() - height) / 2, cover.width(), height))
    painter.fillRect(box, QColor(0, 0, 0, 84))
    return QColor("#ffffff")


def playable(asset: Asset) -> bool:
    """Whether it can be heard."""
    return bool(asset.channels) and not asset.missing


def drag_picture(delegate: AssetDelegate, chosen: Sequence[Asset], ratio: float) -> QPixmap:
    """What hangs at the pointer while files are dragged: the first, and how many."""
    size = QSize(184, 48)
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colours = tokens()
    painter.setPen(QPen(colours.colour("border_strong"), 1))
    painter.setBrush(colours.colour("overlay"))
    painter.drawRoundedRect(QRectF(0.5, 0.5, 183, 47), 8, 8)
    delegate._picture(painter, QRectF(6, 6, 56, 36), chosen[0], hover=False, small=True)
    room = 112 if len(chosen) == 1 else 84
    _write(painter, QRectF(70, 0, room, 48), chosen[0].name, "small", "text")
    if len(chosen) > 1:
        badge = QRectF(154, 14, 24, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("accent"))
        painter.drawRoundedRect(badge, 10, 10)
        painter.setFont(font("caption", tabular=True))
        painter.setPen(colours.colour("on_accent"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(min(len(chosen), 999)))
    painter.end()
    return made


def _write(painter: QPainter, box: QRectF, text: str, size: str, token: str) -> None:
    painter.setFont(font(size))
    painter.setPen(tokens().colour(token))
    short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(box.width()))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)


def _kind_and_words(painter: QPainter, box: QRectF, asset: Asset, words: str) -> None:
    colour = tokens().kind(asset.kind.value).name()
    mark = icons.coloured(wording.ICONS[asset.kind], colour, 12, painter.device().devicePixelRatioF())
    painter.drawPixmap(QPointF(box.left(), box.center().y() - 6), mark)
    if asset.missing:
        words = wording.tr("File is missing")
    room = box.adjusted(16, 0, 0, 0)
    painter.setFont(font("caption", tabular=True))
    painter.setPen(tokens().colour("warning" if asset.missing else "text_muted"))
    short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)


def _tag(painter: QPainter, picture: QRectF, text: str) -> None:
    """A length in the corner of a picture."""
    painter.setFont(font("caption", tabular=True))
    width = painter.fontMetrics().horizontalAdvance(text) + 8
    box = QRectF(picture.right() - width - 4, picture.bottom() - 20, width, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _blank(painter: QPainter, picture: QRectF) -> None:
    """A row that has not come yet."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens().colour("hover"))
    painter.drawRoundedRect(picture, RADIUS_SMALL, RADIUS_SMALL)


def _fit_picture(painter: QPainter, box: QRectF, picture: QPixmap) -> None:
    """All of the box filled, what is too much cut off; a very long or high picture is shown whole."""
    wide, high = box.width() / picture.width(), box.height() / picture.height()
    scale = max(wide, high) if max(wide, high) < 2.2 * min(wide, high) else min(wide, high)
    target = QRectF(0, 0, picture.width() * scale, picture.height() * scale)
    target.moveCenter(box.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(target, picture, QRectF(picture.rect()))


def _paint_outline(painter: QPainter, box: QRectF, outline: "Look", kind: QColor, share: float) -> None:
    """Bars as high as the sound is loud there; what has been heard is brighter."""
    count = max(1, int(box.width() // 3))
    edges = np.linspace(0, outline.shape[1], count + 1).astype(int)
    high = np.maximum.reduceat(np.maximum(outline[1], -outline[0]), edges[:-1])
    loudest = max(float(high.max()), 0.05)
    heights = np.maximum(high / loudest * box.height() / 2, 0.75)
    middle, step = box.center().y(), box.width() / count
    faint = QColor(kind)
    faint.setAlpha(120 if share > 0 else 205)
    painter.setPen(Qt.PenStyle.NoPen)
    for number, height in enumerate(heights.tolist()):
        painter.setBrush(kind if number < share * count else faint)
        painter.drawRect(QRectF(box.left() + number * step, middle - height, 2, 2 * height))


__all__ = ["AssetDelegate", "GridDelegate", "ListDelegate", "drag_picture", "playable"]
