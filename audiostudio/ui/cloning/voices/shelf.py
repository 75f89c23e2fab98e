"""Which own voices there are, found and put in order, and what is known of each. Plain Python."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.errors import UnknownVoice
from audiostudio.operations.voices.usage import Usage, usage
from audiostudio.rights import Rights, inherited
from audiostudio.script.language import FURTHER, LANGUAGES

if TYPE_CHECKING:
    from audiostudio.engines.base import EngineManifest
    from audiostudio.operations.studio import Studio
    from audiostudio.voices.folder import DamagedVoice
    from audiostudio.voices.voice import KeptVoice

NEVER = Usage(0, None)
ORDERS = ("newest", "name", "used", "score")


@dataclass(slots=True)
class Shelf:
    """The own voices of a profile as they were when it last looked."""

    studio: "Studio"
    voices: "tuple[KeptVoice, ...]" = ()
    binned: "tuple[KeptVoice, ...]" = ()
    damaged: "tuple[DamagedVoice, ...]" = ()
    uses: Mapping[str, Usage] = field(default_factory=dict)
    """By the voice's id."""
    alike: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of those that were asked about: the voices that sound like the same person."""
    _engines: "dict[str, EngineManifest]" = field(default_factory=dict)

    def look(self) -> None:
        folder = self.studio.voices
        self.voices, self.binned, self.damaged = folder.voices(), folder.binned(), folder.damaged()
        self._engines = {one.name: one for one in self.studio.engines.manifests()}

    def get(self, identity: str) -> "KeptVoice | None":
        """In use or in the bin."""
        return next((one for one in (*self.voices, *self.binned) if one.voice.id == identity), None)

    def found(self, words: str, order: str, binned: bool = False) -> "list[KeptVoice]":
        """Those that have all `words` somewhere, in one of `ORDERS`."""
        wanted = _plain(words).split()
        here = [one for one in (self.binned if binned else self.voices) if _has(wanted, self._words(one))]
        keys = {
            "newest": lambda one: (one.voice.created, one.voice.id),
            "used": lambda one: (self.use(one).last is not None, self.use(one).last, self.use(one).count),
            "score": lambda one: one.voice.found.get("score", -1),
        }
        if order == "name":
            return sorted(here, key=lambda one: _plain(one.card.name))
        return sorted(here, key=keys[order], reverse=True)

    def engine(self, kept: "KeptVoice") -> "EngineManifest | None":
        """None: that engine is not installed here."""
        return self._engines.get(kept.voice.engine)

    def engine_title(self, kept: "KeptVoice") -> str:
        engine = self.engine(kept)
        return engine.title if engine else kept.voice.engine

    def voice_name(self, identity: str) -> str:
        """Of any voice of the studio."""
        return next((one.name for one in self.studio.engines.voices() if one.id == identity), identity)

    def rights(self, kept: "KeptVoice") -> Rights:
        """The terms of what it speaks."""
        engine = self.engine(kept)
        return inherited([*([engine.rights] if engine else []), kept.voice.rights])

    def use(self, kept: "KeptVoice") -> Usage:
        return self.uses.get(kept.voice.id, NEVER)

    def file(self, kept: "KeptVoice", name: str) -> Path | None:
        """A file that a voice names; None: it names none, or cannot be used."""
        return self._found(kept, lambda: self.studio.voices.path(kept.voice.id) / name) if name else None

    def picture(self, kept: "KeptVoice") -> Path | None:
        return self._found(kept, lambda: self.studio.voices.picture(kept.voice.id))

    def _found(self, kept: "KeptVoice", look: Callable[[], Path | None]) -> Path | None:
        try:
            return None if kept.binned else look()
        except UnknownVoice:  # thrown away a moment ago, or damaged
            return None

    def in_slot(self, slot: str) -> "KeptVoice | None":
        return next((one for one in self.voices if one.card.slot == slot), None)

    def twins(self, kept: "KeptVoice") -> "list[KeptVoice]":
        """Others that one of the same recordings went into, or that sound like the same person."""
        own = {sample.sha256 for sample in kept.voice.samples}
        near = self.alike.get(kept.voice.id, ())
        others = (one for one in self.voices if one.voice.id != kept.voice.id)
        return [one for one in others if one.voice.id in near or own & {sample.sha256 for sample in one.voice.samples}]

    def tags(self) -> list[str]:
        return sorted({tag for one in self.voices for tag in one.card.tags}, key=_plain)

    def _words(self, kept: "KeptVoice") -> str:
        voice, card = kept.voice, kept.card
        spoken = next((f"{one.name} {one.own_name}" for one in (*LANGUAGES, *FURTHER) if one.tag == voice.language), "")
        person = voice.consent.person
        parts = (card.name, card.description, *card.tags, self.engine_title(kept), voice.language, spoken, person)
        return _plain(" ".join(parts))


def count_uses(studio: "Studio", voices: Iterable[str]) -> dict[str, Usage]:
    """Asks the library: beside the window."""
    return {voice: usage(studio, voice) for voice in voices}


def find_alike(studio: "Studio", voice: str) -> tuple[str, ...]:
    """The voices that sound like the same person as this one. Reads files: beside the window."""
    from audiostudio.operations.voices.characteristics import alike, speaker_of

    try:
        known = speaker_of(studio.voices.path(voice))
    except UnknownVoice:
        return ()
    return tuple(one["voice"] for one in alike(studio, known, voice)) if known is not None else ()


def _has(wanted: list[str], words: str) -> bool:
    return all(word in words for word in wanted)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
