"""A web server on this machine, small wheels that pip can fetch, and manifests made of them."""

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from audiostudio.engines.models import ModelStore


@dataclass
class Server:
    """Serves `files` by path, with ranges, and notes what was asked for."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Path and Range header."""
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)
    """How many bytes each of the next replies sends before it breaks off."""
    linked: dict[str, str] = field(default_factory=dict)
    """SHA-256 that are told of files by path, as a hub does that has them elsewhere."""
    gate: threading.Event | None = None
    """Where set: half of a reply is sent, the other half when the event comes."""
    half_sent: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            serving.requests.append((self.path, asked))
            self.close_connection = True
            body = serving.files.get(self.path)
            if body is None:
                self.send_error(404)
                return
            begin = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and serving.ranges else 0
            if begin >= len(body) > 0:
                self.send_error(416)
                return
            self.send_response(206 if begin else 200)
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
            self.send_header("Content-Length", str(len(body) - begin))
            self.end_headers()
            self._send(body[begin:])

        def do_HEAD(self) -> None:
            digest = serving.linked.get(self.path)
            self.close_connection = True
            self.send_response(302 if digest else 404)
            if digest:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("X-Linked-Size", str(len(serving.files[self.path])))
                self.send_header("X-Linked-Etag", f'"{digest}"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, rest: bytes) -> None:
            end = serving.cut_after.pop(0) if serving.cut_after else len(rest)
            half = end // 2 if serving.gate else 0
            try:
                self.wfile.write(rest[:half])
                self.wfile.flush()
                if serving.gate:
                    serving.half_sent.set()
                    serving.gate.wait(30)
                self.wfile.write(rest[half:end])
            except (BrokenPipeError, ConnectionResetError):
                pass

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = False
        serving = Server(f"http://127.0.0.1:{httpd.server_port}")
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield serving
        if serving.gate:
            serving.gate.set()
        httpd.shutdown()
        thread.join()


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder from which pip takes wheels, and from nowhere else."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def write_wheel(folder: Path, name: str, members: dict[str, bytes], version: str = "1.0") -> Path:
    """A wheel as pip wants it."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


MakeStore = Callable[..., ModelStore]


@pytest.fixture
def make_store(tmp_path: Path) -> MakeStore:
    """`make_store(files={name: bytes}, sources=[…], licence="text")`: a store that knows one model, `voice`.

    Nobody wrote down the SHA-256 of an empty file."""

    def make(files: dict[str, bytes], sources: list[dict[str, Any]], licence: str = "Do as you like.") -> ModelStore:
        manifests = tmp_path / "manifests"
        (manifests / "licences").mkdir(parents=True, exist_ok=True)
        (manifests / "licences" / "free.txt").write_text(licence)
        manifest = {
            "title": "A voice",
            "purpose": "Speaks in tests.",
            "default": True,
            "rights": {"licence": "Free", "commercial": True},
            "licence_text": "free.txt",
            "sources": [{"download": 1000, **source} for source in sources],
            "files": [
                {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                if data
                else {"name": name}
                for name, data in files.items()
            ],
        }
        (manifests / "voice.json").write_text(json.dumps(manifest))
        return ModelStore(tmp_path / "models", manifests)

    return make
