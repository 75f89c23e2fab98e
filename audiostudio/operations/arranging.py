"""Files put on a project's timeline, and a timeline told, for those who have no window."""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.errors import NotFound, RequestError
from audiostudio.jobs.job import JsonObject
from audiostudio.timeline.editing import arranging, placing
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import AssetReference, Media, Project, new_id
from audiostudio.timeline.time import FrameRate, seconds, ticks
from audiostudio.timeline.tracks import Clip, Content, Fade, Marker, Tempo, Timeline, Track

if TYPE_CHECKING:
    from audiostudio.library import Asset
    from audiostudio.operations.studio import Studio

LATEST = 24 * 3600.0
"""Seconds: where a clip begins at most."""
LONGEST = 2 * LATEST
"""Seconds: the longest range and fade, and the latest place in a file."""
_NTSC = {"23.976": 24, "23.98": 24, "29.97": 30, "47.952": 48, "59.94": 60, "119.88": 120}
_CONTENTS = {
    Content.SPEECH: ("speech", "voice", "narrat", "dialog", "talk", "vox", "vo"),
    Content.MUSIC: ("music", "bed", "song", "score"),
    Content.EFFECTS: ("effect", "sfx", "sound", "foley", "atmo"),
}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and how a file comes to stand; times in seconds."""

    track: str
    at: float
    gain: float = 0.0
    fade_in: float = 0.0
    fade_out: float = 0.0
    first: float = 0.0
    last: float | None = None
    """None: to the end of the file."""
    content: str | None = None
    """Of a track that is made for it; None: by its name."""
    mode: str = placing.Mode.FREE
    """What becomes of clips that are there already: `timeline.editing.placing.Mode`."""

    def check(self) -> None:
        """Raises `RequestError` for what cannot be."""
        if not self.track.strip():
            raise RequestError("The track needs a name.", "Name it: --track Music.")
        if not (math.isfinite(self.at) and 0 <= self.at <= LATEST):
            raise RequestError(f"A clip begins between 0 and {LATEST:.0f} seconds.", "Give another place.")
        lengths = (self.fade_in, self.fade_out, self.first, *(() if self.last is None else (self.last,)))
        if not math.isfinite(self.gain):
            raise RequestError("A gain is a number of dB.", "Give one such as -6.")
        if not all(0 <= one <= LONGEST for one in lengths):
            raise RequestError(
                f"Fades and places within a file lie between 0 and {LONGEST:.0f} seconds.", "Give other numbers."
            )
        if self.last is not None and self.last <= self.first:
            raise RequestError("Nothing is left of the file: it would end before it begins.", "Give other times.")


def frame_rate(text: str) -> FrameRate:
    """`25`, `29.97` or `30000/1001`. Raises `RequestError`."""
    try:
        exact = Fraction(_NTSC[text] * 1000, 1001) if text in _NTSC else Fraction(text)
    except (ValueError, ZeroDivisionError):
        exact = Fraction(0)
    if not 1 <= exact <= 240 or exact.denominator not in (1, 1001):
        raise RequestError(f"“{text}” is no frame rate.", "Give one such as 24, 25, 29.97 or 60.")
    return FrameRate(exact.numerator, exact.denominator)


def new_project(path: Path, fps: str = "25") -> Path:
    """An empty project with a timeline in a new folder. Raises `RequestError` where something is, `StorageError`."""
    rate = frame_rate(fps)
    if path.exists():
        raise RequestError(f"{path} is there already.", "Choose another name.")
    with ProjectFile.create(path.parent, path.name) as session:
        made = session.edit("New timeline", lambda project: arranging.with_timeline(project, "Timeline"))
        timeline = made.timelines[0]
        if rate != timeline.frame_rate:
            session.edit("Frame rate", lambda p: arranging.set_rates(p, timeline.id, frame_rate=rate))
        return session.path


def add_asset(studio: "Studio", place: Path, asset: "Asset", asked: Placement) -> JsonObject:
    """Put a file of the library on a track of the main timeline, which is made where it is not there; in one undo step.

    → `{clip, name, track, start, end}`, in seconds. Raises `RequestError` (no sound, no room, a locked track),
    `ReadOnly` (a window has the project open), `NewerFormat`, other `StorageError`s.
    """
    asked.check()
    media = media_of(studio, asset)
    clip = _clip(media, asked)

    def edit(project: Project) -> Project:
        project = arranging.with_timeline(project)
        timeline = project.timelines[0]
        track = next((one for one in timeline.tracks if one.name == asked.track), None)
        new = Track(new_id(), asked.track, content=asked.content or content_of(asked.track))
        tracks, track_id = ([], track.id) if track else ([new], new.id)
        return placing.place(
            project, timeline.id, [(track_id, clip)], placing.Mode(asked.mode), media=[media], tracks=tracks
        )

    with ProjectFile.open(place) as session:
        if session.problem is not None:
            raise session.problem
        project = session.edit(f"Add “{media.name}”", edit)
        track = project.timelines[0].track_of(clip.id)
        placed = track.clip(clip.id)
        return {
            "clip": clip.id,
            "name": media.name,
            "track": track.name,
            "start": seconds(placed.start),
            "end": seconds(placed.end),
        }


def _clip(media: Media, asked: Placement) -> Clip:
    first = round(asked.first * media.sample_rate)
    last = media.samples if asked.last is None else min(media.samples, round(asked.last * media.sample_rate))
    if media.samples and last <= first:
        raise RequestError(
            f"Nothing is left of “{media.name}”, which lasts {media.samples / media.sample_rate:.2f} s.",
            "Give other places in it.",
        )
    clip = placing.clip_of(
        media,
        ticks(asked.at),
        first=first,
        last=last,
        gain=asked.gain,
        fade_in=Fade(ticks(asked.fade_in)),
        fade_out=Fade(ticks(asked.fade_out)),
    )
    if clip.fade_in.length + clip.fade_out.length > clip.duration:
        raise RequestError(
            f"The fades are longer than “{media.name}”, which lasts {seconds(clip.duration):.2f} s.", "Shorten them."
        )
    return clip


def media_of(studio: "Studio", asset: "Asset") -> Media:
    """An asset as clips play it. Raises `RequestError` where it has no sound."""
    if not asset.sample_rate or not asset.channels or asset.duration is None:
        raise RequestError(f"“{asset.name}” has no sound.", "Choose a sound, or a film with sound.")
    path = asset.path.relative_to(studio.library.media).as_posix()
    samples = round(asset.duration * asset.sample_rate)
    reference = AssetReference(asset.id, asset.content_hash, path)
    return Media(asset.id, reference, samples, asset.sample_rate, asset.channels, asset.name)


def content_of(name: str) -> str:
    """What a track of that name is for."""
    words = name.casefold()
    return next((one for one, begins in _CONTENTS.items() if any(word in words for word in begins)), Content.OTHER)


def chosen_timeline(project: Project, name: str | None) -> Timeline:
    """The timeline of that id or name; None: the main one. Raises `NotFound`, `RequestError` where there is none."""
    if not project.timelines:
        raise RequestError(f"“{project.name}” has no timeline yet.", "Put something on it: audiostudio project add.")
    if name is None:
        return project.timelines[0]
    for timeline in project.timelines:
        if name in (timeline.id, timeline.name):
            return timeline
    known = ", ".join(f"“{timeline.name}”" for timeline in project.timelines)
    raise NotFound(f"The project has no timeline “{name}”.", f"It has {known}.")


def media_path(studio: "Studio", project: Path) -> Callable[[Media], Path | None]:
    """Where the file of a medium is: the library's, else one beside the project under its path; None: gone."""
    folder = project.parent if project.name == "project.json" else project

    def find(media: Media) -> Path | None:
        try:
            known = studio.library.get(media.asset.id)
        except NotFound:
            known = None
        if known is not None and _is_file(known.path):
            return known.path
        for base in (studio.library.media, folder):
            beside = base / media.asset.path
            if _is_file(beside) and beside.resolve().is_relative_to(base.resolve()):
                return beside
        return None

    return find


def _is_file(path: Path) -> bool:
    """Pathlib's raises for too long a name, and for a drive that fails or that nobody may look into."""
    return os.path.isfile(path)  # noqa: PTH113


def shown(studio: "Studio", place: Path, project: Project, timeline: Timeline) -> JsonObject:
    """A timeline for people and scripts; times in seconds."""
    there = media_path(studio, place)
    known = {media.id: media for media in project.media}
    missing = {media_id for media_id, media in known.items() if there(media) is None}
    return {
        "name": project.name,
        "project": project.id,
        "timelines": [one.name for one in project.timelines],
        "timeline": {
            "id": timeline.id,
            "name": timeline.name,
            "seconds": seconds(timeline.end),
            "frame_rate": "/".join(map(str, timeline.frame_rate)),
            "sample_rate": timeline.sample_rate,
            "loudness": timeline.loudness,
            "tempo": _tempo(timeline.tempo),
            "tracks": [_track(track, known, missing) for track in timeline.tracks],
            "markers": [_marker(marker) for marker in timeline.markers],
        },
    }


def _tempo(tempo: Tempo | None) -> JsonObject | None:
    return None if tempo is None else {"bpm": tempo.bpm, "first": seconds(tempo.first), "bar": tempo.bar}


def _track(track: Track, known: dict[str, Media], missing: set[str]) -> JsonObject:
    channel = track.channel
    return {
        "id": track.id,
        "name": track.name,
        "kind": track.kind,
        "content": track.content,
        "muted": track.muted,
        "solo": track.solo,
        "locked": track.locked,
        "gain": channel.gain,
        "pan": channel.pan,
        "effects": [effect.kind for effect in channel.effects],
        "automation": [one.parameter for one in channel.automation],
        "clips": [_clip_shown(clip, known[clip.media], clip.media in missing) for clip in track.clips],
    }


def _clip_shown(clip: Clip, media: Media, missing: bool) -> JsonObject:
    return {
        "id": clip.id,
        "name": clip.name or media.name,
        "start": seconds(clip.start),
        "end": seconds(clip.end),
        "source_start": clip.source_start / media.sample_rate if media.sample_rate else 0.0,
        "gain": clip.gain,
        "fade_in": seconds(clip.fade_in.length),
        "fade_out": seconds(clip.fade_out.length),
        "muted": clip.muted,
        "missing": missing,
        "file": media.asset.path,
    }


def _marker(marker: Marker) -> JsonObject:
    return {
        "id": marker.id,
        "at": seconds(marker.at),
        "seconds": seconds(marker.duration),
        "name": marker.name,
        "note": marker.note,
        "chapter": marker.chapter,
    }
