"""One version of a piece: its cover and outline, heard in place, kept, dragged out."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.ui import icons
from audiostudio.ui.cloud.rows import Words
from audiostudio.ui.library.assets import asset_mime
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.cover_art import CoverView
from audiostudio.ui.music.outline import OutlineView, Stretch
from audiostudio.ui.music.words import length, tempo
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button, Card, IconButton, Menu

if TYPE_CHECKING:
    from audiostudio.library.model import Asset

COVER = 88
_NARROW, _LEAST = 440, 260
"""Pixels below which a card leaves out what it can, and below which it never is."""


def facts(asset: "Asset") -> str:
    """Length, tempo and key, as far as they are known."""
    detail = asset.detail
    found = [length(asset.duration) if asset.duration else ""]
    found.append(tempo(float(detail["bpm"])) if isinstance(detail.get("bpm"), int | float) else "")
    found.append(str(detail.get("key") or ""))
    return "  ·  ".join(one for one in found if one)


def stretches(asset: "Asset") -> tuple[Stretch, ...]:
    """The sections that are known of it."""
    return stretches_from(asset.detail.get("sections"))


def stretches_from(sections: object) -> tuple[Stretch, ...]:
    """Sections as details hold them; what is none is left out."""
    found = []
    for one in sections if isinstance(sections, list) else ():
        if not isinstance(one, dict):
            continue
        label = str(one.get("label") or one.get("kind") or "")
        ends = [one.get("start"), one.get("end")]
        if label and all(isinstance(end, int | float) and 0 <= end < 1e6 for end in ends):
            found.append(Stretch(*map(float, ends), label))
    return tuple(found)


class VersionCard(Card):
    play_wanted = Signal(object)
    keep_wanted = Signal(object)
    timeline_wanted = Signal(object)
    library_wanted = Signal(object)
    tools_wanted = Signal(object)
    remove_wanted = Signal(object)
    """Each with its asset."""
    sought = Signal(object, float)

    def __init__(self, asset: "Asset", shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent, asset.name)
        self.asset, self._shelf = asset, shelf
        self._pressed_at = QPoint()
        self.cover = CoverView(shelf.art, self, COVER)
        self.cover.show_cover(shelf.cover(asset))
        self.play = IconButton("play:solid", self.tr("Play"), self.cover, size=40, icon_size=18, filled=True)
        self.play.move((COVER - 40) // 2, (COVER - 40) // 2)
        self.cover.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        self.name = Words(asset.name, "strong", self)
        self.facts = Words(facts(asset), "small", self)
        self.kept = Badge(self.tr("Kept"), "success", self)
        self.kept.setToolTip(self.tr("Its score is the one that is edited."))
        seed = asset.detail.get("seed")
        self.seed = Badge(self.tr("Seed {n}").replace("{n}", str(seed)), "plain", self)
        self._has_seed = seed is not None
        self.wave = OutlineView(self)
        self.wave.show_stretches(stretches(asset))
        self.keep = Button(self.tr("Keep"), "ghost", "star", self, small=True)
        self.keep.setToolTip(self.tr("Edit this one: its score becomes that of the piece"))
        self.to_timeline = Button(self.tr("To the timeline"), "ghost", "plus", self, small=True)
        self.to_timeline.setToolTip(self.tr("Put it on the timeline, at the playhead"))
        for button in (self.keep, self.to_timeline):
            button.setAccessibleName(button.text())
        self.more = IconButton("ellipsis", self.tr("More"), self, size=28)
        self.setMinimumWidth(_LEAST)
        self._lay_out()
        self._show_what_fits()
        self.play.clicked.connect(lambda: self.play_wanted.emit(self.asset))
        self.opened.connect(lambda: self.play_wanted.emit(self.asset))
        self.keep.clicked.connect(lambda: self.keep_wanted.emit(self.asset))
        self.to_timeline.clicked.connect(lambda: self.timeline_wanted.emit(self.asset))
        self.more.clicked.connect(self.open_menu)
        self.wave.sought.connect(lambda at: self.sought.emit(self.asset, at))
        shelf.came.connect(self.look)
        self.look()

    def look(self) -> None:
        """Its outline, as soon as there is one."""
        look = self._shelf.outlines.get(self.asset)
        self.wave.show_sound(look if hasattr(look, "shape") else None, self.asset.duration or 0.0)

    def show_kept(self, kept: bool, can_keep: bool) -> None:
        self.kept.setVisible(kept)
        self.keep.setVisible(can_keep and not kept)
        self.set_selected(kept)

    def show_state(self, state: str) -> None:
        """`busy`, `playing`, `paused` or `idle`."""
        on = state in ("busy", "playing")
        self.play.set_icon("pause:solid" if on else "play:solid")
        self.play.set_label(self.tr("Pause") if on else self.tr("Play"))
        if state == "idle":
            self.wave.set_position(0.0)

    def open_menu(self) -> None:
        menu = Menu(self)
        for icon, text, signal in (
            ("library-big", self.tr("Show in the library"), self.library_wanted),
            ("scissors", self.tr("Fit, loop, remix…"), self.tools_wanted),
            ("trash-2", self.tr("Move to the bin"), self.remove_wanted),
        ):
            action = menu.addAction(icons.icon(icon), text)
            action.triggered.connect(lambda _on=False, signal=signal: signal.emit(self.asset))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        roomy = self.width() >= _NARROW
        self.seed.setVisible(roomy and self._has_seed)
        self.keep.setText(self.tr("Keep") if roomy else "")
        self.to_timeline.setText(self.tr("To the timeline") if roomy else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_P:
            self.play_wanted.emit(self.asset)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit(self.asset)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        way = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if event.buttons() & Qt.MouseButton.LeftButton and way >= QApplication.startDragDistance():
            drag = QDrag(self)
            drag.setMimeData(asset_mime([self.asset]))
            drag.setPixmap(self.cover.grab().scaledToWidth(64, Qt.TransformationMode.SmoothTransformation))
            drag.exec(Qt.DropAction.CopyAction)
        else:
            super().mouseMoveEvent(event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.name, 1)
        head.addWidget(self.kept)
        head.addWidget(self.seed)
        foot = QHBoxLayout()
        foot.setSpacing(HALF)
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.keep)
        foot.addWidget(self.to_timeline)
        foot.addWidget(self.more)
        words = QVBoxLayout()
        words.setSpacing(HALF)
        words.addLayout(head)
        words.addWidget(self.wave)
        words.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + HALF, GRID + HALF, GRID + HALF, GRID + HALF)
        row.setSpacing(GRID + HALF)
        row.addWidget(self.cover, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
