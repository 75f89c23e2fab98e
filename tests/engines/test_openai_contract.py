"""The contract of speech engines, over a server that speaks OpenAI's interface, in each of its formats."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.models import ModelStore
from audiostudio.engines.openai_speech import provider
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.remote.accounts import Accounts
from audiostudio.engines.remote.services import FORMATS, Server
from audiostudio.engines.voices import voice_id
from audiostudio.profile import Profile
from tests.engines.contract import Speaker, SpeechContract
from tests.engines.openai_server import OpenAIServer
from tests.engines.remote import outcome


@pytest.fixture(scope="module", params=FORMATS)
def speaker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaker]:
    accounts = Accounts(Profile(tmp_path_factory.mktemp("profile")))
    with OpenAIServer(keep_alive=False) as server:
        address = f"{server.address}/v1"
        added = accounts.services.add(Server("", f"Shed {request.param}", address, format=request.param))
        registry = EngineRegistry(ModelStore(Path("nowhere")), None, accounts)
        beside = provider(accounts, registry.manifest(added.name))
        outcome(beside.refresh())
        beside.close()
        yield Speaker(registry.load(added.name), SpeechSettings(voice_id(added.name, "af_bella+af_sky")))
        registry.close()


class TestSpeechServer(SpeechContract):
    pass
