"""Writes packaging/locks/app.txt and dev.txt from what is installed where it runs:

    .venv/bin/python packaging/lock.py [MB TO FETCH]

app.txt: pip, what pyproject.toml and app.in name, and what these need. dev.txt: what dev.in names beyond that.
Lines of the .in files: `NAME==VERSION  # why, licence`, or `!NAME  # why it is left out though a package asks for it`.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "packaging" / "locks"
BUILD = ("pip", "hatchling", "editables")


def main(words: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    app_lines, left_out = read_lines(LOCKS / "app.in")
    dev_lines, not_for_dev = read_lines(LOCKS / "dev.in")
    app = closure([*BUILD, *project["dependencies"], *app_lines], left_out)
    dev = closure(dev_lines, left_out | not_for_dev)
    write(LOCKS / "app.txt", app, words[0] if words else fetched(LOCKS / "app.txt"))
    write(LOCKS / "dev.txt", {name: package for name, package in dev.items() if name not in app}, "")
    for line in app_lines + dev_lines:
        check(line)


def read_lines(path: Path) -> tuple[list[str], set[str]]:
    """What an .in file asks for, and what it leaves out."""
    lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return (
        [line for line in lines if line and not line.startswith("!")],
        {canonicalize_name(line[1:].strip()) for line in lines if line.startswith("!")},
    )


def closure(requirements: Iterable[str], left_out: set[str]) -> dict[str, Distribution]:
    """Everything that `requirements` need, by canonical name, as installed here."""
    found: dict[str, Distribution] = {}
    todo = [Requirement(text) for text in requirements]
    done: set[tuple[str, str]] = set()
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        extras = {"", *wanted.extras}
        if name in left_out or (name, str(sorted(extras))) in done:
            continue
        done.add((name, str(sorted(extras))))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            sys.exit(f"{wanted} is not installed here")
        for text in found[name].requires or ():
            needed = Requirement(text)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                todo.append(needed)
    return found


def check(line: str) -> None:
    wanted = Requirement(line)
    have = distribution(wanted.name).version
    if not wanted.specifier.contains(have, prereleases=True):
        sys.exit(f"asked for {line}, but {have} is installed here")


def write(path: Path, packages: dict[str, Distribution], fetch: str) -> None:
    disk = sum(size(package) for package in packages.values()) / 1e6
    head = f"# {len(packages)} packages" + (f", {fetch} MB to fetch, {disk:.0f} MB on the disk" if fetch else "")
    rows = [f"{package.name}=={package.version}" for package in packages.values()]
    width = max(map(len, rows), default=0)
    lines = [f"{row:{width}}  # {licence(package)}" for row, package in zip(rows, packages.values(), strict=True)]
    version = f"Python {sys.version_info.major}.{sys.version_info.minor}, {sys.platform}"
    text = "\n".join([f"{head}. Written by packaging/lock.py on {version}.", *sorted(lines, key=str.lower)])
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path.name}: {head[2:]}")


def size(package: Distribution) -> int:
    """Bytes of its files, with the compiled ones that pip lists without a size."""
    paths = [Path(str(file.locate())) for file in package.files or ()]
    return sum(path.stat().st_size for path in paths if path.exists())


def licence(package: Distribution) -> str:
    """In a few words, as its own metadata say."""
    data = package.metadata
    if "License-Expression" in data:
        return data["License-Expression"]
    if named := [line.split(" :: ")[-1] for line in data.get_all("Classifier") or () if line.startswith("License ::")]:
        return ", ".join(named)
    lines = data["License"].strip().splitlines() if "License" in data else []
    return lines[0][:60] if lines else "see its own files"


def fetched(path: Path) -> str:
    """The figure that the lock already names."""
    match = re.search(r"(\d+) MB to fetch", path.read_text(encoding="utf-8")) if path.exists() else None
    return match[1] if match else ""


if __name__ == "__main__":
    main(sys.argv[1:])
