"""What the first window looks like, where messages stand, and what a new project is called."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QLabel, QWidget

from audiostudio.errors import DiskFull
from audiostudio.timeline import edits
from audiostudio.ui.desk import Desk
from audiostudio.ui.main_window import first_size
from tests.ui.conftest import OpenWindow


def shelf(_desk: Desk) -> QWidget:
    return QLabel("Shelf")


def test_a_screen_of_1600_pixels_gets_a_window_that_shows_the_library(open_window: OpenWindow) -> None:
    assert first_size(QSize(1600, 900), QSize(960, 600)) == QSize(1600, 828)
    assert first_size(QSize(2560, 1440), QSize(960, 600)) == QSize(1600, 960)
    assert first_size(QSize(800, 500), QSize(960, 600)) == QSize(960, 600)
    window = open_window(shelf)
    window.resize(first_size(QSize(1600, 900), window.minimumSize()))
    assert not window.library.folded
    window.resize(first_size(QSize(1366, 768), window.minimumSize()))
    assert window.library.folded


def test_messages_stand_in_the_lower_right_corner_and_leave_the_rest_in_sight(open_window: OpenWindow) -> None:
    window = open_window()
    for size in (QSize(960, 600), QSize(1280, 720), QSize(2560, 1440)):
        window.resize(size)
        window.messages.error(DiskFull("The disk is full.", "Free some space."))
        area = QRect(window.message_area.pos(), window.message_area.size())
        assert area.right() < window.width()
        assert area.bottom() < window.height()
        assert area.left() > window.width() - 400


def test_a_new_project_is_called_as_its_folder_is(open_window: OpenWindow) -> None:
    window = open_window()
    first = window.project_desk.session.path
    window.project_desk.session.edit("Type", lambda project: edits.set_text(project, "Some words."))
    window.project_desk.create()
    session = window.project_desk.session
    assert session.path != first
    assert session.project.name == session.path.name == "Untitled 2"
    assert window.windowTitle().startswith("Untitled 2 ")
