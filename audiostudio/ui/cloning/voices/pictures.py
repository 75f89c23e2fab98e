"""Pictures of voices: read and scaled by a worker, as they may be from anywhere, and kept in the cache."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, Outcome
from audiostudio.operations.looks import thumbnail_file

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk


class Pictures(QObject):
    came = Signal()
    """One can be shown that could not before."""

    def __init__(self, desk: "Desk", parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._made: dict[str, QPixmap | None] = {}
        self._asked: set[str] = set()

    def get(self, path: Path | None) -> QPixmap | None:
        """What there is now; what is not will be looked for."""
        key = _key(path)
        if path is None or not key:
            return None
        if key not in self._made and key not in self._asked:
            self._made[key] = self._load(key)
            if self._made[key] is None:
                del self._made[key]
                self._ask(key, path, lambda _scaled: self.came.emit())
        return self._made.get(key)

    def scale(self, path: Path, done: Callable[[Path | None], None]) -> None:
        """`done` gets a small PNG of a picture; None where it is none."""
        key = _key(path)
        if key:
            self._ask(key, path, done)
        else:
            done(None)

    def _ask(self, key: str, path: Path, done: Callable[[Path | None], None]) -> None:
        self._asked.add(key)
        items = [{"key": key, "path": str(path), "look": "picture"}]

        def finished(outcome: Outcome) -> None:
            made = bool(outcome.result and outcome.result["made"])
            self._made[key] = self._load(key) if made else None
            done(thumbnail_file(self._desk.studio.profile.cache, key, "picture") if made else None)

        try:
            job = Job("library.thumbnails", {"items": items}, self.tr("Look at a picture"), priority=-1)
            self._desk.jobs.submit(job, finished)
        except StudioError as error:
            self._desk.messages.error(error)

    def _load(self, key: str) -> QPixmap | None:
        picture = QPixmap(str(thumbnail_file(self._desk.studio.profile.cache, key, "picture")))
        return None if picture.isNull() else picture


def _key(path: Path | None) -> str:
    """Of a file as it is now; empty where there is none."""
    if path is None:
        return ""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return ""
    return hashlib.sha256(f"voice {path} {changed}".encode()).hexdigest()
