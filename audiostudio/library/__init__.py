"""Assets, their files and all that is known of them: one folder with `library.db` and `media/`."""

from typing import TYPE_CHECKING, Any

from audiostudio.library.model import (
    Asset,
    AssetKind,
    AssetSource,
    FilesReport,
    Folder,
    IndexedProject,
    MediaInfo,
    NewAsset,
    Page,
    Preset,
    Query,
    Sort,
    Take,
    recipe_key,
)

if TYPE_CHECKING:
    from audiostudio.library.library import Library

__all__ = [
    "Asset",
    "AssetKind",
    "AssetSource",
    "FilesReport",
    "Folder",
    "IndexedProject",
    "Library",
    "MediaInfo",
    "NewAsset",
    "Page",
    "Preset",
    "Query",
    "Sort",
    "Take",
    "recipe_key",
]


def __getattr__(name: str) -> Any:
    """`Library` comes when it is asked for: what shows assets needs no database, and the window opens before it."""
    if name != "Library":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from audiostudio.library.library import Library

    return Library
