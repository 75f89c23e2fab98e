"""The window. PySide6 lives here and nowhere else (QtCore and QtGui also in `render`).

How a panel is built. Its state is plain Python that can be tested without a screen: it is handed in, or made by the
panel's own model module, which imports no widgets. The widget shows it, and turns what the user does into calls. A
panel gets everything it needs in its constructor, never from a global: `SpeechTab(desk, project)`,
`LibraryPanel(desk)`, see `desk.Desk` (studio, jobs, player, messages, commands) and `desk.OpenProject` (session, and
signals for what happens to it). `panels.py` lists them. A tab is made anew for each project that is opened; before it
goes, its `close()` is called (take your commands back there). The library panel is made once, when the library is open,
and closed with the window; until then nothing may touch `studio.library` from the window's thread. Its `rail_actions()`
are shown on the rail.

How slow work is done. `bridge.Jobs.submit(job)` gives a `JobWatcher`, whose signals (`progress`, `partial`,
`finished`) arrive in the window's thread. The window itself shows the error of any job that fails, its progress and a
way to cancel it. Nothing in `ui` waits, reads big files or touches the network itself.

How objects end. A Python function that is connected to an object's own signal must not hold that object
(`row.gone.connect(lambda: forget(row))`): PySide destroys it twice when `deleteLater` comes. Let the signal carry it.

How it looks. Use `ui.widgets` and the roles of `resources/theme/studio.qss` (`label.setProperty("role", "muted")`);
what paints itself asks `theme.tokens()` in its `paintEvent`. Distances are multiples of `theme.HALF`. Icons by name
from `resources/icons` (Lucide): `icons.icon("play")`.

How commands are registered. A command has a name, a label, a group and perhaps a shortcut: `commands.add(Command(…))`.
It then stands in the command palette and in the list of shortcuts; buttons and menus show `commands.action(name)`. What
is called `export.…` also stands in the Export menu. Each group of commands is a file of its own. Undo and redo are the
window's: an editor without an undo of its own must refuse `QEvent.ShortcutOverride` for them.

How errors are shown. `messages.error(error)` for a `StudioError`, `messages.say(sentence, action=…)` for news and undo,
`messages.bug(text)` for ours. Every string goes through `self.tr(…)`.
"""
