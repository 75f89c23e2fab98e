"""A track's sound with its words over it: drag them to where they are sung, tap along, fix what is right."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.ui.music.song import timed, words_paint
from audiostudio.ui.music.song.timed import Lines, Place, TimedWord
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets.waveform_paint import clock

if TYPE_CHECKING:
    from audiostudio.sound.peaks import Peaks

_EDGE = 6
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
        self.peaks: Peaks | None = None
        self.left, self.scale = 0.0, _USUAL
        self.next_place: Place | None = None
        """The word that the next tap begins."""
        self._history: list[tuple[Lines, Place | None]] = []
        self._drag: Callable[[float], Lines] | None = None
        self._before: Lines = ()
        self.hover: Place | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(words_paint.RULER + words_paint.LINES + words_paint.WORDS + 60)
        self.setAccessibleName(self.tr("Words over the sound"))

    # What is shown

    def show_track(self, lines: Lines, seconds: float, peaks: "Peaks | None", anew: bool) -> None:
        """`anew`: another track, shown from its beginning."""
        self.lines, self.peaks, self.seconds = lines, peaks, seconds
        if anew:
            self._history, self.chosen, self.next_place = [], None, None
            self.left, self.scale = 0.0, _USUAL
        order = set(timed.places(lines))
        self.chosen = self.chosen if self.chosen in order else None
        self.next_place = self.next_place if self.next_place in order else None
        self.update()

    def show_peaks(self, peaks: "Peaks") -> None:
        self.peaks = peaks
        self.update()

    def set_position(self, seconds: float) -> None:
        before, self.position = self.position, seconds
        x = self.x_of(seconds)
        if not 0 <= x <= self.width() - 3 * GRID and abs(seconds - before) < 3:
            self._scroll(seconds - 0.15 * self.width() / self.scale)
        self.update()

    def set_tapping(self, what: str) -> None:
        """`word`, `line`, or empty. The first tap begins the first word that is not fixed, or the chosen one."""
        self.tapping = what
        if what:
            open_words = (place for place in timed.places(self.lines) if not timed.word_of(self.lines, place).fixed)
            self.next_place = self.chosen or next(open_words, None) or next(iter(timed.places(self.lines)), None)
            if what == "line" and self.next_place is not None:
                self.next_place = (self.next_place[0], 0)
        self.chosen_changed.emit()
        self.update()

    @property
    def next_word(self) -> TimedWord | None:
        """What the next tap begins."""
        return timed.word_of(self.lines, self.next_place) if self.next_place is not None and self.tapping else None

    @property
    def undoable(self) -> bool:
        return bool(self._history)

    # Edits

    def tap(self) -> None:
        """Here, at the playhead, the next word or line begins."""
        if self.next_place is None or not self.editable:
            return
        self._remember()
        line, _ = self.next_place
        if self.tapping == "line":
            self.lines = timed.tapped_line(self.lines, line, self.position)
            self.chosen = (line, 0)
            self.next_place = (line + 1, 0) if line + 1 < len(self.lines) else None
        else:
            self.lines = timed.tapped(self.lines, self.next_place, self.position)
            self.chosen = self.next_place
            self.next_place = timed.next_place(self.lines, self.next_place)
        self._done()
        self.tapped.emit()

    def undo(self) -> bool:
        """The last tap or drag; whether there was one."""
        if not self._history:
            return False
        self.lines, self.next_place = self._history.pop()
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
        at = self.time_at(x)
        least = self.width() / max(1.0, self.seconds)
        self.scale = min(_MOST, max(least, self.scale * factor))
        self._scroll(at - x / self.scale)

    def choose(self, place: Place | None) -> None:
        if place == self.chosen:
            return
        self.chosen = place
        if place is not None:
            word = timed.word_of(self.lines, place)
            if self.tapping:
                self.next_place = place
            if not 0 <= self.x_of(word.start) <= self.width() - 40:
                self._scroll(word.start - 0.3 * self.width() / self.scale)
            self.setAccessibleDescription(f"{word.text} {clock(word.start)}")
        self.chosen_changed.emit()
        self.update()

    def _remember(self) -> None:
        self._history.append((self.lines, self.next_place))
        del self._history[:-500]

    def _done(self) -> None:
        self.update()
        self.edited.emit(self.lines)
        self.chosen_changed.emit()

    # Places

    def x_of(self, seconds: float) -> float:
        return (seconds - self.left) * self.scale

    def time_at(self, x: float) -> float:
        return self.left + x / self.scale

    def _scroll(self, left: float) -> None:
        self.left = max(0.0, min(left, max(0.0, self.seconds - self.width() / self.scale * 0.9)))
        self.update()

    def word_box(self, word: TimedWord) -> QRectF:
        left, right = self.x_of(word.start), self.x_of(word.end)
        return QRectF(left, self.height() - words_paint.WORDS, max(2.0, right - left), words_paint.WORDS - 4)

    def _word_at(self, place: QPointF) -> Place | None:
        if place.y() < self.height() - words_paint.WORDS:
            return None
        return next((one for one in self.seen() if self.word_box(timed.word_of(self.lines, one)).contains(place)), None)

    def seen(self) -> list[Place]:
        first, last = self.left, self.time_at(self.width())
        return [
            (number, word)
            for number, line in enumerate(self.lines)
            if line.end >= first and line.start <= last
            for word, one in enumerate(line.words)
            if one.end >= first and one.start <= last
        ]

    def _line_at(self, place: QPointF) -> int | None:
        top = self.height() - words_paint.WORDS - words_paint.LINES
        if not top <= place.y() < self.height() - words_paint.WORDS:
            return None
        at = self.time_at(place.x())
        return next((n for n, line in enumerate(self.lines) if line.start <= at <= line.end), None)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(400, 220)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        place = event.position()
        word, line = self._word_at(place), self._line_at(place)
        self._before, start = self.lines, self.time_at(place.x())
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
            self.lines = self._drag(self.time_at(place.x()))
            self.update()
            return
        word = self._word_at(place)
        shape = Qt.CursorShape.ArrowCursor
        if word is not None:
            shape = Qt.CursorShape.SizeHorCursor if self._edge(word, place) else Qt.CursorShape.OpenHandCursor
        elif self._line_at(place) is not None:
            shape = Qt.CursorShape.OpenHandCursor
        self.setCursor(shape)
        if word != self.hover:
            self.hover = word
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
            self._scroll(self.left - turns * 80 / self.scale)

    def leaveEvent(self, event: QEvent) -> None:
        self.hover = None
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
        box = self.word_box(timed.word_of(self.lines, word))
        reach = min(_EDGE, box.width() / 3)
        return "end" if box.right() - place.x() <= reach else "start" if place.x() - box.left() <= reach else ""

    def _grip(self, place: Place, at: QPointF, start: float) -> Callable[[float], Lines]:
        lines, word, edge = self.lines, timed.word_of(self.lines, place), self._edge(place, at)

        def follow(now: float) -> Lines:
            by = now - start
            if abs(by) * self.scale < 2:
                return lines
            first = word.start + (0.0 if edge == "end" else by)
            last = word.end + (0.0 if edge == "start" else by)
            return timed.moved(lines, place, min(first, last), max(first, last))

        return follow

    def paintEvent(self, event: QPaintEvent) -> None:
        words_paint.track(self)
