"""The composer, as every engine that makes music."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.engines.base import MusicRequest
from audiostudio.engines.composer import create
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from tests.engines.contract_music import MusicContract, Musician


@pytest.fixture(scope="module")
def composer(registry: EngineRegistry, models_dir: Path) -> Iterator[Musician]:
    engine = create(ModelStore(models_dir), registry.manifest("composer"))
    yield Musician(engine, MusicRequest("chiptune", 6.0, seed=7))
    engine.close()


class TestComposerContract(MusicContract):
    @pytest.fixture
    def musician(self, composer: Musician) -> Musician:
        return composer
