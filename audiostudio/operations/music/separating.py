"""Music taken apart into stems, which are kept with it."""

import tempfile
from collections.abc import Generator
from pathlib import Path

from audiostudio.engines.base import EngineManifest
from audiostudio.errors import EngineUnavailable, NotFound, RequestError, UnsupportedSetting
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset, NewAsset
from audiostudio.operations.aligning import sound_of
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.music.landing import STEM, landed
from audiostudio.operations.progress import part_of
from audiostudio.operations.studio import Studio
from audiostudio.rights import inherited

OPERATION = "separation"
"""In the recipe of a stem."""
_TAKING_APART = 0.9
"""The share of the work that is the engine's."""
_KEPT = ("genre", "mood", "bpm", "key", "metre", "beats", "sections", "lyrics")
"""Of the mix, that are true of its stems."""


def separate(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{asset, engine?}` → `{stems: [{name, asset}]}`: `vocals`, `drums`, `bass` and `other` of a recording as assets
    that are made of it and inherit its terms; those that are there already are not made again.

    Each has `detail["stem_of"]` (the mix's id) and `detail["stem"]`; the mix has them in its `detail["stems"]`.
    Raises `NotFound`, `MissingMedia`, `RequestError`, `EngineUnavailable`, `ModelMissing`, `EngineFailed`.
    """
    mix = studio.library.get(request["asset"])
    path = sound_of(mix)
    if mix.duration is None:
        raise RequestError(f"“{mix.name}” holds no sound.", "Choose a recording.")
    if found := kept_stems(studio, mix):
        return {"stems": found}
    manifest = _separator(studio, request.get("engine"))
    yield Progress(0.0, f"Loading {manifest.title}")
    engine = studio.engines.separator(manifest.name)
    ingredients = Ingredients(studio)
    ingredients.add_assets([mix.id])
    rights = inherited([mix.rights, manifest.rights])
    made: list[JsonObject] = []
    with tempfile.TemporaryDirectory(dir=studio.library.workshop) as place:
        stems = yield from part_of(engine.separate(path, Path(place)), 0.0, _TAKING_APART)
        for name, file in stems:
            new = _stem(mix, name, manifest)
            asset = yield from landed(studio, Path(place, file), new, ingredients.seal(new.name, rights))
            made.append({"name": name, "asset": asset.id})
    names = {one["name"] for one in made}
    others = [one for one in studio.library.get(mix.id).detail.get("stems") or () if one.get("name") not in names]
    studio.library.update_detail(mix.id, {"stems": [*others, *made]})
    return {"stems": made}


def kept_stems(studio: Studio, mix: Asset) -> list[JsonObject]:
    """The stems that a recording was taken apart into, if all are still there: `[{name, asset}]`."""
    found: list[JsonObject] = []
    for one in mix.detail.get("stems") or ():
        try:
            stem = studio.library.get(one["asset"])
        except NotFound:
            return []
        if (stem.recipe or {}).get("operation") == OPERATION:
            if not stem.path.is_file():
                return []
            found.append({"name": one["name"], "asset": stem.id})
    return found


def _separator(studio: Studio, wanted: str | None) -> EngineManifest:
    """The engine that is asked for, or the first that can be used. Raises `EngineUnavailable` with how to get one."""
    if wanted:
        manifest = studio.engines.manifest(wanted)
        if manifest.kind != "separation":
            raise UnsupportedSetting(f"{manifest.title} does not take music apart.", "Leave the engine out.")
        return manifest
    able = [one for one in studio.engines.manifests() if one.kind == "separation"]
    if not able:
        raise EngineUnavailable("No engine can take music apart.", "Install Audio Studio again.")
    return next((one for one in able if _ready(studio, one)), able[0])


def _ready(studio: Studio, manifest: EngineManifest) -> bool:
    known = studio.models.names()
    models = all(name not in known or studio.models.present(name) for name in manifest.models)
    environments = studio.environments
    return models and (not manifest.environment or environments.usable(manifest.environment))


def _stem(mix: Asset, name: str, manifest: EngineManifest) -> NewAsset:
    recipe: JsonObject = {
        "operation": OPERATION,
        "engine": manifest.name,
        "engine_version": manifest.version,
        "models": list(manifest.models),
        "recording": mix.content_hash,
        "part": name,
    }
    return NewAsset(
        mix.kind,
        mix.source,
        f"{mix.name} – {name}",
        rights=manifest.rights,
        recipe=recipe,
        made_of=(mix.id,),
        tags=(STEM,),
        project=mix.project,
        detail={"stem_of": mix.id, "stem": name, "part": name}
        | {key: mix.detail[key] for key in _KEPT if key in mix.detail},
    )
