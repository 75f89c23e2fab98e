"""The dictionary of all projects, dictionaries as CSV files, and what a change of one will make again."""

import json
from collections.abc import Sequence
from pathlib import Path

from audiostudio.errors import StorageError
from audiostudio.files import replace_file, storage_errors
from audiostudio.operations.script import Pronouncing, speakable
from audiostudio.profile import Profile
from audiostudio.script.dictionary_csv import read_entries, written_entries
from audiostudio.script.table import LARGEST
from audiostudio.timeline.edits import with_pronunciation
from audiostudio.timeline.project import Line, Project, Pronunciation, new_project
from audiostudio.timeline.schema import SchemaError, decode, encode


def dictionary_file(profile: Profile) -> Path:
    return profile.root / "dictionary.json"


def read_dictionary(profile: Profile) -> tuple[Pronunciation, ...]:
    """The entries that hold in all projects. Raises `StorageError` for a damaged file, which stays as it is."""
    path = dictionary_file(profile)
    with storage_errors(path):
        if not path.exists():
            return ()
        data = path.read_bytes()
    try:
        entries: tuple[Pronunciation, ...] = decode(tuple[Pronunciation, ...], json.loads(data)["entries"])
    except (ValueError, KeyError, TypeError, SchemaError, RecursionError) as error:
        raise StorageError(
            f"The dictionary {path} is damaged ({str(error)[:80]}).", "Mend it, or move it away to begin a new one."
        ) from error
    return entries


def write_dictionary(profile: Profile, entries: Sequence[Pronunciation]) -> None:
    """Make `entries` those that hold in all projects. Raises `StorageError`."""
    data = {"schema": "Dictionary.1", "entries": encode(tuple(entries))}
    replace_file(dictionary_file(profile), json.dumps(data, ensure_ascii=False, indent=1).encode())


def applying_everywhere(profile: Profile, text: str, language: str) -> tuple[Pronunciation, ...]:
    """The entries of the dictionary of all projects that a text of no project has a word for."""
    return Pronouncing(new_project("", language), read_dictionary(profile)).of(text, language)


def import_csv(path: Path, entries: Sequence[Pronunciation] = ()) -> tuple[tuple[Pronunciation, ...], list[str]]:
    """`entries` with those of a CSV file, which replace others for the same word and language; and a sentence with its
    line for each row that cannot be used. Raises `UnreadableMedia`, `MissingMedia`, `StorageError`.
    """
    with storage_errors(path), path.open("rb") as file:
        found, wrong = read_entries(file.read(LARGEST + 1), path.name)
    kept = tuple(entries)
    for one in found:
        entry = Pronunciation(one.word, one.spoken, one.ipa, one.language, one.match_case, one.whole_word)
        kept = with_pronunciation(kept, entry)
    return kept, wrong


def export_csv(path: Path, entries: Sequence[Pronunciation]) -> None:
    """The entries as a CSV file in UTF-8 that spreadsheets open. Raises `StorageError`."""
    replace_file(path, written_entries(entries).encode("utf-8-sig", "replace"))


def affected(
    project: Project,
    after: Project,
    everywhere: Sequence[Pronunciation] = (),
    everywhere_after: Sequence[Pronunciation] | None = None,
) -> list[Line]:
    """The lines of `after` that have to be made again because of a change of a dictionary, before anything is made.

    `after`: the project with the change; `everywhere`, `everywhere_after`: the dictionary of all projects before it
    and with it. Lines that are not made yet, or are recorded, are not among them.
    """
    old = Pronouncing(project, everywhere)
    new = Pronouncing(after, everywhere if everywhere_after is None else everywhere_after)
    before = project.current_takes(old)
    still = after.current_takes(new)
    return [line for line in after.script.lines if line.id in before and line.id not in still and speakable(line.text)]
