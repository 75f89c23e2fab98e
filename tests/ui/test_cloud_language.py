"""The AI Voices tab in a language that needs more room."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from audiostudio.ui.cloud.server_dialog import ServerDialog
from tests.ui.pseudo import Pseudo, cut_off, untranslated
from tests.ui.services import VOICE, Agency, agency, connected, server, studio_tabs
from tests.ui.speaking import open_desktop, script

__all__ = ["agency", "connected", "open_desktop", "server", "studio_tabs"]


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


def check(agency: Agency) -> None:
    tab = agency.tab
    voices = tab.voices.voices
    words = {word for voice in voices for word in (voice.name, voice.accent, voice.description, voice.language)}
    engines = {engine.title for engine in tab.voices.engines.values()}
    data = frozenset(words | engines | {tab.editor.text(), *tab.editor.text().split("\n")})
    assert untranslated(tab, data) == []
    agency.until(lambda: cut_off(tab) == [])


@pytest.mark.long
@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_every_page_speaks_every_language(pseudo: Pseudo, agency: Agency, size: tuple[int, int]) -> None:
    agency.desktop.window.resize(*size)
    check(agency)
    agency.tab.connect_page.provider.choose("server")
    check(agency)
    agency.tab.connect_page.provider.choose("key")
    agency.connect()
    agency.paste(script(2))
    agency.choose(VOICE)
    agency.until(agency.tab.paying.line.isVisible)
    check(agency)
    for name in ("design", "effects", "history"):
        agency.tab.go(name)
        agency.until(lambda name=name: not agency.tab.pages[name].task.busy)
        check(agency)
    agency.tab.go("account")
    check(agency)
    dialog = ServerDialog(parent=agency.tab)
    dialog.show()
    agency.desktop.qtbot.wait(0)
    assert cut_off(dialog) == []
    dialog.close()
    dialog.deleteLater()
