"""Whole files or none, and the operating system's errors in the user's words."""

import contextlib
import errno
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from audiostudio.errors import DiskFull, MissingMedia, ReadOnly, StorageError


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn an `OSError` about `path` into the `StorageError` that says how to mend it."""
    try:
        yield
    except OSError as error:
        raise _explained(error, path) from error


def _explained(error: OSError, path: Path) -> StorageError | MissingMedia:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"The disk that holds {path} is full.", "Free some space, then try again: nothing was lost.")
    if error.errno == errno.EFBIG:
        return DiskFull(f"{path} grew larger than its disk allows.", "Choose another disk, or a smaller format.")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ReadOnly(f"{path} cannot be written or read by you.", "Choose another folder or change its permissions.")
    if error.errno == errno.ENOENT:
        return MissingMedia(f"{path} is not there.", "Check the name, or whether its disk is connected.")
    if error.errno == errno.EISDIR:
        return StorageError(f"{path} is a folder.", "Name a file.")
    return StorageError(f"{path} could not be used: {error.strerror}.", "Check the disk and the folder.")


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A path to write to that becomes `path`, whole and on the disk, when the block ends without an error.

    The half-written file lies in the same folder under a hidden name with the same suffix and is removed on
    any error. A file that was at `path` before stays whole until the very end.
    """
    half = path.with_name(f".{path.stem[:60]}-{uuid.uuid4().hex[:8]}.part{path.suffix}")
    try:
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield half
            with half.open("rb+") as file:
                os.fsync(file.fileno())
            half.replace(path)
            sync_folder(path.parent)
    finally:
        with contextlib.suppress(OSError):  # what went wrong before matters more
            half.unlink(missing_ok=True)


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader, or a machine that loses power, sees the old file or the new."""
    with new_file(path) as half:
        half.write_bytes(data)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a loss of power (where the system can)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
