"""The strip below all pages of a song: the track in hand, heard, exported, put onto the timeline, dragged out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.ui import icons
from audiostudio.ui.library.assets import asset_mime
from audiostudio.ui.music.outline import OutlineView
from audiostudio.ui.music.song.held import Held
from audiostudio.ui.music.version_card import facts, stretches
from audiostudio.ui.theme import GRID, HALF, font
from audiostudio.ui.widgets import Button, ChoiceBox, IconButton, Menu, Separator
from audiostudio.ui.widgets.waveform_paint import clock

if TYPE_CHECKING:
    from audiostudio.library.model import Asset
    from audiostudio.ui.music.assets import Shelf

Stems = tuple[tuple[str, str], ...]
"""Names and ids of assets."""


def stems_of(asset: "Asset") -> Stems:
    """The parts of a track, the voices first, as its detail names them."""
    found = asset.detail.get("stems")
    named = [
        (str(one.get("name", "")), str(one["asset"]))
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, dict) and one.get("asset")
    ]
    return tuple(sorted(named, key=lambda one: one[0] not in ("vocals", "instrumental")))


class Handle(QLabel):
    """Drag it: the track as a file."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.asset: Asset | None = None
        self._pressed = QPoint()
        self.setFixedWidth(20)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def tint(self) -> None:
        self.setPixmap(icons.pixmap("grip-vertical", "text_muted", 16, self.devicePixelRatioF()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = (event.position().toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self.asset is not None and far and event.buttons() & Qt.MouseButton.LeftButton:
            drag = QDrag(self)
            drag.setMimeData(asset_mime([self.asset]))
            drag.exec(Qt.DropAction.CopyAction)


class SongDeck(QWidget):
    version_wanted = Signal(str)
    """The id of an asset that is to be taken in hand."""
    track_wanted = Signal()
    timeline_wanted = Signal(list)
    """Ids of assets that go onto the timeline together."""
    export_wanted = Signal(str)
    """`lrc`, `ass`, `srt` or `midi`."""
    library_wanted = Signal(str)

    def __init__(self, held: Held, shelf: "Shelf", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held, self._shelf = held, shelf
        self.handle = Handle(self)
        self.handle.setToolTip(self.tr("Drag it to the timeline, or out of the window"))
        self.play = IconButton("play:solid", self.tr("Play"), self, size=36, icon_size=16, filled=True)
        self.versions = ChoiceBox(self.tr("Which track"), self, small=True)
        self.versions.setFixedWidth(184)
        self.facts = QLabel(self)
        self.facts.setProperty("role", "small")
        self.wave = OutlineView(self, 36)
        self.time = QLabel(self)
        self.time.setFont(font("small", tabular=True))
        self.time.setAccessibleName(self.tr("Time"))
        self.stems = Button(self.tr("Stems"), "ghost", "list", self, small=True)
        self.export = Button(self.tr("Export"), "ghost", "download", self, small=True)
        self.timeline = Button(self.tr("To the timeline"), "secondary", "plus", self, small=True)
        self._lay_out()
        self.play.clicked.connect(held.toggle)
        self.wave.sought.connect(held.seek)
        self.versions.activated.connect(self._picked)
        self.stems.clicked.connect(self._open_stems)
        self.export.clicked.connect(self._open_export)
        self.timeline.clicked.connect(self._open_timeline)
        held.changed.connect(self.show_track)
        held.moved.connect(self._move)
        held.state_changed.connect(self._show_state)
        shelf.came.connect(self._draw)
        self.show_track()

    def show_versions(self, assets: "Sequence[Asset]") -> None:
        """Those of the song, newest first, and the track in hand where it is another one."""
        held = self._held.asset
        listed = list(reversed(assets))
        if held is not None and held.id not in [one.id for one in listed]:
            listed.append(held)
        self.versions.blockSignals(True)
        self.versions.clear()
        for asset in listed:
            self.versions.addItem(asset.name, asset.id)
        self.versions.addItem(self.tr("Another track…"), "")
        self.versions.setCurrentIndex(
            self.versions.findData(held.id) if held is not None else self.versions.count() - 1
        )
        self.versions.blockSignals(False)

    def show_track(self) -> None:
        asset = self._held.asset
        self.setVisible(asset is not None)
        if asset is None:
            return
        self.handle.asset = asset
        self.handle.tint()
        self.facts.setText(facts(asset))
        self.wave.show_stretches(stretches(asset))
        self.stems.setVisible(bool(stems_of(asset)))
        self.export.setEnabled(bool(self._held.lines) or bool(asset.detail.get("midi")))
        if self.versions.findData(asset.id) < 0:
            self.show_versions([])
        self.versions.setCurrentIndex(self.versions.findData(asset.id))
        self._draw()
        self._move(self._held.position)
        self._show_state("playing" if self._held.playing else "idle")

    def _draw(self) -> None:
        asset = self._held.asset
        if asset is not None:
            look = self._shelf.outlines.get(asset)
            self.wave.show_sound(look if hasattr(look, "shape") else None, asset.media.duration or 0.0)

    def _move(self, seconds: float) -> None:
        self.wave.set_position(seconds)
        self.time.setText(f"{clock(seconds)} / {clock(self._held.seconds)}")

    def _show_state(self, state: str) -> None:
        on = state in ("busy", "playing")
        self.play.set_icon("pause:solid" if on else "play:solid")
        self.play.set_label(self.tr("Pause") if on else self.tr("Play"))

    def _picked(self, index: int) -> None:
        chosen = self.versions.itemData(index)
        if chosen:
            self.version_wanted.emit(chosen)
            return
        held = self._held.asset
        self.versions.setCurrentIndex(self.versions.findData(held.id) if held is not None else -1)
        self.track_wanted.emit()

    def _open_stems(self) -> None:
        asset = self._held.asset
        if asset is not None:
            menu = Menu(self)
            for name, stem in stems_of(asset):
                action = menu.addAction(icons.icon("audio-lines"), stem_name(name).replace("&", "&&"))
                action.triggered.connect(lambda _on=False, stem=stem: self.library_wanted.emit(stem))
            self._pop(menu, self.stems)

    def _open_export(self) -> None:
        menu, asset = Menu(self), self._held.asset
        for kind, words, known in (
            ("lrc", self.tr("Lyrics with word times (LRC)…"), bool(self._held.lines)),
            ("ass", self.tr("Karaoke subtitles (ASS)…"), bool(self._held.lines)),
            ("srt", self.tr("Subtitles (SRT)…"), bool(self._held.lines)),
            ("midi", self.tr("Notes (MIDI)…"), asset is not None and bool(asset.detail.get("midi"))),
        ):
            action = menu.addAction(words)
            action.setEnabled(known)
            action.triggered.connect(lambda _on=False, kind=kind: self.export_wanted.emit(kind))
        self._pop(menu, self.export)

    def _open_timeline(self) -> None:
        asset = self._held.asset
        if asset is None:
            return
        stems = stems_of(asset)
        named = dict(stems)
        pair = [named[name] for name in ("vocals", "instrumental") if name in named]
        if not stems:
            self.timeline_wanted.emit([asset.id])
            return
        menu = Menu(self)
        singers = [stem for name, stem in stems if name.startswith("vocals ")]
        apart = [*singers, *pair[1:]] if singers else [stem for name, stem in stems if name != "instrumental"]
        for words, ids in (
            (self.tr("The song as one track"), [asset.id]),
            (self.tr("Voices and music as two tracks"), pair if len(pair) == 2 else []),
            (self.tr("Every singer and the music as tracks"), apart if singers else []),
            (self.tr("Every part as a track"), apart if not singers and len(stems) > 2 else []),
        ):
            if ids:
                menu.addAction(words).triggered.connect(lambda _on=False, ids=ids: self.timeline_wanted.emit(ids))
        self._pop(menu, self.timeline)

    def _pop(self, menu: Menu, button: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height() - HALF)))

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.versions)
        names.addWidget(self.facts)
        row = QHBoxLayout()
        row.setContentsMargins(GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self.handle)
        row.addWidget(self.play)
        row.addLayout(names)
        row.addWidget(self.wave, 1)
        for widget in (self.time, self.stems, self.export, self.timeline):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Separator(parent=self))
        column.addLayout(row)


def stem_name(name: str) -> str:
    """A stem as people call it."""
    from PySide6.QtCore import QCoreApplication

    known = {
        "vocals": QCoreApplication.translate("Stems", "Voices"),
        "instrumental": QCoreApplication.translate("Stems", "Music without voices"),
        "drums": QCoreApplication.translate("Stems", "Drums"),
        "bass": QCoreApplication.translate("Stems", "Bass"),
        "other": QCoreApplication.translate("Stems", "Everything else"),
    }
    return known.get(name, name[:1].upper() + name[1:].replace("_", " "))
