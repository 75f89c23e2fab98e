"""Several processes on one library, and processes that are killed."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from audiostudio.jobs.owner import Owner
from audiostudio.library import Library, Query
from audiostudio.library.moves import begin, content_hash
from tests.library.conftest import new, some_file

CHANCE = random.Random(os.environ["AUDIOSTUDIO_TEST_SEED"])
ROOT = Path(__file__).resolve().parents[2]


def start_adder(folder: Path, sources: Path, name: str, count: int, way: str = "move") -> "subprocess.Popen[str]":
    sources.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.library.adder", str(folder), str(sources), name, str(count), way]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def told(output: str) -> dict[str, str]:
    """What the library reported: id to hash. A line that the kill cut off was not reported."""
    lines = [line.split() for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return {line[0]: line[1] for line in lines if len(line) == 2}


def check_whole(library: Library, reported: dict[str, str]) -> None:
    """Nothing reported is lost, nothing listed is half, no file is a stranger."""
    library.verify()
    listed = {}
    while page := library.search(Query(include_takes=True), len(listed), 500).assets:
        listed |= {asset.id: asset for asset in page}
    assert reported.keys() <= listed.keys()
    for asset in listed.values():
        assert content_hash(asset.path) == asset.content_hash
        assert asset.path.stat().st_size == asset.size
        assert reported.get(asset.id, asset.content_hash) == asset.content_hash
    report = library.check_files()
    assert (report.missing, report.moved, report.strangers) == ((), (), ())


@pytest.mark.long
def test_processes_that_open_a_new_library_at_once_make_one(tmp_path: Path) -> None:
    adders = [start_adder(tmp_path / "library", tmp_path / "sources", f"p{n}", 3) for n in range(4)]
    outputs = [adder.communicate(timeout=120)[0] for adder in adders]
    assert [adder.returncode for adder in adders] == [0, 0, 0, 0]
    with Library.open(tmp_path / "library") as library:
        assert library.search().total == 12
        check_whole(library, {key: value for output in outputs for key, value in told(output).items()})


@pytest.mark.long
def test_two_processes_and_two_threads_write_at_once(library: Library, tmp_path: Path) -> None:
    adders = [start_adder(library.folder, tmp_path / "sources", name, 40) for name in ("one", "two")]
    mine: dict[str, str] = {}

    def add(name: str) -> None:
        for number in range(15):
            asset = library.add(some_file(tmp_path / f"{name}.wav", f"{name} {number}".encode()), new("one 1"))
            library.set_tags(asset.id, [name])
            library.search(Query("one"))
            mine[asset.id] = asset.content_hash

    threads = [threading.Thread(target=add, args=(name,)) for name in ("three", "four")]
    for thread in threads:
        thread.start()
    outputs = [adder.communicate(timeout=300)[0] for adder in adders]
    for thread in threads:
        thread.join()
    assert [adder.returncode for adder in adders] == [0, 0]
    reported = mine | told(outputs[0]) | told(outputs[1])
    assert len(reported) == library.search().total == 2 * 40 + 2 * 15
    check_whole(library, reported)


@pytest.mark.long
@pytest.mark.parametrize("way", ["move", "copy", "rename"])
def test_opening_disturbs_nobody_who_is_adding(tmp_path: Path, way: str) -> None:
    """Each opening looks for moves to recover, and meets living ones at every point."""
    folder = tmp_path / "library"
    adder = start_adder(folder, tmp_path / "sources", "name", 30, way)
    assert adder.stdout is not None
    assert adder.stdout.readline() == "open\n"
    openings = 0
    while adder.poll() is None:
        Library.open(folder).close()
        openings += 1
    output = adder.communicate()[0]
    assert adder.returncode == 0
    assert openings > 10
    with Library.open(folder) as library:
        assert len(told(output)) == library.search().total == 30
        check_whole(library, told(output))


@pytest.mark.long
def test_two_programs_rename_one_asset(tmp_path: Path) -> None:
    """Each rename is done or refused as busy; afterwards name and file belong together."""
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        asset = library.add(some_file(tmp_path / "f.wav", b"precious"), new("start"))
    code = (
        "import sys; from pathlib import Path; from audiostudio.library import Library\n"
        "from audiostudio.errors import LibraryBusy\n"
        "library = Library.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.readline()\n"
        "for number in range(60):\n"
        "    try: library.rename(sys.argv[2], sys.argv[3] + str(number % 2))\n"
        "    except LibraryBusy: pass\n"
        "library.close()"
    )
    renamers = [
        subprocess.Popen(
            [sys.executable, "-c", code, folder, asset.id, name],
            *(-1, None, subprocess.PIPE, subprocess.PIPE),
            cwd=ROOT,
            text=True,
        )
        for name in ("one", "two")
    ]
    for renamer in renamers:
        assert renamer.stdout is not None
        assert renamer.stdout.readline() == "open\n"
    for renamer in renamers:
        assert renamer.stdin is not None
        renamer.stdin.write("go\n")
        renamer.stdin.flush()
    for renamer in renamers:
        renamer.communicate(timeout=120)
    assert [renamer.returncode for renamer in renamers] == [0, 0]
    with Library.open(folder) as library:
        check_whole(library, {asset.id: asset.content_hash})
        renamed = library.get(asset.id)
        assert renamed.path.stem.endswith(renamed.name) or renamed.path.stem.endswith(f"{renamed.name} (2)")
        assert [path.read_bytes() for path in library.media.iterdir()] == [b"precious"]


def test_a_dead_programs_half_rename_does_not_stand_in_the_way(library: Library, tmp_path: Path) -> None:
    asset = library.add(some_file(tmp_path / "f.wav", b"precious"), new("start"))
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    dead = Owner.of(child.pid)
    child.communicate(b"\n")
    with library.database.write() as session:
        move = begin(
            *(session, library.media, asset.path, {"name": "theirs"}),
            suffix=".wav",
            asset_id=asset.id,
            created=asset.created,
        )
        move.owner_pid, move.owner_started = dead.pid, dead.started
    assert library.rename(asset.id, "mine").path.read_bytes() == b"precious"
    check_whole(library, {asset.id: asset.content_hash})


def kill_while_adding(folder: Path, sources: Path, chance: random.Random, times: int) -> int:
    """How many files were added; each was looked for after every kill."""
    reported: dict[str, str] = {}
    for number in range(times):
        way = chance.choice(["move", "copy", "rename"])
        adder = start_adder(folder, sources, f"run{number}", 1000, way)
        assert adder.stdout is not None
        assert adder.stdout.readline() == "open\n"
        lines = [adder.stdout.readline() for _ in range(chance.randint(0, 3) if number else 1)]
        threading.Event().wait(chance.uniform(0, 0.05))  # anywhere in the middle of the next one
        adder.send_signal(signal.SIGKILL)
        rest, _ = adder.communicate()
        reported |= told("".join(lines) + rest)
        with Library.open(folder) as library:
            check_whole(library, reported)
            with library.database.read() as session:
                assert session.connection().exec_driver_sql("SELECT count(*) FROM moves").scalar() == 0
    return len(reported)


@pytest.mark.long
def test_a_kill_loses_nothing(tmp_path: Path) -> None:
    assert kill_while_adding(tmp_path / "library", tmp_path / "sources", CHANCE, 5) >= 1


@pytest.mark.full
def test_a_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    assert kill_while_adding(tmp_path / "library", tmp_path / "sources", CHANCE, 100) >= 33
