"""What the tests of samples and voices work with."""

import pytest

from audiostudio.engines.registry import EngineRegistry
from tests.voices.recordings import Clips


@pytest.fixture(scope="session")
def clips(registry: EngineRegistry) -> Clips:
    """Clean speech, made once."""
    return Clips(registry)
