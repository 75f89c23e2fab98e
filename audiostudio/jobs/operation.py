"""What a job can run: a registered body and where it runs."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from audiostudio.jobs.job import JsonObject, Partial, Progress

Body: TypeAlias = Callable[[Any, JsonObject], Generator[Progress | Partial, None, JsonObject]]
"""Called with the context that its root built (`operations.Studio`) and the job's request. Each yield is also a
place where the job can be cancelled: the generator is closed there, so `finally` and `with` clean up."""


class Place(StrEnum):
    THREAD = "thread"
    """Only for code that waits or that releases the GIL."""
    PROCESS = "process"
    """A spawned worker process, kept warm between jobs of its queue."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker process may use; reaching one kills it, never the program."""

    memory: int | None = None
    """Bytes of address space."""
    seconds: float | None = None
    """Wall-clock time for one job."""


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    body: Body
    place: Place = Place.PROCESS
    queue: str = "cpu"
    """Jobs of one queue run one at a time; each queue has one worker process of its own."""
    limits: Limits = Limits()
    keep: bool = True
    """Whether the job is stored, shown and recovered after a crash. False for previews."""
