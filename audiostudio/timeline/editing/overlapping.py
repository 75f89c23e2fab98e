"""Clips laid over the end or the beginning of others, so that both pass into each other where they overlap.

The cut comes to lie in the middle, at a sample of the later clip; what each of them had beyond it is what the crossfade
passes over with. Both are heard where they were.
"""

from dataclasses import replace

from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.project import new_id
from audiostudio.timeline.tracks import NO_FADE, Clip, Transition


def lay_over(draft: Draft, track_id: str, clip: Clip) -> tuple[Clip, list[Transition]]:
    """Make room for `clip`, which is not on the track yet. Gives what of it is to be put there, and its crossfades.

    A clip that lies under all of it, or that it lies under all of, is cut away where it is.
    """
    before, after = draft.spanning(track_id, clip.start), draft.spanning(track_id, clip.end)
    if before is not None and before.end >= clip.end:
        before = None
    if after is not None and after.start <= clip.start:
        after = None
    made: list[Transition] = []
    first = clip.start if before is None else before.end
    last = clip.end if after is None else after.start
    if first < last:
        draft.clear(track_id, first, last)
    if before is not None:
        clip = _over(draft, track_id, before, clip, made)[1]
    if after is not None:
        clip = _over(draft, track_id, clip, after, made)[0]
    return clip, made


def _over(draft: Draft, track_id: str, left: Clip, right: Clip, made: list[Transition]) -> tuple[Clip, Clip]:
    """Both, up to a cut between them; the one that is on the track already is changed there."""
    lying = {one.id for one in draft.clips(track_id)}
    media = draft.medium(right)
    length = source.length(right, media)
    middle = source.sample_near(right, media, (left.end - right.start) // 2)
    later = source.section(right, media, middle, length) if 0 < middle < length else None
    earlier = None if later is None else source.until(left, draft.medium(left), later.start - left.start)
    if later is None or earlier is None:
        draft.clear(track_id, right.start, left.end)
        return left, right
    made.append(Transition(new_id(), left.id, right.id, later.start - right.start, left.end - later.start))
    earlier, later = replace(earlier, fade_out=NO_FADE), replace(later, fade_in=NO_FADE)
    changed = {one.id: one for one in (earlier, later) if one.id in lying}
    draft.swap_on(track_id, changed)
    draft.placed |= changed.keys()
    return earlier, later
