"""The whole library in one archive, and back.

The archive is a plain zip: `backup.json`, `library.db` (one consistent moment), `media/…` and `voices/…` as they are,
so that any program can unpack it. Each medium's SHA-256 is in the database; voices are signed.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import delete, select

from audiostudio.errors import DiskFull, LibraryBusy, LibraryDamaged, NewerFormat, NotFound
from audiostudio.files import new_file, readable_size, scratch_file, storage_errors, sync_folder
from audiostudio.jobs.job import JsonObject, Progress
from audiostudio.library import backup_voices
from audiostudio.library.database import database_errors
from audiostudio.library.library import Library
from audiostudio.library.names import is_file_name
from audiostudio.library.schema import AssetRow, MoveRow

_FORMAT = 1
_CHUNK = 4 * 2**20
_SPARE = 64 * 2**20
"""Bytes that stay free on the disk."""
_BACKED_UP = ("media", "work")
_ANOTHER = "Use another backup."

Steps = Generator[Progress, None, JsonObject]


def back_up(library: Library, archive: Path) -> Steps:
    """Write the library to `archive`, a new zip; others may go on working with it.

    Ends with `{"path", "assets", "missing", "bytes"}`: `missing` are ids of assets whose files are not there.
    Raises `DiskFull` before it begins where the archive would not fit, other `StorageError`s.
    """
    with storage_errors(archive):
        archive.parent.mkdir(parents=True, exist_ok=True)
        _require_room(archive.parent, _folder_size(library.folder), archive)
    with new_file(archive) as half, scratch_file(archive) as snapshot:
        library.database.copy_to(snapshot)
        _forget_moves(snapshot)
        files = _media_of(snapshot)
        with storage_errors(archive):
            missing = yield from _write_archive(half, library, snapshot, files)
            size = half.stat().st_size
    return {"path": str(archive), "assets": len(files) - len(missing), "missing": missing, "bytes": size}


def restore_backup(archive: Path, folder: Path) -> Steps:
    """Make the library of `archive` the one in `folder`. One that is there stays beside, under another name.

    Everything is unpacked and verified beside first; only then the folders change places. Nobody may have the library
    in `folder` open. Ends with `{"folder", "assets", "before"}`: where the library that was there lies, or None.
    Raises `LibraryDamaged` for an archive that is damaged or none of ours, `NewerFormat`, `LibraryBusy`, `DiskFull`.
    """
    stamp = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    beside = folder.with_name(f"{folder.name}-restoring-{stamp}")
    with storage_errors(folder):
        beside.mkdir(parents=True)
    try:
        with _opened(archive) as bundle:
            _require_room(folder.parent, sum(entry.file_size for entry in bundle.infolist()), folder)
            assets = yield from _unpack(bundle, archive, beside)
            backup_voices.unpack(bundle, archive, beside, "voices" in json.loads(bundle.read("backup.json")))
        Library.open(beside).close()  # brings an older one up to date, and fails while nothing has changed yet
        before = folder.with_name(f"{folder.name}-before-{stamp}") if _occupied(folder) else None
        with storage_errors(folder):
            _swap(folder, beside, before)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return {"folder": str(folder), "assets": assets, "before": str(before) if before else None}


def _write_archive(
    half: Path, library: Library, snapshot: Path, files: dict[str, tuple[str, int, str]]
) -> Generator[Progress, None, list[str]]:
    total = sum(size for _, size, _ in files.values()) or 1
    missing, done = [], 0
    with zipfile.ZipFile(half, "w", zipfile.ZIP_STORED, allowZip64=True) as bundle:
        voices = backup_voices.write(bundle, library.folder)
        about = {"format": _FORMAT, "made": datetime.now(UTC).isoformat(), "assets": len(files), "voices": voices}
        bundle.writestr("backup.json", json.dumps(about))
        bundle.write(snapshot, "library.db", zipfile.ZIP_DEFLATED, compresslevel=1)
        for asset_id, (name, _, _) in files.items():
            path = _current_path(library, asset_id, name)
            if path is None:
                missing.append(asset_id)
                continue
            entry = zipfile.ZipInfo.from_file(path, f"media/{name}", strict_timestamps=False)
            with path.open("rb") as source, bundle.open(entry, "w", force_zip64=True) as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
                    done += len(chunk)
                    yield Progress(min(0.99, done / total), name)
    return missing


def _forget_moves(database: Path) -> None:
    """What is on its way in this library is no business of a restored one."""
    with database_errors(database), contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(str(delete(MoveRow)))


def _current_path(library: Library, asset_id: str, name: str) -> Path | None:
    """Where the file is that was called `name`; it may have been renamed since."""
    if (library.media / name).is_file():
        return library.media / name
    with contextlib.suppress(NotFound):
        path = library.get(asset_id).path
        return path if path.is_file() else None
    return None


def _media_of(database: Path) -> dict[str, tuple[str, int, str]]:
    """Of each asset in a copy of the database: file, size and hash."""
    with database_errors(database), contextlib.closing(sqlite3.connect(database)) as connection:
        chosen = select(AssetRow.id, AssetRow.file, AssetRow.size, AssetRow.content_hash)
        rows = connection.execute(str(chosen)).fetchall()
    return {asset_id: (file, size, digest) for asset_id, file, size, digest in rows}


@contextlib.contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, known to be one of ours; damage found on the way in the user's words."""
    with storage_errors(archive):
        try:
            with zipfile.ZipFile(archive) as bundle:
                with bundle.open("backup.json") as file:
                    about = json.loads(file.read(_CHUNK))
                if not isinstance(about, dict) or not isinstance(about.get("format"), int):
                    raise _damaged(archive)
                if about["format"] > _FORMAT:
                    raise NewerFormat(f"{archive} was written by a newer Audio Studio.", "Update Audio Studio.")
                yield bundle
        except (
            zipfile.BadZipFile,
            zlib.error,
            KeyError,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise _damaged(archive) from error


def _damaged(archive: Path) -> LibraryDamaged:
    return LibraryDamaged(f"{archive} is damaged or no backup of Audio Studio.", _ANOTHER)


def _unpack(bundle: zipfile.ZipFile, archive: Path, beside: Path) -> Generator[Progress, None, int]:
    with storage_errors(beside):
        (beside / "media").mkdir()
        _unpack_one(bundle, "library.db", beside / "library.db")
    try:
        _forget_moves(beside / "library.db")  # an archive from elsewhere could name any file of this machine
        wanted = {name: (size, digest) for name, size, digest in _media_of(beside / "library.db").values()}
    except sqlite3.OperationalError as error:
        raise _damaged(archive) from error
    packed = {entry.filename: entry for entry in bundle.infolist()}
    total, done = sum(size for size, _ in wanted.values()) or 1, 0
    for name, (size, digest) in wanted.items():
        if not is_file_name(name):
            raise LibraryDamaged(f"{archive} names a file outside of the library.", _ANOTHER)
        if f"media/{name}" in packed:
            with storage_errors(beside / "media"):
                unpacked = _unpack_one(bundle, f"media/{name}", beside / "media" / name)
            if unpacked != digest:
                raise LibraryDamaged(f"{archive} is damaged: {name} is not what it was.", _ANOTHER)
        done += size
        yield Progress(min(0.99, done / total), name)
    with storage_errors(beside):
        sync_folder(beside / "media")
        sync_folder(beside)
    return len(wanted)


def _unpack_one(bundle: zipfile.ZipFile, entry: str, target: Path) -> str:
    """Write one entry and give its SHA-256."""
    digest = hashlib.sha256()
    with bundle.open(entry) as source, target.open("xb") as file:
        _copy(source, file, digest)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _copy(source: IO[bytes], target: IO[bytes], digest: "hashlib._Hash") -> None:
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        target.write(chunk)


def _swap(folder: Path, beside: Path, before: Path | None) -> None:
    if before is not None:
        _require_alone(folder / "library.db")
        folder.rename(before)
    elif folder.exists():
        folder.rmdir()
    try:
        beside.rename(folder)
    except OSError:
        if before is not None:
            before.rename(folder)
        raise
    if before is not None:
        _bring_along(before, folder)
    sync_folder(folder.parent)


def _bring_along(before: Path, folder: Path) -> None:
    """Folders that are no part of a backup, such as what was dragged out: other programs use what lies there."""
    for path in before.iterdir():
        if path.is_dir() and path.name not in _BACKED_UP and not (folder / path.name).exists():
            with contextlib.suppress(OSError):  # then it lies beside, as everything else that was there
                path.rename(folder / path.name)


def _require_alone(database: Path) -> None:
    """SQLite leaves WAL mode only for the one program that has the database open."""
    if not database.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise LibraryBusy(
                f"The library in {database.parent} is open.", "Close every Audio Studio first."
            ) from error


def _occupied(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


def _folder_size(folder: Path) -> int:
    files = [folder / "library.db", folder / "library.db-wal", *(folder / "media").iterdir()]
    return backup_voices.size(folder) + sum(file.stat().st_size for file in files if file.exists())


def _require_room(folder: Path, needed: int, target: Path) -> None:
    free = shutil.disk_usage(folder).free
    if needed + _SPARE > free:
        raise DiskFull(
            f"{target} needs {readable_size(needed)}, and {readable_size(free)} are free.",
            "Free some space or choose another disk.",
        )
