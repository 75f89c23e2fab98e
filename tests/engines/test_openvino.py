"""OpenVINO: silent towards the network, its errors mapped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audiostudio.engines import openvino
from audiostudio.errors import EngineFailed


def test_openvino_tells_nobody(tmp_path: Path) -> None:
    """Its telemetry writes an id to the home folder and starts a thread before it sends."""
    code = (
        "import sys, threading; from audiostudio.engines.openvino import runtime; runtime().Core();"
        "print(threading.active_count(), sorted(m for m in sys.modules if m.startswith('openvino_telemetry.')))"
    )
    environment = os.environ | {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    environment.pop("CI", None)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    threads, modules = done.stdout.split(maxsplit=1)
    assert threads == "1"
    assert modules.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


def test_errors_of_openvino_are_mapped() -> None:
    with pytest.raises(EngineFailed) as caught, openvino.errors():
        openvino.runtime().Core().read_model(b"no model", b"")
    assert caught.value.sentence.startswith("OpenVINO failed")


def test_errors_without_a_word_are_mapped() -> None:
    with pytest.raises(EngineFailed), openvino.errors():
        raise RuntimeError
