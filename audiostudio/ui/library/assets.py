"""The rows in sight. A library of 100,000 assets is as long as one of three: rows come page by page as they are shown.

Rows that have not come yet have no asset and are painted as blanks.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl, Signal

from audiostudio.errors import NotFound
from audiostudio.library.model import Asset, Query
from audiostudio.ui.library.clerk import Clerk

if TYPE_CHECKING:
    from audiostudio.library.library import Library

PAGE = 64
"""Assets that are asked for at once."""
KEPT = 24
"""Pages that are kept."""
ASSETS = "application/x-audiostudio-assets"
"""Ids of assets, one a line: how the panel knows what it is dragging itself."""
AssetRole = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_Pages = dict[int, tuple[Asset, ...]]


class AssetModel(QAbstractListModel):
    """What a query finds."""

    shown = Signal(bool)
    """Rows were replaced. True: by those of another query."""
    rename_wanted = Signal(object, str)
    lost = Signal()
    """The folder that was looked at is gone."""

    def __init__(self, library: "Library", clerk: Clerk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library, self._clerk = library, clerk
        self._query = Query()
        self._total = 0
        self._pages: OrderedDict[int, tuple[Asset, ...]] = OrderedDict()
        self._sight = (0, 0)
        self._anew = True
        """Whether what is shown answers another question than the last one."""
        self.writable = not library.read_only

    # What is asked

    def show(self, query: Query) -> None:
        """Look for something else. What was there stays until the answer comes."""
        self._query, self._anew, self._sight = query, True, (0, 0)
        self._look()

    def refresh(self) -> None:
        """The library has changed: look again."""
        self._look()

    def see(self, first: int, last: int) -> None:
        """Rows first…last are in sight: fetch what is not here yet."""
        if self._anew:
            return  # the rows in sight are those of what was looked at before
        self._sight = (first, last)
        most = max(0, self._total - 1) // PAGE
        wanted = [page for page in range(first // PAGE, last // PAGE + 1) if page not in self._pages]
        if wanted:
            around = {page for seen in wanted for page in (seen - 1, seen, seen + 1) if 0 <= page <= most}
            missing = sorted(page for page in around if page not in self._pages)
            query = self._query
            self._clerk.ask(lambda: self._fetch(query, missing), self._add, "pages", self._refused)

    def _look(self) -> None:
        first, last = self._sight
        query, pages = self._query, range(max(0, first // PAGE - 1), last // PAGE + 2)
        self._clerk.ask(lambda: None, key="pages")  # rows that were asked for before must not come any more
        self._clerk.ask(lambda: self._fetch(query, pages), self._replace, "show", self._refused)

    def _fetch(self, query: Query, pages: Sequence[int]) -> tuple[int, _Pages]:
        found: _Pages = {}
        total = 0
        for page in pages:
            answer = self._library.search(query, page * PAGE, PAGE)
            found[page] = tuple(map(_light, answer.assets))
            total = answer.total
            if (page + 1) * PAGE >= total:
                break
        return total, found

    def _refused(self, error: Any) -> None:
        if isinstance(error, NotFound):
            self.lost.emit()
        else:
            self._clerk.failed.emit(error)

    # What comes

    def _replace(self, found: tuple[int, _Pages]) -> None:
        total, pages = found
        anew, self._anew = self._anew, False
        if not anew and total == self._total and self._same_rows(pages):
            self._pages = OrderedDict(pages)
            self.dataChanged.emit(self.index(0), self.index(total - 1)) if total else None
            self.shown.emit(False)
            return
        self.beginResetModel()
        self._total, self._pages = total, OrderedDict(pages)
        self.endResetModel()
        self.shown.emit(anew)

    def _same_rows(self, pages: _Pages) -> bool:
        return all(
            [asset.id for asset in assets] == [asset.id for asset in self._pages.get(page, ())]
            for page, assets in pages.items()
        )

    def _add(self, found: tuple[int, _Pages]) -> None:
        total, pages = found
        if total != self._total:
            self.refresh()
            return
        self._pages.update(pages)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        for page in pages:
            self.dataChanged.emit(self.index(page * PAGE), self.index(min(total, (page + 1) * PAGE) - 1))

    # What is here

    @property
    def total(self) -> int:
        return self._total

    @property
    def query(self) -> Query:
        return self._query

    def asset(self, row: int) -> Asset | None:
        """None for a row that has not come yet."""
        page = self._pages.get(row // PAGE, ())
        return page[row % PAGE] if row >= 0 and row % PAGE < len(page) else None

    def rows(self) -> dict[str, int]:
        """Where the assets are that are here, by their ids."""
        return {
            asset.id: page * PAGE + number
            for page, assets in self._pages.items()
            for number, asset in enumerate(assets)
        }

    def put(self, asset: Asset) -> None:
        """Show what has just become of an asset before the library is asked again."""
        row = self.rows().get(asset.id)
        if row is not None:
            page = list(self._pages[row // PAGE])
            page[row % PAGE] = _light(asset)
            self._pages[row // PAGE] = tuple(page)
            self.dataChanged.emit(self.index(row), self.index(row))

    def fetch_ids(self, ranges: Iterable[tuple[int, int]], answer: Callable[[list[str]], object]) -> None:
        """The ids of rows first…last of each range, those that are not here included."""
        query, wanted = self._query, list(ranges)
        rows = [row for first, last in wanted for row in range(first, last + 1)]
        here = [self.asset(row) for row in rows[: KEPT * PAGE]]
        if len(here) == len(rows) and None not in here:
            answer([asset.id for asset in here if asset is not None])
            return

        def ask() -> list[str]:
            found: list[str] = []
            for first, last in wanted:
                for start in range(first, last + 1, 500):
                    page = self._library.search(query, start, min(500, last + 1 - start))
                    found += [asset.id for asset in page.assets]
            return found

        self._clerk.ask(ask, answer)

    # Qt

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else self._total

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        asset = self.asset(index.row())
        if role == AssetRole:
            return asset
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.AccessibleTextRole):
            return asset.name if asset else ""
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        asset, name = self.asset(index.row()), " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or asset is None or not name or name == asset.name:
            return False
        self.rename_wanted.emit(asset, name)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        found = super().flags(index)
        asset = self.asset(index.row()) if index.isValid() else None
        if asset is None:
            return found
        found |= Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return found | Qt.ItemFlag.ItemIsEditable if self.writable and not asset.binned else found

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        found = (self.asset(index.row()) for index in sorted(indexes, key=QModelIndex.row))
        return asset_mime([asset for asset in found if asset is not None])

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction


def asset_mime(assets: Iterable[Asset]) -> QMimeData:
    """What is dragged or copied: real files for every other program, ids for this one."""
    chosen = list(assets)
    data = QMimeData()
    paths = [asset.path for asset in chosen if not asset.missing and not asset.binned and asset.path.is_file()]
    if paths:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        data.setText("\n".join(map(str, paths)))
    data.setData(ASSETS, "\n".join(asset.id for asset in chosen).encode())
    return data


def dragged_ids(data: QMimeData) -> list[str]:
    return bytes(data.data(ASSETS).data()).decode().split() if data.hasFormat(ASSETS) else []


_SHOWN = ("genre", "mood", "key", "bpm", "cover")
"""What rows show of a detail."""


def _light(asset: Asset) -> Asset:
    """Without what rows do not show (the words of a long voiceover are many), and missing if its file is not there."""
    heard = asset.detail.get("analysis")
    known = {**(heard if isinstance(heard, dict) else {}), **asset.detail}
    detail = {name: known[name] for name in _SHOWN if name in known}
    return replace(asset, detail=detail, recipe=None, missing=not asset.path.is_file())


def local_paths(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
