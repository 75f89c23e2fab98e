"""Keeping the rows and the files of the library together: files that vanish, come back, move or are found again."""

from collections import defaultdict
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from audiostudio.errors import RequestError
from audiostudio.files import storage_errors
from audiostudio.library import moves, rows
from audiostudio.library.model import Asset, FilesReport, MediaInfo
from audiostudio.library.names import file_key
from audiostudio.library.opened import Opened
from audiostudio.library.schema import AssetRow, MoveRow


class Files(Opened):
    def check_files(self) -> FilesReport:
        """Look at every file: mark what is missing or has returned, and recognise by its content what was renamed.

        Raises `ReadOnly`, other `StorageError`s.
        """
        with storage_errors(self.media):
            present = {path.name: path.stat().st_size for path in self.media.iterdir() if path.is_file()}
        with self.database.read() as session:
            columns = (AssetRow.id, AssetRow.file, AssetRow.size, AssetRow.content_hash, AssetRow.missing)
            assets = session.execute(select(*columns)).all()
            coming = {file for move in session.scalars(select(MoveRow)) for file in (move.target, move.origin.name)}
        listed = {asset.file for asset in assets} | coming
        strangers = {name for name in present if name not in listed and not name.startswith(".")}
        unseen = [asset for asset in assets if asset.file not in present and asset.file not in coming]
        gone = [asset for asset in unseen if not (self.media / asset.file).exists()]  # it may have come meanwhile
        moved = self._recognise({(a.size, a.content_hash): a.id for a in gone}, strangers, present)
        missing = tuple(asset.id for asset in gone if asset.id not in moved)
        returned = tuple(asset.id for asset in assets if asset.missing and asset.file in present)
        newly = {asset.id for asset in gone if not asset.missing} - moved.keys()
        if newly or returned or moved:
            self._write_findings(newly, returned, moved)
        left = tuple(
            sorted(self.media / name for name in strangers - set(moved.values()) if (self.media / name).exists())
        )
        return FilesReport(missing, returned, tuple(moved), left)

    def relink(self, asset_id: str, path: Path, *, other: MediaInfo | None = None, suffix: str | None = None) -> Asset:
        """Say where the file of an asset is now; one outside of the library is copied into it.

        `other`: what the file is, where it may be another than the asset's was (`imports.relink_media` finds out);
        `suffix`: with its dot, where the file's own is wrong.
        Raises `RequestError` where the content is not the asset's and there is no `other`, `NotFound`, `MissingMedia`.
        """
        moves.require_file(path)
        found = path.resolve()
        digest = moves.content_hash(found)
        with self._moving:
            self._relink(asset_id, found, digest, other, suffix or found.suffix.lower())
        with self.database.read() as session:
            (asset,) = rows.load(session, self.media, [rows.asset_row(session, asset_id).number])
        return asset

    def _relink(self, asset_id: str, found: Path, digest: str, other: MediaInfo | None, suffix: str) -> None:
        moves.recover(self.database, self.media)
        with self.database.write() as session:
            row = rows.asset_row(session, asset_id)
            same = digest == row.content_hash
            columns = {"name": row.name, "content_hash": digest, "missing": False, "size": found.stat().st_size}
            if not same:
                if other is None:
                    raise RequestError(
                        f"{found} is not the file that “{row.name}” was.",
                        "Choose another, or link it anyway (`library relink --anyway`).",
                    )
                columns |= asdict(other) | {"format": suffix.lstrip(".")}
            move = None
            if found.parent == self.media.resolve():
                _refuse_taken(session, found.name, asset_id)
                _apply(row, columns | {"file": found.name, "file_key": file_key(found.name)})
            elif same and _is_whole(self.media / row.file, row.size):
                _apply(row, columns)
            else:
                move = moves.begin(
                    *(session, self.media, found, columns),
                    suffix=Path(row.file).suffix if same else suffix,
                    asset_id=asset_id,
                    created=row.created,
                    keep_origin=True,
                )
        if move is not None:
            self._carry_out(move)

    def _carry_out(self, move: MoveRow) -> None:
        try:
            moves.carry(self.media, move)
            with self.database.write() as session:
                moves.finish(session, move)
        except BaseException:
            moves.give_up(self.database, self.media, move)
            raise

    def _recognise(
        self, gone: dict[tuple[int, str], str], strangers: set[str], present: dict[str, int]
    ) -> dict[str, str]:
        """Which strangers are the files of which missing assets: asset id to file name."""
        sizes = defaultdict(list)
        for size, digest in gone:
            sizes[size].append(digest)
        found: dict[str, str] = {}
        for name in sorted(strangers):
            if sizes.get(present[name]):
                asset_id = gone.get((present[name], moves.content_hash(self.media / name)))
                if asset_id is not None:
                    found.setdefault(asset_id, name)
        return found

    def _write_findings(self, missing: set[str], returned: tuple[str, ...], moved: dict[str, str]) -> None:
        with self.database.write() as session:
            for asset_id in (*missing, *returned, *moved):
                row = session.scalar(select(AssetRow).where(AssetRow.id == asset_id))
                if row is not None:
                    row.missing = asset_id in missing
                    if asset_id in moved:
                        row.file, row.file_key = moved[asset_id], file_key(moved[asset_id])


def _is_whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _apply(row: AssetRow, columns: dict[str, object]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.updated = datetime.now(UTC)


def _refuse_taken(session: Session, name: str, asset_id: str) -> None:
    owner = session.scalar(select(AssetRow.id).where(AssetRow.file_key == file_key(name)))
    if owner is not None and owner != asset_id:
        raise RequestError(f"{name} belongs to another item.", "Choose another file.")
