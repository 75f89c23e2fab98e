"""Requests to the process of an engine environment, and what they ask for while they run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeAlias

from audiostudio.engines.environments.host import OPERATIONS
from audiostudio.engines.environments.wire import encoded_parts
from audiostudio.errors import StudioError
from audiostudio.jobs.failure import Cancelled
from audiostudio.jobs.job import Job, JsonObject, Outcome, Partial, Progress
from audiostudio.jobs.protocol import Array
from audiostudio.jobs.remote import Grace
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.serve import ASK
from audiostudio.jobs.store import MemoryStore
from audiostudio.script.spoken import Pause, Sentence

TICK: Final = 0.5
"""Seconds after which a silent process gives its caller a place to cancel."""
PARTS_AT_ONCE: Final = 8
_GRACE = Grace(flag=15.0, terminate=2.0)
"""To let a network come to its next yield: one that was loaded is worth waiting for."""

Answer: TypeAlias = tuple[JsonObject, Mapping[str, Array]]
Answers: TypeAlias = Mapping[str, Callable[[JsonObject], Answer]]
"""What a request may ask for, and who gives it. Called by whoever iterates over the `Call`."""


class Worker:
    """The process of one environment: started by its first request, kept warm, replaced when it died.

    Does one request at a time; a new one ends the one before.
    """

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self._runner = Runner(OPERATIONS, dict, lambda _queue: command, MemoryStore(), grace=_GRACE)
        self._name = name
        self._call: Call | None = None

    def call(self, operation: str, request: JsonObject, answers: Answers | None = None) -> "Call":
        if self._call is not None:
            self._call.close()
        self._call = Call(self._runner, Job(operation, request, f"{self._name}: {operation}"), answers or {})
        return self._call

    def close(self) -> None:
        """End the process."""
        self._runner.close()


class Call:
    """A request on its way. Iterated by one thread, which also answers what it asks for; closed in the end.

    Iterating gives its `Progress`es and `Partial`s, and None when nothing came for `TICK` seconds; `result` is there
    afterwards. Raises the `StudioError` that the engine raised, `WorkerDied` when its process did.
    """

    def __init__(self, runner: Runner, job: Job, answers: Answers) -> None:
        self._handle = runner.submit(job)
        self._events = self._handle.events()
        self._answers = answers
        self._closed = False
        self.result: JsonObject | None = None

    def __iter__(self) -> Iterator[Progress | Partial | None]:
        while self.result is None:
            if self._closed:
                raise RuntimeError("this request was closed, perhaps by another that was made meanwhile")
            event = self._events.next(TICK)
            if isinstance(event, Outcome):
                self.result = _result(event)
            elif isinstance(event, Partial) and event.kind == ASK:
                self._answer(event.data)
            elif event is None or isinstance(event, Progress | Partial):
                yield event

    def await_partial(self, kind: str) -> None:
        """Go on until the partial `kind`, passing over what comes before."""
        for event in self:
            if isinstance(event, Partial) and event.kind == kind:
                return

    def finish(self) -> JsonObject:
        """Wait for the result."""
        for _ in self:
            pass
        assert self.result is not None
        return self.result

    def close(self) -> None:
        """Have it end, if it has not; returns at once."""
        self._closed = True
        self._events.close()
        if self._handle.outcome is None:
            self._handle.cancel()

    def close_and_wait(self) -> None:
        """Have it end, and wait until nothing of it is done any more."""
        self.close()
        self._handle.wait()

    def _answer(self, data: JsonObject) -> None:
        try:
            answer, arrays = self._answers[data["want"]](data)
        except StudioError as error:
            answer, arrays = {"error": error.to_json()}, {}
        self._handle.send(answer, arrays)


def _result(outcome: Outcome) -> JsonObject:
    if outcome.error is not None:
        raise outcome.error
    if outcome.result is None:
        raise Cancelled("the studio is closed")
    return outcome.result


def parts_in_turn(parts: Iterator[Sentence | Pause]) -> Callable[[JsonObject], Answer]:
    """Gives the next few at each call: no more is read ahead."""

    def give(_asked: JsonObject) -> Answer:
        found = list(islice(parts, PARTS_AT_ONCE))
        return {"parts": encoded_parts(found), "more": len(found) == PARTS_AT_ONCE}, {}

    return give


def path_of(find: Callable[..., Any], *names: str) -> Callable[[JsonObject], Answer]:
    """Gives the path that `find` finds by the values of `names`."""
    return lambda asked: ({"path": str(find(*(asked[name] for name in names)))}, {})
