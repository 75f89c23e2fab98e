"""The Voice Cloning tab: the voices one has, and the one that is being made."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.ui.cloning.page import MakerPage
from audiostudio.ui.cloning.voices.page import VoicesPage
from audiostudio.ui.commands import Command
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import SegmentedControl, Separator

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk, OpenProject

MINE, NEW = "mine", "new"
_SHOWN = "cloning.page"


class CloningTab(QWidget):
    """Two pages. `close()` ends them."""

    def __init__(self, desk: "Desk", project: "OpenProject") -> None:
        super().__init__()
        self._desk = desk
        self._closed = False
        self.strip = SegmentedControl(
            ((MINE, self.tr("My voices")), (NEW, self.tr("New voice"))), self, self.tr("Show")
        )
        self.voices = VoicesPage(desk, project)
        self.maker = MakerPage(desk, project)
        self._stack = QStackedWidget(self)
        self.pages: dict[str, QWidget] = {MINE: self.voices, NEW: self.maker}
        for page in self.pages.values():
            self._stack.addWidget(page)
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        head.addWidget(self.strip)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Separator(parent=self))
        column.addWidget(self._stack, 1)
        self.strip.changed.connect(self._show)
        self.voices.make_new.connect(self.make_new)
        self.voices.make_again.connect(self.make_again)
        self.maker.list_wanted.connect(self.show_voice)
        desk.commands.add(*self._commands())
        known = bool(desk.studio.voices.voices())
        self.go(desk.settings.get(_SHOWN) or (MINE if known else NEW))

    @property
    def shown(self) -> str:
        """The key of the page that is shown."""
        return self.strip.value()

    def go(self, name: str) -> None:
        self.strip.choose(name if name in self.pages else NEW)
        self._stack.setCurrentWidget(self.pages[self.strip.value()])

    def make_new(self) -> None:
        self.go(NEW)
        self.maker.make_new()

    def show_voice(self, voice: str) -> None:
        """Among one's own voices."""
        self.go(MINE)
        self.voices.show_voice(voice)

    def make_again(self, voice: str) -> None:
        """An own voice, with more samples."""
        self.go(NEW)
        self.maker.make_again(voice)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.pages[self.shown].setFocus(reason)

    def close(self) -> bool:
        if not self._closed:
            self._closed = True
            self._desk.commands.remove(*(command.name for command in self._commands()))
        for page in self.pages.values():
            page.close()
        return super().close()

    def _commands(self) -> tuple[Command, ...]:
        def here(do: Callable[[], object]) -> Callable[[], None]:
            def run() -> None:
                self._desk.commands.run("view.tab.cloning")
                do()

            return run

        group = self.tr("Voice Cloning")
        return (
            Command("cloning.mine", self.tr("My voices"), here(lambda: self.go(MINE)), group, icon="users"),
            Command("cloning.new", self.tr("New voice"), here(self.make_new), group, icon="plus"),
            Command("cloning.record", self.tr("Record samples of a voice…"), here(self._record), group, icon="mic"),
        )

    def _record(self) -> None:
        self.go(NEW)
        self.maker.go("samples")
        self.maker.recording.samples()

    def _show(self, name: str) -> None:
        self._stack.setCurrentWidget(self.pages[name])
        try:
            self._desk.settings[_SHOWN] = name
        except StudioError as error:
            self._desk.messages.error(error)
