"""Which track lies where from top to bottom, with the lanes of its automation below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audiostudio.timeline.tracks import Track

USUAL, LEAST, MOST = 72, 40, 240
"""Heights of a track in logical pixels."""
LANE = 56
"""Of a lane."""
Lanes = Mapping[str, Sequence[str]]
"""Parameters whose lanes are shown, by the ids of their tracks."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a parameter of a track is drawn over time."""

    track: Track
    parameter: str
    top: float
    height: float = LANE

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Row:
    track: Track
    top: float
    height: float
    """Of the clips."""
    lanes: tuple[Lane, ...] = ()

    @property
    def bottom(self) -> float:
        """Of the last lane."""
        return self.top + self.height + sum(lane.height for lane in self.lanes)

    def lane_at(self, y: float) -> Lane | None:
        return next((lane for lane in self.lanes if lane.top <= y < lane.bottom), None)


class Rows:
    """The tracks of a timeline, one below the other, scrolled by `offset` pixels."""

    def __init__(
        self, tracks: Sequence[Track], heights: Mapping[str, int], offset: float = 0.0, lanes: Lanes | None = None
    ) -> None:
        """`heights`: of tracks by their ids, where a user changed them."""
        top = -offset
        rows = []
        for track in tracks:
            height = heights.get(track.id, USUAL)
            shown = (lanes or {}).get(track.id, ())
            below = [Lane(track, name, top + height + number * LANE) for number, name in enumerate(shown)]
            rows.append(Row(track, top, height, tuple(below)))
            top = rows[-1].bottom
        self.rows = tuple(rows)
        self.height = top + offset
        """Of all of them."""

    def at(self, y: float) -> Row | None:
        return next((row for row in self.rows if row.top <= y < row.bottom), None)

    def of(self, track_id: str) -> Row | None:
        return next((row for row in self.rows if row.track.id == track_id), None)

    def within(self, top: float, bottom: float) -> list[Row]:
        """Those that are at least partly between."""
        return [row for row in self.rows if row.bottom > top and row.top < bottom]
