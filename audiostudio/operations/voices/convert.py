"""A recording said again in an own voice."""

from collections.abc import Generator

from audiostudio.engines.base import EngineManifest
from audiostudio.errors import RequestError, UnsupportedSetting
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.library.moves import content_hash
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.generate import scratch
from audiostudio.operations.speech import SAMPLE_RATE, Recorder
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices.sounds import MOST_SECONDS, heard
from audiostudio.rights import Rights, inherited
from audiostudio.sound.files import SoundWriter
from audiostudio.voices.voice import KeptVoice


def convert(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{file, voice, name, project, asset}` → `{asset, seconds}`: what a recording says, in an own voice, as a
    voiceover in the library. `asset`: the recording's own in the library, whose terms are inherited; it may be missing.

    Raises `UnknownVoice`, `UnsupportedSetting` where the voice's engine cannot do it, `RequestError` for ten
    minutes and more, `UnreadableMedia`, `EngineUnavailable`, `EngineFailed`, `StorageError`.
    """
    kept = studio.voices.get(request["voice"])
    manifest = studio.engines.manifest(kept.voice.engine)
    if not manifest.capabilities.conversion:
        able = [one.title for one in studio.engines.manifests() if one.capabilities.conversion]
        hint = f"Make the voice with {' or '.join(able)}." if able else "No engine here can."
        raise UnsupportedSetting(f"{manifest.title} cannot say a recording again in “{kept.card.name}”.", hint)
    path = absolute(request["file"])
    yield Progress(0.0, f"Reading {path.name}")
    audio = heard(path, SAMPLE_RATE)
    if len(audio) >= MOST_SECONDS * SAMPLE_RATE:  # the rest was not read
        raise RequestError(
            f"{path.name} is too long: less than {MOST_SECONDS // 60} minutes can be said again at once.",
            "Cut it into parts first.",
        )
    engine = studio.engines.converter(manifest.name)
    ingredients = Ingredients(studio)
    ingredients.add_voice(kept.voice.id)
    name: str = request.get("name") or f"{path.stem} – {kept.card.name}"
    rights = inherited([manifest.rights, kept.voice.rights])
    seal = ingredients.seal(name, rights)
    with scratch(studio) as target:
        with SoundWriter(target, SAMPLE_RATE, 1, "wav", seal=seal) as writer:
            recorder = Recorder(writer, keep_words=False)
            for chunk in engine.convert(audio, SAMPLE_RATE, kept.voice.id):
                recorder.add(chunk)
                yield Progress(min(0.99, recorder.samples / len(audio)), "Saying it again")
            recorder.finish()
        asset = studio.library.add(target, _asset(request, manifest, kept, name, rights, recorder.samples))
    return {"asset": asset.id, "seconds": recorder.samples / SAMPLE_RATE}


def _asset(
    request: JsonObject, manifest: EngineManifest, kept: KeptVoice, name: str, rights: Rights, samples: int
) -> NewAsset:
    return NewAsset(
        AssetKind.VOICEOVER,
        AssetSource.CLONED,
        name,
        rights=rights,
        media=MediaInfo(samples / SAMPLE_RATE, SAMPLE_RATE, 1),
        recipe={
            "operation": "conversion",
            "engine": manifest.name,
            "engine_version": manifest.version,
            "models": list(manifest.models),
            "voice": kept.voice.id,
            "revisions": [[kept.voice.id, kept.voice.revision]],
            "recording": content_hash(absolute(request["file"])),
            "sample_rate": SAMPLE_RATE,
        },
        made_of=(request["asset"],) if request.get("asset") else (),
        project=request.get("project"),
        detail={"samples": samples},
    )
