"""After a crash: jobs whose studio died are interrupted, jobs of a living studio are left alone."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audiostudio.jobs.job import JobState
from audiostudio.jobs.owner import Owner
from audiostudio.jobs.runner import LOST_AFTER, Runner
from audiostudio.jobs.store import MemoryStore, StoredJob
from audiostudio.library import Library
from audiostudio.library.jobs import LibraryJobStore
from tests.jobs.bodies import OPERATIONS
from tests.jobs.conftest import SOON, job, python, worker_command

STUDIO = """
from tests.jobs.bodies import OPERATIONS
from tests.jobs.conftest import running, job, worker_command
from audiostudio.jobs.owner import Owner
from audiostudio.jobs.runner import Runner
from audiostudio.library import Library
from audiostudio.library.jobs import LibraryJobStore
from pathlib import Path
with Library.open(Path(sys.argv[2]) / "library") as library:
    runner = Runner(OPERATIONS, dict, worker_command, LibraryJobStore(library))
    handle = runner.submit(job(sys.argv[1], {"trace": sys.argv[2] + "/trace"}))
    running(handle)
    runner.submit(job("count", {"to": 7}))
    print(running(handle).data["pid"], flush=True)
    sys.stdin.read()
    runner.close()
"""


@contextmanager
def studio(body: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another studio, a process of its own, with one job at work and one that waits, and the first one's worker."""
    command = python(f"exec({STUDIO!r})", body, str(folder))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def gone(owner: Owner) -> bool:
    """Waits until the process has ended."""
    try:
        handle = os.pidfd_open(owner.pid)
    except ProcessLookupError:
        return True
    try:
        if owner.alive():
            return bool(select.select([handle], [], [], SOON)[0])
        return True
    finally:
        os.close(handle)


@pytest.mark.long
@pytest.mark.parametrize("body", ["wait", "hang", "hang_in_c", "ignore"])
def test_a_worker_goes_when_its_studio_is_killed(body: str, tmp_path: Path) -> None:
    with studio(body, tmp_path) as (process, pid):
        worker = Owner.of(pid)
        assert worker.alive()
        process.send_signal(signal.SIGKILL)
        assert process.wait(SOON) == -signal.SIGKILL
        assert gone(worker)


@pytest.mark.long
def test_a_studio_that_closes_takes_its_workers_along(tmp_path: Path) -> None:
    with studio("hang_in_c", tmp_path) as (process, pid):
        worker = Owner.of(pid)
        process.communicate(timeout=SOON)
        assert process.returncode == 0
        assert worker.alive() is False


@pytest.mark.long
def test_recovery_interrupts_the_jobs_of_the_dead_only(tmp_path: Path) -> None:
    """Three studios, three processes, on one library."""
    with (
        Library.open(tmp_path / "library") as library,
        studio("wait", tmp_path) as (living, _),
        studio("wait", tmp_path) as (dying, _),
        Runner(OPERATIONS, dict, worker_command, LibraryJobStore(library)) as runner,
    ):
        store = LibraryJobStore(library)

        def states(owner: Owner) -> dict[str, JobState]:
            return {stored.job.operation: stored.state for stored in store.jobs() if stored.owner == owner}

        alive, dead = Owner.of(living.pid), Owner.of(dying.pid)
        at_work = {"wait": JobState.RUNNING, "count": JobState.QUEUED}
        assert states(alive) == states(dead) == at_work
        assert runner.recover() == []
        dying.kill()
        dying.wait(SOON)
        recovered = runner.recover()
        assert {(stored.owner, stored.state) for stored in recovered} == {(dead, JobState.INTERRUPTED)}
        assert states(dead) == dict.fromkeys(at_work, JobState.INTERRUPTED)
        assert states(alive) == at_work
        assert runner.recover() == []
        (counting,) = [stored.job for stored in recovered if stored.job.operation == "count"]
        assert runner.retry(counting.id).result()["counted"] == 7


def test_a_runners_own_jobs_are_left_alone(runner: Runner, store: MemoryStore) -> None:
    store.add(job("count"), Owner.current())
    assert runner.recover() == []


@pytest.mark.parametrize(("age", "recovered"), [(LOST_AFTER / 2, 0), (LOST_AFTER * 2, 1)], ids=["fresh", "stale"])
def test_owners_that_cannot_be_seen_are_judged_by_their_heartbeat(age: timedelta, recovered: int) -> None:
    class Aged(MemoryStore):
        def jobs(self, *arguments: object, **options: object) -> list[StoredJob]:
            now = datetime.now(UTC)
            return [replace(stored, heartbeat=now - age) for stored in super().jobs(*arguments, **options)]  # type: ignore[arg-type]

    store = Aged()
    store.add(job("count"), Owner(os.getpid(), "another boot/of another machine/17"))
    with Runner(OPERATIONS, dict, worker_command, store) as runner:
        assert len(runner.recover()) == recovered


def test_an_owner_is_its_process_and_no_later_one() -> None:
    me = Owner.current()
    assert me.alive() is True
    place = me.started.rpartition("/")[0]
    assert Owner(me.pid, f"{place}/1").alive() is False
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        child = Owner.of(process.pid)
        assert child.alive() is True
        process.kill()
        assert os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert child.alive() is False  # a zombie runs nothing
    assert child.alive() is False
    with pytest.raises(ProcessLookupError):
        Owner.of(process.pid)
