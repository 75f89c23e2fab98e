"""Takes of the lines of projects, and the index of projects. The project files are the truth."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from audiostudio.errors import NotFound
from audiostudio.jobs.job import JsonObject
from audiostudio.library.model import IndexedProject, Take
from audiostudio.library.opened import Opened
from audiostudio.library.rows import asset_row, load
from audiostudio.library.schema import ProjectRow, TakeRow


class Takes(Opened):
    def add_take(
        self, project: str, line: str, asset_id: str, words: list[JsonObject] | None = None, chosen: bool = True
    ) -> Take:
        """Make an asset the next take of a line; it is then listed with the line only. Raises `NotFound`."""
        with self.database.write() as session:
            asset = asset_row(session, asset_id)
            asset.take_only, asset.project, asset.line = True, project, line
            last = session.scalar(select(func.max(TakeRow.number)).where(_of_line(project, line)))
            row = TakeRow(
                project=project, line=line, number=(last or 0) + 1, asset_id=asset_id, chosen=False, words=words
            )
            session.add(row)
            if chosen:
                _choose(session, row)
            session.flush()
            return self._take(session, row)

    def takes(self, project: str, line: str) -> tuple[Take, ...]:
        """All takes of a line whose assets are not in the bin, the oldest first."""
        with self.database.read() as session:
            kept = select(TakeRow).where(_of_line(project, line), TakeRow.asset_id.is_not(None))
            found = [self._take(session, row) for row in session.scalars(kept.order_by(TakeRow.number))]
        return tuple(take for take in found if not take.asset.binned)

    def choose_take(self, project: str, line: str, number: int) -> Take:
        """Raises `NotFound`."""
        with self.database.write() as session:
            row = session.get(TakeRow, (project, line, number))
            if row is None or row.asset_id is None:
                raise NotFound("The line has no such take.", "Generate it again.")
            before = session.scalar(select(TakeRow.number).where(_of_line(project, line), TakeRow.chosen))
            _choose(session, row)
            session.flush()
            take = self._take(session, row)
        if before is not None and before != number:
            self._can_undo("Choose take", lambda: self._choose_again(project, line, before))
        return take

    def show_take(self, asset_id: str, shown: bool = True) -> None:
        """List a take among the other assets too, or no more. Raises `NotFound`."""
        with self.database.write() as session:
            asset_row(session, asset_id).take_only = not shown

    def index_project(self, project: str, name: str, path: Path, updated: datetime | None = None) -> None:
        with self.database.write() as session:
            when = updated or datetime.now(UTC)
            session.merge(ProjectRow(id=project, name=name, path=path.absolute(), updated=when))

    def recent_projects(self, limit: int = 20) -> tuple[IndexedProject, ...]:
        """The newest first; those whose files are gone as well."""
        with self.database.read() as session:
            rows = session.scalars(select(ProjectRow).order_by(ProjectRow.updated.desc()).limit(limit))
            return tuple(IndexedProject(row.id, row.name, row.path, row.updated) for row in rows)

    def forget_project(self, project: str) -> None:
        """Take a project off the list of recent ones; its file and its assets stay."""
        with self.database.write() as session:
            row = session.get(ProjectRow, project)
            if row is not None:
                session.delete(row)

    def _choose_again(self, project: str, line: str, number: int) -> None:
        with self.database.write() as session:
            row = session.get(TakeRow, (project, line, number))
            if row is not None and row.asset_id is not None:
                _choose(session, row)

    def _take(self, session: Session, row: TakeRow) -> Take:
        assert row.asset_id is not None
        (asset,) = load(session, self.media, [asset_row(session, row.asset_id).number])
        return Take(row.project, row.line, row.number, asset, row.chosen, row.words)


def _of_line(project: str, line: str) -> ColumnElement[bool]:
    return (TakeRow.project == project) & (TakeRow.line == line)


def _choose(session: Session, row: TakeRow) -> None:
    session.flush()
    session.execute(update(TakeRow).where(_of_line(row.project, row.line), TakeRow.chosen).values(chosen=False))
    row.chosen = True
