"""Locks on files, which the system drops when the process that holds them ends, however it ends."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    _FAR = 2**30
    """Windows lets nobody read a locked byte, so one far behind the text is locked."""

    def try_lock(handle: int) -> bool | None:
        """Whether the lock on an open file was got; None where its disk knows no locks."""
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def try_lock(handle: int) -> bool | None:
        """Whether the lock on an open file was got; None where its disk knows no locks."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
        return True


class FileLock:
    """One holder at a time, among all threads and processes. The file stays: removing it would let a third process
    lock a new one beside a waiting second. On a disk that knows no locks everybody gets it: what lies there is worth
    more than its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Take the lock if nobody has it. Raises `OSError` when the file cannot be made."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        if try_lock(handle) is False:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
