"""An empty library and small real files to put into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened
