"""Buttons. They take focus from the keyboard, not from a click, so that a click never steals the editor's caret."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPainterPath, QRegion, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from audiostudio.ui import icons
from audiostudio.ui.theme import set_property, tokens

KINDS = ("primary", "secondary", "ghost", "danger")
_GAP = 4
_ICON_TOKENS = {"primary": "on_accent", "secondary": "text", "ghost": "text_secondary", "danger": "on_error"}


class Button(QPushButton):
    """A push button: `primary` (one a screen), `secondary`, `ghost` or `danger`, with an icon's name if wanted."""

    def __init__(
        self,
        text: str,
        kind: str = "secondary",
        icon: str | None = None,
        parent: QWidget | None = None,
        small: bool = False,
    ) -> None:
        super().__init__(text, parent)
        if kind not in KINDS:
            raise ValueError(kind)
        self._kind, self._icon = kind, icon
        self._turning: QTimer | None = None
        self._angle = 0
        self.setProperty("kind", kind)
        self.setProperty("small", small)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._size = 14 if small else 16
        self.setIconSize(QSize(self._size + _GAP, self._size))
        self._tint()

    def set_icon(self, name: str | None) -> None:
        self._icon = name
        self._tint()

    def set_kind(self, kind: str) -> None:
        self._kind = kind
        set_property(self, "kind", kind)
        self._tint()

    def set_busy(self, busy: bool) -> None:
        """Busy, it cannot be pressed, and an arc turns where its icon is."""
        if busy == (self._turning is not None):
            return
        self.setEnabled(not busy)
        if busy:
            self._turning = QTimer(self)
            self._turning.timeout.connect(self._turn)
            self._turning.start(60)
            self._turn()
        elif self._turning is not None:
            self._turning.stop()
            self._turning.deleteLater()
            self._turning = None
            self.setIcon(QIcon())
            self._tint()

    def _turn(self) -> None:
        self._angle = (self._angle + 30) % 360
        self.setIcon(icons.turned("loader-circle", "text_muted", self._angle, self._size, _GAP))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and self._dress is not tokens():
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        self._dress = tokens()
        if self._icon and self._turning is None:
            self.setIcon(icons.icon(self._icon, _ICON_TOKENS[self._kind], size=self._size, gap=_GAP))


class IconButton(QToolButton):
    """A square button with an icon only; `label` is its tooltip and its accessible name. A filled one is a circle in
    the accent's colour, of 24, 32, 36, 40 or 48 pixels."""

    def __init__(
        self,
        icon: str,
        label: str,
        parent: QWidget | None = None,
        checkable: bool = False,
        size: int = 32,
        icon_size: int = 16,
        filled: bool = False,
    ) -> None:
        super().__init__(parent)
        self._icon, self._token, self._filled = icon, "text_secondary", filled
        self.setCheckable(checkable)
        self.setFixedSize(size, size)
        self.setIconSize(QSize(icon_size, icon_size))
        self.setProperty("filled", filled)
        if filled:
            self.setProperty("circle", size)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_label(label)
        self._tint()

    def set_icon(self, name: str, token: str = "text_secondary") -> None:
        self._icon, self._token = name, token
        self._tint()

    def set_label(self, label: str) -> None:
        self.setToolTip(label)
        self.setAccessibleName(label)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and self._dress is not tokens():
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        self._dress = tokens()
        token = "on_accent" if self._filled else self._token
        active = "on_accent" if self._filled else "accent_text"
        self.setIcon(icons.icon(self._icon, token, active, self.iconSize().width()))


class Menu(QMenu):
    """A menu whose corners are round on every system."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(
            self.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self, 8)


def round_corners(popup: QWidget, radius: int) -> None:
    """Cut the corners off: where nothing lays windows over each other, what is transparent would be black."""
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(popup.rect()), radius, radius)
    popup.setMask(QRegion(shape.toFillPolygon().toPolygon()))


class SegmentedControl(QFrame):
    """Two to five choices side by side, one of them chosen; arrow keys move between them."""

    changed = Signal(str)

    def __init__(self, options: Iterable[tuple[str, str]], parent: QWidget | None = None, label: str = "") -> None:
        """`options` are (key, shown text) pairs; the first is chosen."""
        super().__init__(parent)
        self.setProperty("segments", True)
        self.setAccessibleName(label)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, text in options:
            button = QPushButton(text, self)
            button.setCheckable(True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
            button.toggled.connect(lambda on, key=key: self.changed.emit(key) if on else None)
        first = next(iter(self._buttons.values()), None)
        if first:
            self.blockSignals(True)
            first.setChecked(True)
            self.blockSignals(False)

    def button(self, key: str) -> QPushButton:
        return self._buttons[key]

    def value(self) -> str:
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Chooses as a click does: `changed` is sent when that is news."""
        self._buttons[key].setChecked(True)
