"""`audiostudio voices`: who can speak."""

import argparse
from dataclasses import asdict

from audiostudio.cli.console import Console, table
from audiostudio.engines.base import Voice


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("search", nargs="?", default="", help="words to look for in name, language, gender, accent")
    parser.add_argument("--lang", default="", help="only this language, e.g. en-gb or fr")
    parser.add_argument("--refresh", action="store_true", help="ask the services that speak for you for theirs")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    if arguments.refresh:
        for one in console.run("cloud.voices", {}, "Fetching voices")["failed"]:
            console.say(f"{one['engine']}: {one['sentence']}")
    words = arguments.search.lower().split()
    voices = [
        voice
        for voice in console.studio.engines.voices()
        if voice.language.startswith(arguments.lang.lower()) and all(word in _searched(voice) for word in words)
    ]
    rows = [(v.id, v.name, v.language, v.gender, v.accent, v.engine) for v in voices]
    head = ("VOICE", "NAME", "LANGUAGE", "GENDER", "ACCENT", "ENGINE")
    console.out([asdict(voice) for voice in voices], table(head, rows) if rows else "No voice matches.")
    return 0


def _searched(voice: Voice) -> str:
    return " ".join((voice.id, voice.name, voice.language, voice.gender, voice.accent, voice.engine)).lower()
