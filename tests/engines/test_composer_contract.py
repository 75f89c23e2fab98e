"""The composer, as every engine that makes music."""

import pytest

from audiostudio.engines.base import MusicRequest
from audiostudio.engines.registry import EngineRegistry
from tests.engines.contract_music import MusicContract, Musician


class TestComposerContract(MusicContract):
    @pytest.fixture
    def musician(self, registry: EngineRegistry) -> Musician:
        return Musician(registry.musician("composer"), MusicRequest("chiptune", 6.0, seed=7))
