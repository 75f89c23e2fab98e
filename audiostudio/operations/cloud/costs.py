"""What it will cost, before anything is sent: from what is known of the account. Asks nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from audiostudio.engines.asked import chosen_options
from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.elevenlabs.catalogue import ENGINE, LONGEST_TEXT, Account, default_cost
from audiostudio.engines.elevenlabs.passages import Passage, passages, tagged
from audiostudio.operations.speech import Delivery, spoken_parts
from audiostudio.operations.studio import Studio
from audiostudio.script.spoken import Pause, Sentence

EFFECT_CREDITS = 200
"""For a sound effect whose length ElevenLabs chooses; as it publishes, it does not tell it through its interface."""
EFFECT_SECOND_CREDITS = 40
"""For a second of one whose length is asked for."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What something takes from an account."""

    engine: str
    title: str
    characters: int
    """That are sent."""
    credits: int | None
    """That it takes; None: this engine does not say what it costs."""
    remaining: int | None
    """Credits that are left now, as far as is known; None: the account was not asked yet."""
    extends: bool = False
    """Whether more than that can be used, for money."""
    as_of: str | None = None
    """When the account was asked, ISO 8601."""

    @property
    def suffices(self) -> bool | None:
        """Whether the plan has enough; None: not known."""
        if self.credits is None or self.remaining is None:
            return None
        return self.credits <= self.remaining

    def to_json(self) -> dict[str, Any]:
        named = {name: getattr(self, name) for name in self.__slots__}
        return named | {"suffices": self.suffices}


def cost(studio: Studio, deliveries: Iterable[Delivery]) -> list[Cost]:
    """What speaking `deliveries` costs, one for each remote engine among them; local voices cost nothing.

    Exactly what would be sent is counted, audio tags included. Ask only for the lines that are to be made: a take that
    is there is not made again. A line that is cut on its way costs its last sentences twice. Raises `UnknownVoice`,
    `UnsupportedSetting`, `UnknownLanguage`.
    """
    sent: dict[str, list[tuple[int, float]]] = {}
    for delivery in deliveries:
        for engine, parts in _by_engine(studio, delivery).items():
            sent.setdefault(engine, []).append(_counted(studio, delivery, engine, parts))
    return [_cost(studio, engine, counted) for engine, counted in sent.items()]


def design(studio: Studio, text: str, engine: str = ENGINE) -> Cost:
    """What designing a voice costs: the characters that it is tried with; where they are written for it, the most."""
    count = len(text.strip()) or 1000
    return _cost(studio, engine, [(count, 1.0)])


def sound_effect(studio: Studio, seconds: float | None, engine: str = ENGINE) -> Cost:
    """What a sound effect costs, as published; `seconds`: None: of whatever length."""
    taken = EFFECT_CREDITS if seconds is None else round(EFFECT_SECOND_CREDITS * seconds)
    return _cost(studio, engine, [(taken, 1.0)], characters=0)


def _by_engine(studio: Studio, delivery: Delivery) -> dict[str, list[Sentence | Pause]]:
    """What each remote engine is given to say; a `Pause` wherever somebody else comes in between."""
    found: dict[str, list[Sentence | Pause]] = {}
    before = ""
    for part in spoken_parts(studio, delivery):
        if isinstance(part, Pause):
            before = ""
            continue
        voice = part.voice or delivery.voice
        manifest, _ = studio.engines.resolve(voice)
        if manifest.capabilities.remote:
            said = found.setdefault(manifest.name, [])
            if voice != before:
                said.append(Pause(0.0, 0, 0))
            said.append(part)
        before = voice
    return found


def _counted(studio: Studio, delivery: Delivery, engine: str, parts: list[Sentence | Pause]) -> tuple[int, float]:
    """How many characters are sent, and the credits for one."""
    own, _ = studio.engines.resolve(delivery.voice)
    settings = SpeechSettings(delivery.voice, options=delivery.options if own.name == engine else ())
    options = chosen_options(settings, studio.engines.manifest(engine))
    sent = (part for part in passages(parts, LONGEST_TEXT) if isinstance(part, Passage))
    count = sum(len(tagged(part.text, options)) for part in sent)
    return count, _factor(studio.accounts.catalogue(engine).get("models", ()), options.get("model", ""))


def _factor(models: Sequence[dict[str, Any]], model: str) -> float:
    return next((float(one["cost"]) for one in models if one["id"] == model), default_cost(model))


def _cost(studio: Studio, engine: str, counted: list[tuple[int, float]], characters: int | None = None) -> Cost:
    manifest = studio.engines.manifest(engine)
    catalogue = studio.accounts.catalogue(engine)
    known = catalogue.get("account")
    account = Account.from_json(known) if known else None
    total = sum(count for count, _ in counted) if characters is None else characters
    priced = manifest.name == ENGINE
    return Cost(
        engine=engine,
        title=manifest.title,
        characters=total,
        credits=round(sum(count * factor for count, factor in counted)) if priced else None,
        remaining=account.remaining if account else None,
        extends=account.extends if account else False,
        as_of=catalogue.get("fetched"),
    )
