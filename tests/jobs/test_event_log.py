import threading
from collections.abc import Sequence

import numpy as np
import pytest

from audiostudio.jobs.job import Event, JobState, Outcome, Partial, Progress, Started
from audiostudio.jobs.log import MAX_PARTIALS, MAX_PROGRESS, EventLog
from tests.jobs.conftest import SOON

END = Outcome(JobState.DONE, {})


def sound(number: int, size: int = 100) -> Partial:
    return Partial("audio", {"number": number}, {"audio": np.zeros(size, np.uint8)})


def numbers(events: Sequence[Event]) -> list[int]:
    return [event.data["number"] for event in events if isinstance(event, Partial)]


def in_thread(log: EventLog, events: Sequence[Event]) -> threading.Thread:
    thread = threading.Thread(target=lambda: [log.post(event) for event in events])
    thread.start()
    return thread


def test_two_listeners_and_one_who_comes_late_see_the_same() -> None:
    log = EventLog()
    early = [log.read(), log.read()]
    events = [Started(), Progress(0.5), sound(1), Progress(1.0), END]
    thread = in_thread(log, events)
    assert list(early[0]) == events
    assert list(early[1]) == events
    thread.join(SOON)
    assert list(log.read()) == events
    assert list(early[0]) == []


def test_who_comes_late_misses_the_oldest_sound() -> None:
    log = EventLog(array_bytes=1000)
    for event in (Started(), *map(sound, range(25)), END):
        log.post(event)
    seen = list(log.read())
    assert seen[0] == Started()
    assert numbers(seen) == list(range(15, 25))
    assert seen[-1] == END
    assert log.forgotten == 15


def test_one_partial_is_held_whatever_its_size() -> None:
    log = EventLog(array_bytes=1000)
    for event in (sound(1), sound(2, 5000), END):
        log.post(event)
    assert numbers(list(log.read())) == [2]


@pytest.mark.long
def test_small_partials_and_progress_are_bounded_too() -> None:
    log = EventLog()
    for number in range(MAX_PARTIALS + 10):
        log.post(Partial("line", {"number": number}))
        log.post(Progress(number / 10_000))
    log.post(END)
    seen = list(log.read())
    assert numbers(seen) == list(range(10, MAX_PARTIALS + 10))
    progress = [event for event in seen if isinstance(event, Progress)]
    assert len(progress) == MAX_PROGRESS
    assert progress[-1] == Progress((MAX_PARTIALS + 9) / 10_000)


def test_the_job_waits_for_a_slow_listener_who_misses_nothing() -> None:
    log = EventLog(array_bytes=1000)
    slow = log.read()
    thread = in_thread(log, [*map(sound, range(50)), END])
    assert numbers(list(slow)) == list(range(50))
    thread.join(SOON)
    assert not thread.is_alive()


def test_a_listener_who_goes_away_holds_nothing_back() -> None:
    log = EventLog(array_bytes=1000)
    closed, collected = log.read(), log.read()
    thread = in_thread(log, [*map(sound, range(50)), END])
    next(closed)
    closed.close()
    del collected
    thread.join(SOON)
    assert not thread.is_alive()
    assert list(closed) == []


def test_release_lets_the_job_go_on_without_its_listeners() -> None:
    log = EventLog(array_bytes=1000)
    stuck = log.read()
    thread = in_thread(log, [*map(sound, range(50)), END])
    assert numbers([next(stuck)]) == [0]
    log.release()
    thread.join(SOON)
    assert not thread.is_alive()
    assert list(stuck)[-1] == END


def test_nothing_comes_after_the_outcome() -> None:
    log = EventLog()
    log.post(END)
    log.post(Progress(1.0))
    log.post(Outcome(JobState.CANCELLED))
    assert list(log.read()) == [END]


def test_closing_ends_an_iteration_that_waits_in_another_thread() -> None:
    log = EventLog()
    listener = log.read()
    log.post(Started())
    seen: list[Event] = []
    first = threading.Event()

    def listen() -> None:
        for event in listener:  # an error here is a warning of pytest, and so an error of the test
            seen.append(event)
            first.set()

    thread = threading.Thread(target=listen)
    thread.start()
    assert first.wait(SOON)
    listener.close()
    thread.join(SOON)
    assert not thread.is_alive()
    assert seen == [Started()]
