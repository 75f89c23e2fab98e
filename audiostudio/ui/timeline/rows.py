"""Which track lies where from top to bottom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audiostudio.timeline.tracks import Track

USUAL, LEAST, MOST = 72, 40, 240
"""Heights of a track in logical pixels."""


@dataclass(frozen=True, slots=True)
class Row:
    track: Track
    top: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height


class Rows:
    """The tracks of a timeline, one below the other, scrolled by `offset` pixels."""

    def __init__(self, tracks: Sequence[Track], heights: Mapping[str, int], offset: float = 0.0) -> None:
        """`heights`: of tracks by their ids, where a user changed them."""
        top = -offset
        rows = []
        for track in tracks:
            height = heights.get(track.id, USUAL)
            rows.append(Row(track, top, height))
            top += height
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
