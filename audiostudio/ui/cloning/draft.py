"""A voice in the making, as it is kept in the profile: leaving the tab or ending the program loses nothing of it."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from audiostudio.errors import MissingMedia
from audiostudio.files import replace_file, storage_errors
from audiostudio.jobs import JsonObject

OWN, PERMISSION = "own", "permission"


@dataclass(slots=True)
class Version:
    """A file and what was found in it."""

    path: str
    check: JsonObject | None = None
    """SAMPLE of the operation `voice.check`; None: not checked yet."""


@dataclass(slots=True)
class DraftSample:
    name: str
    now: Version
    before: list[Version] = field(default_factory=list)
    """What it was before each offer that was taken; the first is the file that came."""
    taken: list[str] = field(default_factory=list)
    """The offers that were taken, in order."""
    asset: str = ""
    """Of the library, if it was recorded here."""
    passage: int | None = None
    """Which of the passages is read in it."""

    @property
    def verdict(self) -> str:
        """`good`, `usable`, `poor`, `refused`, or empty while it is not checked."""
        return str(self.now.check["verdict"]) if self.now.check else ""

    @property
    def usable(self) -> bool:
        return self.verdict not in ("", "refused")


@dataclass(slots=True)
class DraftConsent:
    whose: str = OWN
    person: str = ""
    date: str = ""
    """ISO 8601, as typed."""
    scope: str = ""
    statement: str = ""
    commercial: bool | None = None
    """Whether the permission allows to sell what the voice says; None: it does not say."""
    document: str = ""
    phrase: JsonObject | None = None
    """`{id, text, language, issued, expires}`"""
    phrase_for: list[str] = field(default_factory=list)
    """The person and the language that it was asked for."""
    recording: str = ""
    answer: JsonObject | None = None
    """What `voice.consent` said of the recording."""
    compared: list[str] = field(default_factory=list)
    """The samples that the answer is about."""

    def expired(self) -> bool:
        """Whether the phrase is too old to be spoken."""
        return self.phrase is not None and datetime.fromisoformat(self.phrase["expires"]) <= datetime.now(UTC)


@dataclass(slots=True)
class Draft:
    step: str = "kind"
    engine: str = ""
    language: str = ""
    samples: list[DraftSample] = field(default_factory=list)
    room: float | None = None
    """dBFS of the silent room."""
    consent: DraftConsent = field(default_factory=DraftConsent)
    name: str = ""
    description: str = ""
    tags: list[str] = field(default_factory=list)
    keep_samples: bool = True
    seed: int = 0
    seconds: int | None = None
    """At most so long may be learnt; None: as long as the engine thinks best."""
    again: str = ""
    """The own voice that is made again."""
    made: JsonObject | None = None
    """The result, until another voice is begun."""

    @property
    def usable(self) -> list[DraftSample]:
        return [one for one in self.samples if one.usable]

    @property
    def empty(self) -> bool:
        """Whether there is nothing that could be lost."""
        return not (self.samples or self.name or self.consent.person or self.consent.recording)

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, data: JsonObject) -> "Draft":
        """Raises `KeyError`, `TypeError` or `ValueError` for what is no draft."""
        known = dict(data)
        known["samples"] = [_sample(one) for one in data["samples"]]
        known["consent"] = DraftConsent(**data["consent"])
        return cls(**known)


class DraftFile:
    """Where a draft lies: that of a new voice, or of one that is made again."""

    def __init__(self, folder: Path, again: str = "") -> None:
        self.path = folder / f"{again.rpartition('/')[2] or 'new'}.json"

    def read(self) -> Draft:
        """An empty one where there is none, or none that makes sense. Raises `StorageError`."""
        try:
            with storage_errors(self.path):
                return Draft.from_json(json.loads(self.path.read_bytes()))
        except (MissingMedia, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return Draft()

    def write(self, data: JsonObject) -> None:
        """Raises `StorageError`."""
        with storage_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.path, json.dumps(data, ensure_ascii=False).encode())


def _sample(data: JsonObject) -> DraftSample:
    return DraftSample(**(data | {"now": Version(**data["now"]), "before": [Version(**one) for one in data["before"]]}))
