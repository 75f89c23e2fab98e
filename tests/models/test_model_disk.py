"""Disks that fill up: before, and in the middle."""

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.engines.models import ModelStore
from audiostudio.errors import DiskFull
from tests.models.conftest import MakeStore, Server

DATA = os.urandom(4 << 20)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 80 MB where the models lie."""
    folder = tmp_path / "models"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def store(make_store: MakeStore, server: Server) -> ModelStore:
    server.files["/model.bin"] = DATA
    return make_store({"model.bin": DATA}, [{"kind": "web", "members": {"model.bin": [f"{server.address}/model.bin"]}}])


def fill(path: Path) -> None:
    """Take all the space there is."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(1 << 16))
    assert shutil.disk_usage(path.parent).free == 0


def test_too_little_space_says_how_much(small_disk: Path, store: ModelStore, server: Server) -> None:
    (small_disk / "filler").write_bytes(bytes(70 << 20))
    with pytest.raises(DiskFull, match=r"needs 7\d MB in .* 10 MB are free"):
        list(store.pull("voice", accept=True))
    assert server.requests == []


def test_a_disk_that_fills_up_meanwhile(small_disk: Path, store: ModelStore, server: Server) -> None:
    server.gate = threading.Event()
    work = store.pull("voice", accept=True)
    next(work)
    assert server.half_sent.wait(10)
    fill(small_disk / "filler")
    server.gate.set()
    with pytest.raises(DiskFull):
        list(work)
    assert not store.present("voice")
    (small_disk / "filler").unlink()
    server.gate = None
    list(store.pull("voice"))
    store.verify("voice")
    assert server.requests[-1][1].startswith("bytes=")
