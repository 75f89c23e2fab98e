"""Sound effects that an engine on this machine makes."""

import secrets
import tempfile
from collections.abc import Generator
from pathlib import Path

from audiostudio.engines.base import EngineManifest, MusicRequest
from audiostudio.errors import UnsupportedSetting
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import AssetKind, AssetSource, NewAsset
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.music.landing import landed
from audiostudio.operations.studio import Studio

_SECONDS = 5.0
"""Of one of which nobody says how long."""
_SEEDS = 2**31


def make_effect(
    studio: Studio, request: JsonObject, manifest: EngineManifest
) -> Generator[Progress | Partial, None, JsonObject]:
    """`{text, seconds?, seed?, options?, name?, project?, folder?}` → `{asset, seconds}`: a sound effect in the
    library. Raises `UnsupportedSetting`, and what the engine raises."""
    if manifest.kind != "music" or not manifest.capabilities.sound_effects:
        raise UnsupportedSetting(f"{manifest.title} makes no sound effects.", "Choose ElevenLabs or AudioGen.")
    text = request["text"].strip()
    if request.get("loop"):
        raise UnsupportedSetting(f"{manifest.title} makes no loops.", "Make one of it afterwards: music, loop.")
    seed = secrets.randbelow(_SEEDS) if request.get("seed") is None else int(request["seed"])
    options = tuple(sorted((str(name), str(value)) for name, value in (request.get("options") or {}).items()))
    asked = MusicRequest(text, float(request.get("seconds") or _SECONDS), seed, options=options)
    yield Progress(0.0, f"Loading {manifest.title}")
    engine = studio.engines.musician(manifest.name)
    ingredients = Ingredients(studio)
    ingredients.add_engine(manifest.name)
    recipe: JsonObject = {
        "operation": "sound_effect",
        "engine": manifest.name,
        "engine_version": manifest.version,
        "models": list(manifest.models),
        "text": text,
        "seconds": asked.seconds,
        "seed": seed,
        "options": [list(option) for option in options],
    }
    name = request.get("name") or " ".join(text.split()[:7])
    new = NewAsset(
        AssetKind.SOUND_EFFECT, AssetSource.AI_MUSIC, name, rights=manifest.rights, text=text, recipe=recipe,
        project=request.get("project"), folder=request.get("folder"),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(dir=studio.library.workshop) as place:
        (piece,) = yield from engine.make(asked, Path(place))
        asset = yield from landed(studio, Path(place, piece.file), new, ingredients.seal(name, manifest.rights))
    return {"asset": asset.id, "seconds": asset.duration}
