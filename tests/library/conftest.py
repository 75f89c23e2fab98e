"""An empty library and small real files to put into it."""

import os
import tempfile
import traceback
from collections.abc import Callable, Iterator
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


def run_apart(act: Callable[[], None], root: bool = True, may_crash: bool = False) -> None:
    """Run `act` in a copy of this process; with `root` False in one that has no special rights.

    `may_crash`: a signal may end it, as FFmpeg's bugs do; a failure still fails the test.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if not root and os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            act()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert status == 0 or (may_crash and os.WIFSIGNALED(status))


def open_to_all(folder: Path) -> None:
    """Let everybody look into a test's folder, however deep below the system's own it lies."""
    for place in (folder, *folder.parents):
        if place == Path(tempfile.gettempdir()):
            break
        place.chmod(0o755)
