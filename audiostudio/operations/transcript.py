"""What is said in a recording, and where it is silent: for editing it by its text."""

import json
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiostudio.errors import MissingMedia
from audiostudio.files import replace_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.listening import measured, recognise
from audiostudio.operations.studio import Studio
from audiostudio.operations.tidying import Word

VERSION = 1


def transcribe(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{path, file, language, words}` → `{file}`: words and silences of `path`, kept in `file`. `language` None: it is
    detected; without `words` only silences are looked for, which needs no model.

    Raises `MissingMedia`, `UnreadableMedia`, `ModelMissing`, `UnknownLanguage`, `EngineFailed`.
    """
    path, file = Path(request["path"]), Path(request["file"])
    if not path.is_file():
        raise MissingMedia(f"“{path.name}” is no longer where it was.", "Relink it first.")
    yield Progress(None, "Looking for silences")
    faults, _ = measured(path)
    words: list[list[Any]] = []
    language = request["language"]
    if request["words"]:
        heard = yield from recognise(studio, path, language)
        language = heard.language
        words = [[heard.text[one.first : one.last], one.start, one.end] for one in heard.words]
    found = {
        "version": VERSION,
        "language": language or "",
        "heard": bool(request["words"]),
        "words": words,
        "quiet": [list(one) for one in faults.quiet],
    }
    replace_file(file, json.dumps(found, ensure_ascii=False).encode())
    return {"file": str(file)}


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a file of `transcribe` says; seconds."""

    language: str
    words: tuple[Word, ...]
    quiet: tuple[tuple[float, float], ...]
    heard: bool
    """Whether words were listened for."""


def kept(file: Path) -> Transcript | None:
    """What was found before; None where that is not there or cannot be read."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["version"] != VERSION:
            return None
        words = tuple([Word(str(text), float(start), float(end)) for text, start, end in stored["words"]])
        quiet = tuple([(float(start), float(end)) for start, end in stored["quiet"]])
        return Transcript(str(stored["language"]), words, quiet, bool(stored["heard"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
