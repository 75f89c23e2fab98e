"""Presets to begin with: a cover, ten seconds to hear, Use."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from audiostudio.jobs import Job
from audiostudio.music.genres import variants
from audiostudio.music.plan import Brief
from audiostudio.render.covers import Cover
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.cover_art import CoverView
from audiostudio.ui.music.words import genre_name
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, Card, ChipGroup, FlowLayout, IconButton, steady

if TYPE_CHECKING:
    from audiostudio.music.presets import Preset

SECONDS = 10
_AT_ONCE, _PAUSE = 4, 5
"""Cards that are made at once, and milliseconds until the next ones."""
_COVER = 104
_LEAST = 176


def _tr(text: str) -> str:
    return QCoreApplication.translate("MusicPresets", text)


class PresetCard(Card):
    play_wanted = Signal(object)
    use_wanted = Signal(object)
    """Each with its preset."""

    def __init__(self, preset: "Preset", brief: Brief, shelf: Shelf, parent: QWidget | None = None) -> None:
        """`brief`: what the preset asks for."""
        super().__init__(parent, _tr(preset.title))
        self.preset = preset
        self.setToolTip(_tr(preset.description))
        self.setAccessibleDescription(_tr(preset.description))
        self.cover = CoverView(shelf.art, self)
        self.cover.setFixedHeight(_COVER)
        self.cover.show_cover(preset_cover(preset, brief))
        self.play = IconButton("play:solid", self.tr("Hear 10 seconds of it"), self, size=36, icon_size=16, filled=True)
        name = QLabel(_tr(preset.title), self)
        name.setProperty("role", "strong")
        name.setWordWrap(True)
        self.genre = _family(brief)
        genre = QLabel(genre_name(brief.genre or ""), self)
        genre.setProperty("role", "small")
        self.use = Button(self.tr("Use"), "secondary", parent=self, small=True)
        for label in (name, genre):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        foot = QHBoxLayout()
        foot.setContentsMargins(GRID, 0, GRID, GRID)
        foot.setSpacing(HALF)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(genre)
        words.addStretch(1)
        foot.addLayout(words, 1)
        foot.addWidget(self.use, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(HALF, HALF, HALF, 0)
        column.setSpacing(GRID)
        column.addWidget(self.cover)
        column.addLayout(foot)
        self.setMinimumWidth(_LEAST)
        self.play.clicked.connect(lambda: self.play_wanted.emit(preset))
        self.use.clicked.connect(lambda: self.use_wanted.emit(preset))
        self.opened.connect(lambda: self.use_wanted.emit(preset))

    def show_state(self, state: str) -> None:
        self.play.set_icon({"busy": "loader-circle", "idle": "play:solid"}.get(state, "square:solid"))
        self.play.set_label(self.tr("Hear 10 seconds of it") if state == "idle" else self.tr("Stop"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.play.move(self.width() - 36 - GRID - HALF, HALF + _COVER - 36 - GRID)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_P:
            self.play_wanted.emit(self.preset)
        else:
            super().keyPressEvent(event)


class Gallery(QScrollArea):
    used = Signal(object)
    """A `Preset`."""

    def __init__(self, work: MusicWork, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from audiostudio.music.presets import presets

        steady(self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._work = work
        self.cards: dict[str, PresetCard] = {}
        self._waiting = list(presets().values())
        self._grid = QWidget()
        self._flow = FlowLayout(self._grid, GRID + HALF, fill=True)
        self._filters = QVBoxLayout()
        self.genres: ChipGroup | None = None
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GRID, 2 * GRID)
        column.setSpacing(GRID + HALF)
        column.addLayout(self._filters)
        column.addWidget(self._grid)
        column.addStretch(1)
        self.setWidget(inner)
        self._shelf = shelf
        self._soon = QTimer(self)
        self._soon.setInterval(_PAUSE)
        self._soon.timeout.connect(self._make_some)
        self._make_some()
        self._soon.start()
        work.sounds.changed.connect(self._show_state)

    def close(self) -> bool:
        self._soon.stop()
        return super().close()

    def _make_some(self) -> None:
        """A few cards at a time: the window can be used meanwhile."""
        for preset in self._waiting[:_AT_ONCE]:
            card = self.cards[preset.id] = PresetCard(preset, preset.brief(), self._shelf, self._grid)
            card.play_wanted.connect(self._hear)
            card.use_wanted.connect(self.used)
            self._flow.addWidget(card)
            card.show()
        del self._waiting[:_AT_ONCE]
        if not self._waiting:
            self._soon.stop()
            self._add_filters()

    def _add_filters(self) -> None:
        names = sorted({card.genre for card in self.cards.values() if card.genre})
        rows = [("", self.tr("All")), *((one, genre_name(one)) for one in names)]
        self.genres = ChipGroup(rows, self.widget(), True, self.tr("Genre"))
        self.genres.changed.connect(lambda chosen: self._filter(chosen[0]))
        self._filters.addWidget(self.genres)

    def _filter(self, genre: str) -> None:
        for card in self.cards.values():
            card.setVisible(not genre or card.genre == genre)

    def _hear(self, preset: "Preset") -> None:
        title = self.tr("Hear “{name}”").replace("{name}", _tr(preset.title))
        job = Job("music.audition", {"preset": preset.id, "seconds": SECONDS}, title, priority=5)
        self._work.sounds.toggle_made(_key(preset), job)

    def _show_state(self, key: str, state: str) -> None:
        card = self.cards.get(key.removeprefix("preset "))
        if card is not None and key == _key(card.preset):
            card.show_state(state)


def preset_cover(preset: "Preset", brief: Brief) -> Cover:
    """The same every time, in the preset's colours."""
    palette = tuple(sorted(preset.palette, key=lambda colour: QColor(colour).lightnessF()))
    return Cover("", "", _family(brief), brief.mood or "", seed=_seed(preset.id), palette=palette)


def _family(brief: Brief) -> str:
    """The genre of what is asked for, also where that is a kind of it."""
    return variants().get(brief.genre or "", brief.genre or "")


def _seed(name: str) -> int:
    return sum(ord(letter) * 31**place for place, letter in enumerate(name)) % 9973


def _key(preset: "Preset") -> str:
    return f"preset {preset.id}"
