"""A plugin of pytest that leaves out most of what is marked `long`: each run of `./test` draws others.

`./test --full` and `./test PATH` run them all.
"""

import hashlib
import os

import pytest

ONE_IN = 4


def drawn(test: str, seed: str) -> bool:
    """Whether a run with this seed has that test."""
    return hashlib.sha256(f"{seed} {test}".encode()).digest()[0] % ONE_IN == 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seed = os.environ["AUDIOSTUDIO_TEST_SEED"]  # the same in each process of a run
    left_out = [item for item in items if item.get_closest_marker("long") and not drawn(item.nodeid, seed)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
