import random

import pytest

from audiostudio.jobs.eta import TimeLeft


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_nothing_is_said_before_it_can_be_known(clock: Clock) -> None:
    left = TimeLeft(clock)
    assert left.update(0.0) is None
    clock.now += 0.5
    assert left.update(0.1) is None
    clock.now += 0.4
    assert left.update(0.2) is None


def test_an_even_pace_is_foretold_exactly(clock: Clock) -> None:
    left = TimeLeft(clock)
    for second in range(100):
        said = left.update(second / 100)
        if second >= 4:
            assert said == pytest.approx(100 - second, rel=1e-6)
        clock.now += 1
    assert left.update(1.0) == 0.0


def test_unknown_progress_has_no_time_left(clock: Clock) -> None:
    left = TimeLeft(clock)
    for fraction in (None, float("nan"), 0.1, 0.2, None):
        said = left.update(fraction)
        clock.now += 5
    assert said is None


def test_a_job_that_stands_still_is_not_foretold(clock: Clock) -> None:
    left = TimeLeft(clock)
    for _ in range(50):
        assert left.update(0.0) is None
        clock.now += 1


def test_uneven_steps_do_not_make_it_jump(clock: Clock) -> None:
    """Steps of 0.2 to 3 seconds, as lines of a script take, and one that takes 20."""
    chance = random.Random(7)
    left, fraction, before, shown = TimeLeft(clock), 0.0, clock.now, None
    for step in range(200):
        said = left.update(fraction)
        if said is not None and shown is not None and step > 10:
            elapsed = clock.now - before
            assert abs(said - (shown - elapsed)) <= 0.35 * shown + elapsed
        before, shown = clock.now, said
        fraction += 1 / 200
        clock.now += 20 if step == 100 else chance.uniform(0.2, 3)


def test_a_part_that_was_there_already_does_not_count_for_long(clock: Clock) -> None:
    """Taken up again at 90 %, then 1 % a second."""
    left = TimeLeft(clock)
    left.update(0.0)
    said = None
    for second in range(8):
        clock.now += 1
        said = left.update(0.9 + second / 100)
    assert said == pytest.approx(3, abs=1.5)


def test_it_follows_a_change_of_pace(clock: Clock) -> None:
    left, fraction, said = TimeLeft(clock), 0.0, None
    for step in range(120):
        said = left.update(fraction)
        fraction += 0.01 if step < 40 else 0.002
        clock.now += 1
    assert said == pytest.approx((1 - fraction + 0.002) / 0.002, rel=0.15)


def test_progress_that_runs_back_and_out_of_range(clock: Clock) -> None:
    left = TimeLeft(clock)
    for fraction in (0.5, 0.4, 0.3, 0.2, -1.0):
        said = left.update(fraction)
        clock.now += 1
    assert said is None
    assert left.update(7.0) == 0.0
