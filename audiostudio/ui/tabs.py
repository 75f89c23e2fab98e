"""The studio tabs in the window's centre."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from audiostudio.ui import icons
from audiostudio.ui.desk import Desk, HasLines, OpenProject, Tab
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Separator

_NEXT = 1
"""Milliseconds until the next step: with 0 it would come before what the user did meanwhile."""


class StudioTabs(QWidget):
    """A strip of tabs above the one that is shown. A tab is made when it is first shown, in steps between which the
    window can be used."""

    def __init__(self, tabs: Sequence[Tab], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = tuple(tabs)
        self._pages: dict[str, QWidget] = {}
        self._made: dict[str, QWidget] = {}
        """Made, but not laid into the window yet."""
        self._wanted: dict[str, Callable[[QWidget], object]] = {}
        """What is to be done with tabs as soon as they are there."""
        self._focus_wanted = False
        """The keyboard goes to the tab as soon as there is one."""
        self._desk: Desk | None = None
        self._project: OpenProject | None = None
        self._painted = False
        self.strip = QTabBar(self)
        self.strip.setExpanding(False)
        self.strip.setDrawBase(False)
        self.strip.setIconSize(QSize(16, 16))
        self.strip.setAccessibleName(self.tr("Studio"))
        for number, tab in enumerate(self._tabs, 1):
            self.strip.addTab(tab.title)
            key = QKeySequence(f"Ctrl+{number}").toString(QKeySequence.SequenceFormat.NativeText)
            self.strip.setTabToolTip(number - 1, f"{tab.title}  {key}")
        self._stack = QStackedWidget(self)
        head = QHBoxLayout()
        head.setContentsMargins(GRID, 0, GRID, 0)
        head.addWidget(self.strip)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Separator(parent=self))
        column.addWidget(self._stack, 1)
        self.strip.currentChanged.connect(self._show)
        self._tint()

    @property
    def current(self) -> str:
        return self._tabs[self.strip.currentIndex()].name

    def page(self, name: str) -> QWidget | None:
        """The tab's widget; None until it was first shown."""
        return self._pages.get(name)

    def go(self, name: str) -> None:
        names = [tab.name for tab in self._tabs]
        if name in names:
            self.strip.setCurrentIndex(names.index(name))

    def with_page(self, name: str, do: Callable[[QWidget], object]) -> None:
        """Go to a tab and do something with it, as soon as it is there."""
        self.go(name)
        if name in self._pages:
            do(self._pages[name])
        else:
            self._wanted[name] = do

    def open(self, desk: Desk, project: OpenProject) -> None:
        """Another project: all tabs anew."""
        self.close_pages()
        self._desk, self._project = desk, project
        if self._painted:
            self._enter()

    def light_word(self, word: tuple[str, int, str] | None) -> None:
        """See `HasLines.light_word`."""
        for page in self._pages.values():
            if isinstance(page, HasLines):
                page.light_word(word)

    def focus(self) -> None:
        """The keyboard goes to the tab that is shown, where its work begins."""
        page = self._pages.get(self.current)
        self._focus_wanted = page is None
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_pages(self) -> None:
        for page in (*self._pages.values(), *self._made.values()):
            self._stack.removeWidget(page)
            page.close()
            page.deleteLater()
        self._pages, self._made, self._wanted = {}, {}, {}
        self._project = None  # nor is one made that was about to be

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tab may take its time: the window is painted first."""
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._enter)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _enter(self) -> None:
        self._show(self.strip.currentIndex())
        self.focus()

    def _show(self, index: int) -> None:
        if self._desk is None or self._project is None or index < 0:
            return
        tab = self._tabs[index]
        if tab.name in self._pages:
            self._stack.setCurrentWidget(self._pages[tab.name])
        elif tab.name not in self._made:
            project = self._project
            QTimer.singleShot(_NEXT, self, lambda: self._make(tab, project))
        self._tint()

    def _make(self, tab: Tab, project: OpenProject) -> None:
        if self._desk is None or project is not self._project or tab.name in self._pages or tab.name in self._made:
            return
        self._made[tab.name] = tab.create(self._desk, project)
        QTimer.singleShot(_NEXT, self, lambda: self._lay_in(tab.name))

    def _lay_in(self, name: str) -> None:
        """What is polished and laid out now took as long as the making."""
        if name not in self._made:
            return
        page = self._pages[name] = self._made.pop(name)
        self._stack.addWidget(page)
        if name == self.current:
            self._stack.setCurrentWidget(page)
            if self._focus_wanted:
                self.focus()
        if name in self._wanted:
            self._wanted.pop(name)(page)

    def _tint(self) -> None:
        for index, tab in enumerate(self._tabs):
            here = index == self.strip.currentIndex()
            self.strip.setTabIcon(index, icons.icon(tab.icon, "accent_text" if here else "text_muted"))
