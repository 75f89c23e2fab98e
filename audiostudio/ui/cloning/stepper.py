"""The four steps on the way to a voice, all in sight: where one is, what is done, what each holds."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.ui import icons
from audiostudio.ui.theme import GRID, HALF, font, tokens
from audiostudio.ui.widgets import Card

WIDTH = 224


class Marker(QWidget):
    """A number in a circle; a tick when the step is done, a mark when something is wrong in it."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.state, self.here = number, "open", False
        self.setFixedSize(24, 24)

    def show_state(self, state: str, here: bool) -> None:
        self.state, self.here = state, here
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = {"done": "success", "wrong": "error"}.get(self.state, "accent" if self.here else "border_strong")
        filled = self.here and self.state == "open"
        painter.setPen(QPen(colours.colour(tone), 1.5))
        painter.setBrush(colours.colour("accent" if filled else "surface"))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        if self.state == "done":
            painter.drawPixmap(5, 5, icons.pixmap("check", tone, 14, self.devicePixelRatioF()))
            return
        wrong = self.state == "wrong"
        painter.setFont(font("small", font().Weight.DemiBold, tabular=True))
        painter.setPen(colours.colour("error" if wrong else "on_accent" if filled else "text_secondary"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "!" if wrong else str(self.number))


class Step(Card):
    """One step: its name, and what is in it so far."""

    def __init__(self, number: int, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, title)
        self.marker = Marker(number, self)
        self.title = QLabel(title, self)
        self.title.setProperty("role", "strong")
        self.title.setWordWrap(True)
        self.summary = QLabel(self)
        self.summary.setProperty("role", "small")
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        for label in (self.title, self.summary):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = QVBoxLayout()
        words.setSpacing(HALF // 2)
        words.addWidget(self.title)
        words.addWidget(self.summary)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + HALF, GRID + HALF, GRID, GRID + HALF)
        row.setSpacing(GRID + HALF)
        row.addWidget(self.marker, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_state(self, state: str, summary: str, here: bool) -> None:
        """`state`: `open`, `done` or `wrong`."""
        self.marker.show_state(state, here)
        self.set_selected(here)
        self.summary.setText(summary)
        self.summary.setVisible(bool(summary))
        self.setAccessibleDescription(summary)


class Stepper(QWidget):
    chosen = Signal(str)

    def __init__(self, steps: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`steps` are (key, title) pairs."""
        super().__init__(parent)
        self.steps = {key: Step(number, title, self) for number, (key, title) in enumerate(steps, 1)}
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for key, step in self.steps.items():
            column.addWidget(step)
            step.clicked.connect(lambda key=key: self.chosen.emit(key))
        column.addStretch(1)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)
