"""Covers: what they show is kept with the music (`detail["cover"]`), so that they can be painted anew at any size."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from audiostudio.errors import RequestError, UnsupportedSetting
from audiostudio.files import new_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset, AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.operations.generate import scratch
from audiostudio.operations.studio import Studio
from audiostudio.render.covers import Cover, chosen, design_names
from audiostudio.rights import Rights, inherited
from audiostudio.sound.peaks import peaks

SIDE = 1400
"""Pixels: what shops and players ask for."""
_LONGEST_TITLE = 200
_OUTLINE = 96
"""Values of the music's outline that a cover knows."""
_PAINTED = Rights("CC0-1.0", True)


def cover_for(
    title: str, genre: str = "", mood: str = "", seed: int = 0, subtitle: str = "", outline: Sequence[float] = ()
) -> JsonObject:
    """What a new piece's `detail["cover"]` is. `outline`: of the music, 0…1, see `outline_of`."""
    return chosen(Cover(title[:_LONGEST_TITLE], subtitle, genre, mood, seed, peaks=tuple(outline))).to_json()


def outline_of(path: Path) -> tuple[float, ...]:
    """A sound file's loudness over its length as a cover shows it. Raises `UnreadableMedia`, `MissingMedia`."""
    found = peaks(path)
    rms = found.view(0, found.length, _OUTLINE)[2].mean(axis=0)
    most = float(rms.max()) if rms.size else 0.0
    return tuple(round(float(value) / most, 3) for value in rms) if most > 0 else ()


def cover_of(asset: Asset) -> Cover:
    """The cover of a piece of music, also of one that was imported."""
    kept = asset.detail.get("cover")
    if isinstance(kept, dict):
        return Cover.from_json(kept)
    return chosen(Cover(asset.name, seed=int(asset.content_hash[:8] or "0", 16)))


def make(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{asset, title?, subtitle?, design?, palette?, seed?, engine?, prompt?}` → `{asset, cover}`: a picture in the
    library, made of the music; the music keeps its cover from then on. `engine`: one that makes pictures; it paints
    what lies behind the words.

    Raises `NotFound`, `RequestError`, `UnsupportedSetting`, `EngineFailed`, `StorageError`.
    """
    from audiostudio.render.covers.painting import png  # Qt, which nothing else here needs

    asset = studio.library.get(request["asset"])
    if asset.kind not in (AssetKind.MUSIC, AssetKind.SONG):
        raise RequestError(f"“{asset.name}” is no music.", "Choose a piece of music or a song.")
    cover = _asked(cover_of(asset), request)
    rights = _PAINTED
    with scratch(studio) as target:
        if request.get("engine"):
            picture = target.with_suffix(".picture.png")
            rights = yield from _illustrated(studio, request, cover, picture)
            cover = replace(cover, picture=str(picture))
        yield Progress(0.9, "Painting")
        file = target.with_suffix(".png")
        try:
            with new_file(file) as half:
                half.write_bytes(png(cover, SIDE))
            made = studio.library.add(file, _picture(request, asset, cover, rights))
        finally:
            for left in (file, *([Path(cover.picture)] if cover.picture else ())):
                left.unlink(missing_ok=True)
    illustrated = bool(request.get("engine"))
    kept = replace(cover, picture=str(made.path) if illustrated else "", lettered=illustrated)
    shown = kept.to_json() | {"asset": made.id}
    studio.library.update_detail(asset.id, {"cover": shown})
    return {"asset": made.id, "cover": shown}


def _asked(cover: Cover, request: JsonObject) -> Cover:
    changes: dict[str, Any] = {name: request[name] for name in ("title", "subtitle", "seed") if name in request}
    design = request.get("design", "")
    if design and design not in design_names():
        raise RequestError(f"There is no design “{design}”.", f"There are: {', '.join(design_names())}.")
    if design:
        changes["design"] = design
    elif "seed" in request:
        changes |= {"design": "", "palette": ()}
    if request.get("palette"):
        changes["palette"] = tuple(request["palette"])
    if len(changes.get("title", "")) > _LONGEST_TITLE:
        raise RequestError("That title is too long for a cover.", f"Write {_LONGEST_TITLE} characters at most.")
    return chosen(replace(cover, picture="", lettered=False, **changes))


def _illustrated(studio: Studio, request: JsonObject, cover: Cover, picture: Path) -> Generator[Progress, None, Rights]:
    manifest = studio.engines.manifest(request["engine"])
    if manifest.kind != "image":
        raise UnsupportedSetting(f"{manifest.title} makes no pictures.", "Leave the picture to Audio Studio.")
    prompt = request.get("prompt") or f"album cover, {cover.mood} {cover.genre} music, no text".replace("  ", " ")
    for event in studio.engines.illustrator(manifest.name).illustrate(prompt, SIDE, cover.seed, picture):
        yield Progress(None if event.fraction is None else event.fraction * 0.85, event.message)
    return manifest.rights


def _picture(request: JsonObject, asset: Asset, cover: Cover, rights: Rights) -> NewAsset:
    recipe = {"operation": "cover", "cover": replace(cover, picture="").to_json()}
    recipe |= {name: request[name] for name in ("engine", "prompt") if request.get(name)}
    return NewAsset(
        AssetKind.IMAGE,
        AssetSource.RENDERED,
        f"{asset.name} – cover",
        rights=inherited([rights]),
        media=MediaInfo(width=SIDE, height=SIDE),
        recipe=recipe,
        project=asset.project,
        detail={"cover_of": asset.id},
    )
