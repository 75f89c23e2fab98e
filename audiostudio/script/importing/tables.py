"""CSV scripts: one line in each row, with its voice, its file name and its settings."""

import re
from collections.abc import Callable

from audiostudio.errors import UnknownLanguage, UnreadableMedia
from audiostudio.script.importing.result import LATEST, TOO_LATE, ImportedLine, ImportedScript, ImportProblem, TimeSlot
from audiostudio.script.language import language
from audiostudio.script.markup import values
from audiostudio.script.table import cell, read_table

_NAMES = {
    "text": "text line dialogue dialog script content sentence narration words spoken utterance caption prompt",
    "voice": "voice voiceid voicename",
    "file_name": "filename file output outputfile out outfile name audiofile",
    "speaker": "speaker character role actor who speakername charactername",
    "language": "language lang locale languagecode",
    "speed": "speed rate tempo speakingrate",
    "pitch": "pitch semitones",
    "energy": "energy volume gain loudness",
    "intonation": "intonation expression",
    "pause_before": "pausebefore before delay",
    "pause_after": "pause pauseafter after silence gap",
    "start": "start starttime begin from in",
    "end": "end endtime stop to",
}
_COLUMNS = {name: column for column, names in _NAMES.items() for name in names.split()}
"""What each column may be called, in small letters without spaces and signs."""
_UNSAFE = re.compile(r"[/\\:*?\"<>|\0-\x1f]")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?")


def import_table(data: bytes, name: str) -> ImportedScript:
    """A CSV file, which messages call `name`. Rows without text and values that cannot be read are told and left out.

    Raises `UnreadableMedia` for what is no table and for one without a column of texts.
    """
    table = read_table(data, name)
    if not table.rows:
        raise UnreadableMedia(f"{name} is empty.", "It needs a row of column names and a row for each line.")
    columns = _columns(table.rows[0][1])
    rows = table.rows[1:]
    if "text" not in columns:
        if len(table.rows[0][1]) > 1:
            found = ", ".join(f"“{one.strip()[:30]}”" for one in table.rows[0][1][:12])
            raise UnreadableMedia(f"{name} has no column “text”; it has {found}.", "Name the column of texts “text”.")
        columns, rows = ["text"], table.rows
    reader = _Reader(table.rows[0][1], columns)
    lines = [line for number, cells in rows if (line := reader.line(number, cells)) is not None]
    if table.encoding not in ("utf-8", "utf-8-sig") and not table.encoding.startswith("utf"):
        reader.problems.insert(
            0,
            ImportProblem(f"It is not UTF-8; it was read as {table.encoding}. Look whether its letters are right."),
        )
    return ImportedScript(tuple(lines), tuple(reader.problems))


def _columns(heads: tuple[str, ...]) -> list[str]:
    """What each column holds; others are settings of their own name. Of two for the same the first counts."""
    found: list[str] = []
    for head in heads:
        plain = "".join(one for one in head.lower() if one.isalnum())
        column = _COLUMNS.get(plain, "")
        found.append(column if column and column not in found else f"={'_'.join(head.lower().split())}")
    return found


class _Reader:
    """Rows of one table to lines; what is wrong is gathered in `problems`."""

    def __init__(self, heads: tuple[str, ...], columns: list[str]) -> None:
        self.problems: list[ImportProblem] = []
        self._heads = dict(zip(columns, (head.strip() for head in heads), strict=False))
        self._columns = columns
        self._files: dict[str, int] = {}

    def line(self, number: int, cells: tuple[str, ...]) -> ImportedLine | None:
        row = {column: cell(text) for column, text in zip(self._columns, cells, strict=False)}
        text = " ".join(row.get("text", "").split())
        if not text:
            self._tell(number, "text", "there is no text; the row was left out.")
            return None
        if len(cells) > len(self._columns) and any(one.strip() for one in cells[len(self._columns) :]):
            self._tell(number, "", "there are more cells than columns; is a text with a comma not in quotes?")
        return ImportedLine(
            text,
            speaker=row.get("speaker") or None,
            voice=row.get("voice") or None,
            language=self._language(number, row),
            speed=self._value(number, row, "speed", values.speed),
            pitch=self._value(number, row, "pitch", values.pitch),
            energy=self._value(number, row, "energy", values.energy),
            intonation=self._value(number, row, "intonation", _factor),
            pause_before=self._value(number, row, "pause_before", values.duration),
            pause_after=self._value(number, row, "pause_after", values.duration),
            file_name=self._file(number, row),
            slot=self._slot(number, row),
            settings=tuple((column[1:], text) for column, text in row.items() if column.startswith("=") and text),
            source_line=number,
        )

    def _tell(self, line: int, column: str, message: str) -> None:
        self.problems.append(ImportProblem(message, line, self._heads.get(column, column)))

    def _value(self, line: int, row: dict[str, str], column: str, read: Callable[[str], float | str]) -> float | None:
        if not row.get(column):
            return None
        found = read(row[column])
        if isinstance(found, str):
            self._tell(line, column, f"“{row[column][:40]}” was left out. {found}")
            return None
        return found

    def _language(self, line: int, row: dict[str, str]) -> str | None:
        if not row.get("language"):
            return None
        try:
            return language(row["language"]).tag
        except UnknownLanguage as error:
            self._tell(line, "language", str(error))
            return None

    def _file(self, line: int, row: dict[str, str]) -> str | None:
        name = row.get("file_name", "")
        if not name:
            return None
        if _UNSAFE.search(name) or name.strip(". ") == "" or len(name) > 200:
            self._tell(line, "file_name", f"“{name[:60]}” is no plain file name and was left out.")
            return None
        if name.casefold() in self._files:
            first = self._files[name.casefold()]
            self._tell(line, "file_name", f"“{name[:60]}” is the name of line {first} too; it gets a number.")
        self._files.setdefault(name.casefold(), line)
        return name

    def _slot(self, line: int, row: dict[str, str]) -> TimeSlot | None:
        if not row.get("start") and not row.get("end"):
            return None
        start, end = _seconds(row.get("start", "")), _seconds(row.get("end", ""))
        if start is None or end is None or end < start:
            self._tell(line, "start", f"“{row.get('start', '')[:20]}” to “{row.get('end', '')[:20]}” is no time slot.")
            return None
        if end > LATEST:
            self._tell(line, "start", TOO_LATE)
            return None
        return TimeSlot(start, end)


def _factor(text: str) -> float | str:
    found = re.fullmatch(r"\d(?:[.,]\d{1,4})?", text)
    factor = float(text.replace(",", ".")) if found else -1.0
    return factor if 0 <= factor <= 3 else "An intonation is a factor from 0 to 3."


def _seconds(text: str) -> float | None:
    """`12.5`, `1:02:03.500`."""
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds, part = (one or "0" for one in found.groups())
        return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(part.ljust(3, "0")) / 1000
    if re.fullmatch(r"\d{1,7}(?:[.,]\d{1,6})?", text):
        return float(text.replace(",", "."))
    return None
