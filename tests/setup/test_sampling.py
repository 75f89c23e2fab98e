"""What is long is tested now and then, all of it."""

from tests.sampling import ONE_IN, drawn

TESTS = [f"tests/engines/test_kokoro.py::test_number_{number}" for number in range(200)]


def test_every_long_test_has_its_turn() -> None:
    assert {test for test in TESTS for seed in range(60) if drawn(test, str(seed))} == set(TESTS)


def test_each_run_draws_about_one_in_four_and_others_than_the_last() -> None:
    runs = [{test for test in TESTS if drawn(test, str(seed))} for seed in range(50)]
    assert all(len(TESTS) / ONE_IN / 2 < len(run) < len(TESTS) / ONE_IN * 2 for run in runs)
    assert len({frozenset(run) for run in runs}) == len(runs)
