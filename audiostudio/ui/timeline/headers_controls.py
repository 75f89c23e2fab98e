"""What a track's header is made of: letters that are lit, a fader, a pan knob, a name that can be changed."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QLineEdit, QSlider, QWidget

from audiostudio.ui.theme import font, tokens
from audiostudio.ui.widgets import Slider

OFF = -150.0
"""dB of a fader that is all the way down."""
LOUDEST = 12.0
_STEPS = 1000
_UNITY = 0.75
"""Where 0 dB lies on the way."""
_BEND = 1.6
_SPAN = 60.0


def decibels_at(position: float) -> float:
    """Of a fader at 0…1: fine around 0 dB, coarse below."""
    if position <= 0:
        return OFF
    if position >= _UNITY:
        return round((position - _UNITY) / (1 - _UNITY) * LOUDEST, 1)
    return round(-_SPAN * ((_UNITY - position) / _UNITY) ** _BEND, 1)


def position_of(decibels: float) -> float:
    if decibels >= 0:
        return min(1.0, _UNITY + decibels / LOUDEST * (1 - _UNITY))
    if decibels < -_SPAN:
        return 0.0
    return _UNITY - _UNITY * (-decibels / _SPAN) ** (1 / _BEND)


def shown_decibels(decibels: float) -> str:
    if decibels < -_SPAN:
        return "−∞"
    number = QLocale().toString(abs(decibels), "f", 1)
    sign = "−" if round(decibels, 1) < 0 else "+" if round(decibels, 1) > 0 else ""
    return f"{sign}{number}"


class LetterButton(QAbstractButton):
    """A letter that is lit in a colour: M, S, R."""

    def __init__(self, letter: str, label: str, token: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter, self._token = letter, token
        self.setCheckable(True)
        self.setFixedSize(20, 20)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(label)
        self.setAccessibleName(label)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        lit = self.isChecked()
        fill = colours.colour(self._token if lit else "hover" if self.underMouse() else "sunken")
        edge = "focus" if self.hasFocus() else self._token if lit else "border_strong"
        painter.setPen(QPen(colours.colour(edge), 1.5 if self.hasFocus() else 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font("caption", QFont.Weight.Bold))
        painter.setPen(colours.colour("backdrop" if lit else "text_secondary"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)


class Fader(Slider):
    """Gain in dB: fine around 0. Shift drags finely; double-click: 0 dB. `slid` says which drag, so that one is one
    undo step."""

    slid = Signal(float, str)
    """dB and a key that is the same for one drag."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self.setRange(0, _STEPS)
        self.setSingleStep(4)
        self.setPageStep(40)
        self.origin = 0
        self._drag = Drags(self)
        self.valueChanged.connect(self._moved)
        self.reset.connect(lambda: self.slid.emit(0.0, self._drag.key))
        self.show_gain(0.0)

    def show_gain(self, decibels: float) -> None:
        self.blockSignals(True)
        self.setValue(round(_STEPS * position_of(decibels)))
        self.blockSignals(False)
        self.setToolTip(f"{shown_decibels(decibels)} dB")
        self.update()

    def _moved(self, value: int) -> None:
        self.slid.emit(decibels_at(value / _STEPS), self._drag.key)


class Drags:
    """Numbers the drags of a slider: from press to release, or while a key is held, is one."""

    def __init__(self, slider: QAbstractSlider) -> None:
        self._number = 0
        slider.sliderPressed.connect(self._next)
        slider.actionTriggered.connect(lambda _action: self._next())
        self._name = f"{id(slider):x}"

    def _next(self) -> None:
        self._number += 1

    @property
    def key(self) -> str:
        return f"{self._name}.{self._number}"


class PanKnob(QSlider):
    """−1 (left) … 1 (right): drag up and down or sideways, arrow keys, double-click for the middle."""

    slid = Signal(float, str)

    def __init__(self, label: str, parent: QWidget | None = None, size: int = 22) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(-100, 100)
        self.setPageStep(10)
        self.setFixedSize(size, size)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(label)
        self._origin: tuple[QPointF, int] | None = None
        self._drag = Drags(self)
        self.valueChanged.connect(lambda value: self.slid.emit(value / 100, self._drag.key))
        self.show_pan(0.0)

    def show_pan(self, pan: float) -> None:
        self.blockSignals(True)
        self.setValue(round(pan * 100))
        self.blockSignals(False)
        self.setToolTip(shown_pan(pan))
        self.update()

    def sizeHint(self) -> QSize:
        return self.maximumSize()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._origin = (event.position(), self.value())
            self.setSliderDown(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._origin is not None:
            way = event.position() - self._origin[0]
            value = self._origin[1] + round((way.x() - way.y()) * 1.25)
            self.setValue(0 if abs(value) < 4 else value)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._origin = None
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setValue(0)

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("focus"), 1.5))
            painter.drawEllipse(box.adjusted(-2, -2, 2, 2))
        pen = QPen(colours.colour("border_strong"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(box, 225 * 16, -270 * 16)
        pan = self.value() / 100
        pen.setColor(colours.colour("accent_text" if self.isEnabled() else "text_disabled"))
        painter.setPen(pen)
        painter.drawArc(box, 90 * 16, round(-135 * 16 * pan))
        angle = math.radians(135 * pan)
        tip = QPointF(math.sin(angle), -math.cos(angle))
        pen.setColor(colours.colour("text" if self.underMouse() else "text_secondary"))
        painter.setPen(pen)
        painter.drawLine(box.center() + tip * 2, box.center() + tip * (box.width() / 2 - 2))


def shown_pan(pan: float) -> str:
    """`L 40`, `C`, `R 100`: short, as on every desk."""
    share = round(abs(pan) * 100)
    return "C" if not share else f"{'L' if pan < 0 else 'R'} {share}"


class TrackName(QLineEdit):
    """Shows a name; a double click lets it be changed, Escape leaves it as it was."""

    renamed = Signal(str)

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setProperty("kind", "value")
        self.setFont(font("small", QFont.Weight.DemiBold))
        self.setAccessibleName(label)
        self.setMaxLength(200)
        self.setMinimumWidth(24)
        self.setFixedHeight(22)
        self.setTextMargins(-2, 0, 0, 0)
        self._lock(True)
        self.editingFinished.connect(self._done)

    def show_name(self, name: str) -> None:
        self._name = name
        if self.isReadOnly():
            self._shorten()

    def edit(self) -> None:
        self.setText(self._name)
        self._lock(False)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.selectAll()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.isReadOnly():
            self.edit()
        else:
            super().mouseDoubleClickEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.isReadOnly():
            event.ignore()  # the header is selected, or dragged
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isReadOnly():
            event.ignore()
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isReadOnly():
            event.ignore()
        else:
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QEvent) -> None:
        if self.isReadOnly():
            event.ignore()
        else:
            super().contextMenuEvent(event)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.isReadOnly():
            self._leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self.isReadOnly():
            self.edit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        if self.isReadOnly():
            self._shorten()

    def _done(self) -> None:
        if self.isReadOnly():
            return
        name = " ".join(self.text().split())
        changed = bool(name) and name != self._name
        self._leave()
        if changed:
            self._name = name
            self._shorten()
            self.renamed.emit(name)

    def _leave(self) -> None:
        self._lock(True)
        self._shorten()
        self.deselect()
        self.clearFocus()

    def _shorten(self) -> None:
        room = max(0, self.width() - 10)
        self.setText(QFontMetrics(self.font()).elidedText(self._name, Qt.TextElideMode.ElideRight, room))
        self.setCursorPosition(0)
        self.setToolTip(self._name)

    def _lock(self, locked: bool) -> None:
        self.setReadOnly(locked)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if locked else Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor if locked else Qt.CursorShape.IBeamCursor)


def letter(button: LetterButton, run: Callable[[bool], object]) -> LetterButton:
    """`button`, doing `run` when somebody presses it (not when it shows another state)."""
    button.clicked.connect(lambda on: run(on))
    return button
