"""One voice of the gallery."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from audiostudio.ui.speech.words import about_voice, language_name, method_name
from audiostudio.ui.theme import GRID, HALF, font, tokens
from audiostudio.ui.widgets import Card, IconButton, Spinner

if TYPE_CHECKING:
    from audiostudio.engines.base import Voice
    from audiostudio.sound.peaks import Peaks

HEIGHT = 88
MIN_WIDTH = 156
_PLAY = 32


class VoiceCard(Card):
    """Name, accent and language, the outline of what the voice said last, ▶ and a star."""

    preview_wanted = Signal(str)
    fetch_wanted = Signal(str)
    starred = Signal(str, bool)
    moved = Signal(int, int)
    """Columns and rows that an arrow key asks to go."""

    def __init__(self, voice: "Voice", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.voice = voice
        self._peaks: Peaks | None = None
        self._state = "idle"
        self._fetched = True
        self._made = ""
        """How and in which slot, of an own voice."""
        self._forbidden = False
        self.play = IconButton("play:solid", "", self, size=_PLAY, icon_size=14)
        self.play.setProperty("round", True)
        self.star = IconButton("star", "", self, checkable=True, size=20, icon_size=14)
        self._spinner: Spinner | None = None
        """Made when it first turns: there are many cards, and every widget counts when the theme changes."""
        for button in (self.play, self.star):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # P and F do what they do: Tab goes from card to card
        self.play.clicked.connect(self._play)
        self.star.toggled.connect(self._star)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(f"{voice.name}, {about_voice(voice)}, {language_name(voice.language)}")
        self.setAccessibleDescription(voice.description)
        self.setToolTip(voice.description)
        self.set_favourite(False)
        self.show_state("idle")

    def show_terms(self, method: str, commercial: bool | None, slot: str = "") -> None:
        """`method`: how an own voice was made, `match` or `clone`; `commercial`: whether what it says may be sold."""
        self._made = " · ".join(word for word in (slot, method_name(method) if method else "") if word)
        self._forbidden = commercial is False
        told = (self.voice.description, self._made, self.tr("May not be sold") if self._forbidden else "")
        words = " · ".join(word for word in told if word)
        self.setToolTip(words)
        self.setAccessibleDescription(words)
        self.update()

    def show_outline(self, peaks: "Peaks | None") -> None:
        self._peaks = peaks
        self.update()

    def show_state(self, state: str) -> None:
        """`busy`, `playing` or `idle`."""
        self._state = state
        self._spin(state == "busy")
        name = {"playing": "square:solid", "busy": "square:solid"}.get(state, "play:solid")
        label = self.tr("Stop") if state != "idle" else self._invitation()
        if not self._fetched:
            name, label = "download", self.tr("Get the model of {name}")
        self.play.setIconSize(QSize(10, 10) if name == "square:solid" else QSize(14, 14))
        self.play.set_icon(name, "accent_text" if state != "idle" else "text")
        self.play.set_label(label.replace("{name}", self.voice.name))
        self.update()

    def set_fetched(self, fetched: bool) -> None:
        """Whether the voice's model is here."""
        self._fetched = fetched
        self.show_state(self._state)

    def set_favourite(self, on: bool) -> None:
        """Shows it, silently."""
        self.star.blockSignals(True)
        self.star.setChecked(on)
        self.star.blockSignals(False)
        self._show_star()

    # Qt

    def resizeEvent(self, event: QEvent) -> None:
        self.play.move(GRID, GRID)
        self.star.move(self.width() - 20 - HALF, HALF)

    def enterEvent(self, event: QEvent) -> None:
        self._show_star()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_star()
        super().leaveEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        self._show_star()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QEvent) -> None:
        self._show_star()
        super().focusOutEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        key = Qt.Key(event.key())
        if key in ways:
            self.moved.emit(*ways[key])
        elif key == Qt.Key.Key_P:
            self._play()
        elif key == Qt.Key.Key_F:
            self.star.toggle()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("accent_soft" if self._state != "idle" else "hover"))
        painter.drawEllipse(QRectF(GRID, GRID, _PLAY, _PLAY))
        left, right = GRID + _PLAY + GRID, self.width() - GRID
        painter.setFont(font("body", QFont.Weight.DemiBold))
        painter.setPen(colours.colour("text" if self._fetched else "text_muted"))
        room = right - left - (20 if self.star.isVisible() else 0)
        self._words(painter, self.voice.name, QRectF(left, GRID - 1, room, 18))
        painter.setFont(font("caption"))
        painter.setPen(colours.colour("text_muted"))
        line = QRectF(left, GRID + 16, right - left, 16)
        if self._made:
            line.setLeft(self._badge(painter, self._made, line) + HALF)
        self._words(painter, about_voice(self.voice), line)
        inner = self.width() - 2 * (GRID + HALF)
        if self._peaks is not None:
            below = 14 if self._forbidden else 0
            self._outline(painter, QRectF(GRID + HALF, HEIGHT - 36 - below // 2, inner, 24 - below // 2))
        if self._forbidden and self._fetched:
            painter.setFont(font("caption", QFont.Weight.Medium))
            painter.setPen(colours.colour("error"))
            self._words(painter, self.tr("May not be sold"), QRectF(GRID + HALF, HEIGHT - 23, inner, 16))
        elif self._peaks is None:
            words = language_name(self.voice.language) if self._fetched else self.tr("Not on this computer yet")
            self._words(painter, words, QRectF(GRID + HALF, HEIGHT - 32, inner, 16))

    def _words(self, painter: QPainter, text: str, box: QRectF) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _badge(self, painter: QPainter, text: str, line: QRectF) -> float:
        """Words on a tinted ground; where they end."""
        colours = tokens()
        wide = painter.fontMetrics().horizontalAdvance(text) + 2 * HALF + 2
        box = QRectF(line.left(), line.top(), min(wide, line.width()), line.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("accent_soft"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colours.colour("accent_text"))
        self._words(painter, text, box.adjusted(HALF, 0, -HALF, 0))
        painter.setPen(colours.colour("text_muted"))
        return box.right()

    def _outline(self, painter: QPainter, box: QRectF) -> None:
        assert self._peaks is not None
        bars = int(box.width() // 4)
        least, greatest, _ = self._peaks.view(0, self._peaks.length, bars)
        heights = abs(least[0]) + greatest[0]
        top = float(heights.max()) or 1.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().colour("wave_played_rms" if self._state == "playing" else "wave_rms"))
        for number, height in enumerate(heights.tolist()):
            tall = max(2.0, height / top * box.height())
            painter.drawRoundedRect(QRectF(box.left() + 4 * number, box.center().y() - tall / 2, 2, tall), 1, 1)

    # Inner

    def _invitation(self) -> str:
        sample = bool(self.voice.preview)
        return self.tr("Hear a sample of {name}") if sample else self.tr("Hear {name} say your first sentence")

    def _spin(self, on: bool) -> None:
        if on and self._spinner is None:
            self._spinner = Spinner(_PLAY, self)
            self._spinner.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._spinner.move(GRID, GRID)
        if self._spinner is not None:
            self._spinner.setVisible(on)

    def _play(self) -> None:
        (self.preview_wanted if self._fetched else self.fetch_wanted).emit(self.voice.id)

    def _star(self, on: bool) -> None:
        self._show_star()
        self.starred.emit(self.voice.id, on)

    def _show_star(self) -> None:
        on = self.star.isChecked()
        self.star.set_icon("star:solid" if on else "star", "warning" if on else "text_muted")
        self.star.set_label(self.tr("No favourite any more") if on else self.tr("Favourite"))
        self.star.setVisible(on or self.underMouse() or self.hasFocus())
        self.update()
