"""`audiostudio analyze`: what music is in a file."""

import argparse

from audiostudio.cli.console import Console, clock
from audiostudio.errors import MissingMedia
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a sound, or a film with sound")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    """0 when it was listened to, whatever was found."""
    path = absolute(arguments.file)
    if not path.exists():
        raise MissingMedia(f"There is no file {path}.", "Check its name and folder.")
    result = console.run("music.analyse", {"path": str(path)}, f"Listening to {path.name}")
    console.out({"file": str(path), **result}, _told(str(path), result))
    return 0


def _told(name: str, found: JsonObject) -> str:
    """The analysis for people."""
    steady = "" if found["tempo_stable"] else ", which changes"
    tempo = "no beat is heard" if found["bpm"] is None else f"{found['bpm']:.1f} beats a minute{steady}"
    lines = [f"{name}  {clock(found['seconds'])}", f"Tempo: {tempo}"]
    if found["bpm"] is not None:
        lines.append(f"Metre: {found['metre']}, {len(found['beats'])} beats in {len(found['downbeats'])} bars")
    relative = f" (or {found['relative']}, its relative)" if found["key_confidence"] < 0.5 else ""
    lines.append("Key: not clear" if found["key"] is None else f"Key: {found['key']}{relative}")
    lines.append("Sections: " + ", ".join(f"{one['label']} from {clock(one['start'])}" for one in found["sections"]))
    loudness = "silence" if found["loudness"] is None else f"{found['loudness']:.1f} LUFS"
    lines.append(f"Loudness: {loudness}")
    return "\n".join(lines)
