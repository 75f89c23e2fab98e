"""A voice of the user's own: what is settled when it is made, and the card that can be written on."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from audiostudio.rights import Rights
from audiostudio.voices.shape import is_language, is_text, plain, require_shape

JsonObject: TypeAlias = dict[str, Any]

OWN = "mine/"
"""What the ids of own voices begin with: `mine/5f3a…`."""
SLOTS = ("A", "B", "C")
LAST_REVISION = 999_999_999


def is_moment(text: str) -> bool:
    """Whether an ISO 8601 date, with a time or without, is of a year in which somebody could be recorded."""
    try:
        return date.fromisoformat(text[:10]).year >= 1900 and datetime.fromisoformat(text).year < 9999
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Consent:
    """Who agreed that this voice is made. No voice is without one."""

    whose: str
    """`own`: the speaker made it; `permission`: somebody else's, who agreed in writing."""
    person: str
    """The name of the one whose voice it is."""
    date: str
    """When it was given: ISO 8601."""
    scope: str
    """What the voice may be used for, in the person's words."""
    statement: str = ""
    """The phrase that was to be spoken, with its random part; of `permission` the words of the permission, if typed."""
    recording: str = ""
    """The file of the spoken phrase, in the voice's folder."""
    heard: str = ""
    """What was recognised in it."""
    agreement: float = 0.0
    """The share of the phrase's words that were recognised, 0…1."""
    similarity: float = 0.0
    """Of the phrase's speaker to the samples', cosine of speaker embeddings."""
    document: str = ""
    """The file of the written permission, in the voice's folder."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A recording that the voice was made of."""

    file: str
    """In the voice's folder; empty when only what was learnt from it is kept."""
    name: str
    """What it was called where it came from."""
    seconds: float
    sha256: str
    """Of the file, lower-case hex."""
    score: float
    """How good it is, 0…100."""


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """What was settled when the voice was made. It is signed; another training makes another `revision`."""

    id: str
    engine: str
    """The engine that speaks it."""
    method: str
    """`match`: the nearest that the engine has, no clone; `clone`: learnt from the person's recordings."""
    language: str
    """The language of the samples: `en-us`."""
    consent: Consent
    samples: tuple[Sample, ...]
    data: tuple[tuple[str, str], ...]
    """What the engine needs to speak it: names of files in the voice's folder and their SHA-256."""
    rights: Rights
    """The terms of what it speaks: the engine's, its weights' and the consent's."""
    created: str
    """ISO 8601."""
    revision: int = 1
    """Grows with each training; goes into recipes."""
    made_by: JsonObject = field(default_factory=dict)
    """Engine version, models, settings, seed, and how near it came."""
    found: JsonObject = field(default_factory=dict)
    """Found automatically: `pitch` (median Hz), `pitch_low`, `pitch_high`, `gender`, `rate` (syllables or words a
    second), `score` (0…100)."""
    origin: str = ""
    """Of an imported voice: the fingerprint of the key that signed it."""

    def to_json(self) -> JsonObject:
        return asdict(self) | {"rights": self.rights.to_json()}

    @classmethod
    def from_json(cls, data: JsonObject) -> "OwnVoice":
        """Raises `KeyError`, `TypeError` or `ValueError` for what is no voice."""
        known = dict(data)
        known["consent"] = Consent(**data["consent"])
        known["samples"] = tuple(Sample(**one) for one in data["samples"])
        known["data"] = tuple((name, digest) for name, digest in data["data"])
        known["rights"] = Rights.from_json(data["rights"])
        voice = cls(**known)
        require_shape(voice, cls)
        if not voice.id.startswith(OWN) or not voice.consent.person or voice.consent.whose not in ("own", "permission"):
            raise ValueError("a voice without a consent")
        days = (voice.created, voice.consent.date)
        if not 1 <= voice.revision <= LAST_REVISION or not all(map(is_moment, days)):
            raise ValueError("a voice that was never made")
        if not is_language(voice.language) or voice.method not in ("match", "clone"):
            raise ValueError("a voice that nobody could have")
        if "consent_rights" in voice.made_by:
            require_shape(Rights.from_json(voice.made_by["consent_rights"]), Rights)
        return voice


@dataclass(frozen=True, slots=True)
class Card:
    """What the user may write on a voice at any time."""

    name: str
    description: str = ""
    tags: tuple[str, ...] = ()
    slot: str = ""
    """`A`, `B` or `C`: for quick casting; each is had by one voice only."""
    gender: str = "neutral"
    picture: str = ""
    """The name of its file, see `VoiceFolder.picture`."""
    sentence: str = ""
    """What it says when its sample is played."""

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, data: JsonObject) -> "Card":
        """Raises `KeyError`, `TypeError` or `ValueError` for what is no card."""
        card = cls(**(data | {"tags": tuple(data.get("tags", ()))}))
        require_shape(card, cls)
        if not is_text(card.name, lines=False) or card.slot not in ("", *SLOTS):
            raise ValueError("a name that cannot be shown, or a slot that there is not")
        return card

    def readable(self) -> "Card":
        """The card as it can be written, shown and read again: without control characters."""
        return replace(
            self,
            name=plain(self.name, lines=False),
            description=plain(self.description),
            tags=tuple(map(plain, self.tags)),
            sentence=plain(self.sentence),
        )


@dataclass(frozen=True, slots=True)
class KeptVoice:
    """An own voice as it lies in the library."""

    voice: OwnVoice
    card: Card
    binned: bool = False
    signer: str = ""
    """The fingerprint of the key that signed it."""
