"""Clips come to stand somewhere: add, insert, overwrite, lay over, move, nudge, duplicate."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.draft import START, Draft
from audiostudio.timeline.editing.invariants import clock, medium
from audiostudio.timeline.editing.overlapping import lay_over
from audiostudio.timeline.editing.rippling import Shift, Shifts
from audiostudio.timeline.project import Media, Project, new_id
from audiostudio.timeline.tracks import Clip, Track, TrackKind, Transition


class Mode(StrEnum):
    """What becomes of clips that are where others are put."""

    FREE = "free"
    """They stay: the edit is refused where it finds no room."""
    OVERWRITE = "overwrite"
    """What is underneath is cut away."""
    CROSSFADE = "crossfade"
    """As overwriting; over the end or the beginning of another clip both pass into each other."""
    INSERT = "insert"
    """They, and whatever comes later on every unlocked track, make room; a clip that spans the place on the same
    track is split there, on other tracks it stays."""


Placement = tuple[str, Clip]
"""A track's id and a clip that stands where it is to be."""


def add_media(project: Project, media: Iterable[Media]) -> Project:
    """With these media; those that the project has already stay as they are."""
    known = {one.id for one in project.media}
    new = tuple([medium(one) for one in media if one.id not in known])
    return replace(project, media=project.media + new) if new else project


def clip_of(
    media: Media, at: int = 0, *, first: int = 0, last: int | None = None, duration: int | None = None, **fields: Any
) -> Clip:
    """A new clip that plays `media` from sample `first` to `last` (half-open; None: to its end) at tick `at`.

    A still picture lasts `duration` ticks. `fields`: anything else that a `Clip` has. Raises `RequestError` for a
    medium that has no sound.
    """
    if source.is_still(media):
        if duration is None or duration < 1:
            raise RequestError(f"“{media.name}” is a picture without a length.", "Say how long it is to be shown.")
        return Clip(new_id(), media.id, at, duration, 0, 1, **fields)
    samples = (media.samples if last is None else last) - first
    if media.samples < 1 or samples < 1:
        raise RequestError(f"“{media.name}” has no length: there is nothing to play.", "Choose another file.")
    return Clip(new_id(), media.id, at, duration or source.natural(samples, media), first, samples, **fields)


def place(
    project: Project,
    timeline_id: str,
    placements: Sequence[Placement],
    mode: Mode = Mode.OVERWRITE,
    *,
    media: Iterable[Media] = (),
    tracks: Sequence[Track] = (),
) -> Project:
    """New clips, where each says. `media`: what they play, as far as the project lacks it; `tracks`: new ones that
    are made for them, at the bottom.

    Raises `RequestError` when a track is locked, when there is no room (`Mode.FREE`), or when a clip cannot be.
    """
    draft = Draft(project, timeline_id)
    draft.add_media(media)
    draft.tracks |= {track.id: track for track in tracks}
    put(draft, placements, mode)
    return draft.done()


def insert(
    project: Project, timeline_id: str, track_id: str, clips: Sequence[Clip], at: int, *, media: Iterable[Media] = ()
) -> Project:
    """The first of `clips` at `at`, the others at their distances from it; what comes later makes room."""
    return place(project, timeline_id, _from(clips, track_id, at), Mode.INSERT, media=media)


def overwrite(
    project: Project, timeline_id: str, track_id: str, clips: Sequence[Clip], at: int, *, media: Iterable[Media] = ()
) -> Project:
    """The first of `clips` at `at`, the others at their distances from it; what is underneath is cut away."""
    return place(project, timeline_id, _from(clips, track_id, at), Mode.OVERWRITE, media=media)


def move(
    project: Project,
    timeline_id: str,
    clip_ids: Iterable[str],
    by: int = 0,
    *,
    down: int = 0,
    mode: Mode = Mode.OVERWRITE,
    ripple: bool = False,
    grouped: bool = True,
) -> Project:
    """Clips, and those of their groups, `by` ticks later and `down` tracks further down (below 0: up).

    `ripple`: with `Mode.INSERT` the place they leave is closed; else everything after the first of them moves along.
    Raises `RequestError` when a track is locked or none is there, or when there is no room.
    """
    draft = Draft(project, timeline_id)
    chosen = draft.chosen(clip_ids, grouped=grouped)
    if ripple and mode != Mode.INSERT and not down:
        at = min(clips[0].start for clips in chosen.values())
        draft.placed |= {clip.id for clips in chosen.values() for clip in clips}
        draft.ripple(Shifts([Shift(at, by)]), strict=chosen)
        return draft.done()
    order = [track.id for track in draft.before.tracks]
    targets = {track_id: _track_at(draft, order.index(track_id) + down, track_id) for track_id in chosen}
    links = [one for track_id in chosen for one in draft.track(track_id).transitions]
    draft.take_out(chosen)
    if mode == Mode.INSERT:
        by = _lift(draft, chosen, by, ripple)
    placements = [(targets[track_id], source.moved(clip, by)) for track_id, clips in chosen.items() for clip in clips]
    put(draft, placements, mode)
    if down:
        where = {clip.id: track_id for track_id, clip in placements}
        draft.carry([one for one in links if one.left in where and one.right in where], where)
    return draft.done()


def nudge(project: Project, timeline_id: str, clip_ids: Iterable[str], by: int) -> Project:
    """Clips a little earlier or later, as far as there is room. Raises `RequestError` when there is none."""
    return move(project, timeline_id, clip_ids, by, mode=Mode.FREE)


def duplicate(
    project: Project, timeline_id: str, clip_ids: Iterable[str], mode: Mode = Mode.INSERT, *, times: int = 1
) -> Project:
    """Copies of clips, and of their groups, right behind them, each as far behind the one before as they last."""
    draft = Draft(project, timeline_id)
    chosen = draft.chosen(clip_ids)
    clips = [clip for clips in chosen.values() for clip in clips]
    start, end = min(clip.start for clip in clips), max(clip.end for clip in clips)
    placements = [
        placement
        for number in range(1, times + 1)
        for placement in copies([(track, clip) for track in chosen for clip in chosen[track]], number * (end - start))
    ]
    put(draft, placements, mode)
    return draft.done()


def copies(placements: Iterable[Placement], by: int) -> list[Placement]:
    """New clips like these, `by` ticks later; groups of theirs are groups of their own."""
    groups: dict[str, str] = {}
    made = []
    for track_id, clip in placements:
        group = None if clip.group is None else groups.setdefault(clip.group, new_id())
        made.append((track_id, replace(clip, id=new_id(), start=clip.start + by, group=group)))
    return made


def put(draft: Draft, placements: Sequence[Placement], mode: Mode) -> None:
    """Clips into a draft, where each says."""
    if not placements:
        raise RequestError("There is nothing to put on the timeline.", "Choose at least one clip.")
    lanes: dict[str, list[Clip]] = {}
    for track_id, clip in placements:
        draft.medium(clip)
        draft.unlocked(track_id)
        lanes.setdefault(track_id, []).append(clip)
    if mode == Mode.INSERT:
        _make_room(draft, lanes)
    for track_id, clips in lanes.items():
        crossfades: list[Transition] = []
        for number, clip in enumerate(clips):
            if mode == Mode.OVERWRITE:
                draft.clear(track_id, clip.start, clip.end)
            elif mode == Mode.CROSSFADE:
                clips[number], made = lay_over(draft, track_id, clip)
                crossfades += made
            elif mode == Mode.FREE:
                _require_room(draft, track_id, clip)
        draft.put_in(track_id, clips)
        draft.placed |= {clip.id for clip in clips}
        if crossfades:
            draft.cross(track_id, crossfades)


def _make_room(draft: Draft, lanes: dict[str, list[Clip]]) -> None:
    """As long as the clips last, where the first of them begins. They are moved to the cut that is made there."""
    at = min(clip.start for clips in lanes.values() for clip in clips)
    end = max(clip.end for clips in lanes.values() for clip in clips)
    cuts = [draft.split(track_id, at) for track_id in lanes]
    if len(lanes) == 1:
        lanes.update({track_id: [source.moved(clip, cuts[0] - at) for clip in lanes[track_id]] for track_id in lanes})
        draft.ripple(Shifts([Shift(cuts[0], end - at)]))
        return
    # Cuts of several tracks lie up to a sample apart: room for the earliest of them is room for all.
    draft.ripple(Shifts([Shift(min(cuts), end - min(cuts))]))


def _require_room(draft: Draft, track_id: str, clip: Clip) -> None:
    for other in draft.clips(track_id):
        if other.start < clip.end and clip.start < other.end:
            raise RequestError(
                f"There is no room for “{draft.name(clip)}” on “{draft.track(track_id).name}” at {clock(clip.start)}.",
                "Choose to overwrite or to insert, or another place.",
            )


def _lift(draft: Draft, chosen: dict[str, list[Clip]], by: int, close: bool) -> int:
    """Close the place that clips left, if asked. Gives how far they are to move then."""
    if not close:
        return by
    clips = [clip for clips in chosen.values() for clip in clips]
    start, end = min(clip.start for clip in clips), max(clip.end for clip in clips)
    draft.ripple(Shifts([Shift(end, start - end)]))
    target = start + by
    return by - (end - start) if target >= end else max(by, -start) if target < start else 0


def _track_at(draft: Draft, index: int, from_id: str) -> str:
    tracks = draft.before.tracks
    if not 0 <= index < len(tracks):
        raise RequestError("There is no track for the clips there.", "Add a track first, or move them less far.")
    if tracks[index].kind != draft.track(from_id).kind:
        kinds = {TrackKind.AUDIO.value: "sound", TrackKind.PICTURE.value: "pictures"}
        kind = kinds.get(tracks[index].kind, tracks[index].kind)
        raise RequestError(f"The track “{tracks[index].name}” is for {kind}.", "Choose one of the clips' own kind.")
    return draft.unlocked(tracks[index].id).id


def _from(clips: Sequence[Clip], track_id: str, at: int) -> list[Placement]:
    first = min((clip.start for clip in clips), default=0)
    return [(track_id, source.moved(clip, at - first)) for clip in sorted(clips, key=START)]
