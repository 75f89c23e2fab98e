"""Timelines and their tracks, and what clips are called: add, remove, move, rename, mute, lock, colour, group.

New objects are made by who asks: `add_track(project, timeline_id, Track(new_id(), "Music"))`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from audiostudio.errors import RequestError
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.editing.invariants import settled
from audiostudio.timeline.editing.placing import copies
from audiostudio.timeline.project import Project, new_id
from audiostudio.timeline.time import FrameRate
from audiostudio.timeline.tracks import Channel, Clip, Timeline, Track

SAMPLE_RATES = range(8_000, 192_001)
QUIETEST, LOUDEST = -70.0, -5.0
"""LUFS that a mix may be brought to."""
FASTEST_PICTURES = 480
"""In a second."""


def add_timeline(project: Project, timeline: Timeline) -> Project:
    """A timeline more, after the others. Raises `RequestError` when its id or its name is taken."""
    if any(one.id == timeline.id for one in project.timelines):
        raise RequestError("That timeline is already in the project.", "Add it under a new id.")
    _require_name(timeline.name, [one.name for one in project.timelines], "timeline")
    media = {one.id: one for one in project.media}
    valid = settled(Timeline(timeline.id, timeline.name), timeline, media, ())
    return replace(project, timelines=(*project.timelines, valid))


def with_timeline(project: Project, name: str = "Timeline") -> Project:
    """The project with at least one timeline."""
    return project if project.timelines else add_timeline(project, Timeline(new_id(), name))


def remove_timeline(project: Project, timeline_id: str) -> Project:
    gone = project.timeline(timeline_id)
    return replace(project, timelines=tuple([one for one in project.timelines if one is not gone]))


def rename_timeline(project: Project, timeline_id: str, name: str) -> Project:
    _require_name(name, [one.name for one in project.timelines if one.id != timeline_id], "timeline")
    return _on_timeline(project, replace(project.timeline(timeline_id), name=name))


def duplicate_timeline(project: Project, timeline_id: str, name: str) -> Project:
    """A copy at the end, in which every object has an id of its own but tracks know their sidechains."""
    old = project.timeline(timeline_id)
    tracks = {track.id: new_id() for track in old.tracks}
    clips = iter(copies([(tracks[track.id], clip) for track in old.tracks for clip in track.clips], 0))
    copied = [_copied(track, [next(clips)[1] for _ in track.clips], tracks) for track in old.tracks]
    markers = tuple([replace(marker, id=new_id()) for marker in old.markers])
    master = _listening(old.master, tracks)
    new = replace(old, id=new_id(), name=name, tracks=tuple(copied), markers=markers, master=master)
    return add_timeline(project, new)


def move_timeline(project: Project, timeline_id: str, index: int) -> Project:
    """The timeline comes to stand at `index` among the others; the first is the main one."""
    moved = project.timeline(timeline_id)
    others = [one for one in project.timelines if one is not moved]
    return replace(project, timelines=(*others[:index], moved, *others[index:]))


def set_rates(
    project: Project, timeline_id: str, *, frame_rate: FrameRate | None = None, sample_rate: int | None = None
) -> Project:
    """Of a timeline's picture and of its mix; nothing on it moves."""
    timeline = project.timeline(timeline_id)
    if sample_rate is not None and sample_rate not in SAMPLE_RATES:
        raise RequestError("A mix has 8,000 to 192,000 samples a second.", "48,000 is what video editors want.")
    if frame_rate is not None and not (
        frame_rate.denominator > 0 and 0 < frame_rate.numerator <= FASTEST_PICTURES * frame_rate.denominator
    ):
        raise RequestError(f"A film has more than 0 and up to {FASTEST_PICTURES} pictures a second.", "25 is usual.")
    return _on_timeline(
        project,
        replace(
            timeline, frame_rate=frame_rate or timeline.frame_rate, sample_rate=sample_rate or timeline.sample_rate
        ),
    )


def set_loudness(project: Project, timeline_id: str, lufs: float | None) -> Project:
    """What a timeline's mix is brought to, in LUFS; None: it stays as it is. Raises `RequestError`."""
    require_loudness(lufs)
    return _on_timeline(project, replace(project.timeline(timeline_id), loudness=lufs))


def require_loudness(lufs: float | None) -> None:
    """Raises `RequestError` for what no mix can have: beyond `LOUDEST` little is left but distortion."""
    if lufs is not None and not QUIETEST <= lufs <= LOUDEST:
        raise RequestError(
            f"{lufs:g} LUFS is no loudness that a mix can have.",
            f"Between {QUIETEST:g} and {LOUDEST:g}: -14 is usual for the web, -16 for podcasts, -23 for television.",
        )


def add_track(project: Project, timeline_id: str, track: Track, index: int | None = None) -> Project:
    """A track before the one at `index`; None: below all others. Raises `RequestError` when it has no name."""
    timeline = project.timeline(timeline_id)
    if any(one.id == track.id for one in timeline.tracks):
        raise RequestError("That track is already on the timeline.", "Add it under a new id.")
    _require_name(track.name, (), "track")
    at = len(timeline.tracks) if index is None else index
    tracks = [*timeline.tracks[:at], track, *timeline.tracks[at:]]
    draft = Draft(project, timeline_id)
    draft.tracks = {one.id: one for one in tracks}
    return draft.done()


def remove_track(project: Project, timeline_id: str, track_id: str) -> Project:
    """Without a track and its clips; effects that listened to it listen to nothing. Raises `RequestError` for a
    locked one."""
    draft = Draft(project, timeline_id)
    draft.unlocked(track_id)
    del draft.tracks[track_id]
    for track in tuple(draft.tracks.values()):
        draft.tracks[track.id] = replace(track, channel=_deaf(track.channel, track_id))
    draft.timeline = replace(draft.timeline, master=_deaf(draft.timeline.master, track_id))
    return draft.done()


def move_track(project: Project, timeline_id: str, track_id: str, index: int) -> Project:
    """The track comes to stand at `index` among the others, from the top."""
    timeline = project.timeline(timeline_id)
    track = timeline.track(track_id)
    others = [one for one in timeline.tracks if one is not track]
    return _on_timeline(project, replace(timeline, tracks=(*others[:index], track, *others[index:])))


def rename_track(project: Project, timeline_id: str, track_id: str, name: str) -> Project:
    _require_name(name, (), "track")
    return _on_track(project, timeline_id, track_id, lambda track: replace(track, name=name))


def mute_track(project: Project, timeline_id: str, track_id: str, muted: bool) -> Project:
    return _on_track(project, timeline_id, track_id, lambda track: replace(track, muted=muted))


def solo_track(project: Project, timeline_id: str, track_id: str, solo: bool) -> Project:
    return _on_track(project, timeline_id, track_id, lambda track: replace(track, solo=solo))


def lock_track(project: Project, timeline_id: str, track_id: str, locked: bool) -> Project:
    """A locked track's clips, crossfades and automation stay as they are until it is unlocked."""
    return _on_track(project, timeline_id, track_id, lambda track: replace(track, locked=locked))


def colour_track(project: Project, timeline_id: str, track_id: str, colour: str | None) -> Project:
    """A name in the theme's palette; None: that of the track's content."""
    return _on_track(project, timeline_id, track_id, lambda track: replace(track, colour=colour))


def set_content(project: Project, timeline_id: str, track_id: str, content: str) -> Project:
    """What a track is for, one of `Content`."""
    return _on_track(project, timeline_id, track_id, lambda track: replace(track, content=content))


def rename_clip(project: Project, timeline_id: str, clip_id: str, name: str) -> Project:
    """Empty: the name of its medium."""
    draft = Draft(project, timeline_id)
    draft.swap({clip_id: replace(draft.clip(clip_id), name=name.strip())})
    return draft.done()


def colour_clips(project: Project, timeline_id: str, clip_ids: Iterable[str], colour: str | None) -> Project:
    """A name in the theme's palette; None: that of the track."""
    draft = Draft(project, timeline_id)
    clips = [clip for clips in draft.chosen(clip_ids, grouped=False).values() for clip in clips]
    draft.swap({clip.id: replace(clip, colour=colour) for clip in clips})
    return draft.done()


def group(project: Project, timeline_id: str, clip_ids: Iterable[str]) -> Project:
    """Let clips be selected, moved and cut together. Raises `RequestError` for fewer than two."""
    draft = Draft(project, timeline_id)
    clips = [clip for clips in draft.chosen(clip_ids).values() for clip in clips]
    if len(clips) < 2:
        raise RequestError("A group has at least two clips.", "Select more.")
    name = new_id()
    draft.swap({clip.id: replace(clip, group=name) for clip in clips})
    return draft.done()


def ungroup(project: Project, timeline_id: str, clip_ids: Iterable[str]) -> Project:
    """Let all clips of these clips' groups be by themselves."""
    draft = Draft(project, timeline_id)
    clips = [clip for clips in draft.chosen(clip_ids).values() for clip in clips]
    draft.swap({clip.id: replace(clip, group=None) for clip in clips})
    return draft.done()


def _copied(track: Track, clips: list[Clip], tracks: Mapping[str, str]) -> Track:
    """A track with new ids. `clips`: the copies of its own; `tracks`: old ids → new ones."""
    ids = {old.id: new.id for old, new in zip(track.clips, clips, strict=True)}
    links = [replace(one, id=new_id(), left=ids[one.left], right=ids[one.right]) for one in track.transitions]
    channel = _listening(track.channel, tracks)
    return replace(track, id=tracks[track.id], clips=tuple(clips), transitions=tuple(links), channel=channel)


def _listening(channel: Channel, tracks: Mapping[str, str]) -> Channel:
    """With sidechains that listen to other tracks."""
    effects = [replace(one, source=tracks.get(one.source)) if one.source else one for one in channel.effects]
    return replace(channel, effects=tuple(effects))


def _on_timeline(project: Project, timeline: Timeline) -> Project:
    if timeline == project.timeline(timeline.id):
        return project
    return replace(project, timelines=tuple([timeline if one.id == timeline.id else one for one in project.timelines]))


def _on_track(project: Project, timeline_id: str, track_id: str, change: Callable[[Track], Track]) -> Project:
    timeline = project.timeline(timeline_id)
    return _on_timeline(project, timeline.with_track(change(timeline.track(track_id))))


def _require_name(name: str, taken: Iterable[str], what: str) -> None:
    if not name.strip():
        raise RequestError(f"A {what} needs a name.", "Type at least one letter.")
    if name in taken:
        raise RequestError(f"There is already a {what} called “{name}”.", "Choose another name.")


def _deaf(channel: Channel, track_id: str) -> Channel:
    if all(effect.source != track_id for effect in channel.effects):
        return channel
    effects = [replace(one, source=None) if one.source == track_id else one for one in channel.effects]
    return replace(channel, effects=tuple(effects))
