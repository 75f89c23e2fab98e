"""Queues, threads, the store, who listens."""

import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from audiostudio.errors import DiskFull, NotFound, RequestError
from audiostudio.jobs.failure import Bug, Cancelled
from audiostudio.jobs.handle import Handle
from audiostudio.jobs.job import Job, JobState, JsonObject, Outcome, Partial, Progress, Started
from audiostudio.jobs.operation import Operation, Place
from audiostudio.jobs.owner import Owner
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from tests.jobs.bodies import Events
from tests.jobs.conftest import SHORT, SOON, job, running, worker_command

Make = Callable[..., Runner]


class Gate:
    """An operation whose jobs wait until they are let through, and that remembers their order."""

    def __init__(self, **options: Any) -> None:
        self.order: list[Any] = []
        self.begun, self.open = threading.Event(), threading.Event()
        self.operations = {"gate": Operation("gate", self.body, Place.THREAD, "gate", **options)}

    def body(self, context: Any, request: JsonObject) -> Events:
        self.order.append(request["n"])
        self.begun.set()
        yield Progress(0.0)
        assert self.open.wait(SOON)
        yield Progress(1.0)
        return {"n": request["n"]}


def runner_of(operations: dict[str, Operation], store: MemoryStore, **options: Any) -> Runner:
    return Runner(operations, lambda: "the context", worker_command, store, **options)


def test_a_job_in_a_thread(runner: Runner, store: MemoryStore) -> None:
    handle = runner.submit(job("count here", {"to": 2}))
    events = list(handle.events())
    assert events[0] == Started()
    assert [event.fraction for event in events if isinstance(event, Progress)] == [0.5, 1.0]
    assert handle.result()["context"] == "the context"
    assert handle.result()["thread"] == "jobs-here"
    stored = store.get(handle.job.id)
    assert stored.state is JobState.DONE
    assert stored.result == handle.result()
    assert stored.progress.fraction == 1.0


def test_priorities_first_then_the_order_of_coming(store: MemoryStore) -> None:
    gate = Gate()
    with runner_of(gate.operations, store) as runner:
        first = runner.submit(job("gate", {"n": "first"}))
        assert gate.begun.wait(SOON)
        rest = [
            runner.submit(job("gate", {"n": (priority, number)}, priority=priority))
            for number in range(3)
            for priority in (0, 5, -5)
        ]
        assert [handle.state for handle in rest] == [JobState.QUEUED] * 9
        assert runner.active() == [first, *rest]
        gate.open.set()
        for handle in rest:
            handle.wait(SOON)
        assert runner.active() == []
    assert gate.order == ["first", *((priority, number) for priority in (5, 0, -5) for number in range(3))]


def test_queues_do_not_wait_for_each_other(store: MemoryStore) -> None:
    gate, other = Gate(), Gate()
    operations = {**gate.operations, "other": Operation("other", other.body, Place.THREAD, "other")}
    other.open.set()
    with runner_of(operations, store) as runner:
        held = runner.submit(job("gate", {"n": 1}))
        assert runner.submit(job("other", {"n": 2})).wait(SOON).state is JobState.DONE
        assert held.state in (JobState.QUEUED, JobState.RUNNING)
        gate.open.set()
        held.wait(SOON)


def test_a_waiting_job_is_cancelled_at_once(store: MemoryStore) -> None:
    gate = Gate()
    with runner_of(gate.operations, store) as runner:
        runner.submit(job("gate", {"n": 1}))
        assert gate.begun.wait(SOON)
        waiting = runner.submit(job("gate", {"n": 2}))
        waiting.cancel()
        assert waiting.wait(0) == Outcome(JobState.CANCELLED)
        assert list(waiting.events()) == [Outcome(JobState.CANCELLED)]
        assert store.get(waiting.job.id).state is JobState.CANCELLED
        with pytest.raises(Cancelled):
            waiting.result()
        waiting.cancel()
        gate.open.set()
    assert gate.order == [1]


def test_a_thread_is_cancelled_at_its_next_yield(runner: Runner, tmp_path: Path) -> None:
    handle = runner.submit(job("wait here", {"trace": str(tmp_path / "trace")}))
    running(handle)
    handle.cancel()
    assert handle.wait(SOON) == Outcome(JobState.CANCELLED)
    assert (tmp_path / "trace").read_text() == "cleaned up"
    handle.cancel()
    assert handle.state is JobState.CANCELLED


def test_cancel_frees_a_job_that_waits_for_its_listener(runner: Runner) -> None:
    handle = runner.submit(job("arrays here", {"count": 10_000, "samples": 2**22}))
    listener = handle.events()
    running(handle)
    handle.cancel()
    assert handle.wait(SOON).state is JobState.CANCELLED
    assert [event for event in listener if isinstance(event, Outcome)] == [Outcome(JobState.CANCELLED)]


def test_errors_and_bugs_in_a_thread(runner: Runner, store: MemoryStore) -> None:
    failed = runner.submit(job("fail here"))
    with pytest.raises(DiskFull):
        failed.result()
    assert store.get(failed.job.id).error == {
        "error": "DiskFull",
        "sentence": "The disk is full.",
        "hint": "Free some space.",
    }
    bug = runner.submit(job("fail here", {"bug": True}))
    with pytest.raises(Bug, match="a planted bug"):
        bug.result()
    stored = store.get(bug.job.id)
    assert stored.state is JobState.FAILED
    assert stored.error is not None
    assert stored.error["sentence"] == "KeyError: 'a planted bug'"
    assert "bodies.py" in stored.error["traceback"]
    assert runner.submit(job("count here", {"to": 1})).result()["counted"] == 1


def test_a_context_that_cannot_be_built_is_the_jobs_error_and_is_tried_again(store: MemoryStore) -> None:
    full = [True]

    def context() -> str:
        if full.pop():
            full.append(False)
            raise DiskFull("The disk is full.")
        return "built"

    gate = Gate()
    gate.open.set()
    with Runner(gate.operations, context, worker_command, store) as runner:
        with pytest.raises(DiskFull):
            runner.submit(job("gate", {"n": 1})).result()
        assert runner.submit(job("gate", {"n": 2})).result() == {"n": 2}


def test_ending_the_program_from_a_body_is_a_bug_not_the_end(store: MemoryStore) -> None:
    def body(context: Any, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
        yield Progress(None)
        raise SystemExit(3)

    with runner_of({"quit": Operation("quit", body, Place.THREAD)}, store) as runner:
        for _ in range(2):
            with pytest.raises(Bug, match="SystemExit: 3"):
                runner.submit(job("quit")).result()


def test_retry_is_the_same_request_as_a_new_job(runner: Runner, store: MemoryStore) -> None:
    first = runner.submit(job("fail here", {"n": 1}, priority=4, project="p"))
    first.wait(SOON)
    again = runner.retry(first.job.id)
    assert again.wait(SOON).state is JobState.FAILED
    assert again.job.id != first.job.id
    assert (again.job.operation, again.job.request, again.job.title) == ("fail here", {"n": 1}, "fail here")
    assert (again.job.priority, again.job.project) == (4, "p")
    assert {stored.job.id for stored in store.jobs()} == {first.job.id, again.job.id}
    with pytest.raises(NotFound):
        runner.retry("nobody")


def test_previews_are_not_stored_but_can_be_run_again(runner: Runner, store: MemoryStore) -> None:
    handle = runner.submit(job("preview", {"to": 1}))
    handle.wait(SOON)
    assert runner.retry(handle.job.id).result()["counted"] == 1
    assert store.jobs() == []


def test_an_unknown_operation_is_refused(runner: Runner, store: MemoryStore) -> None:
    with pytest.raises(RequestError, match="cannot do “dance”"):
        runner.submit(job("dance"))
    assert store.jobs() == []


def test_who_listens_sees_every_state(runner: Runner) -> None:
    seen: list[tuple[str, JobState]] = []
    told = threading.Event()

    def callback(handle: Handle) -> None:
        seen.append((handle.job.operation, handle.state))
        if handle.state in (JobState.DONE, JobState.FAILED):
            told.set()

    unlisten = runner.listen(callback)
    runner.submit(job("count here", {"to": 1}))
    assert told.wait(SOON)
    assert seen == [("count here", state) for state in (JobState.QUEUED, JobState.RUNNING, JobState.DONE)]
    unlisten()
    unlisten()
    runner.submit(job("count here", {"to": 1})).wait(SOON)
    assert len(seen) == 3


def test_a_listener_with_a_bug_is_logged_and_nothing_else(runner: Runner, logged_errors: list[Any]) -> None:
    runner.listen(lambda _: 1 / 0)  # type: ignore[arg-type, return-value]
    assert runner.submit(job("count here", {"to": 1})).result()["counted"] == 1
    runner.close(SHORT)
    assert len(logged_errors) == 3
    logged_errors.clear()


class CountingStore(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.stored: list[float | None] = []

    def update(self, job_id: str, **changes: Any) -> bool:
        if changes.get("progress") is not None and changes.get("state") is None:
            self.stored.append(changes["progress"].fraction)
        return super().update(job_id, **changes)


def test_progress_is_stored_once_a_second_and_tells_the_time_left() -> None:
    now = [0.0]

    def body(context: Any, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
        for step in range(100):
            yield Progress(step / 100)
            now[0] += 0.25
        return {}

    store = CountingStore()
    operations = {"steps": Operation("steps", body, Place.THREAD)}
    with runner_of(operations, store, clock=lambda: now[0]) as runner:
        handle = runner.submit(job("steps"))
        events = [event for event in handle.events() if isinstance(event, Progress)]
    assert store.stored == [step / 100 for step in range(4, 100, 4)]
    assert [event.seconds_left for event in events[:4]] == [None] * 4
    assert [event.seconds_left for event in events[4:]] == pytest.approx([25 - 0.25 * n for n in range(4, 100)])


class SlowStore(MemoryStore):
    """A store that another program holds for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.free = threading.Event(), threading.Event()

    def add(self, job: Job, owner: Owner) -> None:
        self.asked.set()
        assert self.free.wait(SOON)
        super().add(job, owner)


def test_a_slow_store_holds_up_only_who_submits() -> None:
    gate, store = Gate(), SlowStore()
    with runner_of(gate.operations, store) as runner:
        submitting = threading.Thread(target=lambda: runner.submit(job("gate", {"n": 1})))
        submitting.start()
        assert store.asked.wait(SOON)
        answers: list[list[Handle]] = []
        asking = threading.Thread(target=lambda: answers.append(runner.active()), daemon=True)
        asking.start()
        asking.join(SOON / 2)
        assert answers == [[]]
        store.free.set()
        gate.open.set()
        submitting.join(SOON)


def test_a_runner_closed_while_a_job_is_stored_leaves_it_interrupted() -> None:
    gate, store = Gate(), SlowStore()
    runner = runner_of(gate.operations, store)
    refused: list[type[BaseException]] = []

    def submit() -> None:
        with pytest.raises(RuntimeError) as caught:
            runner.submit(job("gate", {"n": 1}))
        refused.append(caught.type)

    submitting = threading.Thread(target=submit)
    submitting.start()
    assert store.asked.wait(SOON)
    runner.close()
    store.free.set()
    submitting.join(SOON)
    assert refused == [RuntimeError]
    assert [stored.state for stored in store.jobs()] == [JobState.INTERRUPTED]


class BrokenStore(MemoryStore):
    def update(self, job_id: str, **changes: Any) -> bool:
        raise DiskFull("The disk is full.")


def test_a_store_that_cannot_write_does_not_lose_the_result() -> None:
    gate = Gate()
    gate.open.set()
    with runner_of(gate.operations, BrokenStore()) as runner:
        assert runner.submit(job("gate", {"n": 1})).result() == {"n": 1}


def test_close_interrupts_what_waits_and_what_runs(store: MemoryStore, tmp_path: Path, make_runner: Make) -> None:
    runner = make_runner()
    ran = runner.submit(job("wait here", {"trace": str(tmp_path / "trace")}))
    waits = runner.submit(job("count here", {"to": 1}))
    listener = waits.events()
    running(ran)
    runner.close()
    for handle in (ran, waits):
        assert handle.wait(0).state is JobState.INTERRUPTED
        assert store.get(handle.job.id).state is JobState.INTERRUPTED
        with pytest.raises(Cancelled):
            handle.result()
    assert list(listener)[-1] == Outcome(JobState.INTERRUPTED)
    assert (tmp_path / "trace").read_text() == "cleaned up"
    with pytest.raises(RuntimeError):
        runner.submit(job("count here", {"to": 1}))
    runner.close()


@pytest.mark.long
def test_close_does_not_wait_for_ever_for_a_thread(store: MemoryStore) -> None:
    gate = Gate()
    runner = runner_of(gate.operations, store)
    handle = runner.submit(job("gate", {"n": 1}))
    assert gate.begun.wait(SOON)
    runner.close(SHORT)
    assert handle.wait(0).state is JobState.INTERRUPTED
    gate.open.set()
    runner.close(SHORT)
    assert handle.outcome == Outcome(JobState.INTERRUPTED)
    assert store.get(handle.job.id).state is JobState.INTERRUPTED


def test_wait_has_a_timeout(store: MemoryStore) -> None:
    gate = Gate()
    with runner_of(gate.operations, store) as runner:
        handle = runner.submit(job("gate", {"n": 1}))
        with pytest.raises(TimeoutError):
            handle.wait(0.01)
        gate.open.set()
        handle.wait(SOON)


def test_many_jobs_from_many_threads(runner: Runner) -> None:
    results: list[int] = []

    def submit(count: int) -> None:
        for number in range(count):
            results.append(runner.submit(job("count here", {"to": number})).result()["counted"])

    threads = [threading.Thread(target=submit, args=(20,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    assert sorted(results) == sorted(list(range(20)) * 8)
