"""The library's folders: an order for people, not folders of the disk."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from audiostudio.errors import RequestError
from audiostudio.library.model import Folder
from audiostudio.library.opened import Opened
from audiostudio.library.rows import folder_row, to_folder
from audiostudio.library.schema import AssetRow, FolderRow


class Folders(Opened):
    def folders(self) -> tuple[Folder, ...]:
        """All folders, parents before what is in them, by name."""
        with self.database.read() as session:
            rows = session.scalars(select(FolderRow)).all()
        by_parent: dict[int | None, list[Folder]] = {}
        for row in sorted(rows, key=lambda row: row.name.casefold()):
            by_parent.setdefault(row.parent_id, []).append(to_folder(row))
        found: list[Folder] = []
        ahead = list(reversed(by_parent.get(None, [])))
        while ahead:
            found.append(ahead.pop())
            ahead += reversed(by_parent.get(found[-1].id, []))
        return tuple(found)

    def create_folder(self, name: str, parent: int | None = None) -> Folder:
        """Raises `RequestError` for an empty or taken name, `NotFound`."""
        with self.database.write() as session:
            if parent is not None:
                folder_row(session, parent)
            row = FolderRow(name=_free_label(session, name, parent), parent_id=parent)
            session.add(row)
            session.flush()
            folder = to_folder(row)
        self._can_undo(f"New folder “{folder.name}”", lambda: self._take_apart(folder.id))
        return folder

    def rename_folder(self, folder: int, name: str) -> Folder:
        """Raises `RequestError` for an empty or taken name, `NotFound`."""
        before, after = self._change_folder(folder, name=name)
        self._can_undo(f"Rename folder “{before.name}”", lambda: self._put_back(before))
        return after

    def move_folder(self, folder: int, parent: int | None) -> Folder:
        """Raises `RequestError` where the parent lies in the folder itself or has one of that name, `NotFound`."""
        before, after = self._change_folder(folder, parent=parent, moves=True)
        self._can_undo(f"Move folder “{before.name}”", lambda: self._put_back(before))
        return after

    def remove_folder(self, folder: int) -> None:
        """Take the folder away; what was in it goes to the folder around it. Raises `NotFound`."""
        with self.database.write() as session:
            removed = to_folder(folder_row(session, folder))
            assets = list(session.scalars(select(AssetRow.number).where(AssetRow.folder_id == folder)))
            inside = list(session.scalars(select(FolderRow.id).where(FolderRow.parent_id == folder)))
            _dissolve(session, removed)
        self._can_undo(f"Remove folder “{removed.name}”", lambda: self._rebuild(removed, assets, inside))

    def _change_folder(
        self, folder: int, name: str | None = None, parent: int | None = None, moves: bool = False
    ) -> tuple[Folder, Folder]:
        with self.database.write() as session:
            row = folder_row(session, folder)
            before = to_folder(row)
            if moves:
                _refuse_circle(session, folder, parent)
            target = parent if moves else row.parent_id
            label = _free_label(session, row.name if name is None else name, target, folder)
            row.name, row.parent_id = label, target
            session.flush()
            return before, to_folder(row)

    def _put_back(self, before: Folder) -> None:
        with self.database.write() as session:
            row = session.get(FolderRow, before.id)
            if row is not None:
                row.parent_id = before.parent if _exists(session, before.parent) else None
                row.name = _spare_label(session, before.name, row.parent_id, before.id)

    def _take_apart(self, folder: int) -> None:
        with self.database.write() as session:
            row = session.get(FolderRow, folder)
            if row is not None:
                _dissolve(session, to_folder(row))

    def _rebuild(self, removed: Folder, assets: list[int], inside: list[int]) -> None:
        with self.database.write() as session:
            parent = removed.parent if _exists(session, removed.parent) else None
            session.add(FolderRow(id=removed.id, parent_id=parent, name=_spare_label(session, removed.name, parent)))
            session.flush()
            for first in range(0, len(assets), 500):
                some = AssetRow.number.in_(assets[first : first + 500])
                session.execute(update(AssetRow).where(some).values(folder_id=removed.id))
            session.execute(update(FolderRow).where(FolderRow.id.in_(inside)).values(parent_id=removed.id))


def _dissolve(session: Session, folder: Folder) -> None:
    session.execute(update(AssetRow).where(AssetRow.folder_id == folder.id).values(folder_id=folder.parent))
    for row in session.scalars(select(FolderRow).where(FolderRow.parent_id == folder.id)):
        row.name = _spare_label(session, row.name, folder.parent, folder.id)
        row.parent_id = folder.parent
        session.flush()
    session.delete(folder_row(session, folder.id))


def _refuse_circle(session: Session, folder: int, parent: int | None) -> None:
    above = parent
    while above is not None:
        if above == folder:
            raise RequestError("A folder cannot lie in itself.", "Choose another folder.")
        above = folder_row(session, above).parent_id


def _free_label(session: Session, name: str, parent: int | None, own: int | None = None) -> str:
    label = " ".join(name.split())
    if not label:
        raise RequestError("A folder needs a name.", "Type one.")
    if _label_taken(session, label, parent, own):
        raise RequestError(f"There is a folder “{label}” here already.", "Choose another name.")
    return label


def _spare_label(session: Session, label: str, parent: int | None, own: int | None = None) -> str:
    number, spare = 1, label
    while _label_taken(session, spare, parent, own):
        number += 1
        spare = f"{label} ({number})"
    return spare


def _label_taken(session: Session, label: str, parent: int | None, own: int | None) -> bool:
    same = (func.coalesce(FolderRow.parent_id, 0) == (parent or 0)) & (FolderRow.name == label)
    return session.scalar(select(FolderRow.id).where(same & (FolderRow.id != (own or 0)))) is not None


def _exists(session: Session, folder: int | None) -> bool:
    return folder is not None and session.get(FolderRow, folder) is not None
