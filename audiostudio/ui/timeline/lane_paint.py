"""How a lane of automation is drawn: its curve, its points, what is without them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from audiostudio.timeline.tracks import Point
from audiostudio.ui.theme import Tokens
from audiostudio.ui.timeline.motions import Motion
from audiostudio.ui.timeline.rows import Lane
from audiostudio.ui.timeline.scale import Scale

_ROOM = 7
"""Pixels above and below the curve."""
RADIUS = 3.5
"""Of a point."""
_CROWDED = 4
"""Pixels between two points below which only the line is drawn."""


def lane_y(lane: Lane, motion: Motion, value: float) -> float:
    return lane.bottom - _ROOM - motion.share(value) * (lane.height - 2 * _ROOM)


def lane_value(lane: Lane, motion: Motion, y: float) -> float:
    """`lane_y` backwards."""
    return motion.value((lane.bottom - _ROOM - y) / (lane.height - 2 * _ROOM))


def near_points(points: Sequence[Point], start: int, end: int) -> range:
    """Numbers of the points from `start` to `end`, with one more at both sides."""
    first = max(0, bisect_left(points, start, key=_at) - 1)
    return range(first, min(len(points), bisect_right(points, end, key=_at) + 1))


def paint_lane(
    painter: QPainter,
    lane: Lane,
    motion: Motion,
    scale: Scale,
    colours: Tokens,
    ink: QColor,
    view: QRectF,
    chosen: int | None = None,
) -> None:
    """The part of a lane that lies in `view`; `ink`: the track's colour; `chosen`: the tick of a point."""
    ground = QColor(ink)
    ground.setAlphaF(0.07)
    box = QRectF(view.left(), lane.top, view.width(), lane.height - 1)
    painter.fillRect(box, ground)
    painter.fillRect(QRectF(view.left(), lane.bottom - 1, view.width(), 1), colours.colour("border"))
    if motion.setting.least < 0 <= motion.setting.greatest:
        painter.setPen(QPen(colours.colour("border_strong"), 1, Qt.PenStyle.DashLine))
        zero = round(lane_y(lane, motion, 0.0)) + 0.5
        painter.drawLine(QPointF(view.left(), zero), QPointF(view.right(), zero))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    points = lane.track.channel.automated(lane.parameter)
    if points:
        _curve(painter, lane, motion, points, scale, colours, ink, view, chosen)
    else:
        level = lane_y(lane, motion, motion.rest)
        painter.setPen(QPen(colours.colour("text_muted"), 1.25))
        painter.drawLine(QPointF(view.left(), level), QPointF(view.right(), level))
    painter.restore()


def _curve(
    painter: QPainter,
    lane: Lane,
    motion: Motion,
    points: Sequence[Point],
    scale: Scale,
    colours: Tokens,
    ink: QColor,
    view: QRectF,
    chosen: int | None,
) -> None:
    left, right = view.left() - 8, view.right() + 8
    shown = near_points(points, scale.at(left), scale.at(right))
    places = [QPointF(scale.x(one.at), lane_y(lane, motion, one.value)) for one in points[shown.start : shown.stop]]
    line = [
        QPointF(left, _height(places, left)),
        *(place for place in places if left < place.x() < right),
        QPointF(right, _height(places, right)),
    ]
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(line))
    if len(places) > 1 and (places[-1].x() - places[0].x()) / len(places) < _CROWDED:
        return
    for number, place in zip(shown, places, strict=True):
        painter.setBrush(ink if points[number].at == chosen else colours.colour("surface"))
        painter.drawEllipse(place, RADIUS, RADIUS)


def _height(places: Sequence[QPointF], x: float) -> float:
    """Of a curve at `x`: as at its nearest end where it is not there."""
    after = bisect_right(places, x, key=QPointF.x)
    if after in (0, len(places)):
        return places[max(0, after - 1)].y()
    one, two = places[after - 1], places[after]
    return one.y() + (two.y() - one.y()) * (x - one.x()) / (two.x() - one.x())


def _at(point: Point) -> int:
    return point.at
