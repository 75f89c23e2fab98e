"""The wheel: it builds, holds what the program needs, and runs outside the checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from audiostudio.resource import resource

ROOT = Path(__file__).resolve().parents[2]
SMOKE_TEST = ROOT / "packaging" / "smoke_test.py"
STARTED = "✓ the window stays open"


def run(*command: object, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)), env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel alone, unpacked by pip, without the checkout."""
    target = tmp_path_factory.mktemp("installed")
    run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--target",
        target,
        wheel,
    )
    return target


def test_it_holds_the_data_and_the_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {path.relative_to(ROOT).as_posix() for path in (ROOT / "resources").rglob("*") if path.is_file()}
    assert not {f"audiostudio/{name}" for name in data} - names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "audiostudio").rglob("*.py")}
    assert not code - names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "packaging/", ".venv"))]


def test_it_is_no_larger_than_its_data(wheel: Path) -> None:
    assert wheel.stat().st_size < 20_000_000


CODE = """
import audiostudio, audiostudio.resource
from audiostudio.resource import resource
print(audiostudio.__file__)
print(resource("models"))
"""


def test_resources_in_a_wheel(installed: Path, tmp_path: Path) -> None:
    paths = f"{installed}{os.pathsep}{sysconfig.get_path('purelib')}"
    package, models = run(
        sys.executable, "-c", f"import os; os.chdir({str(tmp_path)!r}){CODE}", PYTHONPATH=paths
    ).split("\n")[:2]
    assert Path(package) == installed / "audiostudio" / "__init__.py"
    assert Path(models) == installed / "audiostudio" / "resources" / "models"
    assert (Path(models) / "kokoro.json").exists()


def test_resources_in_a_frozen_program(tmp_path: Path) -> None:
    (tmp_path / "resources" / "models").mkdir(parents=True)
    code = f"import sys; sys._MEIPASS = {str(tmp_path)!r}; {CODE.strip().replace(chr(10), '; ')}"
    assert run(sys.executable, "-c", code).splitlines()[1] == str(tmp_path / "resources" / "models")


def test_resources_in_a_checkout() -> None:
    assert resource("models").is_dir()


def test_resources_in_an_editable_install(tmp_path: Path) -> None:
    code = f"import os; os.chdir({str(tmp_path)!r}){CODE}"
    package, models = run(sys.executable, "-c", code, PYTHONPATH="").split("\n")[:2]
    assert Path(package) == ROOT / "audiostudio" / "__init__.py"
    assert Path(models) == ROOT / "resources" / "models"


@pytest.mark.long
def test_it_starts_outside_the_checkout(installed: Path) -> None:
    paths = f"{installed}{os.pathsep}{sysconfig.get_path('purelib')}"
    said = run(sys.executable, SMOKE_TEST, "--window", sys.executable, "-m", "audiostudio", PYTHONPATH=paths)
    assert STARTED in said


@pytest.mark.full
def test_it_starts_from_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    """Needs the network: an environment with the locked packages and the wheel, and its own program."""
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", environment)
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--requirement", ROOT / "packaging" / "locks" / "app.txt")
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel)
    assert STARTED in run(python, SMOKE_TEST, "--window", environment / "bin" / "audiostudio", PYTHONPATH="")
