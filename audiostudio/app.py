"""The top: reads the command line, builds everything once and passes it in."""

import argparse
import logging
import os
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from audiostudio import cli
from audiostudio.files import leave_lost_folder, storage_errors
from audiostudio.profile import Profile
from audiostudio.settings import Settings

if TYPE_CHECKING:
    from audiostudio.jobs import Job, JobState
    from audiostudio.jobs.owner import Owner
    from audiostudio.jobs.runner import Runner
    from audiostudio.jobs.store import JobStore, StoredJob
    from audiostudio.operations.studio import Studio
    from audiostudio.sound.player import Player

T = TypeVar("T")

NO_SCREEN = """There is no screen here, so the window cannot open.
  → Everything works from the command line too. For a first voiceover: ./run demo
    For all commands: ./run --help"""
LOG_BYTES = 1_000_000
"""A log longer than this is put aside at the next start."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the command in `words` (default: the process's own); without one, open the window. The exit code."""
    arguments = cli.parse(words)
    if arguments.command or arguments.version:
        return cli.main(arguments)
    if not has_screen():
        print(NO_SCREEN, file=sys.stderr)
        return 1
    return window(arguments)


def has_screen() -> bool:
    """Whether a window can be shown. An explicit QT_QPA_PLATFORM is believed."""
    if os.environ.get("QT_QPA_PLATFORM") or sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def window(arguments: argparse.Namespace) -> int:
    """Open the studio's window and stay until it is closed."""
    from audiostudio.ui.application import run

    profile = cli.profile(arguments)
    leave_lost_folder()
    code: int = run(lambda: Services(profile), recover=not arguments.without_recovering)
    return code


class Late(Generic[T]):
    """Something that is made once, by whoever asks first, in whatever thread."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self.made: T | None = None

    def __call__(self) -> T:
        with self._lock:
            if self.made is None:
                self.made = self._make()
            return self.made


class Services:
    """What the window works with. Nothing on the way to its first picture needs a database, an engine or numpy, so
    all but the settings is made when it is first asked for."""

    def __init__(self, profile: Profile) -> None:
        """Raises `StorageError` when no profile can be there."""
        profile.require_usable()
        self.profile = profile
        self._log = _log_to(profile)
        self.settings = Settings(profile.settings)
        self.studio = Late(self._make_studio)
        self.store = Late(self._make_store)
        self.runner = Late(self._make_runner)
        self.player = Late(_make_player)

    def end_jobs(self) -> None:
        """Cancel what runs, and wait for it."""
        if self.runner.made is not None:
            self.runner.made.close()

    def close(self) -> None:
        """End everything that was made."""
        self.end_jobs()
        if self.player.made is not None:
            self.player.made.close()
        if self.studio.made is not None:
            self.studio.made.close()
        logging.getLogger("audiostudio").removeHandler(self._log)
        self._log.close()

    def _make_studio(self) -> "Studio":
        from audiostudio.operations.studio import Studio

        studio = Studio(self.profile)
        studio.settings = self.settings  # one object writes the file
        return studio

    def _make_store(self) -> "JobStore":
        from audiostudio.library.jobs import LibraryJobStore

        return LibraryJobStore(self.studio().library)

    def _make_runner(self) -> "Runner":
        from audiostudio.jobs.runner import Runner
        from audiostudio.operations import OPERATIONS
        from audiostudio.operations.studio import worker_command

        return Runner(OPERATIONS, self.studio, worker_command(self.profile), LateStore(self.store))


class LateStore:
    """The library's job store; the library is opened when the first job comes."""

    def __init__(self, store: "Callable[[], JobStore]") -> None:
        self._store = store

    def add(self, job: "Job", owner: "Owner") -> None:
        self._store().add(job, owner)

    def update(self, job_id: str, **changes: Any) -> bool:
        return self._store().update(job_id, **changes)

    def heartbeat(self, owner: "Owner") -> None:
        self._store().heartbeat(owner)

    def jobs(self, states: "Collection[JobState] | None" = None, limit: int = 1000) -> "list[StoredJob]":
        return self._store().jobs(states, limit)

    def get(self, job_id: str) -> "StoredJob":
        return self._store().get(job_id)

    def remove(self, job_id: str) -> None:
        self._store().remove(job_id)


def _make_player() -> "Player":
    from audiostudio.sound.player import Player

    return Player()


def _log_to(profile: Profile) -> logging.Handler:
    file = profile.logs / "studio.log"
    with storage_errors(profile.logs):
        profile.logs.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LOG_BYTES:
            file.replace(file.with_suffix(".old.log"))
        handler = logging.FileHandler(file, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("audiostudio")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler
