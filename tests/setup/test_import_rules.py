"""The rules that hold the house are seen to fail: each is broken once, in a copy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package and its rules."""
    shutil.copytree(ROOT / "audiostudio", tmp_path / "audiostudio", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(house: Path, module: str, line: str) -> None:
    path = house / "audiostudio" / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\ndef planted() -> None:\n    {line}\n", encoding="utf-8")


def import_rules(house: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(house), "PYTHONIOENCODING": "utf-8"}
    command = [BIN / "lint-imports", "--no-cache"]
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False)


def lint(house: Path, module: str) -> subprocess.CompletedProcess[str]:
    command = [BIN / "ruff", "check", "--no-cache", "--output-format=concise", f"audiostudio/{module}"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


def test_the_house_as_it_is_keeps_them(house: Path) -> None:
    result = import_rules(house)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.long
@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("library/__init__.py", "import audiostudio.ui  # noqa: F401", "Imports go one way"),
        ("script/__init__.py", "from audiostudio.engines import base", "Imports go one way"),
        ("errors.py", "import audiostudio.files  # noqa: F401", "Imports go one way"),
        ("operations/__init__.py", "from PySide6 import QtWidgets", "Qt only in ui and render"),
        ("sound/__init__.py", "import pyqtgraph", "Qt only in ui and render"),
        ("ui/__init__.py", "import torch", "Machine learning frameworks only behind engines"),
    ],
)
def test_a_planted_import_is_caught(house: Path, module: str, line: str, contract: str) -> None:
    plant(house, module, line)
    result = import_rules(house)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "rule"),
    [
        ("app.py", "from PySide6.QtWidgets import QWidget", "TID251"),
        ("operations/__init__.py", "from PySide6 import QtWidgets", "TID251"),
    ],
)
def test_widgets_outside_ui_are_caught(house: Path, module: str, line: str, rule: str) -> None:
    assert lint(house, module).returncode == 0
    plant(house, module, line)
    assert rule in lint(house, module).stdout


def test_a_heavy_import_at_module_level_is_caught(house: Path) -> None:
    (house / "audiostudio" / "engines" / "heavy.py").write_text("import onnxruntime\n\nprint(onnxruntime)\n")
    assert "TID253" in lint(house, "engines/heavy.py").stdout


def test_widgets_inside_ui_are_allowed(house: Path) -> None:
    plant(house, "ui/__init__.py", "from PySide6.QtWidgets import QWidget")
    assert "TID251" not in lint(house, "ui/__init__.py").stdout
