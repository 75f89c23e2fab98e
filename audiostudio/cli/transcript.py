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
from audiostudio.operations.transcribing import forget, listening, transcript_of
from audiostudio.timeline.editing.removing import heard
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Project, Transcript
from audiostudio.timeline.time import seconds
from audiostudio.timeline.tracks import Timeline, Track
from audiostudio.timeline.transcript import Said, Speech, is_spoken


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("project", metavar="P", help="a project's folder")
    parser.add_argument("--track", metavar="NAME", help="only this one; default: all but music and effects")
    parser.add_argument("--timeline", metavar="NAME", help="default: the main one")
    parser.add_argument("--lang", metavar="L", help="language of the speech; default: it is detected")
    parser.add_argument("--forget", action="store_true", help="forget what was heard: no words, no captions of it")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    place = existing_project(arguments.project)
    project = ProjectFile.read(place)
    timeline = chosen_timeline(project, arguments.timeline)
    if arguments.forget:
        return _forget(console, place, timeline, chosen_tracks(timeline, arguments.track))
    tracks = spoken_tracks(console, timeline, arguments.track)
    project = listened(console, place, project, tracks, arguments.lang)
    told = [_track(Speech(project), track) for track in tracks]
    console.out({"timeline": timeline.name, "tracks": told}, "\n".join(_text(told)) or "Nothing is said.")
    return 0


def spoken_tracks(console: Console, timeline: Timeline, name: str | None) -> list[Track]:
    """The one of that name; without one those where somebody may speak: that others are left out is said.

    Raises `NotFound`.
    """
    tracks = chosen_tracks(timeline, name)
    if name is not None:
        return tracks
    for track in tracks:
        if track.clips and not is_spoken(track):
            console.say(f"“{track.name}” is for {track.content} and is left out. Name it with --track to include it.")
    return [track for track in tracks if is_spoken(track)]


def chosen_tracks(timeline: Timeline, name: str | None) -> list[Track]:
    """All, or the one of that name. Raises `NotFound`."""
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


def _forget(console: Console, place: Path, timeline: Timeline, tracks: list[Track]) -> int:
    """In the project and in the library, wherever else the same files play."""
    played = list(dict.fromkeys(clip.media for track in tracks for clip in track.clips))
    with ProjectFile.open(place) as session:
        if session.problem is not None:
            raise session.problem
        known = {one.id for one in session.project.transcripts}
        session.forget_transcripts(*played)
        known |= set(forget(console.studio, played))
        names = [session.project.medium(one).name for one in played if one in known]
    text = f"What was heard in {', '.join(f'“{name}”' for name in names)} is forgotten."
    console.out({"timeline": timeline.name, "forgotten": names}, text if names else "Nothing was heard there.")
    return 0


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
