"""Worker processes, real ones: how they run, how they die, how they are stopped."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audiostudio.errors import DiskFull, WorkerDied
from audiostudio.jobs.failure import Bug
from audiostudio.jobs.job import JobState, Outcome, Partial, Progress, Started
from audiostudio.jobs.owner import Owner
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from tests.jobs.bodies import OPERATIONS
from tests.jobs.conftest import SHORT, SOON, children, job, python, running


def test_a_job_runs_in_a_process_of_its_own_that_is_kept_warm(runner: Runner) -> None:
    first = runner.submit(job("count", {"to": 3}))
    events = list(first.events())
    assert events[0] == Started()
    assert [event.message for event in events if isinstance(event, Progress)] == ["step 1", "step 2", "step 3"]
    assert isinstance(events[-1], Outcome)
    assert events[-1].state is JobState.DONE
    result = first.result()
    assert result["context"] == "the worker's context"
    assert result["pid"] in children()
    assert runner.submit(job("count", {"to": 1})).result()["pid"] == result["pid"]


def test_arrays_arrive_as_they_were_sent(runner: Runner) -> None:
    handle = runner.submit(job("arrays", {"count": 5, "samples": 100_000}))
    partials = [event for event in handle.events() if isinstance(event, Partial)]
    assert [partial.data["number"] for partial in partials] == [0, 1, 2, 3, 4]
    for number, partial in enumerate(partials):
        audio = partial.arrays["audio"]
        assert audio.dtype == np.float32
        assert audio.shape == (100_000,)
        assert np.all(audio == number)


def test_a_partial_of_100_megabytes(runner: Runner) -> None:
    handle = runner.submit(job("arrays", {"count": 2, "samples": 25_000_000}))
    sizes = [
        (event.arrays["audio"].nbytes, event.arrays["audio"][-1])
        for event in handle.events()
        if isinstance(event, Partial)
    ]
    assert sizes == [(100_000_000, 0.0), (100_000_000, 1.0)]


def test_prints_do_not_disturb_the_pipe(runner: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    handle = runner.submit(job("chatter"))
    partials = [event for event in handle.events() if isinstance(event, Partial)]
    assert [partial.data["step"] for partial in partials] == list(range(20))
    assert handle.result() == {"stdin": ""}
    assert capfd.readouterr() == ("", "")


def test_what_prints_before_it_serves_is_not_a_frame(store: MemoryStore) -> None:
    with Runner(OPERATIONS, dict, lambda _: python("print('hello from a plug-in')"), store) as runner:
        handle = runner.submit(job("count", {"to": 1}))
        with pytest.raises(WorkerDied, match="does not understand: no frame begins with b'hello from"):
            handle.result()


def test_a_studio_error_comes_back_as_itself(runner: Runner) -> None:
    with pytest.raises(DiskFull) as caught:
        runner.submit(job("fail")).result()
    assert (caught.value.sentence, caught.value.hint) == ("The disk is full.", "Free some space.")


def test_a_bug_comes_back_with_its_traceback(runner: Runner) -> None:
    with pytest.raises(Bug) as caught:
        runner.submit(job("fail", {"bug": True})).result()
    assert "bodies.py" in caught.value.traceback
    assert caught.value.sentence == "KeyError: 'a planted bug'"


@pytest.mark.parametrize(
    ("what", "said"),
    [("dtype", "has dtype object"), ("json", "partial is not JSON"), ("nan", "partial is not JSON"),
     ("result", "done is not JSON"), ("none", "a body returned str")],
)  # fmt: skip
def test_what_no_frame_carries_is_a_bug_and_the_worker_lives_on(runner: Runner, what: str, said: str) -> None:
    before = runner.submit(job("count", {"to": 1})).result()["pid"]
    with pytest.raises(Bug, match=said):
        runner.submit(job("strange", {"what": what})).result()
    assert runner.submit(job("count", {"to": 1})).result()["pid"] == before


def test_a_request_that_is_not_json_is_a_bug(runner: Runner) -> None:
    with pytest.raises(Bug, match="run is not JSON"):
        runner.submit(job("count", {"to": {1}})).result()
    assert runner.submit(job("count", {"to": 1})).result()["counted"] == 1


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("segfault", "The worker crashed (SIGSEGV)."),
        ("abort", "The worker crashed (SIGABRT)."),
        ("exit", "The worker ended by itself (exit code 3): a last word."),
        ("hard exit", "The worker ended by itself (exit code 5)"),
        ("bad_alloc", "The worker ran out of memory."),
        ("gpu memory", "The worker ran out of GPU memory."),
    ],
)
def test_a_worker_that_dies_says_why_and_the_next_job_runs(runner: Runner, how: str, sentence: str) -> None:
    handle = runner.submit(job("die", {"how": how}))
    outcome = handle.wait(SOON)
    assert outcome.state is JobState.FAILED
    assert isinstance(outcome.error, WorkerDied)
    assert outcome.error.sentence.startswith(sentence)
    assert outcome.error.hint
    assert runner.submit(job("count", {"to": 1})).result()["counted"] == 1


def test_kill_9_in_the_middle_of_a_job(runner: Runner, tmp_path: Path) -> None:
    handle = runner.submit(job("wait", {"trace": str(tmp_path / "trace")}))
    pid = running(handle).data["pid"]
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerDied, match=r"killed \(signal 9\).*memory"):
        handle.result()
    assert runner.submit(job("count", {"to": 1})).result()["pid"] != pid


def test_a_worker_that_died_while_it_waited_is_replaced(runner: Runner) -> None:
    for _ in range(5):
        pid = runner.submit(job("count", {"to": 1})).result()["pid"]
        os.kill(pid, signal.SIGKILL)  # the next job may meet it dead, dying or just before
        assert runner.submit(job("count", {"to": 1})).result()["pid"] != pid


def test_a_worker_that_cannot_be_started(runner: Runner) -> None:
    with pytest.raises(WorkerDied, match="could not be started: No such file"):
        runner.submit(job("no worker", {"to": 1})).result()


def test_the_memory_limit(runner: Runner) -> None:
    with pytest.raises(WorkerDied, match="needed more than the 2 GB of memory"):
        runner.submit(job("limited", {"how": "memory"})).result()
    assert runner.submit(job("limited count", {"to": 1})).result()["counted"] == 1


def test_the_time_limit(make_runner: Callable[..., Runner], tmp_path: Path) -> None:
    handle = make_runner(grace=SHORT).submit(job("timed", {"trace": str(tmp_path / "trace")}))
    with pytest.raises(WorkerDied, match=r"longer than the 0\.3 seconds it may take"):
        handle.result()
    assert (tmp_path / "trace").read_text() == "cleaned up"


def test_cancel_cleans_up_at_the_next_yield_and_keeps_the_worker(runner: Runner, tmp_path: Path) -> None:
    handle = runner.submit(job("wait", {"trace": str(tmp_path / "trace")}))
    pid = running(handle).data["pid"]
    handle.cancel()
    assert handle.wait(SOON) == Outcome(JobState.CANCELLED)
    assert (tmp_path / "trace").read_text() == "cleaned up"
    assert runner.submit(job("count", {"to": 1})).result()["pid"] == pid


def test_a_body_that_never_yields_is_terminated_with_its_clean_up(
    make_runner: Callable[..., Runner], tmp_path: Path
) -> None:
    runner = make_runner(grace=SHORT)
    handle = runner.submit(job("hang", {"trace": str(tmp_path / "trace")}))
    pid = running(handle).data["pid"]
    handle.cancel()
    assert handle.wait(SOON).state is JobState.CANCELLED
    assert (tmp_path / "trace").read_text() == "cleaned up"
    assert runner.submit(job("count", {"to": 1})).result()["pid"] != pid


@pytest.mark.parametrize("stubborn", ["ignore", "hang_in_c"])
def test_a_body_that_ignores_everything_is_killed(make_runner: Callable[..., Runner], stubborn: str) -> None:
    runner = make_runner(grace=SHORT)
    handle = runner.submit(job(stubborn))
    pid = running(handle).data["pid"]
    owner = Owner.of(pid)
    handle.cancel()
    assert handle.wait(SOON).state is JobState.CANCELLED
    assert owner.alive() is False
    assert runner.submit(job("count", {"to": 1})).result()["pid"] != pid


def test_cancel_before_the_worker_has_begun(make_runner: Callable[..., Runner]) -> None:
    runner = make_runner(grace=SHORT)
    for warm in (False, True):
        handle = runner.submit(job("hang_in_c"))
        next(handle.events())
        handle.cancel()
        assert handle.wait(SOON).state is JobState.CANCELLED
        if not warm:
            assert runner.submit(job("count", {"to": 1})).result()["counted"] == 1


def test_close_ends_workers_at_work(make_runner: Callable[..., Runner], tmp_path: Path) -> None:
    runner = make_runner()
    handles = [
        runner.submit(job("ignore")),
        runner.submit(job("count", {"to": 1})),
        runner.submit(job("limited count", {"to": 1})),
    ]
    owner = Owner.of(running(handles[0]).data["pid"])
    runner.close(SHORT)
    assert [handle.wait(0).state for handle in handles[:2]] == [JobState.INTERRUPTED] * 2
    assert owner.alive() is False
    assert not children()


def test_events_of_a_slow_listener_are_all_there(runner: Runner) -> None:
    handle = runner.submit(job("arrays", {"count": 40, "samples": 2**20}))
    listener = handle.events()
    numbers = [event.data["number"] for event in listener if isinstance(event, Partial)]
    assert numbers == list(range(40))
    late = [event.data["number"] for event in handle.events() if isinstance(event, Partial)]
    assert late == list(range(40 - 16, 40))
    assert handle.forgotten == 24


def test_a_job_asks_whoever_submitted_it(runner: Runner, tmp_path: Path) -> None:
    for _ in range(2):
        handle = runner.submit(job("ask", {"times": 3, "trace": str(tmp_path / "trace")}))
        asked = []
        for event in handle.events():
            if isinstance(event, Partial):
                asked.append(event.data["number"])
                handle.send({"plus": 0.5}, {"x": np.full(1000, len(asked), np.float32)})
        assert asked == [0, 1, 2]
        assert handle.result() == {"total": 6001.5}


def test_a_job_that_waits_for_an_answer_is_cancelled_and_its_worker_lives_on(runner: Runner, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    handle = runner.submit(job("ask", {"times": 1, "trace": str(trace)}))
    running(handle)
    handle.cancel()
    assert handle.wait(SOON).state is JobState.CANCELLED
    assert trace.read_text() == "cleaned up"
    again = runner.submit(job("ask", {"times": 1, "trace": str(trace)}))
    running(again)
    again.send({"plus": 7}, {"x": np.zeros(1, np.float32)})
    assert again.result() == {"total": 7.0}


@pytest.mark.long
def test_a_listener_can_look_whether_something_came(runner: Runner, tmp_path: Path) -> None:
    handle = runner.submit(job("hang", {"trace": str(tmp_path / "trace")}))
    events = handle.events()
    while not isinstance(events.next(SOON), Partial):
        pass
    assert events.next(0.01) is None
    handle.cancel()
    assert isinstance(events.next(SOON), Outcome)
    assert events.next(SOON) is None
