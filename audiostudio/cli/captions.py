"""`audiostudio captions`: captions of any recording, with its text or without."""

import argparse
from pathlib import Path

from audiostudio.cli.console import Console, clock
from audiostudio.cli.scripts import words_of
from audiostudio.errors import MissingMedia, RequestError
from audiostudio.files import absolute
from audiostudio.script.captions import CAPTION_WRITERS, READING_SPEED

_FAR = 0.5
"""Share of word errors above which text and recording hardly belong together."""


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("audio", metavar="AUDIO", help="a recording, or a film with sound")
    parser.add_argument("--text", metavar="FILE", help="the script that is said; default: it is recognised")
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT", help="the file to write: .srt, .vtt, .lrc, .ass"
    )
    parser.add_argument("--lang", default="", help="language of the speech; default: it is detected")
    parser.add_argument("--words", action="store_true", help="the time of each word in an .lrc file")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    audio, output = absolute(arguments.audio), _destination(arguments.output)
    if not audio.is_file():
        raise MissingMedia(f"There is no file {audio}.", "Check its name and folder.")
    script = absolute(arguments.text) if arguments.text else None
    if output in (audio, script):
        raise RequestError(f"{output.name} is read from; it cannot be written.", "Choose another name for the output.")
    if arguments.words and output.suffix.lower() != ".lrc":
        raise RequestError("Only an .lrc file can have --words.", "An .ass file has the times of words anyway.")
    request = {
        "audio": str(audio),
        "text": words_of(console, script).text if script else None,
        "language": arguments.lang,
        "output": str(output),
        "word_times": arguments.words,
    }
    result = console.run("captions.file", request, f"Listening to {audio.name}", writes=[output])
    for cue in result["too_fast"]:
        text = f"“{cue['text']}” at {clock(cue['start'])} asks for {cue['speed']:.0f} characters a second"
        console.say(f"{text}; a viewer can follow {READING_SPEED:.0f}.")
    if (result["word_errors"] or 0.0) > _FAR:
        console.say(f"The text is hardly what is heard ({result['word_errors']:.0%} of its words are not).")
    console.out(result, f"{result['output']}  {result['captions']} captions")
    return 0


def _destination(text: str) -> Path:
    output = absolute(text)
    if output.suffix.lower().removeprefix(".") not in CAPTION_WRITERS or output.is_dir():
        known = ", ".join(f".{kind}" for kind in CAPTION_WRITERS)
        raise RequestError(f"“{text}” is not the name of a caption file.", f"Let it end in one of {known}.")
    return output
