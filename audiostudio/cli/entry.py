"""The command line's root: words to a command, a command's errors to an exit code."""

import argparse
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from audiostudio import __version__
from audiostudio.cli import streams
from audiostudio.errors import RequestError, StudioError
from audiostudio.files import absolute
from audiostudio.jobs.failure import Bug, Cancelled
from audiostudio.profile import Profile

if TYPE_CHECKING:
    from audiostudio.cli.console import Console

Handler: TypeAlias = Callable[[int, FrameType | None], Any] | int | None

CANCELLED = 130
CANCELLED_SENTENCE = "Cancelled. Nothing half-written was left behind."
BUG = 70

EPILOG = """exit codes:
  0 done · 1 error · 2 the request cannot be done as asked · 3 a media file · 4 disk, library or project
  5 a model · 6 network · 7 an engine · 8 a worker process died · 9 a device · 70 our bug · 130 cancelled"""


COMMANDS = {
    "speak": "speak a text into a sound file",
    "script": "render a script or project, cast its speakers",
    "batch": "a table or subtitles into many files, or one timeline",
    "project": "make a project, put files on its tracks, show it, tidy what is said",
    "mix": "a project's timeline as one sound file, with stems",
    "export": "a project's timeline for a video editor, with its media",
    "rights": "what a mix is made of, whether it may be sold, whom to credit",
    "transcript": "what is said on a project's timeline, word by word",
    "check": "listen to a recording: word errors and faults",
    "verify": "where a sound is from: watermark, Content Credentials, terms",
    "music": "make music from a prompt or a preset",
    "song": "make a song from lyrics",
    "fit": "music at another length, by jumps that are not heard",
    "analyze": "tempo, beats, key, sections and loudness of a recording",
    "captions": "captions of a recording, with its text or without",
    "dictionary": "how words are read aloud",
    "voices": "list the voices",
    "voice": "voices of your own: check recordings, make, keep and share them",
    "keys": "API keys of the services that speak for you",
    "cloud": "accounts, sound effects, new voices, history, your own speech servers",
    "library": "search, import and look after the library",
    "engines": "install what PyTorch engines need, list, remove, try it",
    "models": "list, fetch, verify and remove models",
    "doctor": "check this installation and say how to mend it",
    "demo": "make a small voiceover from a script that ships",
}
"""Each is a module beside this one, imported only for its own sake."""


class Parser(argparse.ArgumentParser):
    """Raises a `RequestError` for what it does not understand, where argparse ends the process."""

    def error(self, message: str) -> NoReturn:
        raise RequestError(f"{message[:1].upper()}{message[1:]}.", f"Read `{self.prog} --help`.")


def parser(words: Sequence[str]) -> Parser:
    """What the command line understands. Only the commands among `words` know their own arguments."""
    common = Parser(add_help=False)
    common.add_argument("--profile", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="keep all data in DIR")
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print the result as JSON")
    top = Parser(
        prog="audiostudio",
        description="Audio Studio. Without a command it opens the window.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    top.add_argument("--version", action="store_true", help="print the versions of everything that matters")
    top.add_argument(
        "--without-recovering",
        action="store_true",
        help="open the window with the last project as it was saved, less what a crash left",
    )
    top.add_argument("--yes", action="store_true", help=argparse.SUPPRESS)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, parents=[common], help=text)
        if name in words:
            import_module(f"audiostudio.cli.{name}").add(command, common)
    return top


def profile(arguments: argparse.Namespace) -> Profile:
    """The profile that the arguments name."""
    named: Path | None = getattr(arguments, "profile", None)
    return Profile(absolute(named)) if named else Profile.default()


def main(arguments: argparse.Namespace) -> int:
    """Run the command that `parse` found; the exit code."""
    from audiostudio.cli.console import Console

    streams.prepare()
    before = on_stop(signal.default_int_handler)
    console = Console(getattr(arguments, "json", False))
    try:
        code = _run(console, arguments)
    except KeyboardInterrupt:
        console.say(CANCELLED_SENTENCE)
        code = CANCELLED
    finally:
        on_stop(signal.SIG_IGN)  # while it is tidied up
        console.close()
        streams.settle()
        for number, handler in before.items():
            signal.signal(number, handler)
    return code


def _run(console: "Console", arguments: argparse.Namespace) -> int:
    try:
        console.open(profile(arguments))
        if arguments.version:
            from audiostudio.cli.doctor import version

            return version(console)
        code: int = arguments.run(console, arguments)
    except StudioError as error:
        console.fail(error)
        return error.exit_code
    except Cancelled:
        console.say(CANCELLED_SENTENCE)
        return CANCELLED
    except BrokenPipeError:  # whoever read the result has seen enough
        return 0
    except Bug as bug:
        return _report(console, str(bug))
    except Exception:  # noqa: BLE001 - the top: whatever else it is, it is our bug and is reported
        return _report(console, traceback.format_exc())
    return code


def on_stop(handler: Handler) -> dict[signal.Signals, Handler]:
    """What Ctrl-C does, and what else asks a process to end; what the parent chose to ignore stays ignored.
    The handlers that were there before."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {signal.Signals[name]: signal.getsignal(signal.Signals[name]) for name in names}
    for number, was in before.items():
        if was is not signal.SIG_IGN:
            signal.signal(number, handler)
    return before


def parse(words: Sequence[str] | None) -> argparse.Namespace:
    """The arguments in `words` (default: the process's own). Ends the process where they are not understood."""
    words = sys.argv[1:] if words is None else words
    try:
        return parser(words).parse_args(words)
    except RequestError as error:
        from audiostudio.cli.console import Console

        streams.prepare()
        Console("--json" in words).fail(error)
        sys.exit(error.exit_code)


def _report(console: "Console", text: str) -> int:
    console.say(
        f"{text.rstrip()}\n\nThis is a fault of Audio Studio {__version__}, not yours. Please report the lines above."
    )
    return BUG
