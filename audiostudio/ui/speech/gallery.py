"""The voice gallery: search, filters, and a grid of cards of which only those in sight exist."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from audiostudio.ui.speech import voice_card
from audiostudio.ui.speech.voice_card import VoiceCard
from audiostudio.ui.speech.voices import CATEGORIES, Filter, VoiceList, by_category
from audiostudio.ui.speech.words import age_name, category_name, gender_name, language_name, number, use_name
from audiostudio.ui.theme import GRID, HALF, font, tokens
from audiostudio.ui.widgets import ChoiceBox, EmptyState, IconButton, SearchField, steady

if TYPE_CHECKING:
    from audiostudio.engines.base import Voice
    from audiostudio.sound.peaks import Peaks

_HEADING = 32
_IN_ROW = 3
GENDERS = ("female", "male", "neutral")


class VoiceGrid(QWidget):
    """Cards in columns under the heading of their category; made when they are first scrolled to."""

    card_made = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[tuple[str, list[Voice]]] = []
        self._places: list[tuple[Voice, QRect]] = []
        self._headings: list[tuple[str, int, int]] = []
        self._columns = 1
        self.cards: dict[str, VoiceCard] = {}
        """Made so far, by voice."""

    def show_voices(self, voices: "list[Voice]") -> None:
        self._groups = by_category(voices)
        shown = {voice.id for voice in voices}
        for name, card in self.cards.items():
            if name not in shown:
                card.hide()
        self.settle()

    def forget(self, here: "dict[str, Voice]") -> None:
        """Let go of the cards of voices that are not so any more."""
        for name, card in list(self.cards.items()):
            if here.get(name) != card.voice:
                card.hide()
                card.deleteLater()
                del self.cards[name]

    def settle(self) -> None:
        """Give every voice its place for this width, and make the cards in sight."""
        width = self.width()
        self._columns = max(1, (width + GRID) // (voice_card.MIN_WIDTH + GRID))
        card = (width - GRID * (self._columns - 1)) // self._columns
        self._places, self._headings, top = [], [], 0
        for category, voices in self._groups:
            self._headings.append((category, len(voices), top))
            top += _HEADING
            for place, voice in enumerate(voices):
                row, column = divmod(place, self._columns)
                left, y = column * (card + GRID), top + row * (voice_card.HEIGHT + GRID)
                self._places.append((voice, QRect(left, y, card, voice_card.HEIGHT)))
            top += -(-len(voices) // self._columns) * (voice_card.HEIGHT + GRID)
        self.setFixedHeight(max(top, 1))
        self.fill()
        self.update()

    def fill(self) -> None:
        """Make and place the cards that can be seen."""
        sight = self.visibleRegion().boundingRect().adjusted(0, -200, 0, 200)
        if sight.height() <= 400:
            sight = QRect(0, 0, self.width(), 1000)
        for voice, box in self._places:
            if voice.id in self.cards or box.intersects(sight):
                self._card(voice, box)

    def reveal(self, voice: str) -> VoiceCard | None:
        """The voice's card, made if need be; None while the filter hides it."""
        return next((self._card(one, box) for one, box in self._places if one.id == voice), None)

    def first(self, voices: frozenset[str]) -> str | None:
        """Of these, as they are shown."""
        return next((one.id for one, _ in self._places if one.id in voices), None)

    def neighbour(self, voice: str, columns: int, rows: int) -> VoiceCard | None:
        ids = [one.id for one, _ in self._places]
        if voice not in ids:
            return None
        here = self._places[ids.index(voice)][1]
        if columns:
            goal = ids.index(voice) + columns
            return self._card(*self._places[goal]) if 0 <= goal < len(ids) else None
        same = [(one, box) for one, box in self._places if box.left() == here.left()]
        others = [pair for pair in same if (pair[1].top() - here.top()) * rows > 0]
        nearest = min(others, key=lambda pair: abs(pair[1].top() - here.top()), default=None)
        return self._card(*nearest) if nearest else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for category, count, top in self._headings:
            painter.setFont(font("small", font().Weight.DemiBold))
            painter.setPen(tokens().colour("text_secondary"))
            name = category_name(category)
            box = QRect(0, top, self.width(), _HEADING - HALF)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
            box.setLeft(painter.fontMetrics().horizontalAdvance(name) + GRID)
            painter.setPen(tokens().colour("text_muted"))
            painter.setFont(font("small"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, number(count))

    def _card(self, voice: "Voice", box: QRect) -> VoiceCard:
        card = self.cards.get(voice.id)
        if card is None:
            card = self.cards[voice.id] = VoiceCard(voice, self)
            self.card_made.emit(card)
        card.setGeometry(box)
        card.show()
        return card


class Gallery(QWidget):
    """Choose a voice: click, or arrow keys and Enter; P hears it, F makes it a favourite."""

    chosen = Signal(str)
    preview_wanted = Signal(str)
    fetch_wanted = Signal(str)
    starred = Signal(str, bool)
    outline_wanted = Signal(str)
    """A card came into sight: what did the voice say last?"""

    def __init__(self, voices: VoiceList, parent: QWidget | None = None, base: Filter | None = None) -> None:
        """`base`: what holds of every voice here."""
        super().__init__(parent)
        self._voices = voices
        self._filter = self._base = base or Filter()
        self._favourites: frozenset[str] = frozenset()
        self._selected: frozenset[str] = frozenset()
        self.search = SearchField("", self)
        self.favourites = IconButton("star", self.tr("Favourites only"), self, checkable=True)
        titles = {
            "language": self.tr("Language"),
            "gender": self.tr("Gender"),
            "accent": self.tr("Accent"),
            "age": self.tr("Age"),
            "use": self.tr("Use"),
            "category": self.tr("Category"),
            "engine": self.tr("Source"),
        }
        self.facets = {name: self._choice(title, name) for name, title in titles.items()}
        self.language, self.gender, self.accent = (self.facets[name] for name in ("language", "gender", "accent"))
        self.grid = VoiceGrid()
        self.empty = EmptyState("search-x", self.tr("No voice is like that."), self.tr("Show all voices"))
        self.note = QLabel(self)
        self.note.setProperty("role", "caption")
        self.note.setWordWrap(True)
        self._area = QScrollArea(self)
        steady(self._area)
        self._scrolled = False
        """By the user, since a voice was chosen."""
        self._seeking = QTimer(self, singleShot=True, interval=0)
        self._seeking.timeout.connect(self._reveal_chosen)
        self._lay_out()
        self.search.textChanged.connect(lambda text: self._narrow(words=text))
        self.favourites.toggled.connect(lambda on: self._narrow(favourites=on))
        self.empty.acted.connect(self.show_all)
        self.grid.card_made.connect(self._dress)
        self._area.verticalScrollBar().actionTriggered.connect(lambda _action: self._leave_chosen())
        self._area.verticalScrollBar().valueChanged.connect(lambda _value: self.grid.fill())
        self.show_known()

    def show_known(self) -> None:
        """The voices that there are now."""
        here = self._voices.found(self._base)
        for name, box in self.facets.items():
            self._fill(name, box, here)
        self.search.setPlaceholderText(self.tr("Search {count} voices").replace("{count}", number(len(here))))
        self.note.setText(self._note())
        self.grid.forget({voice.id: voice for voice in here})
        for card in self.grid.cards.values():
            self._describe(card)
        self._show()
        self._seek_chosen()

    def show_chosen(self, voices: frozenset[str]) -> None:
        """The chosen voice, or those of its mix."""
        if voices == self._selected:
            return
        self._selected = voices
        for name, card in self.grid.cards.items():
            card.set_selected(name in voices)
        self._scrolled = False
        self._seek_chosen()

    def show_favourites(self, favourites: frozenset[str]) -> None:
        self._favourites = favourites
        for name, card in self.grid.cards.items():
            card.set_favourite(name in favourites)
        if self._filter.favourites:
            self._show()

    def show_outline(self, voice: str, peaks: "Peaks") -> None:
        if voice in self.grid.cards:
            self.grid.cards[voice].show_outline(peaks)

    def show_state(self, voice: str, state: str) -> None:
        if voice in self.grid.cards:
            self.grid.cards[voice].show_state(state)

    def show_models(self) -> None:
        """Models came or went."""
        for name, card in self.grid.cards.items():
            card.set_fetched(self._voices.fetched(name))

    def show_all(self) -> None:
        self.search.clear()
        self.favourites.setChecked(False)
        for box in self.facets.values():
            box.setCurrentIndex(0)

    def reveal(self, voice: str) -> VoiceCard | None:
        """Scroll to a voice's card."""
        card = self.grid.reveal(voice)
        if card is not None:
            self._area.ensureWidgetVisible(card, 0, GRID)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Until it has its size nothing can be brought into sight."""
        super().resizeEvent(event)
        self._seek_chosen()

    def _seek_chosen(self) -> None:
        """Bring what is chosen into sight, once the cards have their places; not from where the user scrolled."""
        if not self._scrolled:
            self._seeking.start()

    def _leave_chosen(self) -> None:
        self._scrolled = True
        self._seeking.stop()

    def _reveal_chosen(self) -> None:
        chosen = self.grid.first(self._selected)
        if self.isVisible() and chosen is not None:
            self.reveal(chosen)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.search, 1)
        head.addWidget(self.favourites)
        self._filters = QGridLayout()
        self._filters.setSpacing(GRID)
        for column in range(_IN_ROW):
            self._filters.setColumnStretch(column, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, HALF, GRID)
        column.setSpacing(0)
        column.addWidget(self.grid)
        column.addWidget(self.empty)
        column.addWidget(self.note)
        column.addStretch(1)
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GRID)
        whole.addLayout(head)
        whole.addLayout(self._filters)
        whole.addWidget(self._area, 1)

    def _choice(self, title: str, field: str) -> ChoiceBox:
        box = ChoiceBox(title, self, small=True)
        box.currentIndexChanged.connect(lambda _index: self._narrow(**{field: box.currentData() or ""}))
        return box

    def _fill(self, field: str, box: ChoiceBox, here: "list[Voice]") -> None:
        """Only what there is to choose from; a choice that is gone goes."""
        engines = {name: one.title for name, one in self._voices.engines.items()}
        words: Callable[[str], str] = {
            "language": language_name,
            "gender": gender_name,
            "age": age_name,
            "use": use_name,
            "category": category_name,
            "engine": lambda name: engines.get(name, name),
        }.get(field, str)
        order = {"language": self._voices.languages(), "gender": list(GENDERS), "category": list(CATEGORIES)}
        found = {value for voice in here if (value := getattr(voice, field))}
        keys = [key for key in order[field] if key in found] if field in order else sorted(found, key=words)
        offered = self._offered(field, keys, here)
        chosen = getattr(self._filter, field)
        box.blockSignals(True)
        box.clear()
        for title, key in ((box.accessibleName(), ""), *((words(key), key) for key in keys if offered)):
            box.addItem(title, key)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)
        self._filter = replace(self._filter, **{field: box.currentData()})
        box.setVisible(offered)
        shown = [one for one in self.facets.values() if not one.isHidden()] if hasattr(self, "facets") else []
        for place, one in enumerate(shown):
            self._filters.addWidget(one, *divmod(place, _IN_ROW))

    def _offered(self, field: str, keys: list[str], here: "list[Voice]") -> bool:
        """Whether a facet is worth its room: the first three always, others where services make lists long."""
        if field in ("language", "gender", "accent"):
            return True
        if field == "engine":
            return len(keys) > 1 and any(map(self._voices.remote, here))
        return self._base.remote and len(keys) > 1

    def _note(self) -> str:
        if self._base.remote:
            return ""
        here = {voice.category for voice in self._voices.voices}
        absent = [category_name(name) for name in CATEGORIES if name not in here]
        if not absent:
            return ""
        words = self.tr(
            "There are no voices under {categories} yet: they come with engines that are added to the studio."
        )
        return words.replace("{categories}", self.tr(" and ").join(f"“{name}”" for name in absent))

    def _narrow(self, **changes: object) -> None:
        self._filter = replace(self._filter, **changes)
        self._show()

    def _show(self) -> None:
        found = self._voices.found(self._filter, self._favourites)
        self.grid.show_voices(found)
        self.grid.setVisible(bool(found))
        self.empty.setVisible(not found)
        self.note.setVisible(bool(self.note.text()) and self._filter.empty)
        self._area.verticalScrollBar().setValue(0)

    def _dress(self, card: VoiceCard) -> None:
        name = card.voice.id
        card.set_selected(name in self._selected)
        card.set_favourite(name in self._favourites)
        card.set_fetched(self._voices.fetched(name))
        self._describe(card)
        card.clicked.connect(self._clicked)
        card.preview_wanted.connect(self.preview_wanted)
        card.fetch_wanted.connect(self.fetch_wanted)
        card.starred.connect(self.starred)
        card.moved.connect(self._go)
        self.outline_wanted.emit(name)

    def _describe(self, card: VoiceCard) -> None:
        """How an own voice was made, and whether what a voice says may be sold."""
        kept, rights = self._voices.own.get(card.voice.id), self._voices.rights(card.voice.id)
        method, slot = (kept.voice.method, kept.card.slot) if kept is not None else ("", "")
        card.show_terms(method, rights.commercial if rights is not None else None, slot)

    def _clicked(self) -> None:
        card = self.sender()
        if isinstance(card, VoiceCard):
            self.chosen.emit(card.voice.id)

    def _go(self, columns: int, rows: int) -> None:
        card = self.sender()
        near = self.grid.neighbour(card.voice.id, columns, rows) if isinstance(card, VoiceCard) else None
        if near is not None:
            near.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(near, 0, GRID)
