"""`audiostudio check`: is this recording what its text says, and does it sound well?"""

import argparse

from audiostudio.cli.console import Console, clock
from audiostudio.cli.scripts import Words, words_of
from audiostudio.errors import MissingMedia
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject
from audiostudio.timeline.project import TakeCheck
from audiostudio.timeline.schema import decode

GOOD, NOT_GOOD = 0, 1


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("audio", metavar="AUDIO", help="a recording, or a film with sound")
    parser.add_argument("--text", metavar="FILE", help="the script that it should say; default: anything")
    parser.add_argument("--lang", default="", help="language of the speech; default: it is detected")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    """0 when it is good, 1 when it is worth a listen or bad."""
    audio = absolute(arguments.audio)
    if not audio.is_file():
        raise MissingMedia(f"There is no file {audio}.", "Check its name and folder.")
    words = words_of(console, absolute(arguments.text)) if arguments.text else None
    request = {"audio": str(audio), "text": words.text if words else None, "language": arguments.lang}
    result = console.run("speech.check_file", request, f"Listening to {audio.name}")
    if words is not None:
        result["differences"] = [_in_source(words, one) for one in result["differences"]]
    console.out(result, _told(result, words.source if words else None))
    return GOOD if result["good"] else NOT_GOOD


def _in_source(words: Words, difference: JsonObject) -> JsonObject:
    return {**difference, "start": words.place(difference["start"]), "end": words.place(difference["end"])}


def _told(result: JsonObject, text: str | None) -> str:
    check: TakeCheck = decode(TakeCheck, result["check"])
    lines = [f"{result['audio']}  {clock(result['seconds'])}  {result['verdict']}", *result["reasons"]]
    if text is not None:
        lines.append(f"Word errors: {check.word_errors:.1%}")
        lines += [f"  {_place(text, one)}: {_difference(one)}" for one in result["differences"]]
    quality = "not measured" if check.quality is None else f"{check.quality:.2f} of 5"
    loudness = "too quiet to tell" if check.loudness is None else f"{check.loudness:.1f} LUFS"
    lines.append(f"Sound: {quality} (DNSMOS), {loudness}, {check.clipped} samples clipped")
    lines.append(f"Silence: {check.before:.1f} s before, {check.silence:.1f} s within, {check.after:.1f} s after")
    lines.append(f"Heard: {check.heard or 'nothing'}")
    return "\n".join(lines)


def _place(text: str, difference: JsonObject) -> str:
    start = difference["start"]
    line = text.count("\n", 0, start) + 1
    return f"line {line}, character {start - (text.rfind(chr(10), 0, start) + 1) + 1}"


def _difference(one: JsonObject) -> str:
    said, heard = one["said"], one["heard"]
    if not heard:
        return f"“{said}” is missing"
    return f"“{heard}” instead of “{said}”" if said else f"“{heard}” was added"
