"""The window, started as a user starts it, and ended in every way there is."""

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audiostudio.profile import Profile
from audiostudio.settings import Settings
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.session import ProjectSession
from audiostudio.ui.projects import Projects
from tests.end_to_end.conftest import environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for leftovers in /proc")

MARK = "AUDIOSTUDIO_TEST_RUN"
_pause = threading.Event()


class Window:
    """The program with its window on no screen; whatever it starts carries `mark` in its environment."""

    def __init__(self, profile: Profile, folder: Path) -> None:
        self.mark = f"{MARK}={folder}"
        self.log = profile.logs / "studio.log"
        self._opened = self._times_opened()
        self._said = (folder / "said.txt").open("a+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "audiostudio", "--profile", str(profile.root)],
            cwd=folder,
            env=environment() | {"QT_QPA_PLATFORM": "offscreen", MARK: str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
        )

    def _times_opened(self) -> int:
        return self.log.read_text(encoding="utf-8").count(": open with ") if self.log.exists() else 0

    def wait_until_open(self) -> None:
        until(lambda: self.process.poll() is not None or self._times_opened() > self._opened)
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        self._said.seek(0)
        return self._said.read()

    def leftovers(self) -> list[str]:
        """Command lines of the processes that the window left behind."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in (process / "environ").read_bytes().split(b"\0"):
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found

    def close(self) -> None:
        self.process.kill()
        self.process.wait(30)
        self._said.close()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        _pause.wait(0.02)


@pytest.fixture
def start(profile: Profile, tmp_path: Path) -> Iterator[Callable[[], Window]]:
    with contextlib.ExitStack() as all_closed:

        def run() -> Window:
            window = all_closed.enter_context(contextlib.closing(Window(profile, tmp_path)))
            window.wait_until_open()
            return window

        yield run


@pytest.fixture
def project(profile: Profile) -> Path:
    """A project that was open last."""
    session = Projects(profile, Settings(profile.settings)).create("Harbour")
    session.edit("Typing", lambda project: edits.set_text(project, "The ships wait for wind."))
    session.close()
    return session.path


@contextlib.contextmanager
def opened(path: Path) -> Iterator[ProjectSession]:
    session = ProjectFile.open(path)
    try:
        yield session
    finally:
        session.close()


@pytest.mark.long
def test_the_first_window_makes_a_project_and_nothing_else_is_asked(
    start: Callable[[], Window], profile: Profile
) -> None:
    start()
    assert [path.name for path in profile.projects.iterdir()] == ["Untitled"]


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.full)])
def test_asked_to_end_it_closes_the_project_and_leaves_nothing(
    start: Callable[[], Window], project: Path, number: signal.Signals
) -> None:
    window = start()
    with opened(project) as other:
        assert other.read_only  # it is open in the window
    window.process.send_signal(number)
    assert window.process.wait(60) == 0
    assert window.said() == ""
    until(lambda: not window.leftovers())  # the one that counts shared memory sees the end a moment later
    with opened(project) as session:
        assert not session.read_only
        assert not session.recovered  # it was closed, not lost
        assert session.project.text == "The ships wait for wind."


@pytest.mark.long
def test_after_a_kill_the_same_project_opens_again(
    start: Callable[[], Window], project: Path, profile: Profile
) -> None:
    killed = start()
    killed.process.kill()
    killed.process.wait(30)
    until(lambda: not killed.leftovers())
    again = start()
    assert str(project) in again.log.read_text(encoding="utf-8").splitlines()[-1]
    assert [path.name for path in profile.projects.iterdir()] == [project.name]
    again.process.terminate()
    assert again.process.wait(60) == 0
    with opened(project) as session:
        assert session.project.text == "The ships wait for wind."


@pytest.mark.long
def test_a_second_window_on_the_same_project_may_only_read(start: Callable[[], Window], project: Path) -> None:
    first, second = start(), start()
    for window in (second, first):
        window.process.terminate()
        assert window.process.wait(60) == 0
        assert window.said() == ""
    with opened(project) as session:
        assert not session.recovered
        assert session.project.text == "The ships wait for wind."
