"""`audiostudio.worker`, as the studio starts it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.jobs.failure import Bug
from audiostudio.jobs.job import JobState
from audiostudio.jobs.operation import Limits, Operation
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations import OPERATIONS
from tests.jobs.bodies import count
from tests.jobs.conftest import job, python


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


def test_a_real_operation_reaches_its_body(studio: Runner) -> None:
    """Whatever it answers to an empty request, it answers: the worker, its context and the body were built."""
    name = next(iter(OPERATIONS))
    outcome = studio.submit(job(name)).wait(60)
    assert outcome.state is JobState.FAILED
    assert outcome.error is not None
    assert "worker" not in type(outcome.error).__name__.lower()
