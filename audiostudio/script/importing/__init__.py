"""Files that people write scripts in, as lines of a script: text, Markdown, CSV, SRT, VTT, DOCX, EPUB."""

import io
from collections.abc import Collection
from pathlib import Path

from audiostudio.errors import UnreadableMedia
from audiostudio.files import storage_errors
from audiostudio.script.importing.prose import import_text, without_names, written
from audiostudio.script.importing.result import ImportedLine, ImportedScript, ImportProblem, TimeSlot
from audiostudio.script.importing.slots import TIMES, import_slots
from audiostudio.script.importing.tables import import_table
from audiostudio.script.table import decoded

__all__ = [
    "LARGEST", "PROSE", "SUFFIXES", "ImportProblem", "ImportedLine", "ImportedScript", "TimeSlot", "import_data",
    "import_script", "import_slots", "import_table", "import_text", "without_names", "written",
]  # fmt: skip

LARGEST = 128 * 1024 * 1024
"""Bytes of a file."""
PROSE = (".txt", ".md", ".markdown", ".text")
SUFFIXES = (*PROSE, ".csv", ".tsv", ".srt", ".vtt", ".docx", ".epub")
_OTHERS = (
    (b"%PDF", "a PDF file", "Copy its text, or save it as DOCX or TXT in the program that made it."),
    (b"\xd0\xcf\x11\xe0", "an older or protected Word document", "Save it as DOCX without a password."),
    (b"{\\rtf", "an RTF file", "Save it as DOCX or TXT."),
)


def import_script(path: Path, speakers: bool | None = None, known: Collection[str] = ()) -> ImportedScript:
    """The script in a file, whatever its name says it is.

    `speakers`: whether `ANNA: Hello` is said by Anna; None: yes, but for books. `known`: names that are speakers for
    sure. Raises `UnreadableMedia` with the place of what cannot be read, `MissingMedia`, `StorageError`.
    """
    with storage_errors(path), path.open("rb") as file:
        data = file.read(LARGEST + 1)
    return import_data(data, path.name, speakers, known)


def import_data(data: bytes, name: str, speakers: bool | None = None, known: Collection[str] = ()) -> ImportedScript:
    """The script in a file's bytes, which messages call `name`. As `import_script`."""
    if len(data) > LARGEST:
        raise UnreadableMedia(f"{name} is larger than {LARGEST >> 20} MB.", "Split it into smaller files.")
    for mark, what, hint in _OTHERS:
        if data.startswith(mark):
            raise UnreadableMedia(f"{name} is {what}.", hint)
    suffix = Path(name).suffix.lower()
    if data.startswith(b"PK") or suffix in (".docx", ".epub"):
        return _unpacked(data, name, speakers, known)
    if suffix in (".csv", ".tsv"):
        return import_table(data, name)
    text, encoding = decoded(data, name)
    wants = speakers is not False
    if suffix in (".srt", ".vtt") or text.startswith("WEBVTT") or any(map(TIMES.match, text.split("\n", 12)[:12])):
        found = import_slots(text, name, wants, known)
    else:
        found = import_text(text, wants, known)
    if encoding.startswith("utf"):
        return found
    guess = ImportProblem(f"It is not UTF-8; it was read as {encoding}. Look whether its letters are right.")
    return ImportedScript(found.lines, (guess, *found.problems), found.title)


def _unpacked(data: bytes, name: str, speakers: bool | None, known: Collection[str]) -> ImportedScript:
    from audiostudio.script.importing import docx, epub
    from audiostudio.script.importing.archive import Archive

    if not data.startswith(b"PK"):
        kind = "a Word document" if name.lower().endswith(".docx") else "an e-book"
        raise UnreadableMedia(f"{name} is not {kind}, whatever its name says.", "Open it in the program that made it.")
    archive = Archive(io.BytesIO(data), name)
    if docx.DOCUMENT in archive:
        return docx.import_docx(archive, speakers is not False, known)
    if epub.CONTAINER in archive:
        return epub.import_epub(archive, bool(speakers), known)
    raise UnreadableMedia(f"{name} is neither a Word document nor an e-book.", f"Known: {', '.join(SUFFIXES)}.")
