"""Whole files or none, and the operating system's errors in the user's words."""

import contextlib
import errno
import os
import stat
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

from audiostudio.errors import DiskFull, MissingMedia, ReadOnly, StorageError
from audiostudio.lock import FileLock, try_lock

_STEM_BYTES = 150
"""Of a file's name in that of its half; most file systems take names of 255 bytes."""
_NUMBER = 8
"""Digits."""
_TURN = 0.02
"""Seconds between two looks at another's lock."""


def absolute(path: str | Path) -> Path:
    """`path` from the root on, `~` and links followed as far as they lead.

    Raises `StorageError` when the folder that it is relative to was removed.
    """
    try:
        return Path(os.path.realpath(os.path.expanduser(path)))  # noqa: PTH111 - pathlib's raise for links in a circle
    except FileNotFoundError as error:
        raise StorageError("The folder that you are in is gone.", "Change to another one.") from error


def named(path: str | Path) -> Path:
    """`absolute`, of a file or folder. Raises `StorageError` also where nobody may look, or for too long a name."""
    found = absolute(path)
    try:
        os.lstat(found)
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR):
            raise _explained(error, found) from error
    return found


def leave_lost_folder() -> None:
    """Go to the root where the working folder is gone or may not be entered: spawned processes would end there."""
    try:
        os.chdir(Path.cwd())
    except OSError:
        os.chdir(Path(sys.executable).anchor)


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
    if error.errno == errno.ENOTDIR:
        return StorageError(f"A part of the path {path} is a file, not a folder.", "Choose another folder.")
    if error.errno == errno.ENAMETOOLONG:
        return StorageError(f"The name {path.name[:40]}… is too long for its disk.", "Choose a shorter one.")
    if error.errno == errno.ELOOP:
        return StorageError(f"{path} is a link that leads back to itself.", "Name the file that is meant.")
    return StorageError(f"{path} could not be used: {error.strerror}.", "Check the disk and the folder.")


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A path to write to that becomes `path`, whole and on the disk, when the block ends without an error.

    The half-written file lies in the same folder under a hidden name with the same suffix and is removed on any
    error; one that a killed process left is removed by the next try. What was at `path` before stays whole until
    the very end. What forbids to write there is raised before the block begins.
    """
    with storage_errors(path):
        _require_place(path)
        remove_dead_halves(path)
    with _becomes(path) as half:
        yield half


@contextlib.contextmanager
def scratch_file(path: Path) -> Iterator[Path]:
    """A hidden, empty file beside `path` for the block only; nobody else's, whoever else writes `path`."""
    with storage_errors(path):
        scratch, handle = _new_half(path)
    try:
        yield scratch
    finally:
        _discard(scratch, handle)


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader, or a machine that loses power, sees the old file or the new."""
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with _becomes(path) as half:
        half.write_bytes(data)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let nobody else who asks in this way change `path` while the block runs: read, change, write."""
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        while not lock.acquire():
            threading.Event().wait(_TURN)
    try:
        yield
    finally:
        lock.release()


def remove_dead_halves(path: Path) -> None:
    """Remove what killed processes left of `path`, and nothing that a living one still writes."""
    begins, ends = _half_name(path)
    with os.scandir(path.parent) as entries:
        names = [entry.name for entry in entries if entry.name.startswith(begins) and entry.name.endswith(ends)]
    for name in names:
        if len(name) == len(begins) + _NUMBER + len(ends):
            remove_dead_halves(path.with_name(name))
            with contextlib.suppress(OSError):
                _remove_if_dead(path.with_name(name))


def readable_size(count: int) -> str:
    """`92361271` → `92.4 MB`."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 999.5:
            return f"{amount:.1f} MB" if unit == "MB" else f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def prune(folder: Path, most: int) -> None:
    """Remove the files of a cache that were not used for the longest time (by when they were changed or touched last),
    until `most` bytes are left. Others may work in the folder meanwhile. Raises `StorageError`."""
    found: list[tuple[float, int, str]] = []
    if not folder.exists():
        return
    with storage_errors(folder), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):  # another process removed it
                status = entry.stat()
                found.append((status.st_mtime, status.st_size, entry.path))
    size = sum(own for _, own, _ in found)
    for _, own, path in sorted(found):
        if size <= most:
            return
        with storage_errors(folder):
            Path(path).unlink(missing_ok=True)
        size -= own


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a loss of power (where the system can)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _becomes(path: Path) -> Iterator[Path]:
    with storage_errors(path):
        half, handle = _new_half(path)
    try:
        with storage_errors(path):
            yield half
            os.fsync(handle)
            if sys.platform == "win32":  # which renames nothing that is open
                os.close(handle)
            half.replace(path)
            sync_folder(path.parent)
    finally:
        _discard(half, handle)


def _discard(half: Path, handle: int) -> None:
    """Remove a half; what went wrong before matters more than what goes wrong here."""
    with contextlib.suppress(OSError):
        os.close(handle)
    with contextlib.suppress(OSError):
        half.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """With all that it lies in. Raises `NotADirectoryError` where a file is in the way, other `OSError`s."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error


def _require_place(path: Path) -> None:
    """Raises the `OSError` that writing to `path` would end with, and makes its folder."""
    make_folder(path.parent)
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(path.stat().st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _half_name(path: Path) -> tuple[str, str]:
    """What the name of a half of `path` begins and ends with; between is a number."""
    stem = path.stem[:_STEM_BYTES]
    while len(os.fsencode(stem)) > _STEM_BYTES:
        stem = stem[:-1]
    return f".{stem}-", f".part{path.suffix}"


def _new_half(path: Path) -> tuple[Path, int]:
    """A new empty file beside `path`, and a handle that holds its lock for as long as this process lives."""
    begins, ends = _half_name(path)
    while True:
        half = path.with_name(f"{begins}{uuid.uuid4().hex[:_NUMBER]}{ends}")
        try:
            handle = os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except FileNotFoundError as error:  # a folder of the system's own, in which nobody can make a file
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from error
        # Windows removes nothing that is open, so there it needs no lock.
        if sys.platform == "win32" or (try_lock(handle) is not False and half.exists()):
            return half, handle
        os.close(handle)  # another took it for dead before it was locked


def _remove_if_dead(half: Path) -> None:
    if sys.platform == "win32":  # which removes nothing that is open
        half.unlink()
        return
    handle = os.open(half, os.O_RDWR | os.O_NOFOLLOW)
    try:
        if try_lock(handle):
            half.unlink()
    finally:
        os.close(handle)
