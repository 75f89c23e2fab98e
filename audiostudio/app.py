"""The top: reads the command line, builds everything once and passes it in."""

import argparse
import os
import sys
from collections.abc import Sequence

from audiostudio import cli

NO_SCREEN = """There is no screen here, so the window cannot open.
  → Everything works from the command line too. For a first voiceover: ./run demo
    For all commands: ./run --help"""


def main(words: Sequence[str] | None = None) -> int:
    """Run the command in `words` (default: the process's own); without one, open the window. The exit code."""
    arguments = cli.parse(words)
    if arguments.command or arguments.version:
        return cli.main(arguments)
    if not has_screen():
        print(NO_SCREEN, file=sys.stderr)
        return 1
    return window(arguments)


def has_screen() -> bool:
    """Whether a window can be shown. An explicit QT_QPA_PLATFORM is believed."""
    if os.environ.get("QT_QPA_PLATFORM") or sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def window(arguments: argparse.Namespace) -> int:
    """Open the studio's window and stay until it is closed."""
    from audiostudio.ui.application import run

    code: int = run(cli.profile(arguments))
    return code
