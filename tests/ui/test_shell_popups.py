"""Popups have round corners without a compositor too; what was undone is no longer said."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from audiostudio.timeline import edits
from audiostudio.ui.palette import CommandPalette
from tests.ui.conftest import OpenWindow
from tests.ui.speaking import Desktop, desktop, open_desktop, sentence

__all__ = ["desktop", "open_desktop"]


def test_corners_of_popups_are_cut_off(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    palette = CommandPalette(window.commands, window)
    palette.show()
    window.top_bar.menu.popup(window.mapToGlobal(QPoint(16, 44)))
    popups: list[QWidget] = [palette, window.top_bar.menu]
    for popup in popups:
        assert popup.mask().contains(popup.rect().center())
        corners = (popup.rect().topLeft(), popup.rect().topRight(), popup.rect().bottomLeft())
        assert not any(popup.mask().contains(corner) for corner in corners)
    window.top_bar.menu.close()
    palette.close()


def test_what_was_undone_is_no_longer_said(desktop: Desktop) -> None:
    desktop.choose("tone")
    desktop.paste(sentence())
    desktop.generate()
    desktop.tab.deck.go("takes")
    page = desktop.tab.deck.page("takes")
    page.put_in_bin(page.rows[0].take)
    assert "The take is in the bin." in desktop.toasts()
    desktop.window.messages.say("Something else.")
    desktop.window.commands.run("edit.undo")
    desktop.until(lambda: desktop.toasts() == ["Something else."])
    assert not any(take.removed for take in desktop.session.project.takes)
    line = desktop.session.project.script.lines[0].id
    desktop.tab.edit("Other words", lambda project: edits.set_line_text(project, line, "Other words."))
    assert desktop.toasts() == ["Something else."]
