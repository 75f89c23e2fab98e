"""The track that the tools work on: dropped, or chosen from the library."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, Outcome, Partial
from audiostudio.ui.cloud.rows import Words
from audiostudio.ui.library.assets import ASSETS, dragged_ids, local_paths
from audiostudio.ui.library.wording import kind_name
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.cover_art import CoverView
from audiostudio.ui.music.guides import TrackList, newest_sounds
from audiostudio.ui.music.outline import OutlineView, Stretch
from audiostudio.ui.music.panel import Panel
from audiostudio.ui.music.version_card import facts, stretches, stretches_from
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button, IconButton

if TYPE_CHECKING:
    from audiostudio.library.model import Asset

_WAVE = 96


class TrackView(QFrame):
    """A track large: cover, facts, its outline with sections and beats."""

    def __init__(self, work: MusicWork, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._shelf = work, shelf
        self.asset: Asset | None = None
        self.cover = CoverView(shelf.art, self, 72)
        self.play = IconButton("play:solid", self.tr("Play"), self, size=40, icon_size=18, filled=True)
        self.name = Words("", "strong", self)
        self.facts = Words("", "small", self)
        self.wave = OutlineView(self, _WAVE)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(HALF)
        head = QHBoxLayout()
        head.setSpacing(GRID + HALF)
        words = QVBoxLayout()
        words.setSpacing(HALF)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.facts)
        words.addStretch(1)
        head.addWidget(self.cover)
        head.addWidget(self.play)
        head.addLayout(words, 1)
        head.addLayout(self.tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.wave)
        self.play.clicked.connect(self.toggle)
        self.wave.sought.connect(self._sought)
        shelf.came.connect(self._look)
        work.sounds.changed.connect(self._show_state)
        work.sounds.moved.connect(self._moved)

    @property
    def key(self) -> str:
        return f"track {self.asset.id}" if self.asset is not None else "track"

    def show_asset(self, asset: "Asset") -> None:
        self.asset = asset
        self.cover.show_cover(self._shelf.cover(asset))
        self.name.setText(asset.name)
        self.name.setToolTip(str(asset.path))
        self.facts.setText(f"{kind_name(asset.kind)}  ·  {facts(asset)}")
        analysis = asset.detail.get("analysis")
        self.wave.show_stretches(stretches(asset) or analysed_stretches(analysis))
        self.wave.show_marks(())
        self._look()

    def toggle(self) -> None:
        if self.asset is not None:
            self._work.sounds.toggle(self.key, self.asset.path)

    def _look(self) -> None:
        if self.asset is not None:
            look = self._shelf.outlines.get(self.asset)
            self.wave.show_sound(look if hasattr(look, "shape") else None, self.asset.duration or 0.0)

    def _sought(self, at: float) -> None:
        if self.asset is None:
            return
        if self._work.sounds.key == self.key:
            self._work.sounds.seek(at)
        else:
            self._work.sounds.play(self.key, self.asset.path, at)

    def _moved(self, key: str, seconds: float) -> None:
        if key == self.key:
            self.wave.set_position(seconds)

    def _show_state(self, key: str, state: str) -> None:
        if key == self.key:
            on = state in ("busy", "playing")
            self.play.set_icon("pause:solid" if on else "play:solid")
            self.play.set_label(self.tr("Pause") if on else self.tr("Play"))
            if state == "idle":
                self.wave.set_position(0.0)


def analysed_stretches(analysis: object) -> tuple[Stretch, ...]:
    """The sections that were heard in a track."""
    return stretches_from(analysis.get("sections") if isinstance(analysis, dict) else None)


class SourceBox(Panel):
    """Takes what is dropped: assets as they are, files through the library."""

    changed = Signal()

    def __init__(self, work: MusicWork, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._shelf = work, shelf
        self.setAcceptDrops(True)
        self.track = TrackView(work, shelf, self)
        self.another = Button(self.tr("Another track…"), "secondary", parent=self, small=True)
        self.track.tools.addWidget(self.another)
        self.invitation = QWidget(self)
        self.choose = Button(self.tr("Choose from the library…"), "secondary", "library-big", self)
        self.open = Button(self.tr("Open a file…"), "secondary", "folder-open", self)
        self.busy = Badge(self.tr("Being imported…"), "accent", self)
        self.busy.hide()
        words = QLabel(self.tr("Drop a track here, from the library or from any folder."), self)
        words.setProperty("role", "muted")
        row = QHBoxLayout(self.invitation)
        row.setContentsMargins(0, GRID, 0, GRID)
        row.setSpacing(GRID)
        row.addWidget(words)
        row.addStretch(1)
        for part in (self.busy, self.choose, self.open):
            row.addWidget(part)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.invitation)
        self._stack.addWidget(self.track)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + HALF, GRID + HALF, GRID + HALF, GRID + HALF)
        column.addWidget(self._stack)
        self.choose.clicked.connect(lambda: self.open_list(self.choose))
        self.another.clicked.connect(lambda: self.open_list(self.another))
        self.open.clicked.connect(self._open_file)
        self._fit()

    @property
    def asset(self) -> "Asset | None":
        return self.track.asset

    def take(self, asset_id: str) -> None:
        """An asset of the library."""
        self._shelf.look([asset_id], self._took, "tools source")

    def import_file(self, path: str) -> None:
        """A file from outside comes into the library first."""
        title = self.tr("Import “{name}”").replace("{name}", Path(path).name)
        try:
            watcher = self._work.desk.jobs.submit(Job("library.import", {"paths": [path], "folder": None}, title))
        except StudioError as error:
            self._work.desk.messages.error(error)
            return
        watcher.partial.connect(self._imported)
        watcher.finished.connect(self._import_ended)
        self.busy.show()

    def open_list(self, anchor: QWidget) -> None:
        """The newest sounds of the library."""
        work = self._work
        work.clerk.ask(lambda: newest_sounds(work), lambda assets: self._show_list(assets, anchor), "tools list")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(ASSETS) or local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        ids, paths = list(dragged_ids(event.mimeData())), list(local_paths(event.mimeData()))
        event.acceptProposedAction()
        if ids:
            self.take(ids[0])
        elif paths:
            self.import_file(str(paths[0]))

    def _took(self, assets: "list[Asset]") -> None:
        if not assets:
            return
        if assets[0].duration is None:
            words = self.tr("“{name}” is no sound.").replace("{name}", assets[0].name)
            self._work.desk.messages.say(words, self.tr("Choose a piece of music."), tone="warning")
            return
        self.track.show_asset(assets[0])
        self._work.keep("tools source", assets[0].id)
        self._fit()
        self.changed.emit()

    def _show_list(self, assets: "Sequence[Asset]", anchor: QWidget) -> None:
        if not any(one.duration for one in assets):
            self._work.desk.messages.say(self.tr("The library has no sounds yet."), self.tr("Open a file instead."))
            return
        popup = TrackList(self.window(), self.tr("Tracks of the library"), assets)
        popup.picked.connect(self.take)
        popup.open_below(anchor)

    def _open_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Open a track"))
        if path:
            self.import_file(path)

    def _imported(self, part: Partial) -> None:
        if part.kind == "asset":
            self.take(part.data["asset"])
        elif part.kind == "refused":
            self._work.desk.messages.error(StudioError(part.data["sentence"], part.data["hint"]))

    def _import_ended(self, _outcome: Outcome) -> None:
        self.busy.hide()

    def _fit(self) -> None:
        self._stack.setCurrentWidget(self.invitation if self.asset is None else self.track)
        self._stack.setFixedHeight(self._stack.currentWidget().sizeHint().height())
