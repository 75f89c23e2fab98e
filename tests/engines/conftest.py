"""What `./test` leaves to `./test --full`."""

import os
import random
from collections.abc import Iterator

import pytest

from audiostudio.engines.environments.calls import Worker
from audiostudio.engines.environments.store import Environments

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])


def pytest_itemcollected(item: pytest.Item) -> None:
    """Of the values that a contract tries Kokoro with, `./test` takes one, and of its performances half, others with
    each seed: the faster engines prove what they share with it."""
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return
    values = dict(item.callspec.params)
    performing = "performer" in values
    speaking = values.pop("speaker", None) or values.pop("performer", None)
    if "kokoro" not in (speaking, *(speaking if isinstance(speaking, tuple) else ())):
        return
    if performing and random.Random(f"{SEED} {item.originalname}").random() < 0.5:
        item.add_marker(pytest.mark.full)
    for mark in item.iter_markers("parametrize"):
        if mark.args[0] in values and mark.args[1][SEED % len(mark.args[1])] != values[mark.args[0]]:
            item.add_marker(pytest.mark.full)


@pytest.fixture(scope="module")
def worker(environments: Environments) -> Iterator[Worker]:
    """The process of the engines with PyTorch: one for the tests of a module."""
    worker = Worker("torch", environments.command("torch"))
    yield worker
    worker.close()
