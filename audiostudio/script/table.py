"""Tables that people export: CSV in any common encoding, parted by commas, semicolons, tabs or bars."""

import codecs
import csv
import io
import re
from dataclasses import dataclass

from audiostudio.errors import UnreadableMedia
from audiostudio.script.latin import latin_encoding

LARGEST = 64 * 1024 * 1024
"""Bytes of a file."""
LONGEST_CELL = 1_000_000
"""Characters."""
_DELIMITERS = ",;\t|"
_BINARY = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_RARE = (
    "cp775",
    "hp_roman8",
    "iso8859_10",
    "iso8859_14",
    "iso8859_16",
    "ptcp154",
    "kz1048",
    "cp1125",
    "cp037",
    "cp500",
)
"""Encodings that a guess falls into more often than a script is in them."""
_OTHER_LETTERS = re.compile("[\u0370-\u0e7f]")
"""Greek, Cyrillic, Hebrew, Arabic, Indian scripts, Thai."""
_FITS = 0.95
"""Share of the letters of one language that decides."""
_TURKISH, _ICELANDIC = b"\xf0\xfd\xfe", b"\xe1\xe9\xed\xf3\xfa"
"""ğ ı ş in Turkish code pages, which are ð ý þ elsewhere; á é í ó ú, which Turkish does not have."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, without those that are empty. Cells are text, whatever they look like."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """With the line of the file that each begins in, from 1."""
    encoding: str
    """Python's name of it; anything but UTF-8 and UTF-16 was guessed."""


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """Text in any common encoding with line ends as `\\n`, and the encoding. Raises `UnreadableMedia`."""
    if len(data) > LARGEST:
        raise UnreadableMedia(f"{name} is larger than {LARGEST >> 20} MB.", "Split it into smaller files.")
    text, encoding = _decoded(data, name)
    if found := _BINARY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise UnreadableMedia(f"{name} is not a text file (line {line}).", "Choose a file of text.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise UnreadableMedia(
                    f"{name} is damaged: byte {error.start + 1} is no {encoding[:6].upper()}.", "Export it again."
                ) from error
    if wide := _wide(data[:400]):
        try:
            return data.decode(wide), wide
        except UnicodeDecodeError as error:
            raise UnreadableMedia(f"{name} is not a text file.", "Choose a file of text.") from error
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise UnreadableMedia(f"{name} is not a text file.", "Choose a file of text.") from error
    return _guessed(data, name)


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: in Western text about every other byte is zero."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 3:
        return ""
    return "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else ""


def _guessed(data: bytes, name: str) -> tuple[str, str]:
    """8-bit text and its likely encoding."""
    from charset_normalizer import from_bytes

    head = data[:200_000]
    best = from_bytes(head, cp_exclusion=list(_RARE)).best()
    likely = best.encoding if best else "cp1252"
    if not _OTHER_LETTERS.search(head.decode(likely, "replace")):
        turkish = [head.count(one) for one in _singles(_TURKISH)]
        if turkish[1] and turkish[2] and sum(turkish) > sum(map(head.count, _singles(_ICELANDIC))):
            likely = "cp1254"
        else:
            fitting, share = latin_encoding(head)
            likely = fitting if share >= _FITS else likely
    for encoding in (likely, "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableMedia(f"{name} is in no known encoding.", "Save it as UTF-8 in the program that made it.")


def _singles(letters: bytes) -> list[bytes]:
    return [bytes([one]) for one in letters]


def read_table(data: bytes, name: str) -> Table:
    """The table in a CSV file, which messages call `name`. Raises `UnreadableMedia` with the line."""
    text, encoding = decoded(data, name)
    delimiter = _delimiter(text)
    rows: list[tuple[int, tuple[str, ...]]] = []
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableMedia(
            f"{name}, line {line}: a cell is longer than {LONGEST_CELL:,} characters.", "Is a quotation mark missing?"
        ) from error
    if rows:
        _require_closed(text, rows[-1][0], delimiter, name)
    return Table(tuple(rows), encoding)


def _require_closed(text: str, line: int, delimiter: str, name: str) -> None:
    """Raises `UnreadableMedia` when the last row is all that follows a quotation mark."""
    last = "\n".join(text.split("\n")[line - 1 :])
    try:
        for _ in csv.reader(io.StringIO(last, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        if "end of data" in str(error):
            raise UnreadableMedia(
                f"{name}, line {line}: a quotation mark is never closed.",
                "Close it; a mark that belongs to the text is written twice.",
            ) from error


def _delimiter(text: str) -> str:
    """The sign that parts the cells of the first lines most evenly."""
    first = [line for line in text[:20_000].split("\n")[:20] if line.strip()]
    if not first:
        return ","

    def evenness(sign: str) -> tuple[bool, int, int]:
        counts = [_outside_quotes(line).count(sign) for line in first]
        return counts[0] > 0, sum(count == counts[0] for count in counts) * (counts[0] > 0), counts[0]

    return max(_DELIMITERS, key=evenness)


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def written_table(rows: list[list[str]]) -> str:
    """A CSV file of cells that a spreadsheet takes for text, also where one looks like a formula; `cell` undoes it."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([[_safe(cell) for cell in row] for row in rows])
    return out.getvalue()


def cell(text: str) -> str:
    """A cell as it was before `written_table` made it safe, without the white space around it."""
    text = text.strip()
    return text[1:] if re.match(r"'+[=+\-@\t\r]", text) else text


def _safe(text: str) -> str:
    return f"'{text}" if re.match(r"'*[=+\-@\t\r]", text) else text
