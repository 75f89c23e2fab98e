"""How fast clips play, and at which pitch."""

from collections.abc import Iterable
from dataclasses import replace

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.editing.rippling import Shift, Shifts
from audiostudio.timeline.editing.trimming import Edge, sounding, too_far
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Clip


def set_speed(
    project: Project,
    timeline_id: str,
    clip_ids: Iterable[str],
    speed: float,
    *,
    ripple: bool = False,
) -> Project:
    """Play clips, and those of their groups, at `speed` (0.25…4; 1 is as recorded) from the same beginning.

    `ripple`: what follows on every unlocked track moves with their end. Raises `RequestError` for another speed, or
    when a longer clip finds no room.
    """
    if not source.SLOWEST <= speed <= source.FASTEST:
        raise RequestError(
            f"A clip plays at {source.SLOWEST:g} to {source.FASTEST:g} times its speed.", "Give a speed between them."
        )
    draft = Draft(project, timeline_id)
    lengths = {}
    for clip in sounding(draft, clip_ids):
        natural = source.natural(clip.source_length, draft.medium(clip))
        lengths[clip.id] = natural if speed == 1 else max(1, round(natural / speed))
    _stretch(draft, lengths, ripple)
    return draft.done()


def stretch(
    project: Project, timeline_id: str, clip_id: str, duration: int, edge: Edge = Edge.END, *, ripple: bool = False
) -> Project:
    """Let a clip last `duration` ticks by playing it faster or slower; `edge` is the end that moves.

    Raises `RequestError` when it would play at less than 0.25 or more than 4 times its speed, or finds no room.
    """
    draft = Draft(project, timeline_id)
    (clip,) = (clip for clips in draft.chosen([clip_id], grouped=False).values() for clip in clips)
    if duration < 1:
        raise too_far(draft, clip)
    _stretch(draft, {clip.id: duration}, ripple)
    if edge == Edge.START and not ripple:
        draft.swap({clip.id: source.moved(draft.clip(clip.id), clip.duration - duration)})
        draft.placed.add(clip.id)
    return draft.done()


def set_pitch(project: Project, timeline_id: str, clip_ids: Iterable[str], semitones: float) -> Project:
    """Transpose clips, −24…24 semitones, without changing their length."""
    draft = Draft(project, timeline_id)
    clips = [clip for clips in draft.chosen(clip_ids, grouped=False).values() for clip in clips]
    draft.swap({clip.id: replace(clip, pitch=semitones) for clip in clips})
    return draft.done()


def _stretch(draft: Draft, lengths: dict[str, int], ripple: bool) -> None:
    shifts: dict[int, int] = {}
    changed: dict[str, Clip] = {}
    for clip_id, duration in lengths.items():
        clip = draft.clip(clip_id)
        changed[clip_id] = source.stretched(clip, duration)
        by = duration - clip.duration
        shifts[clip.end] = max(by, shifts.get(clip.end, by))
    draft.swap(changed)
    if ripple:
        draft.ripple(Shifts(Shift(at, by) for at, by in shifts.items()))
