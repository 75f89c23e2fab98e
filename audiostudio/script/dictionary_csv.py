"""Pronunciation dictionaries as CSV files."""

from collections.abc import Iterable

from audiostudio.errors import UnreadableMedia
from audiostudio.script.dictionary import Entry, PlainEntry, complaint
from audiostudio.script.table import cell, read_table, written_table

COLUMNS = ("word", "spoken", "ipa", "language", "match_case", "whole_word")
_NAMES = {
    "word": "word", "term": "word", "text": "word", "phrase": "word", "written": "word", "grapheme": "word",
    "spoken": "spoken", "as": "spoken", "alias": "spoken", "replacement": "spoken", "pronunciation": "spoken",
    "respelling": "spoken", "say": "spoken", "ipa": "ipa", "phonemes": "ipa", "phoneme": "ipa",
    "language": "language", "lang": "language", "locale": "language",
    "matchcase": "match_case", "casesensitive": "match_case", "case": "match_case",
    "wholeword": "whole_word", "whole": "whole_word",
}  # fmt: skip
"""What the columns of other programs are called, in small letters without spaces."""
_YES = frozenset({"yes", "y", "true", "1", "x", "on", "ipa"})
_NO = frozenset({"no", "n", "false", "0", "", "off"})


def read_entries(data: bytes, name: str) -> tuple[list[PlainEntry], list[str]]:
    """The entries of a CSV file, and a sentence with its line for each row that has none.

    Columns as in `COLUMNS`, in any order; without a row of names they are word and spoken. A column of IPA may stand
    in place of `spoken`. Phonemes between slashes are IPA. Raises `UnreadableMedia`.
    """
    table = read_table(data, name)
    if not table.rows:
        raise UnreadableMedia(f"{name} holds no entries.", "A row is a word, a comma, and how it is said.")
    heads = [_NAMES.get("".join(one for one in head.lower() if one.isalnum()), "") for head in table.rows[0][1]]
    named = "word" in heads and ("spoken" in heads or "ipa" in heads)
    columns = heads if named else list(COLUMNS)
    entries: list[PlainEntry] = []
    wrong: list[str] = []
    for line, cells in table.rows[named:]:
        found = _entry({column: cell(text) for column, text in zip(columns, cells, strict=False) if column})
        if isinstance(found, str):
            wrong.append(f"{name}, line {line}: {found}")
        else:
            entries.append(found)
    return entries, wrong


def _entry(cells: dict[str, str]) -> PlainEntry | str:
    spoken, phonemes = cells.get("spoken", ""), cells.get("ipa", "")
    flag = phonemes.lower()
    ipa = flag in _YES
    if flag not in _YES | _NO:
        spoken, ipa = phonemes, True
    if not ipa and len(spoken) > 2 and spoken[0] == "/" == spoken[-1]:
        ipa = True
    if ipa:
        spoken = spoken.strip("/[] ")
    flags: dict[str, bool] = {}
    for column, default in (("match_case", False), ("whole_word", True)):
        text = cells.get(column, "").lower()
        if text not in _YES | _NO:
            return f"“{text[:40]}” in the column {column} is neither yes nor no."
        flags[column] = text in _YES if text else default
    entry = PlainEntry(cells.get("word", ""), spoken, ipa, cells.get("language") or None, **flags)
    return complaint(entry) or entry


def written_entries(entries: Iterable[Entry]) -> str:
    """A CSV file that `read_entries` reads as the same entries."""
    rows = [
        [
            one.word,
            one.spoken,
            "yes" if one.ipa else "no",
            one.language or "",
            "yes" if one.match_case else "no",
            "yes" if one.whole_word else "no",
        ]
        for one in entries
    ]
    return written_table([list(COLUMNS), *rows])
