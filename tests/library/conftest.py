"""An empty library and small real files to put into it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audiostudio.library import AssetKind, AssetSource, Library, NewAsset, Query


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def some_file(path: Path, content: bytes = b"not empty") -> Path:
    path.write_bytes(content)
    return path


def new(name: str = "A name", **facts: Any) -> NewAsset:
    return NewAsset(AssetKind.VOICEOVER, AssetSource.TTS, name, **facts)


def found(library: Library, text: str = "", **query: Any) -> list[str]:
    """The names of what a search finds, the newest first."""
    page = library.search(Query(text, **query))
    assert page.total == len(page.assets)
    return [asset.name for asset in page.assets]
