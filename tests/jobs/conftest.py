import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from audiostudio.jobs.handle import Handle
from audiostudio.jobs.job import Job, JsonObject, Partial
from audiostudio.jobs.remote import Grace
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from tests.jobs.bodies import OPERATIONS

ROOT = Path(__file__).resolve().parents[2]
SHORT = Grace(0.3, 0.3)
SOON = 30.0
"""Seconds after which a test that waits has failed."""


def python(code: str, *arguments: str) -> list[str]:
    """The command line of a Python that knows this checkout, wherever it starts."""
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}", *arguments]


def worker_command(queue: str) -> Sequence[str]:
    if queue == "broken":
        return ["there/is/no/such/program"]
    return python("from tests.jobs.bodies import main; main()", "--queue", queue)


def job(operation: str, request: JsonObject | None = None, **fields: object) -> Job:
    return Job(operation, request or {}, **{"title": operation, **fields})  # type: ignore[arg-type]


def running(handle: Handle) -> Partial:
    """Waits until the body says that it runs."""
    return next(event for event in handle.events() if isinstance(event, Partial))


def children() -> set[int]:
    """The processes that this one started and that are there still, zombies too."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that ends just now
            found.update(map(int, (task / "children").read_text().split()))
    return found


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    threads, processes = set(threading.enumerate()), children()
    files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    yield
    assert set(threading.enumerate()) <= threads
    assert children() <= processes
    assert len(os.listdir("/proc/self/fd")) <= files  # noqa: PTH208


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def make_runner(store: MemoryStore) -> Iterator[Callable[..., Runner]]:
    made: list[Runner] = []

    def make(**options: object) -> Runner:
        runner = Runner(OPERATIONS, lambda: "the context", worker_command, store, **options)  # type: ignore[arg-type]
        made.append(runner)
        return runner

    yield make
    for runner in made:
        runner.close(SHORT)


@pytest.fixture
def runner(make_runner: Callable[..., Runner]) -> Runner:
    return make_runner()
