"""Every error a user can mend: a sentence that says what happened, a hint that says what to do.

Anything that is not a `StudioError` is our bug: it is never caught below the job runner and the two roots.
Errors of PyAV, SQLAlchemy, ONNX Runtime and the operating system are turned into these at the border of the
package that calls them.
"""

from typing import Any, ClassVar


class StudioError(Exception):
    """Something the user can mend.

    `sentence` says what happened, in the user's words; `hint` says how to mend it.
    `exit_code` is what the command line ends with.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".strip()

    def to_json(self) -> dict[str, Any]:
        """The error as it crosses a process border."""
        return {"error": type(self).__name__, "sentence": self.sentence, "hint": self.hint}

    @staticmethod
    def from_json(data: dict[str, Any]) -> "StudioError":
        """The error again, as its own class; an unknown name becomes a plain `StudioError`."""
        return _all_errors().get(data["error"], StudioError)(data["sentence"], data["hint"])


class RequestError(StudioError):
    """What was asked for cannot be done as asked."""

    exit_code = 2


class EmptyText(RequestError):
    """There is nothing to speak."""


class UnknownVoice(RequestError):
    """No engine has a voice of that name."""


class UnknownLanguage(RequestError):
    """The language is not known, or this voice does not speak it."""


class UnsupportedSetting(RequestError):
    """A setting is out of range, or the chosen engine ignores it."""


class MediaError(StudioError):
    """A sound, picture or film file."""

    exit_code = 3


class UnreadableMedia(MediaError):
    """The file is damaged, cut short, or not what its name says."""


class EncodingFailed(MediaError):
    """The file could not be written in that format."""


class MissingMedia(MediaError):
    """The file is no longer where it was."""


class StorageError(StudioError):
    """Disk, folder, library database or project file."""

    exit_code = 4


class DiskFull(StorageError):
    """No space left."""


class ReadOnly(StorageError):
    """The place cannot be written to."""


class LibraryDamaged(StorageError):
    """The library database cannot be read."""


class SearchDamaged(LibraryDamaged):
    """Only the library's index for searching is damaged; it can be made again."""


class LibraryBusy(StorageError):
    """Another program holds the library for too long."""


class NewerFormat(StorageError):
    """Written by a newer Audio Studio."""


class ProjectDamaged(StorageError):
    """The project file cannot be read."""


class NotFound(StorageError):
    """No asset, project or folder of that name."""


class ModelError(StudioError):
    """A model's files."""

    exit_code = 5


class ModelMissing(ModelError):
    """The model has not been fetched."""


class ModelDamaged(ModelError):
    """A model's file has the wrong size or hash."""


class LicenceNotAccepted(ModelError):
    """The model's licence was not agreed to."""


class NetworkError(StudioError):
    """A download could not be made."""

    exit_code = 6


class EngineError(StudioError):
    """A speech, music or other engine."""

    exit_code = 7


class EngineUnavailable(EngineError):
    """The engine, or a package it needs, is not installed."""


class EngineFailed(EngineError):
    """The engine ran and failed."""


class AccountError(EngineError):
    """A provider's account does not allow what was asked."""


class KeyNeeded(AccountError):
    """There is no API key, or the provider refuses it."""


class CreditsSpent(AccountError):
    """The plan's characters do not suffice."""


class WorkerDied(StudioError):
    """A worker process ended before its job did."""

    exit_code = 8


class DeviceError(StudioError):
    """Sound output, sound input or a GPU."""

    exit_code = 9


def _all_errors() -> dict[str, type[StudioError]]:
    found: dict[str, type[StudioError]] = {}
    todo: list[type[StudioError]] = [StudioError]
    while todo:
        kind = todo.pop()
        found[kind.__name__] = kind
        todo.extend(kind.__subclasses__())
    return found
