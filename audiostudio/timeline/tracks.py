"""Timelines as plain, frozen data: tracks, clips, fades, transitions, automation, markers.

Names follow OpenTimelineIO. A clip stands at a place of its own (`start`), gaps are what lies between clips; clips of
one track are in order and never overlap. Edits are functions of `timeline.editing`.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from audiostudio.errors import NotFound
from audiostudio.timeline.schema import Extra, stored
from audiostudio.timeline.time import TICKS, FrameRate


class TrackKind(StrEnum):
    AUDIO = "audio"
    PICTURE = "picture"


class Content(StrEnum):
    """What a track is for: ducking, colours and new clips go by it."""

    SPEECH = "speech"
    MUSIC = "music"
    EFFECTS = "effects"
    OTHER = "other"


class Shape(StrEnum):
    """How a fade rises from 0 to 1 over x = 0…1; one that falls is the same, mirrored."""

    LINEAR = "linear"
    """x: two that overlap keep the amplitude."""
    EQUAL_POWER = "equal power"
    """sin(x·π/2): two that overlap keep the power."""
    SMOOTH = "smooth"
    """(1 − cos(x·π))/2: slow at both ends."""
    LOGARITHMIC = "logarithmic"
    """Even in dB from −60: slow at first."""


class Fade(NamedTuple):
    length: int = 0
    """Ticks."""
    shape: str = Shape.LINEAR


NO_FADE = Fade()
PAL = FrameRate(25)


class Point(NamedTuple):
    """A value that is reached at a time; between two points it moves in a straight line (gain: in dB)."""

    at: int
    """Ticks: of the timeline on a track, since the clip's beginning on a clip."""
    value: float


class Parameter(StrEnum):
    """What automation moves, besides a setting of an effect (`effect id/setting`)."""

    GAIN = "gain"
    """dB, added to the channel's gain."""
    PAN = "pan"
    """−1…1, instead of the channel's pan."""
    DUCKING = "ducking"
    """dB, added to the gain: drawn by ducking, so that it can be drawn anew or taken away by itself."""


@stored("Automation", 1)
@dataclass(frozen=True, slots=True)
class Automation:
    """How one parameter moves. Before the first point it is as there, after the last as there."""

    parameter: str
    points: tuple[Point, ...] = ()
    """In order; no two at one time."""
    extra: Extra = ()


class Setting(NamedTuple):
    name: str
    value: float


@stored("Effect", 1)
@dataclass(frozen=True, slots=True)
class Effect:
    """One effect of a chain; `sound.effects` knows the kinds and their settings."""

    id: str
    kind: str
    settings: tuple[Setting, ...] = ()
    """By name; only those that are not at their default."""
    enabled: bool = True
    source: str | None = None
    """The id of the track that a sidechain listens to."""
    extra: Extra = ()


@stored("Channel", 1)
@dataclass(frozen=True, slots=True)
class Channel:
    """What the sound of a track, or of all of them, goes through: effects, then gain, then pan."""

    gain: float = 0.0
    """dB."""
    pan: float = 0.0
    """−1 (left) … 1 (right)."""
    effects: tuple[Effect, ...] = ()
    automation: tuple[Automation, ...] = ()
    """One for each parameter that moves."""
    extra: Extra = ()

    def automated(self, parameter: str) -> tuple[Point, ...]:
        return next((one.points for one in self.automation if one.parameter == parameter), ())


class Anchor(NamedTuple):
    """A place that moves with a line of the script."""

    line: str
    """Its id."""
    offset: int = 0
    """Ticks since the beginning of the line's first clip."""


@stored("Clip", 1)
@dataclass(frozen=True, slots=True)
class Clip:
    """A range of a medium at a place of a track."""

    id: str
    media: str
    """The id of one of `Project.media`."""
    start: int
    """Ticks, 0 or later."""
    duration: int
    """Ticks, at least 1."""
    source_start: int
    """In samples (frames) of the medium."""
    source_length: int
    """In samples (frames) of the medium, at least 1. Other than the duration says by a sample or more: stretched
    (`editing.source.is_stretched`); a clip may end within its last sample."""
    name: str = ""
    """Empty: the medium's."""
    gain: float = 0.0
    """dB."""
    envelope: tuple[Point, ...] = ()
    """dB, added to the gain; ticks since the clip's beginning."""
    fade_in: Fade = NO_FADE
    fade_out: Fade = NO_FADE
    effects: tuple[Effect, ...] = ()
    pitch: float = 0.0
    """Semitones; does not change the length."""
    muted: bool = False
    line: str | None = None
    """The line of the script that it says."""
    take: str | None = None
    """The take of that line."""
    anchor: Anchor | None = None
    """The line that a clip without one of its own moves with."""
    group: str | None = None
    """Clips of one group are selected, moved and cut together."""
    colour: str | None = None
    """A name in the theme's palette; None: the track's."""
    extra: Extra = ()

    @property
    def end(self) -> int:
        return self.start + self.duration

    def speed(self, sample_rate: int) -> Fraction:
        """Seconds of the medium for each second of the timeline: over 1 is faster."""
        return Fraction(self.source_length * TICKS, sample_rate * self.duration)


@stored("Transition", 1)
@dataclass(frozen=True, slots=True)
class Transition:
    """A crossfade over the cut between two clips of a track that touch."""

    id: str
    left: str
    """The clip that ends at the cut; it is heard `out_offset` longer."""
    right: str
    """The clip that begins there; it is heard `in_offset` earlier."""
    in_offset: int
    """Ticks before the cut."""
    out_offset: int
    """Ticks after it."""
    shape: str = Shape.EQUAL_POWER
    extra: Extra = ()


class Gap(NamedTuple):
    start: int
    duration: int

    @property
    def end(self) -> int:
        return self.start + self.duration


@stored("Track", 1)
@dataclass(frozen=True, slots=True)
class Track:
    id: str
    name: str
    kind: str = TrackKind.AUDIO
    content: str = Content.OTHER
    clips: tuple[Clip, ...] = ()
    """By their start; they never overlap."""
    transitions: tuple[Transition, ...] = ()
    channel: Channel = Channel()
    muted: bool = False
    solo: bool = False
    locked: bool = False
    """No edit changes its clips, and nothing that moves others moves them."""
    colour: str | None = None
    """A name in the theme's palette; None: that of its content."""
    extra: Extra = ()

    @property
    def end(self) -> int:
        """Ticks; 0 without clips."""
        return self.clips[-1].end if self.clips else 0

    def clip(self, clip_id: str) -> Clip:
        """Raises `NotFound`."""
        for clip in self.clips:
            if clip.id == clip_id:
                return clip
        raise NotFound("That clip is no longer on the timeline.", "Undo brings it back.")

    def items(self) -> Iterator[Clip | Gap]:
        """Clips and the gaps between them, from 0 on."""
        at = 0
        for clip in self.clips:
            if clip.start > at:
                yield Gap(at, clip.start - at)
            yield clip
            at = clip.end


@stored("Marker", 1)
@dataclass(frozen=True, slots=True)
class Marker:
    """A place, or a range, with a name."""

    id: str
    at: int
    """Ticks."""
    name: str = ""
    duration: int = 0
    """Ticks; 0: a place."""
    colour: str | None = None
    note: str = ""
    chapter: bool = False
    """Whether files that have chapters begin one here."""
    anchor: Anchor | None = None
    extra: Extra = ()


class Range(NamedTuple):
    """Half-open, in ticks."""

    start: int
    end: int


class Tempo(NamedTuple):
    """Beats over all of a timeline, before the first of them, too."""

    bpm: float
    """Beats a minute."""
    first: int = 0
    """Ticks: a beat that begins a bar."""
    bar: int = 4
    """Beats of a bar."""

    def beat(self, number: int) -> int:
        """The tick of a beat, counted from the first one (0)."""
        return self.first + round(number * 60 * TICKS / self.bpm)

    def number(self, at: int) -> float:
        """How many beats after the first one a tick lies."""
        return (at - self.first) * self.bpm / (60 * TICKS)


@stored("Timeline", 1)
@dataclass(frozen=True, slots=True)
class Timeline:
    id: str
    name: str
    tracks: tuple[Track, ...] = ()
    """From top to bottom."""
    markers: tuple[Marker, ...] = ()
    """By their place."""
    master: Channel = Channel()
    frame_rate: FrameRate = PAL
    sample_rate: int = 48_000
    """Of its mix."""
    range: Range | None = None
    """Between the in and the out point; None: everything."""
    loudness: float | None = None
    """LUFS that its mix is brought to; None: as it is."""
    tempo: Tempo | None = None
    """None: no beats."""
    extra: Extra = ()

    @property
    def end(self) -> int:
        """Ticks: where the last clip ends."""
        return max((track.end for track in self.tracks), default=0)

    @property
    def audible(self) -> frozenset[str]:
        """Ids of the tracks that mute and solo leave. Solo of sound hides no picture."""
        solo = any(track.solo for track in self.tracks)
        return frozenset(
            track.id
            for track in self.tracks
            if not track.muted and (track.solo or not solo or track.kind != TrackKind.AUDIO)
        )

    def track(self, track_id: str) -> Track:
        """Raises `NotFound`."""
        for track in self.tracks:
            if track.id == track_id:
                return track
        raise NotFound("That track is no longer on the timeline.", "Undo brings it back.")

    def track_of(self, clip_id: str) -> Track:
        """The track that has the clip. Raises `NotFound`."""
        for track in self.tracks:
            if any(clip.id == clip_id for clip in track.clips):
                return track
        raise NotFound("That clip is no longer on the timeline.", "Undo brings it back.")

    def clip(self, clip_id: str) -> Clip:
        """Raises `NotFound`."""
        return self.track_of(clip_id).clip(clip_id)

    def clips(self) -> Iterator[Clip]:
        """Of all tracks, from top to bottom."""
        return itertools.chain.from_iterable(track.clips for track in self.tracks)

    def with_track(self, track: Track) -> "Timeline":
        """With `track` in the place of the one that has its id."""
        return replace(self, tracks=tuple([track if one.id == track.id else one for one in self.tracks]))
