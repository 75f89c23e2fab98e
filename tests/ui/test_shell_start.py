"""What keeps the window from opening is said."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from audiostudio.app import Services
from audiostudio.errors import StorageError
from audiostudio.profile import Profile
from audiostudio.ui.application import run


def test_a_profile_that_is_a_file_is_said_before_anything_is_written(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a folder")
    said: list[str] = []

    def read() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            said.append(f"{box.text()} {box.informativeText()}")
            box.accept()
            asking.stop()

    asking = QTimer()
    asking.timeout.connect(read)
    asking.start(10)
    assert run(lambda: Services(Profile(file))) == StorageError.exit_code
    assert "is a file, not a folder" in said[0]
    assert file.read_text() == "not a folder"


def test_services_are_not_made_in_an_unusable_profile(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="is a file"):
        Services(Profile(tmp_path / "file"))
    with pytest.raises(StorageError):
        Services(Profile(tmp_path / "file" / "within"))


@pytest.mark.long
def test_the_first_picture_waits_for_no_database() -> None:
    """What of the window is built before it is painted is imported before, too."""
    code = (
        "import sys, audiostudio.app, audiostudio.ui.application, audiostudio.ui.timeline.panel;"
        "print(sorted({'sqlalchemy', 'alembic', 'asyncio', 'num2words'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
