"""What of a place is shown: kinds as chips, tags and order as menus, and how many there are."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from audiostudio.library.model import AssetKind
from audiostudio.ui.library.music_filter import Facts, filter_words, music_menu
from audiostudio.ui.library.shelf import GROUPS, Order, Shelf
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import ChipGroup, IconButton

_MOST_TAGS = 40
"""In the menu; the search finds the others."""


class Filters(QWidget):
    changed = Signal(object)
    """A `Shelf` with other filters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf = Shelf()
        self._tags: dict[str, int] = {}
        self._groups: tuple[str, ...] = ()
        self._facts: Facts = {}
        self.chips: ChipGroup | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GRID, HALF, GRID, 0)
        self._column.setSpacing(HALF)
        self.count = QLabel(self)
        self.count.setProperty("role", "small")
        self.tags = IconButton("tag", self.tr("Filter by tags"), self, size=24, icon_size=14, checkable=True)
        self.music = IconButton(
            "sliders-horizontal", self.tr("Filter music"), self, size=24, icon_size=14, checkable=True
        )
        self.music.hide()
        self.order = IconButton("arrow-up-down", self.tr("Sort"), self, size=24, icon_size=14)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.count, 1)
        row.addWidget(self.music)
        row.addWidget(self.tags)
        row.addWidget(self.order)
        self._column.addLayout(row)
        self.tags.clicked.connect(self._open_tags)
        self.music.clicked.connect(self._open_music)
        self.order.clicked.connect(self._open_orders)

    def show_shelf(self, shelf: Shelf) -> None:
        self._shelf = shelf
        if self.chips is not None:
            self.chips.choose(shelf.groups or ("",))
        self.tags.setChecked(bool(shelf.tags))
        self.tags.set_label(
            self.tr("Tags: {tags}").replace("{tags}", ", ".join(shelf.tags))
            if shelf.tags
            else self.tr("Filter by tags")
        )

        words = filter_words(shelf)
        self.music.setChecked(bool(words))
        self.music.set_label(self.tr("Music: {what}").replace("{what}", words) if words else self.tr("Filter music"))
        self._offer_music()

    def show_facts(self, facts: Facts) -> None:
        """Genres, moods and keys of the music that there is."""
        self._facts = facts
        self._offer_music()

    def _offer_music(self) -> None:
        self.music.setVisible(any(self._facts.values()) or self._shelf.music_filtered)

    def show_kinds(self, counts: Mapping[AssetKind, int]) -> None:
        """Offer the groups of kinds that there are; one alone is no choice."""
        present = tuple(group for group, kinds in GROUPS.items() if any(counts.get(kind) for kind in kinds))
        present = tuple(dict.fromkeys((*present, *self._shelf.groups)))
        if present == self._groups:
            return
        self._groups = present
        if self.chips is not None:
            self._column.removeWidget(self.chips)
            self.chips.deleteLater()
            self.chips = None
        if len(present) > 1:
            options = [("", self.tr("All")), *((group, self._name(group)) for group in present)]
            self.chips = ChipGroup(options, self, exclusive=True, label=self.tr("Kinds"))
            self.chips.choose(self._shelf.groups or ("",))
            self.chips.changed.connect(self._kind_chosen)
            self._column.insertWidget(0, self.chips)

    def show_tags(self, tags: dict[str, int]) -> None:
        self._tags = tags
        self.tags.setVisible(bool(tags) or bool(self._shelf.tags))

    def show_count(self, total: int, chosen: int) -> None:
        words = self.tr("1 item") if total == 1 else self.tr("{n} items").replace("{n}", QLocale().toString(total))
        if chosen > 1:
            words += "  ·  " + self.tr("{n} selected").replace("{n}", QLocale().toString(chosen))
        self.count.setText(words)

    def _name(self, group: str) -> str:
        return {
            "voice": self.tr("Voice"),
            "music": self.tr("Music"),
            "sound": self.tr("Sounds"),
            "picture": self.tr("Pictures"),
            "film": self.tr("Films"),
            "text": self.tr("Texts"),
        }[group]

    def _kind_chosen(self, keys: list[str]) -> None:
        self.changed.emit(replace(self._shelf, groups=tuple(key for key in keys if key)))

    def _open_tags(self) -> None:
        self.tags.setChecked(bool(self._shelf.tags))
        menu = self.tags_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.tags.mapToGlobal(self.tags.rect().bottomLeft()))

    def _open_music(self) -> None:
        self.music.setChecked(self._shelf.music_filtered)
        menu = self.music_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.music.mapToGlobal(self.music.rect().bottomLeft()))

    def music_menu(self) -> QMenu:
        """Genre, mood, key, tempo, terms."""
        return music_menu(self._facts, self._shelf, self.changed.emit, self)

    def tags_menu(self) -> QMenu:
        """The tags by how many bear them; several may be checked, and all of them must be there."""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Tags"))
        common = sorted(self._tags, key=lambda tag: -self._tags[tag])[:_MOST_TAGS]
        for tag in dict.fromkeys((*self._shelf.tags, *sorted(common, key=str.casefold))):
            action = menu.addAction(f"{tag}\t{self._tags.get(tag, 0)}".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(tag in self._shelf.tags)
            action.triggered.connect(lambda on, tag=tag: self._tag_chosen(tag, on))
        if self._shelf.tags:
            menu.addSeparator()
            none = menu.addAction(self.tr("Any tags"))
            none.triggered.connect(lambda: self.changed.emit(replace(self._shelf, tags=())))
        return menu

    def _tag_chosen(self, tag: str, on: bool) -> None:
        tags = (*self._shelf.tags, tag) if on else tuple(other for other in self._shelf.tags if other != tag)
        self.changed.emit(replace(self._shelf, tags=tags))

    def _open_orders(self) -> None:
        menu = self.order_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.order.mapToGlobal(self.order.rect().bottomLeft()))

    def order_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Sort"))
        group = QActionGroup(menu)
        for order, words in (
            (Order.NEWEST, self.tr("Newest first")),
            (Order.OLDEST, self.tr("Oldest first")),
            (Order.NAME, self.tr("Name")),
            (Order.LONGEST, self.tr("Longest first")),
            (Order.SHORTEST, self.tr("Shortest first")),
            (Order.LARGEST, self.tr("Largest first")),
        ):
            action = QAction(words, menu)
            action.setCheckable(True)
            action.setChecked(order is self._shelf.order)
            action.triggered.connect(lambda _=False, order=order: self.changed.emit(replace(self._shelf, order=order)))
            group.addAction(action)
            menu.addAction(action)
        menu.addSeparator()
        takes = menu.addAction(self.tr("Also show single lines of scripts"))
        takes.setCheckable(True)
        takes.setChecked(self._shelf.takes)
        takes.triggered.connect(lambda on: self.changed.emit(replace(self._shelf, takes=on)))
        return menu
