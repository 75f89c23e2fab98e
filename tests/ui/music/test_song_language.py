"""The Song page in a language that needs more room."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from audiostudio.music.song import SlotVoice, Writing
from audiostudio.ui.music.song.melody_bar import MelodyBar
from audiostudio.ui.music.song.page import SongPage
from audiostudio.ui.music.song.roll.stage import GRIDS
from tests.ui.music.band import Band, band, open_desktop, profile, studio_tabs, studio_timeline
from tests.ui.pseudo import Pseudo, cut_off, untranslated

__all__ = ["band", "open_desktop", "profile", "studio_tabs", "studio_timeline"]


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


@pytest.mark.long
@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_every_view_speaks_every_language(pseudo: Pseudo, band: Band, size: tuple[int, int]) -> None:
    band.desktop.window.resize(*size)
    band.tab.go("song")
    page = band.tab.pages["song"]
    assert isinstance(page, SongPage)

    def check() -> None:
        band.until(lambda: cut_off(page) == [])
        data = {name for name, _ in GRIDS} | {
            "Rain",
            "Heart (instant)",
            "calm pop",
            "Composing the melody",
            "C",
            "A",
            "B",
        }
        bar = page.findChild(MelodyBar)
        assert bar is not None
        data |= {bar.told.text()} if page.melody.canvas.chosen else set()
        found = [one for one in untranslated(page, frozenset(data)) if "[Verse" not in one]
        assert found == []

    check()
    voices = (SlotVoice("A", "hibari_heart"),)
    band.tab.work.begin(Writing.CUSTOM, title="Rain", lyrics="A: Carry me home", prompt="calm pop", voices=voices)
    page.write.lyrics.rhyme.setChecked(True)
    check()
    page.write.lyrics.mode.choose(Writing.AUTO)
    check()
    page.write.lyrics.mode.choose(Writing.INSTRUMENTAL)
    check()
    page.write.lyrics.mode.choose(Writing.CUSTOM)
    page.go("melody")
    check()
    page.melody.compose()
    band.until(lambda: page.melody.canvas.parts)
    check()
    for view in ("karaoke", "words"):
        page.go(view)
        check()
