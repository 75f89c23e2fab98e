"""Clips on their way from one place, timeline or project to another."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.editing.placing import Mode, Placement, copies, put
from audiostudio.timeline.editing.removing import remove
from audiostudio.timeline.project import Media, Project, new_id
from audiostudio.timeline.schema import Extra, Notes, SchemaError, decode, encode, stored
from audiostudio.timeline.tracks import Timeline, Track, Transition
from audiostudio.timeline.validation import check_timeline

LARGEST = 64 * 2**20
"""Characters of a fragment as text."""


@stored("Fragment", 1)
@dataclass(frozen=True, slots=True)
class Fragment:
    """Clips that were copied, with what they play: plain data that any project can take."""

    tracks: tuple[Track, ...]
    """Those that the clips came from, from top to bottom, with only these clips and the transitions between them;
    the first clip begins at 0."""
    media: tuple[Media, ...]
    extra: Extra = ()

    @property
    def duration(self) -> int:
        """Ticks."""
        return max((track.end for track in self.tracks), default=0)

    def to_text(self) -> str:
        """For the system's clipboard: JSON, ASCII only, as names may hold what no encoding takes."""
        return json.dumps(encode(self), allow_nan=False)

    @staticmethod
    def from_text(text: str) -> "Fragment":
        """Raises `RequestError` when `text` is something else."""
        try:
            if len(text) > LARGEST:
                raise SchemaError("too large")
            notes = Notes()
            fragment: Fragment = decode(Fragment, json.loads(text), notes)
            check_timeline(Timeline("", "", fragment.tracks), {one.id: one for one in fragment.media})
        except (ValueError, RecursionError, RequestError) as error:
            raise RequestError("The clipboard holds no clips.", "Copy some on a timeline first.") from error
        if notes.newer:
            raise RequestError("The clips were copied in a newer Audio Studio.", "Update Audio Studio.")
        return fragment


def copy(project: Project, timeline_id: str, clip_ids: Iterable[str]) -> Fragment:
    """These clips and those of their groups, also from locked tracks. Raises `RequestError` when there are none."""
    timeline = project.timeline(timeline_id)
    wanted = set(clip_ids)
    groups = {clip.group for clip in timeline.clips() if clip.id in wanted} - {None}
    wanted |= {clip.id for clip in timeline.clips() if clip.group in groups}
    start = min((clip.start for clip in timeline.clips() if clip.id in wanted), default=None)
    if start is None:
        raise RequestError("No clip is selected.", "Select at least one.")
    tracks = []
    for track in timeline.tracks:
        clips = tuple([source.moved(clip, -start) for clip in track.clips if clip.id in wanted])
        between = tuple([one for one in track.transitions if {one.left, one.right} <= wanted])
        if clips:
            tracks.append(Track(track.id, track.name, track.kind, track.content, clips, between))
    used = {clip.media for track in tracks for clip in track.clips}
    return Fragment(tuple(tracks), tuple([one for one in project.media if one.id in used]))


def cut(project: Project, timeline_id: str, clip_ids: Iterable[str], *, ripple: bool = False) -> Project:
    """Without the clips that `copy` gives for these; take the fragment first. See `removing.remove`."""
    return remove(project, timeline_id, clip_ids, ripple=ripple)


def paste(
    project: Project,
    timeline_id: str,
    fragment: Fragment,
    at: int,
    track_id: str | None = None,
    mode: Mode = Mode.OVERWRITE,
) -> Project:
    """The fragment's first clip at `at`, the others at their distances; its media come with it.

    The clips go to the tracks they came from, or, where those are not here, to the first of their kind and content;
    with `track_id` those of the first track go there and the others to the tracks below. Where none is left a track
    is made. Raises `RequestError` as `placing.place` does.
    """
    draft = Draft(project, timeline_id)
    draft.add_media(fragment.media)
    targets = _targets(draft, fragment, track_id)
    lines = {line.id for line in project.script.lines}
    placements: list[Placement] = []
    links: list[Transition] = []
    for track in fragment.tracks:
        for clip in track.clips:
            foreign = clip.line is not None and clip.line not in lines
            own = replace(clip, line=None, take=None) if foreign else clip
            placements.append((targets[track.id], own if clip.anchor is None else replace(own, anchor=None)))
        links += track.transitions
    pasted = copies(placements, at)
    put(draft, pasted, mode)
    ids = {old.id: new.id for (_, old), (_, new) in zip(placements, pasted, strict=True)}
    new_links = [replace(one, id=new_id(), left=ids[one.left], right=ids[one.right]) for one in links]
    draft.carry(new_links, {clip.id: target for target, clip in pasted})
    return draft.done()


def _targets(draft: Draft, fragment: Fragment, track_id: str | None) -> Mapping[str, str]:
    """The fragment's tracks → tracks of the timeline; those that lack are made in the draft."""
    present = [*draft.tracks.values()]
    below = 0 if track_id is None else next((i for i, one in enumerate(present) if one.id == track_id), 0)
    if track_id is not None:
        draft.unlocked(track_id)
    targets: dict[str, str] = {}
    for track in fragment.tracks:
        free = [one for one in present[below:] if one.id not in targets.values() and one.kind == track.kind]
        if track_id is None:
            same = [one for one in free if one.id == track.id] or [
                one for one in free if one.content == track.content and not one.locked
            ]
            free = same
        elif targets:
            free = [one for one in free if not one.locked]
        if free:
            targets[track.id] = free[0].id
        else:
            made = Track(new_id(), track.name, track.kind, track.content)
            draft.tracks[made.id] = made
            targets[track.id] = made.id
    return targets
