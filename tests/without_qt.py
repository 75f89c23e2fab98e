"""`pytest -p tests.without_qt`: the tests run as on a machine without PySide6."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pytest

BLOCKED = ("PySide6", "shiboken6", "pyqtgraph")
SETTINGS = ("qt_api", "qt_default_raising", "qt_log_ignore", "qt_log_level_fail", "qt_no_exception_capture")


class NoQt(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(f"{name} was imported outside the window's tests", name=name)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the place of pytest-qt, which is switched off: its settings stay known."""
    for setting in SETTINGS:
        parser.addini(setting, "unused")


def pytest_configure() -> None:
    sys.meta_path.insert(0, NoQt())
