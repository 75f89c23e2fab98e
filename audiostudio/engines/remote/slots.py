"""At most so many requests at a time, counted over all processes of one profile."""

import contextlib
from collections.abc import Generator
from pathlib import Path

from audiostudio.engines.remote.web import rested
from audiostudio.files import storage_errors
from audiostudio.lock import FileLock

_LOOK = 0.1


def slot(folder: Path, count: int) -> Generator[None, None, FileLock]:
    """Wait until one of `count` places is free and take it; to be released. A killed process releases its own.

    Raises `StorageError` when `folder` cannot be written.
    """
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            for number in range(count):
                lock = FileLock(folder / f"{number}.lock")
                if lock.acquire():
                    return lock
            yield from rested(_LOOK)


@contextlib.contextmanager
def held(lock: FileLock) -> Generator[None, None, None]:
    """Release the place at the end of the block."""
    try:
        yield
    finally:
        lock.release()
