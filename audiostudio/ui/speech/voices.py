"""Which voices there are, found and filtered; mixes; what a voice still needs. Plain Python."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from audiostudio.engines.voices import borrowed, parse_mix
from audiostudio.errors import StudioError
from audiostudio.operations.script import SEED
from audiostudio.rights import Rights, inherited
from audiostudio.script.language import FURTHER, LANGUAGES, language
from audiostudio.timeline.project import VoiceChoice
from audiostudio.ui.speech.words import gone_name
from audiostudio.voices.voice import OWN

if TYPE_CHECKING:
    from audiostudio.engines.base import EngineManifest, Voice
    from audiostudio.engines.models.manifest import ModelManifest
    from audiostudio.operations.studio import Studio
    from audiostudio.voices.voice import KeptVoice

CATEGORIES = ("mine", "standard", "premium")

SAMPLES = {
    "en": "Every good story begins with a voice you want to follow.",
    "hi": "हर अच्छी कहानी एक ऐसी आवाज़ से शुरू होती है जिसे सुनने का मन करे।",
    "es": "Toda buena historia empieza con una voz que apetece seguir.",
    "fr": "Toute bonne histoire commence par une voix qu’on a envie de suivre.",
    "it": "Ogni bella storia comincia con una voce che vien voglia di seguire.",
    "pt": "Toda boa história começa com uma voz que dá vontade de seguir.",
    "ja": "よい物語は、ついていきたくなる声から始まります。",
    "zh": "每一个好故事，都从一个让人想听下去的声音开始。",
}
"""What a voice says of itself while the script is empty."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the gallery shows; an empty field lets everything through."""

    words: str = ""
    language: str = ""
    gender: str = ""
    accent: str = ""
    age: str = ""
    use: str = ""
    category: str = ""
    engine: str = ""
    remote: bool = False
    """Only voices on other computers."""
    favourites: bool = False

    @property
    def empty(self) -> bool:
        return self == Filter(remote=self.remote)


class VoiceList:
    """Every voice of every engine, the engines that need a model before the weightless ones."""

    def __init__(self, studio: "Studio") -> None:
        self._studio = studio
        self.engines: dict[str, EngineManifest] = {}
        self.voices: tuple[Voice, ...] = ()
        self.own: dict[str, KeptVoice] = {}
        """The user's own that can be used, by id."""
        self._binned: dict[str, KeptVoice] = {}
        self.look_for_voices()

    def look_for_voices(self) -> bool:
        """See anew which voices there are; whether that is news."""
        studio, before = self._studio, (self.engines, self.voices, self.own, self._binned)
        self.engines = {manifest.name: manifest for manifest in studio.engines.manifests() if manifest.kind == "speech"}
        place = {name: number for number, name in enumerate(sorted(self.engines, key=self._rank))}
        known = [voice for voice in studio.engines.voices() if voice.engine in place]
        self.voices = tuple(sorted(known, key=lambda voice: place[voice.engine]))
        here = {voice.id for voice in self.voices}
        self.own = {one.voice.id: one for one in studio.voices.voices() if one.voice.id in here}
        self._binned = {one.voice.id: one for one in studio.voices.binned()}
        self._by_id = {voice.id: voice for voice in self.voices}
        self._beginnings = {voice.id: _beginnings(self._words(voice)) for voice in self.voices}
        self.look_for_models()
        return before != (self.engines, self.voices, self.own, self._binned)

    def look_for_models(self) -> None:
        """See anew which models are here."""
        models = self._studio.models
        self._missing = {
            name: tuple([models.manifest(model) for model in engine.models if not models.present(model)])
            for name, engine in self.engines.items()
        }
        self._twice = {name for name, lacking in self._missing.items() if lacking and borrowed(name)}
        environments = self._studio.environments
        usable = {name for name in environments.names() if environments.usable(name)}
        self._uninstalled = {
            name for name, engine in self.engines.items() if engine.environment and engine.environment not in usable
        }

    @property
    def offered(self) -> "list[Voice]":
        """Not the voices of another engine once more where what speaks them is not here."""
        return [voice for voice in self.voices if voice.engine not in self._twice or voice.category == "mine"]

    def get(self, voice: str) -> "Voice | None":
        return self._by_id.get(voice)

    def engine(self, voice: str) -> "EngineManifest | None":
        """Of a voice or a mix; None when it is not known here."""
        first = self.get(parts_of(voice)[0][0])
        return self.engines[first.engine] if first else None

    def missing(self, voice: str) -> tuple["ModelManifest", ...]:
        """The models that must be fetched before this voice (or mix) can speak."""
        engine = self.engine(voice)
        return self._missing[engine.name] if engine else ()

    def uninstalled(self, voice: str) -> str:
        """The engine of a voice (or mix) that has to be installed first; empty where none has."""
        engine = self.engine(voice)
        return engine.name if engine and engine.name in self._uninstalled else ""

    def fetched(self, voice: str) -> bool:
        """Whether all that a voice (or mix) needs to speak is on this computer."""
        return not self.missing(voice) and not self.uninstalled(voice)

    def found(self, wanted: Filter, favourites: frozenset[str] = frozenset()) -> "list[Voice]":
        words = _plain(wanted.words).split()
        return [
            voice
            for voice in self.offered
            if all(word in _plain(voice.name) or f" {word}" in self._beginnings[voice.id] for word in words)
            and (not wanted.language or voice.language == wanted.language)
            and (not wanted.gender or voice.gender == wanted.gender)
            and (not wanted.accent or voice.accent == wanted.accent)
            and (not wanted.age or voice.age == wanted.age)
            and (not wanted.use or voice.use == wanted.use)
            and (not wanted.category or voice.category == wanted.category)
            and (not wanted.engine or voice.engine == wanted.engine)
            and (not wanted.remote or self.remote(voice))
            and (not wanted.favourites or voice.id in favourites)
        ]

    def remote(self, voice: "Voice") -> bool:
        """Whether it speaks on another computer."""
        return self.engines[voice.engine].capabilities.remote

    def languages(self) -> list[str]:
        """Tags, in the order of `LANGUAGES` and `FURTHER`."""
        here = {voice.language for voice in self.voices}
        return [one.tag for one in (*LANGUAGES, *FURTHER) if one.tag in here]

    def accents(self) -> list[str]:
        return sorted({voice.accent for voice in self.voices if voice.accent})

    def title(self, voice: str) -> str:
        """The name of a voice, or those of a mix with their shares."""
        parts = parts_of(voice)
        names = [(self._name(name), weight) for name, weight in parts]
        if len(names) == 1:
            return names[0][0]
        return " + ".join(f"{name} {weight:.0%}" for name, weight in names)

    def in_slot(self, slot: str) -> "KeptVoice | None":
        return next((kept for kept in self.own.values() if kept.card.slot == slot), None)

    def binned(self, voice: str) -> "KeptVoice | None":
        """An own voice that was thrown away and can be brought back."""
        return self._binned.get(voice)

    def lost(self, voice: str) -> str:
        """The own voice in a voice or mix that is not here any more; empty where they all are."""
        return next((name for name, _ in parts_of(voice) if name.startswith(OWN) and name not in self._by_id), "")

    def rights(self, voice: str) -> Rights | None:
        """The terms of what a voice or mix says; None when it is not known here."""
        engine = self.engine(voice)
        own = [self.own[name].voice.rights for name, _ in parts_of(voice) if name in self.own]
        return inherited([engine.rights, *own]) if engine else None

    def chosen_with(self, choice: VoiceChoice, voice: str, project_language: str) -> VoiceChoice:
        """`choice` with another voice: in that voice's language, its settings kept within what the engine can do."""
        found, engine = self.get(parts_of(voice)[0][0]), self.engine(voice)
        if found is None or engine is None:
            return replace(choice, voice=voice)
        tag = None if found.language == _tag(project_language) else found.language
        able = engine.capabilities
        kept = {option.name for option in able.options} | ({SEED} if able.seed else set())
        return replace(
            choice,
            voice=voice,
            language=tag,
            speed=_within(choice.speed, able.speed, 1.0),
            pitch=_within(choice.pitch, able.pitch, 0.0),
            energy=_within(choice.energy, able.energy, 0.0),
            intonation=_within(choice.intonation, able.intonation, 1.0),
            options=tuple(option for option in choice.options if option.name in kept),
        )

    def instant(self, choice: VoiceChoice) -> VoiceChoice:
        """The voice that speaks at once in this choice's language; the choice itself where there is none."""
        engine = self.engine(choice.voice)
        if engine is not None and engine.capabilities.instant:
            return choice
        tag = _tag(choice.language or "")
        for voice in self.voices:
            engine = self.engines[voice.engine]
            able = engine.capabilities
            ready = able.instant and engine.models and not self._missing[engine.name]
            if ready and tag in able.languages:
                speed, pitch = _within(choice.speed, able.speed, 1.0), _within(choice.pitch, able.pitch, 0.0)
                return VoiceChoice(voice.id, speed, pitch, choice.language)
        return choice

    def _name(self, voice: str) -> str:
        known = self._by_id.get(voice) or (kept.card if (kept := self._binned.get(voice)) else None)
        return known.name if known else gone_name() if voice.startswith(OWN) else voice

    def _rank(self, name: str) -> tuple[bool, bool, str]:
        able = self.engines[name]
        return not able.models, able.capabilities.instant, name

    def _words(self, voice: "Voice") -> str:
        spoken = _language_name(voice.language)
        title = self.engines[voice.engine].title
        return " ".join(
            (voice.name, voice.id, voice.accent, voice.gender, voice.age, spoken, voice.description, voice.use, title)
        )


def parts_of(voice: str) -> list[tuple[str, float]]:
    """Ids and weights of a voice or a mix; what is not written as one counts as an id."""
    try:
        return parse_mix(voice)
    except StudioError:
        return [(voice, 1.0)]


def mixed(first: str, second: str, share: float) -> str:
    """`first` with `share` (0…1) of `second` in it, as engines want it."""
    if share <= 0.0 or first == second:
        return first
    if share >= 1.0:
        return second
    return f"{first}:{1 - share:.2f}+{second}:{share:.2f}"


def sample_sentence(tag: str) -> str:
    """A sentence in the language."""
    return SAMPLES.get(tag.split("-")[0], SAMPLES["en"])


def preview_choice(voices: VoiceList, choice: VoiceChoice, project_language: str, voice: str) -> VoiceChoice:
    """How a card's voice speaks: with the settings of `choice`, as it would if it were chosen."""
    changed = voices.chosen_with(choice, voice, project_language)
    return changed if changed.language is not None else replace(changed, language=project_language)


def unfetched(voices: VoiceList, spoken: Iterable[str]) -> "tuple[ModelManifest, ...]":
    """The models that these voices need and that are not here."""
    needed = {model.name: model for voice in spoken for model in voices.missing(voice)}
    return tuple(needed.values())


def by_category(voices: "Sequence[Voice]") -> "list[tuple[str, list[Voice]]]":
    """The categories that have voices, in their order."""
    groups = [(name, [voice for voice in voices if voice.category == name]) for name in CATEGORIES]
    return [(name, group) for name, group in groups if group]


def _within(value: float, limits: tuple[float, float] | None, default: float) -> float:
    return default if limits is None else min(limits[1], max(limits[0], value))


def _tag(name: str) -> str:
    try:
        return language(name).tag
    except StudioError:
        return name


def _language_name(tag: str) -> str:
    return next((f"{one.name} {one.own_name}" for one in (*LANGUAGES, *FURTHER) if one.tag == tag), tag)


def _plain(text: str) -> str:
    """Without case and accents, for searching."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(4096)
def _beginnings(words: str) -> str:
    """A text in which a word is found by a space and its first letters: “em” is Emma, not every female voice."""
    text = _plain(words)
    return " " + " ".join((text, *re.split(r"[\W_]+", text)))
