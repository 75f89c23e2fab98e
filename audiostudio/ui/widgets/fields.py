"""Fields: search, and a slider that can also be typed into."""

import math

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from audiostudio.ui import icons
from audiostudio.ui.theme import HALF, tokens


class SearchField(QLineEdit):
    """A search box. `searched` comes a moment after the last key, at once on Enter; Escape empties it."""

    searched = Signal(str)

    def __init__(self, placeholder: str = "", parent: QWidget | None = None, delay_ms: int = 150) -> None:
        super().__init__(parent)
        self.setProperty("kind", "search")
        self.setPlaceholderText(placeholder or self.tr("Search"))
        self.setAccessibleName(self.placeholderText())
        self.setClearButtonEnabled(True)
        self._lens = self.addAction(icons.icon("search", "text_muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(delay_ms)
        self._soon.timeout.connect(self._search)
        self.textChanged.connect(lambda _text: self._soon.start())
        self.returnPressed.connect(self._search)
        self._tint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._search()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _search(self) -> None:
        self._soon.stop()
        self.searched.emit(self.text())

    def _tint(self) -> None:
        self._lens.setIcon(icons.icon("search", "text_muted"))
        clear = self.findChild(QAction, "_q_qlineeditclearaction")
        if clear is not None:  # Qt's own picture is a dark disc in every theme
            clear.setIcon(icons.icon("x", "text_muted"))


class ChoiceBox(QComboBox):
    """A combo box as narrow as its place: what it shows ends in … where it does not fit. `label` is its accessible
    name."""

    def __init__(self, label: str, parent: QWidget | None = None, small: bool = False) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self.setProperty("small", small)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumContentsLength(4)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # as for a slider

    def shown_text(self) -> str:
        """As much of the chosen words as there is room for."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style = self.style()
        box = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, box.width() - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class Slider(QSlider):
    """A slider that jumps to a click and fills from its origin, e.g. from 0 for a pitch of −12…+12."""

    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.origin = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumHeight(24)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls under the pointer; a setting must not change by accident

    def _follow(self, event: QMouseEvent) -> None:
        left, width = self._groove()
        fraction = min(1.0, max(0.0, (event.position().x() - left) / width))
        self.setValue(round(self.minimum() + fraction * (self.maximum() - self.minimum())))

    def _groove(self) -> tuple[float, float]:
        return 8.0, max(1.0, self.width() - 16.0)

    def _x(self, value: int) -> float:
        left, width = self._groove()
        return left + width * (value - self.minimum()) / max(1, self.maximum() - self.minimum())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        left, width = self._groove()
        painter.setBrush(colours.colour("border_strong"))
        painter.drawRoundedRect(QRectF(left, middle - 2, width, 4), 2, 2)
        here, origin = self._x(self.value()), self._x(max(self.minimum(), min(self.maximum(), self.origin)))
        if self.isEnabled():
            painter.setBrush(colours.colour("accent"))
            painter.drawRoundedRect(QRectF(min(here, origin), middle - 2, abs(here - origin), 4), 2, 2)
        busy = self.isSliderDown() or self.underMouse()
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.colour("focus"), 2))
            painter.drawEllipse(QPointF(here, middle), 9, 9)
        knob = colours.colour("text" if self.isEnabled() else "text_disabled")
        if colours.name == "light":
            knob = colours.colour("raised" if self.isEnabled() else "border")
        painter.setBrush(knob)
        painter.setPen(QPen(colours.colour("accent" if busy and self.isEnabled() else "border_strong"), 1.5))
        painter.drawEllipse(QPointF(here, middle), 7, 7)


class LabeledSlider(QWidget):
    """A named value: drag it, type it, or double-click to put it back.

    Values are floats in `minimum`…`maximum` on steps of `step`; `unit` is shown behind the number.
    """

    value_changed = Signal(float)

    def __init__(
        self,
        label: str,
        minimum: float,
        maximum: float,
        default: float,
        step: float = 1.0,
        unit: str = "",
        decimals: int = 0,
        parent: QWidget | None = None,
        signed: bool = False,
    ) -> None:
        super().__init__(parent)
        self._minimum, self._maximum, self._step, self._default = minimum, maximum, step, default
        self._unit, self._decimals, self._signed = unit, decimals, signed
        self.label = QLabel(label, self)
        self.label.setProperty("role", "secondary")
        self.slider = Slider(self)
        self.slider.setRange(0, round((maximum - minimum) / step))
        self.slider.setPageStep(max(1, self.slider.maximum() // 10))
        self.slider.origin = self._notch(0.0 if minimum < 0 < maximum else minimum)
        self.slider.setAccessibleName(label)
        self.slider.setToolTip(self.tr("Double-click to reset"))
        self.edit = QLineEdit(self)
        self.edit.setProperty("kind", "value")
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.edit.setFixedWidth(64)
        self.edit.setAccessibleName(label)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.label, 1)
        head.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HALF // 2)
        column.addLayout(head)
        column.addWidget(self.slider)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.setValue(self._notch(default))
        self._show()
        self.slider.valueChanged.connect(self._slid)
        self.slider.reset.connect(self.reset)
        self.edit.editingFinished.connect(self._typed)

    def value(self) -> float:
        return round(self._minimum + self.slider.value() * self._step, 6)

    def set_value(self, value: float) -> None:
        """Moves to the nearest step within range; `value_changed` is sent when that is news."""
        self.slider.setValue(self._notch(value))
        self._show()

    def reset(self) -> None:
        self.set_value(self._default)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def _notch(self, value: float) -> int:
        return round((min(self._maximum, max(self._minimum, value)) - self._minimum) / self._step)

    def _slid(self) -> None:
        self._show()
        self.value_changed.emit(self.value())

    def _show(self) -> None:
        number = QLocale().toString(self.value(), "f", self._decimals)
        sign = "+" if self._signed and self.value() > 0 else ""
        self.edit.setText(f"{sign}{number}{self._unit}")
        self.edit.setCursorPosition(0)

    def _typed(self) -> None:
        text = self.edit.text().removesuffix(self._unit).strip().replace("−", "-")
        value, good = QLocale().toDouble(text)
        if not good:
            try:
                value, good = float(text.replace(",", ".")), True
            except ValueError:
                good = False
        if good and math.isfinite(value):
            self.set_value(value)
        else:
            self._show()
