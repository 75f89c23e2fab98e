import pytest
from PySide6.QtWidgets import QApplication

from tests.render.mixing import Bench


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> QApplication:
    """What paints finds the application of the window's tests, and makes none of its own in their process."""
    return qapp


@pytest.fixture
def bench(tmp_path) -> Bench:
    return Bench(tmp_path)
