"""What a remote engine can be asked for beside speech."""

from collections.abc import Generator
from typing import Protocol

from audiostudio.engines.remote.accounts import Catalogue


class Provider(Protocol):
    """One remote engine; from `MODULE.provider(accounts, manifest)`. Its generators yield None several times a second
    while they wait; closing one hangs up."""

    def refresh(self) -> Generator[None, None, Catalogue]:
        """Fetch voices, and what else the engine tells of itself, and remember them for the registry.

        Raises `KeyNeeded`, `AccountError`, `NetworkError`, `EngineFailed`.
        """
        ...

    def close(self) -> None:
        """Close its connections."""
        ...
