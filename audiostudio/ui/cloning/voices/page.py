"""“My voices”: the voices, and the one that is chosen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QScrollArea, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.ui import icons
from audiostudio.ui.cloning.voices.acting import ENDING, Acting
from audiostudio.ui.cloning.voices.details import Details
from audiostudio.ui.cloning.voices.pictures import Pictures
from audiostudio.ui.cloning.voices.shelf import ORDERS, Shelf, count_uses, find_alike
from audiostudio.ui.cloning.voices.sounds import Sounds
from audiostudio.ui.cloning.voices.tile import Tiles, VoiceTile
from audiostudio.ui.cloning.voices.wording import order_name
from audiostudio.ui.library.assets import local_paths
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.watching import VoiceWatch
from audiostudio.ui.speech.words import counted, number
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, ChoiceBox, EmptyState, SearchField, Splitter, steady
from audiostudio.voices.voice import SLOTS

if TYPE_CHECKING:
    from audiostudio.operations.voices.usage import Usage
    from audiostudio.ui.desk import Desk, OpenProject
    from audiostudio.voices.voice import KeptVoice

_ORDER = "cloning.voices.order"
_SIZES = [560, 480]
_WIDEST = 600
"""Pixels of the details: longer lines are hard to read."""


class VoicesPage(QWidget):
    """Reads the folder of own voices, and notices what any process does to it. `close()` ends it."""

    make_new = Signal()
    make_again = Signal(str)
    """A voice's id."""

    def __init__(self, desk: "Desk", project: "OpenProject") -> None:
        super().__init__()
        self.desk, self.session = desk, project.session
        self.shelf = Shelf(desk.studio)
        self._chosen = ""
        self._closed = False
        self.background = Background(self)
        self.background.failed.connect(self._failed)
        self.pictures = Pictures(desk, self)
        self.sounds = Sounds(desk, project, self.background, self)
        self.acting = Acting(self)
        self._watch = VoiceWatch(desk.studio.voices, self)
        self._make()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.look()

    # What others ask for

    def show_voice(self, identity: str) -> None:
        """Choose a voice, and bring it into sight."""
        self.look()
        if identity not in self.tiles.ids:
            self.search.clear()
            self.bin.setChecked(False)
        self._choose(identity)
        tile = self.tiles.reveal(identity)
        if tile is not None:
            self._area.ensureWidgetVisible(tile, 0, GRID)
            tile.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def chosen(self) -> "KeptVoice | None":
        return self.shelf.get(self._chosen)

    def look(self) -> None:
        """See anew which voices there are."""
        self.shelf.look()
        self.shelf.alike.clear()
        self._show()
        self._count_uses()

    def _count_uses(self) -> None:
        """How often each spoke, as the library has it; not before that is open."""
        studio, ids = self.desk.studio, [kept.voice.id for kept in self.shelf.voices]
        if "library" in vars(studio) and ids:
            self.background.run(lambda: count_uses(studio, ids), self._show_uses)

    def _show_uses(self, found: "dict[str, Usage]") -> None:
        if found != self.shelf.uses:
            self.shelf.uses = found
            self._show()

    def _look_for_twins(self, kept: "KeptVoice") -> None:
        studio, identity = self.desk.studio, kept.voice.id
        if identity in self.shelf.alike or kept.binned:
            return

        def found(others: tuple[str, ...]) -> None:
            self.shelf.alike[identity] = others
            if self._chosen == identity and others:
                self._choose(identity)

        self.shelf.alike[identity] = ()
        self.background.run(lambda: find_alike(studio, identity), found)

    def close(self) -> bool:
        if not self._closed:
            self._closed = True
            self._watch.sleep()
            self.sounds.close()
            self.background.close()
        return super().close()

    def _failed(self, error: StudioError) -> None:
        """What could not be written is shown as it stands."""
        self.desk.messages.error(error)
        self.details.forget()
        self.look()

    # What is shown

    def _show(self) -> None:
        binned = self.bin.isChecked()
        if binned and not self.shelf.binned:
            self.bin.setChecked(False)  # which shows again
            return
        found = self.shelf.found(self.search.text(), self.order.currentData() or ORDERS[0], binned)
        self.tiles.show_voices(found)
        self._area.setVisible(bool(found))
        anything = bool(self.shelf.voices or self.shelf.binned)
        self.empty.setVisible(not self.shelf.voices and not binned)
        self.nothing.setVisible(not found and not self.empty.isVisibleTo(self))
        for widget in (self.search, self.order):
            widget.setVisible(anything)
        self.room.setVisible(not anything)
        self.new.setVisible(bool(self.shelf.voices) or binned)
        self.bin.setVisible(bool(self.shelf.binned))
        self.bin.setText(self.tr("Bin ({count})").replace("{count}", number(len(self.shelf.binned))))
        self.empty_bin.setVisible(binned)
        self.search.setPlaceholderText(
            counted(len(self.shelf.voices), self.tr("Search 1 voice"), self.tr("Search %n voices"))
        )
        self._show_damaged()
        if self._chosen not in self.tiles.ids:
            self._chosen = self.tiles.ids[0] if self.tiles.ids else ""
        self._choose(self._chosen)

    def _show_damaged(self) -> None:
        damaged = self.shelf.damaged
        self.damaged.setText("\n".join(f"{one.sentence} {one.hint}" for one in damaged[:3]))
        self.damaged.setVisible(bool(damaged))

    def _choose(self, identity: str) -> None:
        self._chosen = identity
        for name, tile in self.tiles.tiles.items():
            tile.set_selected(name == identity)
        kept = self.chosen
        self.details.setVisible(kept is not None)
        picture = self.pictures.get(self.shelf.picture(kept)) if kept is not None else None
        self.details.show_voice(kept, self.shelf, picture)
        if kept is not None:
            self._look_for_twins(kept)

    def _dress(self, tile: VoiceTile) -> None:
        tile.set_selected(tile.identity == self._chosen)
        tile.clicked.connect(self._clicked)
        tile.opened.connect(self._opened)
        tile.asked.connect(self._asked)
        tile.moved.connect(self._go)
        tile.menu_wanted.connect(self._open_menu)

    # What the user does

    def _clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, VoiceTile):
            self._choose(tile.identity)

    def _opened(self) -> None:
        sheet = self.details.sheet
        if sheet is not None:
            (sheet.back if sheet.play.isHidden() else sheet.play).setFocus(Qt.FocusReason.TabFocusReason)

    def _go(self, rows: int) -> None:
        tile = self.sender()
        near = self.tiles.neighbour(tile.identity, rows) if isinstance(tile, VoiceTile) else None
        if near is not None:
            near.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(near, 0, GRID)
            self._choose(near.identity)

    def _asked(self, what: str, identity: str) -> None:
        """Something with a voice."""
        self._choose(identity)
        kept = self.chosen
        if kept is None or (kept.binned and what != "back"):
            return
        if what == "again":
            self.make_again.emit(identity)
        elif what == "rename":
            self.details.rename()
        else:
            self.acting.do(what, kept)

    def _open_menu(self, identity: str, place: QPoint) -> None:
        self._choose(identity)
        kept = self.chosen
        if kept is None:
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for what, words, icon in self._offers(kept):
            action = menu.addAction(icons.icon(icon), words)
            action.triggered.connect(lambda _=False, what=what: self._asked(what, identity))
        menu.popup(place)

    def _offers(self, kept: "KeptVoice") -> list[tuple[str, str, str]]:
        if kept.binned:
            return [("back", self.tr("Bring back"), "archive-restore")]
        slots = [
            (f"slot {one}", self.tr("Into slot {slot}").replace("{slot}", one), "bookmark")
            for one in SLOTS
            if one != kept.card.slot
        ]
        free = [("slot ", self.tr("Out of its slot"), "x")] if kept.card.slot else []
        return [
            ("play", self.tr("Hear it"), "play"),
            ("use", self.tr("Use in the script"), "file-text"),
            ("rename", self.tr("Rename"), "pencil"),
            *slots,
            *free,
            ("again", self.tr("Make it again…"), "refresh-cw"),
            ("share", self.tr("Share…"), "share"),
            ("bin", self.tr("Put it into the bin"), "trash-2"),
        ]

    def _show_state(self, key: str, state: str) -> None:
        for name, tile in self.tiles.tiles.items():
            tile.show_state(state if name == key else "idle")
        self.details.show_state(key, state)

    def _remember_order(self, _index: int) -> None:
        self.acting.remember(_ORDER, self.order.currentData())
        self._show()

    # Building

    def _make(self) -> None:
        self.search = SearchField("", self)
        self.room = QWidget(self)
        """In place of the search while there is nothing to search."""
        self.order = ChoiceBox(self.tr("Order"), self)
        for name in ORDERS:
            self.order.addItem(order_name(name), name)
        self.order.setCurrentIndex(max(0, self.order.findData(self.desk.settings.get(_ORDER))))
        self.order.setFixedWidth(168)
        self.bring = Button(self.tr("Import…"), "secondary", "import", self)
        self.bring.setToolTip(self.tr("A voice that somebody shared: {ending}").replace("{ending}", ENDING))
        self.bin = Button("", "secondary", "trash-2", self)
        self.bin.setCheckable(True)
        self.bin.setToolTip(self.tr("What was thrown away, until the bin is emptied"))
        self.new = Button(self.tr("New voice"), "primary", "plus", self)
        self.empty_bin = Button(self.tr("Empty the bin…"), "danger", "trash-2", self, small=True)
        self.damaged = QLabel(self)
        self.damaged.setProperty("role", "warning")
        self.damaged.setWordWrap(True)
        self.damaged.setTextFormat(Qt.TextFormat.PlainText)
        self.tiles = Tiles(self.shelf, self.pictures)
        self.empty = EmptyState(
            "mic-vocal",
            self.tr("Make a voice from your own recordings: matched, or cloned with consent."),
            self.tr("New voice"),
            self,
        )
        self.nothing = EmptyState("search-x", self.tr("No voice is like that."), self.tr("Show all voices"), self)
        self.details = Details(self)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.search, 1)
        head.addWidget(self.room, 1)
        for widget in (self.order, self.bring, self.bin, self.new):
            head.addWidget(widget)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.empty_bin, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.tiles)
        column.addStretch(1)
        self._area = QScrollArea(self)
        steady(self._area)
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left = QWidget(self)
        list_column = QVBoxLayout(left)
        list_column.setContentsMargins(0, 0, 0, 0)
        list_column.setSpacing(GRID)
        for widget in (self.damaged, self._area, self.nothing, self.empty):
            list_column.addWidget(widget, 0 if widget is self.damaged else 1)
        self.split = Splitter(Qt.Orientation.Horizontal, self)
        self.split.addWidget(left)
        self.split.addWidget(self.details)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setSizes(_SIZES)
        left.setMinimumWidth(320)
        self.details.setMinimumWidth(360)
        self.details.setMaximumWidth(_WIDEST)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 2 * GRID, GRID, 0)
        whole.setSpacing(GRID + GRID // 2)
        whole.addLayout(head)
        whole.addWidget(self.split, 1)
        self.setFocusProxy(self.search)

    def _connect(self) -> None:
        self._watch.changed.connect(self.look)
        self.pictures.came.connect(self._show)
        self.search.textChanged.connect(lambda _text: self._show())
        self.order.currentIndexChanged.connect(self._remember_order)
        self.bin.toggled.connect(lambda _on: self._show())
        self.bring.clicked.connect(lambda: self.acting.choose_import())
        self.empty_bin.clicked.connect(lambda: self.acting.empty_bin())
        self.new.clicked.connect(self.make_new)
        self.empty.acted.connect(self.make_new)
        self.nothing.acted.connect(self.search.clear)
        self.tiles.made.connect(self._dress)
        self._area.verticalScrollBar().valueChanged.connect(lambda _value: self.tiles.fill())
        self.sounds.changed.connect(self._show_state)
        self.details.wanted.connect(lambda what: self._asked(what, self._chosen))
        self.details.written.connect(self.acting.write)
        self.details.heard.connect(self.acting.hear)
        self.details.document_wanted.connect(self.acting.show_document)
        self.details.picture_dropped.connect(self.acting.set_picture)
        self.details.other_wanted.connect(self.show_voice)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._closed:
            self._watch.wake()
            self._count_uses()

    def hideEvent(self, event: QHideEvent) -> None:
        self._watch.sleep()
        if not self._closed:
            self.sounds.stop()
        super().hideEvent(event)

    def event(self, event):
        """Keys that are the page's own while it has the focus."""
        if event.type() == event.Type.ShortcutOverride and self._own(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        run = self._own(event)
        if run is not None:
            run()
        else:
            super().keyPressEvent(event)

    def _own(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.matches(QKeySequence.StandardKey.Find):
            return lambda: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _voice_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for path in _voice_files(event):
            event.acceptProposedAction()
            self.acting.bring(path)


def _voice_files(event: QDropEvent) -> list[str]:
    return [path for path in local_paths(event.mimeData()) if path.lower().endswith(ENDING)]
