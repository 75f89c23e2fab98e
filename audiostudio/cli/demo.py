"""`audiostudio demo`: a folder with a voiceover, its captions and its recipe."""

import argparse
from pathlib import Path

from audiostudio.cli.console import Console, clock
from audiostudio.files import absolute


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path("Audio Studio demo"), help="where to put it")
    parser.add_argument("--voice", default="af_heart")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    folder = absolute(arguments.folder)
    made = [folder / f"Welcome.{kind}" for kind in ("wav", "srt", "vtt", "recipe.json", "md")]
    request = {"folder": str(folder), "voice": arguments.voice}
    result = console.run("demo", request, "Making the demo", writes=made)
    names = "".join(f"\n  {Path(name).name}" for name in result["files"])
    console.out(result, f"A voiceover of {clock(result['seconds'])} lies in {result['folder']}:{names}")
    return 0
