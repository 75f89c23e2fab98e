"""Assets of the library that the tab shows: looked up beside the window, with their outlines and covers."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import NotFound
from audiostudio.ui.library.thumbnails import Thumbnails
from audiostudio.ui.music.cover_art import CoverArt
from audiostudio.ui.music.work import MusicWork

if TYPE_CHECKING:
    from audiostudio.library.model import Asset
    from audiostudio.render.covers import Cover


class Shelf(QObject):
    """What is known of the assets with which a page works."""

    came = Signal()
    """An outline is there that was not."""

    def __init__(self, work: MusicWork, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.art = CoverArt(self)
        self.outlines = Thumbnails(work.desk.jobs, work.clerk, work.desk.studio.profile.cache, self)
        self.outlines.came.connect(self.came)

    def look(self, ids: Iterable[str], then: "Callable[[list[Asset]], object]", key: str = "") -> None:
        """`then(assets)` in the order of `ids`, without those that are gone or in the bin."""
        wanted = tuple(ids)

        def found() -> "list[Asset]":
            assets = []
            for one in wanted:
                try:
                    asset = self._work.desk.studio.library.get(one)
                except NotFound:
                    continue
                if not asset.binned:
                    assets.append(asset)
            return assets

        self._work.clerk.ask(found, then, key)

    def cover(self, asset: "Asset") -> "Cover":
        from audiostudio.operations.music.covers import cover_of

        return cover_of(asset)

    def close(self) -> None:
        self.outlines.close()
