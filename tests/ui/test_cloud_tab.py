"""From the key to a take: the AI Voices tab as a user meets it, with real workers and a service on loopback."""

from audiostudio.sound.files import read_sound
from audiostudio.ui.speech.script import LineState
from audiostudio.ui.speech.words import number
from tests.engines.elevenlabs_server import KEY
from tests.ui.services import VOICE, Agency, agency, connected, server, studio_tabs
from tests.ui.speaking import media, open_desktop, script

__all__ = ["agency", "connected", "open_desktop", "server", "studio_tabs"]


def test_from_the_key_to_a_take(agency: Agency) -> None:
    tab = agency.tab
    assert tab.shown == "account"
    assert agency.server.asked == []
    agency.enter_key()
    agency.until(lambda: tab.shown == "voices")
    agency.until(lambda: f"{number(98_800)} credits left" in tab.head.left.text())
    assert tab.connect_page.key.field.text() == ""
    assert "212" in tab.gallery.search.placeholderText()
    text = script(2)
    agency.paste(text)
    assert not tab.paying.line.isVisible()
    agency.choose(VOICE)
    agency.until(tab.paying.line.isVisible)
    sent = sum(len(line) for line in text.split("\n"))
    assert f"{sent} characters" in tab.paying.line.words.text()
    assert agency.spoken == []
    result = agency.generate()
    assert result["made"] == 2
    assert sum(map(len, agency.spoken)) == sent
    project = agency.desktop.session.project
    assert [take.text for take in project.takes] == text.split("\n")
    assert [tab._state_of(number) for number in range(2)] == [LineState.MADE] * 2
    for take in project.takes:
        sound = read_sound(media(agency.desktop, take.asset.path))
        assert sound.samples.shape[1] == take.samples
        assert abs(sound.samples).max() > 0.05
    agency.until(lambda: f"{number(98_800 - sent)} credits left" in tab.head.left.text())
    agency.until(lambda: not tab.paying.line.isVisible())
    assert KEY not in repr(project)
