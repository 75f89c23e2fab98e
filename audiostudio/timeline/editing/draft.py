"""A timeline while an edit changes it."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from audiostudio.errors import NotFound, RequestError
from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.invariants import LAST_MOMENT, clock, medium, settled
from audiostudio.timeline.editing.rippling import Shifts
from audiostudio.timeline.project import Media, Project, new_id
from audiostudio.timeline.tracks import NO_FADE, Clip, Marker, Track, Transition

START = attrgetter("start")


class Draft:
    def __init__(self, project: Project, timeline_id: str) -> None:
        """Raises `NotFound`."""
        self.project = project
        self.before = project.timeline(timeline_id)
        self.timeline = self.before
        """With whatever an edit changes besides tracks."""
        self.tracks = {track.id: track for track in self.before.tracks}
        """As they are to be, but for their clips."""
        self.placed: set[str] = set()
        """Clips and markers that the edit itself puts somewhere: they do not follow their anchor, it follows them."""
        self._clips: dict[str, list[Clip]] = {}
        self._media = {media.id: media for media in project.media}
        self._where: dict[str, str] | None = None

    # -- what there is

    def medium(self, clip: Clip) -> Media:
        try:
            return self._media[clip.media]
        except KeyError:
            raise NotFound(f"The project has no medium for the clip at {clock(clip.start)}.", "Import it.") from None

    def add_media(self, media: Iterable[Media]) -> None:
        for one in media:
            self._media.setdefault(one.id, medium(one))

    def name(self, clip: Clip) -> str:
        """As messages call it."""
        return clip.name or self.medium(clip).name or "the clip"

    def clips(self, track_id: str) -> Sequence[Clip]:
        """In order."""
        return self._clips[track_id] if track_id in self._clips else self.track(track_id).clips

    def track(self, track_id: str) -> Track:
        """Raises `NotFound`."""
        return self.tracks[track_id] if track_id in self.tracks else self.before.track(track_id)

    def unlocked(self, track_id: str) -> Track:
        """The track, which may be changed. Raises `RequestError` when it is locked."""
        track = self.track(track_id)
        if track.locked:
            raise RequestError(f"The track “{track.name}” is locked.", "Unlock it first.")
        return track

    def open_tracks(self, track_ids: Collection[str] | None = None) -> list[str]:
        """Of those, or of all, the ones that are not locked, from top to bottom."""
        return [
            track.id
            for track in self.tracks.values()
            if not track.locked and (track_ids is None or track.id in track_ids)
        ]

    def track_of(self, clip_id: str) -> str:
        """The id of the track that has the clip. Raises `NotFound`."""
        if self._where is None:
            self._where = {clip.id: track_id for track_id in self.tracks for clip in self.clips(track_id)}
        track_id = self._where.get(clip_id)
        if track_id is None:
            return self.before.track_of(clip_id).id
        return track_id

    def clip(self, clip_id: str) -> Clip:
        """Raises `NotFound`."""
        for clip in self.clips(self.track_of(clip_id)):
            if clip.id == clip_id:
                return clip
        raise NotFound("That clip is no longer on the timeline.", "Undo brings it back.")

    def chosen(self, clip_ids: Iterable[str], *, grouped: bool = True) -> dict[str, list[Clip]]:
        """Clips and, when `grouped`, those of their groups, in order, by track. Raises `RequestError` when a track of
        theirs is locked or when there are none, `NotFound`."""
        wanted = set(clip_ids)
        tracks = {track_id: self.clips(track_id) for track_id in self.tracks}
        if grouped:
            groups = {clip.group for clips in tracks.values() for clip in clips if clip.id in wanted} - {None}
            if groups:
                wanted |= {clip.id for clips in tracks.values() for clip in clips if clip.group in groups}
        found = {track_id: [clip for clip in clips if clip.id in wanted] for track_id, clips in tracks.items()}
        found = {track_id: clips for track_id, clips in found.items() if clips}
        if len(wanted) > sum(map(len, found.values())):
            raise NotFound("That clip is no longer on the timeline.", "Undo brings it back.")
        if not found:
            raise RequestError("No clip is selected.", "Select at least one.")
        for track_id in found:
            self.unlocked(track_id)
        return found

    # -- changing it

    def lay(self, track_id: str, clips: list[Clip]) -> None:
        """Let a track have these clips."""
        self.unlocked(track_id)
        self._clips[track_id] = clips
        self._where = None

    def swap(self, changed: dict[str, Clip]) -> None:
        """Other clips in the place of those with their ids."""
        for track_id in {self.track_of(clip_id) for clip_id in changed}:
            self.swap_on(track_id, changed)

    def swap_on(self, track_id: str, changed: Mapping[str, Clip]) -> None:
        """`swap` of one track's clips."""
        self.lay(track_id, [changed.get(clip.id, clip) for clip in self.clips(track_id)])

    def take_out(self, chosen: dict[str, list[Clip]]) -> None:
        for track_id, clips in chosen.items():
            gone = {clip.id for clip in clips}
            self.lay(track_id, [clip for clip in self.clips(track_id) if clip.id not in gone])

    def put_in(self, track_id: str, clips: Iterable[Clip]) -> None:
        self.lay(track_id, sorted([*self.clips(track_id), *clips], key=START))

    def spanning(self, track_id: str, at: int) -> Clip | None:
        """The clip that began before `at` and ends after it."""
        clips = self.clips(track_id)
        index = bisect_left(clips, at, key=START) - 1
        return clips[index] if index >= 0 and clips[index].end > at else None

    def starting(self, track_id: str, at: int) -> Clip | None:
        """The clip that begins there."""
        clips = self.clips(track_id)
        index = bisect_left(clips, at, key=START)
        return clips[index] if index < len(clips) and clips[index].start == at else None

    def next_start(self, track_id: str, at: int) -> int:
        """Where the next clip at `at` or later begins; beyond everything when there is none."""
        clips = self.clips(track_id)
        index = bisect_left(clips, at, key=START)
        return clips[index].start if index < len(clips) else LAST_MOMENT

    def split(self, track_id: str, at: int) -> int:
        """Cut the clip that spans `at` at its sample nearest to there, if it has one inside. Gives where the cut is,
        or `at` when there is none."""
        clip = self.spanning(track_id, at)
        if clip is None:
            return at
        media = self.medium(clip)
        sample = source.sample_near(clip, media, at - clip.start)
        if not 0 < sample < source.length(clip, media):
            return clip.start if sample <= 0 else clip.end
        left, right = source.halves(clip, media, sample, new_id())
        self._replace(track_id, clip, [left, right])
        return right.start

    def clear(self, track_id: str, start: int, end: int) -> int:
        """Cut away whatever a track has from `start` to `end`. Gives where the next sample of a clip that goes on
        begins: `end`, or up to a sample later."""
        clips = self.clips(track_id)
        first = max(0, bisect_right(clips, start, key=START) - 1)
        last = bisect_left(clips, end, key=START)
        goes_on = end
        for clip in [clip for clip in clips[first:last] if clip.end > start]:
            media = self.medium(clip)
            pieces: list[Clip] = []
            left = source.until(clip, media, start - clip.start) if clip.start < start else None
            if left is not None:
                pieces.append(replace(left, fade_out=NO_FADE))
            after = source.sample_after(clip, media, end - clip.start)
            if after < source.length(clip, media):
                pieces.append(source.halves(clip, media, after, new_id() if pieces else clip.id)[1])
                goes_on = pieces[-1].start
            self._replace(track_id, clip, pieces)
        return goes_on

    def ripple(
        self,
        shifts: Shifts,
        track_ids: Collection[str] | None = None,
        *,
        strict: Collection[str] = (),
        stay: Collection[str] = (),
    ) -> None:
        """Move what comes later: clips, automation, and, when all tracks (`None`) are meant, markers and the range.

        A clip that another one, which stays, is in the way of comes to stand behind that one; on `strict` tracks this
        is an error of `done`. `stay`: ids of clips that do not move.
        """
        if not shifts:
            return
        for track_id in self.open_tracks(track_ids):
            clips = self.clips(track_id)
            moves = shifts.moves(list(map(START, clips)))
            if stay:
                moves = [0 if clip.id in stay else by for clip, by in zip(clips, moves, strict=True)]
            if track_id not in strict:
                moves = _pushed(clips, moves)
            if any(moves):
                self.lay(track_id, source.moved_all(clips, moves))
            track = self.tracks[track_id]
            automation = shifts.automation(track.channel.automation)
            if automation is not track.channel.automation:
                self.tracks[track_id] = replace(track, channel=replace(track.channel, automation=automation))
        if track_ids is None:
            self._ripple_rest(shifts)

    def _ripple_rest(self, shifts: Shifts) -> None:
        line = self.timeline
        markers = tuple([one if shifts.place(one.at) == one.at else _at(one, shifts) for one in line.markers])
        automation = shifts.automation(line.master.automation)
        self.timeline = replace(
            line,
            markers=line.markers if markers == line.markers else markers,
            range=shifts.range(line.range),
            master=line.master if automation is line.master.automation else replace(line.master, automation=automation),
        )

    def _replace(self, track_id: str, clip: Clip, pieces: list[Clip]) -> None:
        """Pieces of a clip in its place. A transition at its end goes with the last of them."""
        clips = self.clips(track_id)
        index = bisect_left(clips, clip.start, key=START)
        self.lay(track_id, [*clips[:index], *pieces, *clips[index + 1 :]])
        if pieces and pieces[-1].id != clip.id:
            self.retarget(track_id, clip.id, pieces[-1].id)

    def retarget(self, track_id: str, old: str, new: str) -> None:
        """Let the transition that one clip of a track ends in be that of another."""
        track = self.unlocked(track_id)
        if any(one.left == old for one in track.transitions):
            linked = [replace(one, left=new) if one.left == old else one for one in track.transitions]
            self.set_transitions(track_id, linked)

    def set_transitions(self, track_id: str, transitions: Iterable[Transition]) -> None:
        self.tracks[track_id] = replace(self.unlocked(track_id), transitions=tuple(transitions))

    def cross(self, track_id: str, transitions: Sequence[Transition]) -> None:
        """New transitions on a track; earlier ones at their cuts go."""
        lefts, rights = {one.left for one in transitions}, {one.right for one in transitions}
        kept = [one for one in self.track(track_id).transitions if one.left not in lefts and one.right not in rights]
        self.set_transitions(track_id, [*kept, *transitions])

    def carry(self, transitions: Iterable[Transition], where: Mapping[str, str]) -> None:
        """Let transitions go to the tracks that now have their clips."""
        for one in transitions:
            for track_id, track in self.tracks.items():
                kept = tuple([other for other in track.transitions if other.id != one.id])
                if track_id == where[one.left] == where[one.right]:
                    kept = (*kept, one)
                if kept != track.transitions:
                    self.tracks[track_id] = replace(track, transitions=kept)

    def done(self) -> Project:
        """The project after the edit. Raises `RequestError` when it would not be a timeline."""
        tracks = [
            replace(track, clips=tuple(self._clips[track.id])) if track.id in self._clips else track
            for track in self.tracks.values()
        ]
        after = settled(self.before, replace(self.timeline, tracks=tuple(tracks)), self._media, self.placed)
        media = self.project.media
        if len(self._media) > len(media):
            media = tuple(self._media.values())
        if after == self.before and media is self.project.media:
            return self.project
        timelines = tuple([after if one.id == after.id else one for one in self.project.timelines])
        return replace(self.project, timelines=timelines, media=media)


def _at(marker: Marker, shifts: Shifts) -> Marker:
    return replace(marker, at=shifts.place(marker.at))


def _pushed(clips: Sequence[Clip], moves: list[int]) -> list[int]:
    """Moves that let no clip come to lie on the one before it."""
    pushed: list[int] = []
    end = 0
    for clip, by in zip(clips, moves, strict=True):
        start = max(clip.start + by, end)
        pushed.append(start - clip.start)
        end = start + clip.duration
    return pushed
