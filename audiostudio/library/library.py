"""The library: every finished file, and all that is known of it."""

import contextlib
import shutil
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audiostudio.errors import ReadOnly, RequestError, SearchDamaged
from audiostudio.files import storage_errors
from audiostudio.library import moves, rows
from audiostudio.library.database import Database
from audiostudio.library.files import Files
from audiostudio.library.folders import Folders
from audiostudio.library.model import Asset, AssetKind, NewAsset, Page, Query
from audiostudio.library.preferences import Preferences
from audiostudio.library.schema import AssetRow, MoveRow, TagRow
from audiostudio.library.search import find
from audiostudio.library.takes import Takes

_LEFT_BEHIND = 7 * 24 * 3600
"""Seconds."""


class Library(Folders, Takes, Preferences, Files):
    """An open library folder. Its methods may be called from any thread; several processes may have it open.

    All of them raise `LibraryBusy`, `LibraryDamaged`, `DiskFull` and other `StorageError`s; those that change
    something also raise `ReadOnly` when the folder cannot be written.
    """

    @classmethod
    def open(cls, folder: Path) -> "Library":
        """Open the library in `folder`, making or updating it where needed.

        Raises `NewerFormat`, `LibraryDamaged`, `LibraryBusy`, `ReadOnly` (where it would have to be made).
        """
        database = Database(folder / "library.db")
        library = cls(folder, database)
        try:
            if not database.read_only:
                with storage_errors(library.media):
                    library.media.mkdir(exist_ok=True)
                    library.workshop.mkdir(exist_ok=True)
                moves.recover(database, library.media)
                _sweep(library.workshop)
        except BaseException:
            database.close()
            raise
        return library

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        return self.database.read_only

    @property
    def workshop(self) -> Path:
        """A folder on the library's disk for files in the making: from here `add` can take them by a rename.

        What lies there for a week was left by a killed process and is removed."""
        return self.folder / "work"

    def version(self) -> int:
        """A number that differs after any change by any thread or process; cheap enough to ask all the time."""
        return self.database.version()

    def verify(self) -> None:
        """Read the whole database. Raises `LibraryDamaged` with what is wrong, `SearchDamaged`."""
        self.database.verify()

    def mend(self) -> bool:
        """`verify`, and make the index for searching again where it is damaged; whether it was."""
        try:
            self.verify()
        except SearchDamaged:
            self.database.rebuild_search()
            self.verify()
            return True
        return False

    def add(self, file: Path, new: NewAsset, *, move: bool = True, suffix: str | None = None) -> Asset:
        """Take a finished file into the library under a readable name: all of it or, on an error, nothing.

        When this returns, the asset survives a loss of power. `move`: the file is the library's now; else it is
        copied. `suffix`: with its dot, where the file's own is wrong.
        Raises `MissingMedia`, `UnreadableMedia` (empty), `NotFound` (folder, `made_of`), `DiskFull`.
        """
        if self.read_only:
            raise ReadOnly(f"The library in {self.folder} can only be read.", "Change its folder's permissions.")
        moves.require_file(file)
        origin = file.resolve()
        asset_id, created = uuid.uuid4().hex, datetime.now(UTC)
        name = " ".join(new.name.split())
        ending = (origin.suffix if suffix is None else suffix).lower()
        digest = moves.content_hash(origin)
        with self.database.write(counts=False) as session:
            columns = rows.new_columns(session, new, created) | {
                "name": name or origin.stem,
                "format": ending.lstrip("."),
                "content_hash": digest,
            }
            arrival = moves.begin(
                *(session, self.media, origin, columns),
                suffix=ending,
                asset_id=asset_id,
                created=created,
                adds=True,
                keep_origin=not move,
            )
        self._carry_out(arrival)
        if move:
            with contextlib.suppress(OSError):  # where it was copied from another disk; the library has it now
                origin.unlink(missing_ok=True)
        return self.get(asset_id)

    def get(self, asset_id: str) -> Asset:
        """Raises `NotFound`."""
        with self.database.read() as session:
            return self._get(session, asset_id)

    def search(self, query: Query = Query(), offset: int = 0, limit: int = 100) -> Page:  # noqa: B008 (frozen)
        """One page of what `query` asks for. Raises `NotFound` for an unknown folder.

        An index that is damaged is made again first; `SearchDamaged` where that cannot be written.
        """
        try:
            return self._search(query, offset, limit)
        except SearchDamaged:
            if self.read_only:
                raise
            self.database.rebuild_search()
            return self._search(query, offset, limit)

    def _search(self, query: Query, offset: int, limit: int) -> Page:
        with self.database.read() as session:
            numbers, total = find(session, query, offset, limit)
            return Page(rows.load(session, self.media, numbers), total)

    def find_by_name(self, name: str) -> tuple[Asset, ...]:
        """The assets, in the bin or not, with that id, or one that begins so, or exactly that name; at most two."""
        with self.database.read() as session:
            matches = AssetRow.id.startswith(name, autoescape=True) | (AssetRow.name == name)
            numbers = list(session.scalars(select(AssetRow.number).where(matches).limit(2)))
            return rows.load(session, self.media, numbers)

    def find_by_recipe(self, key: str) -> Asset | None:
        """The newest asset made by that recipe (`model.recipe_key`), unless it is in the bin or its file is gone."""
        usable = AssetRow.binned.is_(None) & ~AssetRow.missing
        with self.database.read() as session:
            same = select(AssetRow.number, AssetRow.file).where(AssetRow.recipe_key == key, usable)
            for number, file in session.execute(same.order_by(AssetRow.number.desc())):
                if (self.media / file).is_file():
                    return rows.load(session, self.media, [number])[0]
        return None

    def find_content(self, content_hash: str) -> Asset | None:
        """The oldest asset with that content (SHA-256, hexadecimal) that can be used, else one that is missing its
        file or lies in the bin."""
        usable = AssetRow.binned.is_(None), ~AssetRow.missing, -AssetRow.number
        with self.database.read() as session:
            same = select(AssetRow.number).where(AssetRow.content_hash == content_hash)
            number = session.scalar(same.order_by(*(column.desc() for column in usable)).limit(1))
            return None if number is None else rows.load(session, self.media, [number])[0]

    def counts(self) -> dict[AssetKind, int]:
        """How many assets of each kind the shelves hold; bin and mere takes left out."""
        shelf = AssetRow.binned.is_(None) & ~AssetRow.take_only
        with self.database.read() as session:
            found = session.execute(select(AssetRow.kind, func.count()).where(shelf).group_by(AssetRow.kind))
            return {AssetKind(kind): count for kind, count in found}

    def music_facts(self) -> dict[str, dict[str, int]]:
        """`genre`, `mood` and `key` of the music on the shelves: each value and how many pieces have it."""
        shelf = AssetRow.binned.is_(None) & ~AssetRow.take_only
        music = AssetRow.kind.in_((AssetKind.MUSIC.value, AssetKind.SONG.value))
        found: dict[str, dict[str, int]] = {}
        with self.database.read() as session:
            for name in rows.MUSIC_FACTS:
                told, heard = (func.json_extract(AssetRow.detail, f"$.{path}{name}") for path in ("", "analysis."))
                value = func.coalesce(told, heard)
                counted = select(value, func.count()).where(shelf, music, value.is_not(None), value != "")
                values = session.execute(counted.group_by(value).order_by(value)).all()
                found[name] = {str(one): count for one, count in values}
        return found

    def tags(self) -> dict[str, int]:
        """Every tag in use outside of the bin, by name, and how many assets bear it."""
        binned = select(AssetRow.number).where(AssetRow.binned.is_not(None))
        used = select(func.min(TagRow.tag), func.count()).where(TagRow.number.not_in(binned))
        with self.database.read() as session:
            return dict(session.execute(used.group_by(TagRow.key).order_by(TagRow.key)).all())

    def rename(self, asset_id: str, name: str) -> Asset:
        """Rename an asset and its file. Raises `RequestError` (no name), `NotFound`."""
        before = self.get(asset_id).name
        asset = self._rename(asset_id, name)
        if asset.name != before:
            self._can_undo(f"Rename “{before}”", self._if_there(asset_id, lambda: self._rename(asset_id, before)))
        return asset

    def set_favourite(self, asset_id: str, on: bool) -> Asset:
        """Raises `NotFound`."""
        with self._changing([asset_id]) as (session, (row,)):
            before, name = row.favourite, row.name
            row.favourite = on
            asset = self._get(session, asset_id)
        back = self._if_there(asset_id, lambda: self._set_quietly([asset_id], favourite=before))
        self._can_undo(f"{'Favourite' if on else 'No favourite'} “{name}”", back)
        return asset

    def set_tags(self, asset_id: str, tags: Iterable[str]) -> Asset:
        """Replace the tags; those that differ in case or accents only are one. Raises `NotFound`."""
        before = self.get(asset_id).tags
        asset = self._set_tags(asset_id, tags)
        self._can_undo(f"Tag “{asset.name}”", self._if_there(asset_id, lambda: self._set_tags(asset_id, before)))
        return asset

    def update_detail(self, asset_id: str, facts: Mapping[str, object]) -> Asset:
        """Change these of the facts that only this kind of asset has; None takes one away. What others changed in the
        meantime stays. Raises `NotFound`."""
        with self._changing([asset_id]) as (session, (row,)):
            kept = {name: value for name, value in row.detail.items() if name not in facts}
            row.detail = kept | {name: value for name, value in facts.items() if value is not None}
            rows.reindex(session, row)
            return self._get(session, asset_id)

    def move(self, asset_ids: Collection[str], folder: int | None) -> None:
        """Put assets into a folder, or out of all. Raises `NotFound`."""
        with self._changing(asset_ids) as (session, found):
            if folder is not None:
                rows.folder_row(session, folder)
            before = _grouped((row.id, row.folder_id) for row in found)
            label = f"Move {_called(found)}"
            for row in found:
                row.folder_id = folder
        if before:
            self._can_undo(label, lambda: self._back_to_folders(before))

    def bin(self, asset_ids: Collection[str]) -> None:
        """Into the bin: hidden, nothing deleted. Raises `NotFound`."""
        with self._changing(asset_ids) as (_, found):
            changed = [row for row in found if row.binned is None]
            ids, label = [row.id for row in changed], f"Bin {_called(changed)}"
            for row in changed:
                row.binned = datetime.now(UTC)
        if ids:
            self._can_undo(label, lambda: self._set_quietly(ids, binned=None))

    def restore(self, asset_ids: Collection[str]) -> None:
        """Out of the bin. Raises `NotFound`."""
        with self._changing(asset_ids) as (_, found):
            changed = [(row.id, row.binned) for row in found if row.binned is not None]
            label = f"Restore {_called(found)}"
            for row in found:
                row.binned = None
        if changed:
            ids, when = [asset_id for asset_id, _ in changed], changed[0][1]
            self._can_undo(label, lambda: self._set_quietly(ids, binned=when))

    def empty_bin(self) -> int:
        """Delete everything in the bin for good, files as well; how many that were. Cannot be undone."""
        with self.database.read() as session:
            binned = list(session.scalars(select(AssetRow.id).where(AssetRow.binned.is_not(None))))
        return self.purge(binned)

    def purge(self, asset_ids: Collection[str]) -> int:
        """Delete assets that are in the bin for good, files as well; how many that were. Others are left alone."""
        wanted, purged = list(asset_ids), 0
        for first in range(0, len(wanted), rows.AT_ONCE):
            some = AssetRow.id.in_(wanted[first : first + rows.AT_ONCE]) & AssetRow.binned.is_not(None)
            with self.database.write() as session:
                for row in session.scalars(rows.light(some)).all():
                    with storage_errors(self.media / row.file):
                        (self.media / row.file).unlink(missing_ok=True)
                    session.delete(row)
                    purged += 1
        return purged

    def _get(self, session: Session, asset_id: str) -> Asset:
        session.flush()
        (asset,) = rows.load(session, self.media, [rows.asset_row(session, asset_id).number])
        return asset

    def _rename(self, asset_id: str, name: str) -> Asset:
        label = " ".join(name.split())
        if not label:
            raise RequestError("A name is needed.", "Type one.")
        with self._moving:
            if not self.read_only:
                moves.recover(self.database, self.media)  # what a killed process left of this very asset
            with self.database.write() as session:
                move = self._begin_rename(session, asset_id, label)
            if move is not None:
                self._carry_out(move)
        return self.get(asset_id)

    def _begin_rename(self, session: Session, asset_id: str, name: str) -> MoveRow | None:
        row = rows.asset_row(session, asset_id)
        origin = self.media / row.file
        if origin.is_file():
            columns = {"name": name}
            return moves.begin(
                *(session, self.media, origin, columns), suffix=origin.suffix, asset_id=asset_id, created=row.created
            )
        row.name = name
        rows.renamed(session, row)
        return None

    def _set_tags(self, asset_id: str, tags: Iterable[str]) -> Asset:
        with self._changing([asset_id]) as (session, (row,)):
            rows.replace_tags(session, row, tags)
            return self._get(session, asset_id)

    def _set_quietly(self, asset_ids: Collection[str], **values: object) -> None:
        with self._changing(asset_ids, all_there=False) as (_, found):
            for row in found:
                for name, value in values.items():
                    setattr(row, name, value)

    def _back_to_folders(self, before: dict[int | None, list[str]]) -> None:
        known = {folder.id for folder in self.folders()}
        for folder, ids in before.items():
            self._set_quietly(ids, folder_id=folder if folder in known else None)

    def _if_there(self, asset_id: str, back: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with self.database.read() as session:
                there = session.scalar(select(AssetRow.number).where(AssetRow.id == asset_id)) is not None
            if there:
                back()

        return run

    @contextlib.contextmanager
    def _changing(self, ids: Collection[str], all_there: bool = True) -> Iterator[tuple[Session, list[AssetRow]]]:
        """The rows of `ids`, in that order, to be changed in one transaction."""
        wanted = list(dict.fromkeys(ids))
        with self.database.write() as session:
            found: dict[str, AssetRow] = {}
            for first in range(0, len(wanted), rows.AT_ONCE):
                some = AssetRow.id.in_(wanted[first : first + rows.AT_ONCE])
                found |= {row.id: row for row in session.scalars(rows.light(some))}
            if all_there:
                for asset_id in wanted:
                    if asset_id not in found:
                        rows.asset_row(session, asset_id)
            yield session, [found[asset_id] for asset_id in wanted if asset_id in found]
            now = datetime.now(UTC)
            for row in found.values():
                row.updated = now


def _sweep(workshop: Path) -> None:
    """Remove the files and folders that killed processes left."""
    with storage_errors(workshop):
        for left in workshop.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process was done with it
                if time.time() - left.lstat().st_mtime > _LEFT_BEHIND:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()


def _called(found: Collection[AssetRow]) -> str:
    return f"“{next(iter(found)).name}”" if len(found) == 1 else f"{len(found)} items"


def _grouped(pairs: Iterable[tuple[str, int | None]]) -> dict[int | None, list[str]]:
    groups: dict[int | None, list[str]] = {}
    for asset_id, folder in pairs:
        groups.setdefault(folder, []).append(asset_id)
    return groups
