"""`audiostudio export`: a timeline handed off to a video editor."""

import argparse
import math
from pathlib import Path
from typing import Any

from audiostudio.cli.console import Console
from audiostudio.cli.project import existing_project
from audiostudio.errors import EncodingFailed, RequestError
from audiostudio.files import named
from audiostudio.operations.arranging import chosen_timeline
from audiostudio.operations.rights_sheet import rights_sheet
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Timeline

FORMATS = ("otio", "fcp7", "fcpxml", "edl", "aaf")
EDITORS = {"resolve": "fcpxml", "premiere": "fcp7", "final-cut": "fcpxml", "kdenlive": "otio", "other": "otio"}
"""And the format that each gets where none is named (`render.handoff.formats`, which is not loaded for a `--help`)."""


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("project", metavar="P", help="a project's folder")
    parser.add_argument("--to", type=_format, choices=FORMATS, help="the format; default: what suits the editor")
    parser.add_argument("--for", dest="editor", choices=list(EDITORS), default="other", help="the editor")
    parser.add_argument("-o", "--output", required=True, metavar="FOLDER", help="again into the same: an update")
    parser.add_argument(
        "--fcpxml-version", default="", metavar="N", help="1.8 … 1.13; default 1.10, as Resolve 18 reads"
    )
    parser.add_argument("--handles", type=float, default=2.0, metavar="S", help="more of each medium, before and after")
    parser.add_argument("--whole", action="store_true", help="whole media, not only what is used")
    parser.add_argument("--absolute", action="store_true", help="media by their whole paths; then it cannot be moved")
    parser.add_argument("--timeline", metavar="NAME", help="default: the main one")
    parser.set_defaults(run=run)


def _format(text: str) -> str:
    if text in EDITORS:
        raise argparse.ArgumentTypeError(f"{text} is an editor, not a format: --for {text}")
    return text


def run(console: Console, arguments: argparse.Namespace) -> int:
    place = existing_project(arguments.project)
    folder = output_folder(arguments.output)
    project = ProjectFile.read(place)
    timeline = chosen_timeline(project, arguments.timeline)
    warn_of_rights(console, project, timeline)
    if not math.isfinite(arguments.handles):
        raise RequestError("Handles last a number of seconds.", "2 are usual.")
    request: dict[str, Any] = {
        "project": str(place),
        "timeline": timeline.id,
        "folder": str(folder),
        "format": arguments.to or EDITORS[arguments.editor],
        "editor": arguments.editor,
        "version": arguments.fcpxml_version,
        "handles": arguments.handles,
        "whole": arguments.whole,
        "absolute": arguments.absolute,
    }
    result = console.run("timeline.export", request, f"Handing off {timeline.name}")
    text = result.pop("text")
    console.out(result, text.rstrip())
    if result["read_back"]["differences"]:
        raise EncodingFailed(
            f"{result['files'][0]} was read again and is not the timeline: {result['read_back']['differences'][0]}.",
            "Choose another format, and please report it.",
        )
    return 0


def warn_of_rights(console: Console, project: Project, timeline: Timeline) -> None:
    """Say what forbids to sell what comes of a timeline, before it is made."""
    for warning in rights_sheet(console.studio.library, project, timeline).warnings:
        console.say(f"Warning: {warning}")


def output_folder(text: str) -> Path:
    """The folder that is named. Raises `RequestError`."""
    if not text.strip():
        raise RequestError("No folder is named.", "Name one: -o FOLDER.")
    folder = named(text)
    if folder.exists() and not folder.is_dir():
        raise RequestError(f"{folder} is a file.", "Name a folder.")
    return folder
