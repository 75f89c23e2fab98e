"""`audiostudio speak`: a text in, a finished voiceover with captions out."""

import argparse
import math
import os
import sys
from pathlib import Path

from audiostudio.cli.console import Console, clock, fit
from audiostudio.cli.scripts import reading, speaking
from audiostudio.errors import MissingMedia, RequestError
from audiostudio.files import absolute
from audiostudio.operations.dictionary import applying_everywhere
from audiostudio.operations.script_file import own_language
from audiostudio.script.captions import CAPTION_WRITERS
from audiostudio.script.importing import SUFFIXES
from audiostudio.script.lines import join_lines, read_file, read_text
from audiostudio.sound.files import FORMATS
from audiostudio.timeline.schema import encode

PLAIN_SUFFIXES = (".csv", ".tsv", ".srt", ".vtt", ".docx", ".epub")
"""Of files whose text is not what is to be spoken, word for word."""


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("text", metavar="TEXT|FILE|-", help="what to speak: words, a script file, or - for stdin")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the sound file to write")
    parser.add_argument("--voice", default="", help="a voice, or a mix: af_heart:0.6+am_adam:0.4 (see 'voices')")
    parser.add_argument("--speed", type=number, default=1.0, help="0.5 to 2.0; default 1")
    parser.add_argument("--pitch", type=number, default=0.0, metavar="SEMITONES", help="-12 to +12; default 0")
    parser.add_argument("--lang", default="", help="language of the text; default: the voice's own")
    parser.add_argument("--captions", default="", metavar="srt,vtt,lrc,ass", help="captions beside OUT, with its stem")
    parser.add_argument("--format", choices=sorted(FORMATS), help="default: from OUT's ending")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    output, container = destination(arguments.output, arguments.format)
    kinds = caption_formats(arguments.captions)
    written = [output, *(output.with_suffix(f".{kind}") for kind in kinds)]
    text, script = source(console, arguments.text)
    if script in written:
        raise RequestError(f"{script} is the script itself.", "Choose another name for the output.")
    voice = speaking(console, arguments.voice)
    language = arguments.lang or own_language(console.studio, voice) or ""
    request = {
        "text": text,
        "voice": voice,
        "speed": arguments.speed,
        "pitch": arguments.pitch,
        "language": arguments.lang,
        "pronunciations": encode(applying_everywhere(console.studio.profile, text, language)),
        "output": str(output),
        "format": container,
        "captions": kinds,
    }
    result = console.run("speech.file", request, f"Speaking {fit(text[:100], 30)}", writes=written)
    for notice in result["notices"]:
        console.say(notice)
    console.out(result, "\n".join([f"{result['output']}  {clock(result['seconds'])}", *result["captions"]]))
    return 0


def number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def source(console: Console, text: str) -> tuple[str, Path | None]:
    """The text itself, a file's, or standard input's; and the file."""
    if text == "-":
        return read_text(sys.stdin.buffer, "Standard input"), None
    if "\n" in text or not text.strip():
        return _decoded(text), None
    path = absolute(text)
    if os.path.isdir(path):  # noqa: PTH112
        raise RequestError(
            f"{fit(text, 60)} is a folder, not a script.",
            "Name a script file. To speak the word itself, pipe it in: echo … | audiostudio speak - -o OUT",
        )
    if os.path.exists(path):  # noqa: PTH110 - pathlib's raise for a text that is too long for a name
        return _written(console, path), path
    if path.suffix.lower() in SUFFIXES and " " not in path.name:
        raise MissingMedia(f"There is no file {fit(text, 200)}.", "Check its name and folder.")
    return _decoded(text), None


def _written(console: Console, path: Path) -> str:
    """What a script file says, whoever says it."""
    if path.suffix.lower() not in PLAIN_SUFFIXES:
        return read_file(path)
    return join_lines([line.text for line in reading(console, path, names=False).lines])


def _decoded(text: str) -> str:
    """An argument as UTF-8, also where the locale does not know that it is; what is none is left out by the voice."""
    undecoded = any("\udc80" <= one <= "\udcff" for one in text)
    return os.fsencode(text).decode("utf-8", "replace") if undecoded else text


def destination(text: str, container: str | None) -> tuple[Path, str]:
    """Where to write and in which format; an ending and `--format` must not contradict each other."""
    output = absolute(text)
    if not text or text.endswith(("/", os.sep)) or os.path.isdir(output):  # noqa: PTH112
        raise RequestError(f"“{text}” is not the name of a file.", "Name a file, such as intro.wav.")
    suffix = output.suffix.lower().removeprefix(".")
    if not suffix:
        chosen = container or "wav"
        return output.with_name(f"{output.name}.{chosen}"), chosen
    if suffix not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise RequestError(f"{output.name} ends in .{suffix}, which cannot be written.", f"Use one of {known}.")
    if container and container != suffix:
        raise RequestError(
            f"{output.name} ends in .{suffix}, but --format says {container}.", "Leave one of the two out."
        )
    return output, suffix


def require_apart(*paths: Path | None) -> None:
    """Raises `RequestError` where two of the files that a command reads and writes are one."""
    named = [path for path in paths if path is not None]
    for place, path in enumerate(named):
        if path in named[:place]:
            raise RequestError(f"{path.name} is named twice: one would be written over the other.", "Rename one.")


def caption_formats(text: str) -> list[str]:
    formats = [part.strip().lower() for part in text.split(",") if part.strip()]
    for one in formats:
        if one not in CAPTION_WRITERS:
            known = ", ".join(CAPTION_WRITERS)
            raise RequestError(f"Captions cannot be written as {one}.", f"Use one or more of {known}.")
    return list(dict.fromkeys(formats))
