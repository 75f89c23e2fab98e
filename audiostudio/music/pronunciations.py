"""How English words are said: the CMU Pronouncing Dictionary. Phones are ARPAbet; a vowel ends with its stress."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from audiostudio.errors import ModelDamaged
from audiostudio.files import storage_errors

MODEL, FILE = "cmudict", "cmudict.js"
"""Where the model store keeps it."""

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'"})
_EDGES = re.compile(r"^[^\w']+|[^\w']+$|_")


class Pronunciations:
    """All words of the dictionary, read in about 0.1 s."""

    def __init__(self, entries: dict[str, str]) -> None:
        self._entries = entries
        """Some end with a comment behind `#`."""

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, word: object) -> bool:
        return word in self._entries

    def words(self) -> list[tuple[str, str]]:
        """Every word with its first pronunciation, as the dictionary writes it."""
        return [(word, said.partition(" #")[0]) for word, said in self._entries.items() if word[-1] != ")"]

    def of(self, word: str) -> tuple[str, ...] | None:
        """The phones of a word, its first pronunciation. `singin'`, `’cause` and `mother's` are found too."""
        key = bare(word)
        for form in (key, key.strip("'"), key[:-1] + "g" if key.endswith("in'") else ""):
            if form in self._entries:
                return self._said(form)
        owner = re.sub(r"'s?$", "", key)
        if owner != key and owner in self._entries:
            return _owned(self._said(owner))
        return None

    def _said(self, word: str) -> tuple[str, ...]:
        return tuple(self._entries[word].partition(" #")[0].split())


def bare(word: str) -> str:
    """A word as dictionaries list it: small letters, a plain apostrophe, no punctuation around."""
    return _EDGES.sub("", word.translate(_APOSTROPHES).lower())


def read(file: Path) -> Pronunciations:
    """Of the package's file; read again only when it changed. Raises `ModelDamaged`, `StorageError`."""
    with storage_errors(file):
        status = file.stat()
    return _read(file, status.st_mtime_ns, status.st_size)


@lru_cache(2)
def _read(file: Path, changed: int, size: int) -> Pronunciations:
    with storage_errors(file):
        data = file.read_bytes()
    try:
        text = data.decode()
        found: Any = json.loads(text[text.index("= {") + 2 : text.rindex("}") + 1])
    except (ValueError, RecursionError) as error:
        raise ModelDamaged(
            f"The dictionary {file.name} cannot be read.", f"Run `audiostudio models pull {MODEL}`."
        ) from error
    return Pronunciations(found)


def _owned(phones: tuple[str, ...]) -> tuple[str, ...]:
    if phones[-1] in ("S", "Z", "SH", "ZH", "CH", "JH"):
        return (*phones, "IH0", "Z")
    return (*phones, "S" if phones[-1] in ("P", "T", "K", "F", "TH") else "Z")
