"""Music from a prompt, a brief or a plan, into the library; and a preview that is heard at once."""

import hashlib
import json
import tempfile
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from audiostudio.engines.base import EngineManifest, MusicPiece
from audiostudio.errors import RequestError, UnsupportedSetting
from audiostudio.files import prune, replace_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset, AssetKind, NewAsset
from audiostudio.music.plan import SHORTEST, Brief, Plan
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.music.asking import Asked, asked, decoded, planned, variant
from audiostudio.operations.music.landing import (
    engine_source,
    land_midi,
    land_stems,
    landed,
    music_detail,
    music_name,
    music_recipe,
    painted,
)
from audiostudio.operations.progress import part_of
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import probe, read_sound, write_sound
from audiostudio.sound.loudness import normalise
from audiostudio.timeline.schema import encode

LOUDNESS = -14.0
"""LUFS of what an engine made that does not master: as near as its peaks allow."""
_MAKING = 0.85
"""The share of the work that is the engine's."""
_AUDITIONS = 250 << 20
"""Bytes of previews that are kept: some sixty of ten seconds."""
_LONGEST_AUDITION = 60.0

Body = Generator[Progress | Partial, None, JsonObject]


def make(studio: Studio, request: JsonObject) -> Body:
    """`{engine, prompt, brief?, plan?, seconds?, seed?, count?, options?, name?, project?, song?, stems?, midi?,
    continues?, melody?, vocals?}` → `{pieces: [piece]}`; each also comes as a partial `piece` as soon as it is there.

    `brief`, `plan` and `vocals` are encoded; a brief's fields win over what is read from the prompt, a plan over both.
    `continues`, `melody`: an asset's id or a path. A piece: `{asset, name, seconds, seed, plan, stems: [{name, asset}],
    midi, cover}`. What of a prompt contradicts itself, or is not understood, is told in partials `note`.

    Raises `RequestError`, `UnsupportedSetting`, and what the engine raises.
    """
    manifest = studio.engines.manifest(request.get("engine") or "composer")
    if manifest.kind != "music":
        able = " or ".join(one.title for one in studio.engines.manifests() if one.kind == "music")
        raise UnsupportedSetting(f"{manifest.title} makes no music.", f"Choose {able}.")
    wanted = asked(studio, manifest, request)
    yield from (Partial("note", {"message": message}) for message in wanted.notes)
    yield Progress(0.0, f"Loading {manifest.title}")
    engine = studio.engines.musician(manifest.name)
    one_by_one = manifest.capabilities.score
    rounds = wanted.request.count if one_by_one else 1
    pieces: list[JsonObject] = []
    for number in range(rounds):
        mine = variant(wanted, number) if one_by_one else wanted
        mine = replace(mine, request=replace(mine.request, count=1)) if one_by_one else mine
        with tempfile.TemporaryDirectory(dir=studio.library.workshop) as place:
            made = yield from part_of(engine.make(mine.request, Path(place)), number / rounds, _MAKING / rounds)
            for piece in made:
                landing = _land(studio, request, manifest, mine, piece, Path(place))
                data = yield from part_of(landing, (number + _MAKING) / rounds, 0.0)
                pieces.append(data)
                yield Partial("piece", data)
    return {"pieces": pieces}


def audition(studio: Studio, request: JsonObject) -> Body:
    """`{preset | brief | plan, seconds?}` → `{path, seconds}`: the most typical moment of what would be composed, kept
    for the next time under PROFILE/cache/auditions. Raises `RequestError`, `ModelMissing`, `ModelDamaged`."""
    seconds = float(request.get("seconds", 10.0))
    if not SHORTEST <= seconds <= _LONGEST_AUDITION:
        raise RequestError(f"A preview of {seconds:g} seconds cannot be made.", "Ask for 1 to 60 seconds.")
    wanted = _auditioned(request)
    manifest = studio.engines.manifest("composer")
    key = json.dumps([encode(wanted), seconds, manifest.version], sort_keys=True)
    folder = studio.profile.cache / "auditions"
    path = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"
    if path.is_file():
        path.touch()
    else:
        engine: Any = studio.engines.musician(manifest.name)
        with tempfile.TemporaryDirectory() as place:
            yield from engine.audition(wanted, seconds, Path(place), "audition")
            replace_file(path, (Path(place) / "audition.wav").read_bytes())
        prune(folder, _AUDITIONS)
    return {"path": str(path), "seconds": probe(path).duration}


def _auditioned(request: JsonObject) -> Plan:
    if request.get("preset"):
        from audiostudio.music.presets import preset

        return planned(preset(request["preset"]).brief())
    if request.get("plan"):
        return decoded(Plan, request["plan"])
    return planned(decoded(Brief, request["brief"]) if request.get("brief") else Brief())


def _land(
    studio: Studio, request: JsonObject, manifest: EngineManifest, wanted: Asked, piece: MusicPiece, place: Path
) -> Generator[Progress, None, JsonObject]:
    """A piece with its stems and MIDI into the library; as `make` tells it."""
    sound = place / piece.file
    if not manifest.capabilities.score and wanted.request.continues is None:
        write_sound(sound, normalise(read_sound(sound), LOUDNESS), "wav32f")
    name = request.get("name") or music_name(piece.plan, wanted.request.prompt)
    ingredients = Ingredients(studio)
    ingredients.add_engine(manifest.name)
    ingredients.add_assets(wanted.used)
    seal = ingredients.seal(name, manifest.rights)
    recipe = music_recipe(manifest, wanted.request, piece, wanted.brief)
    yield Progress(None, "Painting its cover")
    detail = music_detail(piece.plan, piece.score, wanted.request.seconds, piece.seed)
    detail["cover"] = painted(name, piece.plan, piece.seed, sound)
    if request.get("song"):
        detail["song_id"] = request["song"]
    new = NewAsset(
        AssetKind.MUSIC,
        engine_source(manifest),
        name,
        rights=manifest.rights,
        text=wanted.request.prompt,
        recipe=recipe,
        made_of=wanted.used,
        project=request.get("project"),
        detail=detail,
    )
    asset = yield from landed(studio, sound, new, seal)
    stems = yield from land_stems(studio, asset, [(part, place / file) for part, file in piece.stems], seal)
    midi = _midi(studio, asset, piece) if request.get("midi") else None
    if stems or midi:
        studio.library.update_detail(asset.id, {"stems": stems, "midi": midi})
    return {
        "asset": asset.id,
        "name": asset.name,
        "seconds": asset.duration,
        "seed": piece.seed,
        "plan": encode(piece.plan) if piece.plan is not None else None,
        "stems": stems,
        "midi": midi,
        "cover": detail["cover"],
    }


def _midi(studio: Studio, asset: Asset, piece: MusicPiece) -> str | None:
    """The asset of its notes, where it has any."""
    if piece.score is None:
        return None
    return land_midi(studio, asset, piece.score).id
