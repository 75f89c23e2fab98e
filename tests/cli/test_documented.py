"""What is not documented is not there: every command, option and exit code stands in docs/command-line.md."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from audiostudio.cli import entry as cli
from audiostudio.errors import StudioError, _all_errors

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
EVERYWHERE = {"--help", "--profile", "--json", "--version", "--yes"}


def commands(parser: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield path, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action.choices.items():
                yield from commands(one, f"{path} {name}".strip())


def test_every_command_and_option_is_documented() -> None:
    for path, parser in commands(cli.parser(list(cli.COMMANDS))):
        assert path in PAGE, path
        for option in parser._option_string_actions:
            assert option in EVERYWHERE or not option.startswith("--") or option in PAGE, option


def test_every_exit_code_is_documented() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.M)}
    used = {error.exit_code for error in _all_errors().values()} | {0, cli.BUG, cli.CANCELLED}
    assert documented == used
    assert all(str(code) in cli.EPILOG for code in used)


def test_errors_cross_a_process_border_as_themselves() -> None:
    for name, kind in _all_errors().items():
        back = StudioError.from_json(kind("What happened.", "What to do.").to_json())
        assert (type(back).__name__, str(back)) == (name, "What happened. What to do.")
