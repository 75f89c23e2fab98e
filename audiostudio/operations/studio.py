"""What every operation works with, built once per process by its root."""

import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from audiostudio.credentials import Credentials
from audiostudio.engines.environments.store import Environments
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.remote.accounts import Accounts
from audiostudio.identity import Identity
from audiostudio.profile import Profile
from audiostudio.settings import Settings
from audiostudio.voices.folder import VoiceFolder

if TYPE_CHECKING:
    from audiostudio.library import Library


class Studio:
    """A profile's settings, models, engines, accounts and library, each opened when first used."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.profile.settings)

    @cached_property
    def models(self) -> ModelStore:
        return ModelStore(self.profile.models)

    @cached_property
    def environments(self) -> Environments:
        return Environments(self.profile.engines)

    @cached_property
    def engines(self) -> EngineRegistry:
        return EngineRegistry(self.models, self.profile.engines, self.accounts, self.voices)

    @cached_property
    def voices(self) -> VoiceFolder:
        """The user's own."""
        return VoiceFolder(self.profile.voices, self.identity)

    @cached_property
    def identity(self) -> Identity:
        """The key with which this profile signs."""
        return Identity(self.profile.root)

    @cached_property
    def credentials(self) -> Credentials:
        """What signs files."""
        return Credentials(self.profile.root)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.profile)

    @cached_property
    def library(self) -> "Library":
        from audiostudio.library import Library  # a database is not needed to speak

        return Library.open(self.profile.library)

    def close(self) -> None:
        """Close what was opened."""
        for name in ("engines", "library"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()


def worker_command(profile: Profile) -> Callable[[str], Sequence[str]]:
    """How to start the worker process of a queue."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "audiostudio.worker"]
    return lambda queue: [*program, "--profile", str(profile.root), "--queue", queue]
