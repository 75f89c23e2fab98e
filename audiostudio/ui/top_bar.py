"""The top of the window: the project's name, undo and redo, what runs, the theme, Export."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from audiostudio.ui.commands import Commands
from audiostudio.ui.theme import GRID, HALF, Theme, font
from audiostudio.ui.widgets import Button, IconButton, Menu, ProgressPill, Separator

HEIGHT = 48


class NameField(QLineEdit):
    """A name that can be changed in its place; Escape leaves it as it was."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setProperty("kind", "title")
        self.setAccessibleName(self.tr("Project name"))
        self.setToolTip(self.tr("Rename the project"))
        self.setMaxLength(200)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self.updateGeometry)
        self.editingFinished.connect(self._done)

    def show_name(self, name: str) -> None:
        self._name = name
        self.setText(name)
        self.setCursorPosition(0)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(font("body", QFont.Weight.DemiBold)).horizontalAdvance(self.text()) + 24
        return QSize(max(96, min(360, width)), 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 32)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.show_name(self._name)
            self.clearFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._done()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def _done(self) -> None:
        name = " ".join(self.text().split())
        if name and name != self._name:
            self._name = name
            self.renamed.emit(name)
        self.show_name(self._name)


class CommandButton(IconButton):
    """An icon button that is a command: its tooltip names it and its shortcut."""

    def __init__(self, commands: Commands, name: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(icon, commands.hint(name), parent)
        self._commands, self._name = commands, name
        action = commands.action(name)
        self.clicked.connect(lambda: commands.run(name))
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._commands.enabled(self._name))
        self.set_label(self._commands.hint(self._name))


class TopBar(QWidget):
    """Shows; what happens is commands and the signals below."""

    jobs_wanted = Signal()

    def __init__(self, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands, self._theme = commands, theme
        self.setFixedHeight(HEIGHT)
        self.setProperty("surface", "backdrop")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name = NameField(self)
        self.saved = QLabel(self)
        self.saved.setProperty("role", "small")
        self.undo = CommandButton(commands, "edit.undo", "undo-2", self)
        self.redo = CommandButton(commands, "edit.redo", "redo-2", self)
        self.search = Button(self.tr("Search commands"), "secondary", "search", self)
        self.search.setProperty("pill", True)
        self.search.setToolTip(commands.hint("help.palette"))
        key = QLabel(commands.shortcut("help.palette"), self.search)
        key.setProperty("role", "caption")
        key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QHBoxLayout(self.search)
        inside.setContentsMargins(0, 0, GRID + HALF, 0)
        inside.addStretch(1)
        inside.addWidget(key)
        self.search.setFixedWidth(320)
        self.search.clicked.connect(lambda: commands.run("help.palette"))
        self.jobs = ProgressPill(self)
        self.jobs.clicked.connect(self.jobs_wanted)
        self.jobs.show_idle(self.tr("No jobs"))
        self.theme_button = IconButton("moon", "", self)
        self.theme_button.clicked.connect(lambda: commands.run("view.theme"))
        self.export = Button(self.tr("Export"), "primary", "share", self)
        self.export.hide()
        self.export_menu = Menu(self)
        self.export_menu.aboutToShow.connect(self._fill_exports)
        self.export.setProperty("menu", True)
        self.export.setMenu(self.export_menu)
        self.menu_button = IconButton("audio-lines", self.tr("Menu"), self, filled=True, size=32, icon_size=18)
        self.menu_button.setProperty("circle", None)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = Menu(self)
        self.menu_button.setMenu(self.menu)
        self._lay_out()
        theme.changed.connect(self._show_theme)
        commands.changed.connect(self._exports_changed)
        self._show_theme()

    def show_saved(self, text: str, problem: bool) -> None:
        self.saved.setText(text)
        self.saved.setProperty("role", "error" if problem else "small")
        self.saved.style().polish(self.saved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.search.setVisible(self.width() >= 1000)
        super().resizeEvent(event)

    def _show_theme(self) -> None:
        dark = self._theme.shown == "dark"
        self.theme_button.set_icon("sun" if dark else "moon")
        self.theme_button.set_label(self.tr("Light theme") if dark else self.tr("Dark theme"))

    def _exports(self) -> list[str]:
        return [command.name for command in self._commands.all() if command.name.startswith("export.")]

    def _exports_changed(self) -> None:
        self.export.setVisible(bool(self._exports()))

    def _fill_exports(self) -> None:
        self._commands.fill(self.export_menu, self._exports())

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, 0, GRID, 0)
        row.setSpacing(HALF)
        row.addWidget(self.menu_button)
        row.addSpacing(HALF)
        row.addWidget(self.name)
        row.addWidget(self.saved)
        row.addSpacing(GRID)
        line = Separator(vertical=True)
        line.setFixedHeight(20)
        row.addWidget(line)
        row.addSpacing(HALF)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addStretch(1)
        row.addWidget(self.search)
        row.addStretch(1)
        row.addWidget(self.jobs)
        row.addSpacing(HALF)
        row.addWidget(self.theme_button)
        row.addSpacing(HALF)
        row.addWidget(self.export)
