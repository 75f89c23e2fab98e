"""What was handed off, in words and as JSON; and what of it the next export of the timeline needs to know."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from audiostudio.errors import UnreadableMedia
from audiostudio.files import replace_file, storage_errors
from audiostudio.render.handoff.cuts import Note, Plan
from audiostudio.render.handoff.formats import EDITORS

_SCHEMA = "HandOff.1"
_LARGEST = 2**28
_HEADINGS = {
    "offline": "Not there, so that the editor shows them offline",
    "baked": "In the sound itself, as the format cannot carry it",
    "left out": "Left out",
    "moved": "Moved",
    "note": "Worth knowing",
}


class Kept(NamedTuple):
    """A file of a hand-off, as it was when it was written."""

    name: str
    signature: str
    """The same for the same content; empty: never to be kept."""
    size: int
    changed: int
    """Its time of change in nanoseconds."""

    @property
    def begun(self) -> bool:
        """An export that did not come to its end was about to write it."""
        return self.size < 0

    def is_as_written(self, path: Path) -> bool:
        try:
            status = path.stat()
        except OSError:
            return False
        return (status.st_size, status.st_mtime_ns) == (self.size, self.changed)

    @staticmethod
    def of(path: Path, signature: str = "") -> "Kept":
        status = path.stat()
        return Kept(path.name, signature, status.st_size, status.st_mtime_ns)

    @staticmethod
    def read(data: Any) -> "Kept":
        """From a report. Raises `ValueError`, `TypeError` for what is none: a name that leads out of the folder."""
        name, signature, size, changed = data
        plain = isinstance(name, str) and Path(name).name == name not in ("", "..") and "\0" not in name
        if not plain or not isinstance(signature, str) or not (isinstance(size, int) and isinstance(changed, int)):
            raise ValueError(f"{data} is no file of a hand-off")
        return Kept(name, signature, size, changed)

    @staticmethod
    def to_be(name: str) -> "Kept":
        return Kept(name, "", -1, 0)


class Earlier(NamedTuple):
    """What an earlier export left in the folder."""

    files: dict[str, Kept]
    """Timeline files and captions, by name."""
    media: dict[str, Kept]
    """By key."""


NOTHING = Earlier({}, {})


@dataclass(frozen=True, slots=True)
class Report:
    """What a hand-off did."""

    plan: Plan
    timeline_files: tuple[Path, ...]
    media_folder: Path
    captions: tuple[Path, ...]
    differences: tuple[str, ...]
    """Between the file, read again, and the document; empty: none."""
    reader: str
    written: tuple[str, ...]
    """Media that are new."""
    changed: tuple[str, ...]
    """Media that have other sound under their old name."""
    same: tuple[str, ...]
    unused: tuple[str, ...]
    """Media of an earlier export that no clip plays any more; they stay."""
    put_aside: tuple[str, ...]
    """Files that somebody had changed, under the names that they have now."""
    clipped: tuple[str, ...]
    """Media with samples that were too loud for a file."""

    @property
    def notes(self) -> tuple[Note, ...]:
        clipped = [
            Note("note", name, "parts are louder than a file can hold and were limited") for name in self.clipped
        ]
        return (*self.plan.notes, *clipped)

    def to_json(self) -> dict[str, Any]:
        plan, options = self.plan, self.plan.options
        return {
            "schema": _SCHEMA,
            "project": plan.project.id,
            "timeline": plan.timeline.id,
            "name": plan.name,
            "format": options.format,
            "version": options.version,
            "editor": options.editor,
            "files": [str(path) for path in self.timeline_files],
            "media": str(self.media_folder),
            "captions": [str(path) for path in self.captions],
            "tracks": len(plan.lanes),
            "clips": sum(len(lane.cuts) for lane in plan.lanes),
            "markers": len(plan.markers),
            "notes": [note._asdict() for note in self.notes],
            "read_back": {"by": self.reader, "differences": list(self.differences)},
            "opened_in_an_editor": False,
            "new": list(self.written),
            "changed": list(self.changed),
            "same": list(self.same),
            "unused": list(self.unused),
            "put_aside": list(self.put_aside),
        }

    def text(self) -> str:
        plan = self.plan
        title = EDITORS[plan.options.editor].title
        counts = [
            _counted(len(plan.lanes), "track"),
            _counted(sum(len(lane.cuts) for lane in plan.lanes), "clip"),
            _counted(len(plan.markers), "marker"),
        ]
        captions = " and ".join(path.name for path in self.captions)
        version = f" {plan.options.version}" if plan.options.version else ""
        lines = [
            f"{plan.name}: {plan.options.kind.title}{version} for {title}",
            "",
            *[path.name for path in self.timeline_files],
            ", ".join(counts),
            f"Media: {self.media_folder.name} ({_counted(len(plan.pieces), 'file')}, 48 kHz, 24 bits)",
            f"Captions: {captions or 'none, as no words are known of what is heard'}",
            "",
            f"Read again with {self.reader} and compared with the timeline: "
            + ("no difference." if not self.differences else "it differs!"),
            *[f"  - {text}" for text in self.differences],
            "Nobody has opened it in an editor yet.",
        ]
        for kind, heading in _HEADINGS.items():
            found = [note for note in self.notes if note.kind == kind]
            if found:
                lines += ["", f"{heading}:", *[f"  - {note.place}: {note.text}" for note in found]]
        if self.changed or self.same or self.unused or self.put_aside:
            lines += ["", "Since the export before:"]
            for heading, names in (
                ("new", self.written),
                ("changed, under the same name", self.changed),
                ("no longer used, still there", self.unused),
                ("changed by somebody, kept as", self.put_aside),
            ):
                lines += [f"  - {heading}: {name}" for name in names]
            lines.append(f"  - as before: {len(self.same)}")
        return "\n".join(lines) + "\n"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def write_report(report: Report, path: Path, files: dict[str, Kept], media: dict[str, Kept]) -> None:
    """`path` with `.json` and with `.txt`. Raises a `StorageError`."""
    replace_file(path.with_name(f"{path.name}.txt"), report.text().encode("utf-8", "replace"))
    _write(path, report.to_json(), files, media)


def write_begun(plan: Plan, path: Path, files: dict[str, Kept], media: dict[str, Kept]) -> None:
    """`path` with `.json` of an export that is not at its end, so that the next goes on under the same names.

    Raises a `StorageError`.
    """
    _write(path, {"schema": _SCHEMA, "project": plan.project.id, "timeline": plan.timeline.id}, files, media)


def _write(path: Path, data: dict[str, Any], files: dict[str, Kept], media: dict[str, Kept]) -> None:
    kept = {
        "files": [list(one) for one in files.values()],
        "media": {key: list(one) for key, one in media.items()},
    }
    whole = json.dumps(data | {"kept": kept}, ensure_ascii=False, indent=1)
    replace_file(path.with_name(f"{path.name}.json"), whole.encode("utf-8", "replace"))


def read_report(path: Path, project: str, timeline: str) -> Earlier | None:
    """What the export before left; None: the report is of another timeline. Raises `UnreadableMedia`."""
    file = path.with_name(f"{path.name}.json")
    with storage_errors(file):
        if not file.exists():
            return NOTHING
        if file.stat().st_size > _LARGEST:
            raise _damaged(file)
        data = file.read_bytes()
    try:
        found = json.loads(data)
        if found["schema"] != _SCHEMA or (found["project"], found["timeline"]) != (project, timeline):
            return None
        files = [Kept.read(one) for one in found["kept"]["files"]]
        media = {str(key): Kept.read(one) for key, one in found["kept"]["media"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(file) from error
    return Earlier({one.name: one for one in files}, media)


def _damaged(file: Path) -> UnreadableMedia:
    return UnreadableMedia(f"{file.name} is not a report of a hand-off.", "Move it away, or choose another folder.")
