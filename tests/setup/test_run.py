"""`./run` in a copy of the checkout whose Python only notes how it was called."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from audiostudio.profile import Profile

ROOT = Path(__file__).resolve().parents[2]
NOTING = """#!/usr/bin/env bash
[[ $1 == -c ]] && exit "${VERSION_CHECK:-0}"
printf '%s\\n' "$*" >> "$(dirname "$0")/../../called"
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="./run is for Linux and macOS")


def load_bootstrap(root: Path) -> ModuleType:
    sys.path.insert(0, str(root / "packaging"))
    try:
        spec = importlib.util.spec_from_file_location("bootstrap_under_test", root / "packaging" / "bootstrap.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(root / "packaging"))
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is not set up, with a Python that only notes its arguments."""
    root = tmp_path / "Audio Studio’s folder"
    for name in ("packaging", "resources/models"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "run", root / "run")
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(NOTING)
    python.chmod(0o755)
    (root / ".venv" / "pyvenv.cfg").write_text("version = 3.11.7\n")
    return root


@pytest.fixture
def ready(checkout: Path) -> Path:
    """The same, set up as bootstrap.py leaves it."""
    bootstrap = load_bootstrap(checkout)
    bootstrap.write_stamp("app")
    bootstrap.write_model_stamp(checkout / "profile" / "models")
    (checkout / ".venv" / "set-up-system").touch()
    return checkout


Run = Callable[..., tuple[subprocess.CompletedProcess[str], Sequence[str]]]


@pytest.fixture
def run() -> Run:
    """`run(root, *words, **environment)`: the finished process and how Python was called."""

    def start(root: Path, *words: str, **environment: str) -> tuple[subprocess.CompletedProcess[str], Sequence[str]]:
        clean = {"PATH": os.environ["PATH"], "HOME": str(root / "home"), "AUDIOSTUDIO_PROFILE": str(root / "profile")}
        done = subprocess.run(
            [root / "run", *words], env={**clean, **environment}, capture_output=True, text=True, check=False
        )
        called = root / "called"
        return done, called.read_text().splitlines() if called.exists() else []

    return start


def test_the_second_start_calls_python_once(ready: Path, run: Run) -> None:
    done, called = run(ready, "speak", "Hello there", "-o", "x.wav")
    assert done.returncode == 0, done.stderr
    assert called == ["-m audiostudio speak Hello there -o x.wav"]
    assert done.stdout == done.stderr == ""


def test_the_window_starts_as_lightly(ready: Path, run: Run) -> None:
    assert run(ready, DISPLAY=":0")[1] == ["-m audiostudio"]


def test_the_first_start_sets_up(checkout: Path, run: Run) -> None:
    _, called = run(checkout, "--profile", "/some/where", "speak", "x")
    assert called[0] == f"-E -s {checkout}/packaging/bootstrap.py app /some/where --profile /some/where speak x"
    assert called[1] == "-m audiostudio --profile /some/where speak x"


@pytest.mark.parametrize("changed", ["packaging/locks/app.txt", ".venv/pyvenv.cfg"])
def test_a_changed_lock_or_python_sets_up_again(ready: Path, run: Run, changed: str) -> None:
    with (ready / changed).open("a") as file:
        file.write("# changed\n")
    assert "bootstrap.py app" in run(ready, "doctor")[1][0]


def test_a_moved_checkout_sets_up_again(ready: Path, run: Run) -> None:
    moved = ready.rename(ready.parent / "moved")
    assert "bootstrap.py app" in run(moved, "doctor")[1][0]


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        (["speak", "x"], True),
        (["demo"], True),
        (["speak", "x", "--profile=NEW"], True),
        (["--profile", "NEW", "doctor"], False),
        (["--profile", "NEW", "--version"], False),
        (["--profile", "NEW", "models", "list"], False),
    ],
)
def test_another_profile_gets_its_models_when_it_speaks(ready: Path, run: Run, words: list[str], asks: bool) -> None:
    _, called = run(ready, *words, AUDIOSTUDIO_PROFILE=str(ready / "other"))
    assert any("bootstrap.py models" in call for call in called) == asks


def test_new_manifests_are_offered(ready: Path, run: Run) -> None:
    (ready / "resources" / "models" / "new.json").write_text("{}")
    assert any("bootstrap.py models" in call for call in run(ready, "demo")[1])


def test_missing_system_libraries_are_looked_for_until_they_are_there(ready: Path, run: Run) -> None:
    (ready / ".venv" / "set-up-system").unlink()
    assert "bootstrap.py system" in run(ready, DISPLAY=":0")[1][0]
    assert not any("system" in call for call in run(ready, "doctor")[1][2:])


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS always has a screen")
def test_without_a_screen_it_says_so_before_it_fetches_anything(checkout: Path, run: Run) -> None:
    done, called = run(checkout)
    assert done.returncode == 1
    assert "no screen" in done.stderr
    assert "./run demo" in done.stderr
    assert "./run --yes" in done.stderr
    assert called == []


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS always has a screen")
def test_without_a_screen_yes_sets_up_and_then_says_so(checkout: Path, run: Run) -> None:
    done, called = run(checkout, "--yes")
    assert done.returncode == 0, done.stderr
    assert called == [f"-E -s {checkout}/packaging/bootstrap.py app {checkout}/profile --yes"]
    assert "no screen" in done.stderr
    assert "./run demo" in done.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS always has a screen")
def test_without_a_screen_what_is_set_up_stays(ready: Path, run: Run) -> None:
    done, called = run(ready, "--yes")
    assert (done.returncode, called) == (0, [])
    assert "no screen" in done.stderr


def test_without_a_python_it_says_which(checkout: Path, run: Run, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("bash", "cat", "cmp", "dirname", "env"):
        (programs / name).symlink_to(str(shutil.which(name)))
    done, _ = run(checkout, "doctor", PATH=str(programs), VERSION_CHECK="1")
    assert done.returncode == 1
    assert "Python 3.11 or 3.12" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the path differs")
@pytest.mark.parametrize("data", [None, "data home"])
def test_bash_and_python_agree_where_the_profile_is(ready: Path, run: Run, data: str | None) -> None:
    environment = {"HOME": str(ready / "home"), "AUDIOSTUDIO_PROFILE": ""}
    if data:
        environment["XDG_DATA_HOME"] = str(ready / data)
    _, called = run(ready, "demo", **environment)
    code = "from audiostudio.profile import Profile; print(Profile.default().root)"
    expected = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert f"bootstrap.py models {expected} demo" in called[0]


def test_the_test_command_and_bootstrap_agree_on_the_stamp(checkout: Path) -> None:
    bootstrap = load_bootstrap(checkout)
    bootstrap.write_stamp("test")
    script = f'root="{checkout}"; source "$root/packaging/set-up.sh"; is_set_up test'
    assert subprocess.run(["bash", "-c", script], check=False).returncode == 0
    (checkout / "packaging" / "locks" / "dev.txt").write_text("changed\n")
    assert subprocess.run(["bash", "-c", script], check=False).returncode == 1
    assert not bootstrap.is_stamped("test")


def test_the_profile_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOSTUDIO_PROFILE", str(tmp_path))
    assert Profile.default().root == tmp_path.resolve()
