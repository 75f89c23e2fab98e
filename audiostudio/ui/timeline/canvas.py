"""The tracks with their clips, painted; a picture of all of it is kept, so that a moving playhead costs one blit.

Nothing is edited here: `gestures` turn mouse and keys into edits.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.timeline.tracks import Clip, Content, Range, Timeline, Track, Transition
from audiostudio.ui.theme import Tokens, tokens
from audiostudio.ui.timeline.clip_paint import ClipPainter, Dress, Shown
from audiostudio.ui.timeline.divisions import beats_apart, divisions, shown_beats
from audiostudio.ui.timeline.lane_paint import paint_lane
from audiostudio.ui.timeline.motions import motions
from audiostudio.ui.timeline.outline import Tiles
from audiostudio.ui.timeline.rows import Lanes, Row, Rows
from audiostudio.ui.timeline.scale import Scale

CLIP_MARGIN = 3
"""Pixels between a clip and the edges of its track."""
_WHOLE = 0.02
"""Pixels by which a scroll may miss whole ones, for what is painted to be moved."""
_TILES = 2
"""Pictures of waveforms made in one frame while a user zooms, as far as there are others to show."""
_CALM = 150
"""Milliseconds after the last zoom until waveforms are drawn exactly."""
_CONTENT_KIND: dict[str, str] = {
    Content.SPEECH: "voiceover",
    Content.MUSIC: "music",
    Content.EFFECTS: "sound_effect",
    Content.OTHER: "recording",
}


@dataclass(slots=True)
class Scene:
    """Everything that is painted besides the playhead."""

    timeline: Timeline
    scale: Scale = field(default_factory=Scale)
    heights: Mapping[str, int] = field(default_factory=dict)
    lanes: Lanes = field(default_factory=dict)
    offset: float = 0.0
    """Pixels that the tracks are scrolled up."""
    selected: frozenset[str] = frozenset()
    """Ids of clips."""
    hovered: str | None = None
    band: QRectF | None = None
    """The rubber band."""
    point: tuple[str, str, int] | None = None
    """The point of automation that was taken hold of last: track, parameter, ticks."""
    snap: int | None = None
    """Where something snapped."""
    range: Range | None = None

    def rows(self) -> Rows:
        return Rows(self.timeline.tracks, self.heights, self.offset, self.lanes)

    def box(self, clip: Clip, rows: Rows, track: Track) -> QRectF:
        """Where a clip lies; empty when its track is not there."""
        row = rows.of(track.id)
        if row is None:
            return QRectF()
        left = self.scale.x(clip.start)
        return QRectF(left, row.top + CLIP_MARGIN, self.scale.width(clip.duration), row.height - 2 * CLIP_MARGIN)

    def clips_within(self, track: Track, start: int, end: int) -> list[Clip]:
        """Those of a track that lie at least partly in start…end."""
        clips = track.clips
        first = max(0, bisect_right(clips, start, key=_start) - 1)
        return [clip for clip in clips[first : bisect_left(clips, end, key=_start)] if clip.end > start]


def _start(clip: Clip) -> int:
    return clip.start


def _end(clip: Clip) -> int:
    return clip.end


def colour_of(colours: Tokens, track: Track, clip: Clip | None = None) -> QColor:
    """A clip's own colour, else its track's, else that of what the track is for."""
    named = (clip.colour if clip is not None else None) or track.colour
    return colours.kind(named or _CONTENT_KIND.get(track.content, "recording"))


class _Seen(NamedTuple):
    """A clip that is at least partly in sight."""

    clip: Clip
    box: QRectF
    dress: Dress
    shown: Shown


class TimelineCanvas(QWidget):
    scale_changed = Signal()
    """Zoomed or scrolled, or another size."""
    resized = Signal()

    def __init__(self, shown: Callable[[Clip], Shown], parent: QWidget | None = None) -> None:
        """`shown` says what is known of a clip's medium; it is asked for every clip in sight."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Timeline"))
        self.scene = Scene(Timeline("", ""))
        self.tiles = Tiles()
        self._painter = ClipPainter(self.tiles)
        self._shown = shown
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._calm.timeout.connect(self._draw_exactly)
        self._picture = QPixmap()
        """Kept: a new one for each frame would cost as much as painting the clips."""
        self._whole = True
        """All of the picture is to be painted."""
        self._left = 0.0
        """The tick at the left edge of the picture."""
        self._stale: list[QRectF] = []
        """Parts of the picture that are not as they should be."""
        self._playhead = 0
        self.overlay: Callable[[QPainter], None] | None = None
        """Paints what a gesture shows above everything."""

    @property
    def playhead(self) -> int:
        """Ticks."""
        return self._playhead

    def set_playhead(self, at: int) -> None:
        before, self._playhead = self.scene.scale.x(self._playhead), at
        for x in (before, self.scene.scale.x(at)):
            if -4 <= x <= self.width() + 4:
                self.update(int(x) - 4, 0, 9, self.height())

    def change(self) -> None:
        """What is painted besides the playhead became another."""
        self._whole = True
        self.update()

    def show_timeline(self, timeline: Timeline, lanes: Lanes | None = None) -> None:
        """The same a little later, as a rule: only tracks that changed are painted anew."""
        before, self.scene.timeline = self.scene.timeline, timeline
        moved, self.scene.lanes = self.scene.lanes != (lanes or {}), lanes or {}
        if moved or _differs(before, timeline) or self.scene.range != timeline.range:
            self.scene.range = timeline.range
            self.change()
            return
        rows = self.scene.rows().rows
        self._stale += [
            QRectF(0, row.top, self.width(), row.bottom - row.top)
            for row, track in zip(rows, before.tracks, strict=True)
            if row.track is not track
        ]
        self.update()

    def set_scale(self, scale: Scale) -> None:
        if scale != self.scene.scale:
            if scale.per_pixel != self.scene.scale.per_pixel:
                self._painter.hurried = True
                self._calm.start()
                self._whole = True
            self.scene.scale = scale
            self.update()
            self.scale_changed.emit()

    def _draw_exactly(self) -> None:
        self._painter.hurried = False
        self.change()

    def sizeHint(self) -> QSize:
        return QSize(800, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.change()
        self.scale_changed.emit()
        self.resized.emit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self.change()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        self._scroll(ratio)
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if (self._picture.size(), self._picture.devicePixelRatio()) != (size, ratio):
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(ratio)
            self._whole = True
        if self._whole:
            self._whole, self._left = False, self.scene.scale.left
            self._stale = [QRectF(self.rect())]
        if self._stale:
            self.tiles.spare = _TILES if self._painter.hurried else None
            painter = QPainter(self._picture)
            for part in self._stale:
                self._paint(painter, part, ratio)
            painter.end()
            self._stale = []
        painter = QPainter(self)
        region = event.rect()
        part = QRectF(region.x() * ratio, region.y() * ratio, region.width() * ratio, region.height() * ratio)
        painter.drawPixmap(QRectF(region), self._picture, part)
        colours = tokens()
        self._names(painter, colours)
        self._held(painter, colours)
        if self.overlay is not None:
            self.overlay(painter)
        x = round(self.scene.scale.x(self._playhead))
        painter.fillRect(QRectF(x - 0.5, 0, 1.5, self.height()), colours.colour("playhead"))

    def _scroll(self, ratio: float) -> None:
        """Move what is painted already, by whole pixels; what comes into sight is to be painted."""
        if self._whole or self.scene.scale.left == self._left:
            return
        pixels = (self.scene.scale.left - self._left) / self.scene.scale.per_pixel * ratio
        whole = round(pixels)
        if abs(pixels - whole) > _WHOLE or abs(whole) > self._picture.width() * 0.7:
            self._whole = True
            return
        self._picture.scroll(-whole, 0, self._picture.rect())
        self._left += whole / ratio * self.scene.scale.per_pixel
        wide = abs(whole) / ratio
        moved = [part.translated(-whole / ratio, 0) for part in self._stale]
        left = self.width() - wide if whole > 0 else 0.0
        self._stale = [*moved, QRectF(left, 0, wide, self.height())]

    def _paint(self, painter: QPainter, view: QRectF, ratio: float) -> None:
        """The part `view`."""
        colours, scene = tokens(), self.scene
        painter.setClipRect(view)
        rows = scene.rows()
        start, end = scene.scale.at(view.left()) - 1, scene.scale.at(view.right()) + 1
        self._ground(painter, colours, rows, view, ratio)
        found = [self._dressed(row, start, end, rows) for row in rows.within(view.top(), view.bottom())]
        for clips in found:
            for one in clips:
                self._painter.plate(painter, one.box, colours, one.dress, one.shown.missing, view)
        for row, clips in zip(rows.within(view.top(), view.bottom()), found, strict=True):
            for one in clips:
                self._painter.paint(painter, one.box, one.clip, scene.scale, colours, one.shown, one.dress, view, ratio)
            begins, ends = ({one.clip.id: at(one.clip) for one in clips} for at in (_start, _end))
            for transition in row.track.transitions:
                cut = begins.get(transition.right, ends.get(transition.left))
                if cut is not None:
                    self._transition(painter, colours, row, cut, transition)
            self._lanes(painter, colours, row, view)
        self._above(painter, colours)

    def _dressed(self, row: Row, start: int, end: int, rows: Rows) -> list["_Seen"]:
        """The clips of a row that are at least partly from `start` to `end`."""
        scene, colours = self.scene, tokens()
        silent = row.track.id not in scene.timeline.audible
        found = []
        for clip in scene.clips_within(row.track, start, end):
            dress = Dress(
                colour_of(colours, row.track, clip),
                clip.id in scene.selected,
                clip.muted or silent,
                clip.id == scene.hovered,
            )
            found.append(_Seen(clip, scene.box(clip, rows, row.track), dress, self._shown(clip)))
        return found

    def _names(self, painter: QPainter, colours: Tokens) -> None:
        """Of clips that begin out of sight: at the left edge, where they stay while the rest is scrolled."""
        scene, rows = self.scene, self.scene.rows()
        for row in rows.within(0, self.height()):
            for clip in scene.clips_within(row.track, scene.scale.left, scene.scale.left + 1):
                box = scene.box(clip, rows, row.track)
                if box.left() < 0:
                    self._painter.name(painter, box, clip, self._shown(clip), colours, clip.id in scene.selected)

    def _lanes(self, painter: QPainter, colours: Tokens, row: Row, view: QRectF) -> None:
        if not row.lanes:
            return
        known = {motion.parameter: motion for motion in motions(row.track.channel)}
        for lane in row.lanes:
            if lane.parameter in known:
                ink = colour_of(colours, row.track)
                held = self.scene.point
                chosen = held[2] if held is not None and held[:2] == (row.track.id, lane.parameter) else None
                paint_lane(painter, lane, known[lane.parameter], self.scene.scale, colours, ink, view, chosen)

    def _ground(self, painter: QPainter, colours: Tokens, rows: Rows, view: QRectF, ratio: float) -> None:
        """What clips lie on: the grid, and the tracks."""
        grid = QPixmap(math.ceil(view.width() * ratio), 1)
        grid.setDevicePixelRatio(ratio)
        grid.fill(colours.colour("sunken"))
        lines = QPainter(grid)
        for x, ink in self._grid(colours, view):
            lines.fillRect(QRectF(x - view.left(), 0, 1, 1), ink)
        lines.end()
        painter.drawTiledPixmap(view, grid)  # a line at a time would touch each row of the picture once more
        edge = colours.colour("border")
        for row in rows.within(0, self.height()):
            if row.track.locked:
                painter.fillRect(QRectF(0, row.top, self.width(), row.bottom - row.top), colours.colour("hover"))
            painter.fillRect(QRectF(0, row.bottom - 1, self.width(), 1), edge)

    def _grid(self, colours: Tokens, view: QRectF) -> Iterator[tuple[int, QColor]]:
        """Pixels from the left where time or beats have a line, and its colour."""
        scale, tempo = self.scene.scale, self.scene.timeline.tempo
        start, end = scale.at(view.left()) - 1, scale.at(view.right()) + 1
        fine, strong = QColor(colours.colour("border")), QColor(colours.colour("border_strong"))
        fine.setAlphaF(0.55)
        if tempo is not None:
            for number, at in shown_beats(tempo, beats_apart(tempo, scale.per_pixel), start, end):
                yield round(scale.x(at)), fine if number % tempo.bar else strong
            return
        step = divisions(scale.per_pixel, self.scene.timeline.sample_rate).step
        for number in range(max(0, start // step), end // step + 1):
            yield round(scale.x(number * step)), fine

    def _transition(self, painter: QPainter, colours: Tokens, row: Row, cut: int, transition: Transition) -> None:
        scale = self.scene.scale
        left, end = scale.x(cut - transition.in_offset), scale.x(cut + transition.out_offset)
        box = QRectF(left, row.top + CLIP_MARGIN, end - left, row.height - 2 * CLIP_MARGIN)
        ink = colours.colour("text")
        ink.setAlphaF(0.16)
        painter.fillRect(box, ink)
        painter.setPen(QPen(colours.colour("text_secondary"), 1.25))
        painter.drawLine(QPointF(box.left(), box.bottom()), QPointF(box.right(), box.top()))
        painter.drawLine(QPointF(box.left(), box.top()), QPointF(box.right(), box.bottom()))

    def _above(self, painter: QPainter, colours: Tokens) -> None:
        scene, scale = self.scene, self.scene.scale
        if scene.range is not None:
            left, right = scale.x(scene.range.start), scale.x(scene.range.end)
            painter.fillRect(QRectF(left, 0, right - left, self.height()), colours.colour("wave_selection"))
        for marker in scene.timeline.markers:
            x = scale.x(marker.at)
            if -1 <= x <= self.width():
                ink = colours.kind(marker.colour or "image")
                ink.setAlphaF(0.6)
                painter.fillRect(QRectF(round(x), 0, 1, self.height()), ink)

    def _held(self, painter: QPainter, colours: Tokens) -> None:
        """What is shown while something is dragged."""
        scene, scale = self.scene, self.scene.scale
        if scene.snap is not None:
            painter.fillRect(QRectF(round(scale.x(scene.snap)), 0, 1, self.height()), colours.colour("accent_text"))
        if scene.band is not None:
            painter.setPen(QPen(colours.colour("accent_text"), 1))
            painter.setBrush(colours.colour("selected"))
            painter.drawRect(scene.band)


def _differs(before: Timeline, after: Timeline) -> bool:
    """In more than what some of its tracks have."""
    if len(before.tracks) != len(after.tracks) or before.markers is not after.markers:
        return True
    if (before.sample_rate, before.tempo) != (after.sample_rate, after.tempo):
        return True
    return any(one.id != two.id or one.solo != two.solo for one, two in zip(before.tracks, after.tracks, strict=True))
