"""Many lines into many files, or one timeline: what a CSV table or a subtitle file asks for.

A batch that was stopped goes on where it was: a file whose recipe is the same is not made again. What is known of the
files of a folder lies in it as `.audiostudio-batch.jsonl`, one line for each that was begun or finished; nothing else
but the report is ever written over.
"""

import itertools
import json
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from audiostudio.engines.base import SpeechChunk
from audiostudio.errors import RequestError, StorageError, StudioError
from audiostudio.files import replace_file, storage_errors
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import recipe_key
from audiostudio.library.names import file_key, plain_file_name
from audiostudio.lock import FileLock
from audiostudio.operations.ability import notes as left_out
from audiostudio.operations.aligning import GUESSED
from audiostudio.operations.captions import caption_paths
from audiostudio.operations.dictionary import read_dictionary
from audiostudio.operations.export import render
from audiostudio.operations.fitting import Fit, fitted
from audiostudio.operations.progress import part_of
from audiostudio.operations.script import Pronouncing, line_request
from audiostudio.operations.script_file import ScriptFile
from audiostudio.operations.speak import write_speech
from audiostudio.operations.speech import SAMPLE_RATE, Delivery, chunks, notices, recipe
from audiostudio.operations.studio import Studio
from audiostudio.script.markdown import plain
from audiostudio.script.table import written_table
from audiostudio.sound.files import FORMATS
from audiostudio.timeline.project import Slot

JOURNAL = ".audiostudio-batch.jsonl"
REPORT = "batch-report"
"""With `.csv` and `.json`: what became of each line."""
COLUMNS = ("line", "source_line", "file", "state", "seconds", "factor", "over", "late", "problems")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a batch."""

    number: int
    """Its place in the file, from 1, for people."""
    asked: JsonObject
    """As `operations.script.delivery`."""
    name: str = ""
    """The file's, with or without an ending; empty: the line's number and first words."""
    slot: Slot | None = None
    source_line: int = 0
    """Where it begins in the file, from 1; 0 where that has no lines."""
    notes: tuple[str, ...] = ()
    """What of it was left out."""

    @property
    def fit(self) -> float | None:
        return None if self.slot is None else self.slot.seconds

    def at_speed(self, speed: float) -> "Row":
        return replace(self, asked=self.asked | {"speed": speed})

    def to_json(self) -> JsonObject:
        return {
            "number": self.number,
            "asked": self.asked,
            "name": self.name,
            "slot": None if self.slot is None else list(self.slot),
            "source_line": self.source_line,
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> "Row":
        slot = data.get("slot")
        return cls(
            data["number"],
            data["asked"],
            data.get("name", ""),
            Slot(*slot) if slot else None,
            data.get("source_line", 0),
            tuple(data.get("notes", ())),
        )


def rows_of(studio: Studio, file: ScriptFile) -> list[Row]:
    """The lines of a script file as rows, with what was wrong in each."""
    applying = Pronouncing(file.project, read_dictionary(studio.profile))
    notes: dict[int, list[str]] = {}
    for problem in file.problems:
        place = f"Column “{problem.column}”: " if problem.column else ""
        notes.setdefault(problem.line, []).append(f"{place}{problem.message}")
    rows = []
    for number, (line, found) in enumerate(zip(file.project.script.lines, file.imported.lines, strict=True), 1):
        asked = line_request(file.project, line, applying) | {"line": str(number)}
        wrong = notes.pop(found.source_line, []) if found.source_line else []
        wrong += left_out(studio, Delivery.from_json(asked))
        rows.append(Row(number, asked, found.file_name or "", line.slot, found.source_line, tuple(wrong)))
    return rows


def batch(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{rows, folder, format, captions}` → `{folder, files, made, kept, failed, report, lines}`: a file for each row.

    `lines` has for each `{line, source_line, file, state, seconds, factor, over, late, problems}`; `state` is `made`,
    `kept` (it was there) or `failed`. A row that cannot be made does not stop the others; a full disk does.
    """
    rows = [Row.from_json(data) for data in request["rows"]]
    folder = Path(request["folder"])
    told: list[JsonObject] = []
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with _Ledger.opened(folder) as ledger:
        names = file_names(rows, request["format"], request["captions"], ledger)
        total = sum(len(row.asked["text"]) for row in rows) or 1
        done = 0
        for row in rows:
            for message in left_out(studio, Delivery.from_json(row.asked)):
                yield Partial("note", {"number": row.source_line or row.number, "message": message})
        yield Progress(0.0, "Loading the voice")
        for row, name in zip(rows, names, strict=True):
            share = len(row.asked["text"])
            work = _made_row(studio, row, folder / name, request["captions"], ledger, done / total, share / total)
            told.append((yield from work))
            yield Partial("line", told[-1])
            done += share
    return _finished(folder, told)


def one_timeline(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{rows, folder, name, format, captions, names}` → as `batch`: all rows in one file, each in its slot or after the
    one before. What fits no slot comes as soon as it can, `late` says by how many seconds. `guessed`, `names`: as of
    `speech.export`."""
    rows = [Row.from_json(data) for data in request["rows"]]
    folder = Path(request["folder"])
    lines = [
        row.asked | {"line": str(row.number), "number": row.number, "slot": list(row.slot) if row.slot else None}
        for row in rows
    ]
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    container, captions = request["format"] or "wav", request["captions"]
    with _Ledger.opened(folder) as ledger:
        output = folder / _free_name(request["name"], f".{container}", captions, set(), ledger)
        ledger.begin(_written(output.name, captions))
        made = yield from render(
            studio,
            {
                "name": request["name"],
                "lines": lines,
                "go_on": True,
                "output": str(output),
                "format": container,
                "captions": captions,
                "names": request.get("names", True),
            },
        )
    wrong = {problem["number"]: problem for problem in made["problems"]}
    placed = {line["line"]: line for line in studio.library.get(made["asset"]).detail["lines"]}
    spoken = frozenset(made["lines"])
    told = []
    for row in rows:
        problem, place = wrong.get(row.number), placed.get(str(row.number))
        if problem is not None or place is None:
            told.append(_failed(row, problem or {"sentence": "There is nothing to speak.", "hint": ""}))
            continue
        fit = place.get("fit") or {}
        told.append(
            _line(
                row,
                output,
                "made" if str(row.number) in spoken else "kept",
                place["samples"] / SAMPLE_RATE,
                fit.get("factor"),
                fit.get("over", 0.0),
                place.get("late"),
            )
        )
    return _finished(folder, told) | {"guessed": made["guessed"]}


def file_names(
    rows: Sequence[Row], container: str | None, captions: Sequence[str] = (), ledger: "_Ledger | None" = None
) -> list[str]:
    """A name for each row's file, in the folder and nowhere else: two that some system takes for one are numbered, as
    is one that is there and was not made by a batch. `container` None: the one that a row's name ends in, else wav."""
    taken: set[str] = set()
    digits = max(3, len(str(max((row.number for row in rows), default=1))))
    names: list[str] = []
    for row in rows:
        wanted = row.name.replace("\\", "/").rstrip("/").rpartition("/")[2]
        stem, dot, ending = wanted.rpartition(".")
        known = dot and stem and ending.lower() in FORMATS
        suffix = f".{container or (ending.lower() if known else 'wav')}"
        bare = (stem if known else wanted) or f"{row.number:0{digits}} {' '.join(plain(row.asked['text']).split()[:6])}"
        names.append(_free_name(bare, suffix, captions, taken, ledger))
    return names


def _free_name(
    stem: str, suffix: str, captions: Sequence[str], taken: set[str], ledger: "_Ledger | None" = None
) -> str:
    """A name that, with those of its captions, nobody has; they are in `taken` then."""
    for number in itertools.count(1):
        name = plain_file_name(stem, suffix, number)
        written = _written(name, captions)
        keys = [file_key(one) for one in written]
        if taken.isdisjoint(keys) and not (ledger and any(map(ledger.is_foreign, written))):
            taken.update(keys)
            return name
    raise AssertionError


def _written(name: str, captions: Sequence[str]) -> list[str]:
    """Every file that is written for one row."""
    return [name, *(path.name for path in caption_paths(Path(name), captions).values())]


def _made_row(
    studio: Studio, row: Row, path: Path, captions: Sequence[str], ledger: "_Ledger", start: float, share: float
) -> Generator[Progress | Partial, None, JsonObject]:
    """Make the file of a row unless it is there; what is told of it."""
    try:
        delivery = Delivery.from_json(row.asked)
        key = recipe_key({"batch": 1, "fit": row.fit, "captions": sorted(captions), "recipe": recipe(studio, delivery)})
        names = _written(path.name, captions)
        known = ledger.finished(path, key)
        if known is not None and all(path.with_name(name).is_file() for name in names):
            return _line(row, path, "kept", known["seconds"], known["factor"], known["over"])
        ledger.begin(names)
        seconds, fit, guessed = yield from _write(studio, row, delivery, path, captions, start, share)
    except StorageError:
        raise
    except StudioError as error:
        return _failed(row, error.to_json())
    factor, over = (None, 0.0) if fit is None else (fit.to_json()["factor"], fit.to_json()["over"])
    ledger.finish(path, key, seconds, factor, over)
    told = _line(row, path, "made", seconds, factor, over)
    told["problems"] += [GUESSED] if guessed else []
    return told


def _write(
    studio: Studio, row: Row, delivery: Delivery, path: Path, captions: Sequence[str], start: float, share: float
) -> Generator[Progress | Partial, None, tuple[float, Fit | None, bool]]:
    fit: Fit | None = None
    speech: Iterable[SpeechChunk]
    if row.fit is None:
        speech = chunks(studio, delivery)
    else:
        speech, fit = yield from fitted(studio, delivery, row.fit)
    writing = write_speech(studio, delivery, speech, path, path.suffix.removeprefix("."), captions)
    seconds, guessed = yield from part_of(writing, start, share)
    return seconds, fit, guessed


def _line(
    row: Row,
    path: Path,
    state: str,
    seconds: float,
    factor: float | None,
    over: float,
    late: float | None = None,
) -> JsonObject:
    problems = [*row.notes, *notices(row.asked["text"], row.source_line or row.number)]
    if over > 0:
        faster = f"it would have to be spoken {factor:.2f} times as fast"
        problems.append(f"It is {over:.2f} s longer than its {row.fit:.2f} s: {faster}.")
    if late is not None and late > 0:
        problems.append(f"It begins {late:.2f} s late, because the line before lasts so long.")
    return {
        "line": row.number,
        "source_line": row.source_line or None,
        "file": path.name,
        "state": state,
        "seconds": round(seconds, 4),
        "factor": factor,
        "over": over,
        "late": late,
        "problems": problems,
    }


def _failed(row: Row, error: JsonObject) -> JsonObject:
    return {
        "line": row.number,
        "source_line": row.source_line or None,
        "file": None,
        "state": "failed",
        "seconds": None,
        "factor": None,
        "over": 0.0,
        "late": None,
        "problems": [f"{error['sentence']} {error['hint']}".strip(), *row.notes],
    }


def _finished(folder: Path, told: list[JsonObject]) -> JsonObject:
    """Write the report; the job's result."""
    states = [line["state"] for line in told]
    counts = {state: states.count(state) for state in ("made", "kept", "failed")}
    table = [list(COLUMNS)]
    for line in told:
        cells = line | {"problems": " ".join(line["problems"])}
        table.append(["" if cells[name] is None else str(cells[name]) for name in COLUMNS])
    paths = [folder / f"{REPORT}.csv", folder / f"{REPORT}.json"]
    replace_file(paths[0], written_table(table).encode("utf-8-sig", "replace"))
    replace_file(paths[1], json.dumps({**counts, "lines": told}, ensure_ascii=False, indent=1).encode())
    files = list(dict.fromkeys(str(folder / line["file"]) for line in told if line["file"]))
    return {"folder": str(folder), "files": files, **counts, "report": [str(path) for path in paths], "lines": told}


class _Ledger:
    """What batches did in a folder: a file that grows by one line at a time, so that a kill costs the last at most."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun: set[str] = set()
        self._finished: dict[str, JsonObject] = {}
        with storage_errors(path):
            self._file = path.open("a+b")
            self._file.seek(0)
            data = self._file.read()
            for line in data.splitlines():
                self._learn(line)
            if data and not data.endswith(b"\n"):
                self._file.write(b"\n")

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator["_Ledger"]:
        """Raises `RequestError` when another batch writes to the folder."""
        lock = FileLock(folder / ".audiostudio-batch.lock")
        with storage_errors(folder):
            if not lock.acquire():
                raise RequestError(f"Another batch is writing to {folder}.", "Wait for it, or choose another folder.")
        try:
            ledger = cls(folder / JOURNAL)
            try:
                yield ledger
            finally:
                ledger._file.close()
        finally:
            lock.release()

    def is_foreign(self, name: str) -> bool:
        """Whether there is such a file that no batch made."""
        return file_key(name) not in self._begun and os.path.lexists(self._path.with_name(name))

    def begin(self, names: Sequence[str]) -> None:
        """These files may be written over from now on."""
        for name in names:
            if file_key(name) not in self._begun:
                self._append({"begun": name})

    def finish(self, path: Path, key: str, seconds: float, factor: float | None, over: float) -> None:
        with storage_errors(path):
            size = path.stat().st_size
        self._append({"file": path.name, "key": key, "size": size, "seconds": seconds, "factor": factor, "over": over})

    def finished(self, path: Path, key: str) -> JsonObject | None:
        """What is known of a file that is there as that recipe made it."""
        known = self._finished.get(path.name)
        if known is None or known["key"] != key:
            return None
        try:
            size = path.stat().st_size
        except OSError:
            return None
        return known if size == known["size"] else None

    def _append(self, entry: JsonObject) -> None:
        line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace")
        with storage_errors(self._path):
            self._file.write(line + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        self._learn(line)

    def _learn(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
            name = entry.get("begun") or entry["file"]
            self._begun.add(file_key(name))
            if "file" in entry and entry.keys() >= {"key", "size", "seconds", "factor", "over"}:
                self._finished[name] = entry
        except (ValueError, KeyError, TypeError, AttributeError):  # torn by a kill
            return
