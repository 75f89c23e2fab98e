"""The window: lays out docks and passes things in. What can be done is in `commands/`, what is shown is in panels."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import JobState
from audiostudio.jobs.failure import Bug
from audiostudio.settings import Settings
from audiostudio.timeline.session import ProjectSession
from audiostudio.ui.bridge import Jobs, JobWatcher
from audiostudio.ui.commands import Commands, edit, guide, project, tools, view
from audiostudio.ui.crash import BugDialog
from audiostudio.ui.desk import (
    Desk,
    HasLines,
    HasTools,
    OpenProject,
    Panels,
    ShowsAssets,
    ShowsLines,
    TakesAssets,
)
from audiostudio.ui.docks import (
    JOBS_WIDTH,
    NARROW,
    HasInspector,
    InspectorDock,
    LibraryDock,
    Maximiser,
    PanelDock,
    TimelineDock,
    framed,
)
from audiostudio.ui.jobs_panel import JobsPanel, time_left
from audiostudio.ui.messages import MessageArea, Messages
from audiostudio.ui.project_desk import ProjectDesk
from audiostudio.ui.projects import Projects
from audiostudio.ui.start_page import StartPage
from audiostudio.ui.tabs import StudioTabs
from audiostudio.ui.theme import GRID, Theme
from audiostudio.ui.top_bar import TopBar

if TYPE_CHECKING:
    from audiostudio.jobs.runner import Runner
    from audiostudio.jobs.store import StoredJob
    from audiostudio.operations.studio import Studio
    from audiostudio.sound.player import Player


MENU = (
    ("project.new", "project.open", "project.sample", "project.start"),
    ("project.rename", "project.save"),
    ("view.theme", "view.jobs", "view.full_screen"),
    ("help.palette", "help.shortcuts"),
    ("project.quit",),
)


class MainWindow(QMainWindow):
    """The studio's one window."""

    def __init__(
        self,
        settings: Settings,
        studio: "Callable[[], Studio]",
        runner: "Callable[[], Runner]",
        player: "Callable[[], Player]",
        session: ProjectSession,
        projects: Projects,
        theme: Theme,
        panels: Panels,
    ) -> None:
        """`studio`, `runner` and `player` are made when first asked for: the first picture needs none of them."""
        super().__init__()
        self._narrow = False
        self.theme, self.panels = theme, panels
        self.messages = Messages(self)
        self.jobs = Jobs(runner, self)
        self.commands = Commands(self)
        self.project_desk = ProjectDesk(session, projects, self.messages, self)
        self.desk = Desk(settings, self.jobs, self.messages, self.commands, studio, player)
        for group in (project, edit, view, tools, guide):
            group.register(self)
        self._build()
        self._connect()
        self._restore()
        self._opened(self.project_desk.open_project)

    # What commands ask for

    def show_start(self) -> None:
        self.start_page.show_recent(self.project_desk.recent())
        self.centre.setCurrentWidget(self.start_page)

    def show_tab(self, name: str) -> None:
        self.centre.setCurrentWidget(self._studio)
        self.tabs.go(name)
        self.tabs.focus()

    def show_library(self) -> None:
        """Unfold it, and the keyboard goes there."""
        self.library.show()
        if self.library.folded:
            self._unfold_library(True)
        self.library.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_line(self, line: str) -> None:
        """A line of the script, by its id, in the tab that has the script."""
        names = sorted((tab.name for tab in self.panels.tabs), key=lambda name: name != self.tabs.current)
        for name in names:
            self.show_tab(name)
            page = self.tabs.page(name)
            if isinstance(page, HasLines):
                page.show_line(line)
                return

    def choose_project(self) -> None:
        folder = str(self.project_desk.projects.folder)
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Open a project"), folder)
        if chosen:
            self.project_desk.open(Path(chosen))

    def rename_project(self) -> None:
        self.top_bar.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def save_version(self) -> None:
        try:
            self.project_desk.session.save()
            self.messages.say(self.tr("A version of the project was saved."), tone="success")
        except StudioError as error:
            self.messages.error(error)

    def toggle_library(self) -> None:
        self._unfold_library(self.library.folded)

    def toggle_jobs(self) -> None:
        self._show_jobs_panel(not self.jobs_dock.isVisible())

    def toggle_inspector(self) -> None:
        self.inspector_dock.toggle()

    def maximise(self) -> None:
        self._maximiser.toggle()

    def toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def toggle_theme(self) -> None:
        self.choose_theme("light" if self.theme.shown == "dark" else "dark")

    def choose_theme(self, choice: str) -> None:
        try:
            self.theme.choose(choice)
        except StudioError as error:
            self.messages.error(error)

    # What the application tells

    def library_opened(self, interrupted: "Sequence[StoredJob]") -> None:
        """The library can be used: show it, and offer what an earlier run left unfinished."""
        if self.panels.library is not None:
            self.library.fill(self.panels.library(self.desk))
        if interrupted:
            self.jobs_panel.offer(interrupted)
            show = (self.tr("Show"), lambda: self._show_jobs_panel(True))
            self.messages.say(self.tr("Some jobs were interrupted when the studio ended last time."), action=show)

    def library_failed(self, error: StudioError) -> None:
        self.library.fail(error.sentence)
        self.messages.error(error)

    def show_bug(self, trace: str) -> None:
        """One dialog at a time: a bug that repeats must not bury the screen."""
        if self._bug is None:
            self._bug = BugDialog(trace, self)
            self._bug.finished.connect(self._bug_closed)
            self._bug.show()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow and self.panels.library is not None:
            self.library.fold(self._folded_by_choice())
        self._narrow = narrow

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember()
        self.tabs.close_pages()
        self.timeline_dock.clear()
        self.inspector_dock.clear()
        problem = self.project_desk.close()
        if problem is not None and not self._leave_anyway(problem):
            self._opened(self.project_desk.open_project)
            event.ignore()
            return
        self.library.panel.close()
        event.accept()

    # Building

    def _build(self) -> None:
        self.setWindowTitle("Audio Studio")
        self.setMinimumSize(QSize(960, 600))
        self.setContentsMargins(GRID, 0, GRID, GRID)
        self.top_bar = TopBar(self.commands, self.theme, self)
        self.setMenuWidget(self.top_bar)
        self.tabs = StudioTabs(self.panels.tabs)
        self.start_page = StartPage()
        self._studio = QWidget()
        column = QVBoxLayout(self._studio)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self.centre = QStackedWidget()
        self.centre.addWidget(self._studio)
        self.centre.addWidget(self.start_page)
        self.setCentralWidget(framed(self.centre))
        self.library = LibraryDock(self)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.library)
        self.library.setVisible(self.panels.library is not None)
        self.jobs_panel = JobsPanel(self.jobs, self.messages)
        self.jobs_dock = PanelDock("jobs", self.tr("Jobs"), self.jobs_panel, self)
        self.jobs_dock.setMinimumWidth(JOBS_WIDTH)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.jobs_dock)
        self.jobs_dock.hide()
        self.inspector_dock = InspectorDock(self)
        self.inspector_dock.shut = bool(self.desk.settings.get("ui.inspector.shut", False))
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.inspector_dock)
        self.timeline_dock = TimelineDock(self)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.timeline_dock)
        self.timeline_dock.setVisible(self.panels.timeline is not None)
        self.message_area = MessageArea(self.messages, self, self.timeline_dock)
        self._maximiser = Maximiser(self)
        self._bug: BugDialog | None = None
        self.top_bar.menu.aboutToShow.connect(self._fill_menu)

    def _fill_menu(self) -> None:
        first, *rest = MENU
        self.commands.fill(self.top_bar.menu, first, view.places(self), *rest)

    def _connect(self) -> None:
        desk, start = self.project_desk, self.start_page
        self.desk.errands.timeline_wanted.connect(self._put_on_timeline)
        self.desk.errands.asset_wanted.connect(self._show_asset)
        self.desk.errands.tools_wanted.connect(self._use_tool)
        desk.opened.connect(self._opened)
        desk.closing.connect(self.tabs.close_pages)
        desk.closing.connect(self.timeline_dock.clear)
        desk.closing.connect(self.inspector_dock.clear)
        self.inspector_dock.shut_by_user.connect(lambda shut: self._set("ui.inspector.shut", shut))
        desk.changed.connect(lambda changed: self._show_name(changed.name))
        desk.problem.connect(self._show_problem)
        start.new_wanted.connect(desk.create)
        start.song_wanted.connect(lambda: self.commands.run("project.song"))
        start.sample_wanted.connect(desk.open_sample)
        start.open_wanted.connect(self.choose_project)
        start.recent_wanted.connect(desk.open)
        start.forget_wanted.connect(self._forget_project)
        self.top_bar.name.renamed.connect(desk.rename)
        self.top_bar.jobs_wanted.connect(self.toggle_jobs)
        self.jobs_panel.closed.connect(self.jobs_dock.hide)
        self.jobs_panel.changed.connect(self._show_jobs)
        self.jobs_panel.details.connect(self.show_bug)
        self.library.unfolded.connect(self._unfold_library)
        self.jobs.added.connect(lambda _watcher: self._show_jobs())
        self.jobs.changed.connect(self._job_changed)
        self.messages.bug_found.connect(self.show_bug)

    def _put_on_timeline(self, assets: list[str]) -> None:
        if isinstance(self.timeline_dock.panel, TakesAssets):
            self.timeline_dock.panel.put_together(assets)

    def _show_asset(self, asset: str) -> None:
        self.show_library()
        if isinstance(self.library.panel, ShowsAssets):
            self.library.panel.show_asset(asset)

    def _use_tool(self, asset: str) -> None:
        self.show_tab("music")
        self.tabs.with_page("music", lambda page: page.use_tool(asset) if isinstance(page, HasTools) else None)

    # What is shown

    def _opened(self, opened: OpenProject) -> None:
        self.centre.setCurrentWidget(self._studio)
        self.tabs.open(self.desk, opened)
        self.timeline_dock.clear()  # the same project may be opened again: its commands go first
        self.inspector_dock.clear()
        if self.panels.timeline is not None:
            panel = self.panels.timeline(self.desk, opened)
            self.timeline_dock.fill(panel)
            if isinstance(panel, HasInspector):
                self.inspector_dock.fill(panel.inspector)
            if isinstance(panel, ShowsLines):
                panel.line_wanted.connect(self.show_line)
                panel.word_said.connect(self.tabs.light_word)
        self._show_name(opened.session.project.name)
        self._show_problem(opened.session.problem)
        edit.follow(self)
        self._offer_unrecovered(opened.session)

    def _offer_unrecovered(self, session: ProjectSession) -> None:
        """What came back is never forced on anybody."""
        name = "project.without_recovering"
        self.commands.action(name).setEnabled(session.recovered)
        if session.recovered:
            torn = self.tr("The last moment may be missing. What is left of it is kept among the project’s backups.")
            without = (self.commands.action(name).text(), self.project_desk.without_recovering)
            words = self.project_desk.recovered_words()
            self.messages.say(words, torn if session.torn else "", without, "success", stays=True)

    def _show_name(self, name: str) -> None:
        self.top_bar.name.show_name(name)
        self.setWindowTitle(f"{name} – Audio Studio")

    def _show_problem(self, problem: StudioError | None) -> None:
        read_only = self.project_desk.session.read_only
        words = self.tr("Read-only") if read_only else self.tr("Not saved") if problem else self.tr("Saved")
        self.top_bar.show_saved(words, problem is not None)
        self.top_bar.name.setReadOnly(read_only)
        if problem is not None:
            self.messages.error(problem)

    def _show_jobs_panel(self, visible: bool) -> None:
        self.jobs_dock.setVisible(visible)
        if visible:
            self.resizeDocks([self.jobs_dock], [JOBS_WIDTH], Qt.Orientation.Horizontal)

    def _show_jobs(self) -> None:
        running = [watcher for watcher in self.jobs.active if watcher.handle.operation.keep]
        if not running:
            again = self.jobs_panel.unfinished
            self.top_bar.jobs.show_idle(self.tr("%n to run again", "", again) if again else self.tr("No jobs"))
            return
        known = [watcher.latest.fraction for watcher in running if watcher.latest.fraction is not None]
        fraction = sum(known) / len(running) if known else None
        words = running[0].job.title if len(running) == 1 else self.tr("%n jobs", "", len(running))
        left = max((watcher.latest.seconds_left or 0.0 for watcher in running), default=0.0)
        self.top_bar.jobs.show_progress(f"{time_left(left)} · {words}" if left else words, fraction)

    def _job_changed(self, watcher: JobWatcher) -> None:
        self._show_jobs()
        outcome = watcher.outcome
        if outcome is None or outcome.state is not JobState.FAILED:
            return
        if isinstance(outcome.error, StudioError):
            if not watcher.told:
                self.messages.error(outcome.error)
        elif isinstance(outcome.error, Bug):
            self.messages.bug(outcome.error.traceback)

    def _forget_project(self, path: Path) -> None:
        self.project_desk.projects.forget(path)
        self.start_page.show_recent(self.project_desk.recent())

    def _bug_closed(self) -> None:
        self._bug = None

    def _leave_anyway(self, problem: StudioError) -> bool:
        box = QMessageBox(QMessageBox.Icon.Warning, self.tr("Not saved"), problem.sentence, parent=self)
        box.setInformativeText(problem.hint)
        stay = box.addButton(self.tr("Stay"), QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton(self.tr("Quit without saving"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.exec()
        box.deleteLater()
        if box.clickedButton() is not leave:
            return False
        self.project_desk.close(discard=True)
        return True

    # What is remembered, for wide windows and narrow ones

    def _choice(self) -> str:
        return "ui.library.folded.narrow" if self.width() < NARROW else "ui.library.folded.wide"

    def _folded_by_choice(self) -> bool:
        return bool(self.desk.settings.get(self._choice(), self.width() < NARROW))

    def _unfold_library(self, unfolded: bool) -> None:
        self.library.fold(not unfolded)
        self._set(self._choice(), not unfolded)

    def _set(self, name: str, value: object) -> None:
        try:
            self.desk.settings[name] = value
        except StudioError as error:
            self.messages.error(error)

    def _remember(self) -> None:
        if self._maximiser.on:
            self._maximiser.toggle()
        self._set("ui.geometry", bytes(self.saveGeometry().toBase64()).decode())
        self._set("ui.docks", bytes(self.saveState(1).toBase64()).decode())
        self._set("ui.tab", self.tabs.current)

    def _restore(self) -> None:
        settings = self.desk.settings
        geometry, docks = settings.get("ui.geometry"), settings.get("ui.docks")
        if not (isinstance(geometry, str) and self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))):
            self._first_size()
        if isinstance(docks, str):
            self.restoreState(QByteArray.fromBase64(docks.encode()), 1)
        self.tabs.go(str(settings.get("ui.tab")))
        self.inspector_dock.hide()
        self._narrow = self.width() < NARROW
        if self.panels.library is not None:
            self.library.fold(self._folded_by_choice())

    def _first_size(self) -> None:
        self.resize(first_size(self.screen().availableSize(), self.minimumSize()))


def first_size(screen: QSize, least: QSize) -> QSize:
    """Of a window that nobody has sized yet: all of a screen's width where that shows the library beside the rest."""
    return QSize(min(1600, screen.width()), min(960, screen.height() * 92 // 100)).expandedTo(least)
