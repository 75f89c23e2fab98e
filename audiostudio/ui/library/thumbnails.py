"""What assets look like: the real outline of a sound, a small picture of a picture or film.

Made by a worker, kept in the profile's cache, and a few hundred of them in memory. What was asked for last comes first.
"""

from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from audiostudio.jobs import Job, Outcome, Partial
from audiostudio.library.model import Asset, AssetKind
from audiostudio.operations.looks import EDGE, thumbnail_file
from audiostudio.ui.bridge import Jobs, JobWatcher
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.library.shelf import SOUNDS

KEPT = 400
WAITING = 240
"""More that wait are forgotten: they are out of sight."""
AT_ONCE = 8
LARGEST_DRAWING = 1_000_000
"""Bytes."""
Outline = NDArray[np.float32]
Look = QPixmap | Outline | None
"""None: it has none of its own."""


class Thumbnails(QObject):
    came = Signal()
    """Something can be painted that could not before."""

    def __init__(self, jobs: Jobs, clerk: Clerk, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._clerk, self._cache = jobs, clerk, cache
        self._made: OrderedDict[str, Look] = OrderedDict()
        self._reading: set[str] = set()
        self._absent: OrderedDict[str, Asset] = OrderedDict()
        self._making: dict[str, Asset] = {}
        self._watcher: JobWatcher | None = None
        self._closed = False

    def get(self, asset: Asset) -> Look:
        """What there is now; what is not will be looked for."""
        key = asset.content_hash
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        if not asset.missing and _look(asset) and key not in self._reading and key not in self._making:
            if key in self._absent:
                self._absent.move_to_end(key)
            else:
                self._read(asset)
        return None

    def close(self) -> None:
        self._closed = True
        if self._watcher is not None:
            self._watcher.cancel()

    def _read(self, asset: Asset) -> None:
        key, look = asset.content_hash, _look(asset)
        self._reading.add(key)
        file = thumbnail_file(self._cache, key, look)
        drawn = asset.format == "svg"
        self._clerk.ask(lambda: _draw(asset.path) if drawn else _load(file), lambda loaded: self._loaded(asset, loaded))

    def _loaded(self, asset: Asset, loaded: "QImage | Outline | None") -> None:
        key = asset.content_hash
        self._reading.discard(key)
        if loaded is not None:
            self._keep(key, QPixmap.fromImage(loaded) if isinstance(loaded, QImage) else loaded)
            return
        if key in self._making or asset.format == "svg":
            self._keep(key, None)
            return
        self._absent[key] = asset
        while len(self._absent) > WAITING:
            self._absent.popitem(last=False)
        self._make()

    def _make(self) -> None:
        if self._watcher is not None or not self._absent:
            return
        for _ in range(min(AT_ONCE, len(self._absent))):
            key, asset = self._absent.popitem()
            self._making[key] = asset
        items = [{"key": key, "path": str(asset.path), "look": _look(asset)} for key, asset in self._making.items()]
        job = Job("library.thumbnails", {"items": items}, self.tr("Look at the library"), priority=-1)
        self._watcher = self._jobs.submit(job)
        self._watcher.partial.connect(self._one_made)
        self._watcher.finished.connect(self._all_made)
        self._watcher.changed.connect(self._forget)

    def _one_made(self, partial: Partial) -> None:
        key = partial.data["key"]
        asset = self._making.get(key)
        if asset is None:
            return
        if partial.data["made"]:
            self._read(asset)
        else:
            del self._making[key]
            self._keep(key, None)

    def _all_made(self, outcome: Outcome) -> None:
        self._watcher = None
        left = [key for key in self._making if key not in self._reading]
        if outcome.result is None and left:  # the first that is left ended the worker
            self._making.pop(culprit := left[0])
            self._keep(culprit, None)
            for key in left[1:]:
                self._absent[key] = self._making.pop(key)
        if not self._closed:
            self._make()

    def _forget(self, watcher: JobWatcher) -> None:
        if watcher.done:
            self._jobs.forget(watcher)

    def _keep(self, key: str, look: Look) -> None:
        self._making.pop(key, None)
        self._made[key] = look
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        self.came.emit()


def _look(asset: Asset) -> str:
    if asset.kind in SOUNDS:
        return "outline"
    return "" if asset.kind in (AssetKind.CAPTIONS, AssetKind.DOCUMENT) else "picture"


def _draw(path: Path) -> QImage | None:
    """A drawing, which only Qt can read here; its import has seen to it that it runs and fetches nothing."""
    if not path.is_file() or path.stat().st_size > LARGEST_DRAWING:
        return None
    renderer = QSvgRenderer(str(path))
    size = renderer.defaultSize()
    if not renderer.isValid() or size.isEmpty():
        return None
    image = QImage(
        size.scaled(EDGE, EDGE, Qt.AspectRatioMode.KeepAspectRatio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def _load(file: Path) -> "QImage | Outline | None":
    """What the worker made. A cache that was damaged is made again."""
    if not file.is_file():
        return None
    if file.suffix == ".png":
        image = QImage(str(file))
        return None if image.isNull() else image
    try:
        outline = np.load(file, allow_pickle=False)
    except (OSError, ValueError):
        return None
    return outline if outline.ndim == 2 and outline.shape[0] == 3 else None
