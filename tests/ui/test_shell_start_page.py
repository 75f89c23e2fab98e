"""From the start page into a project that is open already."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.conftest import OpenWindow


def test_a_newcomer_s_first_click_shows_the_untouched_project_with_its_timeline(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(timeline=TimelinePanel)
    session, before = window.project_desk.session, window.timeline_dock.panel
    window.show_start()
    qtbot.mouseClick(window.start_page.voiceover, Qt.MouseButton.LeftButton)
    panel = window.timeline_dock.panel
    assert isinstance(panel, TimelinePanel)
    assert panel is not before
    assert panel.work.session is session is window.project_desk.session
    assert window.centre.currentWidget() is not window.start_page
    assert not window.commands.enabled("export.mix")
    assert window._bug is None
