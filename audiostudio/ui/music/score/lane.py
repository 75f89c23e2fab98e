"""The sections of a piece side by side: how long, how energetic, over which chords."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.music.plan import Plan
from audiostudio.ui.music.outline import section_colour
from audiostudio.ui.music.words import section_name
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import HALF, RADIUS, font, tokens

HEIGHT = 76
_EDGE = 5.0
"""Pixels beside a block's end where it is taken hold of."""
_CHORD = 30.0
"""Pixels that a chord's name needs."""


class SectionLane(QWidget):
    """A click chooses; drag a block to another place, its end to another length. Arrow keys choose, with Ctrl they
    move; + and − lengthen; R: again, otherwise; Delete: away; Enter: its chords; P: hear it."""

    chosen = Signal(int)
    moved = Signal(int, int)
    lengthened = Signal(int, int)
    """A section and its bars."""
    again_wanted = Signal(int)
    remove_wanted = Signal(int)
    chords_wanted = Signal(int)
    play_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: Plan | None = None
        self._chords: list[tuple[str, ...]] = []
        self._changed: frozenset[int] = frozenset()
        self.at = 0
        """The section that is chosen."""
        self.played = 0.0
        """Bars that were heard; 0: it does not play."""
        self._hand: tuple[str, int, float] | None = None
        """What is held: `move` or `end`, a section, and where it was taken."""
        self._target: int | None = None
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Sections"))

    def show_plan(self, plan: Plan | None, chords: Sequence[tuple[str, ...]], changed: frozenset[int]) -> None:
        """`chords`: of each section, as far as they are known; `changed`: what is not as it was rendered."""
        self._plan, self._chords, self._changed = plan, list(chords), changed
        count = len(plan.sections) if plan is not None else 0
        self.at = max(0, min(self.at, count - 1))
        self._say()
        self.update()

    def show_played(self, bars: float) -> None:
        if bars != self.played:
            self.played = bars
            self.update()

    def choose(self, index: int) -> None:
        if self._plan is not None and 0 <= index < len(self._plan.sections) and index != self.at:
            self.at = index
            self._say()
            self.update()
            self.chosen.emit(index)

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def block(self, index: int) -> QRectF:
        """Where a section is drawn."""
        assert self._plan is not None
        bars = [section.bars for section in self._plan.sections]
        each = self.width() / max(1, sum(bars))
        left = sum(bars[:index]) * each
        return QRectF(left, 0, max(3.0, bars[index] * each - 2), self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index, what = self._hit(event.position())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(index)
            self._hand = what, index, event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._hand is None:
            index, what = self._hit(event.position())
            end = index is not None and what == "end"
            self.setCursor(Qt.CursorShape.SizeHorCursor if end else Qt.CursorShape.ArrowCursor)
            if index is not None and self._plan is not None:
                section = self._plan.sections[index]
                bars = counted(section.bars, self.tr("1 bar"), self.tr("%n bars"))
                self.setToolTip(f"{section_name(section.kind, section.name)}: {bars}")
            return
        what, index, begin = self._hand
        if abs(event.position().x() - begin) < _EDGE and self._target is None:
            return
        self._target = self._bars(index, event.position().x()) if what == "end" else self._place(event.position().x())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        hand, target = self._hand, self._target
        self._hand = self._target = None
        self.update()
        if hand is None or target is None:
            return
        what, index, _ = hand
        if what == "end":
            self.lengthened.emit(index, target)
        elif target != index:
            self.moved.emit(index, target)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index, _ = self._hit(event.position())
        if index is not None:
            self.chords_wanted.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plan = event.key(), self._plan
        if plan is None:
            super().keyPressEvent(event)
            return
        along = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key))
        bars = plan.sections[self.at].bars
        if along and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if 0 <= self.at + along < len(plan.sections):
                self.moved.emit(self.at, self.at + along)
        elif along:
            self.choose(self.at + along)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.lengthened.emit(self.at, bars + 1)
        elif key == Qt.Key.Key_Minus and bars > 1:
            self.lengthened.emit(self.at, bars - 1)
        elif key == Qt.Key.Key_R:
            self.again_wanted.emit(self.at)
        elif key == Qt.Key.Key_P:
            self.play_wanted.emit(self.at)
        elif key == Qt.Key.Key_Delete:
            self.remove_wanted.emit(self.at)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chords_wanted.emit(self.at)
        else:
            super().keyPressEvent(event)

    def _hit(self, place: QPointF) -> tuple[int | None, str]:
        for index in range(len(self._plan.sections)) if self._plan is not None else ():
            box = self.block(index)
            if box.left() - 1 <= place.x() <= box.right() + 2:
                return index, "end" if place.x() > box.right() - _EDGE and box.width() > 4 * _EDGE else "move"
        return None, ""

    def _bars(self, index: int, x: float) -> int:
        assert self._plan is not None
        each = self.width() / max(1, sum(section.bars for section in self._plan.sections))
        return max(1, round((x - self.block(index).left()) / each))

    def _place(self, x: float) -> int:
        assert self._plan is not None
        last = len(self._plan.sections) - 1
        return next((index for index in range(last) if x < self.block(index).right()), last)

    def _say(self) -> None:
        if self._plan is not None and self._plan.sections:
            section = self._plan.sections[self.at]
            name = section_name(section.kind, section.name)
            bars = counted(section.bars, self.tr("1 bar"), self.tr("%n bars"))
            self.setAccessibleDescription(f"{name}, {bars}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(len(self._plan.sections)) if self._plan is not None else ():
            self._paint_block(painter, index)
        if self._plan is not None and self.played:
            bars = sum(section.bars for section in self._plan.sections)
            painter.setPen(QPen(tokens().colour("playhead"), 1.5))
            x = self.played / bars * self.width()
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _paint_block(self, painter: QPainter, index: int) -> None:
        assert self._plan is not None
        section, colours, box = self._plan.sections[index], tokens(), self.block(index)
        held = self._hand is not None and self._hand[1] == index and self._target is not None
        if held and self._hand is not None and self._hand[0] == "end":
            each = box.width() / section.bars
            box.setWidth(max(3.0, (self._target or 1) * each))
        colour = section_colour(section.kind)
        ground = QColor(colour)
        ground.setAlpha(60 if index == self.at else 34)
        edge = colours.colour("focus") if self.hasFocus() and index == self.at else colour
        painter.setPen(QPen(edge, 2 if index == self.at else 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        energy = QRectF(box.left() + HALF, box.bottom() - 8, max(0.0, (box.width() - 2 * HALF) * section.energy), 3)
        painter.drawRoundedRect(energy, 1.5, 1.5)
        if index in self._changed:
            painter.setBrush(colours.colour("warning"))
            painter.drawEllipse(QPointF(box.right() - 9, box.top() + 10), 3.5, 3.5)
        room = box.adjusted(2 * HALF, HALF + 1, -2 * HALF - (8 if index in self._changed else 0), 0)
        painter.setPen(colours.colour("text"))
        painter.setFont(font("small", QFont.Weight.DemiBold))
        words = painter.fontMetrics().elidedText(
            section_name(section.kind, section.name), Qt.TextElideMode.ElideRight, round(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, words)
        self._paint_chords(painter, index, box)

    def _paint_chords(self, painter: QPainter, index: int, box: QRectF) -> None:
        chords = self._chords[index] if index < len(self._chords) else ()
        if not chords or box.width() < _CHORD:
            return
        painter.setFont(font("caption"))
        painter.setPen(tokens().colour("text_secondary"))
        painter.save()
        painter.setClipRect(box.adjusted(0, 0, -HALF, 0))
        each, metrics, free, before = box.width() / len(chords), painter.fontMetrics(), box.left(), ""
        for number, chord in enumerate(chords):
            left = box.left() + 2 * HALF + number * each
            wide = metrics.horizontalAdvance(chord)
            if chord == before or left < free or left + wide > box.right() - HALF:
                continue
            painter.drawText(QRectF(left, box.top() + 28, wide + 2, 18), Qt.AlignmentFlag.AlignVCenter, chord)
            free, before = left + wide + 2 * HALF, chord
        painter.restore()
