"""The Music tab in a language that needs more room."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from audiostudio.music.presets import presets
from tests.ui.music.band import Band, band, open_desktop, planned, profile, studio_tabs, studio_timeline
from tests.ui.pseudo import Pseudo, cut_off, untranslated

__all__ = ["band", "open_desktop", "profile", "studio_tabs", "studio_timeline"]


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


def check(band: Band) -> None:
    page, piece = band.tab, band.tab.work.piece
    data = {"Made before", "M", "S", "C", "A minor"}
    if piece is not None:
        data |= {piece.prompt, piece.title}
    if "score" in band.page.pages:
        data |= {chip.text() for chip in band.page.score.section.chips}
    data |= {preset.prompt for preset in presets().values()}
    found = [one for one in untranslated(page, frozenset(data)) if not re.search(r" dB'$|^PanKnob: '[LR] \d+'$", one)]
    assert found == []
    band.until(lambda: cut_off(page) == [])


@pytest.mark.long
@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_every_page_speaks_every_language(pseudo: Pseudo, band: Band, size: tuple[int, int]) -> None:
    band.desktop.window.resize(*size)
    check(band)
    band.ask("Calm lo-fi at 80 bpm with piano, glorp")
    band.page.compose.fold.setChecked(True)
    check(band)
    band.page.go("versions")
    check(band)
    band.score(planned(30.0))
    check(band)
    band.tab.go("tools")
    for tool in band.tab.pages["tools"].forms:
        band.tab.pages["tools"].strip.choose(tool)
        check(band)
