"""`audiostudio demo`: a folder with a voiceover, its captions and its recipe, and a song."""

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
    made += [folder / f"Song.{kind}" for kind in ("wav", "lrc", "txt")]
    request = {"folder": str(folder), "voice": arguments.voice}
    result = console.run("demo", request, "Making the demo", writes=made)
    names = "".join(f"\n  {Path(name).name}" for name in result["files"])
    long, short = clock(result["seconds"]), clock(result["song_seconds"])
    console.out(result, f"A voiceover of {long} and a song of {short} lie in {result['folder']}:{names}")
    return 0
