"""The real program, started as a user starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audiostudio import app
from audiostudio.profile import Profile
from tests.warm import warm

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a run of the program ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")} | {
        "PYTHONPATH": str(ROOT)
    }


@pytest.fixture
def studio(speaking_profile: Profile, tmp_path: Path) -> Callable[..., Said]:
    """`studio("speak", "Hello.", "-o", "x.wav")`, run in the test's own folder."""

    def run(*words: str, text: str | None = None, timeout: float = 240) -> Said:
        command = [sys.executable, "-m", "audiostudio", "--profile", str(speaking_profile.root), *words]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(), input=text or "", capture_output=True, text=True, timeout=timeout
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def warm_processes() -> Iterator[None]:
    with warm():
        yield


Here = Callable[..., Said]


@pytest.fixture
def here(
    warm_processes: None,
    speaking_profile: Profile,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Here:
    """`here("speak", "Hello.", "-o", "x.wav")`: the program without a process of its own, its workers forked.

    Quicker, where only what it answers and leaves is asked.
    """
    monkeypatch.chdir(tmp_path)

    def run(*words: str, profile: Profile = speaking_profile) -> Said:
        try:
            code = app.main(["--profile", str(profile.root), *words])
        except SystemExit as exit_:  # how argparse refuses
            code = int(exit_.code or 0)
        shown = capsys.readouterr()
        return Said(code, shown.out, shown.err)

    return run
