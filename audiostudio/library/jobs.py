"""The jobs of every studio on this library, in its database."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from audiostudio.errors import NotFound
from audiostudio.jobs.job import TERMINAL, Job, JobState, JsonObject, Progress
from audiostudio.jobs.owner import Owner
from audiostudio.jobs.store import StoredJob
from audiostudio.library.opened import Opened
from audiostudio.library.schema import JobRow

_ENDED = [state.value for state in TERMINAL]


class LibraryJobStore:
    """A `JobStore`. Its writes do not count as changes of the library."""

    def __init__(self, library: Opened) -> None:
        self._database = library.database

    def add(self, job: Job, owner: Owner) -> None:
        with self._database.write(counts=False) as session:
            if session.get(JobRow, job.id) is not None:
                raise ValueError(f"job {job.id} is kept already")
            row = JobRow(
                id=job.id,
                operation=job.operation,
                request=job.request,
                title=job.title,
                priority=job.priority,
                project=job.project,
                created=job.created,
                owner_pid=owner.pid,
                owner_started=owner.started,
                heartbeat=datetime.now(UTC),
                state=JobState.QUEUED.value,
                message="",
            )
            session.add(row)

    def update(
        self,
        job_id: str,
        *,
        state: JobState | None = None,
        progress: Progress | None = None,
        result: JsonObject | None = None,
        error: JsonObject | None = None,
    ) -> bool:
        with self._database.write(counts=False) as session:
            row = _find(session, job_id)
            if row.state in _ENDED:
                return False
            if state is not None:
                row.state = state.value
            if progress is not None:
                row.fraction, row.message, row.seconds_left = progress.fraction, progress.message, progress.seconds_left
            if result is not None:
                row.result = result
            if error is not None:
                row.error = error
            return True

    def heartbeat(self, owner: Owner) -> None:
        mine = (JobRow.owner_pid == owner.pid) & (JobRow.owner_started == owner.started)
        with self._database.write(counts=False) as session:
            session.execute(update(JobRow).where(mine, JobRow.state.not_in(_ENDED)).values(heartbeat=datetime.now(UTC)))

    def jobs(self, states: Collection[JobState] | None = None, limit: int = 1000) -> list[StoredJob]:
        chosen = select(JobRow).order_by(JobRow.created.desc()).limit(limit)
        if states is not None:
            chosen = chosen.where(JobRow.state.in_([state.value for state in states]))
        with self._database.read() as session:
            return [_stored(row) for row in session.scalars(chosen)]

    def get(self, job_id: str) -> StoredJob:
        with self._database.read() as session:
            return _stored(_find(session, job_id))

    def remove(self, job_id: str) -> None:
        with self._database.write(counts=False) as session:
            session.execute(delete(JobRow).where(JobRow.id == job_id, JobRow.state.in_(_ENDED)))


def _find(session: Session, job_id: str) -> JobRow:
    row = session.get(JobRow, job_id)
    if row is None:
        raise NotFound("That job is not known here.", "It may have been removed from the list of jobs.")
    return row


def _stored(row: JobRow) -> StoredJob:
    job = Job(row.operation, row.request, row.title, row.priority, row.project, row.id, row.created)
    progress = Progress(row.fraction, row.message, row.seconds_left)
    owner = Owner(row.owner_pid, row.owner_started)
    return StoredJob(job, owner, row.heartbeat, JobState(row.state), progress, row.result, row.error)
