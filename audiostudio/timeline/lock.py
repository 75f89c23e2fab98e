"""One writer for each project: a lock that the operating system drops when its process ends."""

import contextlib
import errno
import json
import os
import socket
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_FAR = 2**30
"""Windows lets nobody read a locked byte, so one far behind the text is locked."""


class ProjectLock:
    """Held from `take` to `release`, or until the process ends however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """False when another window holds it. Raises `OSError` when the folder cannot be written."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in _BUSY:
                return False
            raise
        self._handle = handle
        with contextlib.suppress(OSError):  # who holds it is told to others as a courtesy; a full disk may forbid it
            os.ftruncate(handle, 0)
            os.write(handle, json.dumps({"process": os.getpid(), "machine": socket.gethostname()}).encode())
        return True

    def holder(self) -> str:
        """Who holds it, for people; empty when that cannot be read."""
        try:
            data = json.loads(self._path.read_bytes())
            return f"process {int(data['process'])} on {data['machine']}"
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some network disks know no locks; a project there is worth more than its lock.
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
