"""What can be done with what is selected, by keys, menus and buttons alike."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QMessageBox, QWidget

from audiostudio.errors import RequestError, StudioError
from audiostudio.jobs import Job, JobState, Outcome
from audiostudio.library.model import Asset, Folder
from audiostudio.ui import icons
from audiostudio.ui.desk import Desk
from audiostudio.ui.library.assets import AssetModel, asset_mime
from audiostudio.ui.library.audition import Audition
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.library.delegates import playable
from audiostudio.ui.library.reveal import reveal
from audiostudio.ui.library.shelf import Place
from audiostudio.ui.library.view import AssetView

if TYPE_CHECKING:
    from audiostudio.library.library import Library


class Actions(QObject):
    changed = Signal()
    """Something was written."""
    details_wanted = Signal()

    def __init__(
        self,
        library: "Library",
        writes: Clerk,
        model: AssetModel,
        view: AssetView,
        audition: Audition,
        desk: Desk,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._library, self._writes, self._model, self._view = library, writes, model, view
        self._audition, self._jobs, self._messages, self._window = audition, desk.jobs, desk.messages, window
        self._errands, self._commands = desk.errands, desk.commands
        self._said = ""
        """Of the last change that can be undone."""
        self.place = Place.ALL
        self.folders: tuple[Folder, ...] = ()

    # What it does

    def write(self, call: Callable[[], object], then: Callable[[object], object] | None = None) -> None:
        """Change the library beside the window's thread, then look at it again."""

        def done(result: object) -> None:
            self.changed.emit()
            if then is not None:
                then(result)

        self._writes.ask(call, done)

    def selected(self, then: Callable[[list[str]], object]) -> None:
        """Hand over the ids of what is selected, rows that are not here included."""
        self._model.fetch_ids(self._view.ranges(), lambda ids: then(ids) if ids else None)

    def rename(self) -> None:
        if self._model.writable and self._view.currentIndex().isValid():
            self._view.edit(self._view.currentIndex())

    def set_name(self, asset: Asset, name: str) -> None:
        self.write(lambda: self._library.rename(asset.id, name))

    def set_favourite(self, asset: Asset) -> None:
        on = not asset.favourite
        self.write(lambda: self._library.set_favourite(asset.id, on), self._model.put)

    def make_favourites(self, ids: Sequence[str], on: bool = True) -> None:
        self.write(lambda: [self._library.set_favourite(asset_id, on) for asset_id in ids])

    def set_tags(self, asset_id: str, tags: Sequence[str]) -> None:
        self.write(lambda: self._library.set_tags(asset_id, tags))

    def add_tag(self) -> None:
        """Ask for a tag and give it to everything selected."""
        tag, good = QInputDialog.getText(self._window, self.tr("Add a tag"), self.tr("Tag"))
        tag = " ".join(tag.split())
        if good and tag:
            self.selected(lambda ids: self.write(lambda: _add_tag(self._library, ids, tag)))

    def move_to_new_folder(self) -> None:
        """Ask for a name, make a folder and move everything selected there."""
        name, good = QInputDialog.getText(self._window, self.tr("New folder"), self.tr("Name"))
        if not good:
            return

        def made(folder: Folder) -> None:
            self.folders = (*self.folders, folder)
            self.selected(lambda ids: self.move(ids, folder.id))

        self.write(lambda: self._library.create_folder(name), made)

    def move(self, ids: Sequence[str], folder: int | None) -> None:
        names = {one.id: one.name for one in self.folders}

        def moved(_result: object) -> None:
            words = self._how_many(
                len(ids), self.tr("1 item moved to {place}."), self.tr("{n} items moved to {place}.")
            )
            place = f"“{names.get(folder, '')}”" if folder is not None else self.tr("no folder")
            self.say_with_undo(words.replace("{place}", place))

        self.write(lambda: self._library.move(ids, folder), moved)

    def say_with_undo(self, words: str) -> None:
        """News of the library's last change; its Undo does nothing once something else was changed after it."""
        label = self._library.undo_label

        def undo() -> None:
            self.write(lambda: self._library.undo() if self._library.undo_label == label else None)

        self._say(words, undo)

    def undo(self) -> None:
        """Take the library's last change back."""
        self._take_back()
        self.write(self._library.undo)

    def _say(self, words: str, undo: Callable[[], None]) -> None:
        self._said = words
        self._messages.say(words, action=(self.tr("Undo"), undo))

    def _take_back(self) -> None:
        """What was said last of a change holds no longer."""
        self._messages.take_back(self._said)

    def bin(self, ids: Sequence[str]) -> None:
        held = self._audition.asset
        if held is not None and held.id in set(ids):
            self._audition.stop()

        def said(_result: object) -> None:
            words = self._how_many(len(ids), self.tr("1 item is in the bin."), self.tr("{n} items are in the bin."))
            self._say(words, lambda: self.restore(ids))

        self.write(lambda: self._library.bin(ids), said)

    def restore(self, ids: Sequence[str]) -> None:
        self._take_back()
        self.write(lambda: self._library.restore(ids))

    def delete(self) -> None:
        """Into the bin; in the bin, for good."""
        if not self._model.writable:
            return
        self.selected(self._purge if self.place is Place.BIN else self.bin)

    def empty_bin(self) -> None:
        question = self.tr("Delete everything in the bin for good?")
        if self._sure(question, self.tr("Empty the bin")):
            self.write(self._library.empty_bin, self._purged)

    def _purge(self, ids: Sequence[str]) -> None:
        question = self._how_many(len(ids), self.tr("Delete 1 item for good?"), self.tr("Delete {n} items for good?"))
        if self._sure(question, self.tr("Delete")):
            self.write(lambda: self._library.purge(ids), self._purged)

    def _purged(self, count: object) -> None:
        number = count if isinstance(count, int) else 0
        self._messages.say(self._how_many(number, self.tr("1 item was deleted."), self.tr("{n} items were deleted.")))

    def show_in_files(self) -> None:
        asset = self._view.current()
        if asset is not None and not asset.missing:
            sentence = self.tr("No program on this computer can show folders.")
            reveal(asset.path, self, lambda: self._messages.say(sentence, str(asset.path), tone="warning"))

    def copy_files(self) -> None:
        chosen = self._view.here()
        if chosen:
            QGuiApplication.clipboard().setMimeData(asset_mime(chosen))

    def copy_path(self) -> None:
        chosen = self._view.here()
        if chosen:
            QGuiApplication.clipboard().setText("\n".join(str(asset.path) for asset in chosen))
            self._messages.say(
                self.tr("The path was copied.") if len(chosen) == 1 else self.tr("The paths were copied.")
            )

    def locate(self, asset: Asset) -> None:
        """Ask where the file of an asset is now."""
        title = self.tr("Where is “{name}”?").replace("{name}", asset.name)
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, title, "", f"{asset.format.upper()} (*.{asset.format});;(*)"
        )
        if chosen:
            self._relink(asset, Path(chosen))

    def _relink(self, asset: Asset, path: Path) -> None:
        def refused(error: StudioError) -> None:
            if not isinstance(error, RequestError):
                self._messages.error(error)
            elif self._sure(
                error.sentence, self.tr("Use it anyway"), self.tr("It takes the place of the missing file.")
            ):
                self._relink_anyway(asset, path)

        self._writes.ask(
            lambda: self._library.relink(asset.id, path), lambda _: self._has_its_file(asset), refused=refused
        )

    def _relink_anyway(self, asset: Asset, path: Path) -> None:
        """A job, as a file of which nothing is known is decoded."""
        request = {"asset": asset.id, "path": str(path), "other_content": True}

        def finished(outcome: Outcome) -> None:
            if outcome.state is JobState.DONE:
                self._has_its_file(asset)
            elif isinstance(outcome.error, StudioError):
                self._messages.error(outcome.error)

        try:
            self._jobs.submit(
                Job("library.relink", request, self.tr("Read “{name}”").replace("{name}", path.name)), finished
            )
        except StudioError as error:
            self._messages.error(error)

    def _has_its_file(self, asset: Asset) -> None:
        self.changed.emit()
        self._messages.say(self.tr("“{name}” has its file back.").replace("{name}", asset.name), tone="success")

    def _sure(self, question: str, yes: str, more: str = "") -> bool:
        box = QMessageBox(QMessageBox.Icon.Warning, self.tr("Library"), question, parent=self._window)
        box.setInformativeText(more or self.tr("This cannot be undone."))
        stay = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        go = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is go

    @staticmethod
    def _how_many(count: int, one: str, many: str) -> str:
        return one if count == 1 else many.replace("{n}", str(count))

    # The menu

    def _add_errands(self, menu: QMenu, asset: Asset) -> None:
        """What other panels can do with a sound, where there are such."""
        names = {command.name for command in self._commands.all()}
        if "timeline.show" in names:
            words = self.tr("Put on the timeline")
            self._add(menu, words, "plus", lambda: self._errands.timeline_wanted.emit([asset.id]))
        if "view.tab.music" in names:
            words = self.tr("Fit, loop, remix…")
            self._add(menu, words, "scissors", lambda: self._errands.tools_wanted.emit(asset.id))

    def menu(self) -> QMenu:
        """What can be done with what is selected now."""
        menu, chosen = QMenu(self._window), self._view.here()
        one = chosen[0] if len(chosen) == 1 else None
        writable = self._model.writable
        if one is not None and playable(one):
            words = self.tr("Pause") if self._audition.playing(one) else self.tr("Play")
            self._add(menu, words, "play", lambda: self._audition.toggle(one), "Space")
        if one is not None:
            self._add(menu, self.tr("Details"), "info", self.details_wanted.emit, "Alt+Return")
        if one is not None and one.missing:
            self._add(menu, self.tr("Locate…"), "search", lambda: self.locate(one), enabled=writable)
        menu.addSeparator()
        if self.place is Place.BIN:
            self._add(
                menu, self.tr("Restore"), "archive-restore", lambda: self.selected(self.restore), enabled=writable
            )
            self._add(menu, self.tr("Delete for good…"), "trash-2", self.delete, "Delete", writable)
            return menu
        if one is not None:
            words = self.tr("No favourite any more") if one.favourite else self.tr("Favourite")
            self._add(menu, words, "star", lambda: self.set_favourite(one), enabled=writable)
            self._add(menu, self.tr("Rename"), "pencil", self.rename, "F2", writable)
        elif chosen:
            self._add(
                menu, self.tr("Favourites"), "star", lambda: self.selected(self.make_favourites), enabled=writable
            )
        self._add(menu, self.tr("Add a tag…"), "tag", self.add_tag, enabled=writable)
        self._add_folders(menu, writable)
        menu.addSeparator()
        if one is not None and playable(one) and not one.missing:
            self._add_errands(menu, one)
        there = [asset for asset in chosen if not asset.missing]
        self._add(menu, self.tr("Copy"), "copy", self.copy_files, "Ctrl+C", bool(there))
        self._add(menu, self.tr("Copy the path"), "link-2", self.copy_path, enabled=bool(there))
        if one is not None:
            words = self.tr("Show in the file manager")
            self._add(menu, words, "folder-open", self.show_in_files, enabled=not one.missing)
        menu.addSeparator()
        self._add(menu, self.tr("Move to the bin"), "trash-2", self.delete, "Delete", writable)
        return menu

    def _add_folders(self, menu: QMenu, writable: bool) -> None:
        sub = menu.addMenu(icons.icon("folder"), self.tr("Move to a folder"))
        sub.setEnabled(writable)
        depth: dict[int, int] = {}
        for folder in self.folders:
            depth[folder.id] = depth.get(folder.parent, -1) + 1 if folder.parent is not None else 0
            action = sub.addAction("    " * depth[folder.id] + folder.name.replace("&", "&&"))
            action.triggered.connect(
                lambda _=False, folder=folder: self.selected(lambda ids: self.move(ids, folder.id))
            )
        sub.addSeparator()
        new = sub.addAction(self.tr("New folder…"))
        new.triggered.connect(self.move_to_new_folder)
        none = sub.addAction(self.tr("No folder"))
        none.triggered.connect(lambda: self.selected(lambda ids: self.move(ids, None)))

    def _add(
        self, menu: QMenu, words: str, icon: str, run: Callable[[], object], key: str = "", enabled: bool = True
    ) -> QAction:
        action = menu.addAction(icons.icon(icon), words)
        if key:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setEnabled(enabled)
        action.triggered.connect(lambda: run())
        return action

    def open_menu(self, where: QPoint) -> None:
        if not self._view.count():
            return
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)


def _add_tag(library: "Library", ids: Sequence[str], tag: str) -> None:
    for asset_id in ids:
        library.set_tags(asset_id, (*library.get(asset_id).tags, tag))
