"""The registry with the real models, and its engines, loaded once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry


@pytest.fixture(scope="session")
def registry(models_dir: Path) -> Iterator[EngineRegistry]:
    engines = EngineRegistry(ModelStore(models_dir))
    yield engines
    engines.close()
