"""`audiostudio mix`: a timeline as one sound file, with stems."""

import argparse
import math
from pathlib import Path

from audiostudio.cli.console import Console, clock
from audiostudio.cli.export import output_folder, warn_of_rights
from audiostudio.cli.project import existing_project
from audiostudio.errors import NotFound, RequestError
from audiostudio.files import named
from audiostudio.operations.arranging import chosen_timeline
from audiostudio.sound.writer import ENCODINGS
from audiostudio.timeline.editing.arranging import require_loudness
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.tracks import Timeline

TAGS = ("title", "artist", "album", "genre", "date", "track", "copyright", "comment")


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("project", metavar="P", help="a project's folder")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the file to write, such as intro.mp3")
    parser.add_argument("--format", choices=list(ENCODINGS), help="default: from OUT's ending")
    parser.add_argument("--lufs", type=float, metavar="N", help="loudness, such as -14; default: the timeline's own")
    parser.add_argument(
        "--duck",
        action="append",
        default=[],
        metavar="MUSIC_TRACK:SPEECH_TRACK",
        help="the first steps back under the second",
    )
    parser.add_argument("--stems", metavar="FOLDER", help="each track as a file as well")
    parser.add_argument("--from", type=float, dest="first", metavar="S", help="leave out what comes before")
    parser.add_argument("--to", type=float, dest="last", metavar="S", help="leave out what comes after")
    parser.add_argument("--timeline", metavar="NAME", help="default: the main one")
    parser.add_argument("--cover", metavar="FILE", help="a JPEG or PNG")
    for name in TAGS:
        parser.add_argument(f"--{name}", default="", help=argparse.SUPPRESS if name not in ("title", "artist") else "")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    place = existing_project(arguments.project)
    output, encoding = destination(arguments.output, arguments.format)
    _check_numbers(arguments)
    project = ProjectFile.read(place)
    timeline = chosen_timeline(project, arguments.timeline)
    pairs = [duck_pair(timeline, text) for text in arguments.duck]
    stems = None if arguments.stems is None else str(output_folder(arguments.stems))
    warn_of_rights(console, project, timeline)
    request = {
        "project": str(place),
        "timeline": timeline.id,
        "output": str(output),
        "format": encoding,
        "lufs": arguments.lufs,
        "duck": pairs,
        "stems": stems,
        "first": arguments.first,
        "last": arguments.last,
        "tags": {name: getattr(arguments, name) for name in TAGS},
        "cover": str(named(arguments.cover)) if arguments.cover else None,
    }
    result = console.run("timeline.mix", request, f"Mixing {timeline.name}", writes=[output])
    for problem in result["problems"]:
        where = f"{problem['track']}: " if problem["track"] else ""
        console.say(f"{where}{problem['sentence']} {problem['hint']}".rstrip())
    for note in result["notes"]:
        console.say(note)
    if result["target"] is not None and result["lufs"] is None:
        console.say(f"It is silent, so that nothing can bring it to {result['target']:g} LUFS.")
    if not result["reached"]:
        console.say(f"It could not be brought to {result['target']:g} LUFS: it is at {result['lufs']:.1f}.")
    if result["clipped"]:
        console.say(f"{result['clipped']} samples were too loud and were limited; --lufs brings it down.")
    level = "" if result["lufs"] is None else f"  {result['lufs']:.1f} LUFS, {result['true_peak']:.1f} dBTP"
    text = [f"{result['output']}  {clock(result['seconds'])}{level}", *result["stems"].values()]
    console.out(result, "\n".join(text))
    return 0


def destination(text: str, encoding: str | None) -> tuple[Path, str]:
    """Where to write and how; an ending and `--format` must not contradict each other. Raises `RequestError`."""
    output = named(text)
    if not text.strip() or text.endswith("/") or output.is_dir():
        raise RequestError(f"“{text}” is not the name of a file.", "Name a file, such as intro.wav.")
    suffix = output.suffix.lower().removeprefix(".")
    if encoding is None and suffix not in ENCODINGS:
        known = ", ".join(sorted({one.suffix for one in ENCODINGS.values()}))
        raise RequestError(f"{output.name} does not end in a format that can be written.", f"Use one of {known}.")
    chosen = encoding or suffix
    if suffix and suffix != ENCODINGS[chosen].suffix:
        raise RequestError(
            f"{output.name} ends in .{suffix}, but {chosen} is a .{ENCODINGS[chosen].suffix}.",
            "Leave one of the two out.",
        )
    return (output if suffix else output.with_name(f"{output.name}.{ENCODINGS[chosen].suffix}")), chosen


def duck_pair(timeline: Timeline, text: str) -> list[str]:
    """Two names of tracks around a colon, which names may have as well. Raises `RequestError`, `NotFound`."""
    names = {track.name for track in timeline.tracks}
    parts = text.split(":")
    splits = [(":".join(parts[:at]), ":".join(parts[at:])) for at in range(1, len(parts))]
    if not splits:
        raise RequestError(f"“{text}” names no two tracks.", "Write MUSIC_TRACK:SPEECH_TRACK.")
    for first, second in splits:
        if first in names and second in names:
            return [first, second]
    missing = next((name for name in splits[0] if name not in names), splits[0][0])
    known = ", ".join(f"“{track.name}”" for track in timeline.tracks)
    raise NotFound(f"There is no track “{missing}”.", f"There is {known}." if known else "There is none yet.")


def _check_numbers(arguments: argparse.Namespace) -> None:
    if not all(math.isfinite(one) for one in (arguments.first, arguments.last) if one is not None):
        raise RequestError("A range lies between two numbers of seconds.", "Give other times.")
    require_loudness(arguments.lufs)
