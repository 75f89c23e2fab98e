"""What the Content Credentials of a file say, and the seal that writes them when the file is finished."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from audiostudio.credentials import COMPOSED, FORMATS, Origin, Source
from audiostudio.engines.voices import parse_mix
from audiostudio.errors import NotFound, RequestError, StudioError
from audiostudio.jobs import JsonObject, Partial
from audiostudio.library import Asset, AssetSource
from audiostudio.operations.speech import Delivery, other_voices
from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.tracks import Timeline
from audiostudio.voices.voice import OWN

_SYNTHETIC = frozenset(
    {AssetSource.TTS, AssetSource.AI_VOICE, AssetSource.AI_MUSIC, AssetSource.COMPOSED, AssetSource.CLONED}
)
_METHODS = {"clone": "cloned", "match": "matched"}


class Seal:
    """For `SoundWriter`: signs the finished file before it appears. One that cannot be signed appears all the same."""

    def __init__(self, studio: Studio, origin: Origin) -> None:
        self._studio = studio
        self._origin = origin
        self.told: list[str] = []
        """What the user should know: nothing where all went well, or where the format holds no credentials."""

    def __call__(self, path: Path, suffix: str) -> None:
        if suffix not in FORMATS:
            return
        try:
            self._studio.credentials.sign(path, suffix, self._origin)
        except StudioError as error:
            self.told = [f"“{self._origin.title}” has no Content Credentials: {error}"]
            logging.getLogger(__name__).warning("%s", self.told[0])

    def notes(self) -> Iterator[Partial]:
        """The same, for jobs that tell it on their way."""
        yield from (Partial("note", {"message": message}) for message in self.told)


def played(project: Project, timeline: Timeline) -> Iterator[Media]:
    """The media that a timeline plays, muted or not."""
    used = {clip.media for clip in timeline.clips()}
    return (one for one in project.media if one.id in used)


@dataclass
class Ingredients:
    """What is in a file, gathered from those who know."""

    studio: Studio
    sources: list[Source] = field(default_factory=list)
    """Each once."""
    only_synthetic: bool = True
    """Whether nothing else was added."""

    def add_speech(self, delivery: Delivery) -> None:
        """Raises `UnknownVoice`."""
        for voice in (delivery.voice, *other_voices(self.studio, delivery)):
            self.add_voice(voice)

    def add_voice(self, voice: str) -> None:
        """A voice or a mix, as it is now. Raises `UnknownVoice`."""
        manifest, _ = self.studio.engines.resolve(voice)
        self._add_voice(voice, manifest.name, manifest.version)

    def add_engine(self, name: str) -> None:
        """What an engine made that is no voice of ours."""
        manifest = self.studio.engines.manifest(name)
        self._add(Source(name, manifest.version, "", COMPOSED if manifest.capabilities.score else "standard"))

    def add_assets(self, identities: Iterable[str]) -> None:
        """Assets of the library, and what they are made of; of one that is gone nothing is known."""
        waiting, seen = list(identities), set[str]()
        while waiting:
            identity = waiting.pop(0)
            if identity in seen:
                continue
            seen.add(identity)
            try:
                asset = self.studio.library.get(identity)
            except NotFound:
                self.only_synthetic = False
                continue
            if asset.made_of and "engine" not in (asset.recipe or {}):
                waiting += asset.made_of
            else:
                self._add_asset(asset)

    def add_media(self, media: Iterable[Media]) -> None:
        """Of a project."""
        self.add_assets([one.asset.id for one in media])

    def seal(self, title: str, rights: Rights) -> Seal:
        return Seal(self.studio, Origin(title, rights, tuple(self.sources), self.only_synthetic))

    def _add_asset(self, asset: Asset) -> None:
        made_by: JsonObject = asset.recipe or {}
        engine, version = str(made_by.get("engine", "")), str(made_by.get("engine_version", ""))
        if asset.source not in _SYNTHETIC:
            self.only_synthetic = False
        elif made_by.get("operation") in ("speech", "conversion"):
            self._add_voice(made_by["voice"], engine, version)
            for voice, other, its_version, *_ in made_by.get("other_voices", []):
                self._add_voice(voice, other, its_version)
        else:
            composed = asset.source is AssetSource.COMPOSED
            self._add(Source(engine, version, "", COMPOSED if composed else "standard"))

    def _add_voice(self, voice: str, engine: str, version: str) -> None:
        for name, _ in parse_mix(voice):
            self._add(self._own(name, engine, version) or Source(engine, version, self._named(name), "standard"))

    def _own(self, name: str, engine: str, version: str) -> Source | None:
        if not name.startswith(OWN):
            return None
        try:
            kept = self.studio.voices.get(name)
        except RequestError:  # thrown away since
            return Source(engine, version, name, "cloned")
        consent = kept.voice.consent
        told = {"whose": consent.whose, "person": consent.person, "date": consent.date, "scope": consent.scope}
        return Source(engine, version, kept.card.name, _METHODS.get(kept.voice.method, "cloned"), told)

    def _named(self, name: str) -> str:
        try:
            return self.studio.engines.voice(name).name
        except RequestError:  # of an engine that is not here now
            return name

    def _add(self, source: Source) -> None:
        if source not in self.sources:
            self.sources.append(source)
