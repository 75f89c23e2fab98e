"""The contract of speech engines, over ElevenLabs' interface on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.remote.accounts import Accounts
from audiostudio.profile import Profile
from tests.engines.contract import Speaker, SpeechContract
from tests.engines.elevenlabs_server import GEORGE, ElevenLabsServer
from tests.engines.remote import refreshed


@pytest.fixture(scope="module")
def speaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaker]:
    accounts = Accounts(Profile(tmp_path_factory.mktemp("profile")))
    with ElevenLabsServer(keep_alive=False) as server:
        refreshed(accounts, server)
        registry = EngineRegistry(ModelStore(Path("nowhere")), None, accounts)
        yield Speaker(registry.load("elevenlabs"), SpeechSettings(f"elevenlabs/{GEORGE}"))
        registry.close()


class TestElevenLabs(SpeechContract):
    pass
