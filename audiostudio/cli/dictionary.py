"""`audiostudio dictionary`: how words are read aloud, in all projects or in one."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from audiostudio.cli.console import Console, table
from audiostudio.cli.scripts import existing
from audiostudio.errors import NotFound, ReadOnly, RequestError
from audiostudio.files import absolute
from audiostudio.operations.dictionary import export_csv, import_csv, read_dictionary, write_dictionary
from audiostudio.script.dictionary import complaint
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Pronunciation
from audiostudio.timeline.schema import encode

Entries = tuple[Pronunciation, ...]


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    made = {
        verb: verbs.add_parser(verb, parents=[common], help=text)
        for verb, text in (
            ("list", "the words and how they are said"),
            ("set", "say a word in another way"),
            ("remove", "say a word as it is written again"),
            ("import", "entries of a CSV file; they replace others for the same word and language"),
            ("export", "write a CSV file"),
        )
    }
    for verb, one in made.items():
        one.add_argument("--project", metavar="DIR", help="that of a project, in place of the one for all of them")
        one.set_defaults(run=VERBS[verb])
    for verb in ("set", "remove"):
        made[verb].add_argument("word", metavar="WORD")
        made[verb].add_argument("--lang", default="", help="only in this language; default: in every one")
    made["set"].add_argument("spoken", metavar="SPOKEN", help="a respelling, or phonemes between slashes: /ˈnʌlz/")
    made["set"].add_argument("--match-case", action="store_true", help="only when it is written just so")
    made["set"].add_argument("--part", action="store_true", help="also within longer words")
    made["import"].add_argument("file", metavar="FILE.csv")
    made["export"].add_argument("file", metavar="FILE.csv")


def show(console: Console, arguments: argparse.Namespace) -> int:
    _out(console, _entries(console, arguments))
    return 0


def put(console: Console, arguments: argparse.Namespace) -> int:
    spoken = arguments.spoken.strip()
    ipa = len(spoken) > 2 and spoken[0] == spoken[-1] == "/"
    entry = Pronunciation(
        arguments.word.strip(),
        spoken.strip("/ ") if ipa else spoken,
        ipa,
        arguments.lang or None,
        arguments.match_case,
        not arguments.part,
    )
    wrong = complaint(entry)
    if wrong:
        raise RequestError(wrong, "Change the entry.")
    _keep(console, arguments, edits.with_pronunciation(_entries(console, arguments), entry))
    return 0


def remove(console: Console, arguments: argparse.Namespace) -> int:
    before = _entries(console, arguments)
    after = edits.without_pronunciation(before, arguments.word, arguments.lang or None)
    if len(after) == len(before):
        raise NotFound(f"The dictionary has no “{arguments.word}”.", "`audiostudio dictionary list` lists its words.")
    _keep(console, arguments, after)
    return 0


def bring_in(console: Console, arguments: argparse.Namespace) -> int:
    """Ends with 1 where a row could not be used; the others are kept."""
    entries, wrong = import_csv(existing(arguments.file), _entries(console, arguments))
    _keep(console, arguments, entries)
    for sentence in wrong:
        console.say(sentence)
    return 1 if wrong else 0


def export(console: Console, arguments: argparse.Namespace) -> int:
    path = absolute(arguments.file)
    entries = _entries(console, arguments)
    if path.suffix.lower() != ".csv" or path.is_dir():
        raise RequestError(f"“{arguments.file}” is not the name of a CSV file.", "Let it end in .csv.")
    export_csv(path, entries)
    console.out({"output": str(path), "entries": len(entries)}, f"{path}  {len(entries)} entries")
    return 0


VERBS = {"list": show, "set": put, "remove": remove, "import": bring_in, "export": export}


def _entries(console: Console, arguments: argparse.Namespace) -> Entries:
    if arguments.project:
        return ProjectFile.read(existing(arguments.project)).dictionary
    return read_dictionary(console.studio.profile)


def _keep(console: Console, arguments: argparse.Namespace, entries: Entries) -> None:
    if arguments.project:
        _keep_in(existing(arguments.project), entries)
    else:
        write_dictionary(console.studio.profile, entries)
    _out(console, entries)


def _keep_in(project: Path, entries: Entries) -> None:
    with ProjectFile.open(project) as session:
        if session.read_only:
            raise session.problem or ReadOnly(f"{project} can only be read.", "Close it elsewhere.")
        session.edit("Dictionary", lambda one: edits.set_dictionary(one, entries))


def _out(console: Console, entries: Sequence[Pronunciation]) -> None:
    rows = [
        (one.word, f"/{one.spoken}/" if one.ipa else one.spoken, one.language or "", _rules(one)) for one in entries
    ]
    told = [{name: value for name, value in encode(one).items() if name != "schema"} for one in entries]
    console.out(told, table(("WORD", "SPOKEN", "LANG", "ONLY"), rows) if rows else "There are no entries.")


def _rules(one: Pronunciation) -> str:
    rules = ["as written"] * one.match_case + ["also within words"] * (not one.whole_word)
    return ", ".join(rules)
