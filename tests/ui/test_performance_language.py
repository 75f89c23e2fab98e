"""The performance editor in a language that nobody speaks: everything is translated, and nothing is cut off."""

from pathlib import Path

from PySide6.QtCore import Qt

from tests.ui.performing import CTRL, Hands
from tests.ui.pseudo import Pseudo, cut_off
from tests.ui.speaking import OpenDesktop, open_desktop
from tests.ui.test_script_language import check, pseudo
from tests.ui.test_takes_page import drop, takes_page, tone

__all__ = ["open_desktop", "pseudo"]


def test_the_performance_editor_speaks_every_language(
    pseudo: Pseudo, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    hands = Hands(open_desktop())
    desktop = hands.desktop
    hands.open("tone", "Amber island.", "River timber market.")
    desktop.window.resize(1280, 800)
    page, controls = hands.page, hands.page.controls
    scales = [controls.snap.itemText(row) for row in range(controls.snap.count())]
    check(desktop, page, controls.fit.text(), "Hz·í", *scales)
    hands.click(hands.on_chip(1))
    controls.automatic.setChecked(False)
    hands.key(Qt.Key.Key_Up)
    hands.key(Qt.Key.Key_Up, CTRL)
    desktop.until(lambda: controls.make.isVisible() and not cut_off(page))
    check(desktop, page, controls.fit.text(), controls.figures.text(), *scales)
    controls.fit.setFocus()
    controls.fit.selectAll()
    desktop.qtbot.keyClicks(controls.fit, "0.2")
    desktop.qtbot.keyClick(controls.fit, Qt.Key.Key_Return)
    desktop.until(lambda: controls.factor.text().endswith("í") and not cut_off(page))
    check(desktop, page, controls.fit.text(), controls.figures.text(), *scales)


def test_a_recording_says_why_it_is_not_drawn_and_leads_to_other_takes(
    pseudo: Pseudo, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    hands = Hands(open_desktop())
    desktop = hands.desktop
    desktop.choose("tone")
    desktop.paste("Amber island.")
    desktop.go_to(0)
    drop(takes_page(desktop), tone(tmp_path / "mine.wav", 1.0))
    desktop.until(lambda: desktop.session.project.takes)
    desktop.tab.deck.go("performance")
    desktop.until(lambda: hands.page._why == "recorded")
    check(desktop, hands.page.notice)
    desktop.click(hands.page.notice.button)
    desktop.until(takes_page(desktop).isVisible)
