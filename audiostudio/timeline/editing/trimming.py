"""The ends of clips, and what they play: split, join, trim, roll, slip, slide.

Amounts are ticks and are brought to the samples of the clips' own media. The `…_limits` functions say between which
amounts an edit is possible; beyond, it raises a `RequestError`.
"""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.editing.invariants import LAST_MOMENT, clock
from audiostudio.timeline.editing.rippling import Shift, Shifts
from audiostudio.timeline.project import Media, Project, new_id
from audiostudio.timeline.tracks import Clip


class Edge(StrEnum):
    START = "start"
    END = "end"


def split(project: Project, timeline_id: str, at: int, clip_ids: Iterable[str] | None = None) -> Project:
    """Cut these clips (and their groups), or those of every unlocked track, in two at `at`.

    The pieces play exactly as the whole did. The left one keeps the id; the right pieces of a group are a group of
    their own. Raises `RequestError` when there is nothing to cut.
    """
    draft = Draft(project, timeline_id)
    if clip_ids is None:
        spanning = [(track_id, draft.spanning(track_id, at)) for track_id in draft.open_tracks()]
        clips = [(track_id, clip) for track_id, clip in spanning if clip is not None]
    else:
        chosen = draft.chosen(clip_ids)
        clips = [(track_id, clip) for track_id in chosen for clip in chosen[track_id] if clip.start < at < clip.end]
    cuts = [(track_id, clip, draft.split(track_id, at)) for track_id, clip in clips]
    if not any(clip.start < cut < clip.end for _, clip, cut in cuts):
        raise RequestError(f"There is no clip to split at {clock(at)}.", "Put the playhead on one.")
    groups: dict[str, str] = {}
    for track_id, clip, cut in cuts:
        right = draft.starting(track_id, cut)
        if clip.group is not None and clip.start < cut < clip.end and right is not None:
            draft.swap_on(track_id, {right.id: replace(right, group=groups.setdefault(clip.group, new_id()))})
    return draft.done()


def join(project: Project, timeline_id: str, clip_ids: Iterable[str]) -> Project:
    """Pieces of one medium that follow each other, on the timeline and in the medium, as one clip again.

    It keeps what the first piece has, and the fade out of the last. Raises `RequestError` when they do not belong
    together.
    """
    draft = Draft(project, timeline_id)
    for track_id, clips in draft.chosen(clip_ids, grouped=False).items():
        if len(clips) < 2:
            raise RequestError("One clip alone cannot be joined.", "Select the pieces that follow each other.")
        whole = clips[0]
        for clip in clips[1:]:
            whole = _joined(draft, whole, clip)
        last = clips[-1].id
        draft.take_out({track_id: clips})
        draft.put_in(track_id, [whole])
        draft.retarget(track_id, last, whole.id)
    return draft.done()


def trim(
    project: Project,
    timeline_id: str,
    clip_ids: Iterable[str],
    edge: Edge,
    by: int,
    *,
    ripple: bool = False,
    grouped: bool = True,
) -> Project:
    """Move one end of clips `by` ticks; clips of their groups whose end is at the same place go along.

    `ripple`: the clips keep their beginning, and what follows on every unlocked track moves with their end.
    Raises `RequestError` beyond `trim_limits`.
    """
    draft = Draft(project, timeline_id)
    _trim(draft, [(clip, by) for clip in _with_edge(draft, clip_ids, edge, grouped)], edge, ripple)
    return draft.done()


def trim_to(
    project: Project, timeline_id: str, clip_ids: Iterable[str], edge: Edge, at: int, *, ripple: bool = False
) -> Project:
    """Move one end of each clip to `at`, e.g. the playhead."""
    draft = Draft(project, timeline_id)
    clips = [clip for clips in draft.chosen(clip_ids, grouped=False).values() for clip in clips]
    _trim(draft, [(clip, at - _place(clip, edge)) for clip in clips], edge, ripple)
    return draft.done()


def trim_limits(
    project: Project, timeline_id: str, clip_ids: Iterable[str], edge: Edge, *, ripple: bool = False
) -> "Limits":
    """Between which amounts `trim` is possible: as far as the media go, up to the neighbours (without `ripple`), and
    with at least a sample left. Does not look at what a ripple runs into on other tracks."""
    draft = Draft(project, timeline_id)
    found = [_edge_limits(draft, clip, edge, ripple) for clip in _with_edge(draft, clip_ids, edge, True)]
    return Limits(max(one.least for one in found), min(one.most for one in found))


def roll(project: Project, timeline_id: str, left_id: str, right_id: str, by: int) -> Project:
    """Move the cut between two clips that touch: one gets longer by what the other gets shorter.

    Raises `RequestError` when they do not touch, and beyond `roll_limits`.
    """
    draft = Draft(project, timeline_id)
    left, right = _touching(draft, left_id, right_id)
    media = draft.medium(right)
    first = source.sample_near(right, media, by)
    if first >= source.length(right, media):
        raise too_far(draft, right)
    rolled = source.section(right, media, first, source.length(right, media))
    shorter = source.until(left, draft.medium(left), rolled.start - left.start)
    if shorter is None:
        raise too_far(draft, left)
    draft.swap({left.id: shorter, right.id: rolled})
    return draft.done()


def roll_limits(project: Project, timeline_id: str, left_id: str, right_id: str) -> "Limits":
    draft = Draft(project, timeline_id)
    left, right = _touching(draft, left_id, right_id)
    one, other = _edge_limits(draft, left, Edge.END, True), _edge_limits(draft, right, Edge.START, True)
    return Limits(max(one.least, other.least), min(one.most, other.most))


def slip(project: Project, timeline_id: str, clip_ids: Iterable[str], by: int) -> Project:
    """Let clips, and those of their groups, play what comes `by` ticks later in their media; they stay where they are.

    Raises `RequestError` beyond `slip_limits`.
    """
    draft = Draft(project, timeline_id)
    changed: dict[str, Clip] = {}
    for clip in sounding(draft, clip_ids):
        changed[clip.id] = replace(clip, source_start=clip.source_start + _samples(draft, clip, by))
    draft.swap(changed)
    return draft.done()


def slip_limits(project: Project, timeline_id: str, clip_ids: Iterable[str]) -> "Limits":
    draft = Draft(project, timeline_id)
    least, most = -LAST_MOMENT, LAST_MOMENT
    for clip in sounding(draft, clip_ids):
        media = draft.medium(clip)
        before, after = source.handles(clip, media)
        least = max(least, _ticks(clip, media, -(before or 0)))
        most = min(most, _ticks(clip, media, after or 0))
    return Limits(least, most)


def slide(project: Project, timeline_id: str, clip_id: str, by: int) -> Project:
    """Move a clip between the two that touch it: the one before gets longer, the one after shorter, or the reverse.

    Raises `RequestError` when neither touches it, and beyond `slide_limits`.
    """
    draft = Draft(project, timeline_id)
    before, clip, after = _neighbours(draft, clip_id)
    changed: dict[str, Clip] = {}
    if after is not None:
        media = draft.medium(after)
        first = source.sample_near(after, media, by)
        if first >= source.length(after, media):
            raise too_far(draft, after)
        changed[after.id] = source.section(after, media, first, source.length(after, media))
        by = changed[after.id].start - after.start
    if before is not None:
        shorter = source.until(before, draft.medium(before), before.duration + by)
        if shorter is None:
            raise too_far(draft, before)
        changed[before.id] = shorter
    changed[clip.id] = source.moved(clip, by)
    draft.placed.add(clip.id)
    draft.swap(changed)
    return draft.done()


def slide_limits(project: Project, timeline_id: str, clip_id: str) -> "Limits":
    draft = Draft(project, timeline_id)
    before, clip, after = _neighbours(draft, clip_id)
    least, most = _room(draft, clip)
    if before is not None:
        limits = _edge_limits(draft, before, Edge.END, True)
        least, most = limits.least, min(most if after is None else LAST_MOMENT, limits.most)
    if after is not None:
        limits = _edge_limits(draft, after, Edge.START, True)
        least, most = max(least, limits.least), min(most if before is not None else LAST_MOMENT, limits.most)
    return Limits(least, most)


class Limits(NamedTuple):
    """Both are possible; ticks."""

    least: int
    most: int

    def within(self, amount: int) -> int:
        """The nearest amount that is possible."""
        return max(self.least, min(amount, self.most))


def _place(clip: Clip, edge: Edge) -> int:
    return clip.start if edge == Edge.START else clip.end


def _with_edge(draft: Draft, clip_ids: Iterable[str], edge: Edge, grouped: bool) -> list[Clip]:
    """Clips, and those of their groups that have the same end."""
    wanted = draft.chosen(clip_ids, grouped=False)
    clips = [clip for clips in wanted.values() for clip in clips]
    if grouped and any(clip.group is not None for clip in clips):
        ends = {(clip.group, _place(clip, edge)) for clip in clips if clip.group is not None}
        every = [clip for clips in draft.chosen([clip.id for clip in clips]).values() for clip in clips]
        own = {clip.id for clip in clips}
        clips = [clip for clip in every if clip.id in own or (clip.group, _place(clip, edge)) in ends]
    return clips


def _trim(draft: Draft, amounts: list[tuple[Clip, int]], edge: Edge, ripple: bool) -> None:
    changed: dict[str, Clip] = {}
    shifts: dict[int, int] = {}
    for clip, by in amounts:
        media = draft.medium(clip)
        first, last = 0, source.length(clip, media)
        if edge == Edge.START:
            first = source.sample_near(clip, media, by)
        else:
            last = source.sample_near(clip, media, clip.duration + by)
        if first >= last:
            raise too_far(draft, clip)
        trimmed = source.section(clip, media, first, last)
        by = trimmed.duration - clip.duration
        if ripple:
            trimmed = source.moved(trimmed, clip.start - trimmed.start)
            shifts[clip.end] = max(by, shifts.get(clip.end, by))
        changed[clip.id] = trimmed
    draft.swap(changed)
    draft.ripple(Shifts(Shift(at, by) for at, by in shifts.items()))
    if not ripple:
        draft.placed |= changed.keys()


def _edge_limits(draft: Draft, clip: Clip, edge: Edge, ripple: bool) -> Limits:
    """`ripple`: neighbours are no limit."""
    media = draft.medium(clip)
    before, after = source.handles(clip, media)
    length = source.length(clip, media)
    room_before, room_after = (-LAST_MOMENT, LAST_MOMENT) if ripple else _room(draft, clip)
    if edge == Edge.START:
        reach = -LAST_MOMENT if before is None else source.offset_of(clip, media, -before)
        return Limits(max(reach, room_before), source.offset_of(clip, media, length - 1))
    reach = LAST_MOMENT if after is None else source.offset_of(clip, media, length + after) - clip.duration
    return Limits(source.offset_of(clip, media, 1) - clip.duration, min(reach, room_after))


def _room(draft: Draft, clip: Clip) -> tuple[int, int]:
    """How far a clip could go, earlier and later, until it meets another."""
    clips = draft.clips(draft.track_of(clip.id))
    index = next(i for i, one in enumerate(clips) if one.id == clip.id)
    before = clips[index - 1].end if index else 0
    after = clips[index + 1].start if index + 1 < len(clips) else LAST_MOMENT
    return before - clip.start, after - clip.end


def _neighbours(draft: Draft, clip_id: str) -> tuple[Clip | None, Clip, Clip | None]:
    """A clip with those that touch it. Raises `RequestError` when none does."""
    track_id = draft.track_of(clip_id)
    draft.unlocked(track_id)
    clip = draft.clip(clip_id)
    clips = draft.clips(track_id)
    before = next((one for one in clips if one.end == clip.start), None)
    after = next((one for one in clips if one.start == clip.end), None)
    if before is None and after is None:
        raise RequestError(f"No clip touches “{draft.name(clip)}”.", "Move it instead.")
    return before, clip, after


def _touching(draft: Draft, left_id: str, right_id: str) -> tuple[Clip, Clip]:
    """Two clips of one unlocked track, one ending where the other begins. Raises `RequestError`."""
    track_id = draft.track_of(left_id)
    draft.unlocked(track_id)
    left, right = draft.clip(left_id), draft.clip(right_id)
    if draft.track_of(right_id) != track_id or left.end != right.start:
        raise RequestError(
            f"“{draft.name(left)}” and “{draft.name(right)}” do not touch at {clock(left.end)}.", "Close the gap first."
        )
    return left, right


def sounding(draft: Draft, clip_ids: Iterable[str]) -> list[Clip]:
    """Clips and those of their groups, without pictures that stand still."""
    clips = [clip for clips in draft.chosen(clip_ids).values() for clip in clips]
    return [clip for clip in clips if not source.is_still(draft.medium(clip))]


def _samples(draft: Draft, clip: Clip, by: int) -> int:
    """`by` ticks in samples of the clip's medium, at its speed."""
    return (2 * by * clip.source_length + clip.duration) // (2 * clip.duration)


def _ticks(clip: Clip, media: Media, samples: int) -> int:
    """Samples of the clip's medium in ticks, at its speed, towards 0."""
    ticks = abs(samples) * clip.duration // clip.source_length
    return ticks if samples > 0 else -ticks


def _joined(draft: Draft, left: Clip, right: Clip) -> Clip:
    media = draft.medium(left)
    if left.media != right.media or left.end != right.start:
        raise RequestError(
            f"“{draft.name(left)}” and “{draft.name(right)}” do not follow each other at {clock(left.end)}.",
            "Only pieces of one medium that touch can be joined.",
        )
    still = source.is_still(media)
    if not still and left.source_start + left.source_length != right.source_start:
        raise RequestError(
            f"Something of “{media.name}” is missing at {clock(left.end)}.", "Only what was split joins."
        )
    length = left.source_length if still else left.source_length + right.source_length
    return replace(
        left,
        duration=left.duration + right.duration,
        source_length=length,
        envelope=source.joined_curves(left.envelope, right.envelope, left.duration),
        fade_out=right.fade_out,
    )


def too_far(draft: Draft, clip: Clip) -> RequestError:
    return RequestError(f"Nothing would be left of “{draft.name(clip)}” at {clock(clip.start)}.", "Delete it instead.")
