"""What lies under the pointer."""

import itertools
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF

from audiostudio.timeline.editing.source import value_at
from audiostudio.timeline.tracks import Clip, Track
from audiostudio.ui.timeline.canvas import Scene
from audiostudio.ui.timeline.clip_paint import GAIN_ROOM, NAME_HEIGHT, envelope_y, wave_box
from audiostudio.ui.timeline.lane_paint import lane_y, near_points
from audiostudio.ui.timeline.motions import motion_of
from audiostudio.ui.timeline.rows import Lane

EDGE = 7
"""Pixels at an end of a clip where it is trimmed; of a narrow clip a quarter of it."""
CORNER = 9
"""Pixels around a fade's upper end where it is dragged."""
CUT = 4
"""Pixels at both sides of a cut where it is rolled."""


NEAR = 4
"""Pixels around a gain line or a point."""


class Zone(StrEnum):
    EMPTY = "empty"
    BODY = "body"
    START = "start"
    END = "end"
    CUT = "cut"
    FADE_IN = "fade in"
    FADE_OUT = "fade out"
    GAIN = "gain"
    """The line of a selected clip's gain, or of its envelope."""
    POINT = "point"
    """A point of the envelope."""
    LANE = "lane"
    """Automation below a track."""
    LANE_POINT = "lane point"


@dataclass(frozen=True, slots=True)
class Hit:
    zone: Zone
    track: Track | None = None
    clip: Clip | None = None
    neighbour: Clip | None = None
    """At a cut: the clip that begins there; `clip` is the one that ends."""
    point: int = -1
    """The number of a point of the envelope, or of the lane."""
    lane: Lane | None = None


def hit(scene: Scene, place: QPointF) -> Hit:
    """Handles lie on top of bodies, and inside of their clip, so that two clips that touch have one each."""
    rows = scene.rows()
    row = rows.at(place.y())
    if row is None:
        return Hit(Zone.EMPTY)
    track, scale = row.track, scene.scale
    lane = row.lane_at(place.y())
    if lane is not None:
        number = _lane_point(scene, lane, place)
        return Hit(Zone.LANE if number < 0 else Zone.LANE_POINT, track, point=number, lane=lane)
    near = scene.clips_within(track, scale.at(place.x() - CUT), scale.at(place.x() + CUT) + 1)
    cut = _cut(scene, near, place)
    if cut is not None:
        return Hit(Zone.CUT, track, *cut)
    for clip in near:
        box = scene.box(clip, rows, track)
        if box.left() <= place.x() < box.right():
            return Hit(_zone(scene, clip, box, place), track, clip, point=_point(scene, clip, box, place))
    return Hit(Zone.EMPTY, track)


def _cut(scene: Scene, near: list[Clip], place: QPointF) -> tuple[Clip, Clip] | None:
    for left, right in itertools.pairwise(near):
        wide = min(scene.scale.width(left.duration), scene.scale.width(right.duration)) > 4 * EDGE
        if left.end == right.start and wide and abs(scene.scale.x(left.end) - place.x()) <= CUT / 2:
            return left, right
    return None


def _zone(scene: Scene, clip: Clip, box: QRectF, place: QPointF) -> Zone:
    from_left, from_right = place.x() - box.left(), box.right() - place.x()
    if place.y() < box.top() + NAME_HEIGHT and box.width() > 6 * EDGE:
        if abs(from_left - max(EDGE, scene.scale.width(clip.fade_in.length))) <= CORNER / 2:
            return Zone.FADE_IN
        if abs(from_right - max(EDGE, scene.scale.width(clip.fade_out.length))) <= CORNER / 2:
            return Zone.FADE_OUT
    if _point(scene, clip, box, place) >= 0:
        return Zone.POINT
    reach = min(EDGE, box.width() / 4)
    if from_left <= reach:
        return Zone.START
    if from_right <= reach:
        return Zone.END
    return Zone.GAIN if _on_line(scene, clip, box, place) else Zone.BODY


def _on_line(scene: Scene, clip: Clip, box: QRectF, place: QPointF) -> bool:
    """Only of what is selected, so that the line is in nobody's way."""
    if clip.id not in scene.selected or box.height() < GAIN_ROOM:
        return False
    wave = wave_box(box)
    value = value_at(clip.envelope, scene.scale.at(place.x()) - clip.start) if clip.envelope else clip.gain
    return abs(envelope_y(wave, value) - place.y()) <= NEAR


def _point(scene: Scene, clip: Clip, box: QRectF, place: QPointF) -> int:
    if not clip.envelope or box.height() < GAIN_ROOM:
        return -1
    wave = wave_box(box)
    for number, point in enumerate(clip.envelope):
        x = box.left() + scene.scale.width(point.at)
        if abs(x - place.x()) <= NEAR + 1 and abs(envelope_y(wave, point.value) - place.y()) <= NEAR + 1:
            return number
    return -1


def _lane_point(scene: Scene, lane: Lane, place: QPointF) -> int:
    points, motion = lane.track.channel.automated(lane.parameter), motion_of(lane.track.channel, lane.parameter)
    if motion is None:
        return -1
    reach = NEAR + 1
    for number in near_points(points, scene.scale.at(place.x() - reach), scene.scale.at(place.x() + reach)):
        x, y = scene.scale.x(points[number].at), lane_y(lane, motion, points[number].value)
        if abs(x - place.x()) <= reach and abs(y - place.y()) <= reach:
            return number
    return -1


def clips_in(scene: Scene, band: QRectF) -> list[Clip]:
    """Those that a rubber band touches."""
    start, end = scene.scale.at(band.left()), scene.scale.at(band.right()) + 1
    rows = [row for row in scene.rows().within(band.top(), band.bottom()) if row.top + row.height > band.top()]
    return [clip for row in rows for clip in scene.clips_within(row.track, start, end)]
