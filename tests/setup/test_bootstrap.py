"""What set-up names, what it asks, what it does with a machine that lacks something."""

import importlib.util
import io
import json
import os
import pty
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(PACKAGING))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(PACKAGING))
    return module


@pytest.fixture
def bootstrap() -> ModuleType:
    return load("bootstrap")


@pytest.fixture
def system_libraries() -> ModuleType:
    return load("system_libraries")


def test_everything_is_named_with_size_and_licence(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "environment")
    assert bootstrap.agreed("app", tmp_path, yes=True, can_answer=False)
    said = capsys.readouterr().out
    packages = len(bootstrap.requirements(PACKAGING / "locks" / "app.txt"))
    assert f"{packages} Python packages" in said
    for line in ("Kokoro 82M           63 MB, Apache-2.0", "Kokoro voices        27 MB", "Hibari", "GPL-3.0"):
        assert line in said
    for line in ("Whisper base        133 MB, MIT", "DNSMOS P.835          9 MB, MIT"):
        assert line in said
    assert str(tmp_path / "models") in said


def test_where_nobody_can_answer_it_names_the_option(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert not bootstrap.agreed("app", tmp_path, yes=False, can_answer=False)
    assert "./run --yes" in capsys.readouterr().out


def test_what_was_agreed_to_is_not_asked_again(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "environment")
    (tmp_path / "environment").mkdir()
    (tmp_path / "environment" / "set-up-app").touch()
    (tmp_path / "models").mkdir()
    accepted = tmp_path / "models" / "accepted.json"
    names = bootstrap.default_models()
    accepted.write_text(json.dumps({name: {} for name in names}))
    assert bootstrap.agreed("app", tmp_path, yes=False, can_answer=False)
    assert "up to date" in capsys.readouterr().out
    accepted.write_text(json.dumps({name: {} for name in names if name != "kokoro-voices"}))
    assert not bootstrap.agreed("app", tmp_path, yes=False, can_answer=False)
    said = capsys.readouterr().out
    assert "Kokoro voices" in said
    assert "Kokoro 82M" not in said
    assert "Python packages" not in said


@pytest.mark.parametrize(("answer", "agreed"), [("", True), ("y", True), ("Yes", True), ("n", False), ("what?", False)])
def test_a_person_is_asked_once(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str, agreed: bool
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    assert bootstrap.agreed("models", tmp_path, yes=False, can_answer=True) == agreed
    assert (tmp_path / "models" / "set-up").exists() != agreed


def test_no_terminal_and_no_yes_ends_before_anything_is_made(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in ("packaging", "resources"):
        shutil.copytree(ROOT / name, checkout / name)
    done = subprocess.run(
        [sys.executable, "-E", "-s", checkout / "packaging" / "bootstrap.py", "app", tmp_path / "profile", "demo"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "--yes" in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.long
def test_without_a_network_it_says_what_to_do(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in ("packaging", "resources"):
        shutil.copytree(ROOT / name, checkout / name)
    command = [
        sys.executable,
        "-E",
        "-s",
        checkout / "packaging" / "bootstrap.py",
        "app",
        tmp_path / "profile",
        "--yes",
    ]
    offline = {
        **os.environ,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_RETRIES": "0",
    }
    offline["PIP_FIND_LINKS"] = ""
    done = subprocess.run(command, env=offline, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "could not be installed" in done.stderr
    assert "Check the network" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv" / "set-up-app").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
def test_declining_at_a_terminal(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in ("packaging", "resources"):
        shutil.copytree(ROOT / name, checkout / name)
    person, terminal = pty.openpty()
    command = [sys.executable, "-E", "-s", checkout / "packaging" / "bootstrap.py", "app", tmp_path / "profile"]
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        os.write(person, b"n\n")
        assert process.wait(30) == 2
    said = os.read(person, 10_000).decode()
    os.close(person)
    assert "agree to these licences?" in said
    assert not (checkout / ".venv").exists()


def test_the_models_of_another_profile_are_not_asked_for_in_scripts(tmp_path: Path) -> None:
    command = [sys.executable, "-E", "-s", PACKAGING / "bootstrap.py", "models", tmp_path / "profile", "speak", "x"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "profile").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="ldd is a Linux program")
def test_a_missing_library_is_found(
    system_libraries: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    qt = tmp_path / "lib" / "python3.11" / "site-packages" / "PySide6" / "Qt"
    qt.mkdir(parents=True)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "ldd").write_text(
        "#!/bin/sh\necho '\tlibxcb-icccm.so.4 => not found'\necho '\tlibc.so.6 => /lib/libc.so.6'\n"
    )
    (programs / "ldd").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    assert "libxcb-icccm.so.4" in system_libraries.missing_libraries(tmp_path)
    assert "libc.so.6" not in system_libraries.missing_libraries(tmp_path)


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt-get install -y libportaudio2 libxcb-icccm4"),
        ("dnf", "sudo dnf install -y portaudio xcb-util-wm"),
        ("pacman", "sudo pacman -S --needed portaudio xcb-util-wm"),
        ("zypper", "sudo zypper install -y libportaudio2 libxcb-icccm4"),
    ],
)
def test_the_exact_command_is_named(
    system_libraries: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manager: str, command: str
) -> None:
    (tmp_path / manager).write_text("#!/bin/sh\n")
    (tmp_path / manager).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert system_libraries.command(["libportaudio.so.2", "libxcb-icccm.so.4"]) == command


def test_every_library_of_the_window_has_a_package(system_libraries: ModuleType) -> None:
    """What Qt's own plugin asks for beyond the C library, on this machine: each has a name for each manager."""
    purelib = Path(sysconfig.get_path("purelib"))
    plugin = purelib / "PySide6" / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    listing = subprocess.run(["ldd", plugin], capture_output=True, text=True, check=True).stdout
    outside = [line.split()[0] for line in listing.splitlines() if "=>" in line and str(purelib) not in line]
    xcb = [name for name in outside if name.startswith(("libxcb", "libxkb", "libX11", "libGL", "libEGL", "libdbus"))]
    indirect = {"libXau.so.6", "libXdmcp.so.6", "libGLX.so.0", "libGLdispatch.so.0"}
    assert xcb
    assert not set(xcb) - set(system_libraries.PACKAGES) - indirect
    assert all(len(names) == len(system_libraries.MANAGERS) for names in system_libraries.PACKAGES.values())


@pytest.mark.full
def test_a_clean_clone_speaks_with_one_command(tmp_path: Path) -> None:
    """Needs the network: everything a new user waits for, and then the second start."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    profile, sound = tmp_path / "profile", tmp_path / "hello.wav"
    speak = ["--profile", profile, "speak", "Hello there, this is the first start.", "-o", sound]
    first = subprocess.run([clone / "run", "--yes", *speak], capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stdout + first.stderr
    assert sound.stat().st_size > 50_000
    sound.unlink()
    before = (clone / ".venv" / "set-up.log").read_bytes()
    second = subprocess.run([clone / "run", *speak], capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stdout + second.stderr
    assert sound.exists()
    assert "sets itself up" not in second.stderr
    assert (clone / ".venv" / "set-up.log").read_bytes() == before


@pytest.mark.full
def test_a_broken_off_installation_is_made_again(tmp_path: Path) -> None:
    """Needs the network: killed in the middle, then run again."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    command = [sys.executable, "-E", "-s", clone / "packaging" / "bootstrap.py", "app", tmp_path / "profile", "--yes"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Fetching packages"):
                break
        process.kill()
    assert (clone / ".venv" / "installing").exists()
    assert not (clone / ".venv" / "set-up-app").exists()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    check = [clone / ".venv" / "bin" / "python", "-m", "pip", "check"]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
