"""The Library panel: puts its parts together."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from audiostudio.errors import StudioError
from audiostudio.library.model import Asset
from audiostudio.ui.desk import Desk
from audiostudio.ui.library import care
from audiostudio.ui.library.actions import Actions
from audiostudio.ui.library.arrivals import Arrivals
from audiostudio.ui.library.assets import AssetModel, local_paths
from audiostudio.ui.library.audition import Audition
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.library.covers import Covers
from audiostudio.ui.library.delegates import GridDelegate, ListDelegate, playable
from audiostudio.ui.library.details import Details
from audiostudio.ui.library.emptiness import Emptiness
from audiostudio.ui.library.filters import Filters
from audiostudio.ui.library.folders import FolderDesk
from audiostudio.ui.library.now_playing import NowPlaying
from audiostudio.ui.library.origin_dialog import check_origin
from audiostudio.ui.library.places import PlacesTree
from audiostudio.ui.library.shelf import Place, Shelf
from audiostudio.ui.library.tabbing import next_stop
from audiostudio.ui.library.thumbnails import Thumbnails
from audiostudio.ui.library.view import AssetView
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, IconButton, SearchField, Splitter

_LOOK_MS = 600
"""How often the library is asked whether anybody has changed it."""
_TYPING_MS = 80
_SHELF, _MODE = "ui.library.shelf", "ui.library.mode"


class LibraryPanel(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """`desk.studio.library` is open. `close()` ends what runs for the panel."""
        super().__init__(parent)
        self.desk = desk
        self.library = desk.studio.library
        self.shelf = Shelf.from_json(desk.settings.get(_SHELF))
        self._version = -1
        self._wanted = ""
        """The id of an asset that is to be selected as soon as its row is here."""
        self._make_parts()
        self._lay_out()
        self._connect()
        self._rail = care.rail_actions(self)
        care.register(self)
        self.set_mode(str(desk.settings.get(_MODE, "grid")))
        self.details.setVisible(False)
        self._go(self.shelf)
        self._look_again = QTimer(self)
        self._look_again.setInterval(_LOOK_MS)
        self._look_again.timeout.connect(self.look_again)
        self._look_again.start()
        self.look_again()

    def rail_actions(self) -> Sequence[QAction]:
        return self._rail

    # Building

    def _make_parts(self) -> None:
        desk, writable = self.desk, not self.library.read_only
        self.bring = IconButton("plus", self.tr("Import sounds, pictures and films"), self, size=28)
        self.bring.setEnabled(writable)
        self.look = IconButton("list", self.tr("Show as a list"), self, size=28)
        self.more = IconButton("ellipsis", self.tr("More"), self, size=28)
        self.search = SearchField(self.tr("Search the library"), self, _TYPING_MS)
        self.reads, self.writes, self.looks = Clerk(self), Clerk(self), Clerk(self)
        self.model = AssetModel(self.library, self.reads, self)
        self.thumbnails = Thumbnails(desk.jobs, self.looks, desk.studio.profile.cache, self)
        self.covers = Covers(self.looks, self)
        self.audition = Audition(desk, self)
        delegates = (
            GridDelegate(self.thumbnails, self.covers, self.audition, self),
            ListDelegate(self.thumbnails, self.covers, self.audition, self),
        )
        for delegate in delegates:
            delegate.writable = writable
        self.view = AssetView(self.model, *delegates, self)
        self.places = PlacesTree(writable, self)
        self.filters = Filters(self)
        self.details = Details(writable, self)
        self.now = NowPlaying(self.audition, self.thumbnails, self)
        self.actions = Actions(self.library, self.writes, self.model, self.view, self.audition, desk, self)
        self.folders = FolderDesk(self.library, self.reads, self.actions, self.places, self)
        self.arrivals = Arrivals(desk, self.looks, self)
        self.empty = Emptiness(writable, self)
        self.read_only = QLabel(self.tr("This library can only be read: its folder belongs to somebody else."), self)
        self.read_only.setProperty("role", "warning")
        self.read_only.setWordWrap(True)
        self.read_only.setContentsMargins(GRID, 0, GRID, 0)
        self.read_only.setVisible(not writable)
        self.empty_bin = Button(self.tr("Empty the bin…"), "secondary", "trash-2", self, small=True)
        self.empty_bin.setEnabled(writable)
        self.empty_bin.hide()
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.hide()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Library"), self)
        title.setProperty("role", "heading")
        head = QHBoxLayout()
        head.setContentsMargins(GRID + HALF, GRID, GRID, 0)
        head.setSpacing(2)
        head.addWidget(title, 1)
        for button in (self.bring, self.look, self.more):
            head.addWidget(button)
        field = QHBoxLayout()
        field.setContentsMargins(GRID, 0, GRID, 0)
        field.addWidget(self.search)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.view)
        self.pages.addWidget(self.empty)
        top = QWidget(self)
        rows = QVBoxLayout(top)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(HALF)
        rows.addWidget(self.filters)
        rows.addWidget(self.empty_bin, 0, Qt.AlignmentFlag.AlignCenter)
        rows.addWidget(self.pages, 1)
        self.split = Splitter(Qt.Orientation.Vertical, self)
        for part in (self.places, top, self.details):
            self.split.addWidget(part)
        self.split.setStretchFactor(1, 1)
        self.places.setMinimumHeight(60)
        self.places.setContentsMargins(GRID, 0, 0, 0)
        top.setMinimumHeight(160)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addLayout(field)
        column.addWidget(self.read_only)
        column.addWidget(self.split, 1)
        column.addWidget(self.progress)
        column.addWidget(self.now)

    def _connect(self) -> None:
        self.setFocusProxy(self.search)
        self.search.searched.connect(lambda text: self._go(replace(self.shelf, text=text)))
        self.filters.changed.connect(self._go)
        self.places.chosen.connect(lambda place, folder: self._go(self.shelf.at(place, folder)))
        self.places.assets_dropped.connect(self._dropped_on)
        self.places.files_dropped.connect(self.arrivals.bring)
        self.places.grown.connect(self._fit_places)
        self.folders.counted.connect(self._counted)
        self.view.play_wanted.connect(self.open)
        self.view.star_wanted.connect(self.actions.set_favourite)
        self.view.menu_wanted.connect(self.actions.open_menu)
        self.view.files_dropped.connect(self.import_files)
        self.view.chosen.connect(self._chosen)
        self.model.shown.connect(self._shown)
        self.model.lost.connect(lambda: self._go(self.shelf.at(Place.ALL)))
        self.model.rename_wanted.connect(self.actions.set_name)
        self.actions.changed.connect(self.look_again)
        self.actions.details_wanted.connect(self.show_details)
        self.arrivals.came.connect(self._arrived)
        self.arrivals.progressed.connect(self._show_progress)
        self.empty.import_wanted.connect(self.choose_files)
        self.empty_bin.clicked.connect(self.actions.empty_bin)
        self.empty.clear_wanted.connect(self._clear_filters)
        self.bring.clicked.connect(self.choose_files)
        self.look.clicked.connect(lambda: self.set_mode("list" if self.view.mode == "grid" else "grid"))
        self.more.clicked.connect(self._open_more)
        self.now.named.connect(lambda asset: self.show_asset(asset.id))
        self._connect_details()
        for clerk in (self.reads, self.writes, self.looks):
            clerk.failed.connect(self.desk.messages.error)
        repaint = self.view.viewport().update
        self.thumbnails.came.connect(repaint)
        self.covers.came.connect(repaint)
        self.audition.changed.connect(lambda _before, _now: repaint())
        self.audition.moved.connect(lambda _asset: repaint())

    def _connect_details(self) -> None:
        self.details.closed.connect(lambda: self.show_details(False))
        self.details.renamed.connect(self.actions.set_name)
        self.details.tags_changed.connect(self.actions.set_tags)
        self.details.locate_wanted.connect(self.actions.locate)
        self.details.reveal_wanted.connect(self.actions.show_in_files)
        self.details.star_wanted.connect(self.actions.set_favourite)
        self.details.asset_wanted.connect(self.show_asset)
        self.details.origin_wanted.connect(lambda asset: check_origin(self.desk, asset.path))

    # What the user asks for

    def find(self) -> None:
        """Put the caret into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def open(self, asset: Asset) -> None:
        """Hear it; what cannot be heard is shown in its details."""
        if playable(asset):
            self.audition.toggle(asset)
        else:
            self.show_details()

    def choose_files(self) -> None:
        title = self.tr("Import sounds, pictures and films")
        paths, _ = QFileDialog.getOpenFileNames(self, title)
        self.import_files(paths)

    def import_files(self, paths: Sequence[str]) -> None:
        self.arrivals.bring(paths, self.shelf.folder if self.shelf.place is Place.FOLDER else None)

    def set_mode(self, mode: str) -> None:
        mode = mode if mode in ("grid", "list") else "grid"
        self.view.set_mode(mode)
        grid = mode == "grid"
        self.look.set_icon("list" if grid else "layout-grid")
        self.look.set_label(self.tr("Show as a list") if grid else self.tr("Show as a grid"))
        self._remember(_MODE, mode)

    def show_details(self, on: bool = True) -> None:
        self.details.setVisible(on)
        if on:
            sizes = self.split.sizes()
            if sizes[2] < 200:
                wanted = min(380, max(200, self.split.height() * 2 // 5))
                self.split.setSizes([sizes[0], max(160, sum(sizes) - sizes[0] - wanted), wanted])
            self._fill_details()

    def show_asset(self, asset_id: str) -> None:
        """Select an asset, looking where it can be found."""
        if not self.view.choose(asset_id):
            self._wanted = asset_id
            self._go(replace(self.shelf.unfiltered().at(Place.ALL), takes=True))

    def show_groups(self, groups: tuple[str, ...]) -> None:
        """Show all there is of some of `shelf.GROUPS`."""
        self._go(replace(self.shelf.unfiltered().at(Place.ALL), groups=groups))

    # What is looked at

    def _go(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.actions.place = shelf.place
        if self.search.text() != shelf.text:
            self.search.blockSignals(True)
            self.search.setText(shelf.text)
            self.search.blockSignals(False)
        self.filters.show_shelf(shelf)
        self.places.blockSignals(True)
        self.places.choose(shelf.place, shelf.folder)
        self.places.blockSignals(False)
        self.model.show(shelf.query())
        self._remember(_SHELF, shelf.to_json())

    def look_again(self) -> None:
        """See what others, jobs and this panel itself have changed. Cheap where nothing has."""
        if self.view.editing:
            return
        try:
            version = self.library.version()
        except StudioError as error:
            if self._version != -2:
                self._version = -2
                self.desk.messages.error(error)
            return
        if version != self._version:
            self._version = version
            self.model.refresh()
            self.folders.count()
            self._renew_held()

    def _renew_held(self) -> None:
        held = self.audition.asset
        if held is not None:
            self.reads.ask(lambda: self.library.get(held.id), self.audition.renew, "held", lambda _gone: None)

    def _clear_filters(self) -> None:
        self._go(self.shelf.unfiltered())

    def _shown(self, _anew: bool) -> None:
        self.pages.setCurrentWidget(self.view if self.model.total else self.empty)
        self.empty.show_for(self.shelf)
        self.empty_bin.setVisible(self.shelf.place is Place.BIN and self.model.total > 0)
        if self._wanted and self.view.choose(self._wanted):
            self._wanted = ""
        self._chosen()

    def _chosen(self) -> None:
        self.filters.show_count(self.model.total, self.view.count())
        if self.details.isVisibleTo(self):
            self._fill_details()

    def _fill_details(self) -> None:
        asset = self.view.current()
        if asset is None:
            self.details.show_nothing()
        else:
            self.reads.ask(
                lambda: care.look_up(self.library, asset.id), self._show_details, "details", lambda _gone: None
            )

    def _show_details(self, found: care.Known) -> None:
        current = self.view.current()
        if current is None or current.id != found.asset.id:
            return  # something else has been chosen since
        folder = self.places.folder_name(found.asset.folder)
        self.details.show_asset(found.asset, found.made_of, folder, found.project)

    def _counted(self) -> None:
        census = self.folders.census
        self.places.show_census(census, self.shelf.place, self.shelf.folder)
        self.actions.folders = census.folders
        self.filters.show_kinds(self.folders.kinds)
        self.filters.show_tags(self.folders.tags)
        self.filters.show_facts(self.folders.music)

    def _fit_places(self) -> None:
        """The tree takes what it needs, up to a third of the height; then it scrolls."""
        wanted = min(self.places.wanted_height(), max(120, self.height() // 3))
        sizes = self.split.sizes()
        if sum(sizes) > 0 and sizes[0] != wanted:
            self.split.setSizes([wanted, max(160, sum(sizes) - wanted - sizes[2]), sizes[2]])

    # What happens

    def _arrived(self, asset_id: str) -> None:
        self._wanted = asset_id
        self.look_again()

    def _show_progress(self, fraction: float | None, message: str) -> None:
        self.progress.setVisible(fraction is not None)
        self.progress.setValue(round(1000 * (fraction or 0.0)))
        self.progress.setToolTip(message)
        self.progress.setAccessibleName(message)

    def _dropped_on(self, ids: list[str], place: Place, folder: int | None) -> None:
        if place is Place.BIN:
            self.actions.bin(ids)
        elif place is Place.FAVOURITES:
            self.actions.make_favourites(ids)
        elif self.shelf.place is Place.BIN:
            self.actions.restore(ids)
        else:
            self.actions.move(ids, folder)

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        care.fill_menu(self, menu)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _remember(self, name: str, value: object) -> None:
        try:
            self.desk.settings[name] = value
        except StudioError as error:
            self.desk.messages.error(error)

    # Qt

    def event(self, event: QEvent) -> bool:
        """Keys that are the panel's own while it has the focus, whatever the window does with them elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and self._own(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        run = self._own(event)
        if run is not None:
            run()
        else:
            super().keyPressEvent(event)

    def _own(self, event: QKeyEvent):
        if event.matches(QKeySequence.StandardKey.Find):
            return self.find
        if event.matches(QKeySequence.StandardKey.Undo) and self.library.undo_label is not None:
            return self.actions.undo  # whoever deletes here means this, not what he wrote before
        if not self.view.hasFocus():
            return None
        if event.matches(QKeySequence.StandardKey.Copy):
            return self.actions.copy_files
        if event.matches(QKeySequence.StandardKey.Paste):
            return self._paste if self.model.writable else None
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return lambda: self.show_details(not self.details.isVisible())
        return {Qt.Key.Key_F2: self.actions.rename, Qt.Key.Key_Delete: self.actions.delete}.get(Qt.Key(event.key()))

    def _paste(self) -> None:
        self.import_files(local_paths(QGuiApplication.clipboard().mimeData()))

    def focusNextPrevChild(self, forward: bool) -> bool:
        stop = next_stop(self, forward)
        if stop is None:
            return super().focusNextPrevChild(forward)
        stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().height() != event.size().height():
            self._fit_places()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._look_again.stop()
        self.audition.close()
        self.thumbnails.close()
        self.writes.close(finish=True)
        self.reads.close()
        self.looks.close()
        super().closeEvent(event)
