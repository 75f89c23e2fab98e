"""What a cache forgets."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audiostudio.errors import StorageError
from audiostudio.files import prune


def _filled(folder: Path, count: int) -> None:
    for number in range(count):
        path = folder / f"{number:04}"
        path.write_bytes(bytes(100))
        os.utime(path, (number, number))


def test_what_was_not_used_for_the_longest_time_is_forgotten(tmp_path: Path) -> None:
    _filled(tmp_path, 5)
    prune(tmp_path, 250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0003", "0004"]


def test_several_may_forget_at_once(tmp_path: Path) -> None:
    _filled(tmp_path, 400)
    with ThreadPoolExecutor(4) as others:
        list(others.map(lambda _: prune(tmp_path, 1000), range(8)))
    assert len(list(tmp_path.iterdir())) <= 10


def test_a_folder_that_is_not_there_holds_nothing_and_a_file_is_none(tmp_path: Path) -> None:
    prune(tmp_path / "gone", 1)
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        prune(tmp_path / "file", 1)
