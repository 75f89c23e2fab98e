"""What another thread or process does to the library at the worst moment."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from audiostudio.library import Library
from tests.library.conftest import new, some_file


def before_next_read(library: Library, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let `act` happen just before the database is asked the next time."""
    read = library.database.read

    @contextlib.contextmanager
    def late() -> Iterator[Session]:
        monkeypatch.setattr(library.database, "read", read)
        act()
        with read() as session:
            yield session

    monkeypatch.setattr(library.database, "read", late)


def test_what_changes_during_an_undo_can_be_undone_too(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = library.add(some_file(tmp_path / "a.wav", b"a"), new("One"))
    other = library.add(some_file(tmp_path / "b.wav", b"b"), new("Other"))
    library.rename(one.id, "First")
    before_next_read(library, monkeypatch, lambda: library.set_favourite(other.id, True))
    assert library.undo() == "Rename “One”"
    assert library.get(one.id).name == "One"
    assert library.undo() == "Favourite “Other”"
    assert not library.get(other.id).favourite
    assert library.undo() is None


def test_a_file_that_comes_during_a_check_is_not_missing(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_next_read(library, monkeypatch, lambda: library.add(some_file(tmp_path / "a.wav"), new("New")))
    report = library.check_files()
    assert (report.missing, report.returned, report.moved, report.strangers) == ((), (), (), ())


def test_a_file_that_is_renamed_during_a_check_is_neither_missing_nor_a_stranger(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = library.add(some_file(tmp_path / "a.wav"), new("Old"))
    before_next_read(library, monkeypatch, lambda: library.rename(asset.id, "New"))
    report = library.check_files()
    assert (report.missing, report.returned, report.moved, report.strangers) == ((), (), (), ())
    assert not library.get(asset.id).missing
