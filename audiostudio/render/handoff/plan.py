"""Deciding what an editor gets of a timeline, and what its format cannot carry."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from audiostudio.errors import RequestError
from audiostudio.render.handoff import levels
from audiostudio.render.handoff.bake import Baked, baked_timeline, can_be_mono, wanted
from audiostudio.render.handoff.cuts import Cut, Grid, Joint, Lane, Note, Piece, Plan
from audiostudio.render.handoff.formats import RATE, Format, Options, allowed
from audiostudio.sound.resample import resampled_length
from audiostudio.timeline.editing import source
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import TICKS, ticks
from audiostudio.timeline.titles import title
from audiostudio.timeline.tracks import (
    NO_FADE,
    Clip,
    Point,
    Timeline,
    Track,
    TrackKind,
    Transition,
)

_MOST_EVENTS = 999
_REACH = 30 * TICKS
"""Ticks before and after a clip and its handles that may be heard in its sound: what effects hear before it, and what
rings on."""
Naming = Callable[[str, str], str]
"""(key, readable name) → the name of the file."""


There = Callable[[Media, str], bool]
"""(medium, key of a file that is made of it) → whether the file can be had."""


def plan(project: Project, timeline: Timeline, options: Options, there: There, naming: Naming) -> Plan:
    """Raises `RequestError` where the format cannot hold the timeline."""
    project, timeline = _with_plain_names(project, timeline)
    kind = options.kind
    rate = timeline.frame_rate
    grid = Grid(Fraction(rate.numerator, rate.denominator) if kind.framed else Fraction(RATE))
    if kind.hours is not None and timeline.end > kind.hours * 3600 * TICKS:
        raise RequestError(
            f"{kind.title} counts to {kind.hours} hours; “{timeline.name}” is longer.", "Choose another format."
        )
    planner = _Planner(project, timeline, options, grid, there, naming)
    lanes = tuple([planner.lane(track) for track in timeline.tracks if track.kind == TrackKind.AUDIO])
    if kind.name == "aaf" and not any(lane.cuts for lane in lanes):
        raise RequestError(
            "An AAF needs at least one clip that is heard.", "Choose another format, or put something on a track."
        )
    if kind.twin_tracks:
        lanes = _even_widths(lanes, options.whole)
    planner.whole_timeline()
    return Plan(project, timeline, options, grid, rate, lanes, tuple(planner.notes), title(project, timeline))


@dataclass(slots=True)
class _Planner:
    project: Project
    timeline: Timeline
    options: Options
    grid: Grid
    there: There
    naming: Naming
    notes: list[Note] = field(default_factory=list)
    moved: float = 0.0
    """Seconds that a sound was moved at most."""
    audible: frozenset[str] = frozenset()
    """Ids of tracks."""

    def __post_init__(self) -> None:
        self.audible = self.timeline.audible

    @property
    def kind(self) -> Format:
        return self.options.kind

    def lane(self, track: Track) -> Lane:
        audible = track.id in self.audible
        near = _neighbourhoods(track)
        carried = {one.id for one in track.transitions if self._carries(near[one.right], one)}
        cuts: list[Cut] = []
        number: dict[str, int] = {}
        for clip, following in _with_next(self._kept(track, audible)):
            room = None if following is None else self.grid.at(following.start)
            cut = self._cut(near[clip.id], clip, carried, cuts[-1].end if cuts else 0, room)
            if cut is not None:
                number[clip.id] = len(cuts)
                cuts.append(cut)
        joints = sorted(
            Joint(number[one.left], *self._offsets(near[one.right], one), one.shape)
            for one in track.transitions
            if one.id in carried and one.left in number and one.right in number
        )
        return Lane(track, tuple(cuts), tuple(joints), audible)

    def _kept(self, track: Track, audible: bool) -> tuple[Clip, ...]:
        """The clips that the format can hold."""
        if self.kind.mutes:
            return track.clips
        for clip in track.clips:
            if clip.muted or not audible:
                self._tell(
                    "left out", self._place(track, clip), f"it is not heard, and {self.kind.title} cannot say so"
                )
        return tuple([clip for clip in track.clips if audible and not clip.muted])

    def whole_timeline(self) -> None:
        """Tell of what no clip stands for."""
        for track in self.timeline.tracks:
            if track.kind != TrackKind.AUDIO and track.clips:
                self._tell("left out", track.name, "a picture track; only sound is handed off")
        for effect in self.timeline.master.effects:
            if effect.enabled:
                self._tell("left out", "Master", f"the effect {effect.kind}: mix to a file to have it")
        if self.timeline.loudness is not None:
            self._tell("left out", "Master", f"the loudness of {self.timeline.loudness:g} LUFS: set it in the editor")
        if self.timeline.master.pan or self.timeline.master.automated("pan"):
            self._tell("left out", "Master", "its pan")
        if self.timeline.markers and self.kind.name == "edl" and not any(track.clips for track in self.timeline.tracks):
            self._tell("left out", "Timeline", "markers: a list without clips has no place for them")
        if self.timeline.markers and not self.kind.markers:
            self._tell("left out", "Timeline", f"{len(self.timeline.markers)} markers; {self.kind.title} has none")
        if self.kind.name == "edl" and any(len(track.clips) > _MOST_EVENTS for track in self.timeline.tracks):
            self._tell("note", "Timeline", f"a list has more than {_MOST_EVENTS} events; some programs read no more")
        if self.moved >= 0.001:
            text = f"whole media begin on a frame: sounds moved by up to {self.moved * 1000:.0f} ms"
            self._tell("moved", "Timeline", text)

    def _place(self, track: Track, clip: Clip) -> str:
        """Of a clip, in words."""
        return f"{track.name}, {_clock(clip.start)}, “{_name(clip, self.project.medium(clip.media))}”"

    def _carries(self, track: Track, one: Transition) -> bool:
        before, after = self._offsets(track, one)
        even = before == after or not before or not after
        return one.shape in self.kind.crossfades and before + after > 0 and (even or self.kind.uneven_crossfades)

    def _offsets(self, track: Track, one: Transition) -> tuple[int, int]:
        at = track.clip(one.right).start
        if one.in_offset == one.out_offset:  # stays even, whatever the grid
            half = max(1, self.grid.at(one.in_offset))
            return half, half
        cut = self.grid.at(at)
        return cut - self.grid.at(at - one.in_offset), self.grid.at(at + one.out_offset) - cut

    def _cut(self, track: Track, clip: Clip, carried: set[str], earliest: int, room: int | None) -> Cut | None:
        media = self.project.medium(clip.media)
        name, place = _name(clip, media), self._place(track, clip)
        start = max(earliest, self.grid.at(clip.start))
        end = max(start, self.grid.at(clip.end))
        if end == start:  # shorter than the grid
            if room is not None and room <= end:
                self._tell("left out", place, "shorter than a frame")
                return None
            end += 1
        if media.sample_rate <= 0 or media.channels <= 0:
            self._tell("left out", place, "it has no sound")
            return None
        timeline, track = self._around(track, clip)
        baked = wanted(timeline, track, clip, media, self.kind, carried)
        for text in baked.left_out:
            self._tell("left out", place, text)
        longer = self._longer(baked, end, room, clip.id in {one.left for one in track.transitions})
        if longer:
            text = f"{longer / float(self.grid.rate):.2f} s longer, so that its effects ring out"
            self._tell("moved", place, text)
            end += longer
        key = f"whole {media.id}" if self.options.whole and not baked.any else clip.id
        missing = not self.there(media, key)
        if missing:
            self._tell("offline", place, f"{media.asset.path} is not there; the clip is handed off without it")
        elif baked.any:
            self._tell("baked", place, ", ".join(baked.texts))
        piece, first, speed = self._piece(key, timeline, track, clip, media, name, baked, carried, start, end, missing)
        if speed != 1:
            self._tell("note", place, f"speed × {float(speed):.3f}: whether its pitch stays is a setting of the editor")
        line = summed_line(clip, track, timeline, baked)
        return Cut(
            clip,
            name,
            start,
            end - start,
            piece,
            first,
            line,
            NO_FADE if baked.fade_in else clip.fade_in,
            NO_FADE if baked.fade_out else clip.fade_out,
            not clip.muted,
            speed,
            tuple(baked.texts),
        )

    def _around(self, track: Track, clip: Clip) -> tuple[Timeline, Track]:
        """With the automation that is heard in the clip and its handles: however much there is elsewhere costs
        nothing, and when that changes the clip's sound does not."""
        reach = ticks(self.options.handles) + _REACH
        first, last = clip.start - reach, clip.end + reach
        master = levels.near(self.timeline.master, first, last)
        return replace(self.timeline, master=master), replace(track, channel=levels.near(track.channel, first, last))

    def _longer(self, baked: Baked, end: int, room: int | None, joined: bool) -> int:
        """Units that a cut goes on after its clip, as far as there is room."""
        wished = 0 if joined else self.grid.units(baked.rings)
        return wished if room is None else max(0, min(wished, room - end))

    def _piece(
        self,
        key: str,
        timeline: Timeline,
        track: Track,
        clip: Clip,
        media: Media,
        name: str,
        baked: Baked,
        carried: set[str],
        start: int,
        end: int,
        missing: bool,
    ) -> tuple[Piece, int, Fraction]:
        """The sound of a clip, where the clip begins in it, and how fast it is played."""
        own = clip.speed(media.sample_rate) if source.is_stretched(clip, media) else Fraction(1)
        speed = Fraction(1) if baked.any else own
        if self.options.whole and not baked.any:
            return (*self._whole(key, clip, media, start, end - start, speed, missing), speed)
        head, tail = self._handles(track, clip, media, baked, carried, speed)
        channels = media.channels if media.channels <= 2 else 2
        if speed != 1:
            per_unit = Fraction(RATE) / self.grid.rate * speed
            begin = Fraction(clip.source_start * RATE, media.sample_rate) - head * per_unit
            length = round((end - start + head + tail) * per_unit) + 1
            piece = Piece(key, "", media, round(begin), length, channels, missing)
            return self._named(piece, name), round(head * per_unit), speed
        first_unit = start - head
        into = Fraction(clip.source_start, media.sample_rate) - Fraction(clip.start, TICKS)
        first = round((into + Fraction(first_unit) / self.grid.rate) * RATE)
        total = end - start + head + tail
        length = max(1, self.grid.samples(total))
        bake = None
        if baked.any:
            origin = self.grid.ticks(first_unit)
            bake = baked_timeline(timeline, track, clip, media, self.project, baked, origin, self.grid.ticks(total))
            channels = 1 if can_be_mono(track, clip, media, baked) else 2
        return self._named(Piece(key, "", media, first, length, channels, missing, bake), name), head, speed

    def _whole(
        self, key: str, clip: Clip, media: Media, start: int, duration: int, speed: Fraction, missing: bool
    ) -> tuple[Piece, int]:
        units = self.grid.units(resampled_length(media.samples, media.sample_rate, RATE)) + 1
        exact = Fraction(clip.source_start, media.sample_rate) + Fraction(start) / self.grid.rate
        exact = (exact - Fraction(clip.start, TICKS)) * self.grid.rate
        first = max(0, min(round(exact), units - round(duration * speed)))
        self.moved = max(self.moved, abs(float((first - exact) / self.grid.rate)))
        channels = media.channels if media.channels <= 2 else 2
        piece = Piece(key, "", media, 0, self.grid.samples(units), channels, missing)
        return self._named(piece, media.name or "Media"), first

    def _handles(
        self, track: Track, clip: Clip, media: Media, baked: Baked, carried: set[str], speed: Fraction
    ) -> tuple[int, int]:
        """Units before and after what is used: as many as there are, none where a fade is in the sound."""
        wished = round(self.options.handles * float(self.grid.rate))
        own = clip.speed(media.sample_rate)
        per_unit = media.sample_rate * own / self.grid.rate
        before = min(wished, int(clip.source_start / per_unit))
        after = min(wished, max(0, int((media.samples - clip.source_start - clip.source_length) / per_unit)))
        head = 0 if baked.fade_in or baked.joint_in else before
        tail = 0 if baked.fade_out or baked.joint_out or baked.rings else after
        for one in track.transitions:
            if one.id in carried and clip.id in (one.left, one.right):
                offsets = self._offsets(track, one)
                head = max(head, offsets[0]) if one.right == clip.id else head
                tail = max(tail, offsets[1]) if one.left == clip.id else tail
        return head, tail

    def _named(self, piece: Piece, name: str) -> Piece:
        return replace(piece, name=self.naming(piece.key, name))

    def _tell(self, kind: str, place: str, text: str) -> None:
        self.notes.append(Note(kind, place, text))


def _with_plain_names(project: Project, timeline: Timeline) -> tuple[Project, Timeline]:
    """With names that every format can hold."""
    media = tuple([replace(one, name=allowed(one.name)) for one in project.media])
    tracks = [
        replace(track, name=allowed(track.name), clips=tuple([_with_plain_name(clip) for clip in track.clips]))
        for track in timeline.tracks
    ]
    markers = [replace(one, name=allowed(one.name), note=allowed(one.note)) for one in timeline.markers]
    named = replace(timeline, name=allowed(timeline.name), tracks=tuple(tracks), markers=tuple(markers))
    return replace(project, name=allowed(project.name), media=media), named


def _with_plain_name(clip: Clip) -> Clip:
    return replace(clip, name=allowed(clip.name)) if clip.name else clip


def summed_line(clip: Clip, track: Track, timeline: Timeline, baked: Baked) -> tuple[Point, ...]:
    """The gain that the editor sets: what is not in the sound."""
    own = (Point(0, 0.0),) if baked.clip_levels else levels.clip_line(clip)
    rest = (Point(0, 0.0),) if baked.track_levels else levels.channel_line((track.channel, timeline.master), clip)
    return levels.added(own, rest, clip.duration)


def _neighbourhoods(track: Track) -> dict[str, Track]:
    """For each clip the track as far as it matters to it: itself, those beside it, and their crossfades with it.
    However many clips there are, each is then planned in the same time."""
    joints: dict[str, list[Transition]] = {}
    for one in track.transitions:
        joints.setdefault(one.left, []).append(one)
        joints.setdefault(one.right, []).append(one)
    found = {}
    for at, clip in enumerate(track.clips):
        beside = track.clips[max(0, at - 1) : at + 2]
        found[clip.id] = replace(track, clips=beside, transitions=tuple(joints.get(clip.id, ())))
    return found


def _even_widths(lanes: tuple[Lane, ...], shared: bool) -> tuple[Lane, ...]:
    """Media of one track with the same number of channels; of all tracks, where tracks share media."""
    widest = max((lane.channels for lane in lanes), default=1)

    def evened(lane: Lane) -> Lane:
        width = widest if shared else lane.channels
        cuts = [replace(cut, piece=replace(cut.piece, channels=width)) for cut in lane.cuts]
        return replace(lane, cuts=tuple(cuts))

    return tuple([evened(lane) for lane in lanes])


def _with_next(clips: tuple[Clip, ...]) -> Iterable[tuple[Clip, Clip | None]]:
    return itertools.zip_longest(clips, clips[1:])


def _name(clip: Clip, media: Media) -> str:
    return clip.name or media.name or "Clip"


def _clock(at: int) -> str:
    whole, rest = divmod(at, TICKS)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}.{rest * 1000 // TICKS:03}"
