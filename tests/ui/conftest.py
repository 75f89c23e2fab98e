"""The window in tests: offscreen, with what is needed around it, and a look at what it left behind."""

import gc
import multiprocessing
import os
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from audiostudio.jobs import Job, Operation, Partial, Place, Progress
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.sound.player import Player
from audiostudio.ui.desk import Desk, OpenProject, Panels, Tab
from audiostudio.ui.main_window import MainWindow
from audiostudio.ui.projects import Projects
from audiostudio.ui.theme import Theme
from tests.warm import warm


@pytest.fixture(scope="session", autouse=True)
def warm_processes() -> Iterator[None]:
    """Workers need not import everything again for each test."""
    with warm():
        yield


@pytest.fixture(autouse=True)
def seeded_chance(request: pytest.FixtureRequest) -> None:
    """What a test makes up is the same again with AUDIOSTUDIO_TEST_SEED."""
    random.seed(f"{os.environ['AUDIOSTUDIO_TEST_SEED']} {request.node.name}")


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The application in its dark dress, whatever the system says."""
    made = Theme(qapp)
    made.choose("dark")
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture(autouse=True)
def no_qt_left_behind(qapp: QApplication, nothing_left_behind: None) -> Iterator[None]:
    """Fails a test that leaves a running QThread, an active timer or a window."""
    before = {id(widget) for widget in QApplication.topLevelWidgets()}
    gc.collect()
    gc.freeze()  # what was there before is not looked through again
    yield
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()
    left = [f"process {process!r}" for process in multiprocessing.active_children()]
    left += [f"window {w!r}" for w in QApplication.topLevelWidgets() if id(w) not in before]
    for thing in gc.get_objects():
        if isinstance(thing, QThread | QTimer) and shiboken6.isValid(thing):
            busy = thing.isRunning() if isinstance(thing, QThread) else thing.isActive()
            if busy and not _is_own(thing):
                left.append(f"{thing!r} of {thing.parent()!r}")
    assert not left, f"left behind: {', '.join(left)}"


def _is_own(thing: QThread | QTimer) -> bool:
    return isinstance(thing, QThread) and thing is QThread.currentThread()


def page(desk: Desk, project: OpenProject) -> QWidget:
    """A small tab that shows the script."""
    made = QWidget()
    column = QVBoxLayout(made)
    editor = QPlainTextEdit(project.session.project.text)
    column.addWidget(editor)
    made.setFocusProxy(editor)
    return made


@dataclass
class Work:
    """Operations for tests, which wait where they are told to."""

    go: threading.Event = field(default_factory=threading.Event)

    def count(self, _context: object, request: dict[str, Any]) -> Any:
        """Yields `steps` parts and as many progresses; waits for `go` in the middle where `wait` is set."""
        steps = request["steps"]
        for step in range(steps):
            if request.get("wait") and step == steps // 2:
                while not self.go.wait(0.01):
                    yield Progress(step / steps, "Waiting")
            yield Partial("step", {"number": step})
            yield Progress((step + 1) / steps, f"Step {step + 1}")
        return {"steps": steps}

    def fail(self, _context: object, request: dict[str, Any]) -> Any:
        yield Progress(0.5)
        raise request["error"]

    def operations(self) -> dict[str, Operation]:
        made = (
            Operation("count", self.count, Place.THREAD),
            Operation("peek", self.count, Place.THREAD, queue="preview", keep=False),
            Operation("fail", self.fail, Place.THREAD, queue="failing"),
        )
        return {operation.name: operation for operation in made}


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def runner(work: Work) -> Iterator[Runner]:
    with Runner(work.operations(), lambda: None, lambda queue: ["false", queue], MemoryStore()) as made:
        yield made
        work.go.set()


@pytest.fixture
def studio_tabs() -> tuple[Tab, ...]:
    """The tabs of a window whose real work is tested; a module with other tabs has its own."""
    from audiostudio.ui.speech import SpeechTab

    return (Tab("speech", "Text to Speech", "speech", SpeechTab),)


@pytest.fixture
def studio_timeline() -> Callable[[Desk, OpenProject], QWidget] | None:
    """The timeline of such a window; a module that works with one has its own."""
    return None


OpenWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session", autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """Qt's offscreen platform lets go of what lies there when Python is gone already, and crashes."""
    yield
    QApplication.clipboard().clear()


@pytest.fixture
def open_window(qtbot: QtBot, theme: Theme, profile: Profile, runner: Runner) -> Iterator[OpenWindow]:
    """`open_window(library=None, project=None)` shows the studio's window on the test's profile, without a timeline
    unless one is given."""
    windows: list[MainWindow] = []
    players: list[Player] = []

    def open_one(
        library: Callable[[Desk], QWidget] | None = None,
        project: Path | None = None,
        tabs: tuple[Tab, ...] = (Tab("speech", "Text to Speech", "speech", page),),
        timeline: Callable[[Desk, OpenProject], QWidget] | None = None,
    ) -> MainWindow:
        studio, player = Studio(profile), Player()
        players.append(player)
        projects = Projects(profile, studio.settings)
        session = projects.open(project) if project else projects.last("Untitled")[0]
        window = MainWindow(
            studio.settings,
            lambda: studio,
            lambda: runner,
            lambda: player,
            session,
            projects,
            theme,
            Panels(tabs, library, timeline),
        )
        windows.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield open_one
    for window in windows:
        if shiboken6.isValid(window):
            window.close()
            runner.close()
            window.jobs.close()
            window.deleteLater()
    for player in players:
        player.close()


def job(operation: str, title: str = "Count", **request: Any) -> Job:
    return Job(operation, request, title)
