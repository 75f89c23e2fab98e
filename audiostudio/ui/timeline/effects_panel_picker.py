"""The list from which effects and presets are added: type to find."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from audiostudio.sound.effects.catalogue import KINDS
from audiostudio.sound.effects.kinds import Place
from audiostudio.sound.effects.presets import presets
from audiostudio.ui.theme import GRID, HALF, font
from audiostudio.ui.widgets import SearchField

_ROW = 44
_WIDTH = 304


def effect_words(text: str) -> str:
    """A word of the catalogue of effects in the user's language."""
    return QCoreApplication.translate("Effects", text)


class EffectPicker(QFrame):
    """A popup. Up, down and Enter choose; Escape closes."""

    picked = Signal(str, str)
    """`effect` or `preset`, and its name."""

    def __init__(self, place: Place, what: str, parent: QWidget) -> None:
        """`what`: `effect` or `preset`."""
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "popover")
        self._what = what
        self.search = SearchField(self.tr("Find an effect") if what == "effect" else self.tr("Find a preset"), self, 0)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.search.placeholderText())
        self.list.setUniformItemSizes(True)
        for name, label, about in _entries(place, what):
            self._add(name, label, about)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(HALF)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self.resize(_WIDTH, 400)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(self._pick)
        self.list.itemActivated.connect(self._pick)
        self._filter("")

    def open_at(self, place: QPoint) -> None:
        screen = self.screen().availableGeometry()
        x = min(max(screen.left(), place.x() - self.width()), screen.right() - self.width())
        y = min(place.y(), screen.bottom() - self.height())
        self.move(x, y)
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def shown_names(self) -> list[str]:
        items = (self.list.item(row) for row in range(self.list.count()))
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if not item.isHidden()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._pick(self.list.currentItem())
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
        return super().eventFilter(watched, event)

    def _add(self, name: str, label: str, about: str) -> None:
        item = QListWidgetItem(self.list)
        item.setData(Qt.ItemDataRole.UserRole, name)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{label}: {about}")
        item.setSizeHint(QSize(0, _ROW))
        words = QWidget()
        words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(words)
        column.setContentsMargins(GRID, HALF, GRID, HALF)
        column.setSpacing(0)
        head, text = QLabel(label, words), QLabel(words)
        text.setFont(font("caption"))
        text.setText(QFontMetrics(text.font()).elidedText(about, Qt.TextElideMode.ElideRight, _WIDTH - 68))
        head.setProperty("role", "strong")
        text.setProperty("role", "caption")
        item.setToolTip(about)
        column.addWidget(head)
        column.addWidget(text)
        self.list.setItemWidget(item, words)

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        first = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            words = str(item.data(Qt.ItemDataRole.AccessibleTextRole)).casefold()
            item.setHidden(not all(word in words for word in wanted))
            if first is None and not item.isHidden():
                first = item
        self.list.setCurrentItem(first)

    def _step(self, by: int) -> None:
        rows = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]
        if rows:
            here = rows.index(self.list.currentRow()) if self.list.currentRow() in rows else 0
            self.list.setCurrentRow(rows[min(len(rows) - 1, max(0, here + by))])

    def _pick(self, item: QListWidgetItem | None) -> None:
        if item is not None and not item.isHidden():
            self.picked.emit(self._what, item.data(Qt.ItemDataRole.UserRole))
            self.close()


def _entries(place: Place, what: str) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    if what == "effect":
        for kind in KINDS.values():
            if place in kind.places:
                found.append((kind.name, effect_words(kind.label), effect_words(kind.about)))
    else:
        for preset in presets().values():
            if place in preset.places:
                found.append((preset.name, effect_words(preset.label), effect_words(preset.about)))
    return found
