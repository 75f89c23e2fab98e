"""Which engines and voices there are, without importing any engine; and the engines that are loaded."""

import difflib
import importlib
import importlib.metadata
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from audiostudio.engines.base import Capabilities, EngineManifest, Models, SpeechEngine, Transcriber, Voice
from audiostudio.engines.voices import parse_mix, shipped
from audiostudio.errors import EngineUnavailable, NotFound, UnknownVoice, UnsupportedSetting
from audiostudio.files import storage_errors
from audiostudio.resource import resource
from audiostudio.rights import Rights

ENTRY_POINTS = "audiostudio.engines"
"""The group of entry points by which a package adds an engine: each names an attribute that is the manifest's JSON
object (with its voices under `voices`), so that a package can keep it in a module that imports nothing."""

Mix: TypeAlias = list[tuple[Voice, float]]
"""Voices with their weights; the weights sum to 1."""


class EngineRegistry:
    """The engines of the installation, of other packages and of the user's `folder`; used by one thread at a time.

    A later engine of the same name replaces an earlier one; two engines never share a voice.
    """

    def __init__(self, models: Models, folder: Path | None = None) -> None:
        self._models = models
        self._manifests: dict[str, EngineManifest] = {}
        self._voices: dict[str, Voice] = {}
        self._loaded: dict[str, Any] = {}
        for origin, data in _sources(folder):
            try:
                manifest = _manifest(data)
                voices = {voice["id"]: Voice(engine=manifest.name, **voice) for voice in data["voices"]}
            except (KeyError, TypeError, ValueError) as error:
                raise _unreadable(origin, error) from error
            self._manifests[manifest.name] = manifest
            self._voices |= voices

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

    def _engine(self, name: str) -> Any:
        if name not in self._loaded:
            manifest = self.manifest(name)
            try:
                module = importlib.import_module(manifest.module)
            except ImportError as error:
                raise EngineUnavailable(
                    f"{manifest.title} cannot be used: {error}.", "Install Audio Studio again, or that package."
                ) from error
            self._loaded[name] = module.create(self._models, manifest)
        return self._loaded[name]

    def close(self) -> None:
        """Close every loaded engine; the registry itself can still be asked."""
        while self._loaded:
            self._loaded.popitem()[1].close()

    def _near(self, name: str) -> str:
        by_name = {one.name.lower(): one.id for one in self._voices.values()}
        wanted = name.lower()
        near = difflib.get_close_matches(wanted, [*self._voices, *by_name], n=6, cutoff=0.5)
        ids = list(dict.fromkeys(by_name.get(one, one) for one in near))[:3]
        every = "`audiostudio voices` lists them all."
        return f"Did you mean {' or '.join(ids)}? {every}" if ids else every


def _sources(folder: Path | None) -> Iterator[tuple[str, Any]]:
    """Each manifest with its voices, and where it is from: those that ship, of other packages, of the user."""
    for path in sorted(resource("engines").glob("*.json")):
        data = _read(path)
        yield str(path), data | {"voices": shipped(path.stem) if data["kind"] == "speech" else []}
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


def _manifest(data: dict[str, Any]) -> EngineManifest:
    able = dict(data["capabilities"])
    for name in ("languages", "speed", "pitch"):
        if able.get(name) is not None:
            able[name] = tuple(able[name])
    return EngineManifest(
        name=data["name"],
        title=data["title"],
        module=data["module"],
        version=data["version"],
        kind=data["kind"],
        capabilities=Capabilities(**able),
        rights=Rights.from_json(data["rights"]),
        models=tuple(data.get("models", ())),
    )
