"""Folders, and how many there are of what."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from audiostudio.library.model import AssetKind, Folder, Query
from audiostudio.ui import icons
from audiostudio.ui.library.actions import Actions
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.library.places import Census, PlacesTree

if TYPE_CHECKING:
    from audiostudio.library.library import Library


@dataclass(frozen=True, slots=True)
class _Counted:
    census: Census
    kinds: dict[AssetKind, int]
    tags: dict[str, int]
    music: dict[str, dict[str, int]]


class FolderDesk(QObject):
    counted = Signal()
    """`census`, `kinds`, `tags` and `music` are new."""

    def __init__(self, library: "Library", reads: Clerk, actions: Actions, places: PlacesTree, window: QWidget) -> None:
        super().__init__(window)
        self._library, self._reads, self._actions, self._places, self._window = library, reads, actions, places, window
        self.census = Census((), 0, 0, 0, 0)
        self.kinds: dict[AssetKind, int] = {}
        self.tags: dict[str, int] = {}
        self.music: dict[str, dict[str, int]] = {}
        places.renamed.connect(self._rename)
        places.remove_wanted.connect(self.remove)
        places.folder_dropped.connect(self._move)
        places.folder_menu_wanted.connect(self._open_menu)

    def count(self) -> None:
        self._reads.ask(lambda: _count(self._library), self._came, "counts")

    def _came(self, found: _Counted) -> None:
        self.census, self.kinds, self.tags, self.music = found.census, found.kinds, found.tags, found.music
        self.counted.emit()

    def create(self, parent: int | None = None) -> None:
        """Ask for a name and make a folder."""
        name, good = QInputDialog.getText(self._window, self.tr("New folder"), self.tr("Name"))
        if good:
            self._actions.write(lambda: self._library.create_folder(name, parent))

    def remove(self, folder: int) -> None:
        """Its contents go to the folder around it."""
        name = self._places.folder_name(folder)

        def removed(_result: object) -> None:
            words = self.tr("The folder “{name}” was removed; what was in it is still there.").replace("{name}", name)
            self._actions.say_with_undo(words)

        self._actions.write(lambda: self._library.remove_folder(folder), removed)

    def _rename(self, folder: int, name: str) -> None:
        self._actions.write(lambda: self._library.rename_folder(folder, name))

    def _move(self, folder: int, parent: int | None) -> None:
        self._actions.write(lambda: self._library.move_folder(folder, parent))

    def menu(self, folder: int | None) -> QMenu:
        menu = QMenu(self._window)
        words = self.tr("New folder…") if folder is None else self.tr("New folder in it…")
        menu.addAction(icons.icon("folder-plus"), words).triggered.connect(lambda: self.create(folder))
        if folder is not None:
            rename = menu.addAction(icons.icon("pencil"), self.tr("Rename"))
            rename.triggered.connect(lambda: self._places.edit_folder(folder))
            menu.addSeparator()
            remove = menu.addAction(icons.icon("trash-2"), self.tr("Remove the folder, keep what is in it"))
            remove.triggered.connect(lambda: self.remove(folder))
        for action in menu.actions():
            action.setEnabled(not self._library.read_only)
        return menu

    def _open_menu(self, folder: int | None, where: QPoint) -> None:
        menu = self.menu(folder)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)


def _count(library: "Library") -> _Counted:
    kinds = library.counts()
    folders: tuple[Folder, ...] = library.folders()
    census = Census(
        folders,
        sum(kinds.values()),
        library.search(Query(favourite=True), limit=1).total,
        library.search(Query(missing=True), limit=1).total,
        library.search(Query(binned=True), limit=1).total,
    )
    return _Counted(census, kinds, library.tags(), library.music_facts())
