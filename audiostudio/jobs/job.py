"""A job, the states it goes through and the events it sends."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Any]
"""A JSON object. Never changed after it was handed over."""


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """Its process ended without an outcome; it can be run again."""


TERMINAL = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED})


@dataclass(frozen=True, slots=True)
class Job:
    """The name of a registered operation and a JSON request: it can be stored, sent and run again."""

    operation: str
    request: JsonObject
    title: str
    """For people: “Speak “Welcome to …””."""
    priority: int = 0
    """Higher goes first; jobs of one priority run in the order of their coming."""
    project: str | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Started:
    """The job left its queue."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. Yielded by a body with the first two fields; the runner adds the last."""

    fraction: float | None
    """0…1, or None while nobody can know."""
    message: str = ""
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """A piece of the result that is ready before the rest, such as a line's sound."""

    kind: str
    data: JsonObject = field(default_factory=dict)
    arrays: "Mapping[str, NDArray[np.generic]]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended. The last event of every job."""

    state: JobState
    result: JsonObject | None = None
    error: Exception | None = None
    """A `StudioError`, or a `Bug` that holds the traceback as text."""


Event: TypeAlias = Started | Progress | Partial | Outcome
