"""A sound as a picture: playhead, click to seek, drag for a loop, words under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.ui.widgets.waveform_paint import Look, WavePainter

Levels = NDArray[np.float32]


class PeakSource(Protocol):
    """What can be drawn; `audiostudio.sound.peaks.Peaks` is one."""

    @property
    def sample_rate(self) -> int: ...

    @property
    def length(self) -> int:
        """Samples."""
        ...

    def view(self, start: int, end: int, pixels: int) -> tuple[Levels, Levels, Levels]:
        """Least, greatest and RMS values of samples start…end, each of shape (pixels,) or (channels, pixels), −1…1."""
        ...


class SamplePeaks:
    """Peaks straight from samples, for sounds of some minutes that are in memory anyway. They may grow."""

    def __init__(self, samples: NDArray[np.float32], sample_rate: int) -> None:
        """`samples` have shape (n,) or (channels, n)."""
        self.samples = samples if samples.ndim == 1 else samples.mean(axis=0)
        self.sample_rate = sample_rate

    @property
    def length(self) -> int:
        return len(self.samples)

    def view(self, start: int, end: int, pixels: int) -> tuple[Levels, Levels, Levels]:
        edges = np.linspace(start, end, pixels + 1).astype(np.int64).clip(0, max(0, self.length - 1))
        if not self.length:
            zero = np.zeros(pixels, np.float32)
            return zero, zero, zero
        starts, piece = edges[:-1] - edges[0], self.samples[edges[0] : edges[-1] + 1]
        power = np.add.reduceat(np.square(piece, dtype=np.float32), starts) / np.maximum(np.diff(edges), 1)
        return np.minimum.reduceat(piece, starts), np.maximum.reduceat(piece, starts), np.sqrt(power)


@dataclass(frozen=True, slots=True)
class WordMark:
    """A word and when it sounds, in seconds."""

    text: str
    start: float
    end: float


class WaveformView(QWidget):
    """Shows a `PeakSource`. All times are seconds from its beginning.

    Click: seek. Drag: a loop, whose edges can be dragged again. Ctrl and wheel: zoom; wheel: scroll; double click or
    Escape: no loop. Keys: ←/→ a second (with Shift five), Home, End.
    """

    sought = Signal(float)
    loop_changed = Signal(object)
    """(start, end), or None."""
    hovered = Signal(object)
    """The time under the pointer, or None when it leaves."""

    def __init__(self, parent: QWidget | None = None, style: str = "filled", compact: bool = False) -> None:
        """`style` is `filled` or `bars`; `compact` leaves out the time ruler and shows no hints."""
        super().__init__(parent)
        self._look = Look(style, ruler=not compact)
        self._painter = WavePainter()
        self._source: PeakSource | None = None
        self._expected = 0.0
        self._position = 0.0
        self._loop: tuple[float, float] | None = None
        self._shown = (0.0, 0.0)
        self._hover: float | None = None
        self._grabbed: str | None = None
        self._press: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Waveform"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    # What is shown

    def set_source(self, source: PeakSource | None, words: Sequence[WordMark] = ()) -> None:
        """Another sound, from its beginning, without a loop."""
        self._source, self._look.words = source, tuple(words)
        self._position, self._expected = 0.0, 0.0
        self._set_loop(None)
        self._show(0.0, self.duration)
        self.refresh()

    def set_words(self, words: Sequence[WordMark]) -> None:
        self._look.words = tuple(words)
        self.update()

    def set_expected(self, seconds: float) -> None:
        """While a sound is still being made: how long it is thought to become, so that it grows into place."""
        self._expected = seconds
        self._show(0.0, self.duration)

    def refresh(self) -> None:
        """The source has grown or changed."""
        self._painter.forget()
        if self._shown[1] <= 0 or self._shown[1] > self.duration or not self.zoomed:
            self._show(0.0, self.duration)
        self.update()

    @property
    def duration(self) -> float:
        made = self._source.length / self._source.sample_rate if self._source else 0.0
        return max(made, self._expected)

    @property
    def zoomed(self) -> bool:
        return self._shown[1] - self._shown[0] < self.duration - 1e-6

    # Playhead and loop

    @property
    def position(self) -> float:
        return self._position

    def set_position(self, seconds: float) -> None:
        """Moves the playhead; scrolls to keep it in sight."""
        if seconds == self._position:
            return
        before, self._position = self._x(self._position), seconds
        start, end = self._shown
        if self.zoomed and not start <= seconds <= end:
            self._show(seconds - (end - start) * 0.1, seconds + (end - start) * 0.9)
            return
        low, high = sorted((before, self._x(seconds)))
        self.update(int(low) - 8, 0, int(high - low) + 17, self.height())
        if self._look.words:
            self.update(0, self.height() - self._look.words_height, self.width(), self._look.words_height)

    @property
    def loop(self) -> tuple[float, float] | None:
        return self._loop

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Shows a loop, silently."""
        self._loop = loop
        self.update()

    def _set_loop(self, loop: tuple[float, float] | None) -> None:
        if loop != self._loop:
            self._loop = loop
            self.loop_changed.emit(loop)
            self.update()

    # From time to place and back

    def _x(self, seconds: float) -> float:
        start, end = self._shown
        return (seconds - start) / (end - start) * self.width() if end > start else 0.0

    def _time(self, x: float) -> float:
        start, end = self._shown
        return min(self.duration, max(0.0, start + x / max(1, self.width()) * (end - start)))

    def _show(self, start: float, end: float) -> None:
        length = min(self.duration, max(end - start, 0.02))
        start = min(max(0.0, start), self.duration - length)
        self._shown = (start, start + length)
        self.update()

    # The user's hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.duration:
            self._press = event.position()
            self._grabbed = self._edge(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        self._hover = self._time(x)
        self.hovered.emit(self._hover)
        if self._press is not None:
            self._drag(x)
        elif not self._look.compact:
            edge = Qt.CursorShape.SizeHorCursor if self._edge(x) else Qt.CursorShape.ArrowCursor
            self.setCursor(edge)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._press is not None:
            if self._grabbed is None:
                self._seek(self._time(event.position().x()))
            self._press, self._grabbed = None, None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._set_loop(None)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.hovered.emit(None)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        start, end = self._shown
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.duration:
            here = self._time(event.position().x())
            factor = 0.8**steps
            self._show(here - (here - start) * factor, here + (end - here) * factor)
        elif self.zoomed:
            way = (event.angleDelta().x() / 120 or -steps) * (end - start) * 0.1
            self._show(start + way, end + way)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 5.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        goals = {
            Qt.Key.Key_Left: self._position - step,
            Qt.Key.Key_Right: self._position + step,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: self.duration,
        }
        if event.key() in goals:
            self._seek(min(self.duration, max(0.0, goals[Qt.Key(event.key())])))
        elif event.key() == Qt.Key.Key_Escape and self._loop:
            self._set_loop(None)
        else:
            super().keyPressEvent(event)

    def _seek(self, seconds: float) -> None:
        self.set_position(seconds)
        self.sought.emit(seconds)

    def _edge(self, x: float) -> str | None:
        if self._loop is None:
            return None
        near = {"start": abs(self._x(self._loop[0]) - x), "end": abs(self._x(self._loop[1]) - x)}
        name = min(near, key=near.__getitem__)
        return name if near[name] <= 5 else None

    def _drag(self, x: float) -> None:
        if self._grabbed is None:
            if self._press is None or abs(x - self._press.x()) < 4:
                return
            self._grabbed = "new"
        assert self._press is not None
        anchor = self._time(self._press.x())
        if self._loop and self._grabbed in ("start", "end"):
            anchor = self._loop[1] if self._grabbed == "start" else self._loop[0]
            self._press = QPointF(self._x(anchor), 0)
            self._grabbed = "new"
        low, high = sorted((anchor, self._time(x)))
        if high - low >= 0.02:
            self._set_loop((low, high))

    # Painting

    def sizeHint(self) -> QSize:
        return QSize(320, 40 if self._look.compact else 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 24 if self._look.compact else 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        self._painter.paint(
            painter,
            QRectF(self.rect()),
            self.devicePixelRatioF(),
            self._look,
            self._source,
            self._shown,
            self._position,
            self._loop,
            self._hover,
            self.hasFocus(),
        )
