"""Filling an environment with packages, through pip; resumed where it was cut off."""

import os
import re
import shutil
import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Final

from audiostudio.engines.environments.manifest import EnvironmentManifest, Lock, project_name
from audiostudio.engines.models.child import ProgramFailed, output
from audiostudio.errors import DiskFull, EngineFailed, EngineUnavailable, NetworkError
from audiostudio.jobs.job import Progress

_WINDOWS: Final = sys.platform == "win32"
_LEADING_SHARE: Final = 0.5
"""Of the time that it all takes."""
_FETCHING_SHARE: Final = 0.8
"""Of the time that pip takes; then it puts everything in place."""
_FILLED: Final = 0.95
_FLAGS: Final = ("--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--no-warn-script-location")
_AGAIN = "Check the network connection, then try again: what was installed is kept."


def interpreter(place: Path) -> Path:
    """The Python of the environment at `place`."""
    return place / ("Scripts/python.exe" if _WINDOWS else "bin/python")


def require_python(manifest: EnvironmentManifest) -> None:
    """Raises `EngineUnavailable` where this Python cannot make the environment."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if getattr(sys, "frozen", False) or version not in manifest.python:
        raise EngineUnavailable(
            f"{manifest.title} cannot be installed with the Python of this installation ({version}).",
            f"Install Audio Studio with Python {' or '.join(manifest.python)}.",
        )


def fill(place: Path, manifest: EnvironmentManifest, lock: Lock) -> Generator[Progress, None, None]:
    """Make the environment at `place` and install the lock in it, first its leading packages with all they need.

    Raises `NetworkError`, `DiskFull`, `EngineFailed`, `OSError`.
    """
    title = manifest.title
    yield Progress(0.0, f"{title}: making its Python.")
    yield from _make_python(place, title)
    _drop_halves(place)
    leading = [one for one in lock.requirements if project_name(one) in manifest.leading]
    rest = [one for one in lock.requirements if one not in leading]
    requirements = place / "requirements.txt"
    requirements.write_text("\n".join(rest) + "\n", encoding="utf-8")
    words = [*leading, "--constraint", str(requirements)]
    yield from _installed(place, title, words, (0.0, _LEADING_SHARE), len(leading))
    words = ["--no-deps", "--requirement", str(requirements)]
    if manifest.built:
        words += ["--no-binary", ",".join(manifest.built)]
    yield from _installed(place, title, words, (_LEADING_SHARE, _FILLED), len(rest))


def size(place: Path) -> int:
    """Bytes of the files in `place`."""
    total = 0
    for folder, _, files in os.walk(place):
        total += sum(os.lstat(Path(folder, file)).st_size for file in files)
    return total


def _make_python(place: Path, title: str) -> Iterator[Progress]:
    """Without pip: the application's own serves, and systems without `ensurepip` need nothing."""
    if interpreter(place).exists() and (place / "pyvenv.cfg").exists():
        return
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        for _ in output([_base_python(), "-I", "-m", "venv", "--without-pip", str(place)]):
            yield Progress(0.0, f"{title}: making its Python.")
    except ProgramFailed as error:
        shutil.rmtree(place, ignore_errors=True)
        raise _explained(error, f"The Python of {title} could not be made.") from error


def _base_python() -> str:
    """The Python outside any environment: an environment made from another breaks with it."""
    if sys.prefix == sys.base_prefix:
        return sys.executable
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return str(Path(sys.base_prefix, "python.exe" if _WINDOWS else f"bin/{name}"))


def _drop_halves(place: Path) -> None:
    """Have pip install again what it was installing when it was killed: such a package has no list of its files yet."""
    for metadata in place.glob("**/site-packages/*.dist-info"):
        if not (metadata / "RECORD").exists():
            shutil.rmtree(metadata)


def _installed(
    place: Path, title: str, words: Sequence[str], span: tuple[float, float], count: int
) -> Iterator[Progress]:
    """Run pip; progress from `span[0]` to `span[1]` as it comes to each of `count` packages."""
    scratch = place / "tmp"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    pip = [sys.executable, "-I", "-m", "pip", "--python", str(interpreter(place)), "install", "--progress-bar", "raw"]
    try:
        # Packages of gigabytes wait where they will lie, not where the system keeps small things.
        settings = {"TMPDIR": str(scratch), "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
        lines = output([*pip, *_FLAGS, *words], {**os.environ, **settings})
        for done, what in _steps(lines, count):
            yield Progress(span[0] + (span[1] - span[0]) * done, f"{title}: {what}")
    except ProgramFailed as error:
        raise _explained(error, f"The packages of {title} could not be installed.") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _steps(lines: Iterator[str], count: int) -> Iterator[tuple[float, str]]:
    """How far pip is, 0…1, and what it does."""
    done, seen, what = 0.0, 0, "looking for its packages."
    for line in lines:
        if match := re.match(r"(?:Collecting|Requirement already satisfied:) ([^\s=<>(\[]+)", line):
            done, seen, what = max(done, min(seen, count) / count), seen + 1, f"fetching {match[1]}."
        elif (match := re.fullmatch(r"Progress (\d+) of (\d+)", line)) and seen <= count:
            done = max(done, (seen - 1 + int(match[1]) / max(1, int(match[2]))) / count)
        elif line.startswith("Installing collected packages"):
            done, what = 1.0, "putting the packages in place."
        yield _FETCHING_SHARE * done, what


def _explained(error: ProgramFailed, sentence: str) -> DiskFull | NetworkError | EngineFailed | EngineUnavailable:
    if re.search(r"No space left|ENOSPC|not enough space", error.tail):
        return DiskFull("The disk filled up while packages were installed.", "Free some space, then try again.")
    if re.search(r"No module named pip", error.tail):
        return EngineUnavailable("This installation of Audio Studio has no pip.", "Run ./run again.")
    last = next((line for line in reversed(error.tail.splitlines()) if line.startswith("ERROR:")), "")
    if re.search(r"[Cc]onnection|[Tt]imed? ?out|resolve|No matching distribution|SSL|HTTP", error.tail):
        return NetworkError(f"{sentence} {last}".strip(), _AGAIN)
    return EngineFailed(f"{sentence} {last or error.tail[-300:]}".strip(), "Try again; if it fails again, report it.")
