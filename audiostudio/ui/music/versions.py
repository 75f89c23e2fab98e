"""All versions of the piece that is shown, the newest first."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.plans import plan_of
from audiostudio.ui.music.version_card import VersionCard
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import EmptyState, steady

if TYPE_CHECKING:
    from audiostudio.library.model import Asset


class VersionList(QScrollArea):
    """`came` tells what is known of the versions now."""

    came = Signal()
    tools_wanted = Signal(str)
    """The id of an asset."""
    presets_wanted = Signal()
    kept = Signal()
    """Another version's score is the one that is edited now."""

    def __init__(self, work: MusicWork, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        steady(self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._work, self._shelf = work, shelf
        self.cards: dict[str, VersionCard] = {}
        """By the asset's id, the newest first."""
        self._busy = False
        self._asked: tuple[str, tuple[str, ...]] = ("", ())
        self.empty = EmptyState(
            "music", self.tr("Say what you want to hear and press Make music, or begin with a preset."),
            self.tr("Show presets"), self,
        )  # fmt: skip
        self.empty.acted.connect(self.presets_wanted)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, GRID, 2 * GRID)
        self._column.setSpacing(GRID + GRID // 2)
        self._column.addWidget(self.empty, 1)
        self._column.addStretch(1)
        self.setWidget(inner)
        work.sounds.changed.connect(self._show_state)
        work.sounds.moved.connect(self._moved)

    @property
    def assets(self) -> "list[Asset]":
        return [card.asset for card in self.cards.values()]

    def show_piece(self) -> None:
        """Those of the piece that is shown now."""
        piece = self._work.piece
        wanted = (piece.id, piece.versions) if piece is not None else ("", ())
        if wanted != self._asked:
            self._asked = wanted
            self._shelf.look(reversed(wanted[1]), self._show, "versions")
        else:
            self._mark()

    def show_busy(self, busy: bool) -> None:
        """Something is on its way."""
        self._busy = busy
        self.empty.setVisible(not self.cards and not busy)

    def _show(self, assets: "list[Asset]") -> None:
        found = {asset.id for asset in assets}
        for identity in [one for one in self.cards if one not in found]:
            card = self.cards.pop(identity)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {asset.id: self.cards.get(asset.id) or self._card(asset) for asset in assets}
        for number, card in enumerate(self.cards.values()):
            self._column.removeWidget(card)
            self._column.insertWidget(number, card)
        self.empty.setVisible(not self.cards and not self._busy)
        self._mark()
        self.came.emit()

    def _card(self, asset: "Asset") -> VersionCard:
        card = VersionCard(asset, self._shelf, self.widget())
        card.play_wanted.connect(lambda one: self._work.sounds.toggle(one.id, one.path))
        card.sought.connect(self._sought)
        card.keep_wanted.connect(self.keep)
        card.timeline_wanted.connect(lambda one: self._work.desk.errands.timeline_wanted.emit([one.id]))
        card.library_wanted.connect(lambda one: self._work.desk.errands.asset_wanted.emit(one.id))
        card.tools_wanted.connect(lambda one: self.tools_wanted.emit(one.id))
        card.remove_wanted.connect(self._bin)
        return card

    def keep(self, asset: "Asset") -> None:
        """Its score is the one that is edited from now on."""
        plan = plan_of(asset)
        if plan is not None and self._work.change(self.tr("Keep “{name}”").replace("{name}", asset.name), plan=plan):
            self.kept.emit()

    def _mark(self) -> None:
        piece = self._work.piece
        for card in self.cards.values():
            plan = plan_of(card.asset)
            card.show_kept(plan is not None and piece is not None and plan == piece.plan, plan is not None)

    def _sought(self, asset: "Asset", at: float) -> None:
        sounds = self._work.sounds
        if sounds.key == asset.id:
            sounds.seek(at)
        else:
            sounds.play(asset.id, asset.path, at)

    def _bin(self, asset: "Asset") -> None:
        library, messages = self._work.desk.studio.library, self._work.desk.messages

        def restore() -> None:
            self._work.clerk.ask(lambda: library.restore([asset.id]), lambda _none: self._again())

        def gone(_none: object) -> None:
            self._again()
            words = self.tr("“{name}” was moved to the bin.").replace("{name}", asset.name)
            messages.say(words, action=(self.tr("Undo"), restore))

        def refused(error: StudioError) -> None:
            messages.error(error)

        if self._work.sounds.key == asset.id:
            self._work.sounds.stop()
        self._work.clerk.ask(lambda: library.bin([asset.id]), gone, refused=refused)

    def _again(self) -> None:
        self._asked = ("", ())
        self.show_piece()

    def _show_state(self, key: str, state: str) -> None:
        if key in self.cards:
            self.cards[key].show_state(state)

    def _moved(self, key: str, seconds: float) -> None:
        if key in self.cards:
            self.cards[key].wave.set_position(seconds)
