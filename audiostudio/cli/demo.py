"""`audiostudio demo`: a folder with a voiceover, its captions and its recipe."""

import argparse
from pathlib import Path

from audiostudio.cli.console import Console, clock


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path("Audio Studio demo"), help="where to put it")
    parser.add_argument("--voice", default="af_heart")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    request = {"folder": str(arguments.folder.expanduser().resolve()), "voice": arguments.voice}
    result = console.run("demo", request, "Making the demo")
    console.out(result, f"A voiceover of {clock(result['seconds'])} lies in {result['folder']}:")
    if not console.as_json:
        print("\n".join(f"  {Path(name).name}" for name in result["files"]))
    return 0
