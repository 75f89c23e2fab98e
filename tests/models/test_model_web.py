"""Downloads over HTTP: cut, taken up again, refused, too long."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from audiostudio.engines.models.web import download, hub_address
from audiostudio.errors import ModelDamaged, NetworkError
from tests.models.conftest import MakeStore, Server

DATA = os.urandom(1 << 20)


def fetch(server: Server, target: Path, limit: int = len(DATA)) -> int:
    *_, arrived = download(f"{server.address}/file", target, limit)
    return arrived


def test_whole(server: Server, tmp_path: Path) -> None:
    server.files["/file"] = DATA
    assert fetch(server, tmp_path / "file") == len(DATA)
    assert (tmp_path / "file").read_bytes() == DATA


def test_goes_on_where_it_was(server: Server, tmp_path: Path) -> None:
    server.files["/file"] = DATA
    (tmp_path / "file").write_bytes(DATA[:1000])
    fetch(server, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == DATA
    assert server.requests == [("/file", "bytes=1000-")]


def test_cut_connections_are_taken_up_again(server: Server, tmp_path: Path) -> None:
    server.files["/file"] = DATA
    server.cut_after = [300_000, 200_000, 100_000, 50_000, 40_000, 30_000]
    fetch(server, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == DATA
    assert [asked for _, asked in server.requests][:3] == ["", "bytes=300000-", "bytes=500000-"]


def test_a_connection_that_brings_nothing_is_given_up(server: Server, tmp_path: Path) -> None:
    server.files["/file"] = DATA
    server.cut_after = [1000] + [0] * 20
    with pytest.raises(NetworkError, match="kept"):
        fetch(server, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == DATA[:1000]


def test_a_server_without_ranges_sends_all_again(server: Server, tmp_path: Path) -> None:
    server.files["/file"] = DATA
    server.ranges = False
    (tmp_path / "file").write_bytes(b"x" * 1000)
    fetch(server, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == DATA


def test_what_is_complete_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    server.files["/file"] = DATA
    (tmp_path / "file").write_bytes(DATA)
    assert fetch(server, tmp_path / "file") == len(DATA)


def test_more_than_the_manifest_names_is_refused(server: Server, tmp_path: Path) -> None:
    server.files["/file"] = DATA
    with pytest.raises(ModelDamaged, match="more than"):
        fetch(server, tmp_path / "file", limit=1000)


def test_not_there(server: Server, tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="404"):
        fetch(server, tmp_path / "file")
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x", "http://no-such-host.invalid/x"])
def test_no_connection(address: str, tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="cannot be reached"):
        list(download(address, tmp_path / "file", 10))


def test_not_http(tmp_path: Path) -> None:
    """A proxy or a captive portal that answers something else."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            for _ in range(4):
                connection, _ = listener.accept()
                connection.sendall(b"220 this is no web server\r\n")
                connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NetworkError):
            list(download(f"http://127.0.0.1:{listener.getsockname()[1]}/x", tmp_path / "file", 10))
        thread.join()


def test_hub(make_store: MakeStore, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    server.files = {"/owner/repo/resolve/abc123/a.bin": DATA, "/owner/repo/resolve/abc123/b.bin": b"b"}
    hub = {"kind": "hub", "from": ["owner/repo@abc123"], "member": "{name}"}
    store = make_store({"a.bin": DATA, "b.bin": b"b"}, [hub])
    fractions = [progress.fraction or 0.0 for progress in store.pull("voice", accept=True)]
    assert fractions == sorted(fractions)
    store.verify("voice")


TOLD = f"owner/repo@{'ab' * 20}"
PATH = f"/owner/repo/resolve/{'ab' * 20}/a.bin"


def test_what_nobody_wrote_down_the_hub_tells_once(
    make_store: MakeStore, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    server.files = {PATH: DATA}
    server.linked = {PATH: hashlib.sha256(DATA).hexdigest()}
    store = make_store({"a.bin": b""}, [{"kind": "hub", "from": [TOLD], "member": "{name}"}])
    assert store.state("voice") == "missing"
    list(store.pull("voice", accept=True))
    assert store.present("voice")
    store.verify("voice")
    assert store.size("voice") == len(DATA)
    store.path("voice", "a.bin").write_bytes(DATA[:-1] + b"?")
    with pytest.raises(ModelDamaged):
        store.verify("voice")


def test_another_file_than_the_hub_told_is_refused(
    make_store: MakeStore, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    server.files = {PATH: DATA}
    server.linked = {PATH: "0" * 64}
    store = make_store({"a.bin": b""}, [{"kind": "hub", "from": [TOLD], "member": "{name}"}])
    with pytest.raises(ModelDamaged, match="another SHA-256"):
        list(store.pull("voice", accept=True))
    assert not store.present("voice")


@pytest.mark.parametrize("told", [{}, {PATH: "no digest"}])
def test_a_hub_that_tells_nothing(
    make_store: MakeStore, server: Server, monkeypatch: pytest.MonkeyPatch, told: dict[str, str]
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    server.files, server.linked = {PATH: DATA}, told
    store = make_store({"a.bin": b""}, [{"kind": "hub", "from": [TOLD], "member": "{name}"}])
    with pytest.raises(NetworkError, match=r"404|does not say"):
        list(store.pull("voice", accept=True))


@pytest.mark.parametrize("origin", ["owner/repo", "owner/repo@main"])
def test_what_can_change_must_be_written_down(make_store: MakeStore, origin: str) -> None:
    with pytest.raises(ValueError, match="no commit"):
        make_store({"a.bin": b""}, [{"kind": "hub", "from": [origin], "member": "{name}"}])


def test_hub_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert hub_address("o/r@v1", "sub/a b.bin") == "https://huggingface.co/o/r/resolve/v1/sub/a%20b.bin"


def test_a_killed_process_leaves_what_came(make_store: MakeStore, server: Server, tmp_path: Path) -> None:
    server.files["/model.bin"] = DATA
    server.gate = threading.Event()
    web = {"kind": "web", "members": {"model.bin": [f"{server.address}/model.bin"]}}
    store = make_store({"model.bin": DATA}, [web])
    code = (
        "import sys; from pathlib import Path; from audiostudio.engines.models import ModelStore\n"
        "for progress in ModelStore(Path(sys.argv[1]), Path(sys.argv[2])).pull('voice', True):\n"
        "    print(progress.fraction, flush=True)"
    )
    command = [sys.executable, "-c", code, str(store.folder), str(tmp_path / "manifests")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert server.half_sent.wait(30)
        assert float(process.stdout.readline()) > 0.2
        process.send_signal(signal.SIGKILL)
    server.gate.set()
    server.gate = None
    assert not store.present("voice")
    for _ in store.pull("voice"):
        pass
    store.verify("voice")
    begin = int(server.requests[-1][1].removeprefix("bytes=").removesuffix("-"))
    assert begin >= 1 << 18
