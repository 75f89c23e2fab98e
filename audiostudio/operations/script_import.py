"""Script files from outside, read in a worker process of their own with limits."""

from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from audiostudio.errors import UnreadableMedia
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.studio import Studio
from audiostudio.script.importing import (
    ImportedLine,
    ImportedScript,
    ImportProblem,
    TimeSlot,
    import_data,
    import_script,
)

MOST_LINES = 100_000
MOST_CHARACTERS = 12_000_000
"""Of a script: some 200 hours of speech."""
MOST_PROBLEMS = 1_000


def import_scripts(_studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{paths, names, known}` or `{text, name, names, known}` → what `imported` reads: all of them as one script.

    `names`: whether `EMMA: Hello` is said by Emma; null: as the file's kind suggests. `known`: who speaks for sure.
    """
    names, known = request.get("names"), request.get("known", [])
    if "text" in request:
        data = request["text"].encode("utf-8", "replace")
        return _to_json([import_data(data, request["name"], names, known)], request["name"])
    scripts = []
    paths = request["paths"]
    for number, path in enumerate(paths):
        yield Progress(number / len(paths), "Reading")
        scripts.append(import_script(Path(path), names, known))
    return _to_json(scripts, Path(paths[0]).name if len(paths) == 1 else "It")


def imported(result: JsonObject) -> ImportedScript:
    """The script that a job of `script.import` read."""
    return ImportedScript(
        tuple(_line(line) for line in result["lines"]),
        tuple(ImportProblem(**problem) for problem in result["problems"]),
        result["title"],
    )


def _to_json(scripts: list[ImportedScript], name: str) -> JsonObject:
    """Raises `UnreadableMedia` when it is more than any script: what is told has to fit into one message."""
    lines = [line for script in scripts for line in script.lines]
    characters = sum(len(line.text) for line in lines)
    if len(lines) > MOST_LINES or characters > MOST_CHARACTERS:
        raise UnreadableMedia(
            f"{name} holds {len(lines):,} lines with {characters:,} characters.",
            f"Split it: a script has at most {MOST_LINES:,} lines with {MOST_CHARACTERS:,} characters.",
        )
    return {
        "lines": [_said(line) for line in lines],
        "problems": _few([asdict(problem) for script in scripts for problem in script.problems]),
        "title": scripts[0].title,
    }


def _few(problems: list[JsonObject]) -> list[JsonObject]:
    """A file of nothing but mistakes has a hundred thousand of them."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    more = ImportProblem(f"There are {len(problems) - MOST_PROBLEMS:,} more.")
    return [*problems[:MOST_PROBLEMS], asdict(more)]


def _said(line: ImportedLine) -> JsonObject:
    """A line without what its file does not say of it."""
    return {name: value for name, value in asdict(line).items() if value is not None and value != ()}


def _line(data: dict[str, Any]) -> ImportedLine:
    slot, settings = data.get("slot"), data.get("settings", ())
    made = {**data, "slot": None if slot is None else TimeSlot(*slot)}
    return ImportedLine(**{**made, "settings": tuple((name, value) for name, value in settings)})
