"""A file is whole or not there, whoever is killed while it is written."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from audiostudio.errors import ReadOnly, StorageError
from audiostudio.files import new_file, remove_dead_halves, replace_file

HOLD = """
import sys
from pathlib import Path
from audiostudio.files import new_file
with new_file(Path(sys.argv[1])) as half:
    half.write_bytes(b"half")
    print("writing", flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> "subprocess.Popen[str]":
    """A process that is in the middle of writing `path`, until its input ends."""
    command = [sys.executable, "-c", HOLD, str(path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_left_goes_with_the_next_try(tmp_path: Path) -> None:
    path = tmp_path / "intro.wav"
    with holder(path) as process:
        process.send_signal(signal.SIGKILL)
    (left,) = names(tmp_path)
    assert left.startswith(".intro-")
    replace_file(tmp_path / "other.wav", b"other")
    assert left in names(tmp_path)
    with new_file(path) as half:
        assert names(tmp_path) == [half.name, "other.wav"]
        half.write_bytes(b"whole")
    assert path.read_bytes() == b"whole"
    assert names(tmp_path) == ["intro.wav", "other.wav"]


def test_the_half_of_a_living_process_stays(tmp_path: Path) -> None:
    path = tmp_path / "intro.wav"
    with holder(path) as process:
        with new_file(path) as half:
            half.write_bytes(b"mine")
        remove_dead_halves(path)
        assert path.read_bytes() == b"mine"
        assert len(names(tmp_path)) == 2
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0
    assert path.read_bytes() == b"half"  # the other's, which came last, whole
    assert names(tmp_path) == ["intro.wav"]


def test_only_halves_of_this_file_are_removed(tmp_path: Path) -> None:
    others = [".intro-12345678.part.mp3", ".intro-2-12345678.part.wav", ".intro-.part.wav", "intro-12345678.part.wav"]
    for name in [*others, ".intro-12345678.part.wav"]:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".intro-abcdefgh.part.wav").symlink_to(tmp_path / others[0])
    remove_dead_halves(tmp_path / "intro.wav")
    assert names(tmp_path) == sorted([*others, ".intro-abcdefgh.part.wav"])


def test_halves_of_halves_are_removed(tmp_path: Path) -> None:
    """A file that is made anew until it is right is a half of a half."""
    (tmp_path / ".intro-12345678.part.wav").write_bytes(b"x")
    (tmp_path / "..intro-12345678.part-abcdefgh.part.wav").write_bytes(b"x")
    remove_dead_halves(tmp_path / "intro.wav")
    assert names(tmp_path) == []


@pytest.mark.parametrize("stem", ["🎬" * 62, "ჯ" * 83, "x" * 251, "a\udcff", "%d"])
def test_any_name_that_the_disk_takes(tmp_path: Path, stem: str) -> None:
    with new_file(tmp_path / f"{stem}.wav") as half:
        half.write_bytes(b"whole")
    assert names(tmp_path) == [f"{stem}.wav"]


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("folder.wav", StorageError, "is a folder"),
        ("file.txt/x.wav", StorageError, "is a file, not a folder"),
        ("x" * 300 + ".wav", StorageError, "too long"),
        ("y" * 300 + "/x.wav", StorageError, "too long"),
        ("loop/x.wav", StorageError, "not a folder"),
        ("/proc/x.wav", ReadOnly, "cannot be written"),
    ],
)
def test_what_forbids_to_write_is_said_before_the_work(
    tmp_path: Path, name: str, kind: type[StorageError], said: str
) -> None:
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "file.txt").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    before = names(tmp_path)
    began = False
    with pytest.raises(kind, match=said), new_file(tmp_path / name):
        began = True
    assert not began
    assert names(tmp_path) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="takes another user's rights")
def test_a_protected_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "intro.wav"
    path.write_bytes(b"keep")
    path.chmod(0o444)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to(tempfile.gettempdir()) and folder.owner() == "root":
            folder.chmod(folder.stat().st_mode | 0o011)
    tmp_path.chmod(0o777)
    program = HOLD.replace("with new", "import os\nos.setuid(65534)\nwith new")
    said = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, input="")
    assert "ReadOnly" in said.stderr
    assert path.read_bytes() == b"keep"
    assert names(tmp_path) == ["intro.wav"]
