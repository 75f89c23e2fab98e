"""A cover as a picture: a design, a veil behind the words, and the words."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QImageReader, QImageWriter, QLinearGradient, QPainter

from audiostudio.render.covers.cover import Cover, chosen, picture_path
from audiostudio.render.covers.designs import DESIGNS, SIDE, Canvas
from audiostudio.render.drawing import ready

_MARGIN = 84.0
_LARGEST, _SMALLEST = 148.0, 52.0
_LINES = 4
_LIMIT = 64
"""Megabytes that a foreign picture may take."""


def paint(cover: Cover, side: int = 1400, words: bool = True) -> QImage:
    """The cover, square, `side` pixels. The same for the same cover. `words`: with title and subtitle."""
    ready()
    cover = chosen(cover)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(side / SIDE, side / SIDE)
    foreign = _picture(cover)
    if foreign is None:
        DESIGNS[cover.design](Canvas.of(painter, cover))
    else:
        _filled(painter, foreign)
    if words and cover.title.strip() and (foreign is None or not cover.lettered):
        _veil(painter, QColor(cover.palette[0]))
        _words(painter, cover)
    painter.end()
    return image


def png(cover: Cover, side: int = 1400) -> bytes:
    """The cover as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(paint(cover, side))
    return bytes(buffer.data().data())


def _picture(cover: Cover) -> QImage | None:
    path = picture_path(cover)
    if path is None:
        return None
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setAllocationLimit(_LIMIT)
    image = reader.read()
    return None if image.isNull() else image


def _filled(painter: QPainter, image: QImage) -> None:
    """All over the cover, the middle of what is too long."""
    side = min(image.width(), image.height())
    source = QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
    painter.drawImage(QRectF(0, 0, SIDE, SIDE), image, source)


def _veil(painter: QPainter, dark: QColor) -> None:
    """Words stay legible whatever lies behind them."""
    veil = QLinearGradient(QPointF(0, SIDE * 0.3), QPointF(0, SIDE))
    for at, alpha in ((0.0, 0), (0.3, 120), (0.55, 200), (1.0, 238)):
        shade = QColor(dark)
        shade.setAlpha(alpha)
        veil.setColorAt(at, shade)
    painter.fillRect(QRectF(0, 0, SIDE, SIDE), veil)


def _words(painter: QPainter, cover: Cover) -> None:
    font, lines = _fitted(" ".join(cover.title.split()))
    metrics = QFontMetricsF(font)
    bottom = SIDE - _MARGIN - metrics.descent() * 0.4
    painter.setPen(QColor(cover.palette[-1]))
    painter.setFont(font)
    leading = metrics.capHeight() * 1.52
    for number, line in enumerate(reversed(lines)):
        painter.drawText(QPointF(_MARGIN - metrics.leftBearing(line[0]), bottom - number * leading), line)
    if cover.subtitle.strip():
        top = bottom - (len(lines) - 1) * leading - metrics.capHeight()
        small = _font(30.0, QFont.Weight.DemiBold)
        small.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 4.0)
        painter.setFont(small)
        light = QColor(cover.palette[-2])
        painter.setPen(light)
        words = QFontMetricsF(small).elidedText(cover.subtitle.upper(), Qt.TextElideMode.ElideRight, SIDE - 2 * _MARGIN)
        painter.drawText(QPointF(_MARGIN, top - 40), words)


def _font(size: float, weight: QFont.Weight) -> QFont:
    font = QFont("Inter")
    font.setPixelSize(max(1, round(size)))
    font.setWeight(weight)
    return font


def _fitted(title: str) -> tuple[QFont, list[str]]:
    """The largest letters in which the title fits, and its lines; a longer one is cut."""
    size = _LARGEST
    while True:
        font = _font(size, QFont.Weight.DemiBold)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 97)
        lines = _wrapped(title, QFontMetricsF(font), SIDE - 2 * _MARGIN)
        if lines is not None and len(lines) <= min(_LINES, max(2, round(360 / size))):
            return font, lines
        if size <= _SMALLEST:
            metrics = QFontMetricsF(font)
            cut = _wrapped(title, metrics, SIDE - 2 * _MARGIN, broken=True) or [""]
            if len(cut) > _LINES:
                rest = metrics.elidedText(" ".join(cut[_LINES - 1 :]), Qt.TextElideMode.ElideRight, SIDE - 2 * _MARGIN)
                cut = [*cut[: _LINES - 1], rest]
            return font, cut
        size *= 0.9


def _wrapped(title: str, metrics: QFontMetricsF, width: float, broken: bool = False) -> list[str] | None:
    """Lines of whole words; None where a word is too long, unless words may be `broken`."""
    lines: list[str] = []
    for word in title.split(" "):
        pieces = [word]
        if metrics.horizontalAdvance(word) > width:
            if not broken:
                return None
            pieces = _broken(word, metrics, width)
        for piece in pieces:
            longer = f"{lines[-1]} {piece}" if lines else piece
            if lines and metrics.horizontalAdvance(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines


def _broken(word: str, metrics: QFontMetricsF, width: float) -> list[str]:
    pieces = [""]
    for character in word[:400]:
        if pieces[-1] and metrics.horizontalAdvance(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces
