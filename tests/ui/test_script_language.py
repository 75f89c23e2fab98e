"""The script's own screens in a language that nobody speaks: everything is translated, and nothing is cut off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.pseudo import Pseudo, cut_off, untranslated
from tests.ui.speaking import Desktop, OpenDesktop, desktop, open_desktop

__all__ = ["desktop", "open_desktop"]


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


def check(desktop: Desktop, widget: QWidget, *data: str) -> None:
    names = {voice.name for voice in desktop.tab.voices.voices} | {one.accent for one in desktop.tab.voices.voices}
    titles = {desktop.tab.voices.title(voice.id) for voice in desktop.tab.voices.voices}
    known = frozenset(names | titles | set(data))
    for _ in range(3):
        desktop.qtbot.wait(0)
    assert (untranslated(widget, known), cut_off(widget)) == ([], [])


def test_the_script_s_screens_speak_every_language(pseudo: Pseudo, open_desktop: OpenDesktop, tmp_path: Path) -> None:
    desktop = open_desktop()
    tab = desktop.tab
    desktop.choose("tone")
    desktop.paste("EMMA: The record [shout] is here.\nJACK: It is.")
    desktop.until(tab.deck.isVisible)
    tab.deck.go("cast")
    desktop.until(tab.bar.problems.isVisible)
    desktop.click(tab.voice.more)
    descriptions = {voice.description for voice in tab.voices.voices}
    check(desktop, tab, "EMMA", "JACK", tab.editor.text(), *descriptions)
    tab.editor.setFocus()
    tab.editor.select(0, 4, 10)
    desktop.until(tab.writing.bar.isVisible)
    check(desktop, tab.writing.bar)
    tab.editor.select(0, 4, 4)
    desktop.type("[")
    check(desktop, tab.editor.completion, tab.editor.completion.list.item(0).text())
    desktop.qtbot.keyClick(tab.editor, Qt.Key.Key_Escape)

    tab.pronouncer.show_dictionary("record")
    dictionary = tab.pronouncer.dictionary
    desktop.qtbot.keyClicks(dictionary.spoken, "rekkord")
    check(desktop, dictionary)
    dictionary.reject()

    tab.pronouncer.show_word(1, 0, 2)
    differently = tab.pronouncer.dialog
    desktop.until(lambda: differently.list.count())
    differently.list.setCurrentRow(0)
    check(desktop, differently, "“It”")
    differently.reject()

    file = tmp_path / "play.md"
    file.write_text("# One\n\nANNA: Hello.\n\n```\ncode\n```\n\n# Two\n\nANNA: Bye.\n", encoding="utf-8")
    tab.importing.ask([file])
    desktop.until(lambda: tab.importing.dialog.go.isEnabled())
    check(desktop, tab.importing.dialog)
    tab.importing.dialog.reject()
