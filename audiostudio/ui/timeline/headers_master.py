"""The master beside the tracks: meter, fader, loudness."""

import math

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from audiostudio.timeline.editing import mixing
from audiostudio.ui.theme import HALF, font, tokens
from audiostudio.ui.timeline.headers_controls import (
    Drags,
    TrackName,
    decibels_at,
    position_of,
    shown_decibels,
)
from audiostudio.ui.timeline.meters import SILENCE, Levels, Meter, MeterFeed
from audiostudio.ui.timeline.ruler import HEIGHT as RULER_HEIGHT
from audiostudio.ui.timeline.work import TimelineWork

WIDTH = 88
_STEPS = 1000
_MARKS = (0, -6, -12, -24, -48)


class TallFader(QSlider):
    """Gain in dB, upright, with marks; double-click: 0 dB."""

    slid = Signal(float, str)

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setRange(0, _STEPS)
        self.setSingleStep(4)
        self.setPageStep(40)
        self.setFixedWidth(36)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(label)
        self._drag = Drags(self)
        self.valueChanged.connect(lambda value: self.slid.emit(decibels_at(value / _STEPS), self._drag.key))
        self.show_gain(0.0)

    def show_gain(self, decibels: float) -> None:
        self.blockSignals(True)
        self.setValue(round(_STEPS * position_of(decibels)))
        self.blockSignals(False)
        self.setToolTip(f"{shown_decibels(decibels)} dB")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(36, 80)

    def minimumSizeHint(self) -> QSize:
        return QSize(36, 32)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.slid.emit(0.0, self._drag.key)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _follow(self, event: QMouseEvent) -> None:
        top, height = self._groove()
        share = min(1.0, max(0.0, (top + height - event.position().y()) / height))
        self.setValue(round(share * _STEPS))

    def _groove(self) -> tuple[float, float]:
        return 7.0, max(1.0, self.height() - 14.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, height = self._groove()
        painter.setFont(font("caption", tabular=True))
        last = -20.0
        for mark in _MARKS:
            y = top + height * (1 - position_of(mark))
            painter.setPen(colours.colour("border_strong"))
            painter.drawLine(QPointF(1, y), QPointF(5, y))
            if y - last >= 13:
                painter.setPen(colours.colour("text_muted"))
                box = QRectF(14, y - 7, 22, 14)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(abs(mark)))
                last = y
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("border_strong"))
        painter.drawRoundedRect(QRectF(7, top, 3, height), 1.5, 1.5)
        y = top + height * (1 - self.value() / _STEPS)
        knob = QRectF(1, y - 5, 15, 10)
        painter.setBrush(colours.colour("raised" if colours.name == "light" else "text_secondary"))
        busy = self.isSliderDown() or self.underMouse()
        edge = "focus" if self.hasFocus() else "accent" if busy else "border_strong"
        painter.setPen(QPen(colours.colour(edge), 1.5))
        painter.drawRoundedRect(knob, 3, 3)
        painter.setPen(QPen(colours.colour("text_muted" if colours.name == "light" else "backdrop"), 1))
        painter.drawLine(QPointF(4, y), QPointF(13, y))


class MasterHeader(QWidget):
    """What all tracks go through. A click selects it; dragged out of the window, its name is the mix as a file."""

    chosen = Signal()
    dragged_out = Signal()

    def __init__(self, work: TimelineWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._pressed: QPointF | None = None
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Master"))
        self.title = QLabel(self.tr("Master"), self)
        self.title.setProperty("role", "section")
        self.title.setFixedHeight(RULER_HEIGHT)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title.setToolTip(self.tr("Drag this to a video editor or a folder: the mix as a file"))
        self.meter = Meter(self.tr("Level of the mix"), 22, self)
        self.fader = TallFader(self.tr("Gain of the mix"), self)
        self.gain = TrackName(self.tr("Gain of the mix in dB"), self)
        self.gain.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.feed = MeterFeed(lambda: self.meter.at_rest, self)
        self.feed.looked.connect(self.show_levels)
        self._numbers = {name: QLabel("–", self) for name in ("integrated", "short_term", "true_peak")}
        self._lay_out()
        self.fader.slid.connect(self._slide)
        self.gain.renamed.connect(self._type)
        work.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        gain = self._work.timeline.master.gain
        self.fader.show_gain(gain)
        self.gain.show_name(shown_decibels(gain))

    def show_levels(self, levels: Levels) -> None:
        self.meter.look(levels.get("", SILENCE))

    def show_loudness(self, integrated: float | None, short_term: float | None, true_peak: float | None) -> None:
        """LUFS, LUFS and dBTP of what was heard; None: not known."""
        found = {"integrated": integrated, "short_term": short_term, "true_peak": true_peak}
        for name, value in found.items():
            known = value is not None and math.isfinite(value)
            self._numbers[name].setText(QLocale().toString(value, "f", 1).replace("-", "−") if known else "–")

    def resizeEvent(self, event: object) -> None:
        tall = self.height() >= 190
        for widget in self._loudness:
            widget.setVisible(tall)
        super().resizeEvent(event)  # type: ignore[arg-type]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._work.select(())
        self._work.select_track(None)
        self.chosen.emit()
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QApplication.startDragDistance()
        if self._pressed is not None and (event.position() - self._pressed).manhattanLength() >= far:
            self._pressed = None
            self.dragged_out.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), tokens().colour("surface"))

    def _slide(self, gain: float, key: str) -> None:
        self._work.edit(
            self.tr("Gain of the mix"), lambda p, t: mixing.set_channel(p, t, None, gain=gain), f"master.{key}"
        )

    def _type(self, text: str) -> None:
        try:
            gain = float(text.casefold().removesuffix("db").strip().replace("−", "-").replace(",", "."))
        except ValueError:
            self.follow()
            return
        self._work.edit(self.tr("Gain of the mix"), lambda p, t: mixing.set_channel(p, t, None, gain=gain))

    def _lay_out(self) -> None:
        levels = QHBoxLayout()
        levels.setSpacing(HALF)
        levels.addStretch(1)
        levels.addWidget(self.meter)
        levels.addWidget(self.fader)
        levels.addStretch(1)
        numbers = QGridLayout()
        numbers.setContentsMargins(HALF, 0, HALF, 0)
        numbers.setSpacing(0)
        self._loudness: list[QWidget] = []
        words = {
            "integrated": (self.tr("LUFS I"), self.tr("Integrated loudness of what was heard, in LUFS")),
            "short_term": (self.tr("LUFS S"), self.tr("Loudness of the last 3 seconds, in LUFS")),
            "true_peak": (self.tr("Peak"), self.tr("Highest true peak, in dBTP")),
        }
        for row, (name, (word, about)) in enumerate(words.items()):
            label, number = QLabel(word, self), self._numbers[name]
            for widget in (label, number):
                widget.setProperty("role", "caption")
                widget.setToolTip(about)
                self._loudness.append(widget)
            number.setAccessibleName(about)
            number.setFont(font("caption", tabular=True))
            numbers.addWidget(label, row, 0)
            numbers.addWidget(number, row, 1, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, HALF)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addLayout(levels, 1)
        column.addWidget(self.gain)
        column.addLayout(numbers)
