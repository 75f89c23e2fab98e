"""The performance of each engine that can be drawn, in sentences and voices chosen now."""

import os
import random
from pathlib import Path

import pytest

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.registry import EngineRegistry
from tests.engines.contract_performance import SENTENCES, PerformanceContract, Performer
from tests.engines.test_speech_contract import ENGINES, HEAVY

pytestmark = pytest.mark.models

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])
"""In the names of the tests, so that a failure can be had again."""
KINDS = [
    ("tone", "en-us", "neutral"),
    ("hibari", "en-us", "female"),
    ("kokoro", "en-us", "female"),
    ("kokoro", "en-us", "male"),
    ("kokoro", "es", "male"),
    ("kokoro", "hi", "female"),
    ("kokoro", "fr", "female"),
]


SAMPLED = [*KINDS[:2], random.Random(SEED).choice(KINDS[2:])]
"""What `./test` plays: each engine, Kokoro with one kind of voice. `./test --full` plays them all."""


def _marks(kind: tuple[str, str, str]) -> list[pytest.MarkDecorator]:
    if kind not in SAMPLED:
        return [pytest.mark.full]
    return [pytest.mark.long] if kind[0] in HEAVY else []


def test_every_engine_that_says_it_can_be_drawn_is_here(registry: EngineRegistry) -> None:
    able = {name for name in ENGINES if registry.manifest(name).capabilities.performance}
    assert able == {engine for engine, _, _ in KINDS}


class TestPerformance(PerformanceContract):
    @pytest.fixture(
        params=[pytest.param(kind, id=f"{'-'.join(kind)}-seed{SEED}", marks=_marks(kind)) for kind in KINDS]
    )
    def performer(self, request: pytest.FixtureRequest, registry: EngineRegistry, tmp_path: Path) -> Performer:
        engine, language, gender = request.param
        assert language in SENTENCES
        able = [
            voice.id
            for voice in registry.voices()
            if voice.engine == engine and voice.language == language and voice.gender == gender
        ]
        rng = random.Random(f"{SEED} {request.node.name}")
        return Performer(registry.load(engine), SpeechSettings(rng.choice(able)), language, tmp_path, rng)
