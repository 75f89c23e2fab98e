"""A track's sound with its words over it: drag them to where they are sung, tap along, fix what is right."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.ui import icons
from audiostudio.ui.music.song import timed
from audiostudio.ui.music.song.colours import colour
from audiostudio.ui.music.song.timed import Lines, Place, TimedWord
from audiostudio.ui.theme import GRID, font, tokens
from audiostudio.ui.widgets.waveform_paint import clock

if TYPE_CHECKING:
    from audiostudio.sound.peaks import Peaks

_RULER, _LINES, _WORDS = 20, 24, 36
"""Pixels of time, lines and words."""
_EDGE = 6
_UNSURE = 0.5
"""Words found with less confidence look so."""
_NUDGE, _FAR = 0.01, 0.1
_USUAL, _MOST = 96.0, 400.0
"""Pixels of a second."""


class WordsTrack(QWidget):
    """Arrow keys go from word to word, with Alt they move it. While tapping, Space or Enter begins the next word."""

    edited = Signal(object)
    """The `Lines` as they are now."""
    sought = Signal(float)
    play_wanted = Signal()
    word_wanted = Signal(float, float)
    """Hear from the first second to the second one."""
    chosen_changed = Signal()
    tapped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: Lines = ()
        self.chosen: Place | None = None
        self.tapping = ""
        """`word`, `line`, or empty."""
        self.position = 0.0
        self.seconds = 0.0
        self.editable = True
        self._peaks: Peaks | None = None
        self._left, self._scale = 0.0, _USUAL
        self._next: Place | None = None
        """The word that the next tap begins."""
        self._history: list[tuple[Lines, Place | None]] = []
        self._drag: Callable[[float], Lines] | None = None
        self._before: Lines = ()
        self._hover: Place | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_RULER + _LINES + _WORDS + 60)
        self.setAccessibleName(self.tr("Words over the sound"))

    # What is shown

    def show_track(self, lines: Lines, seconds: float, peaks: "Peaks | None", anew: bool) -> None:
        """`anew`: another track, shown from its beginning."""
        self.lines, self._peaks, self.seconds = lines, peaks, seconds
        if anew:
            self._history, self.chosen, self._next = [], None, None
            self._left, self._scale = 0.0, _USUAL
        order = set(timed.places(lines))
        self.chosen = self.chosen if self.chosen in order else None
        self._next = self._next if self._next in order else None
        self.update()

    def show_peaks(self, peaks: "Peaks") -> None:
        self._peaks = peaks
        self.update()

    def set_position(self, seconds: float) -> None:
        before, self.position = self.position, seconds
        x = self._x(seconds)
        if not 0 <= x <= self.width() - 3 * GRID and abs(seconds - before) < 3:
            self._scroll(seconds - 0.15 * self.width() / self._scale)
        self.update()

    def set_tapping(self, what: str) -> None:
        """`word`, `line`, or empty. The first tap begins the first word that is not fixed, or the chosen one."""
        self.tapping = what
        if what:
            open_words = (place for place in timed.places(self.lines) if not timed.word_of(self.lines, place).fixed)
            self._next = self.chosen or next(open_words, None) or next(iter(timed.places(self.lines)), None)
            if what == "line" and self._next is not None:
                self._next = (self._next[0], 0)
        self.chosen_changed.emit()
        self.update()

    @property
    def next_word(self) -> TimedWord | None:
        """What the next tap begins."""
        return timed.word_of(self.lines, self._next) if self._next is not None and self.tapping else None

    @property
    def undoable(self) -> bool:
        return bool(self._history)

    # Edits

    def tap(self) -> None:
        """Here, at the playhead, the next word or line begins."""
        if self._next is None or not self.editable:
            return
        self._remember()
        line, _ = self._next
        if self.tapping == "line":
            self.lines = timed.tapped_line(self.lines, line, self.position)
            self.chosen = (line, 0)
            self._next = (line + 1, 0) if line + 1 < len(self.lines) else None
        else:
            self.lines = timed.tapped(self.lines, self._next, self.position)
            self.chosen = self._next
            self._next = timed.next_place(self.lines, self._next)
        self._done()
        self.tapped.emit()

    def undo(self) -> bool:
        """The last tap or drag; whether there was one."""
        if not self._history:
            return False
        self.lines, self._next = self._history.pop()
        self._done()
        return True

    def take(self, lines: Lines) -> None:
        """An edit, which `undo` takes back."""
        if lines != self.lines and self.editable:
            self._remember()
            self.lines = lines
            self._done()

    def toggle_fixed(self) -> None:
        if self.chosen is not None:
            word = timed.word_of(self.lines, self.chosen)
            self.take(timed.fixed(self.lines, self.chosen, not word.fixed))

    def zoom(self, factor: float, x: float | None = None) -> None:
        x = self.width() / 2 if x is None else x
        at = self._time(x)
        least = self.width() / max(1.0, self.seconds)
        self._scale = min(_MOST, max(least, self._scale * factor))
        self._scroll(at - x / self._scale)

    def choose(self, place: Place | None) -> None:
        if place == self.chosen:
            return
        self.chosen = place
        if place is not None:
            word = timed.word_of(self.lines, place)
            if self.tapping:
                self._next = place
            if not 0 <= self._x(word.start) <= self.width() - 40:
                self._scroll(word.start - 0.3 * self.width() / self._scale)
            self.setAccessibleDescription(f"{word.text} {clock(word.start)}")
        self.chosen_changed.emit()
        self.update()

    def _remember(self) -> None:
        self._history.append((self.lines, self._next))
        del self._history[:-500]

    def _done(self) -> None:
        self.update()
        self.edited.emit(self.lines)
        self.chosen_changed.emit()

    # Places

    def _x(self, seconds: float) -> float:
        return (seconds - self._left) * self._scale

    def _time(self, x: float) -> float:
        return self._left + x / self._scale

    def _scroll(self, left: float) -> None:
        self._left = max(0.0, min(left, max(0.0, self.seconds - self.width() / self._scale * 0.9)))
        self.update()

    def _word_box(self, word: TimedWord) -> QRectF:
        left, right = self._x(word.start), self._x(word.end)
        return QRectF(left, self.height() - _WORDS, max(2.0, right - left), _WORDS - 4)

    def _word_at(self, place: QPointF) -> Place | None:
        if place.y() < self.height() - _WORDS:
            return None
        return next(
            (one for one in self._seen() if self._word_box(timed.word_of(self.lines, one)).contains(place)), None
        )

    def _seen(self) -> list[Place]:
        first, last = self._left, self._time(self.width())
        return [
            (number, word)
            for number, line in enumerate(self.lines)
            if line.end >= first and line.start <= last
            for word, one in enumerate(line.words)
            if one.end >= first and one.start <= last
        ]

    def _line_at(self, place: QPointF) -> int | None:
        top = self.height() - _WORDS - _LINES
        if not top <= place.y() < self.height() - _WORDS:
            return None
        at = self._time(place.x())
        return next((n for n, line in enumerate(self.lines) if line.start <= at <= line.end), None)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(400, 220)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        place = event.position()
        word, line = self._word_at(place), self._line_at(place)
        self._before, start = self.lines, self._time(place.x())
        if word is not None:
            self.choose(word)
            self._drag = self._grip(word, place, start) if self.editable else None
        elif line is not None:
            self.choose((line, 0))
            lines = self.lines
            self._drag = (lambda at: timed.shifted(lines, line, at - start)) if self.editable else None
        else:
            self.sought.emit(max(0.0, start))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._drag is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.lines = self._drag(self._time(place.x()))
            self.update()
            return
        word = self._word_at(place)
        shape = Qt.CursorShape.ArrowCursor
        if word is not None:
            shape = Qt.CursorShape.SizeHorCursor if self._edge(word, place) else Qt.CursorShape.OpenHandCursor
        elif self._line_at(place) is not None:
            shape = Qt.CursorShape.OpenHandCursor
        self.setCursor(shape)
        if word != self._hover:
            self._hover = word
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = None
            lines, self.lines = self.lines, self._before
            self.take(lines)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._word_at(event.position())
        if place is not None:
            word = timed.word_of(self.lines, place)
            self.word_wanted.emit(max(0.0, word.start - 0.05), word.end + 0.05)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.2**turns, event.position().x())
        else:
            self._scroll(self._left - turns * 80 / self._scale)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and self.undoable
            if undo or event.key() in (Qt.Key.Key_Space, Qt.Key.Key_L):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.matches(QKeySequence.StandardKey.Undo) and self.undo():
            return
        if key in ways:
            self._sideways(ways[key], held)
            return
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.tapping and not event.isAutoRepeat():
            self.tap()
            return
        actions: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Space: self.play_wanted.emit,
            Qt.Key.Key_Return: self._hear,
            Qt.Key.Key_Backspace: self.undo,
            Qt.Key.Key_L: self.toggle_fixed,
            Qt.Key.Key_Plus: lambda: self.zoom(1.25),
            Qt.Key.Key_Equal: lambda: self.zoom(1.25),
            Qt.Key.Key_Minus: lambda: self.zoom(0.8),
            Qt.Key.Key_Escape: lambda: self.set_tapping("") if self.tapping else self.choose(None),
        }
        action = actions.get(key)
        if action is None:
            super().keyPressEvent(event)
        elif not (event.isAutoRepeat() and self.tapping):
            action()

    def _hear(self) -> None:
        if self.chosen is not None:
            word = timed.word_of(self.lines, self.chosen)
            self.word_wanted.emit(max(0.0, word.start - 0.05), word.end + 0.05)

    def _sideways(self, way: int, held: Qt.KeyboardModifier) -> None:
        """The next word; with Alt it goes 10 ms, with Shift too 100 ms."""
        if self.chosen is None:
            first = next(iter(timed.places(self.lines)), None)
            self.choose(first)
        elif held & Qt.KeyboardModifier.AltModifier:
            word = timed.word_of(self.lines, self.chosen)
            by = way * (_FAR if held & Qt.KeyboardModifier.ShiftModifier else _NUDGE)
            self.take(timed.moved(self.lines, self.chosen, word.start + by, word.end + by))
        else:
            self.choose(timed.next_place(self.lines, self.chosen, way) or self.chosen)

    def _edge(self, word: Place, place: QPointF) -> str:
        box = self._word_box(timed.word_of(self.lines, word))
        reach = min(_EDGE, box.width() / 3)
        return "end" if box.right() - place.x() <= reach else "start" if place.x() - box.left() <= reach else ""

    def _grip(self, place: Place, at: QPointF, start: float) -> Callable[[float], Lines]:
        lines, word, edge = self.lines, timed.word_of(self.lines, place), self._edge(place, at)

        def follow(now: float) -> Lines:
            by = now - start
            if abs(by) * self._scale < 2:
                return lines
            first = word.start + (0.0 if edge == "end" else by)
            last = word.end + (0.0 if edge == "start" else by)
            return timed.moved(lines, place, min(first, last), max(first, last))

        return follow

    # The picture

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.fillRect(self.rect(), colours.colour("sunken"))
        wave = QRectF(0, _RULER, self.width(), max(1, self.height() - _RULER - _LINES - _WORDS))
        self._paint_ruler(painter)
        self._paint_wave(painter, wave)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lines(painter)
        for place in self._seen():
            self._paint_word(painter, place)
        x = self._x(self.position)
        painter.setPen(QPen(colours.colour("playhead"), 1.4))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_ruler(self, painter: QPainter) -> None:
        step = next(s for s in (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1e9) if s * self._scale >= 64)
        painter.setFont(font("caption", tabular=True))
        painter.setPen(tokens().colour("text_muted"))
        number = int(self._left // step)
        while number * step <= self._time(self.width()) and step < 1e9:
            x = self._x(number * step)
            painter.drawLine(QPointF(x, _RULER - 5), QPointF(x, _RULER))
            painter.drawText(QPointF(x + 4, _RULER - 6), clock(number * step))
            number += 1

    def _paint_wave(self, painter: QPainter, box: QRectF) -> None:
        peaks = self._peaks
        if peaks is None or not self.seconds:
            painter.setPen(tokens().colour("border_strong"))
            painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
            return
        last = min(self._time(self.width()), peaks.length / peaks.sample_rate)
        pixels = max(1, round(self._x(last)))
        start, end = round(self._left * peaks.sample_rate), round(last * peaks.sample_rate)
        if end <= start:
            return
        least, greatest, _ = peaks.view(start, end, pixels)
        low, high = (np.atleast_2d(one) for one in (least, greatest))
        reach = box.height() / 2 * 0.94
        painter.setPen(tokens().colour("wave_rms"))
        for x, (down, up) in enumerate(zip(low.min(axis=0).tolist(), high.max(axis=0).tolist(), strict=True)):
            middle = box.center().y()
            painter.drawLine(QPointF(x, middle - up * reach), QPointF(x, middle - down * reach + 1))

    def _paint_lines(self, painter: QPainter) -> None:
        top = self.height() - _WORDS - _LINES
        painter.setFont(font("caption"))
        for line in self.lines:
            left, right = self._x(line.start), self._x(line.end)
            if right < 0 or left > self.width():
                continue
            soft = colour(line.slots[0])
            soft.setAlpha(50)
            box = QRectF(left, top + 2, max(2.0, right - left), _LINES - 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(soft)
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(tokens().colour("text_secondary"))
            room = box.adjusted(max(0.0, -left) + 4, 0, -3, 0)
            words = painter.fontMetrics().elidedText(line.text, Qt.TextElideMode.ElideRight, int(max(0, room.width())))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _paint_word(self, painter: QPainter, place: Place) -> None:
        colours, line = tokens(), self.lines[place[0]]
        word, box = line.words[place[1]], self._word_box(line.words[place[1]])
        unsure = word.confidence < _UNSURE and not word.fixed
        fill = QColor(colour(line.slots[0]))
        fill.setAlpha(150 if word.fixed else 60 if unsure else 105)
        pen = QPen(colour(line.slots[0]), 1, Qt.PenStyle.DashLine if unsure else Qt.PenStyle.SolidLine)
        if place == self.chosen:
            pen = QPen(colours.colour("text"), 2)
        elif place == self._next and self.tapping:
            pen = QPen(colours.colour("warning"), 2)
        elif place == self._hover:
            fill.setAlpha(180)
        painter.setBrush(fill)
        painter.setPen(pen)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(font("small"))
        painter.setPen(colours.colour("text"))
        room = box.adjusted(4, 0, -14 if word.fixed and box.width() > 34 else -2, 0)
        if room.width() > 12:
            shown = painter.fontMetrics().elidedText(word.text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        if word.fixed and box.width() > 34:
            lock = icons.pixmap("lock", "text_secondary", 10, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(box.right() - 14, box.center().y() - 5), lock)
