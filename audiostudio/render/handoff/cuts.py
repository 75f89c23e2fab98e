"""What an editor gets of a timeline, as plain data: cuts with their media, joints, tracks."""

import bisect
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from audiostudio.render.handoff.formats import RATE, Options
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import TICKS, FrameRate
from audiostudio.timeline.tracks import Clip, Fade, Marker, Point, Timeline, Track


class Grid(NamedTuple):
    """What a format counts in: frames, or samples at 48 kHz."""

    rate: Fraction
    """Units in a second."""

    def at(self, tick: int) -> int:
        """The unit nearest to a tick; one in the middle belongs to the later."""
        return (2 * tick * self.rate.numerator + TICKS * self.rate.denominator) // (2 * TICKS * self.rate.denominator)

    def ticks(self, unit: int) -> int:
        return round(Fraction(unit * TICKS) / self.rate)

    def samples(self, unit: int) -> int:
        """At 48 kHz."""
        return (2 * unit * RATE * self.rate.denominator + self.rate.numerator) // (2 * self.rate.numerator)

    def units(self, samples: int) -> int:
        """Whole units that hold as many samples at 48 kHz."""
        return -(-samples * self.rate.numerator // (RATE * self.rate.denominator))


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of sound beside the timeline file."""

    key: str
    """The same in every export of the timeline, so that the file keeps its name."""
    name: str
    """Of the file."""
    media: Media
    first: int
    """Where it begins in the medium, in samples at 48 kHz; before its beginning is silence."""
    length: int
    """Samples at 48 kHz."""
    channels: int
    missing: bool
    bake: Timeline | None = None
    """What is mixed to make it, from `bake.LEAD` on; None: the medium as it is."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A clip as the editor gets it; times in units of the plan's grid."""

    clip: Clip
    name: str
    start: int
    duration: int
    piece: Piece
    source_start: int
    """In the piece."""
    line: tuple[Point, ...]
    """Gain in dB at ticks since the clip's beginning, as `levels.clip_line`."""
    fade_in: Fade
    fade_out: Fade
    enabled: bool
    speed: Fraction = Fraction(1)
    baked: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        return self.start + self.duration


class Joint(NamedTuple):
    """A crossfade over the cut between two cuts; offsets in units."""

    left: int
    """The number of the cut before it."""
    before: int
    after: int
    shape: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A track as the editor gets it."""

    track: Track
    cuts: tuple[Cut, ...]
    joints: tuple[Joint, ...]
    """By the cut before them."""
    audible: bool

    @property
    def channels(self) -> int:
        return max((cut.piece.channels for cut in self.cuts), default=1)

    def joint_after(self, number: int) -> Joint | None:
        at = bisect.bisect_left(self.joints, number, key=lambda joint: joint.left)
        return self.joints[at] if at < len(self.joints) and self.joints[at].left == number else None


class Note(NamedTuple):
    """Something that the editor gets otherwise than it is here."""

    kind: str
    """`baked`, `left out`, `offline`, `moved` or `note`."""
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    project: Project
    timeline: Timeline
    options: Options
    grid: Grid
    frame_rate: FrameRate
    lanes: tuple[Lane, ...]
    notes: tuple[Note, ...]
    name: str

    @property
    def markers(self) -> tuple[Marker, ...]:
        return self.timeline.markers if self.options.kind.markers else ()

    @property
    def end(self) -> int:
        """Units."""
        return max((cut.end for lane in self.lanes for cut in lane.cuts), default=0)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple({cut.piece.name: cut.piece for lane in self.lanes for cut in lane.cuts}.values())
