"""Script files, and a script's lines."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from audiostudio.errors import UnreadableMedia
from audiostudio.files import storage_errors

LARGEST = 16 * 1024 * 1024
"""Bytes of a script file: some 500 hours of speech."""
SUFFIXES = (".txt", ".md", ".markdown", ".text")

_BLANK = re.compile(r"\n(?:[ \t\r\f\v\u00a0\u200b\ufeff]*\n)+")
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t][^\n]*\n\s*", re.MULTILINE)
_BINARY = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph of a script and its place: `source[start:end] == text`."""

    text: str
    start: int
    end: int


def lines(text: str) -> Iterator[TextLine]:
    """The paragraphs of `text` (parted by empty lines), without the white space around them."""
    at = 0
    for gap in _BLANK.finditer(text):
        yield from _line(text, at, gap.start())
        at = gap.end()
    yield from _line(text, at, len(text))


def beginnings(text: str) -> list[int]:
    """Where the paragraphs of `text` begin, and what follows a heading; in characters, in order."""
    after_headings = {found.end() for found in _HEADING.finditer(text)}
    return sorted(after_headings | {line.start for line in lines(text)})


def _line(text: str, start: int, end: int) -> Iterator[TextLine]:
    part = text[start:end]
    bare = part.strip()
    if bare:
        begin = start + len(part) - len(part.lstrip())
        yield TextLine(bare, begin, begin + len(bare))


def split_lines(text: str) -> list[str]:
    """The paragraphs of `text`, each a line of the script."""
    return [line.text for line in lines(text)]


def join_lines(parts: list[str]) -> str:
    """One text of lines: `split_lines(join_lines(parts)) == parts` for lines without empty lines in them."""
    return "\n\n".join(parts)


def read_file(path: Path) -> str:
    """The text of a `.txt` or `.md` file in UTF-8 or UTF-16, line ends as `\\n`.

    Raises `UnreadableMedia` for other encodings, binary files and files over `LARGEST`; `MissingMedia`,
    `ReadOnly`, `StorageError` when the file cannot be opened.
    """
    with storage_errors(path), path.open("rb") as file:
        return read_text(file, path.name)


def read_text(file: IO[bytes], name: str) -> str:
    """The text of an open file, which messages call `name`. Raises as `read_file` does."""
    with storage_errors(Path(name)):
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnreadableMedia(f"{name} is larger than {LARGEST >> 20} MB.", "Split the script into smaller files.")
    text = _decoded(data, name)
    if _BINARY.search(text):
        raise UnreadableMedia(f"{name} is not a text file.", "Choose a .txt or .md file.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, name: str) -> str:
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise UnreadableMedia(f"{name} is not a text file.", "Choose a .txt or .md file.") from error
        raise UnreadableMedia(
            f"{name} is not UTF-8 text (byte {error.start + 1}).",
            "Save it as UTF-8 in your text editor (“Save as… → Encoding: UTF-8”).",
        ) from error


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[: min(len(data) // 2 * 2, 400)]
    even, odd = any(head[::2]), any(head[1::2])
    if even != odd:  # Western text in UTF-16 without its mark: every other byte is zero
        return "utf-16-le" if even else "utf-16-be"
    return "utf-8-sig"
