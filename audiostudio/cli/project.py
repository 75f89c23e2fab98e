"""`audiostudio project …`: a timeline from the command line, safe to use beside an open window."""

import argparse
from pathlib import Path

from audiostudio.cli import tidy
from audiostudio.cli.console import Console, clock, table
from audiostudio.errors import MissingMedia, RequestError, StudioError
from audiostudio.files import named
from audiostudio.jobs import JsonObject
from audiostudio.operations.arranging import Placement, add_asset, chosen_timeline, new_project, shown
from audiostudio.timeline.editing.placing import Mode
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.tracks import Content

_MODES = "where there is no room: refuse (free), cut away what is there, pass into it, or move all after it along"


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    new = verbs.add_parser("new", parents=[common], help="make a project with an empty timeline")
    new.add_argument("project", metavar="P", help="the folder that it will be")
    new.add_argument("--fps", default="25", help="pictures a second: 24, 25, 29.97, 30000/1001 …")
    new.set_defaults(run=run_new)
    put = verbs.add_parser("add", parents=[common], help="put a file on a track")
    put.add_argument("project", metavar="P")
    put.add_argument("file", metavar="FILE", help="a sound, or a film with sound")
    put.add_argument("--track", required=True, metavar="NAME", help="made where there is none of that name")
    put.add_argument("--at", type=float, required=True, metavar="SECONDS", help="where it begins")
    put.add_argument("--gain", type=float, default=0.0, metavar="DB")
    put.add_argument("--fade-in", type=float, default=0.0, metavar="S")
    put.add_argument("--fade-out", type=float, default=0.0, metavar="S")
    put.add_argument("--from", type=float, default=0.0, dest="first", metavar="S", help="leave out what comes before")
    put.add_argument("--to", type=float, dest="last", metavar="S", help="leave out what comes after")
    put.add_argument("--content", choices=[one.value for one in Content], help="what a new track is for")
    put.add_argument("--mode", choices=[one.value for one in Mode], default=Mode.FREE.value, help=_MODES)
    put.set_defaults(run=run_add)
    show = verbs.add_parser("show", parents=[common], help="tracks, clips and markers")
    show.add_argument("project", metavar="P")
    show.add_argument("--timeline", metavar="NAME", help="default: the main one")
    show.set_defaults(run=run_show)
    tidy.add(verbs, common)


def existing_project(text: str) -> Path:
    """The folder of a project that is named. Raises `RequestError`."""
    if not text.strip():
        raise RequestError("No project is named.", "Name its folder.")
    path = named(text)
    return path.parent if path.name == "project.json" else path


def run_new(console: Console, arguments: argparse.Namespace) -> int:
    path = existing_project(arguments.project)
    created = new_project(path, arguments.fps)
    console.out({"project": str(created)}, f"The project is in {created}.")
    return 0


def run_add(console: Console, arguments: argparse.Namespace) -> int:
    place, file = existing_project(arguments.project), named(arguments.file)
    asked = Placement(
        arguments.track,
        arguments.at,
        arguments.gain,
        arguments.fade_in,
        arguments.fade_out,
        arguments.first,
        arguments.last,
        arguments.content,
        arguments.mode,
    )
    asked.check()
    ProjectFile.read(place)  # before anything is copied into the library
    if file.is_dir():
        raise MissingMedia(f"{file} is a folder.", "Name a file.")
    if not file.is_file():
        raise MissingMedia(
            f"{file} is no file." if file.exists() else f"There is no file {file}.", "Check its name and folder."
        )
    result = console.run("library.import", {"paths": [str(file)]}, f"Importing {file.name}")
    for refused in result["refused"]:
        raise StudioError.from_json(refused)
    asset_id: str = [*result["assets"], *result["known"]][0]
    added = add_asset(console.studio, place, console.studio.library.get(asset_id), asked)
    text = f"{added['name']}  {clock(added['start'])}–{clock(added['end'])} on {added['track']}"
    console.out(added, text)
    return 0


def run_show(console: Console, arguments: argparse.Namespace) -> int:
    project = ProjectFile.read(existing_project(arguments.project))
    if not project.timelines:
        console.out({"name": project.name, "timelines": []}, f"{project.name} has no timeline yet.")
        return 0
    data = shown(
        console.studio, existing_project(arguments.project), project, chosen_timeline(project, arguments.timeline)
    )
    console.out(data, _text(data))
    return 0


def _text(data: JsonObject) -> str:
    timeline = data["timeline"]
    parts = [f"{data['name']} – {timeline['name']}, {clock(timeline['seconds'])}"]
    for track in timeline["tracks"]:
        said = [word for word in ("muted", "solo", "locked") if track[word]]
        parts.append(f"\n{track['name']} ({', '.join([track['content'], *said])})")
        rows = [
            (
                f"{clip['start']:.3f}",
                f"{clip['end']:.3f}",
                f"{clip['gain']:+g} dB",
                clip["name"] + (" (missing)" if clip["missing"] else ""),
            )
            for clip in track["clips"]
        ]
        parts.append(table(("START", "END", "GAIN", "CLIP"), rows))
    if timeline["markers"]:
        parts.append("\n" + table(("AT", "MARKER"), [(f"{one['at']:.3f}", one["name"]) for one in timeline["markers"]]))
    return "\n".join(parts)
