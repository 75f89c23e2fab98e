"""A small window with the inspector open: nothing lies over anything else, nothing is cut off at the edge."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from audiostudio.errors import StudioError
from audiostudio.ui.desk import Desk, OpenProject
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.speaking import Desktop, desktop, open_desktop
from tests.ui.timelines import Hand, clip

__all__ = ["desktop", "open_desktop"]


@pytest.fixture
def studio_timeline() -> Callable[[Desk, OpenProject], QWidget]:
    return TimelinePanel


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize(("width", "height", "voices"), [(960, 600, False), (1280, 800, True)])
def test_voices_and_buttons_give_way_and_come_back(desktop: Desktop, width: int, height: int, voices: bool) -> None:
    window, tab = desktop.window, desktop.tab
    hand = Hand(window)
    hand.put(one=[clip("a", 1, 3)], two=[])
    window.resize(1600, 900)
    desktop.until(lambda: window.width() == 1600 and tab.splitter.widget(1).isVisible())
    hand.work.select([hand.find("a").id])
    hand.panel.inspector.follow()
    desktop.until(window.inspector_dock.isVisible)
    window.resize(width, height)
    desktop.until(lambda: tab.splitter.widget(1).isVisible() == voices)
    least = window.minimumSizeHint()
    assert (least.width() <= width, least.height() <= height) == (True, True)
    inside = window.rect()
    bar = hand.panel.bar
    for widget in (hand.panel.master, bar.fold, bar.more, bar.play, window.inspector_dock, tab.bar.generate):
        assert widget.isVisible(), widget
        assert inside.contains(place(widget, window)), widget
    assert not place(window.inspector_dock, window).intersects(place(tab, window))
    assert bar.zoom.isVisible() == (width > 1000)
    assert len(tab.splitter.drawn()) == 2
    assert all(tab.splitter.drawn())  # what is remembered of it
    hand.work.select(())
    hand.panel.inspector.follow()
    window.resize(1600, 900)
    desktop.until(lambda: window.width() == 1600 and tab.splitter.widget(1).isVisible())
    script, side = tab.splitter.sizes()
    assert script > side >= 376


@pytest.mark.parametrize("height", [720, 900])
def test_messages_leave_the_master_and_the_strip_in_sight(desktop: Desktop, height: int) -> None:
    window = desktop.window
    window.resize(1280, height)
    hand = Hand(window)
    desktop.until(lambda: hand.panel.invitation.isVisible() and window.height() == height)
    window.messages.error(StudioError("The disk is full.", "Free some space."))
    assert not place(window.message_area, window).intersects(place(hand.panel.invitation, window))
    hand.put(one=[clip("a", 1, 3)])
    desktop.until(hand.panel.master.isVisible)
    desktop.until(lambda: not place(window.message_area, window).intersects(place(hand.panel.master, window)))
    assert window.rect().contains(place(window.message_area, window))
    hand.panel.toggle_fold()
    desktop.until(lambda: not place(window.message_area, window).intersects(place(hand.panel, window)))


def test_the_buttons_below_the_script_are_whole_in_the_narrowest_column(desktop: Desktop) -> None:
    window, bar = desktop.window, desktop.tab.bar
    desktop.paste("One line.\n[nonsense Another.\n")
    window.resize(1280, 800)
    desktop.tab.splitter.setSizes([0, 2000])
    for problems, ears in ((0, 0), (3, 12)):
        bar.show_problems(problems)
        bar.show_ears(ears)
        desktop.until(lambda: bar.preview.width() >= bar.preview.sizeHint().width())
        assert bar.generate.width() >= bar.generate.sizeHint().width()
        assert bar.rect().contains(bar.generate.geometry())
