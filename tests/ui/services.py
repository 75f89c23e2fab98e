"""The AI Voices tab in tests: the real window and workers, and a service on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.ui.cloud.tab import CloudTab
from audiostudio.ui.desk import Tab
from audiostudio.ui.speech import SpeechTab
from audiostudio.ui.widgets import AskDialog
from tests.engines.elevenlabs_server import GEORGE, KEY, ElevenLabsServer
from tests.ui.speaking import Desktop, OpenDesktop

VOICE = f"elevenlabs/{GEORGE}"


@dataclass
class Agency:
    """A window that shows its AI Voices tab, and the service."""

    desktop: Desktop
    server: ElevenLabsServer

    @property
    def tab(self) -> CloudTab:
        page = self.desktop.window.tabs.page("cloud")
        assert isinstance(page, CloudTab)
        return page

    @property
    def spoken(self) -> list[str]:
        """The texts that were sent to be spoken."""
        return [asked.body["text"] for asked in self.server.asked if "/text-to-speech/" in asked.path]

    def until(self, condition: object) -> None:
        self.desktop.until(condition)  # type: ignore[arg-type]

    def click(self, widget: QWidget) -> None:
        self.desktop.click(widget)

    def enter_key(self, key: str = KEY) -> None:
        form = self.tab.connect_page.key
        form.field.setFocus()
        form.field.setText("")
        self.desktop.qtbot.keyClicks(form.field, key)
        self.click(form.check)

    def connect(self) -> None:
        self.enter_key()
        self.until(lambda: self.tab.shown == "voices" and self.tab.services.able("history"))
        self.server.asked.clear()

    def choose(self, voice: str) -> None:
        card = self.tab.gallery.reveal(voice)
        assert card is not None
        self.click(card)
        assert self.tab.casting.choice.voice == voice

    def paste(self, text: str) -> None:
        self.tab.editor.setFocus()
        QApplication.clipboard().setText(text)
        self.tab.editor.paste()

    def generate(self) -> dict:
        ended: list = []
        self.tab.generation.ended.connect(ended.append)
        self.until(self.tab.bar.generate.isEnabled)
        self.click(self.tab.bar.generate)
        self.until(lambda: ended)
        self.tab.generation.ended.disconnect(ended.append)
        return ended[0].result


@contextmanager
def answering(yes: bool) -> Iterator[list[str]]:
    """Presses yes or no in the next questions; what they said."""
    said: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, AskDialog):
            said.append(" ".join(label.text() for label in dialog.findChildren(QLabel)))
            (dialog.agree if yes else dialog.refuse).click()

    timer = QTimer()
    timer.setInterval(20)
    timer.timeout.connect(look)
    timer.start()
    yield said
    timer.stop()


@pytest.fixture
def studio_tabs() -> tuple[Tab, ...]:
    return (
        Tab("speech", "Text to Speech", "speech", SpeechTab),
        Tab("cloud", "AI Voices", "mic-vocal", CloudTab),
    )


@pytest.fixture
def server(profile: Profile) -> Iterator[ElevenLabsServer]:
    with ElevenLabsServer() as running:
        studio = Studio(profile)
        studio.accounts.services.set_address("elevenlabs", running.address)
        studio.close()
        yield running


@pytest.fixture
def agency(open_desktop: OpenDesktop, server: ElevenLabsServer) -> Agency:
    """Nothing connected yet; the script's voice is the weightless one."""
    desktop = open_desktop()
    desktop.choose("tone")
    desktop.window.show_tab("cloud")
    made = Agency(desktop, server)
    made.until(lambda: desktop.window.tabs.page("cloud") is not None)
    return made


@pytest.fixture
def connected(agency: Agency) -> Agency:
    agency.connect()
    return agency
