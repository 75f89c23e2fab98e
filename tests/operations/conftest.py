"""What the tests of operations work with."""

from collections.abc import Iterator

import pytest

from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from tests.engines.elevenlabs_server import ElevenLabsServer
from tests.engines.remote import account


@pytest.fixture
def studio(profile: Profile) -> Iterator[Studio]:
    studio = Studio(profile)
    yield studio
    studio.close()


@pytest.fixture
def server(studio: Studio) -> Iterator[ElevenLabsServer]:
    """With the key, nothing fetched yet."""
    with ElevenLabsServer() as running:
        account(studio.accounts, running)
        yield running
