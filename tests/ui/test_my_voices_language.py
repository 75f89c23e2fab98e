"""“My voices” in a language that needs more room."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from audiostudio.ui.cloning.voices import VoicesPage
from audiostudio.ui.cloning.voices.share_dialog import ShareDialog
from audiostudio.ui.desk import Tab
from audiostudio.ui.speech import SpeechTab
from tests.ui.own_voices import make_voice
from tests.ui.pseudo import Pseudo, cut_off, untranslated
from tests.ui.speaking import Desktop, OpenDesktop, open_desktop

__all__ = ["open_desktop"]


@pytest.fixture
def studio_tabs() -> tuple[Tab, ...]:
    return (
        Tab("speech", "Text to Speech", "speech", SpeechTab),
        Tab("cloning", "Voice Cloning", "user-round", VoicesPage),
    )


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


def check(desktop: Desktop, root: QWidget, page: VoicesPage) -> None:
    data = {"Maya", "Giorgi", "Take 1.wav", "Take 2.wav", *"ABC", "warm", "My videos", "Tone"}
    data |= {f"GPL-3.0-or-later AND {licence}" for licence in ("CPML", "CC0-1.0")}
    for kept in page.shelf.voices:
        consent = kept.voice.consent
        data |= {consent.statement, consent.heard}
    desktop.until(lambda: cut_off(root) == [])
    assert untranslated(root, frozenset(data)) == []


@pytest.mark.long
@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_my_voices_speak_every_language(pseudo: Pseudo, open_desktop: OpenDesktop, size: tuple[int, int]) -> None:
    desktop = open_desktop()
    desktop.window.resize(*size)
    desktop.window.show_tab("cloning")
    desktop.until(lambda: isinstance(desktop.window.tabs.page("cloning"), VoicesPage))
    page = desktop.window.tabs.page("cloning")
    check(desktop, page, page)
    make_voice(desktop.studio, "Maya", "clone", False, slot="A", tags=("warm",))
    make_voice(desktop.studio, "Giorgi", commercial=True, kept_samples=False)
    desktop.until(lambda: len(page.tiles.ids) == 2)
    for kept in page.shelf.voices:
        page.show_voice(kept.voice.id)
        check(desktop, page, page)
    dialog = ShareDialog(page.shelf.voices[0], page.shelf, page)
    dialog.show()
    desktop.qtbot.wait(0)
    assert cut_off(dialog) == []
    assert all("·" in label.text() for label in dialog.findChildren(QLabel))
    dialog.close()
    dialog.deleteLater()
    desktop.studio.voices.throw_away(page.shelf.voices[0].voice.id)
    desktop.until(page.bin.isVisible)
    desktop.click(page.bin)
    check(desktop, page, page)
