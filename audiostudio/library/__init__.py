"""Assets, their files and all that is known of them: one folder with `library.db` and `media/`."""

from audiostudio.library.library import Library
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
