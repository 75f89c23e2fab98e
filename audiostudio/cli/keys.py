"""`audiostudio keys`: API keys of the services that speak for you."""

import argparse
import getpass
import sys
from dataclasses import asdict

from audiostudio.cli.console import Console, table
from audiostudio.engines.elevenlabs.catalogue import ENGINE
from audiostudio.operations.cloud import accounts
from audiostudio.operations.music import writers


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments. A key is never one of them: other programs and the shell's history could read it."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb, text in (
        ("list", "which services there are, and whether each has its key"),
        ("set", "keep a key, which is asked for or read from standard input"),
        ("check", "ask the service whether it accepts the key, and fetch its voices"),
        ("remove", "forget a key"),
    ):
        one = verbs.add_parser(verb, parents=[common], help=text)
        if verb != "list":
            one.add_argument("engine", metavar="ENGINE", help=f"{ENGINE}, or the name of a server of yours")
        one.set_defaults(run=VERBS[verb])


def list_keys(console: Console, arguments: argparse.Namespace) -> int:
    states = accounts.states(console.studio)
    keys = [one.key_in or ("needed" if one.needs_key else "–") for one in states]
    rows = [(one.engine, key, str(one.voices), one.title) for one, key in zip(states, keys, strict=True)]
    console.out([asdict(one) for one in states], table(("ENGINE", "KEY", "VOICES", "SERVICE"), rows))
    return 0


def set_key(console: Console, arguments: argparse.Namespace) -> int:
    if arguments.engine in {one.name for one in writers.servers(console.studio)}:
        where = writers.set_key(console.studio, arguments.engine, _typed(arguments.engine))
        console.out({"engine": arguments.engine, "key_in": where}, "The key is kept.")
        return 0
    console.studio.engines.manifest(arguments.engine)  # before anybody types
    where = accounts.set_key(console.studio, arguments.engine, _typed(arguments.engine))
    place = "the system's keyring" if where == "keyring" else "a file that only you can read"
    data = {"engine": arguments.engine, "key_in": where}
    console.out(data, f"The key lies in {place}. `audiostudio keys check {arguments.engine}` tries it.")
    return 0


def check(console: Console, arguments: argparse.Namespace) -> int:
    result = console.run("cloud.check_key", {"engine": arguments.engine}, "Checking the key")
    state = accounts.state(console.studio, arguments.engine)
    console.out(result, f"{state.title} accepts the key. It has {state.voices} voices.")
    return 0


def remove(console: Console, arguments: argparse.Namespace) -> int:
    if arguments.engine in {one.name for one in writers.servers(console.studio)}:
        was = writers.remove_key(console.studio, arguments.engine)
    else:
        was = accounts.remove_key(console.studio, arguments.engine)
    said = f"The key of {arguments.engine} is forgotten." if was else f"There was no key of {arguments.engine}."
    console.out({"engine": arguments.engine, "removed": was}, said)
    return 0


VERBS = {"list": list_keys, "set": set_key, "check": check, "remove": remove}


def _typed(engine: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"API key of {engine} (it is not shown): ")
    return sys.stdin.readline()
