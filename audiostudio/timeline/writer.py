"""The thread that brings a project's changes to the disk, so that no edit ever waits for it."""

import errno
import os
import threading
import time
from collections import deque
from collections.abc import Callable

from audiostudio.errors import MissingMedia, StorageError
from audiostudio.files import storage_errors, sync_folder
from audiostudio.timeline.folder import ProjectFolder
from audiostudio.timeline.history import Frozen, History, Record
from audiostudio.timeline.journal import frame

SYNC_EVERY = 0.5
"""Seconds: at most this much is lost when the power fails. A killed program loses nothing that was written."""
RETRY_EVERY = 2.0
"""Seconds between attempts on a disk that refused."""
LARGEST_JOURNAL = 2**19
"""Bytes after which a version is written, so that recovering takes a second at most."""


class Writer:
    """Journals what it is given, in order, and writes whole versions when asked or when the journal has grown.

    A disk that refuses is tried again until it yields; meanwhile everything waits in memory.
    """

    def __init__(
        self,
        folder: ProjectFolder,
        generation: str,
        fresh: bool,
        report: Callable[[StorageError | MissingMedia | None], None],
    ) -> None:
        """`fresh`: the journal of `generation` must not go on, a new version comes first.
        `report` hears, in this thread, of each failure and of the first success after it."""
        self._folder = folder
        self._generation = generation
        self._fresh = fresh
        self._report = report
        self._journal = _Journal(folder, generation)
        self._wake = threading.Condition()
        self._pending: deque[tuple[int, bytes]] = deque()
        self._given = 0
        self._changed = False
        self._save_wanted = False
        self._asked = self._answered = 0
        self._failed: StorageError | MissingMedia | None = None
        self._stopped = self._ended = False
        self._history: History | None = None
        self._thread = threading.Thread(target=self._run, name="project-writer", daemon=True)

    def start(self, history: History) -> None:
        self._history = history
        self._thread.start()

    def put(self, record: Record) -> None:
        """Bring one change to the disk, soon."""
        data = frame(record)
        with self._wake:
            self._given += 1
            self._pending.append((self._given, data))
            self._changed = True
            self._wake.notify_all()

    def save(self) -> None:
        """Write a version, soon."""
        with self._wake:
            self._save_wanted = True
            self._wake.notify_all()

    @property
    def changed(self) -> bool:
        """Whether there is anything that the saved version lacks."""
        return self._changed or self._save_wanted

    def flush(self) -> None:
        """Wait until all that was given and asked for before is on the disk. Raises what prevents it."""
        with self._wake:
            self._asked += 1
            mine = self._asked
            self._wake.notify_all()
            self._wake.wait_for(lambda: self._answered >= mine or self._ended)
            if self._failed is not None:
                raise type(self._failed)(self._failed.sentence, self._failed.hint)
            if self._answered < mine:
                raise RuntimeError("the project's writer has ended")

    def stop(self) -> None:
        """End the thread. What was not flushed is left."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        self._thread.join()
        self._journal.close()

    def _run(self) -> None:
        try:
            self._loop()
        finally:
            with self._wake:
                self._ended = True
                self._wake.notify_all()

    def _loop(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(self._due, self._pause())
                if self._stopped:
                    return
                asked = self._asked
            try:
                with storage_errors(self._folder.path):
                    self._work(asked > self._answered)
            except (StorageError, MissingMedia) as error:
                self._answer(asked, error)
            else:
                self._answer(asked, None)

    def _due(self) -> bool:
        if self._stopped or self._asked > self._answered:
            return True
        return self._failed is None and bool(self._pending or self._save_wanted)

    def _pause(self) -> float | None:
        if self._failed is not None:
            return RETRY_EVERY
        return self._journal.sync_in if self._journal.unsynced else None

    def _answer(self, asked: int, error: StorageError | MissingMedia | None) -> None:
        with self._wake:
            news = error is not None or self._failed is not None
            self._failed = error
            self._answered = asked
            self._wake.notify_all()
        if news:
            self._report(error)

    def _work(self, now: bool) -> None:
        if not self._fresh:
            self._write_pending(self._given)
        if self._save_wanted or (self._fresh and self._pending) or self._journal.size > LARGEST_JOURNAL:
            self._write_version()
        if self._journal.unsynced and (now or self._journal.sync_in <= 0):
            try:
                self._journal.sync()
            except OSError:
                self._fresh = True  # the system may have dropped those pages: only a whole version is sure
                self._save_wanted = True
                raise

    def _write_pending(self, last: int) -> None:
        while True:
            with self._wake:
                batch = [data for number, data in self._pending if number <= last]
            if not batch:
                return
            self._journal.append(b"".join(batch))
            with self._wake:
                for _ in batch:
                    self._pending.popleft()

    def _write_version(self) -> None:
        assert self._history is not None
        with self._wake:
            self._save_wanted = False
        try:
            self._write_frozen(self._history.frozen())
        except BaseException:
            self.save()
            raise

    def _write_frozen(self, frozen: Frozen) -> None:
        if not self._fresh:
            # The old version and its journal lead to the new one exactly: a chain of backups.
            self._write_pending(frozen.changes)
        generation = self._folder.write_version(self._generation, frozen.project, frozen.undo, frozen.redo)
        self._journal.close()
        self._generation, self._fresh = generation, False
        self._journal = _Journal(self._folder, generation)
        with self._wake:
            while self._pending and self._pending[0][0] <= frozen.changes:
                self._pending.popleft()
            self._changed = bool(self._pending)


class _Journal:
    """The journal of one generation, made when the first record comes."""

    def __init__(self, folder: ProjectFolder, generation: str) -> None:
        self._folder = folder
        self._path = folder.journal(generation)
        self._handle: int | None = None
        self._synced_at = 0.0
        self.size = 0
        self.unsynced = False

    @property
    def sync_in(self) -> float:
        return max(0.0, self._synced_at + SYNC_EVERY - time.monotonic())

    def append(self, data: bytes) -> None:
        """All of `data`, or nothing of it and an `OSError`."""
        if self._handle is None:
            self._handle = os.open(
                self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644
            )
            sync_folder(self._folder.recovery)
        present = os.fstat(self._handle)
        if not os.path.samestat(present, self._path.stat()):
            raise FileNotFoundError(errno.ENOENT, "the journal was replaced", str(self._path))
        if present.st_size != self.size:
            os.ftruncate(self._handle, self.size)  # what a full disk left of the last attempt
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._handle, rest) :]
        self.size += len(data)
        self.unsynced = True

    def sync(self) -> None:
        if self._handle is not None:
            os.fsync(self._handle)
        self._synced_at = time.monotonic()
        self.unsynced = False

    def close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
