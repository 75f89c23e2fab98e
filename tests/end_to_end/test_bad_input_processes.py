"""Whatever is killed or interrupted, and whoever writes at the same time: every file is whole or not there."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from audiostudio.library import Library
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, read_sound, write_sound
from tests.end_to_end.conftest import environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for workers in /proc")

LONG = "\n\n".join(f"The {number} ships of the harbour wait for a better wind." for number in range(20_000))


class Running:
    """The program in a terminal of its own, as a user has it before him."""

    def __init__(self, profile: Profile, folder: Path, *words: str) -> None:
        self._terminal, other = os.openpty()
        command = [sys.executable, "-m", "audiostudio", "--profile", str(profile.root), *words]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment(), stdin=other, stdout=other, stderr=other, start_new_session=True
        )
        os.close(other)
        self.shown = ""

    def read_until(self, wanted: str) -> None:
        """Read what the program shows until `wanted` is in it, or to its end."""
        while wanted not in self.shown:
            try:
                self.shown += os.read(self._terminal, 4096).decode(errors="replace")
            except OSError:  # how a pseudo-terminal says that its other end is closed
                assert not wanted.strip("\0"), self.shown
                return

    def end(self) -> int:
        self.read_until("\0")
        return self.process.wait(60)

    def workers(self) -> list[int]:
        pids: list[int] = []
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            pids += [int(pid) for pid in (task / "children").read_text().split()]
        return pids

    def close(self) -> None:
        os.close(self._terminal)
        self.process.kill()
        self.process.wait(30)


@pytest.fixture
def start(speaking_profile: Profile, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """`start("speak", …)` in the folder `work`; a text of hours lies there as `long.txt`."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "long.txt").write_text(LONG, encoding="utf-8")
    with contextlib.ExitStack() as all_closed:

        def run(*words: str) -> Running:
            return all_closed.enter_context(contextlib.closing(Running(speaking_profile, folder, *words)))

        yield run


def speaking(start: Callable[..., Running], output: str = "out.wav") -> Running:
    """The program in the middle of a long voiceover."""
    running = start("speak", "long.txt", "-o", output, "--voice", "hibari_heart", "--captions", "srt")
    running.read_until("%")
    return running


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "work").iterdir())


def gone(pid: int, seconds: float = 20) -> bool:
    """Whether the process ends within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        threading.Event().wait(0.02)
    return False


def test_a_killed_worker_is_said_and_leaves_nothing(start: Callable[..., Running], tmp_path: Path) -> None:
    running = speaking(start)
    (worker,) = running.workers()
    os.kill(worker, signal.SIGKILL)
    assert running.end() == 8
    assert "The worker was killed (signal 9)" in running.shown
    assert "→" in running.shown
    assert "Traceback" not in running.shown
    assert files(tmp_path) == ["long.txt"]


@pytest.mark.long
def test_what_was_there_before_outlives_every_death(start: Callable[..., Running], tmp_path: Path) -> None:
    before = tmp_path / "work" / "out.wav"
    before.write_bytes(b"an earlier voiceover")
    running = speaking(start)
    (worker,) = running.workers()
    running.process.kill()
    assert gone(worker)
    assert before.read_bytes() == b"an earlier voiceover"
    assert "out.srt" not in files(tmp_path)
    assert all(name.startswith(".") for name in set(files(tmp_path)) - {"long.txt", "out.wav"})
    running = start("speak", "Again.", "-o", "out.wav", "--voice", "tone", "--captions", "srt")
    assert running.end() == 0
    assert files(tmp_path) == ["long.txt", "out.srt", "out.wav"]  # and the dead one's halves are gone


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.full)])
def test_asked_to_end_it_tidies_up(start: Callable[..., Running], tmp_path: Path, number: signal.Signals) -> None:
    running = speaking(start)
    (worker,) = running.workers()
    running.process.send_signal(number)
    assert running.end() == 130
    assert "Cancelled" in running.shown
    assert "Traceback" not in running.shown
    assert files(tmp_path) == ["long.txt"]
    assert gone(worker)


@pytest.mark.long
def test_impatient_ctrl_c(start: Callable[..., Running], tmp_path: Path) -> None:
    running = speaking(start)
    workers = running.workers()
    for _ in range(5):
        running.process.send_signal(signal.SIGINT)
    assert running.end() == 130
    assert "Traceback" not in running.shown
    assert files(tmp_path) == ["long.txt"]
    assert all(gone(worker) for worker in workers)


@pytest.mark.full
def test_ctrl_c_at_any_moment(speaking_profile: Profile, tmp_path: Path) -> None:
    """From the first line of Python to the last: the file or none, no traceback, no worker left."""
    command = [sys.executable, "-m", "audiostudio", "--profile", str(speaking_profile.root)]
    command += ["speak", "Hello there.", "-o", "out.wav", "--voice", "tone"]
    (tmp_path / "work").mkdir()
    for step in range(30):
        process = subprocess.Popen(
            command, cwd=tmp_path / "work", env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1 + step * 0.06)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode in (0, 130, -signal.SIGINT), said
        assert "audiostudio/" not in said, said  # a traceback of ours; Python's own, while it starts, cannot be helped
        made = files(tmp_path)
        assert made in ([], ["out.wav"])
        if process.returncode == 0:
            assert made == ["out.wav"]
        for name in made:
            assert read_sound(tmp_path / "work" / name).duration > 0.1
            (tmp_path / "work" / name).unlink()


@pytest.mark.long
def test_two_write_the_same_file_at_once(start: Callable[..., Running], tmp_path: Path) -> None:
    texts = ["One two three four. " * count for count in (40, 60)]
    runs = [start("speak", text, "-o", "out.wav", "--voice", "tone", "--captions", "srt", "--json") for text in texts]
    assert [running.end() for running in runs] == [0, 0]
    lengths = {round(json.loads(running.shown[running.shown.index("{") :])["seconds"], 3) for running in runs}
    assert round(read_sound(tmp_path / "work" / "out.wav").duration, 3) in lengths
    assert files(tmp_path) == ["long.txt", "out.srt", "out.wav"]


@pytest.mark.long
def test_two_import_into_one_library_at_once(
    start: Callable[..., Running], speaking_profile: Profile, tmp_path: Path
) -> None:
    names = [f"{number}.wav" for number in range(6)]
    for name in names:
        noise = np.random.default_rng().uniform(-0.5, 0.5, (1, 48_000)).astype(np.float32)
        write_sound(tmp_path / "work" / name, Sound(noise, 48_000))
    runs = [start("library", "import", *random.sample(names, len(names)), "--json") for _ in range(3)]
    assert [running.end() for running in runs] == [0, 0, 0]
    with Library.open(speaking_profile.library) as library:
        library.verify()
        report = library.check_files()
        assert (report.missing, report.strangers) == ((), ())
        assert len({asset.content_hash for asset in library.search().assets}) == library.search().total == 6
