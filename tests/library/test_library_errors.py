"""SQLite's and the system's errors reach callers in the user's words."""

import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest
import sqlalchemy.exc

from audiostudio.errors import (
    DiskFull,
    LibraryBusy,
    LibraryDamaged,
    NewerFormat,
    ReadOnly,
    SearchDamaged,
    StorageError,
    StudioError,
)
from audiostudio.library import Library, Query
from audiostudio.library.database import Database, explain
from tests.library.conftest import found, new, open_to_all, run_apart, some_file

OURS = {"SQLITE_ERROR", "SQLITE_INTERNAL", "SQLITE_ABORT", "SQLITE_INTERRUPT", "SQLITE_NOTFOUND", "SQLITE_EMPTY"}
OURS |= {"SQLITE_CONSTRAINT", "SQLITE_MISMATCH", "SQLITE_MISUSE", "SQLITE_RANGE", "SQLITE_NOTICE", "SQLITE_WARNING"}
"""What only a mistake of ours can cause: left as it is."""


def test_every_error_code_of_sqlite_is_the_users_or_ours() -> None:
    codes = {
        name: value
        for name, value in vars(sqlite3).items()
        if name.startswith("SQLITE_") and isinstance(value, int) and 0 < value < 100 and _is_result(name)
    }
    assert len(codes) >= 26
    for name, code in codes.items():
        error = sqlite3.OperationalError(name)
        error.sqlite_errorcode = code
        explained = explain(error, Path("library.db"))
        assert (explained is None) == (name in OURS), name
        if explained is not None:
            assert explained.sentence
            assert explained.hint


def _is_result(name: str) -> bool:
    """Authoriser actions and flags share the prefix; results are those that SQLite's own list names."""
    results = "ABORT AUTH BUSY CANTOPEN CONSTRAINT CORRUPT EMPTY ERROR FORMAT FULL INTERNAL INTERRUPT IOERR LOCKED "
    results += "MISMATCH MISUSE NOLFS NOMEM NOTADB NOTFOUND NOTICE PERM PROTOCOL RANGE READONLY SCHEMA TOOBIG WARNING"
    return name.removeprefix("SQLITE_") in results.split()


def test_sqlalchemys_own_waiting_is_explained(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.db", busy_seconds=0.1)
    with contextlib.ExitStack() as held:

        def hold_many() -> None:
            for _ in range(40):  # more sessions at once than there are connections
                held.enter_context(database.read())

        with pytest.raises(LibraryBusy):
            hold_many()
    database.close()


def test_a_library_held_by_another_program(tmp_path: Path) -> None:
    Library.open(tmp_path).close()
    holder = sqlite3.connect(tmp_path / "library.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    database = Database(tmp_path / "library.db", busy_seconds=0.1)
    with pytest.raises(LibraryBusy), database.write():
        pass
    holder.execute("ROLLBACK")
    holder.close()
    with database.write():
        pass
    database.close()


def test_a_library_held_by_another_thread(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.db", busy_seconds=0.1)
    inside, go = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write():
            inside.set()
            go.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(30)
    with pytest.raises(LibraryBusy), database.write():
        pass
    go.set()
    thread.join()
    database.close()


def filled(folder: Path) -> None:
    with Library.open(folder) as library:
        for number in range(50):
            library.add(some_file(folder / "f.wav"), new(f"Intro {number}", text="word " * 200))


@pytest.mark.long
@pytest.mark.parametrize("damage", ["garbage", "cut", "scribbled", "other"])
def test_a_damaged_library(tmp_path: Path, damage: str) -> None:
    filled(tmp_path)
    database = tmp_path / "library.db"
    size = database.stat().st_size
    match damage:
        case "garbage":
            database.write_bytes(b"This is not a database, whatever its name." * 100)
        case "cut":
            os.truncate(database, size // 3)
        case "scribbled":
            with database.open("r+b") as file:
                for page in range(4096, size, 4096):
                    file.seek(page)
                    file.write(b"\xff" * 2000)
        case "other":
            database.unlink()
            with sqlite3.connect(database) as other:
                other.execute("CREATE TABLE recipes (id)")
            other.close()
    before = database.read_bytes()

    def use() -> None:
        with Library.open(tmp_path) as library:
            library.verify()
            library.search(Query("intro"))

    with pytest.raises(LibraryDamaged) as caught:
        use()
    assert "backup" in caught.value.hint
    assert database.read_bytes() == before


def with_a_damaged_index(folder: Path, damage: str) -> None:
    filled(folder)
    with contextlib.closing(sqlite3.connect(folder / "library.db")) as connection, connection:
        connection.execute(f"UPDATE search_data SET {damage}")


@pytest.mark.long
@pytest.mark.parametrize("damage", ["block = zeroblob(40) WHERE id > 10", "block = zeroblob(40) WHERE id = 10"])
def test_a_damaged_index_is_found_and_made_again(tmp_path: Path, damage: str) -> None:
    with_a_damaged_index(tmp_path, damage)
    with Library.open(tmp_path) as library:
        with pytest.raises(SearchDamaged, match="library check"):
            library.verify()
        assert library.mend()
        assert not library.mend()
        assert len(found(library, "intro")) == 50


@pytest.mark.long
def test_a_search_makes_a_damaged_index_again(tmp_path: Path) -> None:
    with_a_damaged_index(tmp_path, "block = x'00000000ffffffffffff' WHERE id = 10")
    with Library.open(tmp_path) as library:
        assert len(found(library, "intro")) == 50
        library.verify()


@pytest.mark.long
@pytest.mark.parametrize(
    "damage", ["UPDATE search_config SET v = 99", "UPDATE search_config SET v = x'ff'", "DELETE FROM search_config"]
)
def test_an_index_that_lost_its_version_is_found_and_made_again(tmp_path: Path, damage: str) -> None:
    filled(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / "library.db")) as connection, connection:
        connection.execute(damage)
    with Library.open(tmp_path) as library:
        with pytest.raises(SearchDamaged, match="library check"):
            library.verify()
        with pytest.raises(SearchDamaged):
            library.add(some_file(tmp_path / "f.wav"), new("Outro"))
        assert len(found(library, "intro")) == 50
        library.verify()
        library.add(some_file(tmp_path / "f.wav"), new("Outro"))
        assert len(found(library, "outro")) == 1


@pytest.mark.long
def test_an_index_that_forgot_an_asset_is_found_and_made_again(tmp_path: Path) -> None:
    filled(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / "library.db")) as connection, connection:
        connection.execute("INSERT INTO search (search, rowid, words) SELECT 'delete', number, words FROM asset_words")
    with Library.open(tmp_path) as library:
        assert len(found(library, "intro")) == 0
        assert library.mend()
        assert len(found(library, "intro")) == 50


def test_a_newer_library_is_left_alone(tmp_path: Path) -> None:
    Library.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "library.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(NewerFormat):
        Library.open(tmp_path)


@pytest.fixture
def shut(tmp_path: Path) -> Path:
    """A filled library that cannot be written to, where anybody may look."""
    open_to_all(tmp_path)
    folder = tmp_path / "library"
    filled(folder)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder


def test_a_library_that_can_only_be_read(shut: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)

    def act() -> None:
        with Library.open(shut) as library:
            assert library.read_only
            assert len(found(library, "intro")) == 50
            assert library.version() == library.version()
            assert library.search().assets[0].path.read_bytes()
            library.verify()
            asset = library.search().assets[0]
            file = some_file(tmp_path / "mine.wav")
            for change in (
                lambda: library.add(file, new()),
                lambda: library.rename(asset.id, "x"),
                lambda: library.bin([asset.id]),
                lambda: library.create_folder("x"),
                lambda: library.set_favourite_voice("x", True),
            ):
                with pytest.raises(ReadOnly):
                    change()
            assert file.exists()

    run_apart(act, root=False)


def test_no_library_where_none_can_be_made(tmp_path: Path) -> None:
    open_to_all(tmp_path)

    def act() -> None:
        with pytest.raises(ReadOnly):
            Library.open(tmp_path / "library")
        with pytest.raises(ReadOnly):
            Library.open(tmp_path)

    run_apart(act, root=False)


def test_a_full_disk_while_copying(tmp_path: Path) -> None:
    """The largest size a file may have stands for the disk's end: a copied file cannot be written whole."""
    folder, large = tmp_path / "library", some_file(tmp_path / "large.wav", b"x" * 8_000_000)
    with Library.open(folder) as library:
        asset = library.add(some_file(tmp_path / "f.wav"), new("Small"))

    def act() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000))
        with Library.open(folder) as limited:
            with pytest.raises(StorageError):
                limited.add(large, new("Large"), move=False)
            assert [one.id for one in limited.search().assets] == [asset.id]
            assert [file.name for file in limited.media.iterdir()] == [asset.path.name]

    run_apart(act)
    assert large.stat().st_size == 8_000_000
    with Library.open(folder) as library:
        assert found(library) == ["Small"]


def test_a_full_disk_in_the_database(tmp_path: Path) -> None:
    """SQLite's own limit of pages stands for the disk's end."""
    with Library.open(tmp_path / "library") as library:
        pages = {}

        @sqlalchemy.event.listens_for(library.database._engine, "begin")
        def limit(connection: sqlalchemy.Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages.get('most', 1_000_000_000)}")

        asset = library.add(some_file(tmp_path / "f.wav"), new("First"))
        pages["most"] = 1
        kept = []

        def fill() -> None:
            for number in range(100):
                text = " ".join(f"w{number}x{n}" for n in range(2000))
                kept.append(library.add(some_file(tmp_path / "next.wav", b"precious"), new(text=text)))

        with pytest.raises(DiskFull):
            fill()
        assert (tmp_path / "next.wav").read_bytes() == b"precious"
        pages["most"] = 1_000_000_000
        assert library.search().total == 1 + len(kept)
        assert library.get(asset.id).path.exists()
        assert len(list(library.media.iterdir())) == 1 + len(kept)
        library.add(tmp_path / "next.wav", new("Next"))
        library.verify()


@pytest.mark.skipif(os.getuid() != 0 or shutil.which("mount") is None, reason="only root can mount a small disk")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("this container may not mount")
    try:
        with Library.open(disk / "library") as library:
            kept, file = [], tmp_path / "f.wav"

            def fill() -> None:
                for number in range(100):
                    some_file(file, bytes([number]) * 100_000)
                    kept.append(library.add(file, new(f"Number {number}")))

            with pytest.raises(DiskFull):
                fill()
            assert file.stat().st_size == 100_000
            assert library.search().total == len(kept) > 3
            assert all(asset.path.stat().st_size == 100_000 for asset in kept)
            assert {path.name for path in library.media.iterdir()} == {asset.path.name for asset in kept}
    finally:
        subprocess.run(["umount", disk], check=True)


def test_errors_without_a_code_and_our_own_mistakes_are_not_hidden(library: Library) -> None:
    assert explain(ValueError("x"), Path("x")) is None
    with pytest.raises(sqlalchemy.exc.OperationalError), library.database.read() as session:
        session.connection().exec_driver_sql("SELECT nothing FROM nowhere")
    with pytest.raises(sqlalchemy.exc.IntegrityError), library.database.write() as session:
        session.connection().exec_driver_sql("INSERT INTO change_count VALUES (1, 1)")
    assert not issubclass(sqlalchemy.exc.OperationalError, StudioError)
