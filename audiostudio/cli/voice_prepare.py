"""`audiostudio voice prepare`: a recording made better for a voice, in a new file."""

import argparse
import shutil
from pathlib import Path

from audiostudio.cli.console import Console
from audiostudio.errors import RequestError
from audiostudio.files import absolute, named, new_file, storage_errors
from audiostudio.jobs import JsonObject

_BEST = 30.0
"""Seconds, where nobody says how many."""
_DONE = {
    "trim": "cut silence off, and shorten long pauses",
    "denoise": "take noise off",
    "normalise": "to the loudness that voices are learnt at",
}


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a recording, or a film with sound; it stays as it is")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="OUT.wav")
    for name, text in _DONE.items():
        parser.add_argument(f"--{name}", action="store_true", help=text)
    parser.add_argument(
        "--best", nargs="?", type=float, const=_BEST, metavar="S", help=f"only the best seconds, 6 to 30 ({_BEST:g})"
    )
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    output = named(arguments.output)
    if output.suffix.lower() != ".wav":
        raise RequestError(f"{output.name} is no name of a WAV file.", "End it in .wav.")
    offers = [name for name in _DONE if getattr(arguments, name)] + ["best"] * (arguments.best is not None)
    if not offers:
        raise RequestError(
            "It is not said what is to be done.",
            "Choose of --trim, --denoise, --normalise and --best; all go together.",
        )
    request: JsonObject = {"file": str(absolute(arguments.file)), "offers": offers}
    if arguments.best is not None:
        request["best"] = arguments.best
    result = console.run("voice.prepare", request, f"Making {absolute(arguments.file).name} better")
    with new_file(output) as half, storage_errors(output):
        shutil.copyfile(result["path"], half)
    result["path"] = str(output)
    before, after = result["before"], result["sample"]
    change = f"{before['verdict']}, {before['score']} of 100 → {after['verdict']}, {after['score']} of 100"
    console.out(result, f"{output}: {after['seconds']:.1f} s. {change}.")
    return 0
