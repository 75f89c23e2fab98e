"""`audiostudio transcript`: what is said on a project's timeline, word by word."""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from audiostudio.cli.console import Console, clock
from audiostudio.cli.project import existing_project
from audiostudio.errors import NotFound, ReadOnly
from audiostudio.jobs import JsonObject, Partial
from audiostudio.operations.arranging import chosen_timeline, media_path
from audiostudio.operations.transcribing import listening, transcript_of
from audiostudio.timeline.editing.removing import heard
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Project, Transcript
from audiostudio.timeline.time import seconds
from audiostudio.timeline.tracks import Timeline, Track
from audiostudio.timeline.transcript import Said, Speech


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("project", metavar="P", help="a project's folder")
    parser.add_argument("--track", metavar="NAME", help="only this one")
    parser.add_argument("--timeline", metavar="NAME", help="default: the main one")
    parser.add_argument("--lang", metavar="L", help="language of the speech; default: it is detected")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    place = existing_project(arguments.project)
    project = ProjectFile.read(place)
    timeline = chosen_timeline(project, arguments.timeline)
    tracks = chosen_tracks(timeline, arguments.track)
    project = listened(console, place, project, tracks, arguments.lang)
    told = [_track(Speech(project), track) for track in tracks]
    console.out({"timeline": timeline.name, "tracks": told}, "\n".join(_text(told)) or "Nothing is said.")
    return 0


def chosen_tracks(timeline: Timeline, name: str | None) -> list[Track]:
    """Those with sound that have clips, or the one of that name. Raises `NotFound`."""
    tracks = [track for track in timeline.tracks if name in (None, track.id, track.name)]
    if not tracks:
        known = ", ".join(f"“{track.name}”" for track in timeline.tracks)
        raise NotFound(f"There is no track “{name}”.", f"There is {known}." if known else "There is none yet.")
    return tracks


def listened(console: Console, place: Path, project: Project, tracks: Iterable[Track], language: str | None) -> Project:
    """The project with transcripts of all that these tracks play. They are kept in its file, unless a window has it
    open; the library keeps them in any case."""
    speech, there = Speech(project), media_path(console.studio, place)
    unheard = {media.id: media for track in tracks for media in speech.unheard(track)}
    found = [(media, path) for media in unheard.values() if (path := there(media)) is not None]
    for media in unheard.values():
        if media not in [one for one, _ in found]:
            console.say(f"“{media.name}” is no longer where it was; relink it to hear what it says.")
    if not found:
        return project
    made: list[Transcript] = []

    def take(partial: Partial) -> None:
        if partial.kind == "transcript":
            made.append(transcript_of(partial.data))
        elif partial.kind == "refused":
            console.say(f"{partial.data['sentence']} {partial.data['hint']}".rstrip())

    console.run("media.transcribe", listening(found, language), "Listening", take)
    with ProjectFile.open(place) as session:
        if isinstance(session.problem, ReadOnly):
            console.say("A window has the project open, so what was heard is not kept in it.")
            kept = [one for one in project.transcripts if one.id not in {new.id for new in made}]
            return replace(project, transcripts=(*kept, *made))
        if session.problem is not None:
            raise session.problem
        return session.set_transcripts(*made)


def _track(speech: Speech, track: Track) -> JsonObject:
    return {"name": track.name, "clips": [_clip(said) for said in speech.of_track(track) if said.words]}


def _clip(said: Said) -> JsonObject:
    words: list[JsonObject] = []
    for word in said.words:
        for span in heard(said.clip, said.media, [(word.start, word.end)]):
            words.append({"text": word.text, "start": seconds(span.start), "end": seconds(span.end)})
    return {
        "id": said.clip.id,
        "name": said.clip.name or said.media.name,
        "start": seconds(said.clip.start),
        "end": seconds(said.clip.end),
        "language": said.language,
        "words": words,
    }


def _text(tracks: list[JsonObject]) -> list[str]:
    lines: list[str] = []
    for track in tracks:
        if track["clips"]:
            lines.append(f"{track['name']}")
        lines += [
            f"{clock(clip['start']):>8}  {' '.join(one['text'] for one in clip['words'])}" for clip in track["clips"]
        ]
    return lines
