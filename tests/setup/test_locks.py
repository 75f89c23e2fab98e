"""The locks name everything that the code imports, exactly, and nothing from anywhere but a registry."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, packages_distributions
from pathlib import Path

import pytest

from audiostudio.engines.environments.manifest import project_name
from audiostudio.engines.environments.store import Environments

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "packaging" / "locks"
ENVIRONMENTS = ROOT / "resources" / "engines" / "environments"
RUN_IN_ENVIRONMENTS = (
    "audiostudio/engines/**/*.py",
    "audiostudio/engines/*.py",
    "tests/engines/tiny_*.py",
    "bench/*.py",
)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lock: str) -> dict[str, str]:
    lines = [line.partition("#")[0].strip() for line in (LOCKS / lock).read_text(encoding="utf-8").splitlines()]
    return {canonical(name): version for name, version in (line.split("==") for line in lines if line)}


@pytest.mark.parametrize("lock", ["app.txt", "dev.txt"])
def test_every_line_is_an_exact_version_with_its_licence(lock: str) -> None:
    first, *lines = (LOCKS / lock).read_text(encoding="utf-8").splitlines()
    assert re.match(r"# \d+ packages", first)
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w.-]+==[\w.!+-]+\s+# \S.*", line), line


def test_a_package_is_locked_once() -> None:
    assert not set(pinned("app.txt")) & set(pinned("dev.txt"))


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {canonical(re.split(r"[^\w.-]", line)[0]) for line in project["dependencies"]}
    assert not names - set(pinned("app.txt"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("folder", "locks"),
    [("audiostudio", ["app.txt"]), ("tests", ["app.txt", "dev.txt"]), ("bench", ["app.txt", "dev.txt"])],
)
def test_everything_imported_is_locked(folder: str, locks: list[str], environments: Environments) -> None:
    """Also what is imported inside functions, where a missing package shows only when it is used. What runs in an
    engine environment may import what its lock names."""
    ours = {"audiostudio", "tests", "bench", *(path.stem for path in (ROOT / folder).glob("*.py"))}
    known = packages_distributions()
    locked = {name for lock in locks for name in pinned(lock)}
    there = in_environment(environments)
    missing = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in (ROOT / folder).rglob("*.py")
        for module in imported(path)
        if module not in ours | sys.stdlib_module_names
        and not {canonical(name) for name in known.get(module, [])} & locked
        and not (module in there and any(path.relative_to(ROOT).match(one) for one in RUN_IN_ENVIRONMENTS))
    }
    assert not missing


def in_environment(environments: Environments) -> set[str]:
    """The modules that the packages of the lock of `torch` bring."""
    locked = {project_name(one) for one in environments.manifest("torch").lock.requirements}
    places = [str(path) for path in (environments.folder / "torch").glob("**/site-packages")]
    files = [
        file.parts[0].partition(".")[0]
        for package in Distribution.discover(path=places)
        if project_name(package.name) in locked
        for file in package.files or ()
        if file.suffix == ".py"
    ]
    return set(files)


@pytest.mark.parametrize(
    "lock", sorted(ENVIRONMENTS.glob("*/*.txt")), ids=lambda path: f"{path.parent.name} {path.stem}"
)
def test_locks_of_environments_are_exact_and_say_whether_anybody_ran_them(lock: Path) -> None:
    manifest = json.loads((lock.parent / "manifest.json").read_text(encoding="utf-8"))
    platform = manifest["platforms"][lock.stem]
    head, *_ = lines = lock.read_text(encoding="utf-8").splitlines()
    assert head.startswith("# Ran:") == platform["ran"]
    assert ("Nobody has run this" in head) == (not platform["ran"])
    packages = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.!+-]+\s+# \S.*", line) for line in packages)
    names = [canonical(line.partition("==")[0]) for line in packages]
    assert len(names) == len(set(names))
    assert {*manifest["leading"], *manifest.get("built", [])} <= set(names)


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, at any depth of it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in names}


def test_the_environment_is_the_locked_one() -> None:
    code = (
        "import json; from importlib.metadata import distributions;"
        "print(json.dumps([[d.metadata['Name'], d.version] for d in distributions()]))"
    )
    listing = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    have = {canonical(name): version for name, version in json.loads(listing)}
    wrong = {
        name: have.get(name)
        for name, version in {**pinned("app.txt"), **pinned("dev.txt")}.items()
        if have.get(name) != version
    }
    assert not wrong


@pytest.mark.long
def test_packages_agree_with_each_other() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    lines = (LOCKS / "app.in").read_text(encoding="utf-8").splitlines()
    left_out = [line[1:].split()[0] for line in lines if line.startswith("!")]
    missed = tuple(f"requires {name}, which is not installed." for name in left_out)
    said = [line for line in done.stdout.splitlines() if not line.endswith(missed)]
    assert said in ([], ["No broken requirements found."])
