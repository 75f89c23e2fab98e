"""ElevenLabs, through its makers' own client (`elevenlabs`), which is imported when something is asked."""

from typing import TYPE_CHECKING

from audiostudio.engines.base import EngineManifest, Models
from audiostudio.engines.remote.accounts import Accounts

if TYPE_CHECKING:
    from audiostudio.engines.elevenlabs.account import ElevenLabsProvider
    from audiostudio.engines.elevenlabs.engine import ElevenLabsEngine


def connect(accounts: Accounts, manifest: EngineManifest, models: Models) -> "ElevenLabsEngine":
    """Asks nobody anything yet."""
    from audiostudio.engines.elevenlabs.engine import ElevenLabsEngine

    return ElevenLabsEngine(accounts, manifest, models)


def provider(accounts: Accounts, manifest: EngineManifest) -> "ElevenLabsProvider":
    """Raises `KeyNeeded`. Asks nobody anything yet."""
    from audiostudio.engines.elevenlabs.account import ElevenLabsProvider

    return ElevenLabsProvider(accounts, manifest)
