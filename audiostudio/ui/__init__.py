"""The window. PySide6 lives here and nowhere else (QtCore and QtGui also in `render`).

How a panel is built. Its state is plain Python that can be tested without a screen: it is handed in, or made by the
panel's own model module, which imports no widgets. The widget shows it, and turns what the user does into calls. A
panel gets everything it needs in its constructor (`studio, runner, player, session, messages`), never from a global.

How slow work is done. `bridge.Jobs.submit(job)` gives a `JobWatcher`, whose signals (`progress`, `partial`,
`finished`) arrive in the window's thread. Nothing in `ui` waits, reads big files or touches the network itself.

How it looks. Use `ui.widgets` and the roles of `resources/theme/studio.qss` (`label.setProperty("role", "muted")`);
what paints itself asks `theme.tokens()` in its `paintEvent`. Distances are multiples of `theme.HALF`. Icons by name
from `resources/icons` (Lucide): `icons.icon("play")`.

How commands are registered. A command has a name, a label, a group and perhaps a shortcut: `commands.add(Command(…))`.
It then stands in the command palette and in the list of shortcuts; buttons and menus show `commands.action(name)`. Each
group of commands is a file of its own.

How errors are shown. `messages.error(error)` for a `StudioError`, `messages.say(sentence, action=…)` for news and undo,
`messages.bug(text)` for ours. Every string goes through `self.tr(…)`.
"""
