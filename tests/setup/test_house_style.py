"""Rules that no other tool checks."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Put together here, so that this file does not hold what it forbids.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js.org", "deb." + "debian.org"]
MACHINE = [r"(?<![\w.])/" + "work/", r"(?<![\w.])/" + r"root/", r"(?<![\w.])/" + r"home/\w"]


def tracked(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Every text file of the project that git knows or would add."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, names.split("\0")):
        path = ROOT / name
        if path.suffix in suffixes and path.is_file():
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8", errors="replace")


def lines_with(pattern: str, *suffixes: str, under: str = "") -> list[str]:
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in tracked(*suffixes)
        if path.as_posix().startswith(under)
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_test_sleeps() -> None:
    assert not lines_with(r"\btime\.sleep" + r"\(|from time import.*\bsleep", ".py", under="tests/")


def test_no_address_of_a_registry_and_no_path_of_one_machine() -> None:
    pattern = "|".join([*map(re.escape, REGISTRIES), *MACHINE])
    found = lines_with(pattern, ".py", ".toml", ".txt", ".in", ".json", ".md", ".sh", ".ps1", ".bat", ".yml", "")
    assert not found, "\n".join(found)


def test_nothing_is_left_for_later() -> None:
    assert not lines_with(r"\b(TO" + "DO|FIX" + r"ME|XXX)\b", ".py", ".sh", under="audiostudio/")


def test_types_are_not_silenced_outside_the_window() -> None:
    found = [line for line in lines_with(r"#\s*type:\s*ignore", ".py", under="audiostudio/") if "/ui/" not in line]
    assert not found, "\n".join(found)


def test_every_test_file_has_a_name_of_its_own() -> None:
    names = Counter(path.name for path, _ in tracked(".py") if path.name.startswith("test_"))
    assert not [name for name, count in names.items() if count > 1]


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path, _ in tracked(".py") if path.name.startswith("test_")}
    assert not [folder for folder in folders if not (ROOT / folder / "__init__.py").exists()]
