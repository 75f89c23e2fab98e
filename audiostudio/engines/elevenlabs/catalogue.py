"""What an account has and may do, from ElevenLabs' words into ours: voices, models, options, plan, rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from audiostudio.engines.voices import voice_id
from audiostudio.rights import Rights
from audiostudio.script.language import FURTHER, LANGUAGES

ENGINE = "elevenlabs"
TITLE = "ElevenLabs"
ADDRESS = "https://api.elevenlabs.io"

TAGGED = ("eleven_v3", "eleven_v4", "eleven_v4_turbo")
"""Models that read audio tags such as [excited]; they do not say so themselves."""
STEPPED = ("eleven_v3",)
"""Models whose stability has three steps."""
WITHOUT_CONTEXT = ("eleven_v3",)
"""Models that refuse to be told the text before and after."""
WITHOUT_LANGUAGE = ("eleven_multilingual_v2", "eleven_multilingual_v1", "eleven_monolingual_v1")
"""Models that find out the language by themselves."""
LONGEST_TEXT = 3000
"""Characters in one request, where a model does not say or allows more."""
_COSTS = {"eleven_flash_v2_5": 0.5, "eleven_turbo_v2_5": 0.5, "eleven_flash_v2": 0.5, "eleven_turbo_v2": 0.5,
          "eleven_v4_turbo": 0.5}  # fmt: skip
"""Credits for a character, of the models that do not cost one; used until the account was asked."""
_AT_ONCE = {"free": 2, "starter": 3, "creator": 5, "pro": 10, "scale": 15, "business": 15, "enterprise": 15}
"""Requests at a time. ElevenLabs publishes these and does not tell them through its interface."""
_BETTER_SOUND = ("pro", "scale", "business", "enterprise")
"""Plans that may have 44.1 kHz without loss."""
_ACCENTS = {"american": "en-us", "british": "en-gb"}
_REGIONS = {"en": "en-us", "pt": "pt-br", "cmn": "zh", "zh": "zh"}
_AGES = {"young": "young", "middle_aged": "adult", "middle-aged": "adult", "middle aged": "adult", "adult": "adult",
         "old": "mature", "mature": "mature"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Model:
    """A model that speaks, and what it can do."""

    id: str
    name: str
    languages: tuple[str, ...]
    """ISO 639-1; empty: not told."""
    style: bool
    speaker_boost: bool
    cost: float
    """Credits for a character."""
    longest: int
    """Characters in one request."""
    description: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "languages": list(self.languages),
            "style": self.style,
            "speaker_boost": self.speaker_boost,
            "cost": self.cost,
            "longest": self.longest,
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class Account:
    """A plan and what is left of it."""

    plan: str
    """`free`, `starter`, `creator` …"""
    used: int
    """Credits in this period."""
    limit: int
    """Credits of a period."""
    resets: str | None
    """When the next period begins, ISO 8601."""
    extends: bool
    """Whether more can be used than the plan has, for money."""
    voices: int
    """Slots taken."""
    voice_limit: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def free(self) -> bool:
        return self.plan == "free"

    @property
    def at_once(self) -> int:
        """Requests at a time that the plan allows."""
        return _AT_ONCE.get(self.plan.split("_")[0], 2)

    @property
    def sound(self) -> str:
        """The best sound that the plan allows, as ElevenLabs names formats."""
        return "pcm_44100" if self.plan.split("_")[0] in _BETTER_SOUND else "pcm_24000"

    @property
    def rights(self) -> Rights:
        url = "https://elevenlabs.io/terms-of-use"
        if self.free:
            return Rights("ElevenLabs free plan: non-commercial", False, "Voice: ElevenLabs (elevenlabs.io)", url)
        return Rights("ElevenLabs paid plan", True, "", url)

    def to_json(self) -> dict[str, Any]:
        return {
            "plan": self.plan,
            "used": self.used,
            "limit": self.limit,
            "remaining": self.remaining,
            "resets": self.resets,
            "extends": self.extends,
            "voices": self.voices,
            "voice_limit": self.voice_limit,
            "at_once": self.at_once,
            "rights": self.rights.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Account":
        names = ("plan", "used", "limit", "resets", "extends", "voices", "voice_limit")
        return cls(**{name: data[name] for name in names})


def named(value: Any) -> str:
    """An id or name that must be there: the client leaves None where an answer has none. Raises `ValueError`."""
    if not isinstance(value, str) or not value:
        raise ValueError("an id is missing")
    return value


def account_of(found: Any) -> Account:
    """Of ElevenLabs' `Subscription`. Raises `AttributeError`, `TypeError`, `ValueError` when it is none."""
    reset = found.next_character_count_reset_unix
    return Account(
        plan=named(found.tier),
        used=int(found.character_count),
        limit=int(found.character_limit),
        resets=None if reset is None else datetime.fromtimestamp(int(reset), UTC).isoformat(),
        extends=bool(getattr(found, "max_credit_limit_extension", 0)),
        voices=int(getattr(found, "voice_slots_used", 0)),
        voice_limit=int(getattr(found, "voice_limit", 0)),
    )


def model_of(found: Any) -> Model:
    """Of ElevenLabs' `Model`. Raises as `account_of` does."""
    rates = getattr(found, "model_rates", None)
    cost = getattr(rates, "character_cost_multiplier", None)
    discount = getattr(rates, "cost_discount_multiplier", None)
    identity = named(found.model_id)
    listed = getattr(found, "languages", None) or []
    longest = getattr(found, "maximum_text_length_per_request", None) or LONGEST_TEXT
    return Model(
        id=identity,
        name=str(found.name or identity),
        languages=tuple(str(one.language_id).split("-")[0] for one in listed),
        style=bool(found.can_use_style),
        speaker_boost=bool(found.can_use_speaker_boost),
        cost=default_cost(identity) if cost is None else float(cost) * float(discount or 1.0),
        longest=min(int(longest), LONGEST_TEXT),
        description=str(found.description or ""),
    )


def speaks(found: Any) -> bool:
    """Whether ElevenLabs' `Model` turns text into speech for this account."""
    return bool(getattr(found, "can_do_text_to_speech", False)) and not getattr(found, "requires_alpha_access", False)


def default_cost(model: str) -> float:
    """Credits for a character of a model that was not asked for yet."""
    return _COSTS.get(model, 1.0)


def voice_of(found: Any) -> dict[str, Any]:
    """ElevenLabs' `Voice` as `resources/voices/ENGINE.json` has voices. Raises as `account_of` does."""
    labels = {str(name): str(value) for name, value in (getattr(found, "labels", None) or {}).items()}
    category = str(getattr(found, "category", None) or "")
    accent = labels.get("accent", "")
    gender = labels.get("gender", "").lower()
    use = labels.get("use_case", labels.get("use case", "")).replace("_", " ")
    verified = [str(one.language) for one in getattr(found, "verified_languages", None) or []]
    identity = named(found.voice_id)
    name, _, about = str(found.name or identity).partition(" - ")
    description = str(getattr(found, "description", None) or "").strip() or labels.get("description", "")
    return {
        "id": voice_id(ENGINE, identity),
        "name": name.strip() or identity,
        "language": _language(labels.get("language") or next(iter(verified), "en"), accent),
        "gender": gender if gender in ("female", "male") else "neutral",
        "accent": accent.replace("-", " ").title() if accent.islower() else accent,
        "age": _AGES.get(labels.get("age", "").lower(), ""),
        "category": "mine" if category in ("cloned", "generated", "professional") and _own(found) else "premium",
        "description": ". ".join(part for part in (about.strip(), description) if part),
        "use": use,
        "preview": str(getattr(found, "preview_url", None) or ""),
    }


def is_clone(found: Any) -> bool:
    """Whether ElevenLabs' `Voice` was learnt from recordings that the user sent there."""
    return getattr(found, "category", None) in ("cloned", "professional") and _own(found)


def options_of(options: Sequence[dict[str, Any]], models: Sequence[Model]) -> list[dict[str, Any]]:
    """The manifest's options, with the models that the account really has and what each of them can."""
    if not models:
        return list(options)
    ids = [model.id for model in models]
    able = {
        "emotion": [one for one in ids if one in TAGGED],
        "delivery": [one for one in ids if one in STEPPED],
        "stability": [one for one in ids if one not in STEPPED],
        "style": [model.id for model in models if model.style and model.id not in STEPPED],
        "speaker_boost": [model.id for model in models if model.speaker_boost and model.id not in STEPPED],
    }
    found: list[dict[str, Any]] = []
    for option in options:
        if option["name"] == "model":
            default = option["default"] if option["default"] in ids else ids[0]
            found.append(option | {"choices": [[model.id, model.name] for model in models], "default": default})
        elif option["name"] in able:
            found.append(option | {"only_for": {"model": able[option["name"]]}})
        else:
            found.append(dict(option))
    return found


def languages_of(models: Sequence[Model], shipped: Sequence[str]) -> list[str]:
    """Tags of the languages that the account's models speak, of those that can be read here; `shipped` where the models
    do not tell."""
    told = {code for model in models for code in model.languages}
    if not told:
        return list(shipped)
    return [one.tag for one in (*LANGUAGES, *FURTHER) if one.tag.split("-")[0] in told]


def _own(found: Any) -> bool:
    """Whether the voice is the user's. Voices that were copied from ElevenLabs' library are somebody else's."""
    owner = getattr(found, "is_owner", None)
    return owner is not False


def _language(tag: str, accent: str) -> str:
    code = tag.lower().split("-")[0]
    if code == "en":
        return _ACCENTS.get(accent.lower(), "en-us")
    return _REGIONS.get(code, code)
