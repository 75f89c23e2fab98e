"""What is pasted or dropped: lines to write, or a script to be looked at first. Plain Python but for Qt's parcels."""

import re
from pathlib import Path

from PySide6.QtCore import QMimeData

from audiostudio.script.importing import SUFFIXES
from audiostudio.script.importing.slots import TIMES

SOUNDS = ("wav", "flac", "mp3", "m4a", "aac", "ogg", "opus", "aiff", "wma", "mp4", "mov", "mkv", "webm")
"""Endings of sounds, and of films with sound."""
_CELLS = re.compile(r"[,;\t|]")
_TEXTS = frozenset({"text", "line", "dialogue", "script", "content", "sentence", "narration"})
"""Names of the column that a table of lines needs."""


def script_files(source: QMimeData) -> list[Path]:
    local = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
    return [path for path in local if path.suffix.lower() in SUFFIXES]


def sound_files(source: QMimeData) -> list[Path]:
    local = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
    return [path for path in local if path.suffix.lower().removeprefix(".") in SOUNDS]


def is_script(text: str) -> bool:
    """Whether a text is more than lines to write: subtitles, or a table with a column of texts."""
    return text.startswith("WEBVTT") or any(map(TIMES.match, text.split("\n", 12)[:12])) or is_table(text)


def is_table(text: str) -> bool:
    head, _, rest = text.partition("\n")
    cells = [cell.strip(" \"'").casefold() for cell in _CELLS.split(head[:500])]
    return len(cells) > 1 and not _TEXTS.isdisjoint(cells) and bool(rest.strip()) and len(max(cells, key=len)) <= 24
