"""The Voice Cloning tab: the voices one has, and the one that is being made."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.ui.cloning.page import MakerPage
from audiostudio.ui.cloning.voices.page import VoicesPage
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
        self.maker.list_wanted.connect(lambda: self.go(MINE))
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

    def make_again(self, voice: str) -> None:
        """An own voice, with more samples."""
        self.go(NEW)
        self.maker.make_again(voice)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.pages[self.shown].setFocus(reason)

    def close(self) -> bool:
        for page in self.pages.values():
            page.close()
        return super().close()

    def _show(self, name: str) -> None:
        self._stack.setCurrentWidget(self.pages[name])
        try:
            self._desk.settings[_SHOWN] = name
        except StudioError as error:
            self._desk.messages.error(error)
