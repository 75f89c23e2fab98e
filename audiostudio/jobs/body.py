"""Running an operation's body: the same in a thread and in a worker process."""

import contextlib
from collections.abc import Callable
from typing import Any

from audiostudio.errors import StudioError
from audiostudio.jobs.failure import Bug, Cancelled
from audiostudio.jobs.job import JobState, JsonObject, Outcome, Partial, Progress
from audiostudio.jobs.operation import Body


def run_body(
    body: Body,
    context: Callable[[], Any],
    request: JsonObject,
    cancelled: Callable[[], bool],
    emit: Callable[[Progress | Partial], None],
) -> Outcome:
    """Run `body` to its end, or until `cancelled()` holds at one of its yields: then its clean-up runs.

    Raises nothing but `MemoryError`, and what ends the process.
    """
    try:
        if cancelled():
            return Outcome(JobState.CANCELLED)
        with contextlib.closing(body(context(), request)) as events:
            while True:
                try:
                    event = next(events)
                except StopIteration as stop:
                    return Outcome(JobState.DONE, _checked(stop.value))
                if cancelled():
                    break
                emit(event)
        return Outcome(JobState.CANCELLED)
    except Cancelled:
        return Outcome(JobState.CANCELLED)
    except StudioError as error:
        return Outcome(JobState.FAILED, error=error)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes an outcome
        return Outcome(JobState.FAILED, error=Bug.of(error))


def _checked(result: object) -> JsonObject:
    if not isinstance(result, dict):
        raise TypeError(f"a body returned {type(result).__name__}, not a JSON object")
    return result
