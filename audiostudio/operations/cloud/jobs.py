"""The jobs of this package; their requests and results stand in its docstring."""

import hashlib
import tempfile
import urllib.parse
from collections.abc import Generator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from audiostudio.engines.elevenlabs.catalogue import ENGINE
from audiostudio.engines.remote.provider import Provider
from audiostudio.errors import RequestError, StudioError, UnreadableMedia, UnsupportedSetting
from audiostudio.files import new_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset, AssetKind, AssetSource, MediaInfo, NewAsset, recipe_key
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights
from audiostudio.sound.files import SoundStream, SoundWriter, decode, probe

if TYPE_CHECKING:
    from audiostudio.engines.elevenlabs.account import ElevenLabsProvider, HistoryItem

R = TypeVar("R")
Body = Generator[Progress | Partial, None, JsonObject]

_MOST_SAMPLE = 20 << 20
"""Bytes of a voice's sample."""


def check_key(studio: Studio, request: JsonObject) -> Body:
    engine = request.get("engine", ENGINE)
    with closing(_provider(studio, engine)) as provider:
        catalogue = yield from _waited(provider.refresh(), "Checking the key")
    return {"engine": engine, "account": catalogue.get("account")}


def account(studio: Studio, request: JsonObject) -> Body:
    with closing(_elevenlabs(studio, request)) as provider:
        found = yield from _waited(provider.account(), "Asking for the account")
        return found.to_json()


def voices(studio: Studio, request: JsonObject) -> Body:
    named = request.get("engines")
    engines = named or [one.name for one in studio.engines.manifests() if one.capabilities.remote]
    counts: JsonObject = {}
    failed: list[JsonObject] = []
    for number, engine in enumerate(engines):
        yield Progress(number / len(engines), "Fetching voices")
        if not named and studio.engines.needs_key(engine):
            continue
        try:
            with closing(_provider(studio, engine)) as provider:
                found = yield from _waited(provider.refresh(), "Fetching voices")
        except StudioError as error:
            if len(engines) == 1:
                raise
            failed.append({"engine": engine, **error.to_json()})
            continue
        counts[engine] = len(found["voices"])
        yield Partial("voices", {"engine": engine, "count": counts[engine]})
    return {"voices": counts, "failed": failed}


def preview(studio: Studio, request: JsonObject) -> Body:
    voice = studio.engines.voice(request["voice"])
    if urllib.parse.urlsplit(voice.preview).scheme not in ("http", "https"):
        raise RequestError(f"{voice.name} has no ready sample.", "Let it speak your own text.")
    path = studio.profile.cache / "samples" / hashlib.sha256(voice.preview.encode()).hexdigest()[:32]
    if not path.is_file():
        from audiostudio.engines.remote.fetching import fetched

        data = yield from _waited(fetched(voice.preview, _MOST_SAMPLE), "Fetching the sample")
        with new_file(path) as half:
            half.write_bytes(data)
    return (yield from _heard(path))


def design(studio: Studio, request: JsonObject) -> Body:
    with closing(_elevenlabs(studio, request)) as provider:
        work = provider.design(
            request["description"],
            request.get("text", ""),
            request.get("seed"),
            request.get("loudness", 0.0),
            request.get("guidance", 5.0),
        )
        text, found = yield from _waited(work, "Designing voices")
    previews: list[JsonObject] = []
    for one in found:
        path = studio.profile.cache / "samples" / f"{hashlib.sha256(one.id.encode()).hexdigest()[:32]}.mp3"
        with new_file(path) as half:
            half.write_bytes(one.sound)
        previews.append({"id": one.id, "seconds": one.seconds, "path": str(path)})
    return {"text": text, "previews": previews}


def keep_voice(studio: Studio, request: JsonObject) -> Body:
    with closing(_elevenlabs(studio, request)) as provider:
        unwanted = tuple(request.get("unwanted", ()))
        work = provider.keep_voice(request["id"], request["name"], request["description"], unwanted)
        voice = yield from _waited(work, "Keeping the voice")
    return {"voice": voice["id"]}


def sound_effect(studio: Studio, request: JsonObject) -> Body:
    manifest = studio.engines.manifest(request.get("engine") or ENGINE)
    if not manifest.capabilities.remote:
        from audiostudio.operations.music.effects import make_effect

        return (yield from make_effect(studio, request, manifest))
    text = request["text"]
    seconds, influence, loop = request.get("seconds"), request.get("influence", 0.3), request.get("loop", False)
    with closing(_elevenlabs(studio, request)) as provider:
        sound = yield from _waited(provider.sound_effect(text, seconds, influence, loop), "Making the sound effect")
    recipe = {
        "operation": "sound_effect",
        "engine": ENGINE,
        "text": text,
        "seconds": seconds,
        "influence": influence,
        "loop": loop,
    }
    name = request.get("name") or _beginning(text)
    asset = yield from _added(studio, request, sound, AssetKind.SOUND_EFFECT, AssetSource.AI_VOICE, name, text, recipe)
    return {"asset": asset.id, "seconds": asset.duration}


def history(studio: Studio, request: JsonObject) -> Body:
    with closing(_elevenlabs(studio, request)) as provider:
        size = min(max(int(request.get("size") or 50), 1), 1000)
        work = provider.history(request.get("after"), size, request.get("search") or "")
        items, after = yield from _waited(work, "Asking for the history")
    return {"items": [item.to_json() for item in items], "after": after}


def history_fetch(studio: Studio, request: JsonObject) -> Body:
    assets: list[str] = []
    known: list[str] = []
    with closing(_elevenlabs(studio, request)) as provider:
        for number, identity in enumerate(request["ids"]):
            yield Progress(number / len(request["ids"]), "Fetching from the history")
            recipe: JsonObject = {"operation": "history", "engine": ENGINE, "item": identity}
            asset = studio.library.find_by_recipe(recipe_key(recipe))
            if asset is None:
                asset = yield from _fetch(studio, request, provider, identity, recipe)
                assets.append(asset.id)
            else:
                known.append(asset.id)
            yield Partial("asset", {"id": identity, "asset": asset.id})
    return {"assets": assets, "known": known}


def history_listen(studio: Studio, request: JsonObject) -> Body:
    identity = request["id"]
    path = studio.profile.cache / "samples" / hashlib.sha256(f"history {identity}".encode()).hexdigest()[:32]
    if not path.is_file():
        with closing(_elevenlabs(studio, request)) as provider:
            data = yield from _waited(provider.history_sound(identity), "Fetching from the history")
        with new_file(path) as half:
            half.write_bytes(data)
    return (yield from _heard(path))


def history_delete(studio: Studio, request: JsonObject) -> Body:
    deleted: list[str] = []
    with closing(_elevenlabs(studio, request)) as provider:
        for number, identity in enumerate(request["ids"]):
            yield Progress(number / len(request["ids"]), "Deleting from the history")
            yield from _waited(provider.history_delete(identity), "Deleting from the history")
            deleted.append(identity)
    return {"deleted": deleted}


def _heard(path: Path) -> Body:
    """A sound that was fetched, as `speech.preview` yields it."""
    samples = 0
    stream = SoundStream(path, mono=True)
    try:
        for chunk in stream:
            place = {"start": samples, "sample_rate": stream.sample_rate, "words": []}
            yield Partial("sound", place, {"audio": np.ascontiguousarray(chunk[0])})
            samples += chunk.shape[1]
    except UnreadableMedia:
        path.unlink(missing_ok=True)  # so that it is fetched again
        raise
    return {"seconds": samples / stream.sample_rate if samples else 0.0, "path": str(path)}


def _fetch(
    studio: Studio, request: JsonObject, provider: "ElevenLabsProvider", identity: str, recipe: JsonObject
) -> Generator[Progress | Partial, None, Asset]:
    message = "Fetching from the history"
    item: HistoryItem = yield from _waited(provider.history_item(identity), message)
    sound = yield from _waited(provider.history_sound(identity), message)
    kind = AssetKind.VOICEOVER if item.voice else AssetKind.SOUND_EFFECT
    name = " – ".join(part for part in (_beginning(item.text) or "ElevenLabs", item.voice_name) if part)
    return (
        yield from _added(studio, request, sound, kind, AssetSource.AI_VOICE, name, item.text, recipe, item.to_json())
    )


def _added(
    studio: Studio,
    request: JsonObject,
    sound: bytes,
    kind: AssetKind,
    source: AssetSource,
    name: str,
    text: str,
    recipe: JsonObject,
    detail: JsonObject | None = None,
) -> Generator[Progress | Partial, None, Asset]:
    """A sound that was fetched, at 48 kHz in the library."""
    with tempfile.TemporaryDirectory(dir=studio.library.workshop) as place:
        fetched, made = Path(place) / "What was fetched", Path(place) / "sound.wav"
        fetched.write_bytes(sound)
        samples = 0
        channels = min(2, probe(fetched).channels or 1)
        ingredients = Ingredients(studio)
        ingredients.add_engine(ENGINE)
        seal = ingredients.seal(name, _rights(studio))
        with SoundWriter(made, SAMPLE_RATE, channels, "wav", seal=seal) as writer:
            for chunk in decode(fetched, SAMPLE_RATE):
                writer.write(chunk[:channels])
                samples += chunk.shape[1]
                yield Progress(None, "Into the library")
        return studio.library.add(
            made,
            NewAsset(
                kind,
                source,
                name,
                rights=_rights(studio),
                media=MediaInfo(samples / SAMPLE_RATE, SAMPLE_RATE, channels),
                text=text,
                recipe=recipe,
                project=request.get("project"),
                folder=request.get("folder"),
                detail=detail or {},
            ),
        )


def _rights(studio: Studio) -> Rights:
    """The terms of the plan, as it is known."""
    return studio.engines.manifest(ENGINE).rights


def _provider(studio: Studio, engine: str) -> Provider:
    manifest = studio.engines.manifest(engine)
    if not manifest.capabilities.remote:
        raise UnsupportedSetting(f"{manifest.title} runs on this computer.", "It has no account.")
    found: Provider = import_module(manifest.module).provider(studio.accounts, manifest)
    return found


def _elevenlabs(studio: Studio, request: JsonObject) -> "ElevenLabsProvider":
    """Raises `UnsupportedSetting` for an engine that has no account to ask."""
    engine = request.get("engine", ENGINE)
    if not studio.engines.manifest(engine).capabilities.history:
        title = studio.engines.manifest(engine).title
        raise UnsupportedSetting(f"{title} cannot do this.", "Choose ElevenLabs.")
    provider: ElevenLabsProvider = import_module(studio.engines.manifest(engine).module).provider(
        studio.accounts, studio.engines.manifest(engine)
    )
    return provider


def _waited(work: Generator[None, None, R], message: str) -> Generator[Progress | Partial, None, R]:
    """What `work` returns, with a place to cancel at every moment of waiting."""
    with closing(work):
        while True:
            yield Progress(None, message)
            try:
                next(work)
            except StopIteration as end:
                found: R = end.value
                return found


def _beginning(text: str, words: int = 6) -> str:
    parts = text.split()
    return " ".join(parts[:words]) + ("…" if len(parts) > words else "")
