"""What the page plays, one thing at a time, and the outlines of files."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from audiostudio.jobs import Job, JsonObject
from audiostudio.operations.looks import outline_file
from audiostudio.ui.cloning.making import Making
from audiostudio.ui.speech.listening import Listening
from audiostudio.ui.speech.preview import Preview, Previews

if TYPE_CHECKING:
    from audiostudio.sound.peaks import Peaks


class Sounds(QObject):
    changed = Signal(str, str)
    """A key, and `busy`, `playing` or `idle`."""
    moved = Signal(str, float)
    """A key, and the seconds of it that were heard."""

    def __init__(self, making: Making, parent: QObject) -> None:
        super().__init__(parent)
        self._making, desk = making, making.desk
        self._cache = desk.studio.profile.cache
        self.listening = Listening(lambda: desk.player, self)
        self.previews = Previews(desk, self.listening, making.background, self._cache / "previews", self)
        self.previews.changed.connect(self.changed)
        self.listening.moved.connect(self._moved)
        self._said: str | None = None
        self.listening.changed.connect(self._say_problem)

    @property
    def key(self) -> str | None:
        """Of what is on."""
        return self.previews.key

    def file(self, key: str, path: str) -> None:
        """Hear a file; a second time: stop."""
        self.previews.toggle(Preview(key, {"path": path}, operation="library.listen"))

    def speech(self, key: str, request: JsonObject) -> None:
        """Hear a `Delivery` spoken; a second time: stop."""
        self.previews.toggle(Preview(key, request))

    def stop(self) -> None:
        self.previews.stop()

    def outline(self, path: str, then: "Callable[[Peaks], None]") -> None:
        """Made in a worker where it is not made yet; a file that cannot be read has none."""

        def made(place: Path) -> None:
            if place.is_file():
                self._making.background.run(lambda: _load(place), lambda peaks: then(peaks) if peaks else None)

        def found(place: Path | None) -> None:
            if place is None or place.is_file():
                made(place) if place is not None else None
                return
            request = {"items": [{"key": place.stem, "path": path, "file": str(place)}]}
            job = Job("media.outlines", request, self.tr("Draw a waveform"), 5)
            self._making.run(job, lambda _result: made(place), lambda _error: None)

        self._making.background.run(lambda: _place(self._cache, path), found)

    def close(self) -> None:
        self.previews.stop()
        self.listening.close()

    def _moved(self, seconds: float) -> None:
        if self.key is not None:
            self.moved.emit(self.key, seconds)

    def _say_problem(self) -> None:
        problem = self.listening.problem
        if problem is not None and problem != self._said:
            self._making.desk.messages.say(problem, tone="warning")
        self._said = problem


def _place(cache: Path, path: str) -> Path | None:
    try:
        status = Path(path).stat()
    except OSError:
        return None
    content = f"{path}\n{status.st_mtime_ns}\n{status.st_size}"
    return outline_file(cache, hashlib.sha256(content.encode()).hexdigest())


def _load(place: Path) -> "Peaks":
    from audiostudio.sound.peaks import Peaks

    return Peaks.load(place)
