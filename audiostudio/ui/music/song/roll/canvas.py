"""The piano roll: the melody as bars over a grid, its words under them. Only what is in sight is painted."""

from bisect import bisect_left
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from audiostudio.music.score import Score
from audiostudio.music.song import SungNote
from audiostudio.ui.music.song.roll import hands, keys, notes, paint
from audiostudio.ui.music.song.roll.notes import Chosen, Made, Parts, Ref
from audiostudio.ui.music.song.roll.stage import KEYS, RULER, Grid, Stage
from audiostudio.ui.widgets import steady

_AFTER = 4
"""Bars behind the end that can be scrolled to."""
_BAR = 1920


@dataclass(frozen=True, slots=True)
class Shown:
    """What the roll shows beside the notes."""

    score: Score | None = None
    """Without instruments: sections, chords, bars."""
    ranges: tuple[tuple[str, tuple[int, int]], ...] = ()
    """Slot → the lowest and highest pitch that its voice sings with ease."""


class RollCanvas(QAbstractScrollArea):
    """Edits come as `edited`, already shown; whoever keeps them calls `show_parts` with what became of them."""

    edited = Signal(str, object)
    """What was done (a key of `page.STEPS`) and the parts as they are now."""
    looked = Signal()
    """What is chosen, the tool or the part changed."""
    hear_wanted = Signal(object)
    """A note is to be heard: its `Ref`."""
    sought = Signal(float)
    """Play from this tick."""
    play_wanted = Signal()
    word_wanted = Signal()
    """The syllable of what is chosen is to be written."""
    menu_wanted = Signal(object)
    """A place on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: Parts = ()
        self.chosen: Chosen = notes.NONE
        self.part = 0
        """The one that is drawn into; the others are shown faintly."""
        self.shown = Shown()
        self.stage, self.grid = Stage(), Grid()
        self.tool = "select"
        self.editable = True
        self.playhead: float | None = None
        """A tick."""
        self.band: QRectF | None = None
        self.hover: Ref | None = None
        self._grip: hands.Grip | None = None
        self._before: Parts = ()
        self._starts: list[list[int]] = []
        self._settling = False
        self._centre = 66.0
        """The pitch that stands in the middle, wherever the window's edges are."""
        steady(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Melody"))
        self.setMinimumHeight(180)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    # What is shown

    def show_parts(self, parts: Parts, shown: Shown | None = None) -> None:
        """Others than are shown: an undo, another song. What is chosen stays where it is still there."""
        first = not self.parts and bool(parts)
        self.parts = parts
        self._starts = [[note.start for note in part.notes] for part in parts]
        self.chosen = notes.still(parts, self.chosen)
        self.part = min(self.part, max(0, len(parts) - 1))
        if shown is not None:
            self.shown = shown
        self._settle()
        if first:
            self.fit()
        self._look()

    def set_grid(self, grid: Grid) -> None:
        self.grid = grid
        self.viewport().update()

    def set_tool(self, tool: str) -> None:
        """`select` or `draw`."""
        self.tool = tool
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if tool == "draw" else Qt.CursorShape.ArrowCursor)
        self.looked.emit()

    def set_part(self, part: int) -> None:
        if 0 <= part < len(self.parts) and part != self.part:
            self.part = part
            self.chosen = notes.NONE
            self._look()

    def set_playhead(self, tick: float | None) -> None:
        if tick == self.playhead:
            return
        before = self.playhead
        self.playhead = tick
        if tick is not None and before is not None:
            x = self.stage.x(tick)
            if not KEYS <= x <= self.viewport().width() - 24 and abs(tick - before) < 4 * _BAR:
                self._scroll_to(tick - 40 / self.stage.scale)
        self.viewport().update()

    def choose(self, chosen: Chosen, hear: bool = False) -> None:
        if chosen != self.chosen:
            self.chosen = chosen
            if chosen and all(ref.part != self.part for ref in chosen):
                self.part = min(ref.part for ref in chosen)
            self._look()
        if hear and len(chosen) == 1:
            self.hear_wanted.emit(next(iter(chosen)))

    def first(self) -> Ref | None:
        """Of what is chosen."""
        return min(self.chosen, key=lambda ref: (ref.note.start, ref.part), default=None)

    def limits(self, slot: str) -> tuple[int, int] | None:
        return dict(self.shown.ranges).get(slot)

    def between(self, part: int, start: float, end: float) -> tuple[SungNote, ...]:
        """The notes of a part that sound between two ticks."""
        starts, found = self._starts[part], self.parts[part].notes
        first = max(0, bisect_left(starts, start) - 1)
        return found[first : bisect_left(starts, end)]

    def note_at(self, place: QPointF) -> Ref | None:
        """The note there: of the part at hand before the others."""
        tick, pitch = self.stage.tick(place.x()), self.stage.pitch(place.y())
        order = [self.part, *(n for n in range(len(self.parts)) if n != self.part)]
        for number in order if self.parts else ():
            for note in self.between(number, tick, tick + 1):
                if note.pitch == pitch and note.start <= tick < note.start + note.length:
                    return Ref(number, note)
        return None

    # Edits

    def take(self, step: str, made: Made) -> None:
        """An edit is done."""
        parts, chosen = made
        if not self.editable or (parts, chosen) == (self.parts, self.chosen):
            return
        changed = parts != self.parts
        self._put(parts, chosen)
        if changed:
            self.edited.emit(step, parts)

    def preview(self, made: Made) -> None:
        """While something is dragged."""
        self._put(*made)

    def _put(self, parts: Parts, chosen: Chosen) -> None:
        self.parts, self.chosen = parts, chosen
        self._starts = [[note.start for note in part.notes] for part in parts]
        self._look()

    # The view

    @property
    def end(self) -> int:
        """The last tick that can be scrolled to."""
        score = self.shown.score
        last = max((part.notes[-1].start + part.notes[-1].length for part in self.parts if part.notes), default=0)
        return max(score.ticks if score is not None else 0, last) + _AFTER * _BAR

    def fit(self) -> None:
        """Four bars or so, at the height of the melody."""
        pitches = [note.pitch for part in self.parts for note in part.notes]
        first = min((part.notes[0].start for part in self.parts if part.notes), default=0)
        bar = self.shown.score.metre.bar if self.shown.score is not None else _BAR
        room = max(200, self.viewport().width() - KEYS)
        self.stage.scale = room / (6 * bar)
        self.stage.left = max(0, first // bar * bar - bar // 8)
        if pitches:
            self._centre = (min(pitches) + max(pitches)) / 2
        self._settle()
        self.viewport().update()

    def reveal(self, ref: Ref) -> None:
        x, y = self.stage.x(ref.note.start), self.stage.y(ref.note.pitch)
        if not KEYS <= x <= self.viewport().width() - 40:
            self._scroll_to(ref.note.start - 40 / self.stage.scale)
        if not RULER <= y <= self.viewport().height() - 2 * self.stage.row:
            self._centre = float(ref.note.pitch)
            self._settle()
        self.viewport().update()

    def zoom(self, factor: float, x: float | None = None) -> None:
        self.stage.zoom(factor, (self.viewport().width() + KEYS) / 2 if x is None else x)
        self._settle()
        self.viewport().update()

    def _scroll_to(self, tick: float) -> None:
        self.stage.left = max(0.0, tick)
        self._settle()

    def _settle(self) -> None:
        """The scroll bars, as the view is."""
        self._settling = True
        stage, view = self.stage, self.viewport()
        wide, high = max(1, view.width() - KEYS), max(1, view.height() - RULER)
        stage.top = self._centre + high / stage.row / 2
        bar = self.horizontalScrollBar()
        bar.setPageStep(wide)
        bar.setSingleStep(max(1, round(stage.scale * 480)))
        bar.setRange(0, max(0, round(self.end * stage.scale) - wide))
        bar.setValue(round(stage.left * stage.scale))
        bar = self.verticalScrollBar()
        whole = round((notes.HIGHEST - notes.LOWEST + 1) * stage.row)
        bar.setPageStep(high)
        bar.setSingleStep(round(stage.row))
        bar.setRange(0, max(0, whole - high))
        bar.setValue(round((notes.HIGHEST - stage.top) * stage.row))
        self._settling = False
        self._follow_bars()

    def _follow_bars(self) -> None:
        stage = self.stage
        stage.left = self.horizontalScrollBar().value() / stage.scale
        stage.top = notes.HIGHEST - self.verticalScrollBar().value() / stage.row

    def _scrolled(self, _value: int) -> None:
        if not self._settling:
            self._follow_bars()
            self._centre = self.stage.top - (self.viewport().height() - RULER) / self.stage.row / 2
            self.viewport().update()

    def _look(self) -> None:
        self.viewport().update()
        self.looked.emit()
        ref = self.first()
        self.setAccessibleDescription(f"{ref.note.text} {paint.pitch_name(ref.note.pitch)}" if ref else "")

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.roll(self, event.rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() <= 0 and self.parts:
            self.fit()
        self._settle()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._before = self.parts
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = hands.press(self, event)
        elif event.button() == Qt.MouseButton.RightButton:
            ref = self.note_at(event.position())
            if ref is not None and ref not in self.chosen:
                self.choose(frozenset({ref}))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._grip.follow(event.position(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
            return
        hover = self.note_at(event.position())
        if hover != self.hover:
            self.hover = hover
            self.viewport().update()
        if self.tool == "select":
            self.viewport().setCursor(hands.cursor(self, event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        grip, self._grip = self._grip, None
        if grip is None:
            return
        self.band = None
        parts, self.parts = self.parts, self._before
        if parts != self._before and self.editable:
            self.parts = parts
            self.edited.emit(grip.step, parts)
        self.parts = parts
        self._look()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        ref = self.note_at(event.position())
        if ref is not None:
            self.choose(frozenset({ref}))
            self.word_wanted.emit()
        elif event.position().y() > RULER and event.position().x() > KEYS:
            self._before = self.parts
            self._grip = hands.draw(self, event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        self.hover = None
        self.viewport().update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turns:
            self.zoom(1.2**turns, event.position().x())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and turns:
            bar = self.horizontalScrollBar()
            bar.setValue(round(bar.value() - turns * 120))
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not keys.press(self, event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and keys.ours(event):
            event.accept()
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            ref = self.note_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.told(ref) if ref is not None else "", self)
            return True
        return super().viewportEvent(event)

    def told(self, ref: Ref) -> str:
        """A note in words, with what is wrong with it."""
        part, note = self.parts[ref.part], ref.note
        words = self.tr("{syllable} · {pitch} · singer {slot}")
        said = words.replace("{syllable}", note.text).replace("{pitch}", paint.pitch_name(note.pitch))
        said = said.replace("{slot}", part.slot)
        limits = self.limits(part.slot)
        if limits is not None and notes.out_of_range(note, limits):
            words = self.tr("Out of this voice's range, {low} to {high}: it may sound strained.")
            names = (paint.pitch_name(limits[0]), paint.pitch_name(limits[1]))
            said += "\n" + words.replace("{low}", names[0]).replace("{high}", names[1])
        return said
