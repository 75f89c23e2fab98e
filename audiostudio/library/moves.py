"""Bringing files to their places in `media/` so that a kill at any moment loses nothing and lists no half file.

What is about to happen is written to the table `moves` first. Then the file goes to its place in one step: renamed
where it can be, else copied under a hidden name and renamed. Then the asset's row and the end of the move are
written in one transaction. `recover` finishes what a killed process left.
"""

import contextlib
import errno
import hashlib
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audiostudio.errors import LibraryBusy, MissingMedia, StorageError, UnreadableMedia
from audiostudio.files import storage_errors, sync_folder
from audiostudio.jobs.job import JsonObject
from audiostudio.jobs.owner import Owner
from audiostudio.library import rows
from audiostudio.library.database import Database
from audiostudio.library.names import file_key, file_name
from audiostudio.library.schema import AssetRow, MoveRow

_ABANDONED = timedelta(days=1)
"""After this long, the move of a process that nobody can see (another machine's, on a shared disk) has failed."""
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}


def content_hash(path: Path) -> str:
    """SHA-256 of a file, lower-case hex. Raises `StorageError`, `MissingMedia`; `UnreadableMedia` for a device or pipe,
    which would never come to an end."""
    with storage_errors(path):
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise UnreadableMedia(f"{path.name} is a device, not a file.", "Choose a file.")
    with storage_errors(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def begin(
    session: Session,
    media: Path,
    origin: Path,
    columns: JsonObject,
    *,
    suffix: str,
    asset_id: str,
    created: datetime,
    adds: bool = False,
    keep_origin: bool = False,
) -> MoveRow:
    """Write down that `origin` is to become the file of an asset, under a readable name nobody else has.

    `columns` is what the asset's row becomes then; its `name` names the file. Raises `LibraryBusy` while another
    process moves the same asset.
    """
    if session.get(MoveRow, asset_id) is not None:
        raise LibraryBusy(f"“{columns['name']}” is being renamed by another program.", "Try again in a moment.")
    with storage_errors(origin):
        size = origin.stat().st_size
    own = None if adds else rows.asset_row(session, asset_id)
    if own is not None and keep_origin and (media / own.file).exists():
        own = None  # what lies there is not replaced
    target = _free_name(session, media, columns["name"], created, suffix, own.file_key if own else None)
    owner = Owner.current()
    move = MoveRow(
        asset_id=asset_id,
        origin=origin.absolute(),
        target=target,
        target_key=file_key(target),
        size=size,
        columns=columns,
        adds=adds,
        keep_origin=keep_origin,
        owner_pid=owner.pid,
        owner_started=owner.started,
        begun=datetime.now(UTC),
    )
    session.add(move)
    session.flush()
    return move


def carry(media: Path, move: MoveRow) -> None:
    """Put the file in its place, whole and on the disk. Raises `StorageError`, `MissingMedia`."""
    origin, target = move.origin, media / move.target
    with storage_errors(target):
        if not move.keep_origin and _same_disk(origin, media):
            _sync(origin)
            _rename(origin, target)
        else:
            half = _half(media, move)
            shutil.copyfile(origin, half)
            _sync(half)
            if half.stat().st_size != move.size:
                raise UnreadableMedia(
                    f"{origin} changed while it was copied.", "Wait until it is finished, then try again."
                )
            _rename(half, target)
        sync_folder(media)


def finish(session: Session, move: MoveRow) -> None:
    """The file lies in its place: list it, and forget the move. Done once, whoever comes first."""
    kept = session.get(MoveRow, move.asset_id)
    if kept is None or kept.target != move.target:
        return
    columns = dict(kept.columns) | {"file": kept.target, "file_key": kept.target_key}
    session.delete(kept)
    if kept.adds:
        rows.insert(session, kept.asset_id, columns | {"size": kept.size})
        return
    row = session.scalar(select(AssetRow).where(AssetRow.id == kept.asset_id))
    if row is not None:
        for name, value in columns.items():
            setattr(row, name, value)
        rows.renamed(session, row)


def give_up(database: Database, media: Path, move: MoveRow) -> None:
    """Take a move back after an error: the file lies where it came from. Where even that cannot be written down,
    `recover` will find out."""
    with contextlib.suppress(StorageError), database.write(counts=False) as session:
        kept = session.get(MoveRow, move.asset_id)
        if kept is None or kept.target != move.target:
            return  # another process has finished it meanwhile
        target = media / move.target
        with contextlib.suppress(OSError):
            if target.exists() and not move.origin.exists():
                _rename(target, move.origin)
            elif target.exists() and (move.keep_origin or move.origin.samefile(target)):
                target.unlink()
            _half(media, move).unlink(missing_ok=True)
        session.delete(kept)


def _forget(database: Database, move: MoveRow) -> None:
    with database.write(counts=False) as session:
        kept = session.get(MoveRow, move.asset_id)
        if kept is not None and kept.target == move.target:
            session.delete(kept)


def recover(database: Database, media: Path) -> None:
    """Finish the moves that killed processes left. Deletes nothing but half copies whose original is still there."""
    with database.read() as session:
        moves = list(session.scalars(select(MoveRow)))
    for move in moves:
        arrived = _arrived(media, move) or (_abandoned(move) and _roll_forward(media, move))
        if not arrived and not _abandoned(move):
            continue
        if arrived:
            with database.write() as session:
                finish(session, move)
        else:
            _forget(database, move)
        _half(media, move).unlink(missing_ok=True)


def _arrived(media: Path, move: MoveRow) -> bool:
    target, origin = media / move.target, move.origin
    if not target.is_file() or target.stat().st_size != move.size:
        return False
    if not move.adds and not move.keep_origin and origin.exists():
        if not origin.samefile(target):
            return False
        if file_key(origin.name) != move.target_key:
            origin.unlink(missing_ok=True)  # two names of one file: the second half of a rename
    return True


def _roll_forward(media: Path, move: MoveRow) -> bool:
    """Whether the file of a killed process could still be brought to its place in one step."""
    target = media / move.target
    candidates = [_half(media, move)] + ([] if move.keep_origin else [move.origin])
    for file in candidates if move.adds else ():
        whole = file.is_file() and not target.exists() and content_hash(file) == move.columns["content_hash"]
        if whole and _same_disk(file, media):
            _rename(file, target)
            sync_folder(media)
            return True
    return False


def _abandoned(move: MoveRow) -> bool:
    alive = Owner(move.owner_pid, move.owner_started).alive()
    return datetime.now(UTC) - move.begun > _ABANDONED if alive is None else not alive


def _half(media: Path, move: MoveRow) -> Path:
    return media / f".{move.asset_id}.part"


def _free_name(session: Session, media: Path, name: str, created: datetime, suffix: str, own: str | None) -> str:
    number, misses = 1, 0
    while True:
        candidate = file_name(name, created.astimezone(), suffix.lower(), number)
        key = file_key(candidate)
        if key == own or not (_taken(session, key) or (media / candidate).exists()):
            return candidate
        misses += 1
        if misses == 1:
            stem = key.removesuffix(suffix.lower())
            like = AssetRow.file_key.between(f"{stem} (", f"{stem} )")
            number = 1 + (session.scalar(select(func.count()).where(like)) or 0)
        number = number + 1 if misses < 16 else number * 2


def _taken(session: Session, key: str) -> bool:
    assets = select(AssetRow.number).where(AssetRow.file_key == key)
    moves = select(MoveRow.asset_id).where(MoveRow.target_key == key)
    return session.scalar(assets) is not None or session.scalar(moves) is not None


def _same_disk(origin: Path, media: Path) -> bool:
    return origin.stat().st_dev == media.stat().st_dev


def _rename(origin: Path, target: Path) -> None:
    """Rename without ever taking the place of another file."""
    if file_key(origin.name) == file_key(target.name) and origin.parent == target.parent:
        origin.rename(target)  # only the case of a letter changes: on some disks that is the same file
        return
    try:
        os.link(origin, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        origin.rename(target)
    else:
        origin.unlink(missing_ok=True)  # another process may be recovering this very move


def _sync(path: Path) -> None:
    with path.open("rb+" if os.name == "nt" else "rb") as file:
        os.fsync(file.fileno())


def require_file(path: Path) -> None:
    """Raises `MissingMedia`, or `UnreadableMedia` where there is nothing in it."""
    with storage_errors(path):
        if not path.exists():
            raise MissingMedia(f"{path} is not there.", "Check the name, or whether its disk is connected.")
        if not path.is_file() or path.stat().st_size == 0:
            raise UnreadableMedia(f"{path} is empty or no file.", "Choose a sound, a picture or a film.")
