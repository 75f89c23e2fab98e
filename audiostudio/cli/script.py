"""`audiostudio script …`: whole scripts and projects."""

import argparse
from pathlib import Path

from audiostudio.cli.console import Console, clock, table
from audiostudio.cli.scripts import FILE, NO_NAMES, existing, guessed, is_project, reading, script_file, speaking, tell
from audiostudio.cli.speak import caption_formats, destination
from audiostudio.errors import RequestError
from audiostudio.jobs import JsonObject, Partial
from audiostudio.operations.dictionary import read_dictionary
from audiostudio.operations.script import Pronouncing, has_take, made_take, request
from audiostudio.operations.script_file import (
    ScriptFile,
    cast_file,
    read_cast,
    write_cast,
)
from audiostudio.operations.voices.keeping import voice_id
from audiostudio.script.captions import CAPTION_WRITERS
from audiostudio.sound.files import FORMATS
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Project, Take, TakeWord, VoiceChoice


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    render = verbs.add_parser("render", parents=[common], help="speak every line into one voiceover")
    render.add_argument("file", metavar="FILE", help=FILE)
    render.add_argument("-o", "--output", required=True, metavar="OUT", help="the sound file to write")
    render.add_argument("--captions", default="", metavar=",".join(CAPTION_WRITERS), help="captions beside OUT")
    render.add_argument("--no-names", action="store_true", help=NO_NAMES)
    render.add_argument("--format", choices=sorted(FORMATS), help="default: from OUT's ending")
    render.add_argument("--voice", default="", help="who speaks the lines of a script file that nobody else does")
    render.add_argument("--lang", default="", help="language of a script file; default: each voice's own")
    render.set_defaults(run=run_render)
    cast = verbs.add_parser("cast", parents=[common], help="who speaks as whom; without NAME=VOICE: list the cast")
    cast.add_argument("file", metavar="FILE", help=FILE)
    cast.add_argument("roles", nargs="*", metavar="NAME=VOICE", help="EMMA=bf_emma; NAME= takes the role back")
    cast.set_defaults(run=run_cast)


def run_render(console: Console, arguments: argparse.Namespace) -> int:
    path = existing(arguments.file)
    output, container = destination(arguments.output, arguments.format)
    kinds = caption_formats(arguments.captions)
    written = [output, *(output.with_suffix(f".{kind}") for kind in kinds)]
    if path in written or cast_file(path) in written:
        raise RequestError(f"{path} is the script itself.", "Choose another name for the output.")
    asked = {"output": str(output), "format": container, "captions": kinds, "names": not arguments.no_names}
    if is_project(path):
        if arguments.voice or arguments.lang:
            raise RequestError("A project has its own voices and language.", "Leave --voice and --lang out.")
        result = _render_project(console, path, asked, written)
    else:
        file = script_file(console, path, speaking(console, arguments.voice), arguments.lang)
        tell(console, path, file)
        result = _render_file(console, file, asked, written)
    for notice in result["notices"]:
        console.say(f"{path.name}: {notice}")
    if result["guessed"]:
        console.say(guessed(result["guessed"]))
    made = f"{result['made']} of {result['takes']} lines made now"
    text = [f"{result['output']}  {clock(result['seconds'])}  ({made})", *result["captions"]]
    console.out(result, "\n".join(text))
    return 0


def _render_file(console: Console, file: ScriptFile, asked: JsonObject, written: list[Path]) -> JsonObject:
    lines = _request(console, file.project, None)
    del lines["project"]
    for line, found in zip(lines["lines"], file.imported.lines, strict=True):
        line["number"] = found.source_line or line["number"]
    return console.run("speech.render", lines | asked, f"Rendering {file.project.name}", writes=written)


def _render_project(console: Console, path: Path, asked: JsonObject, written: list[Path]) -> JsonObject:
    """What is made goes into the project where that can be written; the library has it in any case."""
    project = ProjectFile.read(path)
    lines = _request(console, project, path.parent if path.name == "project.json" else path)
    voices = {line.id: project.voice_of(line) for line in project.script.lines}
    known: dict[str, list[Take]] = {}
    for take in project.takes:
        known.setdefault(take.line, []).append(take)
    new: list[Take] = []
    words: dict[tuple[str, str], tuple[TakeWord, ...]] = {}

    def partial(event: Partial) -> None:
        if event.kind == "take":
            take = made_take(event.data, voices[event.data["line"]])
            if not has_take(known.get(take.line, ()), take):
                new.append(take)

        elif event.kind == "words":
            key = event.data["asset"], event.data["text"]
            words[key] = tuple(TakeWord(*word) for word in event.data["words"])

    try:
        return console.run("speech.render", lines | asked, f"Rendering {project.name}", partial, written)
    finally:
        if new or words:
            with ProjectFile.open(path) as session:
                if not session.read_only:
                    session.add_takes(*new)
                    bare = [take for take in session.project.takes if not take.words]
                    found = {take.id: words.get((take.asset.id, take.text), ()) for take in bare}
                    session.set_words(found)


def _request(console: Console, project: Project, folder: Path | None) -> JsonObject:
    return request(project, folder, Pronouncing(project, read_dictionary(console.studio.profile)))


def run_cast(console: Console, arguments: argparse.Namespace) -> int:
    path = existing(arguments.file)
    given = dict(map(_role, arguments.roles))
    given = {name: voice and voice_id(console.studio, voice) for name, voice in given.items()}
    for voice in filter(None, given.values()):
        console.studio.engines.resolve(voice)
    if is_project(path):
        cast, speakers = _cast_project(path, given)
    else:
        cast = read_cast(path)
        speakers = list(reading(console, path, [*cast, *given]).speakers)
        if given:
            cast = {name: voice for name, voice in (cast | given).items() if voice}
            write_cast(path, cast)
    uncast = [name for name in speakers if name not in cast]
    for name in given:
        if name not in speakers:
            console.say(f"Nobody in {path.name} is called {name}.")
    if uncast:
        console.say(f"No voice yet: {', '.join(uncast)}.")
    result = {"file": str(path), "cast": cast, "speakers": speakers, "uncast": uncast}
    console.out(result, table(("NAME", "VOICE"), list(cast.items())))
    return 0


def _cast_project(path: Path, given: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    with ProjectFile.open(path) as session:
        if given:
            session.edit("Cast", lambda project: _cast(project, given))
        project = session.project
    speakers = dict.fromkeys(line.speaker for line in project.script.lines if line.speaker is not None)
    return {role.name: role.voice.voice for role in project.cast.roles}, list(speakers)


def _cast(project: Project, given: dict[str, str]) -> Project:
    """Another voice speaks at the speed and pitch of the one before."""
    for name, voice in given.items():
        role = project.cast.role(name)
        if not voice:
            project = edits.set_role(project, name, None)
        elif role is None or role.voice.voice != voice:
            before = role.voice if role is not None else VoiceChoice(voice)
            chosen = VoiceChoice(voice, before.speed, before.pitch)
            project = edits.set_role(project, name, chosen)
    return project


def _role(text: str) -> tuple[str, str]:
    name, sign, voice = text.partition("=")
    if not sign or not name.strip():
        raise RequestError(f"“{text}” casts nobody.", "Write NAME=VOICE, such as EMMA=bf_emma.")
    return name.strip(), voice.strip()
