"""A server of the user's own: added in the window, tested, heard, changed, removed."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from audiostudio.ui.cloud.server_dialog import ServerDialog
from tests.engines.openai_server import VOICES, OpenAIServer
from tests.ui.services import Agency, agency, answering, server, studio_tabs
from tests.ui.speaking import open_desktop, script

__all__ = ["agency", "open_desktop", "server", "studio_tabs"]


def filling(fill: Callable[[ServerDialog], None]) -> QTimer:
    """Fills in the dialog that opens next."""
    timer = QTimer()
    timer.setInterval(20)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, ServerDialog):
            timer.stop()
            fill(dialog)
            dialog.agree.click()

    timer.timeout.connect(look)
    timer.start()
    return timer


def add(agency: Agency, address: str, key: str = "", voices: str = "") -> str:
    """The name of its engine."""
    page = agency.tab.connect_page
    agency.click(page.provider.button("server"))

    def fill(dialog: ServerDialog) -> None:
        dialog.name.setText("Kitchen")
        dialog.address.setText(address)
        dialog.secret.setText(key)
        dialog.voices.setText(voices)

    timer = filling(fill)
    agency.click(page.add)
    assert not timer.isActive()
    agency.until(lambda: page.rows)
    (name,) = page.rows
    agency.until(lambda: not page.rows[name].task.busy)
    return name


@pytest.mark.long
@pytest.mark.parametrize("key", ["", "a-secret"])
def test_a_server_speaks_the_script(agency: Agency, key: str) -> None:
    with OpenAIServer(key=key) as kitchen:
        name = add(agency, f"{kitchen.address}/v1", key)
        row = agency.tab.connect_page.rows[name]
        agency.until(lambda: row.about.text() == f"{len(VOICES)} voices")
        assert row.task.error is None
        agency.tab.go("voices")
        assert not agency.tab.strip.isVisible()
        text = script(2)
        agency.paste(text)
        agency.choose(f"{name}/alloy")
        agency.until(lambda: "does not say what it costs" in agency.tab.paying.line.words.text())
        assert agency.generate()["made"] == 2
        assert sorted(one.body["input"] for one in kitchen.asked_for("/audio/speech")) == sorted(text.split("\n"))
        assert len(agency.desktop.session.project.takes) == 2
        assert agency.server.asked == []
        agency.click(agency.tab.head.account)
        with answering(yes=True):
            agency.click(row.remove)
        agency.until(lambda: name not in agency.tab.connect_page.rows)
        agency.until(lambda: agency.tab.gallery.grid._places == [])


def test_a_key_that_a_server_refuses_is_a_sentence(agency: Agency) -> None:
    with OpenAIServer(key="a-secret") as kitchen:
        name = add(agency, f"{kitchen.address}/v1", "another")
        row = agency.tab.connect_page.rows[name]
        assert row.task.error is not None
        assert "does not accept the key" in row.task.words.text()


def test_voices_that_a_server_does_not_list_are_typed_in(agency: Agency) -> None:
    with OpenAIServer(lists_voices=False) as kitchen:
        name = add(agency, f"{kitchen.address}/v1", voices="alloy, voice: deep")
        row = agency.tab.connect_page.rows[name]
        agency.until(lambda: row.about.text() == "2 voices")
        assert row.task.error is None
        agency.tab.go("voices")
        assert {voice.name for voice, _ in agency.tab.gallery.grid._places} >= {"alloy", "voice: deep"}


def test_an_address_that_is_none_or_open_is_told(agency: Agency) -> None:
    dialog = ServerDialog(parent=agency.tab)
    dialog.show()
    dialog.agree.click()
    assert "needs a name" in dialog.warning.text()
    dialog.name.setText("Kitchen")
    dialog.address.setText("kitchen")
    dialog.agree.click()
    assert "not the address of a server" in dialog.warning.text()
    assert dialog.isVisible()
    dialog.address.setText("http://speech.example.com/v1")
    assert "not encrypted" in dialog.warning.text()
    dialog.address.setText("http://127.0.0.1:8880/v1")
    assert dialog.warning.isHidden()
    dialog.close()
    dialog.deleteLater()
