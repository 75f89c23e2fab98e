"""Lyrics that fill as they are sung: the line that is heard, large, between those before and after it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from audiostudio.ui.music.song.colours import colour
from audiostudio.ui.music.song.timed import Lines, TimedLine, line_at
from audiostudio.ui.theme import FONT, GRID, tokens

_LEAD = 0.35
"""Seconds before it begins that a line takes the middle."""
_PAUSE = 4.0
"""Seconds of silence before a line that are counted down."""


class KaraokeView(QWidget):
    """Follows a playhead. Up and down go from line to line; a click plays from there."""

    line_wanted = Signal(float)
    """Play from this second."""
    play_wanted = Signal()
    full_wanted = Signal()
    """The whole screen, or back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: Lines = ()
        self._seconds = 0.0
        self._boxes: list[tuple[int, QRectF]] = []
        self._hover = -1
        self._shown = 0.0
        """Which line stands in the middle; goes to the one that is sung."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(160)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Karaoke"))

    def show_lines(self, lines: Lines) -> None:
        self.lines = lines
        self._shown = float(max(0, self.current))
        self._describe()
        self.update()

    def set_position(self, seconds: float) -> None:
        before, self._seconds = self.current, seconds
        goal = float(max(0, self.current))
        self._shown = goal if abs(goal - self._shown) > 3 else self._shown + (goal - self._shown) * 0.3
        if before != self.current:
            self._describe()
        self.update()

    @property
    def current(self) -> int:
        """The line that is sung or was sung last; −1 before the first."""
        return line_at(self.lines, self._seconds, _LEAD)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), tokens().colour("backdrop"))
        self._boxes = []
        if not self.lines:
            return
        large = max(20.0, min(self.height() / 9, self.width() / 22))
        middle, here = self.height() * 0.46, self.current
        base = int(self._shown)
        y = middle - (self._shown - base) * self._height(base, large)
        down = y
        for number in range(base, len(self.lines)):
            if down - large > self.height():
                break
            down += self._paint_line(painter, number, down, large, here)
        up = y
        for number in range(base - 1, -1, -1):
            up -= self._height(number, large)
            if up < -large * 3:
                break
            self._paint_line(painter, number, up, large, here)
        self._count_down(painter, large)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hover = self._line_under(event.position())
        if hover != self._hover:
            self._hover = hover
            self.setCursor(Qt.CursorShape.PointingHandCursor if hover >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def event(self, event: QEvent) -> bool:
        """F11 is the window's, but for here; so is Space."""
        asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asked and event.key() in (Qt.Key.Key_F11, Qt.Key.Key_Space):
            event.accept()
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._line_under(event.position())
        if line >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.line_wanted.emit(self.lines[line].start)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._go(-1 if event.angleDelta().y() > 0 else 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in ways:
            self._go(ways[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home and self.lines:
            self.line_wanted.emit(self.lines[0].start)
        elif event.key() == Qt.Key.Key_Space:
            self.play_wanted.emit()
        elif event.key() == Qt.Key.Key_F11:
            self.full_wanted.emit()
        else:
            super().keyPressEvent(event)

    # Inner

    def _go(self, way: int) -> None:
        if self.lines:
            line = min(len(self.lines) - 1, max(0, self.current + way))
            self.line_wanted.emit(max(0.0, self.lines[line].start))

    def _describe(self) -> None:
        here = self.current
        self.setAccessibleDescription(self.lines[here].text if 0 <= here < len(self.lines) else "")

    def _line_under(self, place: QPointF) -> int:
        return next((number for number, box in self._boxes if box.contains(place)), -1)

    def _font(self, number: int, large: float, here: int) -> QFont:
        made = QFont(FONT)
        made.setPixelSize(round(large if number == max(here, 0) else large * 0.68))
        made.setWeight(QFont.Weight.Bold if number == max(here, 0) else QFont.Weight.Medium)
        return made

    def _rows(self, line: TimedLine, measure: QFontMetricsF) -> list[list[int]]:
        """Its words, wrapped."""
        room, rows, wide = self.width() - 8 * GRID, [[]], 0.0
        space = measure.horizontalAdvance(" ")
        for number, word in enumerate(line.words):
            wants = measure.horizontalAdvance(word.text)
            if rows[-1] and wide + space + wants > room:
                rows.append([])
                wide = 0.0
            wide += (space if rows[-1] else 0.0) + wants
            rows[-1].append(number)
        return rows

    def _height(self, number: int, large: float) -> float:
        measure = QFontMetricsF(self._font(number, large, self.current))
        heading = large * 0.7 if self._begins(number) else 0.0
        return measure.height() * 1.12 * len(self._rows(self.lines[number], measure)) + large * 0.28 + heading

    def _begins(self, number: int) -> bool:
        """Whether a section begins there."""
        section = self.lines[number].section
        return bool(section) and (number == 0 or self.lines[number - 1].section != section)

    def _paint_line(self, painter: QPainter, number: int, top: float, large: float, here: int) -> float:
        line, made = self.lines[number], self._font(number, large, here)
        measure = QFontMetricsF(made)
        painter.setFont(made)
        height, first = self._height(number, large), top
        faded = max(0.25, 1 - 0.22 * abs(number - self._shown))
        if self._begins(number):
            self._paint_section(painter, line, top, large, faded)
            top += large * 0.7
        tints = [colour(slot) for slot in line.slots]
        for row in self._rows(line, measure):
            self._paint_row(painter, line, row, top, measure, tints, faded, number)
            top += measure.height() * 1.12
        self._boxes.append((number, QRectF(0, first, self.width(), height)))
        if number == self._hover:
            painter.fillRect(QRectF(0, first, self.width(), height), tokens().colour("hover"))
        return height

    def _paint_section(self, painter: QPainter, line: TimedLine, top: float, large: float, faded: float) -> None:
        painter.save()
        small = QFont(FONT)
        small.setPixelSize(max(11, round(large * 0.36)))
        small.setWeight(QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setOpacity(faded)
        painter.setPen(tokens().colour("text_muted"))
        painter.drawText(QRectF(0, top, self.width(), large * 0.6), Qt.AlignmentFlag.AlignCenter, line.section)
        painter.restore()

    def _paint_row(
        self,
        painter: QPainter,
        line: TimedLine,
        row: Sequence[int],
        top: float,
        measure: QFontMetricsF,
        tints: list[QColor],
        faded: float,
        number: int,
    ) -> None:
        space = measure.horizontalAdvance(" ")
        widths = [measure.horizontalAdvance(line.words[word].text) for word in row]
        left = (self.width() - sum(widths) - space * (len(row) - 1)) / 2
        base = top + measure.ascent()
        colours = tokens()
        painter.setOpacity(faded)
        for place, (word, width) in enumerate(zip(row, widths, strict=True)):
            one = line.words[word]
            tint = tints[(place * len(tints)) // len(row)] if len(tints) > 1 else tints[0]
            painter.setPen(colours.colour("text" if number == self.current else "text_secondary"))
            painter.drawText(QPointF(left, base), one.text)
            share = (self._seconds - one.start) / max(0.02, one.end - one.start)
            if share > 0:
                painter.save()
                painter.setClipRect(QRectF(left - 1, top, (width + 1) * min(1.0, share) + 1, measure.height()))
                painter.setPen(tint)
                painter.drawText(QPointF(left, base), one.text)
                painter.restore()
            left += width + space
        painter.setOpacity(1.0)

    def _count_down(self, painter: QPainter, large: float) -> None:
        """Dots before a line that follows a long silence."""
        coming = next((n for n, line in enumerate(self.lines) if line.start > self._seconds), None)
        if coming is None:
            return
        before = self.lines[coming - 1].end if coming else 0.0
        left = self.lines[coming].start - self._seconds
        if self.lines[coming].start - before < _PAUSE or left > 3.0 or self._seconds < before:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for dot in range(3):
            tint = colour(self.lines[coming].slots[0])
            tint.setAlpha(255 if left > dot else 50)
            painter.setBrush(tint)
            centre = QPointF(self.width() / 2 + (dot - 1) * large * 0.6, GRID * 3)
            painter.drawEllipse(centre, large * 0.13, large * 0.13)
