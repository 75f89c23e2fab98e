"""Where the parts of the tab lie."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from audiostudio.ui.speech.deck import Deck
from audiostudio.ui.speech.script_view import ROW
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Separator, Splitter, steady

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab

_SIZES = "speech.sizes"
_HEIGHTS = "speech.deck_heights"
_USUAL = [820, 392]
_SCRIPT_WIDTH, _VOICES_WIDTH = 420, 376
"""Pixels that they need at least."""
SCRIPT_ROWS = 8
"""That stay in sight however high a page of the deck would like to be."""


class ScriptAndDeck(Splitter):
    """The script with its bar above the deck, which is as high as the user last drew the page that it shows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.writing = QWidget(self)
        self.heights: dict[str, int] = {}
        """Of pages that the user drew, by key."""
        self._deck: Deck | None = None

    def set_deck(self, deck: Deck) -> None:
        self._deck = deck
        self.addWidget(deck)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self.splitterMoved.connect(self._drawn)
        deck.changed.connect(lambda _key: self.fit())
        self.fit()

    def fit(self) -> None:
        """Give the deck the height of its page."""
        deck, room = self._deck, self.height() - self.handleWidth()
        if deck is None or room <= 0:
            return
        usual = min(deck.sizeHint().height(), room - self._writing_wants())
        height = max(self.heights.get(deck.shown, usual), deck.minimumSizeHint().height())
        self.setSizes([max(0, room - height), height])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _drawn(self, _place: int, _handle: int) -> None:
        if self._deck is not None:
            self.heights[self._deck.shown] = self.sizes()[1]

    def _writing_wants(self) -> int:
        """Eight lines, and what stands below them."""
        column = self.writing.layout()
        below = column.sizeHint().height() - column.itemAt(0).sizeHint().height() if column is not None else 0
        return SCRIPT_ROWS * ROW + 3 * GRID + below


class ScriptAndVoices(Splitter):
    """The script beside its voices. Where there is no room for both, beside an inspector or an open library, the voices
    give way."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._drawn: list[int] = []
        """How wide both were before the voices gave way."""

    def minimumSizeHint(self) -> QSize:
        return QSize(_SCRIPT_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        before = self.sizes()
        super().resizeEvent(event)
        voices, room = self.widget(1), self.width() >= _SCRIPT_WIDTH + _VOICES_WIDTH + self.handleWidth()
        if voices is None or room != voices.isHidden():
            return
        if not room:
            self._drawn = before
        voices.setVisible(room)
        if room and self._drawn:
            self.setSizes([self.width() - self._drawn[1], self._drawn[1]])

    def drawn(self) -> list[int]:
        """How wide both are, or will be when there is room again."""
        return self._drawn if self.count() > 1 and self.widget(1).isHidden() else self.sizes()


def lay_out(tab: "SpeechTab") -> tuple[ScriptAndVoices, ScriptAndDeck]:
    """Script, bar and deck on the left, voices on the right. Gives the splitters between them."""
    tab.result.tools.addWidget(tab.save)
    splitter = ScriptAndVoices(tab)  # parents first: what moves is dressed anew with all its parts
    row = QHBoxLayout(tab)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(splitter)
    left, right = ScriptAndDeck(splitter), QScrollArea(splitter)
    right.setWidgetResizable(True)  # where a high timeline leaves little room, the voices scroll
    right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    steady(right)
    right.setWidget(tab.side(right))
    writing = QVBoxLayout(left.writing)
    writing.setContentsMargins(0, 0, 0, 0)
    writing.setSpacing(0)
    writing.addWidget(tab.editor, 1)
    for widget in (Separator(parent=left.writing), tab.bar, tab.paying.line):
        writing.addWidget(widget)
    left.set_deck(tab.deck)
    left.setMinimumWidth(_SCRIPT_WIDTH)
    right.setMinimumWidth(_VOICES_WIDTH)
    splitter.setStretchFactor(0, 3)
    splitter.setStretchFactor(1, 1)
    tab.setFocusProxy(tab.editor)
    QWidget.setTabOrder(tab.result.loop, tab.save)
    return splitter, left


def recall_sizes(tab: "SpeechTab") -> None:
    """As this tab, or the other one with the script, was last drawn."""
    sizes, heights = tab.desk.settings.get(_SIZES), tab.desk.settings.get(_HEIGHTS, {})
    tab.splitter.setSizes(sizes if _are_sizes(sizes) else _USUAL)
    if isinstance(heights, dict):
        tab.script_and_deck.heights = {key: one for key, one in heights.items() if isinstance(one, int)}
        tab.script_and_deck.fit()


def remember_sizes(tab: "SpeechTab") -> None:
    for name, value in ((_SIZES, tab.splitter.drawn()), (_HEIGHTS, tab.script_and_deck.heights)):
        if value and value != tab.desk.settings.get(name):
            tab.remember(name, value)


def _are_sizes(remembered: object) -> bool:
    return isinstance(remembered, list) and len(remembered) == 2 and all(isinstance(size, int) for size in remembered)


def voices_side(tab: "SpeechTab", parent: QWidget) -> QWidget:
    """The chosen voice above the gallery."""
    right = QWidget(parent)
    side = QVBoxLayout(right)
    side.setContentsMargins(2 * GRID, 2 * GRID, GRID, 0)
    side.setSpacing(2 * GRID)
    side.addWidget(tab.voice)
    side.addWidget(Separator(parent=right))
    side.addWidget(tab.gallery, 1)
    return right
