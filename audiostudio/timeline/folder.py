"""A project's folder on the disk: what lies where, how it is read, how a version is written.

    project.json                      the project as last saved; its `generation` names the two below
    recovery/journal-GENERATION.log   what was changed since
    recovery/history-GENERATION.json  the undo stack as of that save
    recovery/lock                     held by the window that writes
    backups/                          earlier versions, each with the journal that led to the next

A save writes the next generation's history, then `project.json` in one rename: that rename is the save. Whatever
else a crash leaves behind belongs to another generation and is not looked at.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiostudio.errors import NewerFormat, NotFound, ProjectDamaged
from audiostudio.files import replace_file, storage_errors, sync_folder
from audiostudio.timeline.history import Step, Steps, dump
from audiostudio.timeline.journal import from_bytes, replay, steps_from_json, steps_to_json, to_bytes
from audiostudio.timeline.project import Project
from audiostudio.timeline.schema import Notes, SchemaError, decode, encode, format_signature
from audiostudio.timeline.validation import check

VERSIONS = 8
"""How many earlier versions are kept."""
LARGEST = 2**29
"""Bytes of a project file; more is not one of ours."""
UNLIMITED = 2**62

_GENERATION = re.compile(r"\d{6,12}-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier state of the project that can be restored."""

    path: Path
    generation: str
    saved: float
    """When, in seconds since 1970."""

    @property
    def number(self) -> int:
        return _number(self.generation)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was found in a project's folder."""

    project: Project
    steps: Steps
    generation: str
    recovered: int
    """How many changes came from the journal."""
    torn: bool
    """The journal ended in something that could not be followed."""
    newer: bool
    """A newer program wrote it."""
    same_format: bool
    """This program would write it in the very same form, so that its journal may go on."""


class ProjectFolder:
    def __init__(self, path: Path) -> None:
        """`path`: the folder, or the `project.json` in it."""
        self.path = path.parent if path.name == "project.json" else path

    @property
    def project(self) -> Path:
        return self.path / "project.json"

    @property
    def recovery(self) -> Path:
        return self.path / "recovery"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    @property
    def lock(self) -> Path:
        return self.recovery / "lock"

    def journal(self, generation: str) -> Path:
        return self.recovery / f"journal-{generation}.log"

    def history(self, generation: str) -> Path:
        return self.recovery / f"history-{generation}.json"

    def versions(self) -> list[Version]:
        """Newest first."""
        found = []
        for path in self.backups.glob("project-*.json"):
            generation = path.stem.removeprefix("project-")
            if _GENERATION.fullmatch(generation):
                found.append(Version(path, generation, path.stat().st_mtime))
        return sorted(found, key=lambda version: version.number, reverse=True)

    def load(self, *, recover: bool = True) -> Loaded:
        """The project as it was last, or as it was saved when not `recover`.

        Raises `NotFound`, `ProjectDamaged`, `NewerFormat`, `StorageError`.
        """
        with storage_errors(self.path):
            while True:
                saved = self._read_project()
                generation = self._generation(saved)
                journal = self._read_if_there(self.journal(generation)) if recover else b""
                history = self._read_if_there(self.history(generation))
                # Another window may save between the two reads, and take the journal away.
                if self._generation(self._read_project()) == generation:
                    return self._loaded(saved, generation, journal, history)

    def _loaded(self, saved: dict[str, Any], generation: str, journal: bytes, history: bytes) -> Loaded:
        steps = _steps(history)
        document, followed, whole = replay(journal, saved.get("project"), steps)
        return self._decoded(saved, generation, document, steps, followed, not whole)

    def _decoded(
        self, saved: dict[str, Any], generation: str, document: Any, steps: Steps, followed: int, torn: bool
    ) -> Loaded:
        notes = Notes()
        newer = saved.get("schema") != "ProjectFile.1"
        try:
            project: Project = decode(Project, document, notes)
            check(project)
        except (SchemaError, RecursionError) as error:
            if newer or notes.newer:
                raise _newer(self.path) from error
            raise self._damaged(str(error)) from error
        kept = Steps() if notes.upgraded or notes.newer else Steps(steps.undo, steps.redo)
        same_format = saved.get("format") == format_signature(Project)
        return Loaded(project, kept, generation, followed, torn, newer or bool(notes.newer), same_format)

    def write_version(
        self, previous: str | None, project: Project, undo: tuple[Step, ...], redo: tuple[Step, ...]
    ) -> str:
        """Make `project` the saved one, keeping what was saved before as a backup. Gives its generation.

        Raises `StorageError`; then what was saved before is still the saved one.
        """
        before = [version.number for version in self.versions()] + [number for number, _ in self._journals()]
        number = 1 + max([0 if previous is None else _number(previous), *before], default=0)
        generation = f"{number:06}-{secrets.token_hex(3)}"
        saved = {
            "schema": "ProjectFile.1",
            "generation": generation,
            "format": format_signature(Project),
            "project": encode(project),
        }
        if previous is not None:
            with storage_errors(self.path):
                self._keep(previous)
        replace_file(self.history(generation), to_bytes(steps_to_json(undo, redo)))
        replace_file(self.project, to_bytes(_readable(saved, 4) + "\n"))
        with contextlib.suppress(OSError):  # the save is done; the next one tidies again
            self._tidy(generation)
        return generation

    def load_version(self, version: Version, *, follow: bool) -> Loaded:
        """An earlier version as it was saved, or with everything in the journals after it when `follow`.

        Raises `ProjectDamaged` when it is not whole.
        """
        with storage_errors(version.path):
            saved = self._read(version.path)
            later = [path for number, path in self._journals() if number >= version.number] if follow else []
            steps, document, followed, whole = Steps(limit=UNLIMITED), saved.get("project"), 0, True
            for journal in later:
                document, count, whole = replay(journal.read_bytes(), document, steps)
                followed += count
                if not whole:
                    break
            return self._decoded(saved, version.generation, document, steps, followed, not whole)

    def put_aside(self) -> None:
        """Keep what is there now, however damaged, among the backups."""
        with storage_errors(self.path):
            self.backups.mkdir(exist_ok=True)
            if self.project.exists():
                number = 1
                while (target := self.backups / f"replaced {number}.json").exists():
                    number += 1
                self.project.replace(target)

    def _keep(self, generation: str) -> None:
        kept = self.backups / f"project-{generation}.json"
        self.backups.mkdir(exist_ok=True)  # fails when the folder was moved or its disk taken away
        if kept.exists() or not self.project.exists():
            return
        try:
            os.link(self.project, kept)
        except OSError:  # a file system without hard links
            half = kept.with_suffix(".part")
            shutil.copy2(self.project, half)
            half.replace(kept)
        sync_folder(self.backups)

    def _tidy(self, generation: str) -> None:
        for journal in self.recovery.glob("journal-*.log"):
            if journal != self.journal(generation):
                journal.replace(self.backups / journal.name)
        for history in self.recovery.glob("history-*.json"):
            if history != self.history(generation):
                history.unlink()
        for half in (
            *self.path.glob(".*.part.json"),
            *self.recovery.glob(".*.part.json"),
            *self.backups.glob("*.part"),
        ):
            half.unlink()
        for version in self.versions()[VERSIONS:]:
            version.path.unlink()
            (self.backups / f"journal-{version.generation}.log").unlink(missing_ok=True)

    def _read_project(self) -> dict[str, Any]:
        if not self.project.exists():
            if self.recovery.is_dir() or self.versions():
                raise self._damaged("it is missing")
            raise NotFound(f"There is no project at {self.path}.", "Check the name, or whether its disk is connected.")
        return self._read(self.project)

    def _read(self, path: Path) -> dict[str, Any]:
        if path.stat().st_size > LARGEST:
            raise self._damaged("it is far too large")
        try:
            saved = json.loads(from_bytes(path.read_bytes()))
        except (ValueError, RecursionError) as error:
            raise self._damaged(str(error)) from error
        if not isinstance(saved, dict) or not str(saved.get("schema")).startswith("ProjectFile."):
            raise self._damaged("it is not a project")
        return saved

    def _generation(self, saved: dict[str, Any]) -> str:
        generation = saved.get("generation")
        if not isinstance(generation, str) or not _GENERATION.fullmatch(generation):
            raise self._damaged("it has no generation")
        return generation

    def _journals(self) -> list[tuple[int, Path]]:
        """Every journal there is, in order, with the number of its generation."""
        found = []
        for path in (*self.backups.glob("journal-*.log"), *self.recovery.glob("journal-*.log")):
            generation = path.stem.removeprefix("journal-")
            if _GENERATION.fullmatch(generation):
                found.append((_number(generation), path))
        return sorted(found)

    def _read_if_there(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return b""

    def _damaged(self, detail: str) -> ProjectDamaged:
        versions = self.versions()
        hint = f"Restore the version in {versions[0].path}." if versions else "Put back a copy from a backup of yours."
        return ProjectDamaged(f"The project file {self.project} is damaged ({detail[:120]}).", hint)


def _number(generation: str) -> int:
    return int(generation.partition("-")[0])


def _newer(path: Path) -> NewerFormat:
    return NewerFormat(f"{path.name} was made with a newer Audio Studio.", "Update Audio Studio to open it.")


def _steps(history: bytes) -> Steps:
    """The stored undo stack without a limit, so that a journal can be followed; a damaged one is an empty one."""
    try:
        stored = steps_from_json(json.loads(from_bytes(history)))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Steps(limit=UNLIMITED)
    return Steps(stored.undo, stored.redo, UNLIMITED)


def _readable(value: Any, depth: int) -> str:
    """JSON with one item on a line down to `depth`, so that people and version control can read it."""
    if depth and isinstance(value, dict) and value:
        return "{\n" + ",\n".join(f"{dump(key)}:{_readable(item, depth - 1)}" for key, item in value.items()) + "\n}"
    if depth and isinstance(value, list) and value:
        return "[\n" + ",\n".join(_readable(item, depth - 1) for item in value) + "\n]"
    return dump(value)
