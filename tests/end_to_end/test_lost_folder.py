"""Started from a folder that is no longer there, or that may not be looked into."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import environment

DOCTOR = [sys.executable, "-m", "audiostudio", "--profile"]


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="a folder that is used cannot be removed there")
def test_doctor_starts_its_processes_from_a_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = ["sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", *DOCTOR, str(tmp_path / "profile"), "doctor"]
    done = subprocess.run(command, cwd=gone, env=environment(), capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    assert "ended unexpectedly" not in done.stdout
    assert "Sound output" in done.stdout


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder this user may not enter")
def test_doctor_starts_its_processes_from_a_folder_nobody_may_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    command = ["sh", "-c", 'chmod 000 .; exec "$@"', "sh", *DOCTOR, str(tmp_path / "profile"), "doctor"]
    try:
        done = subprocess.run(command, cwd=closed, env=environment(), capture_output=True, text=True, timeout=120)
    finally:
        closed.chmod(0o700)
    assert "Traceback" not in done.stderr
    assert "Sound output" in done.stdout
