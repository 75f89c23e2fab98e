"""`audiostudio.worker`, as the studio starts it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.jobs.failure import Bug
from audiostudio.jobs.job import JobState
from audiostudio.jobs.operation import Limits, Operation
from audiostudio.jobs.process import WorkerProcess
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.serve import NICENESS
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations import OPERATIONS
from tests.jobs.bodies import count
from tests.jobs.conftest import SOON, job, python


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Runner]:
    operations = {
        **OPERATIONS,
        "unknown there": Operation("unknown there", count),
        "with a limit": Operation("with a limit", count, limits=Limits(memory=8 * 2**30)),
    }
    command = python("from audiostudio.worker import main; main()", "--profile", str(tmp_path / "profile"), "--queue")
    with Runner(operations, dict, lambda queue: [*command, queue], MemoryStore()) as runner:
        yield runner


@pytest.mark.parametrize("operation", ["unknown there", "with a limit"])
def test_an_operation_that_the_worker_lacks_is_a_bug(studio: Runner, operation: str) -> None:
    with pytest.raises(Bug, match=f"the worker does not know “{operation}”"):
        studio.submit(job(operation, {"to": 1})).result()


@pytest.mark.long
def test_a_real_operation_reaches_its_body(studio: Runner) -> None:
    """Whatever it answers to an empty request, it answers: the worker, its context and the body were built."""
    name = next(iter(OPERATIONS))
    outcome = studio.submit(job(name)).wait(60)
    assert outcome.state is JobState.FAILED
    assert outcome.error is not None
    assert "worker" not in type(outcome.error).__name__.lower()


def niceness(pid: int) -> tuple[int, str]:
    """Of a process, and, on Linux, of its session."""
    group = Path(f"/proc/{pid}/autogroup")
    return os.getpriority(os.PRIO_PROCESS, pid), group.read_text().split()[-1] if group.exists() else ""


@pytest.mark.skipif(sys.platform == "win32", reason="niceness")
@pytest.mark.parametrize(("queue", "more"), [("export", NICENESS), ("preview", 0)])
def test_only_what_nobody_waits_for_gives_way_to_the_window_and_the_sound(
    tmp_path: Path, queue: str, more: int
) -> None:
    command = python("from audiostudio.worker import main; main()", "--profile", str(tmp_path / "profile"))
    worker = WorkerProcess([*command, "--queue", queue], "nice")
    assert worker.receive(SOON) is not None
    found, session = niceness(worker.pid)
    worker.close()
    assert found == os.getpriority(os.PRIO_PROCESS, 0) + more
    assert session in ("", str(more))
