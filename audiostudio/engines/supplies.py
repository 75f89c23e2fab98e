"""What engines are given: the models' files and the data of own voices."""

from pathlib import Path
from typing import Protocol

from audiostudio.errors import UnknownVoice
from audiostudio.voices.folder import VoiceFolder


class ModelFiles(Protocol):
    def path(self, name: str, file: str) -> Path:
        """Where a model's file lies. Raises `ModelMissing`."""
        ...


class Supplies:
    """See `base.Models`."""

    def __init__(self, models: ModelFiles, own: VoiceFolder | None) -> None:
        self._models = models
        self._own = own

    def path(self, name: str, file: str) -> Path:
        return self._models.path(name, file)

    def voice(self, identity: str) -> Path:
        if self._own is None:
            raise UnknownVoice(
                f"There is no own voice “{identity[:60]}”.", "Own voices are known where a profile is open."
            )
        return self._own.path(identity)
