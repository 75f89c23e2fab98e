"""`audiostudio project tidy`: long silences, or fillers and words said twice, listed and cut."""

import argparse
import math
from pathlib import Path
from typing import Any

from audiostudio.cli.console import Console, table
from audiostudio.errors import RequestError
from audiostudio.jobs import JsonObject
from audiostudio.operations.arranging import chosen_timeline, media_path
from audiostudio.operations.looks import outline_file
from audiostudio.sound.peaks import Peaks
from audiostudio.sound.silence import HIGHEST, LOWEST, levels
from audiostudio.timeline import tidying
from audiostudio.timeline.editing import cutting
from audiostudio.timeline.editing.removing import heard
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import seconds
from audiostudio.timeline.tracks import Timeline, Track
from audiostudio.timeline.transcript import Cut, Speech

LONGEST = 60.0
"""Seconds."""


def add(verbs: Any, common: argparse.ArgumentParser) -> None:
    """The verb's arguments."""
    tidy = verbs.add_parser("tidy", parents=[common], help="list long silences or fillers, and cut them with --yes")
    tidy.add_argument("project", metavar="P")
    what = tidy.add_mutually_exclusive_group(required=True)
    what.add_argument("--silences", type=float, metavar="SECONDS", help="shorten those that last so long or longer")
    what.add_argument("--fillers", action="store_true", help="um, you know …, and words said twice")
    tidy.add_argument("--keep", type=float, default=tidying.KEEP, metavar="SECONDS", help="of a silence, on each side")
    tidy.add_argument("--threshold", type=float, metavar="DB", help="quieter is silence; default: found in the sound")
    tidy.add_argument("--track", metavar="NAME", help="only this one; default: all but music and effects")
    tidy.add_argument("--timeline", metavar="NAME", help="default: the main one")
    tidy.add_argument("--lang", metavar="L", help="language of the speech; default: it is detected")
    tidy.add_argument("--yes", action="store_true", help="cut them, in one undo step")
    tidy.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    from audiostudio.cli.project import existing_project
    from audiostudio.cli.transcript import listened, spoken_tracks

    _check(arguments)
    place = existing_project(arguments.project)
    project = ProjectFile.read(place)
    timeline = chosen_timeline(project, arguments.timeline)
    tracks = spoken_tracks(console, timeline, arguments.track)
    if arguments.fillers:
        project = listened(console, place, project, tracks, arguments.lang)
        cuts = [cut for track in tracks for said in Speech(project).of_track(track) for cut in tidying.slips(said)]
    else:
        cuts = _silences(console, place, project, tracks, arguments)
    before = seconds(timeline.end)
    made = arguments.yes and bool(cuts)
    if made:
        label = "Cut fillers" if arguments.fillers else "Shorten silences"
        with ProjectFile.open(place) as session:
            if session.problem is not None:
                raise session.problem
            done = session.edit(label, lambda one: cutting.make(one, timeline.id, cuts))
        after = seconds(done.timeline(timeline.id).end)
    told = [_told(project, timeline, cut) for cut in cuts]
    result: JsonObject = {"cuts": told, "made": made, "seconds": sum(one["end"] - one["start"] for one in told)}
    text = _text(told) if told else "Nothing to cut."
    if made:
        result |= {"before": before, "after": after}
        text += f"\n{_counted(told)} made. {_lengths(before, after)} The window can undo it."
    elif told:
        text += f"\n{_counted(told)}. Nothing was changed; --yes cuts."
    console.out(result, text)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    for value, name in ((arguments.silences, "--silences"), (arguments.keep, "--keep")):
        if value is not None and not (math.isfinite(value) and 0 <= value <= LONGEST):
            raise RequestError(f"{name} is between 0 and {LONGEST:.0f} seconds.", "Give another number.")
    level = arguments.threshold
    if level is not None and not LOWEST <= level <= HIGHEST:
        raise RequestError(f"--threshold is between {LOWEST:.0f} and {HIGHEST:.0f} dB.", "Give another number.")


def _silences(
    console: Console, place: Path, project: Project, tracks: list[Track], arguments: argparse.Namespace
) -> list[Cut]:
    media = {media.id: media for media in project.media if media.channels and media.sample_rate}
    clips = [clip for track in tracks for clip in track.clips if clip.media in media]
    outlines = _outlines(console, place, [media[one] for one in dict.fromkeys(clip.media for clip in clips)])
    quiet = {one: levels(outline).quiet(arguments.threshold) for one, outline in outlines.items()}
    return [
        cut
        for clip in clips
        if clip.media in quiet
        for cut in tidying.silences(
            clip, media[clip.media], quiet[clip.media], least=arguments.silences, keep=arguments.keep
        )
    ]


def _outlines(console: Console, place: Path, media: list[Media]) -> dict[str, Peaks]:
    """Of those that are there and can be read; those of the timeline are made where they are not there yet."""
    cache, there = console.studio.profile.cache, media_path(console.studio, place)
    files = {one.id: outline_file(cache, one.asset.content_hash or one.id) for one in media}
    missing = [one for one in media if Peaks.load(files[one.id]) is None]
    items = [
        {"key": one.id, "path": str(path), "file": str(files[one.id])}
        for one in missing
        if (path := there(one)) is not None
    ]
    if items:
        console.run("media.outlines", {"items": items}, "Listening for silences")
    found = {one.id: Peaks.load(files[one.id]) for one in media}
    for one in media:
        if found[one.id] is None:
            console.say(f"“{one.name}” is not there or cannot be read; its silences are not known.")
    return {media_id: outline for media_id, outline in found.items() if outline is not None}


def _told(project: Project, timeline: Timeline, cut: Cut) -> JsonObject:
    clip = timeline.clip(cut.clip)
    media = project.medium(clip.media)
    (span,) = heard(clip, media, [(cut.first, cut.last)])
    return {
        "clip": cut.clip,
        "track": timeline.track_of(cut.clip).name,
        "what": cut.what.value,
        "text": cut.text,
        "start": seconds(span.start),
        "end": seconds(span.end),
        "first": cut.first,
        "last": cut.last,
    }


def _counted(told: list[JsonObject]) -> str:
    seconds = sum(one["end"] - one["start"] for one in told)
    return f"{len(told)} {'cut' if len(told) == 1 else 'cuts'} of {seconds:.2f} s"


def _lengths(before: float, after: float) -> str:
    if f"{before:.1f}" == f"{after:.1f}":
        return f"The timeline still lasts {after:.1f} s: another track goes on as long."
    return f"{before:.1f} s became {after:.1f} s."


def _text(told: list[JsonObject]) -> str:
    rows = [
        (f"{one['start']:.2f}", f"{one['end'] - one['start']:.2f}", one["track"], one["what"], one["text"])
        for one in told
    ]
    return table(("AT", "CUT", "TRACK", "WHAT", "WORDS"), rows)
