"""Bringing files into the library, and the library into one archive and back."""

from collections.abc import Generator
from pathlib import Path

from audiostudio.errors import StudioError
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library.backup import backup, restore
from audiostudio.library.imports import import_media
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
        (known if imported.known else assets).append(imported.asset.id)
        yield Partial("asset", {"asset": imported.asset.id, "known": imported.known})
    return {"assets": assets, "known": known, "refused": refused}


def back_up(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{archive}` → `{archive}`: the whole library in one file."""
    yield from backup(studio.library, Path(request["archive"]))
    return {"archive": request["archive"]}


def bring_back(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{archive}` → `{library}`: the library of an archive, where there is none yet."""
    yield from restore(Path(request["archive"]), studio.profile.library)
    return {"library": str(studio.profile.library)}
