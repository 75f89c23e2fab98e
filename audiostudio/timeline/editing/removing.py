"""Clips and ranges of time go away, with or without closing up what they leave."""

from collections.abc import Collection, Iterable

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.editing.rippling import Shift, Shifts
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.tracks import Clip, Gap, Range


def remove(
    project: Project, timeline_id: str, clip_ids: Iterable[str], *, ripple: bool = False, grouped: bool = True
) -> Project:
    """Without these clips and those of their groups.

    `ripple`: what comes later on every unlocked track moves up by the time that they took; what only spans the place
    stays, and what it is in the way of stands behind it. Raises `RequestError` when a track is locked.
    """
    draft = Draft(project, timeline_id)
    chosen = draft.chosen(clip_ids, grouped=grouped)
    draft.take_out(chosen)
    if ripple:
        spans = united(Range(clip.start, clip.end) for clips in chosen.values() for clip in clips)
        draft.ripple(Shifts(Shift(span.end, span.start - span.end) for span in spans))
    return draft.done()


def remove_ranges(
    project: Project,
    timeline_id: str,
    ranges: Iterable[Range],
    track_ids: Collection[str] | None = None,
    *,
    ripple: bool = True,
) -> Project:
    """Cut these ranges out of the tracks (None: of all that are not locked), through whatever lies there.

    `ripple`: what comes later on every unlocked track moves up, also on those that nothing was cut out of; there,
    what only spans a range stays, and what it is in the way of stands behind it. Cuts lie at samples of the clips, so
    a range may get longer by less than one.
    """
    draft = Draft(project, timeline_id)
    for track_id in track_ids or ():
        draft.unlocked(track_id)
    shifts: list[Shift] = []
    tracks = draft.open_tracks(track_ids)
    for span in reversed(united(ranges)):
        goes_on = max((draft.clear(track_id, span.start, span.end) for track_id in tracks), default=span.end)
        end = min([goes_on, *(draft.next_start(track_id, span.end) for track_id in draft.open_tracks())])
        shifts.append(Shift(span.end, span.start - end))
    if ripple:
        draft.ripple(Shifts(shifts))
    return draft.done()


def remove_range(
    project: Project,
    timeline_id: str,
    start: int,
    end: int,
    track_ids: Collection[str] | None = None,
    *,
    ripple: bool = True,
) -> Project:
    """See `remove_ranges`."""
    return remove_ranges(project, timeline_id, [Range(start, end)], track_ids, ripple=ripple)


def remove_sound(
    project: Project,
    timeline_id: str,
    clip_ids: Iterable[str],
    spans: Collection[tuple[int, int]],
    *,
    ripple: bool = True,
) -> Project:
    """Cut what clips play of these spans of their media (samples, half-open: words, silences) out of them, and the same
    time out of the clips of their groups, on whatever tracks those are.

    Raises `RequestError` when the clips play nothing of the spans, or when a track is locked.
    """
    draft = Draft(project, timeline_id)
    ranges = [
        span
        for clips in draft.chosen(clip_ids, grouped=False).values()
        for clip in clips
        for span in heard(clip, draft.medium(clip), spans)
    ]
    if not ranges:
        raise RequestError("The clips play nothing of what is to go.", "Select those that do.")
    return remove_ranges(project, timeline_id, ranges, [*draft.chosen(clip_ids)], ripple=ripple)


def heard(clip: Clip, media: Media, spans: Iterable[tuple[int, int]]) -> list[Range]:
    """When a clip plays spans of its medium (samples, half-open), as far as it does."""
    found: list[Range] = []
    for first, last in spans:
        begin = max(first - clip.source_start, 0)
        end = min(last - clip.source_start, clip.source_length)
        if begin < end and not source.is_still(media):
            start = clip.start + source.offset_of(clip, media, begin)
            found.append(Range(start, clip.start + source.offset_of(clip, media, end)))
    return found


def close_gap(project: Project, timeline_id: str, track_id: str, at: int, *, everywhere: bool = True) -> Project:
    """Close the gap of a track that `at` lies in: what comes later moves up, on every unlocked track or only there.

    Raises `RequestError` when there is a clip, or nothing after the gap.
    """
    draft = Draft(project, timeline_id)
    draft.unlocked(track_id)
    gap = gap_at(draft.clips(track_id), at)
    if gap is None:
        raise RequestError("There is no gap to close.", "Choose the space between two clips.")
    draft.ripple(Shifts([Shift(gap.end, -gap.duration)]), None if everywhere else [track_id])
    return draft.done()


def close_gaps(project: Project, timeline_id: str, track_ids: Collection[str] | None = None) -> Project:
    """Let the clips of each of these tracks (None: of all that are not locked) follow each other without gaps, from
    where the first begins. Other tracks stay."""
    draft = Draft(project, timeline_id)
    for track_id in track_ids or ():
        draft.unlocked(track_id)
    for track_id in draft.open_tracks(track_ids):
        gaps = [item for item in draft.track(track_id).items() if isinstance(item, Gap) and item.start > 0]
        draft.ripple(Shifts(Shift(gap.end, -gap.duration) for gap in gaps), [track_id])
    return draft.done()


def gap_at(clips: Iterable[Clip], at: int) -> Gap | None:
    """The gap of a track's clips that `at` lies in."""
    end = 0
    for clip in clips:
        if end <= at < clip.start:
            return Gap(end, clip.start - end)
        if clip.start <= at < clip.end:
            return None
        end = clip.end
    return None


def united(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in order, those that overlap or touch as one; without empty ones."""
    found: list[Range] = []
    for one in sorted(ranges):
        if one.end <= one.start:
            continue
        if found and one.start <= found[-1].end:
            found[-1] = Range(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(Range(*one))
    return found
