"""`audiostudio fit`: music at another length."""

import argparse

from audiostudio.cli.console import Console, clock
from audiostudio.cli.speak import destination, number
from audiostudio.errors import MissingMedia, RequestError
from audiostudio.files import absolute
from audiostudio.sound.files import FORMATS


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE", help="music, or a film with music")
    parser.add_argument("--duration", type=number, required=True, metavar="S", help="seconds of the result")
    parser.add_argument("-o", "--output", required=True, metavar="OUT")
    parser.add_argument("--format", choices=sorted(FORMATS), help="default: from OUT's ending")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    """0 when it was written."""
    path = absolute(arguments.file)
    if not path.exists():
        raise MissingMedia(f"There is no file {path}.", "Check its name and folder.")
    output, container = destination(arguments.output, arguments.format)
    if output == path:
        raise RequestError(f"{path.name} would be written over itself.", "Choose another name.")
    request = {"path": str(path), "seconds": arguments.duration, "output": str(output), "format": container}
    result = console.run("music.fit", request, f"Fitting {path.name}", writes=[output])
    lines = [f"{result['output']}  {clock(result['seconds'])}"]
    lines += [f"  {clock(one['at'])}: from {one['from']:.1f} s on to {one['to']:.1f} s" for one in result["seams"]]
    console.out(result, "\n".join(lines))
    return 0
