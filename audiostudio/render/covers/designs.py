"""The designs of covers. Each paints a square of `SIDE` units; what it draws is drawn by the cover's seed."""

import math
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QConicalGradient, QLinearGradient, QPainter, QPainterPath, QPen, QRadialGradient

from audiostudio.render.covers.cover import Cover

SIDE = 1000.0


@dataclass(frozen=True, slots=True)
class Canvas:
    painter: QPainter
    colours: tuple[QColor, ...]
    """Dark to light."""
    draw: random.Random
    peaks: tuple[float, ...]
    """0…1; never empty."""

    @classmethod
    def of(cls, painter: QPainter, cover: Cover) -> "Canvas":
        draw = random.Random(f"{cover.design} {cover.seed} {zlib.crc32(cover.title.encode())}")
        peaks = cover.peaks or tuple(0.25 + 0.75 * draw.random() ** 1.6 for _ in range(48))
        return cls(painter, tuple(QColor(colour) for colour in cover.palette), draw, peaks)

    def colour(self, number: int, alpha: float = 1.0) -> QColor:
        made = QColor(self.colours[number % len(self.colours)])
        made.setAlphaF(alpha)
        return made

    def peak(self, at: float) -> float:
        """The outline at 0…1, smoothed."""
        place = at % 1.0 * len(self.peaks)
        low, rest = int(place), place % 1.0
        ease = (1 - math.cos(rest * math.pi)) / 2
        return self.peaks[low % len(self.peaks)] * (1 - ease) + self.peaks[(low + 1) % len(self.peaks)] * ease

    def ground(self, first: int, last: int, tilt: float = 0.2) -> None:
        """A gradient all over."""
        shade = QLinearGradient(QPointF(SIDE * tilt, 0), QPointF(SIDE * (1 - tilt), SIDE))
        shade.setColorAt(0, self.colour(first))
        shade.setColorAt(1, self.colour(last))
        self.painter.fillRect(QRectF(0, 0, SIDE, SIDE), shade)


def orbs(canvas: Canvas) -> None:
    """Soft lights that run into each other."""
    canvas.ground(1, 0)
    canvas.painter.setPen(Qt.PenStyle.NoPen)
    for number in range(7):
        radius = canvas.draw.uniform(220, 470) * (0.6 + 0.6 * canvas.peak(number / 7))
        centre = QPointF(canvas.draw.uniform(-60, 1060), canvas.draw.uniform(-120, 760))
        light = QRadialGradient(centre, radius)
        light.setColorAt(0, canvas.colour(1 + number % 4, 0.85))
        light.setColorAt(0.55, canvas.colour(1 + number % 4, 0.35))
        light.setColorAt(1, canvas.colour(1 + number % 4, 0))
        canvas.painter.setBrush(light)
        canvas.painter.drawEllipse(centre, radius, radius)
    centre = QPointF(canvas.draw.uniform(560, 760), canvas.draw.uniform(230, 380))
    radius = canvas.draw.uniform(120, 175)
    disc = QLinearGradient(centre - QPointF(0, radius), centre + QPointF(0, radius))
    disc.setColorAt(0, canvas.colour(4, 0.95))
    disc.setColorAt(1, canvas.colour(3, 0.25))
    canvas.painter.setBrush(disc)
    canvas.painter.drawEllipse(centre, radius, radius)


def rings(canvas: Canvas) -> None:
    """The music's outline around a circle."""
    canvas.ground(0, 1, 0.0)
    centre = QPointF(SIDE * canvas.draw.choice((0.5, 0.62, 0.72)), SIDE * canvas.draw.uniform(0.34, 0.42))
    rays = 132
    sweep = QConicalGradient(centre, canvas.draw.uniform(0, 360))
    for number, at in enumerate((0.0, 0.33, 0.66, 1.0)):
        sweep.setColorAt(at, canvas.colour((2, 3, 4, 2)[number]))
    inner = canvas.draw.uniform(125, 165)
    pen = QPen(sweep, 9.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    canvas.painter.setPen(pen)
    for number in range(rays):
        angle = number / rays * math.tau
        length = 26 + 215 * canvas.peak(number / rays) ** 1.4
        out = QPointF(math.cos(angle), math.sin(angle))
        canvas.painter.drawLine(centre + out * inner, centre + out * (inner + length))
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    for number in range(4):
        canvas.painter.setPen(QPen(canvas.colour(3, 0.25 - 0.05 * number), 2))
        radius = inner + 290 + number * 74
        canvas.painter.drawEllipse(centre, radius, radius)
    canvas.painter.setPen(Qt.PenStyle.NoPen)
    canvas.painter.setBrush(canvas.colour(0, 0.9))
    canvas.painter.drawEllipse(centre, inner - 22, inner - 22)
    canvas.painter.setBrush(sweep)
    canvas.painter.drawEllipse(centre, inner * 0.3, inner * 0.3)


def horizon(canvas: Canvas) -> None:
    """A low sun over hills that are the outline."""
    shade = QLinearGradient(QPointF(0, 0), QPointF(0, SIDE * 0.7))
    for number, at in enumerate((0.0, 0.45, 0.8, 1.0)):
        shade.setColorAt(at, canvas.colour(number))
    canvas.painter.fillRect(QRectF(0, 0, SIDE, SIDE), shade)
    centre, radius = QPointF(canvas.draw.uniform(300, 700), 430), canvas.draw.uniform(190, 250)
    sun = QLinearGradient(centre - QPointF(0, radius), centre + QPointF(0, radius))
    sun.setColorAt(0, canvas.colour(4))
    sun.setColorAt(1, canvas.colour(2))
    disc = QPainterPath()
    disc.addEllipse(centre, radius, radius)
    for number in range(7):
        cut = QPainterPath()
        top = centre.y() + radius * (0.05 + 0.14 * number)
        cut.addRect(QRectF(0, top, SIDE, 3.0 + 3.4 * number))
        disc = disc.subtracted(cut)
    canvas.painter.setPen(Qt.PenStyle.NoPen)
    canvas.painter.setBrush(sun)
    canvas.painter.drawPath(disc)
    for layer in range(3):
        path = QPainterPath(QPointF(0, SIDE))
        base = 590 + 95 * layer
        start = canvas.draw.random()
        for step in range(101):
            at = step / 100
            height = 190 * canvas.peak(start + at * (0.28 + 0.16 * layer)) - 70
            path.lineTo(QPointF(at * SIDE, base - height * (1 - 0.22 * layer)))
        path.lineTo(QPointF(SIDE, SIDE))
        canvas.painter.setBrush(_between(canvas.colour(1), canvas.colour(0), 0.3 + 0.35 * layer))
        canvas.painter.drawPath(path)


def strata(canvas: Canvas) -> None:
    """Sheets of paper, cut along slow waves."""
    canvas.painter.fillRect(QRectF(0, 0, SIDE, SIDE), canvas.colour(4))
    sheets = 8
    tilt = canvas.draw.uniform(-0.18, 0.18)
    for sheet in range(sheets):
        share = sheet / (sheets - 1)
        colour = _along(canvas.colours[:4][::-1], share)
        base = 130 + 720 * share**0.92
        waves = [(canvas.draw.uniform(0.6, 2.1), canvas.draw.uniform(0, math.tau)) for _ in range(2)]
        path = QPainterPath(QPointF(0, SIDE))
        for step in range(101):
            at = step / 100
            swell = sum(math.sin(at * math.tau * rate + phase) for rate, phase in waves) * 34
            swell += 46 * canvas.peak(at * 0.35 + sheet * 0.12)
            path.lineTo(QPointF(at * SIDE, base - swell + tilt * (at - 0.5) * SIDE))
        path.lineTo(QPointF(SIDE, SIDE))
        canvas.painter.setPen(Qt.PenStyle.NoPen)
        for depth in range(5):
            canvas.painter.setBrush(canvas.colour(0, 0.05))
            canvas.painter.drawPath(path.translated(0, -3.0 * depth))
        canvas.painter.setBrush(colour)
        canvas.painter.drawPath(path)


def blocks(canvas: Canvas) -> None:
    """Quarter circles, discs and bars on a grid."""
    canvas.painter.fillRect(QRectF(0, 0, SIDE, SIDE), canvas.colour(0))
    cells = canvas.draw.choice((4, 5))
    side = SIDE / cells
    canvas.painter.setPen(Qt.PenStyle.NoPen)
    for row in range(cells):
        for column in range(cells):
            box = QRectF(column * side, row * side, side, side)
            canvas.painter.save()
            canvas.painter.setClipRect(box)
            first, second = canvas.draw.sample(range(len(canvas.colours)), 2)
            canvas.painter.fillRect(box, canvas.colour(first))
            canvas.painter.setBrush(canvas.colour(second))
            _shape(canvas, box, canvas.draw.randrange(6), (row * cells + column) / cells**2)
            canvas.painter.restore()


def _shape(canvas: Canvas, box: QRectF, kind: int, at: float) -> None:
    painter, side = canvas.painter, box.width()
    corners = (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight())
    if kind == 0:
        painter.drawEllipse(corners[canvas.draw.randrange(4)], side, side)
    elif kind == 1:
        painter.drawEllipse(box.center(), side * 0.34, side * 0.34)
    elif kind == 2:
        for bar in range(6):
            height = side * (0.15 + 0.8 * canvas.peak(at + bar / 40))
            painter.drawRect(QRectF(box.left() + side * (bar + 0.2) / 6, box.bottom() - height, side / 10, height))
    elif kind == 3:
        path = QPainterPath(corners[0])
        path.lineTo(corners[canvas.draw.choice((1, 2))])
        path.lineTo(corners[3])
        painter.drawPath(path)
    elif kind == 4:
        painter.drawEllipse(
            QPointF(box.center().x(), canvas.draw.choice((box.top(), box.bottom()))), side / 2, side / 2
        )


def lines(canvas: Canvas) -> None:
    """One string for each moment, bent by the outline."""
    canvas.ground(0, 1, 0.4)
    strings = 46
    phase = [canvas.draw.uniform(0, math.tau) for _ in range(3)]
    centre = canvas.draw.uniform(0.35, 0.65)
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    for number in range(strings):
        share = number / (strings - 1)
        path = QPainterPath()
        for step in range(121):
            at = step / 120
            hump = math.exp(-(((at - centre) * 3.1) ** 2))
            bend = math.sin(at * 7 + phase[0] + share * 3) + 0.5 * math.sin(at * 17 + phase[1] - share * 5)
            y = 120 + share * 690 - hump * (46 + 92 * canvas.peak(share + at * 0.2)) * (0.9 + 0.5 * bend)
            point = QPointF(at * SIDE, y)
            path.lineTo(point) if step else path.moveTo(point)
        canvas.painter.setPen(QPen(_along(canvas.colours[2:], share), 2.0 + 2.4 * canvas.peak(share)))
        canvas.painter.drawPath(path)


def pixels(canvas: Canvas) -> None:
    """Squares under a sky of a few colours."""
    cells = 25
    side = SIDE / cells
    canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    canvas.painter.setPen(Qt.PenStyle.NoPen)
    for row in range(cells):
        canvas.painter.fillRect(
            QRectF(0, row * side, SIDE, side + 1), _between(canvas.colour(0), canvas.colour(1), (row // 3) * 3 / cells)
        )
    for _ in range(34):
        star = QRectF(canvas.draw.randrange(cells) * side, canvas.draw.randrange(12) * side, side / 2, side / 2)
        canvas.painter.fillRect(star, canvas.colour(4, canvas.draw.uniform(0.35, 1)))
    left, top = canvas.draw.randrange(3, 16), canvas.draw.randrange(2, 6)
    for row in range(6):
        inset = (2, 1, 0, 0, 1, 2)[row]
        canvas.painter.fillRect(
            QRectF((left + inset) * side, (top + row) * side, (6 - 2 * inset) * side, side), canvas.colour(3 + row % 2)
        )
    for column in range(cells):
        height = 2 + round(9 * canvas.peak(column / cells))
        for block in range(height):
            colour = canvas.colour(2 if block < height - 1 else 4)
            shade = _between(colour, canvas.colour(0), min(0.7, 0.09 * (height - block)))
            canvas.painter.fillRect(
                QRectF(column * side + 1.5, (cells - 3 - block) * side + 1.5, side - 3, side - 3), shade
            )
    canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _between(first: QColor, second: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * share,
        first.greenF() + (second.greenF() - first.greenF()) * share,
        first.blueF() + (second.blueF() - first.blueF()) * share,
    )


def _along(colours: tuple[QColor, ...], share: float) -> QColor:
    place = share * (len(colours) - 1)
    low = min(int(place), len(colours) - 2)
    return _between(colours[low], colours[low + 1], place - low)


DESIGNS: dict[str, Callable[[Canvas], None]] = {
    one.__name__: one for one in (orbs, rings, horizon, strata, blocks, lines, pixels)
}
