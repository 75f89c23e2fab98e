"""Small windows in which one thing is chosen: a word of a list, several, a number, a key, a length."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.music.plan import FASTEST, LONGEST, SHORTEST, SLOWEST
from audiostudio.music.theory import SCALES, SHARPS, Key
from audiostudio.ui import icons
from audiostudio.ui.music.words import length, seconds_of, shown
from audiostudio.ui.theme import GRID, HALF, set_property
from audiostudio.ui.widgets import Button, Chip, ChoiceBox, FlowLayout, LabeledSlider, SearchField, round_corners
from audiostudio.ui.widgets.fields import QLineEdit

LENGTHS = (15.0, 30.0, 60.0, 90.0, 180.0)
_VALUE = Qt.ItemDataRole.UserRole
_ROWS = 9


class Popup(QFrame):
    """Goes when somebody clicks elsewhere or presses Escape."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "popover")
        self.setAccessibleName(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(GRID + HALF, GRID, GRID + HALF, GRID + HALF)
        self.column.setSpacing(GRID)
        self.head = QHBoxLayout()
        label = QLabel(title, self)
        label.setProperty("role", "section")
        self.head.addWidget(label)
        self.head.addStretch(1)
        self.column.addLayout(self.head)

    def open_below(self, widget: QWidget) -> None:
        self.adjustSize()
        screen = widget.screen().availableGeometry()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        x = max(screen.left(), min(corner.x(), screen.right() - self.width()))
        below = corner.y() + self.height() <= screen.bottom()
        y = corner.y() if below else widget.mapToGlobal(QPoint(0, -self.height() - 2)).y()
        self.move(x, max(screen.top(), y))
        self.show()
        self.begin()

    def begin(self) -> None:
        """The keyboard goes to where it is used."""
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self, 10)

    def clearing(self, words: str, run: Callable[[], object]) -> None:
        """A button that leaves it to the composer."""
        button = Button(words, "ghost", parent=self, small=True)
        button.clicked.connect(lambda: (run(), self.close()))
        self.head.addWidget(button)


class ListPopup(Popup):
    """Type to find; up, down and Enter choose."""

    picked = Signal(str)

    def __init__(self, parent: QWidget, title: str, choices: Sequence[tuple[str, str]], now: str = "") -> None:
        super().__init__(parent, title)
        self.search = SearchField(self.tr("Find"), self, 0)
        self.list = QListWidget(self)
        self.list.setAccessibleName(title)
        for value, label in choices:
            item = QListWidgetItem(label, self.list)
            item.setData(_VALUE, value)
            if value == now:
                self.list.setCurrentItem(item)
        self.list.setFixedSize(232, 30 * min(_ROWS, max(1, len(choices))) + 4)
        self.search.setVisible(len(choices) > _ROWS)
        self.column.addWidget(self.search)
        self.column.addWidget(self.list)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(self.take)

    def begin(self) -> None:
        (self.search if self.search.isVisible() else self.list).setFocus(Qt.FocusReason.PopupFocusReason)

    def take(self, item: QListWidgetItem | None) -> None:
        if item is not None and not item.isHidden():
            self.picked.emit(item.data(_VALUE))
            self.close()

    def item(self, value: str) -> QListWidgetItem:
        items = (self.list.item(row) for row in range(self.list.count()))
        return next(item for item in items if item.data(_VALUE) == value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.take(self.list.currentItem())
                return True
            if watched is self.search and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.setFocus(Qt.FocusReason.PopupFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        first = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            words = f"{item.text()} {item.data(_VALUE)}".casefold()
            item.setHidden(not all(word in words for word in wanted))
            if first is None and not item.isHidden():
                first = item
        self.list.setCurrentItem(first)


class ManyPopup(ListPopup):
    """Each may be wanted, refused, or left open: a click goes from one to the next. Stays open."""

    changed = Signal(list, list)
    """What is wanted and what is refused."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        choices: Sequence[tuple[str, str]],
        wanted: Sequence[str],
        refused: Sequence[str],
    ) -> None:
        super().__init__(parent, title, choices)
        self._states: dict[str, str] = {**dict.fromkeys(wanted, "with"), **dict.fromkeys(refused, "without")}
        hint = QLabel(self.tr("Click once: with it. Twice: without it."), self)
        hint.setProperty("role", "small")
        self.column.addWidget(hint)
        for row in range(self.list.count()):
            self._tint(self.list.item(row))

    def take(self, item: QListWidgetItem | None) -> None:
        if item is None or item.isHidden():
            return
        value = item.data(_VALUE)
        after = {"": "with", "with": "without", "without": ""}[self._states.get(value, "")]
        self._states[value] = after
        self._tint(item)
        named = {state: [one for one, its in self._states.items() if its == state] for state in ("with", "without")}
        self.changed.emit(named["with"], named["without"])

    def _tint(self, item: QListWidgetItem) -> None:
        state = self._states.get(item.data(_VALUE), "")
        icon = {"with": ("check", "success"), "without": ("x", "error"), "": ("plus", "text_disabled")}[state]
        item.setIcon(icons.icon(*icon))
        said = {"with": self.tr("with"), "without": self.tr("without"), "": ""}[state]
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()} {said}".strip())


class TempoPopup(Popup):
    chosen = Signal(float)

    def __init__(self, parent: QWidget, bpm: float) -> None:
        super().__init__(parent, self.tr("Tempo"))
        self.slider = LabeledSlider(self.tr("Beats a minute"), SLOWEST, FASTEST, 100.0, 1.0, "", 0, self)
        self.slider.set_value(bpm)
        self.slider.setFixedWidth(232)
        self.slider.value_changed.connect(self.chosen)
        self.column.addWidget(self.slider)

    def begin(self) -> None:
        self.slider.slider.setFocus(Qt.FocusReason.PopupFocusReason)


class KeyPopup(Popup):
    chosen = Signal(str)

    def __init__(self, parent: QWidget, key: str | None) -> None:
        super().__init__(parent, self.tr("Key"))
        self.tonic, self.mode = ChoiceBox(self.tr("Tonic"), self), ChoiceBox(self.tr("Mode"), self)
        names = ("C", "C# / Db", "D", "D# / Eb", "E", "F", "F# / Gb", "G", "G# / Ab", "A", "A# / Bb", "B")
        for name in names:
            self.tonic.addItem(name)
        for mode in SCALES:
            self.mode.addItem(shown(mode), mode)
        now = _key(key)
        self.tonic.setCurrentIndex(now.tonic)
        self.mode.setCurrentIndex(list(SCALES).index(now.mode))
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for box, width in ((self.tonic, 88), (self.mode, 136)):
            box.setFixedWidth(width)
            box.currentIndexChanged.connect(self._tell)
            row.addWidget(box)
        self.column.addLayout(row)

    def begin(self) -> None:
        self.tonic.setFocus(Qt.FocusReason.PopupFocusReason)

    def _tell(self, _index: int) -> None:
        self.chosen.emit(Key(self.tonic.currentIndex(), self.mode.currentData()).name)


def _key(text: str | None) -> Key:
    try:
        return Key.parse(text or "C major")
    except StudioError:  # a mode alone leaves the tonic open
        return Key(SHARPS.index("A"), text) if text in SCALES else Key(0)


class LengthField(QLineEdit):
    """Takes `90`, `1:30`, `2 min`; anything else is marked and not told."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seconds = 30.0
        self.setAccessibleName(self.tr("Length"))
        self.setToolTip(self.tr("Seconds, or minutes and seconds such as 1:30"))
        self.textEdited.connect(lambda _text: set_property(self, "state", "" if self._typed() else "error"))
        self.editingFinished.connect(self._done)

    @property
    def seconds(self) -> float:
        return self._seconds

    def show_seconds(self, seconds: float) -> None:
        self._seconds = seconds
        if not self.hasFocus():
            self.setText(length(seconds))
        set_property(self, "state", "")

    def _typed(self) -> float | None:
        seconds = seconds_of(self.text())
        return seconds if seconds is not None and SHORTEST <= seconds <= LONGEST else None

    def _done(self) -> None:
        seconds = self._typed()
        set_property(self, "state", "")
        if seconds is not None and seconds != self._seconds:
            self._seconds = seconds
            self.chosen.emit(seconds)
        self.setText(length(self._seconds))


class LengthChoice(QWidget):
    """A length that is typed, or one of the usual ones."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None, wraps: bool = True) -> None:
        super().__init__(parent)
        self.field = LengthField(self)
        self.field.setFixedWidth(64)
        self.chips: dict[float, Chip] = {}
        box = QWidget(self)
        flow = FlowLayout(box, HALF) if wraps else QHBoxLayout(box)
        flow.setSpacing(HALF)
        flow.setContentsMargins(0, 3, 0, 3)  # its middle is that of the field
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.field, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(box, 1)
        for seconds in LENGTHS:
            chip = self.chips[seconds] = Chip(length(seconds), box)
            chip.clicked.connect(lambda _on=False, seconds=seconds: self._take(seconds))
            flow.addWidget(chip)
        self.field.chosen.connect(self._take)

    def show_seconds(self, seconds: float) -> None:
        self.field.show_seconds(seconds)
        for value, chip in self.chips.items():
            chip.setChecked(value == seconds)

    def _take(self, seconds: float) -> None:
        self.show_seconds(seconds)
        self.chosen.emit(seconds)


class LengthPopup(Popup):
    chosen = Signal(float)

    def __init__(self, parent: QWidget, seconds: float) -> None:
        super().__init__(parent, self.tr("Length"))
        self.choice = LengthChoice(self)
        self.choice.setFixedWidth(232)
        self.choice.show_seconds(seconds)
        self.choice.chosen.connect(self.chosen)
        self.column.addWidget(self.choice)

    def begin(self) -> None:
        self.choice.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.choice.field.selectAll()


Choices = Mapping[str, str]
