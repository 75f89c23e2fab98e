"""`audiostudio music`: a piece of music from a prompt or a preset; and which presets there are."""

import argparse
from pathlib import Path
from typing import Any

from audiostudio.cli.console import Console, clock, fit, table
from audiostudio.cli.speak import destination, number, require_apart
from audiostudio.errors import RequestError
from audiostudio.files import absolute, named, new_file
from audiostudio.jobs import JsonObject
from audiostudio.timeline.schema import encode

LIST = "presets"
"""The prompt that asks for the list instead."""


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("prompt", nargs="?", default="", metavar="PROMPT", help="what it is like; `presets` lists them")
    parser.add_argument("-o", "--output", metavar="OUT", help="the sound file to write")
    parser.add_argument("--preset", metavar="ID", help="begin with a preset; the prompt changes it")
    parser.add_argument("--engine", default="composer", help="composer (default) or musicgen")
    parser.add_argument("--duration", type=number, metavar="S", help="seconds; exact, with a proper ending")
    parser.add_argument("--bpm", type=number, metavar="N", help="quarter notes a minute")
    parser.add_argument("--key", metavar='"A minor"', help="tonic and mode")
    parser.add_argument("--genre", metavar="G", help="such as house, lo-fi or cinematic")
    parser.add_argument("--mood", metavar="M", help="such as calm or upbeat")
    parser.add_argument("--seed", type=int, metavar="N", help="the same seed makes the same music; default: drawn")
    parser.add_argument("--variants", type=int, default=1, metavar="N", help="so many pieces, OUT-1, OUT-2, …")
    parser.add_argument("--stems", metavar="FOLDER", help="each part as a file of its own")
    parser.add_argument("--midi", metavar="FILE", help="the notes")
    parser.add_argument("--melody", metavar="FILE", help="follow the melody of a recording (musicgen)")
    parser.add_argument("--continue", dest="continues", metavar="FILE", help="go on from a recording (musicgen)")
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="a setting of the engine")
    parser.set_defaults(run=run)


def run(console: Console, arguments: argparse.Namespace) -> int:
    if arguments.prompt.strip() == LIST and not arguments.output:
        return _presets(console)
    if not arguments.output:
        raise RequestError("Where shall the music go?", "Name a file: audiostudio music PROMPT -o music.wav")
    output, container = destination(arguments.output, None)
    stems = named(arguments.stems) if arguments.stems else None
    midi = absolute(arguments.midi) if arguments.midi else None
    read = [absolute(path) for path in (arguments.melody, arguments.continues) if path]
    require_apart(*dict.fromkeys(read), output, midi)
    title = f"Music: {fit(arguments.prompt or arguments.preset or arguments.genre or 'a piece', 30)}"
    result = console.run("music.make", _request(arguments, stems is not None, midi is not None), title)
    several = len(result["pieces"]) > 1
    told = []
    for place, piece in enumerate(result["pieces"], 1):
        ending = f"-{place}" if several else ""
        path = output.with_stem(output.stem + ending)
        write_asset(console, piece["asset"], path, container)
        folder = stems / f"{output.stem}{ending}" if stems is not None and several else stems
        files = write_stems(console, piece, folder) if folder is not None else []
        if midi is not None and piece["midi"]:
            notes = midi.with_stem(midi.stem + ending)
            with new_file(notes) as half:
                half.write_bytes(console.studio.library.get(piece["midi"]).path.read_bytes())
            files.append(notes)
        piece |= {"output": str(path), "files": [str(file) for file in files]}
        told += [f"{path}  {clock(piece['seconds'])}  {piece['name']}  seed {piece['seed']}", *map(str, files)]
    console.out(result, "\n".join(told))
    return 0


def _request(arguments: argparse.Namespace, stems: bool, midi: bool) -> JsonObject:
    from audiostudio.music.plan import Brief

    asked: dict[str, Any] = {
        name: getattr(arguments, name)
        for name in ("genre", "mood", "bpm", "key")
        if getattr(arguments, name) is not None
    }
    if arguments.preset:
        asked = {"preset": arguments.preset} | asked
    brief = _brief(asked) if asked else None
    options = dict(_option(text) for text in arguments.option)
    return {
        "engine": arguments.engine,
        "prompt": arguments.prompt,
        "brief": encode(brief) if isinstance(brief, Brief) else None,
        "seconds": arguments.duration,
        "seed": arguments.seed,
        "count": arguments.variants,
        "stems": stems,
        "midi": midi,
        "options": options,
        "melody": str(absolute(arguments.melody)) if arguments.melody else None,
        "continues": str(absolute(arguments.continues)) if arguments.continues else None,
    }


def _brief(asked: dict[str, Any]) -> Any:
    """What was chosen, over a preset's own."""
    from dataclasses import replace

    from audiostudio.music.genres import genre
    from audiostudio.music.plan import Brief
    from audiostudio.music.theory import Key

    begin = Brief()
    if "preset" in asked:
        from audiostudio.music.presets import preset

        begin = preset(asked.pop("preset")).brief()
    if "genre" in asked:
        asked["genre"] = genre(asked["genre"].strip().lower()).id
    if "key" in asked and asked["key"].strip().lower() not in ("major", "minor"):
        asked["key"] = Key.parse(asked["key"]).name
    return replace(begin, **asked)


def _option(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name.strip():
        raise RequestError(f"“{fit(text, 40)}” is no setting.", "Write it as NAME=VALUE.")
    return name.strip(), value.strip()


def write_asset(console: Console, asset: str, path: Path, container: str) -> None:
    request = {"asset": asset, "output": str(path), "format": container, "captions": []}
    for notice in console.run("speech.export", request, f"Writing {path.name}", writes=[path])["notices"]:
        console.say(notice)


def write_stems(console: Console, piece: JsonObject, folder: Path) -> list[Path]:
    files = []
    for place, stem in enumerate(piece["stems"], 1):
        name = "".join(one if one.isalnum() or one in " -" else "-" for one in stem["name"])
        files.append(folder / f"{place:02} {name}.wav")
        write_asset(console, stem["asset"], files[-1], "wav")
    return files


def _presets(console: Console) -> int:
    from audiostudio.music.genres import genres
    from audiostudio.music.presets import presets

    rows = [(one.id, one.title, one.description) for one in presets().values()]
    data = [
        {"id": one.id, "title": one.title, "description": one.description, "prompt": one.prompt}
        for one in presets().values()
    ]
    text = f"{table(('ID', 'Name', ''), rows)}\n\nGenres: {', '.join(genres())}"
    console.out({"presets": data, "genres": list(genres())}, text)
    return 0
