"""`audiostudio batch`: a table or subtitles into many files, or one timeline."""

import argparse
import os

from audiostudio.cli.console import Console, clock, table
from audiostudio.cli.scripts import FILE, NO_NAMES, existing, guessed, is_project, script_file, speaking, tell
from audiostudio.cli.speak import caption_formats, number
from audiostudio.errors import EmptyText, RequestError
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject, Partial
from audiostudio.operations.batch import rows_of
from audiostudio.sound.files import FORMATS
from audiostudio.timeline.file import ProjectFile

FAILED = 1
"""The exit code when a line could not be made."""


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE.csv|FILE.srt", help=FILE.replace("a project's folder, or ", ""))
    parser.add_argument("-o", "--output", required=True, metavar="FOLDER", help="where the files and the report go")
    parser.add_argument("--project", metavar="DIR", help="a project whose voice, cast and dictionary hold")
    parser.add_argument("--voice", default="", help="who speaks the lines that name nobody (see 'voices')")
    parser.add_argument("--lang", default="", help="language of lines that name none; default: each voice's own")
    parser.add_argument("--speed", type=number, help="of lines that name none")
    parser.add_argument("--format", choices=sorted(FORMATS), help="default: from each file's name, else wav")
    parser.add_argument("--captions", default="", metavar="srt,vtt", help="captions beside each file")
    parser.add_argument("--no-names", action="store_true", help=NO_NAMES)
    parser.add_argument("--one-timeline", action="store_true", help="one file, each line in its slot")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    path = existing(arguments.file)
    if is_project(path):
        raise RequestError(f"{path} is a project.", "Use 'script render', or name a table or subtitles.")
    folder = absolute(arguments.output)
    if os.path.isfile(folder):  # noqa: PTH113
        raise RequestError(f"{folder} is a file.", "Name a folder.")
    kinds = caption_formats(arguments.captions)
    project = ProjectFile.read(existing(arguments.project)) if arguments.project else None
    voice = arguments.voice or (project.voice.voice if project is not None else "")
    file = script_file(console, path, speaking(console, voice), arguments.lang, project)
    rows = rows_of(console.studio, file)
    if not rows:
        raise EmptyText(f"{path.name} holds no lines.", "Write what is to be spoken, a line for each file.")
    if arguments.speed is not None:
        pairs = zip(rows, file.imported.lines, strict=True)
        rows = [row.at_speed(arguments.speed) if found.speed is None else row for row, found in pairs]
    tell(console, path, file)
    asked: JsonObject = {
        "rows": [row.to_json() for row in rows],
        "folder": str(folder),
        "name": path.stem,
        "format": arguments.format,
        "captions": kinds,
        "names": not arguments.no_names,
    }
    operation = "speech.timeline" if arguments.one_timeline else "speech.batch"

    def partial(event: Partial) -> None:
        if event.kind == "line" and event.data["state"] == "failed":
            place = event.data["source_line"] or event.data["line"]
            console.say(f"{path.name}, line {place}: {event.data['problems'][0]}")

    result = console.run(operation, asked, f"Batch {path.name}", partial)
    if result.get("guessed"):
        console.say(guessed(result["guessed"]))
    console.out(result, _text(result))
    return FAILED if result["failed"] else 0


def _text(result: JsonObject) -> str:
    rows = [
        (
            str(line["line"]),
            line["state"],
            "" if line["seconds"] is None else clock(line["seconds"]),
            "" if line["factor"] in (None, 1.0) else f"×{line['factor']:.2f}",
            line["file"] or "",
            " ".join(line["problems"]),
        )
        for line in result["lines"]
    ]
    counts = f"{result['made']} made, {result['kept']} kept, {result['failed']} failed"
    return "\n".join(
        [table(("LINE", "STATE", "LENGTH", "FASTER", "FILE", "PROBLEMS"), rows), counts, *result["report"]]
    )
