"""One own voice among the others, and the list of them, of which only those in sight exist."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from audiostudio.ui.cloning.voices.portrait import Portrait
from audiostudio.ui.cloning.voices.wording import about, about_sound, method_name, sale, tr
from audiostudio.ui.cloud.rows import Words
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Card, IconButton

if TYPE_CHECKING:
    from audiostudio.ui.cloning.voices.pictures import Pictures
    from audiostudio.ui.cloning.voices.shelf import Shelf
    from audiostudio.voices.voice import KeptVoice

HEIGHT = 104
_KEYS = {
    Qt.Key.Key_P: "play",
    Qt.Key.Key_Delete: "bin",
    Qt.Key.Key_F2: "rename",
    Qt.Key.Key_A: "slot A",
    Qt.Key.Key_B: "slot B",
    Qt.Key.Key_C: "slot C",
}


class VoiceTile(Card):
    """Enter shows it, P plays its sentence, A, B and C give it a slot, F2 renames it, Delete throws it away."""

    asked = Signal(str, str)
    """What (`play`, `bin`, `rename`, `slot A` …) and the voice's id."""
    moved = Signal(int)
    """Rows that an arrow key asks to go."""
    menu_wanted = Signal(str, object)

    def __init__(self, identity: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.identity = identity
        self.kept: KeptVoice | None = None
        self.portrait = Portrait(48, self)
        self.name = Words("", "subheading", self)
        self.method = Badge("", "accent", self)
        self.sale = Badge("", "plain", self)
        self.slot = Badge("", "accent", self)
        self.about = Words("", "caption", self)
        self.sound = Words("", "caption", self)
        self.play = IconButton("play:solid", "", self, icon_size=14)
        self.play.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # P does it: Tab goes on to what else there is
        badges = QHBoxLayout()
        badges.setSpacing(HALF)
        for badge in (self.method, self.sale):
            badges.addWidget(badge)
        badges.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(HALF // 2)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addLayout(badges)
        words.addWidget(self.about)
        words.addWidget(self.sound)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + HALF, GRID, GRID, GRID)
        row.setSpacing(GRID + HALF)
        row.addWidget(self.portrait)
        row.addLayout(words, 1)
        row.addWidget(self.slot)
        row.addWidget(self.play)
        self.play.clicked.connect(lambda: self.asked.emit("play", self.identity))
        self.show_state("idle")

    def show_voice(self, kept: "KeptVoice", shelf: "Shelf", pictures: "Pictures") -> None:
        self.kept = kept
        card, voice = kept.card, kept.voice
        self.portrait.show_voice(voice.id, card.name, pictures.get(shelf.picture(kept)))
        self.name.setText(" ".join(card.name.split()))
        self.method.setText(method_name(voice))
        words, tone = sale(shelf.rights(kept))
        self.sale.setText(words)
        self.sale.setProperty("tone", tone)
        self.sale.style().polish(self.sale)
        self.slot.setText(card.slot)
        self.slot.setVisible(bool(card.slot))
        self.slot.setToolTip(tr("Slot {slot}").replace("{slot}", card.slot) if card.slot else "")
        line = about(kept, shelf.engine_title(kept), shelf.use(kept))
        self.about.setText(line)
        sound = about_sound(kept)
        self.sound.setText(sound)
        self.sound.setVisible(bool(sound))
        self.setAccessibleName(", ".join(part for part in (card.name, method_name(voice), words, line, sound) if part))
        self.setToolTip(card.description)
        self.play.setVisible(not kept.binned)

    def show_state(self, state: str) -> None:
        """`busy`, `playing` or `idle`."""
        idle = state == "idle"
        self.play.set_icon("play:solid" if idle else "square:solid", "text_secondary" if idle else "accent_text")
        self.play.set_label(tr("Hear its sentence") if idle else tr("Stop"))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self.identity, event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Its keys are its own, whatever the window does with them elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and self._own(event):
            event.accept()
            return True
        return super().event(event)

    def _own(self, event: QKeyEvent) -> str:
        """What a key asks for."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return _KEYS.get(Qt.Key(event.key()), "") if plain else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Menu:
            self.menu_wanted.emit(self.identity, self.mapToGlobal(self.rect().center()))
        elif self._own(event):
            self.asked.emit(self._own(event), self.identity)
        else:
            super().keyPressEvent(event)


class Tiles(QWidget):
    """Below each other, or in two columns where there is room; made when they are first scrolled to."""

    made = Signal(object)
    """A `VoiceTile`."""

    def __init__(self, shelf: "Shelf", pictures: "Pictures", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf, self._pictures = shelf, pictures
        self._shown: list[KeptVoice] = []
        self.tiles: dict[str, VoiceTile] = {}
        """Made so far, by voice."""

    @property
    def ids(self) -> list[str]:
        return [kept.voice.id for kept in self._shown]

    def show_voices(self, voices: "list[KeptVoice]") -> None:
        self._shown = voices
        here = set(self.ids)
        for identity, tile in list(self.tiles.items()):
            if identity not in here:
                tile.hide()
                tile.deleteLater()
                del self.tiles[identity]
        for kept in voices:
            if kept.voice.id in self.tiles:
                self.tiles[kept.voice.id].show_voice(kept, self._shelf, self._pictures)
        self.settle()

    def settle(self) -> None:
        rows = -(-len(self._shown) // self._columns())
        self.setFixedHeight(max(1, rows * (HEIGHT + GRID)))
        self.fill()

    def fill(self) -> None:
        """Make and place the tiles that can be seen."""
        sight = self.visibleRegion().boundingRect().adjusted(0, -200, 0, 200)
        if sight.height() <= 400:
            sight = QRect(0, 0, self.width(), 1200)
        for number, kept in enumerate(self._shown):
            if kept.voice.id in self.tiles or self._box(number).intersects(sight):
                self._tile(number)

    def reveal(self, identity: str) -> VoiceTile | None:
        """Its tile, made if need be; None while it is not shown."""
        ids = self.ids
        return self._tile(ids.index(identity)) if identity in ids else None

    def neighbour(self, identity: str, rows: int) -> VoiceTile | None:
        ids = self.ids
        goal = ids.index(identity) + rows * self._columns() if identity in ids else -1
        return self._tile(goal) if 0 <= goal < len(ids) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.settle()

    def _columns(self) -> int:
        return max(1, (self.width() + GRID) // (_WIDTH + GRID))

    def _box(self, number: int) -> QRect:
        columns = self._columns()
        width = (self.width() - GRID * (columns - 1)) // columns
        row, column = divmod(number, columns)
        return QRect(column * (width + GRID), row * (HEIGHT + GRID), width, HEIGHT)

    def _tile(self, number: int) -> VoiceTile:
        kept = self._shown[number]
        tile = self.tiles.get(kept.voice.id)
        if tile is None:
            tile = self.tiles[kept.voice.id] = VoiceTile(kept.voice.id, self)
            tile.show_voice(kept, self._shelf, self._pictures)
            self.made.emit(tile)
        tile.setGeometry(self._box(number))
        tile.show()
        return tile


_WIDTH = 400
"""Pixels that a tile needs at least."""
