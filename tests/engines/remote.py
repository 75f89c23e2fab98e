"""Accounts at servers on loopback."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from audiostudio.engines.elevenlabs import provider
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.remote.accounts import Accounts
from tests.engines.elevenlabs_server import KEY, ElevenLabsServer


def account(accounts: Accounts, server: ElevenLabsServer, key: str = KEY) -> None:
    """Nothing fetched yet."""
    accounts.services.set_address("elevenlabs", server.address)
    accounts.keys.set("elevenlabs", key)


def refreshed(accounts: Accounts, server: ElevenLabsServer) -> None:
    """With voices, models and plan."""
    account(accounts, server)
    registry = EngineRegistry(ModelStore(Path("nowhere")), None, accounts)
    found = provider(accounts, registry.manifest("elevenlabs"))
    outcome(found.refresh())
    found.close()


def outcome(work: Generator[Any, None, Any]) -> Any:
    """What a generator returns in the end."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
