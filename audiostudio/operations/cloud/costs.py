"""What it will cost, before anything is sent: from what is known of the account. Asks nobody."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from audiostudio.engines.asked import chosen_options
from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.elevenlabs.catalogue import ENGINE, LONGEST_TEXT, Account, default_cost
from audiostudio.engines.elevenlabs.passages import Passage, passages, tagged
from audiostudio.operations.speech import Delivery, other_voices, spoken_language, spoken_parts
from audiostudio.operations.studio import Studio
from audiostudio.script.dictionary import NO_ENTRIES, Dictionary
from audiostudio.script.reading import read
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.timeline.project import Pronunciation

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
    at_most: bool = False
    """It may come to less: a line that has to fit a time is asked for a second time only when it is too long."""

    @property
    def suffices(self) -> bool | None:
        """Whether the plan has enough; None: not known."""
        if self.credits is None or self.remaining is None:
            return None
        return self.credits <= self.remaining

    def to_json(self) -> dict[str, Any]:
        named = {name: getattr(self, name) for name in self.__slots__}
        return named | {"suffices": self.suffices}


def cost(studio: Studio, deliveries: Iterable[Delivery], fitted: Iterable[Delivery] = ()) -> list[Cost]:
    """What speaking `deliveries`, and those that have to be `fitted` into a time, costs: one for each remote engine
    among them; local voices cost nothing.

    Exactly what would be sent is counted, audio tags included. Ask only for the lines that are to be made: a take that
    is there is not made again. A line that is cut on its way costs its last sentences twice. Raises `UnknownVoice`,
    `UnsupportedSetting`, `UnknownLanguage`.
    """
    sent: dict[str, list[tuple[int, float]]] = {}
    twice: set[str] = set()
    for delivery, times in (*((one, 1) for one in deliveries), *((one, 2) for one in fitted)):
        for engine, count in _characters(studio, delivery).items():
            model = _options(studio, delivery, engine).get("model", "")
            sent.setdefault(engine, []).append((times * count, _factor(studio, engine, model)))
            if times == 2:
                twice.add(engine)
    return [replace(_cost(studio, engine, counted), at_most=engine in twice) for engine, counted in sent.items()]


def design(studio: Studio, text: str, engine: str = ENGINE) -> Cost:
    """What designing a voice costs: the characters that it is tried with; where they are written for it, the most."""
    count = len(text.strip()) or 1000
    return _cost(studio, engine, [(count, 1.0)])


def sound_effect(studio: Studio, seconds: float | None, engine: str = ENGINE) -> Cost:
    """What a sound effect costs, as published; `seconds`: None: of whatever length."""
    taken = EFFECT_CREDITS if seconds is None else round(EFFECT_SECOND_CREDITS * seconds)
    return _cost(studio, engine, [(taken, 1.0)], characters=0)


def _turns(studio: Studio, delivery: Delivery) -> dict[str, list[list[Sentence | Pause]]]:
    """What each remote engine is given to say, each time that it is its turn."""
    found: dict[str, list[list[Sentence | Pause]]] = {}
    before = ""
    said: list[Sentence | Pause] = []
    for part in spoken_parts(studio, delivery):
        voice = before if isinstance(part, Pause) else part.voice or delivery.voice
        if voice != before:
            said = []
            manifest, _ = studio.engines.resolve(voice)
            if manifest.capabilities.remote:
                found.setdefault(manifest.name, []).append(said)
        said.append(part)
        before = voice
    return found


def _characters(studio: Studio, delivery: Delivery) -> dict[str, int]:
    """How many characters each remote engine is sent."""
    own, _ = studio.engines.resolve(delivery.voice)
    if other_voices(studio, delivery):
        turns = _turns(studio, delivery)
        return {name: sum(_sent(turn, _head(studio, delivery, name)) for turn in said) for name, said in turns.items()}
    if not own.capabilities.remote:
        return {}
    head = _head(studio, delivery, own.name)
    return {own.name: _of_text(delivery.text, spoken_language(studio, delivery), delivery.pronunciations, head)}


@lru_cache(20_000)
def _of_text(text: str, language: str, pronunciations: tuple[Pronunciation, ...], head: int) -> int:
    """Of a text in one voice; while somebody types only that line is read again."""
    return _sent(read(text, language, Dictionary(pronunciations) if pronunciations else NO_ENTRIES), head)


def _sent(parts: Iterable[Sentence | Pause], head: int) -> int:
    sent = (part for part in passages(parts, LONGEST_TEXT) if isinstance(part, Passage))
    return sum(head + len(part.text) for part in sent)


def _options(studio: Studio, delivery: Delivery, engine: str) -> dict[str, str]:
    """Those of the delivery's own engine; another has its defaults."""
    own, _ = studio.engines.resolve(delivery.voice)
    settings = SpeechSettings(delivery.voice, options=delivery.options if own.name == engine else ())
    return chosen_options(settings, studio.engines.manifest(engine))


def _head(studio: Studio, delivery: Delivery, engine: str) -> int:
    """Characters that are sent before each passage."""
    options = _options(studio, delivery, engine)
    return len(tagged("", options)) if options else 0


def _factor(studio: Studio, engine: str, model: str) -> float:
    models = studio.accounts.catalogue(engine).get("models", ())
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
