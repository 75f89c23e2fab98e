"""Media whose files were moved, lost or replaced."""

from collections.abc import Mapping
from dataclasses import replace

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.invariants import clock, medium, possible
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.tracks import Clip, Timeline, Track


def relink(project: Project, media_id: str, media: Media) -> Project:
    """Let every clip of a medium, on all timelines, and every take that has its file, use `media` instead.

    Clips stay where they are and as long as they are; at another sample rate they play the same seconds. Crossfades
    get shorter where the new file has less beyond a cut. Locked tracks are no hindrance. Raises `RequestError` when a
    clip plays more than the new file has, `NotFound`.
    """
    old = project.medium(media_id)
    medium(media)
    kept = [media if one is old else one for one in project.media if one is old or one.id != media.id]
    takes = [replace(take, asset=media.asset) if take.asset.id == old.asset.id else take for take in project.takes]
    same = takes == list(project.takes)
    known = {one.id: one for one in kept}
    timelines = tuple([_relinked(timeline, old, media, known) for timeline in project.timelines])
    return replace(project, media=tuple(kept), takes=project.takes if same else tuple(takes), timelines=timelines)


def _relinked(timeline: Timeline, old: Media, new: Media, known: Mapping[str, Media]) -> Timeline:
    tracks = tuple([_track(track, old, new, known) for track in timeline.tracks])
    return timeline if tracks == timeline.tracks else replace(timeline, tracks=tracks)


def _track(track: Track, old: Media, new: Media, known: Mapping[str, Media]) -> Track:
    if all(clip.media != old.id for clip in track.clips):
        return track
    clips = tuple([_clip(clip, old, new) for clip in track.clips])
    return replace(track, clips=clips, transitions=possible(track.transitions, clips, known))


def _clip(clip: Clip, old: Media, new: Media) -> Clip:
    if clip.media != old.id:
        return clip
    if source.is_still(old) or source.is_still(new):
        if source.is_still(old) != source.is_still(new):
            raise RequestError(f"“{new.name}” is not of the same kind as “{old.name}”.", "Choose another file.")
        return replace(clip, media=new.id)
    first = _at_rate(clip.source_start, old, new)
    length = max(1, _at_rate(clip.source_start + clip.source_length, old, new) - first)
    if not new.samples or first + length > new.samples + (1 if old.sample_rate != new.sample_rate else 0):
        raise RequestError(
            f"“{new.name}” is too short: the clip at {clock(clip.start)} plays it up to "
            f"{(first + length) / new.sample_rate:.1f} s, and it lasts {new.samples / new.sample_rate:.1f} s.",
            "Choose the file that was there, or shorten the clip first.",
        )
    first = min(first, new.samples - 1)
    return replace(clip, media=new.id, source_start=first, source_length=min(length, new.samples - first))


def _at_rate(samples: int, old: Media, new: Media) -> int:
    return (2 * samples * new.sample_rate + old.sample_rate) // (2 * old.sample_rate)
