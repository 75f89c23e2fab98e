"""Pictures of every screen, light and dark, in two sizes: to look at before anything is called done.

    python bench/screenshots.py FOLDER [--profile DIR] [--only NAME]

Without a profile an empty one is made, and thrown away afterwards. Runs offscreen.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from audiostudio.app import Services
from audiostudio.errors import DiskFull
from audiostudio.jobs import JobState
from audiostudio.music.plan import Brief
from audiostudio.music.planning import plan
from audiostudio.profile import Profile
from audiostudio.ui.application import Application
from audiostudio.ui.crash import BugDialog
from audiostudio.ui.jobs_panel import JobRow
from audiostudio.ui.main_window import MainWindow

SIZES = ((1280, 800), (2560, 1440))
THEMES = ("dark", "light")

Screen = Callable[[MainWindow], QWidget]


def settle(milliseconds: int = 250) -> None:
    """Let the window paint and the background work arrive."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def start(window: MainWindow) -> QWidget:
    window.show_start()
    return window


def speech(window: MainWindow) -> QWidget:
    window.show_tab("speech")
    return window


def music(page: str) -> Screen:
    """A page of the Music tab: `music`, `song`, `tools`; with a piece whose score is there, `score`."""

    def shown(window: MainWindow) -> QWidget:
        window.show_tab("music")
        settle(1500)
        tab = window.tabs.page("music")
        if page == "score":
            if not tab.work.pieces:
                brief = Brief(genre="lo-fi", key="A minor", seconds=60.0, seed=3)
                tab.work.begin(title="Evening rain", plan=plan(brief))
            tab.go("music")
            tab.pages["music"].go("score")
        else:
            tab.go(page)
        settle(1500)
        return window

    return shown


def messages(window: MainWindow) -> QWidget:
    window.show_tab("speech")
    window.messages.error(DiskFull("The disk that holds Film is full.", "Free some space, then try again."))
    window.messages.say("“Product intro” was moved to the bin.", action=("Undo", lambda: None))
    return window


def jobs(window: MainWindow) -> QWidget:
    window.show_tab("speech")
    window._show_jobs_panel(True)
    error = DiskFull("The disk that holds Film is full.", "Free some space, then run it again.")
    rows = [JobRow(title) for title in ("Speak “Welcome to Audio Studio”", "Export “Product intro”", "Import 14 files")]
    rows[0].show_state(JobState.RUNNING)
    rows[0].show_progress(0.42, "Speaking", 12)
    rows[1].show_state(JobState.FAILED, error)
    rows[2].show_state(JobState.DONE)
    for row in rows:
        window.jobs_panel._rows[row.title.text()] = row
        window.jobs_panel._column.insertWidget(window.jobs_panel._column.count() - 1, row)
    window.jobs_panel._settle()
    window.top_bar.jobs.show_progress("0:12 · Speak “Welcome to Audio Studio”", 0.42)
    return window


def dialog(command: str) -> Screen:
    def shown(window: MainWindow) -> QWidget:
        window.commands.run(command)
        return window.findChildren(QDialog)[-1]

    return shown


def menu(window: MainWindow) -> QWidget:
    window.top_bar.menu.popup(window.mapToGlobal(QPoint(16, 44)))
    return window.top_bar.menu


def bug(window: MainWindow) -> QWidget:
    window.show_bug('Traceback (most recent call last):\n  File "line.py", line 7, in take\nIndexError: 3')
    return window.findChild(BugDialog)


SCREENS: dict[str, Screen] = {
    "start": start,
    "speech": speech,
    "music": music("music"),
    "music-score": music("score"),
    "music-song": music("song"),
    "music-tools": music("tools"),
    "messages": messages,
    "jobs": jobs,
    "menu": menu,
    "palette": dialog("help.palette"),
    "shortcuts": dialog("help.shortcuts"),
    "bug": bug,
}


def pictures(application: Application, only: str | None) -> Iterator[tuple[str, QWidget]]:
    """Each screen's name and what is to be grabbed, one after the other."""
    window = application.window
    for width, height in SIZES:
        for theme in THEMES:
            for name, show in SCREENS.items():
                if only and name != only:
                    continue
                window.resize(width, height)
                window.choose_theme(theme)
                shown = show(window)
                settle()
                yield f"{name}-{theme}-{width}", shown
                reset(window, shown)


def reset(window: MainWindow, shown: QWidget) -> None:
    if shown is not window:
        shown.close()
    for toast in window.message_area.toasts:
        toast.close_now()
    window.jobs_panel.clear_finished()
    window.top_bar.jobs.show_idle("No jobs")
    window.jobs_dock.hide()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--profile", type=Path)
    parser.add_argument("--only", choices=sorted(SCREENS))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    qt = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as empty:
        application = Application(qt, Services(Profile((options.profile or Path(empty)).resolve())))
        application.show()
        settle(2000)
        application.window.project_desk.open_sample()
        for name, shown in pictures(application, options.only):
            shown.grab().save(str(options.folder / f"{name}.png"))
            print(options.folder / f"{name}.png")
        application.window.close()
        application.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
