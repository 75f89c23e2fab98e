"""The track in hand: heard, sung along with, given words. A song of the project, or any track of the library."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from audiostudio.ui.music.song.timed import Lines, read

if TYPE_CHECKING:
    from audiostudio.library.model import Asset
    from audiostudio.sound.peaks import Peaks
    from audiostudio.ui.music.work import MusicWork


class Held(QObject):
    changed = Signal()
    """Another track, or none, or other lyrics of it."""
    outlined = Signal(object)
    """The `Peaks` of the track."""
    moved = Signal(float)
    """The second of it that is heard."""
    state_changed = Signal(str)
    """`busy`, `playing`, `paused` or `idle`."""

    def __init__(self, work: "MusicWork", parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self.asset: Asset | None = None
        self.lines: Lines = ()
        """Of its lyrics, with times."""
        self.peaks: Peaks | None = None
        self._at = 0.0
        self._wanted = ""
        work.sounds.changed.connect(self._state)
        work.sounds.moved.connect(self._move)

    @property
    def key(self) -> str:
        """Of its sound."""
        return f"held {self.asset.id}" if self.asset is not None else ""

    @property
    def seconds(self) -> float:
        return (self.asset.media.duration or 0.0) if self.asset is not None else 0.0

    @property
    def position(self) -> float:
        """Where it is heard, or will be heard from."""
        return self._work.sounds.position if self.playing else self._at

    @property
    def playing(self) -> bool:
        return bool(self.key) and self._work.sounds.state(self.key) == "playing"

    def hold(self, asset_id: str) -> None:
        """Take a track in hand; nothing for none."""
        if asset_id == (self.asset.id if self.asset is not None else ""):
            return
        self._wanted = asset_id
        if not asset_id:
            self._take(None)
            return
        library = self._work.desk.studio
        self._work.clerk.ask(
            lambda: library.library.get(asset_id),
            lambda asset: self._take(asset) if asset.id == self._wanted else None,
            "song.held",
            lambda _error: self._take(None),
        )

    def refresh(self) -> None:
        """Its lyrics or its name may have changed."""
        if self.asset is not None:
            wanted, self.asset = self.asset.id, None
            self.hold(wanted)

    def toggle(self) -> None:
        """Play it from where it stands, or pause it."""
        if self.asset is None:
            return
        sounds = self._work.sounds
        if sounds.state(self.key) in ("playing", "paused"):
            sounds.toggle(self.key, self.asset.path)
        else:
            sounds.play(self.key, self.asset.path, self._at if self._at < self.seconds - 0.2 else 0.0)

    def play_from(self, seconds: float, until: float | None = None) -> None:
        if self.asset is None:
            return
        if self._work.sounds.state(self.key) == "playing" and until is None:
            self.seek(seconds)
        else:
            self._work.sounds.play(self.key, self.asset.path, seconds, until)

    def seek(self, seconds: float) -> None:
        self._at = max(0.0, min(seconds, self.seconds or seconds))
        if self.key and self._work.sounds.state(self.key) != "idle":
            self._work.sounds.seek(self._at)
        self.moved.emit(self._at)

    def close(self) -> None:
        if self.key and self._work.sounds.key == self.key:
            self._work.sounds.stop()

    def _take(self, asset: "Asset | None") -> None:
        before = self.asset
        if before is not None and asset is not None and before.id != asset.id:
            self.close()
        if before is None or asset is None or before.id != asset.id:
            self._at, self.peaks = 0.0, None
        self.asset = asset
        self.lines = read(asset.detail.get("lyrics")) if asset is not None else ()
        self.changed.emit()
        if asset is not None and self.peaks is None:
            self._outline(asset)

    def _outline(self, asset: "Asset") -> None:
        """Drawn by a worker where nobody drew it yet; a file that cannot be read has none."""
        from audiostudio.operations.looks import outline_file

        file = outline_file(self._work.desk.studio.profile.cache, asset.content_hash)

        def load(asset_id: str, place: Path) -> None:
            if place.is_file():
                self._work.clerk.ask(lambda: _peaks(place), lambda peaks: self._show(asset_id, peaks), "song.outline")

        if file.is_file():
            load(asset.id, file)
            return
        from audiostudio.jobs import Job

        request = {"items": [{"key": asset.id, "path": str(asset.path), "file": str(file)}]}
        watcher = self._work.desk.jobs.submit(Job("media.outlines", request, self.tr("Draw a waveform"), 5))
        watcher.told = True
        watcher.finished.connect(lambda _outcome: load(asset.id, file))

    def _show(self, asset_id: str, peaks: Any) -> None:
        if peaks is not None and self.asset is not None and self.asset.id == asset_id:
            self.peaks = peaks
            self.outlined.emit(peaks)

    def _state(self, key: str, state: str) -> None:
        if key and key == self.key:
            self.state_changed.emit(state)

    def _move(self, key: str, seconds: float) -> None:
        if key and key == self.key:
            self._at = seconds
            self.moved.emit(seconds)


def _peaks(place: Path) -> Any:
    from audiostudio.sound.peaks import Peaks

    return Peaks.load(place)
