"""Commands: everything a user can do by name. Each group is a file in this folder, or beside the panel it serves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from audiostudio.ui import icons


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done."""

    name: str
    """Dotted and stable: `project.new`."""
    label: str
    """As people read it, through `tr`: “New project”."""
    run: Callable[[], object]
    group: str = ""
    """Its heading in the list of shortcuts, through `tr`."""
    shortcut: str = ""
    """Portable text: `Ctrl+N`; several joined with `; `."""
    icon: str = ""
    checkable: bool = False


class Commands(QObject):
    """The registry. Every command is a `QAction` of the window, so that its shortcut works everywhere in it."""

    changed = Signal()
    """A command was added or removed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, *commands: Command) -> None:
        """Register commands. A name or a shortcut that is taken is a mistake: ValueError."""
        for command in commands:
            if command.name in self._commands:
                raise ValueError(f"{command.name} is registered twice")
            taken = {key: name for name in self._commands for key in self._keys(name)}
            keys = QKeySequence.listFromString(command.shortcut) if command.shortcut else []
            for key in keys:
                if key.toString() in taken:
                    raise ValueError(f"{command.name} and {taken[key.toString()]} share {key.toString()}")
            action = QAction(command.label, self._window)
            action.setShortcuts(keys)
            action.setCheckable(command.checkable)
            action.triggered.connect(lambda _checked=False, run=command.run: run())
            self._commands[command.name], self._actions[command.name] = command, action
            self._window.addAction(action)
        self.changed.emit()

    def remove(self, *names: str) -> None:
        for name in names:
            del self._commands[name]
            action = self._actions.pop(name)
            self._window.removeAction(action)
            action.deleteLater()
        self.changed.emit()

    def all(self) -> tuple[Command, ...]:
        return tuple(self._commands.values())

    def action(self, name: str) -> QAction:
        """For buttons and menus."""
        return self._actions[name]

    def enabled(self, name: str) -> bool:
        return self._actions[name].isEnabled()

    def run(self, name: str) -> None:
        """As the shortcut does; nothing happens while the command is disabled."""
        self._actions[name].trigger()

    def shortcut(self, name: str) -> str:
        """As the keyboard of this system calls it; empty without one."""
        return self._actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def hint(self, name: str) -> str:
        """The label and, where there is one, the shortcut: for a tooltip."""
        label, key = self._actions[name].text(), self.shortcut(name)
        return f"{label}  {key}" if key else label

    def fill(self, menu: QMenu, *groups: Iterable[str]) -> None:
        """Put commands into `menu`, a line between the groups, each with its icon in the present theme."""
        menu.clear()
        for number, names in enumerate(groups):
            if number:
                menu.addSeparator()
            for name in names:
                command, action = self._commands[name], self._actions[name]
                action.setIcon(icons.icon(command.icon) if command.icon else QIcon())
                menu.addAction(action)

    def _keys(self, name: str) -> list[str]:
        return [key.toString() for key in self._actions[name].shortcuts()]
