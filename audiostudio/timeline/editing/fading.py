"""How clips begin, end and pass into each other: fades and crossfades."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import pairwise

from audiostudio.errors import RequestError
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.editing.invariants import clock, transition_limits
from audiostudio.timeline.project import Project, new_id
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Fade, Shape, Track, Transition

CROSSFADE = TICKS
"""A second."""


def set_fades(
    project: Project,
    timeline_id: str,
    clip_ids: Iterable[str],
    *,
    fade_in: Fade | None = None,
    fade_out: Fade | None = None,
) -> Project:
    """Fades of clips; None leaves one as it is. One that is longer than its clip is made as long as that, and the
    other one shorter where both would meet."""
    draft = Draft(project, timeline_id)
    for fade in (fade_in, fade_out):
        if fade is not None and (fade.length < 0 or fade.shape not in list(Shape)):
            raise RequestError("A fade lasts 0 ticks or more and has one of the known shapes.", "Choose another.")
    changed: dict[str, Clip] = {}
    for clips in draft.chosen(clip_ids, grouped=False).values():
        for clip in clips:
            into, out = fade_in or clip.fade_in, fade_out or clip.fade_out
            into = into._replace(length=min(into.length, clip.duration))
            out = out._replace(length=min(out.length, clip.duration))
            if fade_out is not None:
                into = into._replace(length=min(into.length, clip.duration - out.length))
            changed[clip.id] = replace(clip, fade_in=into, fade_out=out)
    draft.swap(changed)
    return draft.done()


def crossfade(
    project: Project,
    timeline_id: str,
    left_id: str,
    right_id: str,
    length: int = CROSSFADE,
    shape: str = Shape.EQUAL_POWER,
) -> Project:
    """Let one clip pass into the next over the cut between them, or change how it does.

    It lies half before the cut and half after it, as far as the media have something there: where one side has too
    little, the other takes more. Raises `RequestError` when the clips do not touch, or when neither medium has
    anything beyond the cut.
    """
    draft = Draft(project, timeline_id)
    track = draft.unlocked(draft.track_of(left_id))
    left, right = draft.clip(left_id), draft.clip(right_id)
    if draft.track_of(right_id) != track.id or left.end != right.start:
        raise RequestError(f"The clips do not touch at {clock(left.end)}.", "Close the gap between them first.")
    made = _crossfades(draft, track, [(left, right)], length, shape)
    if not made:
        raise RequestError(
            f"Nothing of “{draft.name(left)}” or “{draft.name(right)}” is left beyond the cut at {clock(left.end)}.",
            "Shorten the clips at the cut first, so that they have something to pass over with.",
        )
    draft.set_transitions(track.id, made)
    return draft.done()


def crossfade_all(
    project: Project,
    timeline_id: str,
    clip_ids: Iterable[str],
    length: int = CROSSFADE,
    shape: str = Shape.EQUAL_POWER,
) -> Project:
    """A crossfade at every cut between these clips that touch and have something beyond it. Raises `RequestError`
    when there is none."""
    draft = Draft(project, timeline_id)
    found = False
    for track_id, clips in draft.chosen(clip_ids, grouped=False).items():
        pairs = [(left, right) for left, right in pairwise(clips) if left.end == right.start]
        made = _crossfades(draft, draft.track(track_id), pairs, length, shape)
        if made:
            draft.set_transitions(track_id, made)
            found = True
    if not found:
        raise RequestError("No two of the clips can pass into each other.", "Select clips that touch.")
    return draft.done()


def set_transition(
    project: Project,
    timeline_id: str,
    transition_id: str,
    *,
    in_offset: int | None = None,
    out_offset: int | None = None,
    shape: str | None = None,
) -> Project:
    """How far a transition reaches before and after its cut, in ticks, and its shape; None leaves it. It is made
    shorter where the clips or their media are. Raises `RequestError` when there is no such transition."""
    if shape is not None and shape not in list(Shape):
        raise RequestError("There is no such shape.", "Choose another.")
    draft = Draft(project, timeline_id)
    track_id, one = _transition(draft, transition_id)
    changed = replace(
        one,
        in_offset=one.in_offset if in_offset is None else in_offset,
        out_offset=one.out_offset if out_offset is None else out_offset,
        shape=shape or one.shape,
    )
    draft.set_transitions(track_id, [changed if other is one else other for other in draft.track(track_id).transitions])
    return draft.done()


def remove_transitions(project: Project, timeline_id: str, transition_ids: Collection[str]) -> Project:
    """Plain cuts instead of these transitions."""
    draft = Draft(project, timeline_id)
    for transition_id in transition_ids:
        track_id, one = _transition(draft, transition_id)
        draft.set_transitions(track_id, [other for other in draft.track(track_id).transitions if other is not one])
    return draft.done()


def _crossfades(
    draft: Draft, track: Track, pairs: Iterable[tuple[Clip, Clip]], length: int, shape: str
) -> list[Transition]:
    """A track's transitions with one at each of these cuts that has something beyond it; empty when none has."""
    if length < 1 or shape not in list(Shape):
        raise RequestError("A crossfade lasts at least one tick and has one of the known shapes.", "Choose another.")
    known = {(one.left, one.right): one for one in track.transitions}
    found = False
    for left, right in pairs:
        into, out = transition_limits(left, right, draft.medium(left), draft.medium(right))
        if into + out > 0:
            cut = (left.id, right.id)
            before = min(into, max(length // 2, length - out))
            known[cut] = Transition(
                known[cut].id if cut in known else new_id(), *cut, before, min(out, length - before), shape
            )
            found = True
    return list(known.values()) if found else []


def _transition(draft: Draft, transition_id: str) -> tuple[str, Transition]:
    for track in draft.tracks.values():
        for one in track.transitions:
            if one.id == transition_id:
                return draft.unlocked(track.id).id, one
    raise RequestError("That crossfade is no longer on the timeline.", "Undo brings it back.")
