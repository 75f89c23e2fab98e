"""Where jobs are kept, so that they can be shown, run again and recovered after a crash."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from audiostudio.errors import NotFound
from audiostudio.jobs.job import TERMINAL, Job, JobState, JsonObject, Progress
from audiostudio.jobs.owner import Owner

NOT_KNOWN = Progress(None)


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job as the store knows it."""

    job: Job
    owner: Owner
    """The process that runs it (not its worker)."""
    heartbeat: datetime
    """When the owner last said that it lives; UTC."""
    state: JobState = JobState.QUEUED
    progress: Progress = NOT_KNOWN
    result: JsonObject | None = None
    error: JsonObject | None = None
    """`StudioError.to_json()`, or of a bug `{"error": "Bug", "sentence": …, "hint": "", "traceback": …}`."""


class JobStore(Protocol):
    """Keeps jobs. Called from several threads at once. Raises `StorageError` when it cannot."""

    def add(self, job: Job, owner: Owner) -> None:
        """Keep `job` as QUEUED, with a heartbeat of now. Its id must be new."""
        ...

    def update(
        self,
        job_id: str,
        *,
        state: JobState | None = None,
        progress: Progress | None = None,
        result: JsonObject | None = None,
        error: JsonObject | None = None,
    ) -> bool:
        """Change what is not None. An ended job stays as it ended: then nothing changes and the answer is False.
        Raises `NotFound`."""
        ...

    def heartbeat(self, owner: Owner) -> None:
        """The owner lives: sets the heartbeat of its jobs that have not ended."""
        ...

    def jobs(self, states: Collection[JobState] | None = None, limit: int = 1000) -> list[StoredJob]:
        """The newest `limit` jobs by `Job.created`, newest first; only those in `states`, where given."""
        ...

    def get(self, job_id: str) -> StoredJob:
        """Raises `NotFound`."""
        ...

    def remove(self, job_id: str) -> None:
        """Forget an ended job; one that is unknown or has not ended is left alone."""
        ...


class MemoryStore:
    """A `JobStore` that lasts as long as the program."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, StoredJob] = {}

    def add(self, job: Job, owner: Owner) -> None:
        with self._lock:
            if job.id in self._jobs:
                raise ValueError(f"job {job.id} is kept already")
            self._jobs[job.id] = StoredJob(job, owner, datetime.now(UTC))

    def update(
        self,
        job_id: str,
        *,
        state: JobState | None = None,
        progress: Progress | None = None,
        result: JsonObject | None = None,
        error: JsonObject | None = None,
    ) -> bool:
        with self._lock:
            stored = self._find(job_id)
            if stored.state in TERMINAL:
                return False
            self._jobs[job_id] = replace(
                stored,
                state=state or stored.state,
                progress=progress or stored.progress,
                result=stored.result if result is None else result,
                error=stored.error if error is None else error,
            )
            return True

    def heartbeat(self, owner: Owner) -> None:
        with self._lock:
            now = datetime.now(UTC)
            for job_id, stored in self._jobs.items():
                if stored.owner == owner and stored.state not in TERMINAL:
                    self._jobs[job_id] = replace(stored, heartbeat=now)

    def jobs(self, states: Collection[JobState] | None = None, limit: int = 1000) -> list[StoredJob]:
        with self._lock:
            found = [stored for stored in self._jobs.values() if states is None or stored.state in states]
        return sorted(found, key=lambda stored: stored.job.created, reverse=True)[:limit]

    def get(self, job_id: str) -> StoredJob:
        with self._lock:
            return self._find(job_id)

    def remove(self, job_id: str) -> None:
        with self._lock:
            if job_id in self._jobs and self._jobs[job_id].state in TERMINAL:
                del self._jobs[job_id]

    def _find(self, job_id: str) -> StoredJob:
        if job_id not in self._jobs:
            raise NotFound("That job is not known here.", "It may have been removed from the list of jobs.")
        return self._jobs[job_id]
