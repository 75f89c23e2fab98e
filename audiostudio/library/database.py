"""The connection to `library.db`: opening, migrating, transactions, and SQLite's errors in the user's words."""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from audiostudio.errors import DiskFull, LibraryBusy, LibraryDamaged, NewerFormat, ReadOnly, SearchDamaged, StorageError
from audiostudio.files import storage_errors

HEAD = "0002"
"""The newest revision in `migrations/`; a test holds the two together."""

MIGRATIONS = Path(__file__).parent / "migrations"

_APPLICATION = 0x41535444  # "ASTD" in the file's header
_INDEX_VERSION = 4
"""Of FTS5's files, since it came with SQLite; one that says something else is not even made again by `rebuild`."""
_FOREIGN_INDEX = "invalid fts5 file format"
_FROM_A_BACKUP = "Restore the library from a backup, or move its folder away to begin a new one."


class Database:
    """One open `library.db`. Safe for many threads; other processes may have it open too."""

    def __init__(self, path: Path, busy_seconds: float = 20.0) -> None:
        """Open `path`, making or migrating it where needed; without permission to write, only to read."""
        self.path = path
        self.busy_seconds = busy_seconds
        self.read_only = not _writable(path)
        self._writing = threading.Lock()
        self._immutable = False
        if self.read_only and not path.exists():
            raise ReadOnly(f"There is no library in {path.parent} and none can be made.", "Choose another folder.")
        with self._explained():
            self._engine = self._new_engine()
            self._prepare()
            self._watcher = self._connect()
            self._watching = threading.Lock()
            self._seen: tuple[int, int] | None = None

    def close(self) -> None:
        self._engine.dispose()
        with self._watching:
            self._watcher.close()

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the library."""
        with self._explained(), self._engine.connect() as connection, Session(connection) as session:
            yield session

    @contextlib.contextmanager
    def write(self, counts: bool = True) -> Iterator[Session]:
        """A short transaction, alone among all threads and processes; committed when the block ends well.

        `counts`: whether windows should look again afterwards (`version`).
        """
        if self.read_only:
            raise ReadOnly(f"The library in {self.path.parent} can only be read.", "Change its folder's permissions.")
        with (
            self._explained(),
            self._turn(),
            self._engine.connect().execution_options(write=True) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.flush()
            if counts:
                connection.exec_driver_sql("UPDATE change_count SET number = number + 1")
            session.commit()

    def version(self) -> int:
        """A number that differs after any change by anyone; made to be asked often."""
        with self._explained(), self._watching:
            commits = self._watcher.execute("PRAGMA data_version").fetchone()[0]
            if self._seen is None or self._seen[0] != commits:
                number = self._watcher.execute("SELECT number FROM change_count").fetchone()[0]
                self._seen = (commits, number)
            return self._seen[1]

    def verify(self) -> None:
        """Read the whole database. Raises `LibraryDamaged` with what is wrong, `SearchDamaged`."""
        with self.read() as session:
            faults = session.connection().exec_driver_sql("PRAGMA integrity_check(1)").scalars().all()
        if "FTS5 table" in faults[0]:  # SQLite 3.44 and later look at it here too
            raise _search_damaged(self.path)
        if faults != ["ok"]:
            raise LibraryDamaged(f"The library {self.path} is damaged: {faults[0]}.", _FROM_A_BACKUP)
        if not self.read_only:  # SQLite counts looking at the full-text index as writing
            with self.write(counts=False) as session:
                index_matches_assets = "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)"
                session.connection().exec_driver_sql(index_matches_assets)

    def rebuild_search(self) -> None:
        """Make the full-text index again, from the assets' own words. Raises `LibraryDamaged`, `ReadOnly`."""
        with self.write() as session:
            connection = session.connection()
            # FTS5 opens no index whose structure record is damaged, not even to rebuild it: begin with an empty one.
            connection.exec_driver_sql("DELETE FROM search_idx")
            connection.exec_driver_sql("DELETE FROM search_data")
            connection.exec_driver_sql("INSERT INTO search_data VALUES (1, x''), (10, zeroblob(7))")
            connection.exec_driver_sql("DELETE FROM search_config")
            connection.exec_driver_sql(f"INSERT INTO search_config VALUES ('version', {_INDEX_VERSION})")
            connection.exec_driver_sql("INSERT INTO search (search) VALUES ('rebuild')")

    def copy_to(self, target: Path) -> None:
        """A consistent copy of this moment, written to `target` while others may go on writing."""
        with (
            self._explained(),
            contextlib.closing(self._connect()) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Threads of one process queue here, where waiting is fair, and not at SQLite's lock."""
        if not self._writing.acquire(timeout=self.busy_seconds):
            raise _busy(self.path)
        try:
            yield
        finally:
            self._writing.release()

    def _new_engine(self) -> Engine:
        engine = sqlalchemy.create_engine(
            "sqlite://",
            creator=self._connect,
            poolclass=sqlalchemy.QueuePool,
            pool_size=4,
            max_overflow=28,
            pool_timeout=self.busy_seconds,
        )

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            write = connection.get_execution_options().get("write", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

        return engine

    def _connect(self) -> sqlite3.Connection:
        mode = "mode=ro&immutable=1" if self._immutable else "mode=ro" if self.read_only else "mode=rwc"
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?{mode}",
            uri=True,
            timeout=self.busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -32000")
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection

    def _prepare(self) -> None:
        try:
            revision = self._revision()
        except sqlite3.OperationalError:
            if not self.read_only:
                raise
            self._immutable = True  # no -shm can be made beside it, and nobody else writes there
            revision = self._revision()
        if revision is not None and revision > HEAD:
            raise NewerFormat(
                f"The library in {self.path.parent} was written by a newer Audio Studio.", "Update Audio Studio."
            )
        if revision == HEAD:
            return
        if self.read_only:
            raise ReadOnly(
                f"The library in {self.path.parent} must be brought up to date, and it can only be read.",
                "Change its folder's permissions and open it once.",
            )
        self._use_wal()
        if revision is not None:
            self.copy_to(self.path.with_name(f"library-{datetime.now():%Y-%m-%d-%H%M%S}-before-{HEAD}.db"))
        self._migrate()

    def _revision(self) -> str | None:
        """What the file says of itself; None for an empty one."""
        with contextlib.closing(self._connect()) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables:
                return None
            if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
                raise LibraryDamaged(f"{self.path} is not a library of Audio Studio.", _FROM_A_BACKUP)
            revision: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            return revision

    def _use_wal(self) -> None:
        """SQLite does not wait by itself here while another process opens the same new library."""
        deadline = time.monotonic() + self.busy_seconds
        with contextlib.closing(self._connect()) as connection:
            while True:
                try:
                    connection.execute("PRAGMA journal_mode = WAL")
                    return
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                        raise
                    time.sleep(0.01)

    def _migrate(self) -> None:
        """Bring the tables to `HEAD` in one transaction; whoever comes second finds it done."""
        from alembic import command  # a seventh of a second that only a new or old library needs
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        with self._engine.connect().execution_options(write=True) as connection:
            config.attributes["connection"] = connection
            connection.begin()
            connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION}")
            command.upgrade(config, HEAD)
            connection.commit()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        with database_errors(self.path):
            yield


@contextlib.contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turn an error of SQLite about `path` into the `StorageError` that says how to mend it."""
    try:
        yield
    except IntegrityError:
        raise  # a rule of ours broken by ourselves
    except DBAPIError as error:
        explained = explain(error.orig, path)
        if explained is None:
            raise
        raise explained from error
    except sqlite3.Error as error:
        explained = explain(error, path)
        if explained is None:
            raise
        raise explained from error
    except PoolTimeout as error:
        raise _busy(path) from error


def explain(error: Any, path: Path) -> StorageError | None:
    """The error in the user's words; None where it can only be our own mistake."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code == sqlite3.SQLITE_CORRUPT_VTAB or _FOREIGN_INDEX in str(error):
        return _search_damaged(path)
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _busy(path)
        case sqlite3.SQLITE_FULL:
            return DiskFull(
                f"The disk that holds {path} is full.", "Free some space, then try again: nothing was lost."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return ReadOnly(f"{path} cannot be written.", "Change the permissions of its folder.")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_FORMAT | sqlite3.SQLITE_SCHEMA:
            return LibraryDamaged(f"The library {path} is damaged.", _FROM_A_BACKUP)
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_NOLFS | sqlite3.SQLITE_PROTOCOL:
            return StorageError(f"{path} could not be read or written.", "Check the disk and the folder.")
        case sqlite3.SQLITE_NOMEM:
            return StorageError("There is not enough memory for the library.", "Close some programs and try again.")
        case sqlite3.SQLITE_TOOBIG:
            return StorageError("That is too large for the library.", "Shorten the text.")
        case _:
            return None


def _search_damaged(path: Path) -> SearchDamaged:
    return SearchDamaged(
        f"The index for searching in the library {path} is damaged.",
        "Run `audiostudio library check`, which makes it again.",
    )


def _busy(path: Path) -> LibraryBusy:
    return LibraryBusy(
        f"Another program has been holding the library {path} for too long.", "Try again, or close the other program."
    )


def _writable(path: Path) -> bool:
    """Whether the folder of `path` takes new files, making it where it is missing."""
    with storage_errors(path.parent):
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
