"""Finding commands by name: the palette that runs them, and the list of shortcuts."""

import re

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from audiostudio.ui import icons
from audiostudio.ui.commands import Command, Commands
from audiostudio.ui.commands.presets import KeyPresets
from audiostudio.ui.theme import GRID, HALF, RADIUS_LARGE
from audiostudio.ui.widgets import SearchField, SectionHeader, SegmentedControl, Separator, round_corners


def matches(query: str, text: str) -> int | None:
    """How well `text` answers `query`: lower is better, None is not at all. Every word of the query must begin a
    word of the text, or else its letters must stand close together in the text, in that order."""
    wanted, words = query.casefold().split(), text.casefold().split()
    if all(any(word.startswith(part) for word in words) for part in wanted):
        return 0 if text.casefold().startswith(query.casefold().strip()) else 1
    loosely = ".{0,2}".join(re.escape(letter) for letter in "".join(wanted))
    return 2 if re.search(loosely, "".join(words)) else None


def find(commands: Commands, query: str) -> list[Command]:
    """The commands that can run now and answer `query`, the best first."""
    ranked = []
    for order, command in enumerate(commands.all()):
        rank = matches(query, f"{command.label} {command.group}")
        if rank is not None and commands.enabled(command.name):
            ranked.append((rank, order, command))
    return [command for _, _, command in sorted(ranked, key=lambda entry: entry[:2])]


class _Entry(QWidget):
    """A command and its shortcut, as one line of the palette."""

    def __init__(self, command: Command, label: str, shortcut: str) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + HALF, 0, GRID + HALF, 0)
        row.setSpacing(GRID + HALF)
        picture = QLabel(self)
        picture.setFixedWidth(16)
        if command.icon:
            picture.setPixmap(icons.pixmap(command.icon, "text_secondary", 16, self.devicePixelRatioF()))
        row.addWidget(picture)
        row.addWidget(QLabel(label, self), 1)
        group = QLabel(command.group, self)
        group.setProperty("role", "small")
        row.addWidget(group)
        if shortcut:
            row.addWidget(_key(shortcut, self), 0, Qt.AlignmentFlag.AlignVCenter)


class CommandPalette(QDialog):
    """Type to find a command, Enter to run it."""

    def __init__(self, commands: Commands, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands = commands
        frame = QFrame(self)
        frame.setProperty("surface", "popover")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.query = QLineEdit(frame)
        self.query.setProperty("kind", "palette")
        self.query.setPlaceholderText(self.tr("What do you want to do?"))
        self.query.setAccessibleName(self.query.placeholderText())
        self.list = QListWidget(frame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.nothing = QLabel(self.tr("No command of that name."), frame)
        self.nothing.setProperty("role", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(frame)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(HALF)
        column.addWidget(self.query)
        column.addWidget(Separator(parent=frame))
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        self.query.textChanged.connect(self._fill)
        self.query.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._run())
        self._fill("")
        self.resize(min(600, window.width() - 4 * GRID), 424)
        top = window.mapToGlobal(QPoint(0, 0))
        self.move(top.x() + (window.width() - self.width()) // 2, top.y() + min(96, window.height() // 8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self, RADIUS_LARGE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if event.key() in step and self.list.count():
                row = self.list.currentRow() + step[Qt.Key(event.key())]
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return False

    def _fill(self, query: str) -> None:
        self.list.clear()
        for command in find(self._commands, query):
            item = QListWidgetItem(self.list)
            item.setData(Qt.ItemDataRole.UserRole, command.name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, command.label)
            label = self._commands.action(command.name).text()
            entry = _Entry(command, label, self._commands.shortcut(command.name))
            item.setSizeHint(entry.sizeHint().expandedTo(entry.minimumSizeHint()).expandedTo(_row_size()))
            self.list.setItemWidget(item, entry)
        self.list.setVisible(self.list.count() > 0)
        self.nothing.setVisible(self.list.count() == 0)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            name = item.data(Qt.ItemDataRole.UserRole)
            self.close()
            self._commands.run(name)


def _row_size() -> QSize:
    return QSize(100, 36)


def _key(shortcut: str, parent: QWidget) -> QLabel:
    label = QLabel(shortcut, parent)
    label.setProperty("role", "key")
    return label


class ShortcutList(QDialog):
    """Every command that has a shortcut, by group, with a search; which keys the timeline has can be chosen."""

    def __init__(self, commands: Commands, window: QWidget, presets: KeyPresets | None = None) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self._commands, self._presets = commands, presets
        self.search = SearchField(self.tr("Search shortcuts"), self, delay_ms=0)
        self.search.textChanged.connect(self._fill)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.search)
        if presets is not None:
            column.addLayout(self._chooser(presets))
        column.addWidget(self._scroll, 1)
        self._fill("")
        self.resize(480, 560)

    def shown(self) -> list[str]:
        """The labels that are listed."""
        return [label.text() for label in self._scroll.widget().findChildren(QLabel) if label.property("command")]

    def _chooser(self, presets: KeyPresets) -> QHBoxLayout:
        row = QHBoxLayout()
        words = QLabel(self.tr("Timeline keys as in"), self)
        words.setProperty("role", "secondary")
        row.addWidget(words)
        self.presets = SegmentedControl([(one.name, one.title) for one in presets.all()], self, words.text())
        self.presets.choose(presets.chosen)
        self.presets.changed.connect(self._choose)
        row.addWidget(self.presets)
        row.addStretch(1)
        return row

    def _fill(self, query: str) -> None:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, GRID, 0)
        grid.setVerticalSpacing(HALF)
        grid.setColumnStretch(0, 1)
        group = None
        found = [one for one in self._commands.all() if self._keys(one) and self._answers(query, one)]
        for command in sorted(found, key=lambda command: command.group):
            row = grid.rowCount()
            if command.group != group:
                group = command.group
                heading = SectionHeader(group, page)
                heading.setContentsMargins(0, GRID if row > 1 else 0, 0, 0)
                grid.addWidget(heading, row, 0, 1, 2)
                row += 1
            label = QLabel(command.label, page)
            label.setProperty("command", True)
            grid.addWidget(label, row, 0)
            grid.addWidget(_key(self._keys(command), page), row, 1, Qt.AlignmentFlag.AlignRight)
        if not found:
            nothing = QLabel(self.tr("No shortcut of that name."), page)
            nothing.setProperty("role", "muted")
            grid.addWidget(nothing, grid.rowCount(), 0)
        grid.setRowStretch(grid.rowCount(), 1)
        self._scroll.setWidget(page)

    def _keys(self, command: Command) -> str:
        keys = self._commands.keys(command.name)
        return "   ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys)

    def _answers(self, query: str, command: Command) -> bool:
        """By its words, or by its key as it is written."""
        wanted = query.casefold().strip()
        by_key = bool(wanted) and wanted in self._keys(command).casefold().split()
        return by_key or matches(query, f"{command.label} {command.group}") is not None

    def _choose(self, name: str) -> None:
        if self._presets is not None:
            self._presets.choose(name)
            self._fill(self.search.text())
