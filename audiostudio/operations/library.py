"""Bringing files into the library, and the library into one archive and back."""

from collections.abc import Generator
from pathlib import Path

from audiostudio.errors import StudioError
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import backup
from audiostudio.library.imports import import_media, relink_media
from audiostudio.operations.studio import Studio


def import_files(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{paths, folder}` → `{assets, known, refused}`. A file that cannot be used does not keep the others out."""
    paths = [Path(name) for name in request["paths"]]
    assets: list[str] = []
    known: list[str] = []
    refused: list[JsonObject] = []
    for index, path in enumerate(paths):
        yield Progress(index / len(paths), f"Importing {path.name}")
        try:
            imported = import_media(studio.library, path, folder=request.get("folder"))
        except StudioError as error:
            refused.append({"path": str(path), **error.to_json()})
            yield Partial("refused", refused[-1])
            continue
        (known if imported.duplicate else assets).append(imported.asset.id)
        yield Partial("asset", {"asset": imported.asset.id, "known": imported.duplicate, "sentence": imported.sentence})
    return {"assets": assets, "known": known, "refused": refused}


def relink(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{asset, path, other_content}` → `{asset}`: the file of an asset is at `path` now."""
    path = Path(request["path"])
    yield Progress(None, f"Reading {path.name}")
    relink_media(studio.library, request["asset"], path, other_content=request["other_content"])
    return {"asset": request["asset"]}


def back_up(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{archive}` → `{path, assets, missing, bytes}`: the whole library in one file."""
    return (yield from backup.back_up(studio.library, Path(request["archive"])))


def bring_back(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{archive}` → `{folder, assets, before}`: the library of an archive; the one that was there stays beside."""
    return (yield from backup.restore_backup(Path(request["archive"]), studio.profile.library))
