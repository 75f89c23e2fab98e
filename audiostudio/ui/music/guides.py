"""Recordings that an engine is given: one that it goes on from, one whose melody it follows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from audiostudio.library.model import AssetKind, Query
from audiostudio.ui.library.assets import ASSETS, dragged_ids
from audiostudio.ui.library.wording import duration
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.popups import ListPopup
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, IconButton

if TYPE_CHECKING:
    from audiostudio.library.model import Asset

SOUNDS = (AssetKind.MUSIC, AssetKind.SONG, AssetKind.SOUND_EFFECT, AssetKind.RECORDING, AssetKind.VOICEOVER)
LISTED = 200
"""Of the newest sounds that a list offers; others are dragged from the library."""


class TrackList(ListPopup):
    """The newest sounds of the library."""

    def __init__(self, parent: QWidget, title: str, assets: "Sequence[Asset]") -> None:
        rows = [(one.id, f"{one.name}  ·  {duration(one.duration)}") for one in assets if one.duration]
        super().__init__(parent, title, rows)
        self.list.setFixedWidth(360)


def newest_sounds(work: MusicWork) -> "Sequence[Asset]":
    """Beside the window's thread."""
    return work.desk.studio.library.search(Query(kinds=SOUNDS), 0, LISTED).assets


class Guide(QWidget):
    """A button that names the track; drop one on it, or choose from the library."""

    changed = Signal()

    def __init__(self, work: MusicWork, shelf: Shelf, name: str, title: str, hint: str, parent: QWidget) -> None:
        """`name`: under which it is remembered and asked for, `continues` or `melody`."""
        super().__init__(parent)
        self._work, self._shelf, self._name, self._title = work, shelf, name, title
        self.asset: Asset | None = None
        self.setAcceptDrops(True)
        label = QLabel(title, self)
        label.setProperty("role", "secondary")
        self.button = Button("", "secondary", "music", self, small=True)
        self.button.setToolTip(hint)
        label.setBuddy(self.button)
        self.clear = IconButton("x", self.tr("Without it"), self, size=24, icon_size=14)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(HALF)
        row.addWidget(label, 1)
        row.addSpacing(GRID)
        row.addWidget(self.button)
        row.addWidget(self.clear)
        self.button.clicked.connect(self.open_list)
        self.clear.clicked.connect(lambda: self._took([]))
        kept = work.recall(f"guide {name}")
        if isinstance(kept, str) and kept:
            self.take(kept)
        self._say()

    def take(self, asset: str) -> None:
        """An asset of the library, by its id."""
        self._shelf.look([asset], self._took, f"guide {self._name}")

    def open_list(self) -> None:
        self._work.clerk.ask(lambda: newest_sounds(self._work), self._show_list, f"guides {self._name}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(ASSETS):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.take(next(iter(dragged_ids(event.mimeData()))))

    def _show_list(self, assets: "Sequence[Asset]") -> None:
        popup = TrackList(self.window(), self._title, assets)
        popup.picked.connect(self.take)
        popup.open_below(self.button)

    def _took(self, assets: "list[Asset]") -> None:
        self.asset = next((one for one in assets if one.duration), None)
        self._work.keep(f"guide {self._name}", self.asset.id if self.asset is not None else "")
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        name = self.asset.name if self.asset is not None else ""
        self.button.setText((name if len(name) <= 24 else name[:22] + "…") or self.tr("Choose a track…"))
        self.button.setAccessibleName(f"{self._title}: {name or self.tr('none')}")
        self.clear.setVisible(self.asset is not None)
