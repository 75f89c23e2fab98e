"""Markers, the range between the in and the out point, and beats."""

from collections.abc import Collection
from dataclasses import replace

from audiostudio.errors import NotFound, RequestError
from audiostudio.timeline.editing.anchors import line_starts
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.editing.invariants import LAST_MOMENT
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Anchor, Marker, Range, Tempo

SLOWEST, FASTEST = 20.0, 400.0
"""Beats a minute."""
LONGEST_BAR = 32
"""Beats."""


def add_marker(project: Project, timeline_id: str, marker: Marker) -> Project:
    """Raises `RequestError` when it lies outside of the timeline or its id is taken."""
    draft = Draft(project, timeline_id)
    if any(one.id == marker.id for one in draft.before.markers):
        raise RequestError("That marker is already there.", "Add it under a new id.")
    draft.placed.add(marker.id)
    draft.timeline = replace(draft.timeline, markers=(*draft.timeline.markers, marker))
    return draft.done()


def set_marker(project: Project, timeline_id: str, marker: Marker) -> Project:
    """`marker` in the place of the one with its id: also moves it, renames it, makes a chapter of it."""
    draft = Draft(project, timeline_id)
    _require(draft, {marker.id})
    draft.placed.add(marker.id)
    markers = tuple([marker if one.id == marker.id else one for one in draft.timeline.markers])
    draft.timeline = replace(draft.timeline, markers=markers)
    return draft.done()


def remove_markers(project: Project, timeline_id: str, marker_ids: Collection[str]) -> Project:
    draft = Draft(project, timeline_id)
    _require(draft, set(marker_ids))
    kept = tuple([one for one in draft.timeline.markers if one.id not in marker_ids])
    draft.timeline = replace(draft.timeline, markers=kept)
    return draft.done()


def anchor(project: Project, timeline_id: str, item_id: str, line_id: str | None) -> Project:
    """Let a marker or a clip, where it is now, move with a line of the script; None: with none.

    Raises `RequestError` when the line has no clip on the timeline, or when the clip speaks a line itself.
    """
    draft = Draft(project, timeline_id)
    starts = line_starts(draft.before.tracks)
    if line_id is not None and line_id not in starts:
        raise RequestError("That line is not on the timeline yet.", "Make its speech first.")
    marker = next((one for one in draft.before.markers if one.id == item_id), None)
    if marker is not None:
        link = None if line_id is None else Anchor(line_id, marker.at - starts[line_id])
        return set_marker(project, timeline_id, replace(marker, anchor=link))
    clip = draft.clip(item_id)
    if clip.line is not None:
        raise RequestError("A clip of speech moves with its own line.", "Anchor another clip to it.")
    link = None if line_id is None else Anchor(line_id, clip.start - starts[line_id])
    draft.placed.add(item_id)
    draft.swap({item_id: replace(clip, anchor=link)})
    return draft.done()


def set_range(project: Project, timeline_id: str, range_: Range | None) -> Project:
    """From the in point to the out point; None: everything. Raises `RequestError` when it is empty."""
    if range_ is not None and not 0 <= range_.start < range_.end:
        raise RequestError("The out point lies before the in point.", "Set the out point after it.")
    draft = Draft(project, timeline_id)
    draft.timeline = replace(draft.timeline, range=range_)
    return draft.done()


def set_tempo(project: Project, timeline_id: str, tempo: Tempo | None) -> Project:
    """The beats of a timeline; None: it has none. Raises `RequestError` for a tempo that nobody plays."""
    check_tempo(tempo)
    draft = Draft(project, timeline_id)
    draft.timeline = replace(draft.timeline, tempo=tempo)
    return draft.done()


def check_tempo(tempo: Tempo | None) -> None:
    """Raises `RequestError` for a tempo that nobody plays."""
    if tempo is None:
        return
    if not SLOWEST <= tempo.bpm <= FASTEST:
        raise RequestError(f"A tempo lies between {SLOWEST:g} and {FASTEST:g} beats a minute.", "Give another one.")
    if not (1 <= tempo.bar <= LONGEST_BAR and 0 <= tempo.first <= LAST_MOMENT):
        raise RequestError(
            f"A bar has 1 to {LONGEST_BAR} beats, and the first of them lies on the timeline.", "Choose others."
        )


def _require(draft: Draft, marker_ids: set[str]) -> None:
    if not marker_ids <= {one.id for one in draft.before.markers}:
        raise NotFound("That marker is no longer on the timeline.", "Undo brings it back.")
