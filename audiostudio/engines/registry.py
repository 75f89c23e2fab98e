"""Which engines and voices there are, without importing any engine; and the engines that are loaded."""

import difflib
import importlib
import importlib.metadata
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from audiostudio.engines.base import (
    Capabilities,
    Converter,
    EngineManifest,
    Illustrator,
    MusicEngine,
    Option,
    Separator,
    SingingEngine,
    SpeechEngine,
    Transcriber,
    Voice,
    VoiceMaker,
)
from audiostudio.engines.environments.store import Environments
from audiostudio.engines.marking import MarkedEngine, marked
from audiostudio.engines.remote.accounts import Accounts, Catalogue
from audiostudio.engines.remote.services import Server
from audiostudio.engines.supplies import ModelFiles, Supplies
from audiostudio.engines.voices import borrowed, parse_mix, shipped, voice_id
from audiostudio.errors import EngineUnavailable, NotFound, UnknownVoice, UnsupportedSetting
from audiostudio.files import storage_errors
from audiostudio.resource import resource
from audiostudio.rights import Rights
from audiostudio.voices.folder import VoiceFolder
from audiostudio.voices.voice import KeptVoice

if TYPE_CHECKING:
    from audiostudio.engines.environments.calls import Worker

ENTRY_POINTS = "audiostudio.engines"
"""The group of entry points by which a package adds an engine: each names an attribute that is the manifest's JSON
object (with its voices under `voices`), so that a package can keep it in a module that imports nothing."""

Mix: TypeAlias = list[tuple[Voice, float]]
"""Voices with their weights; the weights sum to 1."""


class EngineRegistry:
    """The engines of the installation, of other packages, of the user's `folder` and servers; used by one thread at a
    time.

    A later engine of the same name replaces an earlier one; two engines never share a voice. The voices of remote
    engines are those that were fetched last, by whatever process.
    """

    def __init__(
        self,
        models: ModelFiles,
        folder: Path | None = None,
        accounts: Accounts | None = None,
        own: VoiceFolder | None = None,
    ) -> None:
        """`own`: the user's own voices; each is a voice of the engine that it was made with."""
        self._models = Supplies(models, own)
        self._own = own
        self._accounts = accounts
        self._sources = list(_sources(folder))
        self._version: tuple[int, ...] | None = None
        self._known_manifests: dict[str, EngineManifest] = {}
        self._known_voices: dict[str, Voice] = {}
        self._loaded: dict[str, Any] = {}
        self._environments = Environments(folder) if folder else None
        self._workers: dict[str, tuple[Worker, int]] = {}
        """Of each environment, and of which making."""
        self._refresh()

    @property
    def _manifests(self) -> dict[str, EngineManifest]:
        self._refresh()
        return self._known_manifests

    @property
    def _voices(self) -> dict[str, Voice]:
        self._refresh()
        return self._known_voices

    def _refresh(self) -> None:
        """Read again what can change while the program runs, if it did."""
        version: tuple[int, ...] = ()
        for source in (self._accounts, self._own, self._environments):
            version += source.version() if source else (0,)
        if version == self._version:
            return
        manifests: dict[str, EngineManifest] = {}
        voices: dict[str, Voice] = {}
        for origin, data in self._sources:
            try:
                for one in _expanded(data, self._accounts):
                    manifest = _manifest(one)
                    manifests[manifest.name] = manifest
                    if self._listed(manifest):
                        voices |= {voice["id"]: Voice(engine=manifest.name, **voice) for voice in one["voices"]}
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise _unreadable(origin, error) from error
        own = self._own.voices() if self._own else ()
        voices |= {one.voice.id: _own_voice(one) for one in own if one.voice.engine in manifests}
        for name in [name for name in self._loaded if self._known_manifests[name].capabilities.remote]:
            self._loaded.pop(name).close()
        self._known_manifests, self._known_voices, self._version = manifests, voices, version

    def _listed(self, manifest: EngineManifest) -> bool:
        """Whether its voices are shown. Those of another engine are not shown twice where it cannot speak them."""
        if not manifest.environment or not borrowed(manifest.name):
            return True
        environments = self._environments
        if environments is None or manifest.environment not in environments.names():
            return False
        return environments.usable(manifest.environment)

    def needs_key(self, name: str) -> bool:
        """Whether the engine cannot be used before the user enters an API key. Raises `NotFound`."""
        wanted = self.manifest(name).needs_key
        return wanted and (self._accounts is None or self._accounts.keys.get(name) is None)

    def manifests(self) -> tuple[EngineManifest, ...]:
        return tuple(self._manifests.values())

    def manifest(self, name: str) -> EngineManifest:
        """Raises `NotFound`."""
        try:
            return self._manifests[name]
        except KeyError:
            raise NotFound(f"There is no engine “{name}”.", f"There are: {', '.join(self._manifests)}.") from None

    def voices(self) -> tuple[Voice, ...]:
        return tuple(self._voices.values())

    def voice(self, name: str) -> Voice:
        """Raises `UnknownVoice` with the names that come near in its hint."""
        try:
            return self._voices[name]
        except KeyError:
            raise UnknownVoice(f"There is no voice “{name[:60]}”.", self._near(name)) from None

    def resolve(self, voice: str) -> tuple[EngineManifest, Mix]:
        """The engine and the voices of an id or a mix such as `af_heart:0.6+am_adam:0.4`.

        Raises `UnknownVoice`, or `UnsupportedSetting` when the mix is not written so or cannot be had.
        """
        parts = [(self.voice(name), weight) for name, weight in parse_mix(voice)]
        engines = {one.engine for one, _ in parts}
        if len(engines) > 1:
            raise UnsupportedSetting(
                f"The voices of “{voice[:80]}” belong to different engines.", "Mix voices of one engine only."
            )
        manifest = self.manifest(parts[0][0].engine)
        if len(parts) > 1 and not manifest.capabilities.mixes:
            raise UnsupportedSetting(f"{manifest.title} cannot mix voices.", "Choose one voice.")
        return manifest, parts

    def load(self, name: str) -> SpeechEngine:
        """The engine, ready to speak; loaded once.

        Raises `NotFound`, `EngineUnavailable`, `EngineFailed`, and `ModelMissing` that names the command to mend it.
        """
        engine: SpeechEngine = self._engine(name)
        return engine

    def transcriber(self) -> Transcriber:
        """The engine that recognises speech, ready to listen; loaded once. Raises as `load` does."""
        name = next((one.name for one in self._manifests.values() if one.kind == "transcription"), None)
        if name is None:
            raise EngineUnavailable("No engine can recognise speech.", "Install Audio Studio again.")
        engine: Transcriber = self._engine(name)
        return engine

    def maker(self, name: str) -> VoiceMaker:
        """The engine, ready to learn voices; its manifest has `cloning`. Raises as `load` does."""
        engine: VoiceMaker = self._engine(name)
        return engine

    def converter(self, name: str) -> Converter:
        """The engine, ready to say recordings again; its manifest has `conversion`. Raises as `load` does."""
        engine: Converter = self._engine(name)
        return engine

    def singer(self, name: str) -> SingingEngine:
        """The engine, ready to sing; its manifest has `singing`. Raises as `load` does."""
        engine: Any = self._engine(name)
        if self.manifest(name).capabilities.cloning == "clone" or isinstance(engine, MarkedEngine):
            from audiostudio.engines.singing.cloned import ClonedSinger

            engine = ClonedSinger(engine, self._models, self._reading_voice)
        singer: SingingEngine = engine
        return singer

    def _reading_voice(self, language: str) -> Any:
        """A voice that reads phonemes of a language and knows when each sounds: other readings are aligned with it."""
        if language.startswith("en"):
            return self._engine("hibari").reading_voice()
        theirs = [one.id for one in self.voices() if one.engine == "kokoro" and one.language == language]
        return self._engine("kokoro").reading_voice(theirs[0] if theirs else "af_heart")

    def musician(self, name: str) -> MusicEngine:
        """The engine, ready to make music; its kind is `music`. Raises as `load` does."""
        engine: MusicEngine = self._engine(name)
        return engine

    def separator(self, name: str) -> Separator:
        """The engine, ready to take mixes apart; its kind is `separation`. Raises as `load` does."""
        engine: Separator = self._engine(name)
        return engine

    def illustrator(self, name: str) -> Illustrator:
        """The engine, ready to make pictures; its kind is `image`. Raises as `load` does."""
        engine: Illustrator = self._engine(name)
        return engine

    def _engine(self, name: str) -> Any:
        manifest = self.manifest(name)
        self._leave_old(manifest.environment)
        if name not in self._loaded:
            if manifest.environment:
                from audiostudio.engines.environments.hosted import HostedEngine

                self._loaded[name] = HostedEngine(self._worker(manifest), self._models, manifest)
                return self._loaded[name]
            try:
                module = importlib.import_module(manifest.module)
            except ImportError as error:
                raise EngineUnavailable(
                    f"{manifest.title} cannot be used: {error}.", "Install Audio Studio again, or that package."
                ) from error
            if manifest.capabilities.remote and self._accounts is not None:
                engine = module.connect(self._accounts, manifest, self._models)
            else:
                engine = module.create(self._models, manifest)
            self._loaded[name] = marked(engine, manifest, self._models)
        return self._loaded[name]

    def _worker(self, manifest: EngineManifest) -> "Worker":
        """The process of an engine's environment; one for all engines of it."""
        from audiostudio.engines.environments.calls import Worker

        name = manifest.environment
        if self._environments is None:
            raise EngineUnavailable(f"{manifest.title} needs an engine environment.", "Open a profile.")
        if name not in self._workers:
            made = self._environments.made(name)
            self._workers[name] = Worker(name, self._environments.command(name)), made
        return self._workers[name][0]

    def _leave_old(self, environment: str) -> None:
        """End the process of an environment that was made again, or removed, since it began."""
        worker, made = self._workers.get(environment, (None, 0))
        if worker is None or self._environments is None or self._environments.made(environment) == made:
            return
        for name in [name for name in self._loaded if self.manifest(name).environment == environment]:
            self._loaded.pop(name).close()
        del self._workers[environment]
        worker.close()

    def close(self) -> None:
        """Close every loaded engine; the registry itself can still be asked."""
        while self._loaded:
            self._loaded.popitem()[1].close()
        while self._workers:
            self._workers.popitem()[1][0].close()

    def _near(self, name: str) -> str:
        by_name = {one.name.lower(): one.id for one in self._voices.values()}
        wanted = name.lower()
        near = difflib.get_close_matches(wanted, [*self._voices, *by_name], n=6, cutoff=0.5)
        ids = list(dict.fromkeys(by_name.get(one, one) for one in near))[:3]
        every = "`audiostudio voices` lists them all."
        return f"Did you mean {' or '.join(ids)}? {every}" if ids else every


def _own_voice(kept: KeptVoice) -> Voice:
    voice, card = kept.voice, kept.card
    return Voice(voice.id, card.name, voice.engine, voice.language, card.gender, "", "", "mine", card.description)


def _sources(folder: Path | None) -> Iterator[tuple[str, Any]]:
    """Each manifest with its voices, and where it is from: those that ship, of other packages, of the user."""
    for path in sorted(resource("engines").glob("*.json")):
        data = _read(path)
        local = data["kind"] == "speech" and not data["capabilities"].get("remote")
        yield str(path), data | {"voices": shipped(path.stem) if local else []}
    for entry in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda one: one.name):
        yield f"of the package that adds “{entry.name}”", entry.load()
    for path in sorted(folder.glob("*.json")) if folder and folder.is_dir() else []:
        yield str(path), _read(path)


def _read(path: Path) -> Any:
    with storage_errors(path):
        text = path.read_text(encoding="utf-8")
    try:
        return json.loads(text)
    except ValueError as error:
        raise _unreadable(str(path), error) from error


def _unreadable(origin: str, error: Exception) -> EngineUnavailable:
    return EngineUnavailable(
        f"The engine manifest {origin} cannot be read: {type(error).__name__} {error}.", "Mend or remove it."
    )


def _expanded(data: dict[str, Any], accounts: Accounts | None) -> Iterator[dict[str, Any]]:
    """The engines of a manifest: a remote one with what was fetched of it, one for each server, or just itself."""
    if data.get("for_servers"):
        for server in accounts.services.servers() if accounts else ():
            yield _of_server(data, server, accounts.catalogue(server.name) if accounts else {})
    elif data["capabilities"].get("remote") and accounts:
        yield _with_catalogue(data, accounts.catalogue(data["name"]))
    else:
        yield data


def _with_catalogue(data: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """The manifest with the voices, options, languages and rights that were fetched, if they can be used."""
    able = data["capabilities"] | {name: catalogue[name] for name in ("options", "languages") if name in catalogue}
    fetched = data | {"capabilities": able, "voices": catalogue.get("voices", [])}
    if "rights" in catalogue:
        fetched["rights"] = catalogue["rights"]
    try:
        _manifest(fetched)
        for voice in fetched["voices"]:
            Voice(engine=data["name"], **voice)
    except (AttributeError, KeyError, TypeError, ValueError):  # of another version; it can be fetched again
        return data
    return fetched


def _of_server(data: dict[str, Any], server: Server, catalogue: Catalogue) -> dict[str, Any]:
    typed = [
        {"id": voice_id(server.name, name), "name": name, "language": server.language, "gender": "neutral"}
        for name in server.voices
    ]
    own = data | {"name": server.name, "title": server.title}
    fetched = _with_catalogue(own, catalogue)
    known = {voice["id"] for voice in fetched["voices"]}
    return fetched | {"voices": [*fetched["voices"], *(voice for voice in typed if voice["id"] not in known)]}


def _manifest(data: dict[str, Any]) -> EngineManifest:
    able = dict(data["capabilities"])
    for name in ("languages", "speed", "pitch", "energy", "intonation"):
        if able.get(name) is not None:
            able[name] = tuple(able[name])
    able["options"] = tuple(_option(option) for option in able.get("options", ()))
    return EngineManifest(
        name=data["name"],
        title=data["title"],
        module=data["module"],
        version=data["version"],
        kind=data["kind"],
        capabilities=Capabilities(**able),
        rights=Rights.from_json(data["rights"]),
        models=tuple(data.get("models", ())),
        needs_key=data.get("needs_key", False),
        environment=data.get("environment", ""),
        sample_rate=data.get("sample_rate", 0),
    )


def _option(data: dict[str, Any]) -> Option:
    """`choices` are pairs; `only_for` is an object of lists."""
    choices = tuple((str(value), str(title)) for value, title in data.get("choices", ()))
    only_for = tuple((name, tuple(values)) for name, values in data.get("only_for", {}).items())
    return Option(**(data | {"choices": choices, "only_for": only_for}))
