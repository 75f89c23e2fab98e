"""The dictionary of all projects, dictionaries as CSV files, and what a change of one will make again."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from audiostudio.errors import StorageError, UnreadableMedia
from audiostudio.files import replace_file, storage_errors
from audiostudio.operations.script import Pronouncing, speakable
from audiostudio.profile import Profile
from audiostudio.script.dictionary import complaint
from audiostudio.script.lines import read_file
from audiostudio.timeline.edits import with_pronunciation
from audiostudio.timeline.project import Line, Project, Pronunciation
from audiostudio.timeline.schema import SchemaError, decode, encode

COLUMNS = ("word", "spoken", "ipa", "language", "match_case", "whole_word")
"""Of a CSV file. The first two are needed; the others are `yes` or `no`, and a BCP 47 tag or nothing."""
_YES = frozenset({"yes", "y", "true", "1", "on"})
_NO = frozenset({"no", "n", "false", "0", "off", ""})


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


def import_csv(path: Path, entries: Sequence[Pronunciation] = ()) -> tuple[Pronunciation, ...]:
    """`entries` with those of a CSV file, which replace others for the same word and language.

    The first row names the columns; see `COLUMNS`. A comma, semicolon or tab parts them.
    Raises `UnreadableMedia` with the row that cannot be used, `MissingMedia`, `StorageError`.
    """
    text = read_file(path)
    kept = tuple(entries)
    try:
        rows = csv.DictReader(io.StringIO(text), dialect=_dialect(text), restkey="", strict=True)
        names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
        if not {"word", "spoken"} <= names.keys():
            raise UnreadableMedia(
                f"{path.name} has no columns “word” and “spoken”.", "Name the columns in its first row."
            )
        for row in rows:
            values = {name: (row.get(names[name]) or "").strip() for name in COLUMNS if name in names}
            if any(values.values()):
                kept = with_pronunciation(kept, _entry(values, path, rows.line_num))
    except csv.Error as error:
        raise UnreadableMedia(f"{path.name} is no CSV file ({error}).", "Export it again as CSV in UTF-8.") from error
    return kept


def export_csv(path: Path, entries: Sequence[Pronunciation]) -> None:
    """The entries as a CSV file in UTF-8 that spreadsheets open. Raises `StorageError`."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in entries:
        said = ["yes" if flag else "no" for flag in (one.ipa, one.match_case, one.whole_word)]
        writer.writerow([one.word, one.spoken, said[0], one.language or "", said[1], said[2]])
    replace_file(path, text.getvalue().encode("utf-8-sig", "replace"))


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


def _dialect(text: str) -> type[csv.Dialect]:
    """Which of comma, semicolon and tab the first row uses most."""
    head = text.split("\n", 1)[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=head.count)

    return Found


def _entry(values: dict[str, str], path: Path, row: int) -> Pronunciation:
    place = f"{path.name}, line {row}"
    for name in ("word", "spoken"):
        if not values.get(name):
            raise UnreadableMedia(f"{place}: “{name}” is empty.", "Fill it in, or remove the row.")
    entry = Pronunciation(
        values["word"],
        values["spoken"],
        _flag(values, "ipa", False, place),
        values.get("language") or None,
        _flag(values, "match_case", False, place),
        _flag(values, "whole_word", True, place),
    )
    wrong = complaint(entry)
    if wrong:
        raise UnreadableMedia(f"{place}: {wrong}", "Mend the row, or remove it.")
    return entry


def _flag(values: dict[str, str], name: str, otherwise: bool, place: str) -> bool:
    value = values.get(name, "").lower()
    if value not in _YES | _NO:
        raise UnreadableMedia(f"{place}: “{value[:40]}” under {name} is neither yes nor no.", "Write yes or no.")
    return value in _YES if value else otherwise
