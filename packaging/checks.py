"""Every check of `./test`, one after the other, with a summary. Runs in the environment that bootstrap.py made.

checks.py            everything, with what takes long sampled: each run draws other tests
checks.py --full     everything, completely
checks.py PATH…      only the tests there
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
WITH_QT = ("tests/ui", "tests/render", "tests/end_to_end")
BOTH_CORES = ("-n", "2", "--dist", "loadfile")
WITHOUT_QT = ("-p", "no:pytest-qt", "-p", "tests.without_qt")


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="./test", description="Run every check there is.")
    parser.add_argument("--full", action="store_true", help="also what takes long")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="run only the tests there")
    arguments = parser.parse_args()
    results = [(check, *run(check)) for check in checks(arguments.paths, arguments.full)]
    print("\n" + "─" * 60)
    for check, passed, seconds in results:
        print(f"{'✓' if passed else '✗'} {check.name:32} {seconds:6.1f} s")
    failed = sum(not passed for _, passed, _ in results)
    print(f"checks: {len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def checks(paths: list[str], full: bool) -> list[Check]:
    if paths:
        return [Check("tests", pytest(*paths, full=full))]
    with_qt = [path for path in WITH_QT if any((ROOT / path).glob("test_*.py"))]
    rest = [f"--ignore={path}" for path in WITH_QT]
    return [
        Check("format", [tool("ruff"), "format", "--check", "."]),
        Check("lint", [tool("ruff"), "check", "."]),
        Check("types", [tool("mypy")]),
        Check("types of packaging", [tool("mypy"), "--strict", *map(str, sorted((ROOT / "packaging").glob("*.py")))]),
        Check("import rules", [tool("lint-imports")]),
        Check("tests, without Qt", pytest("tests", *rest, *WITHOUT_QT, *BOTH_CORES, full=full, sampled=not full)),
        *(
            [Check("tests of the window", pytest(*with_qt, *BOTH_CORES, full=full, sampled=not full))]
            if with_qt
            else []
        ),
    ]


def pytest(*words: str, full: bool, sampled: bool = False) -> list[str]:
    marks = [] if full else ["-m", "not full"]
    if sampled:
        marks += ["-p", "tests.sampling"]
    hangs = f"faulthandler_timeout={1200 if full else 300}"
    return [sys.executable, "-m", "pytest", "-q", "--durations=5", "-o", hangs, *marks, *words]


def tool(name: str) -> str:
    return str(BIN / name)


def run(check: Check) -> tuple[bool, float]:
    print(f"\n── {check.name}", flush=True)
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    begun = time.monotonic()
    status = subprocess.run(check.command, cwd=ROOT, env=environment, check=False).returncode
    return status == 0, time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main())
