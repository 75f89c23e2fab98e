"""Icons: Lucide's outlines from `resources/icons`, drawn in a token's colour and crisp at every pixel ratio.

`NAME:solid` fills the outline, for Play and for a star that is set.
"""

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from audiostudio.resource import resource
from audiostudio.ui.theme import tokens


def icon(name: str, token: str = "text_secondary", active: str | None = None, size: int = 16, gap: int = 0) -> QIcon:
    """An icon tinted with `token`; with `active` while it is checked or selected. It keeps its colours when the
    theme changes: make it again on `QEvent.StyleChange` (the studio's buttons and commands do). `gap` logical pixels
    stay empty behind it."""
    shown = tokens()
    return _icon(name, getattr(shown, token), getattr(shown, active or token), shown.text_disabled, size, gap)


def pixmap(name: str, token: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """An icon for a painter: `size` logical pixels at `ratio` device pixels each."""
    return _pixmap(name, getattr(tokens(), token), size, ratio)


def coloured(name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """As `pixmap`, in a colour such as a kind's own."""
    return _pixmap(name, colour, size, ratio)


def swatch(colour: QColor, size: int = 12) -> QIcon:
    """A dot in a colour, for menus that choose one."""
    made = QIcon()
    for ratio in _ratios():
        picture = QPixmap(round(size * ratio), round(size * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(picture)
    return made


def _ratios() -> set[float]:
    """Of the screens there are now."""
    return {screen.devicePixelRatio() for screen in QGuiApplication.screens()} or {1.0}


def turned(name: str, token: str, degrees: int, size: int = 16, gap: int = 0) -> QIcon:
    """An icon turned about its middle, for what is busy; disabled, it looks the same."""
    made = QIcon()
    for ratio in _ratios():
        picture = QPixmap(round((size + gap) * ratio), round(size * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(size / 2, size / 2)
        painter.rotate(degrees)
        painter.drawPixmap(QPointF(-size / 2, -size / 2), pixmap(name, token, size, ratio))
        painter.end()
        made.addPixmap(picture, QIcon.Mode.Normal)
        made.addPixmap(picture, QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, active: str, disabled: str, size: int, gap: int) -> QIcon:
    made = QIcon()
    modes, states = QIcon.Mode, QIcon.State
    for ratio in _ratios():
        made.addPixmap(_pixmap(name, colour, size, ratio, gap), modes.Normal, states.Off)
        made.addPixmap(_pixmap(name, disabled, size, ratio, gap), modes.Disabled, states.Off)
        if active != colour:
            made.addPixmap(_pixmap(name, active, size, ratio, gap), modes.Normal, states.On)
            made.addPixmap(_pixmap(name, disabled, size, ratio, gap), modes.Disabled, states.On)
    return made


@lru_cache(maxsize=1024)
def _pixmap(name: str, colour: str, size: int, ratio: float, gap: int = 0) -> QPixmap:
    colour = f"#{colour[3:]}" if len(colour) == 9 else colour
    drawing = _source(name).replace(b"currentColor", colour.encode())
    pixels = round(size * ratio)
    made = QPixmap(round((size + gap) * ratio), pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


@cache
def _folder() -> Path:
    return resource("icons")


@lru_cache(maxsize=256)
def _source(name: str) -> bytes:
    outline = name.removesuffix(":solid")
    drawing = (_folder() / f"{outline}.svg").read_bytes()
    return drawing if name == outline else drawing.replace(b'fill="none"', b'fill="currentColor"')
