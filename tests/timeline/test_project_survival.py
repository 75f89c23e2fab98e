"""Killed processes, full disks, folders that cannot be written: with real processes and real files."""

import random
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from audiostudio.errors import ReadOnly
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from tests.conftest import ROOT


@contextmanager
def writing(folder: Path, what: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.timeline.writing_process", str(folder), what]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def outcome(folder: Path, what: str) -> list[str]:
    """What the process said, when it ends by itself and without a fault."""
    with writing(folder, what) as process:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        return out.splitlines()


def kill_and_look(path: Path, times: int) -> list[str]:
    """The half-written files that are left; looks after every kill that nothing else is lost."""
    chance = random.Random(times)
    for round_ in range(times):
        with writing(path, "edit") as process:
            assert process.stdout is not None
            promised = ""
            for _ in range(chance.randrange(1, 40)):
                promised = process.stdout.readline()
            process.kill()
            promised = (promised + process.stdout.read()).splitlines()[-1]
        count, takes = map(int, promised.split())
        project = ProjectFile.read(path)
        lines = [line.text for line in project.script.lines]
        assert lines == [str(n) for n in range(len(lines))], f"round {round_}"
        assert len(lines) >= count, f"round {round_}"
        assert len(project.takes) >= takes
        assert len({take.id for take in project.takes}) == len(project.takes)
    with ProjectFile.open(path) as session:
        takes = len(session.project.takes)
        while session.undo():
            pass
        assert session.project.text == ""
        assert len(session.project.takes) == takes
    return [file.name for file in path.rglob("*") if ".part" in file.name]


@pytest.mark.long
def test_killed_at_any_moment_nothing_that_was_written_is_lost(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film") as session:
        pass
    assert kill_and_look(session.path, 6) == []


@pytest.mark.full
def test_killed_a_hundred_times(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film") as session:
        pass
    assert kill_and_look(session.path, 100) == []


def test_a_window_in_another_process_and_what_its_death_leaves(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film") as session:
        pass
    with writing(session.path, "hold") as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with ProjectFile.open(session.path) as second:
            assert isinstance(second.problem, ReadOnly)
            assert f"process {other.pid}" in second.problem.sentence
        other.kill()
        other.wait()
        with ProjectFile.open(session.path) as third:
            assert not third.read_only
            third.edit("Typing", lambda project: edits.set_text(project, "mine"))
            with writing(session.path, "hold") as late:
                assert late.stdout is not None
                assert late.stdout.readline() == "read only\n"
    assert ProjectFile.read(session.path).text == "mine"


@pytest.mark.long
def test_a_full_disk_loses_nothing_and_is_tried_again(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film") as session:
        pass
    said = outcome(session.path, "full")
    refused, problem, first = said[0].split()
    assert int(refused) > 10
    assert problem == "DiskFull"
    assert first == "before"
    assert "full" in said[1]
    assert said[2] == "None"
    expected = ["before", *(f"while {number}" for number in range(20)), "after"]
    with ProjectFile.open(session.path) as again:
        assert again.project.text.split("\n") == expected
        assert not again.recovered


def test_what_a_full_disk_cut_in_two_is_written_again(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film") as session:
        pass
    assert outcome(session.path, "torn") == ["True"]
    with ProjectFile.open(session.path) as again:
        assert again.recovered
        assert not again.torn
        assert again.project.text == "before\nwhile\nafter"


def test_a_disk_that_is_truly_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a small disk; the test before this one limits the size of files instead")
    try:
        assert outcome(disk, "disk") == ["1 DiskFull"]
        text = ProjectFile.read(disk / "Film").text.split("\n")
        assert [text[0], text[-1], len(text)] == ["before", "after", 202]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_can_be_looked_at() -> None:
    with tempfile.TemporaryDirectory() as name:
        parent = Path(name)
        with ProjectFile.create(parent, "Film") as session:
            session.edit("Typing", lambda project: edits.set_text(project, "text"))
        folders = [parent, session.path, *(path for path in session.path.iterdir() if path.is_dir())]
        for folder in folders:
            folder.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        try:
            assert outcome(session.path, "nobody") == ["True ReadOnly text", "ReadOnly"]
        finally:
            for folder in folders:
                folder.chmod(stat.S_IRWXU)
