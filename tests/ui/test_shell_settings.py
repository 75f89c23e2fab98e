"""What is remembered, while several programs remember."""

import json
import multiprocessing
from pathlib import Path

import pytest

from audiostudio.errors import StorageError
from audiostudio.lock import FileLock
from audiostudio.settings import Settings


def _count(path: Path, name: str, times: int) -> None:
    settings = Settings(path)
    for number in range(times):
        settings[name] = number + 1


def test_two_programs_keep_each_others_choices(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    first, second = Settings(path), Settings(path)
    first["theme"] = "dark"
    second["voice"] = "heart"
    first["sizes"] = [1, 2]
    assert json.loads(path.read_text()) == {"theme": "dark", "voice": "heart", "sizes": [1, 2]}
    assert first["voice"] == "heart"


def test_processes_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_count, args=(path, f"writer {number}", 25)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert json.loads(path.read_text()) == {f"writer {number}": 25 for number in range(3)}


def test_what_could_not_be_written_is_known_and_written_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings = Settings(path)
    settings["one"] = 1
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError):
        settings["two"] = 2
    assert settings["two"] == 2
    path.rmdir()
    settings["three"] = 3
    assert json.loads(path.read_text()) == {"one": 1, "two": 2, "three": 3}


def test_a_file_that_was_damaged_meanwhile_is_put_aside_and_nothing_known_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings = Settings(path)
    settings["one"] = 1
    path.write_bytes(b'{"one": ')
    settings["two"] = 2
    assert json.loads(path.read_text()) == {"one": 1, "two": 2}
    assert path.with_name("settings.json.damaged").read_bytes() == b'{"one": '


def test_a_lock_that_nobody_lets_go_of_is_said(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    held = FileLock(tmp_path / "settings.json.lock")
    assert held.acquire()
    with pytest.raises(StorageError, match="Another Audio Studio"):
        Settings(path)["one"] = 1
    held.release()
