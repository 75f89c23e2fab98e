"""Commands: everything a user can do by name. Each group is a file in this folder, or beside the panel it serves."""

from collections.abc import Callable, Iterable, Mapping
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
    scope: str = ""
    """Where its keys work: in the panel of that name while that has the focus, which asks `at` for them; empty:
    everywhere in the window."""


class Commands(QObject):
    """The registry. Every command is a `QAction` of the window, so that its shortcut works everywhere in it."""

    changed = Signal()
    """A command was added or removed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._shortcuts: dict[str, list[QKeySequence]] = {}
        self._assigned: Mapping[str, str] = {}

    def add(self, *commands: Command) -> None:
        """Register commands. A name, or a shortcut that is taken where it works, is a mistake: ValueError."""
        for command in commands:
            if command.name in self._commands:
                raise ValueError(f"{command.name} is registered twice")
            keys = self._wanted(command)
            self._refuse_taken(command, keys)
            action = QAction(command.label, self._window)
            action.setCheckable(command.checkable)
            action.triggered.connect(lambda _checked=False, run=command.run: run())
            self._commands[command.name], self._actions[command.name] = command, action
            self._give(command, keys)
            self._window.addAction(action)
        self.changed.emit()

    def assign(self, shortcuts: Mapping[str, str]) -> None:
        """Other keys than their own for the commands of these names, also for those that come later; all others have
        their own again."""
        self._assigned = dict(shortcuts)
        for command in self._commands.values():
            self._give(command, self._wanted(command))
        self.changed.emit()

    def at(self, scope: str, key: QKeySequence) -> str | None:
        """The command that a key stands for in the panel of that name."""
        return next(
            (name for name, one in self._commands.items() if one.scope == scope and key in self.keys(name)), None
        )

    def remove(self, *names: str) -> None:
        for name in names:
            del self._commands[name]
            action = self._actions.pop(name)
            del self._shortcuts[name]
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
        keys = self.keys(name)
        return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def keys(self, name: str) -> list[QKeySequence]:
        """All of them, the usual one first."""
        return self._shortcuts[name]

    def icon(self, name: str) -> str:
        """Its icon's name; empty without one."""
        return self._commands[name].icon

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

    def _wanted(self, command: Command) -> list[QKeySequence]:
        text = self._assigned.get(command.name, command.shortcut)
        return QKeySequence.listFromString(text) if text else []

    def _give(self, command: Command, keys: list[QKeySequence]) -> None:
        self._shortcuts[command.name] = keys
        self._actions[command.name].setShortcuts([] if command.scope else keys)

    def _refuse_taken(self, command: Command, keys: list[QKeySequence]) -> None:
        for other in self._commands.values():
            for key in keys:
                if other.scope == command.scope and key in self.keys(other.name):
                    raise ValueError(f"{command.name} and {other.name} share {key.toString()}")
