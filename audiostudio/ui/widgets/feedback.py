"""What is going on: spinner, progress pill, empty state and toast."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.ui import icons
from audiostudio.ui.theme import GRID, HALF, font, tokens
from audiostudio.ui.widgets.buttons import Button, IconButton


class Spinner(QWidget):
    """An arc that turns while it is shown."""

    def __init__(self, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)
        self._angle = 0
        self._tick = QTimer(self)
        self._tick.setInterval(40)
        self._tick.timeout.connect(self._turn)
        self.setAccessibleName(self.tr("Busy"))

    def showEvent(self, event: QShowEvent) -> None:
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def _turn(self) -> None:
        self._angle = (self._angle + 18) % 360
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        _ring(painter, box, 0.28, self._angle)


def _ring(painter: QPainter, box: QRectF, fraction: float, angle: int = 0) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = max(2.0, box.width() / 8)
    box = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setPen(QPen(tokens().colour("border_strong"), width))
    painter.drawEllipse(box)
    painter.setPen(QPen(tokens().colour("accent_text"), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawArc(box, round((90 - angle) * 16), round(-fraction * 360 * 16))


class ProgressPill(QAbstractButton):
    """A pill that says what is running and how far it is; a click asks for more. Idle, it is quiet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fraction: float | None = None
        self._busy = False
        self._angle = 0
        self._tick = QTimer(self)
        self._tick.setInterval(40)
        self._tick.timeout.connect(self._turn)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_idle(self, text: str) -> None:
        self._tick.stop()
        self._busy, self._fraction = False, None
        self._say(text)

    def show_progress(self, text: str, fraction: float | None) -> None:
        """`fraction` is 0…1, or None while nobody can know."""
        self._busy, self._fraction = True, fraction
        if fraction is None and not self._tick.isActive():
            self._tick.start()
        elif fraction is not None:
            self._tick.stop()
        self._say(text)

    def showEvent(self, event: QShowEvent) -> None:
        if self._busy and self._fraction is None:
            self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font("small", tabular=True))
        text = min(metrics.horizontalAdvance(self.text()), 220)
        return QSize(text + 2 * 12 + (16 + HALF if self._busy else 0), 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 64), 28)

    def _say(self, text: str) -> None:
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()
        self.update()

    def _turn(self) -> None:
        self._angle = (self._angle + 18) % 360
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        edge = "focus" if self.hasFocus() else "border_strong" if self._busy else "border"
        painter.setPen(QPen(colours.colour(edge), 1.5 if self.hasFocus() else 1))
        painter.setBrush(colours.colour("raised" if self._busy or self.underMouse() else "surface"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        x = 12
        if self._busy:
            turning = self._fraction is None
            _ring(
                painter,
                QRectF(10, (self.height() - 16) / 2, 16, 16),
                0.28 if turning else self._fraction or 0.0,
                self._angle if turning else 0,
            )
            x = 10 + 16 + HALF + 2
        painter.setFont(font("small", tabular=True))
        painter.setPen(colours.colour("text" if self._busy or self.underMouse() else "text_secondary"))
        room = self.width() - x - 12
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room + 1)
        painter.drawText(QRectF(x, 0, room + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, text)


class EmptyState(QWidget):
    """One sentence, one button."""

    acted = Signal()

    def __init__(self, icon: str, sentence: str, button: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence = QLabel(sentence, self)
        self.sentence.setProperty("role", "muted")
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 3, GRID * 2, GRID * 3)
        column.setSpacing(GRID + HALF)
        column.addStretch(1)
        column.addWidget(self._picture)
        column.addWidget(self.sentence)
        self.button: Button | None = None
        if button:
            self.button = Button(button, parent=self)
            self.button.clicked.connect(self.acted)
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon, "text_disabled", 32, self.devicePixelRatioF()))


_TOAST_ICONS = {
    "info": ("info", "accent_text"),
    "success": ("circle-check", "success"),
    "warning": ("triangle-alert", "warning"),
    "error": ("circle-alert", "error"),
}


_BESIDE = 264
"""Pixels: wider together, a sentence and its button stand below each other, not in two narrow columns."""


class Toast(QFrame):
    """A message that lies over the window: a sentence, what to do about it, and at most one action.

    Tones: `info`, `success`, `warning`, `error`. It goes after `seconds`, not while the pointer is over it;
    with None it stays until it is closed.
    """

    closed = Signal(object)
    """This toast."""

    def __init__(
        self,
        sentence: str,
        hint: str = "",
        tone: str = "info",
        action: tuple[str, Callable[[], None]] | None = None,
        seconds: float | None = 6.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tone = tone
        self.setProperty("message", tone)
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(hint)
        self._picture = QLabel(self)
        self._picture.setFixedWidth(20)
        self.sentence = QLabel(sentence, self)
        self.sentence.setProperty("role", "strong")
        self.hint = QLabel(hint, self)
        self.hint.setProperty("role", "secondary")
        self.hint.setVisible(bool(hint))
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(2)
        for label in (self.sentence, self.hint):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + HALF, GRID, GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        self.action: Button | None = None
        if action:
            self.action = Button(action[0], parent=self, small=True)
            self.action.clicked.connect(action[1])
            self.action.clicked.connect(self.close_now)
            width = QFontMetrics(font("body", font().Weight.DemiBold)).horizontalAdvance(sentence)
            if hint or width + self.action.sizeHint().width() > _BESIDE:
                words.addSpacing(HALF)
                words.addWidget(self.action, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                row.addWidget(self.action)
        self._close = IconButton("x", self.tr("Close"), self, size=24, icon_size=14)
        self._close.clicked.connect(self.close_now)
        row.addWidget(self._close)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.timeout.connect(self.close_now)
        self._seconds = seconds
        self._gone = False
        self.stay_on()
        self._tint()

    def close_now(self) -> None:
        """Again: nothing happens. What its button does may take it back already."""
        self._leave.stop()
        if self._gone:
            return
        self._gone = True
        self.hide()
        self.closed.emit(self)
        self.deleteLater()

    def stay_on(self) -> None:
        """As long as from the beginning."""
        if self._seconds is not None:
            self._leave.start(round(self._seconds * 1000))

    def enterEvent(self, event: QEvent) -> None:
        self._leave.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self.stay_on()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        name, token = _TOAST_ICONS[self.tone]
        self._picture.setPixmap(icons.pixmap(name, token, 18, self.devicePixelRatioF()))
