"""The strip under the library that shows what is being listened to."""

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.library.model import Asset
from audiostudio.ui.library import wording
from audiostudio.ui.library.audition import Audition
from audiostudio.ui.library.thumbnails import Thumbnails
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import IconButton, Separator, WaveformView


class OutlinePeaks:
    """A thumbnail's outline as what a waveform draws."""

    def __init__(self, outline: np.ndarray, seconds: float) -> None:
        self._outline = outline
        self.sample_rate = 1000
        self.length = max(1, round(seconds * 1000))

    def view(self, start: int, end: int, pixels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        columns = self._outline.shape[1]
        middles = start + (np.arange(pixels) + 0.5) * (end - start) / max(1, pixels)
        found = np.clip((middles * columns / self.length).astype(int), 0, columns - 1)
        least, greatest, rms = self._outline[:, found]
        return least, greatest, rms


class NowPlaying(QFrame):
    """Name, play or pause, a waveform to click into, and the time."""

    named = Signal(object)
    """The name was clicked: show this asset."""

    def __init__(self, audition: Audition, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._audition, self._thumbnails = audition, thumbnails
        self.play = IconButton("pause:solid", self.tr("Pause"), self, size=32, icon_size=14, filled=True)
        self.name = QLabel(self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setProperty("role", "strong")
        self.time = QLabel(self)
        self.time.setProperty("role", "caption")
        self.leave = IconButton("x", self.tr("Stop"), self, size=24, icon_size=14)
        self.wave = WaveformView(self, style="bars", compact=True)
        self.wave.setFixedHeight(32)
        head = QHBoxLayout()
        head.setSpacing(HALF)
        head.addWidget(self.name, 1)
        head.addWidget(self.time)
        head.addWidget(self.leave)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        words.addWidget(self.wave)
        row = QHBoxLayout()
        row.setContentsMargins(GRID, HALF, GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self.play, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Separator(parent=self))
        column.addLayout(row)
        self.play.clicked.connect(self._toggle)
        self.leave.clicked.connect(audition.stop)
        self.wave.sought.connect(audition.seek)
        audition.changed.connect(lambda _before, _now: self._show())
        audition.moved.connect(lambda _asset: self._move())
        thumbnails.came.connect(self._draw)
        self._drawn = ""
        self.hide()

    def _toggle(self) -> None:
        if self._audition.asset is not None:
            self._audition.toggle(self._audition.asset)

    def _show(self) -> None:
        asset = self._audition.asset
        self.setVisible(asset is not None)
        if asset is None:
            self._drawn = ""
            return
        playing = self._audition.playing(asset)
        self.play.set_icon("pause:solid" if playing else "play:solid")
        self.play.set_label(self.tr("Pause") if playing else self.tr("Play"))
        self.setAccessibleName(self.tr("Playing {name}").replace("{name}", asset.name))
        self._elide(asset)
        self._draw()
        self._move()

    def _draw(self) -> None:
        asset = self._audition.asset
        if asset is None or self._drawn == asset.id:
            return
        look = self._thumbnails.get(asset)
        if isinstance(look, np.ndarray):
            self._drawn = asset.id
            self.wave.set_source(OutlinePeaks(look, asset.duration or 1.0))
        else:
            self.wave.set_source(None)
            self.wave.set_expected(asset.duration or 1.0)

    def _move(self) -> None:
        asset = self._audition.asset
        if asset is not None:
            here = self._audition.position
            self.wave.set_position(here)
            words = self.tr("Loading…") if self._audition.busy else wording.duration(here) or "0:00"
            self.time.setText(f"{words} / {wording.duration(asset.duration)}" if asset.duration else words)

    def _elide(self, asset: Asset) -> None:
        room = max(40, self.width() - 176)
        self.name.setText(self.name.fontMetrics().elidedText(asset.name, Qt.TextElideMode.ElideMiddle, room))
        self.name.setToolTip(asset.name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._audition.asset is not None:
            self._elide(self._audition.asset)

    def mousePressEvent(self, event: QEvent) -> None:
        if self._audition.asset is not None:
            self.named.emit(self._audition.asset)
