"""How the script and the deck below it share the height of a small window."""

import pytest

from audiostudio.ui.speech.layout import SCRIPT_ROWS
from tests.ui.speaking import Desktop, OpenDesktop, desktop, open_desktop, script

__all__ = ["desktop", "open_desktop"]

PAGES = ("voiceover", "performance", "takes", "cast")


@pytest.fixture
def small(desktop: Desktop) -> Desktop:
    desktop.window.resize(1280, 800)
    desktop.paste("\n".join(["Word."] * 40))
    desktop.until(desktop.tab.deck.isVisible)
    desktop.go_to(0)
    desktop.tab.editor.verticalScrollBar().setValue(0)
    return desktop


def rows(desktop: Desktop) -> int:
    """Lines that can be seen whole."""
    editor = desktop.tab.editor
    return sum(box.bottom() <= editor.viewport().height() + 4 for _, box in editor.visible_blocks())


def test_eight_lines_stay_in_sight_whatever_the_deck_shows(small: Desktop) -> None:
    for page in PAGES:
        small.tab.deck.go(page)
        small.until(lambda: rows(small) >= SCRIPT_ROWS)
        assert small.tab.deck.page(page).isVisible()


def test_each_page_keeps_the_height_that_it_was_given(small: Desktop, open_desktop: OpenDesktop) -> None:
    tab = small.tab
    tab.deck.go("takes")
    split = tab.script_and_deck
    small.until(lambda: tab.deck.height() > 300)
    before = tab.deck.height()
    split.handle(1).moveSplitter(split.sizes()[0] + 60)
    drawn = tab.deck.height()
    assert drawn < before
    tab.deck.go("cast")
    assert tab.deck.height() != drawn
    tab.deck.go("takes")
    assert tab.deck.height() == drawn
    again = open_desktop()
    again.window.resize(1280, 800)
    again.paste(script(2))
    again.until(again.tab.deck.isVisible)
    again.tab.deck.go("takes")
    again.until(lambda: again.tab.deck.height() == drawn)
