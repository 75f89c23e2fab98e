"""`audiostudio song`: lyrics in, a song out, with its stems and the time of every word."""

import argparse
import sys
from pathlib import Path

from audiostudio.cli.console import Console, clock, fit
from audiostudio.cli.music import write_asset, write_stems
from audiostudio.cli.speak import destination, number, require_apart
from audiostudio.errors import MissingMedia, RequestError
from audiostudio.files import absolute, named, new_file
from audiostudio.jobs import JsonObject
from audiostudio.music.plan import Brief
from audiostudio.music.song import SLOTS, SlotVoice, Song, Writing
from audiostudio.script.lines import read_file, read_text
from audiostudio.timeline.project import new_id
from audiostudio.timeline.schema import encode


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--lyrics", required=True, metavar="FILE|-", help="the words; a line may begin with A: or A+B:")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the sound file to write")
    parser.add_argument("--style", default="", metavar="PROMPT", help="what the music is like")
    parser.add_argument("--singers", default="", metavar="V1,V2,V3", help="voices of A, B and C (see 'voices')")
    parser.add_argument("--title", default="", help="default: the name of OUT")
    parser.add_argument("--duration", type=number, metavar="S", help="seconds, as nearly as the words allow")
    parser.add_argument("--seed", type=int, metavar="N", help="the same seed makes the same song; default: drawn")
    parser.add_argument("--stems", metavar="FOLDER", help="vocals, each singer and the music as files of their own")
    parser.add_argument("--lrc", metavar="FILE", help="the words with their times, for players")
    parser.add_argument("--ass", metavar="FILE", help="karaoke subtitles")
    parser.add_argument("--midi", metavar="FILE", help="the notes, those that are sung with their words")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    output, container = destination(arguments.output, None)
    texts = {kind: absolute(path) for kind in ("lrc", "ass") if (path := getattr(arguments, kind))}
    midi = absolute(arguments.midi) if arguments.midi else None
    stems = named(arguments.stems) if arguments.stems else None
    require_apart(None if arguments.lyrics == "-" else absolute(arguments.lyrics), output, *texts.values(), midi)
    result = console.run("song.make", _request(arguments, output), f"Song: {fit(output.stem, 30)}")
    write_asset(console, result["asset"], output, container)
    files = write_stems(console, result, stems) if stems is not None else []
    for kind, path in texts.items():
        with new_file(path) as half:
            half.write_text(result[kind], encoding="utf-8")
        files.append(path)
    if midi is not None:
        with new_file(midi) as half:
            half.write_bytes(console.studio.library.get(result["midi"]).path.read_bytes())
        files.append(midi)
    result |= {"output": str(output), "files": [str(file) for file in files]}
    seed = result["detail"]["seed"]
    told = [f"{output}  {clock(result['seconds'])}  {result['name']}  seed {seed}", *map(str, files)]
    console.out(result, "\n".join(told))
    return 0


def _request(arguments: argparse.Namespace, output: Path) -> JsonObject:
    voices = [one.strip() for one in arguments.singers.split(",")]
    if len(voices) > len(SLOTS):
        raise RequestError(f"{len(voices)} singers are too many.", f"Name {len(SLOTS)} voices at most, with commas.")
    song = Song(
        new_id(),
        arguments.title or output.stem,
        arguments.style,
        Brief(seconds=arguments.duration),
        writing=Writing.CUSTOM,
        lyrics=_lyrics(arguments.lyrics),
        voices=tuple(SlotVoice(slot, voice) for slot, voice in zip(SLOTS, voices, strict=False) if voice),
    )
    return {"song": encode(song), "name": song.title, "seed": arguments.seed, "stems": bool(arguments.stems)}


def _lyrics(name: str) -> str:
    if name == "-":
        return read_text(sys.stdin.buffer, "Standard input")
    path = absolute(name)
    if not path.is_file():
        raise MissingMedia(f"There is no file {fit(name, 200)}.", "Write the lyrics into a text file and name it.")
    return read_file(path)
