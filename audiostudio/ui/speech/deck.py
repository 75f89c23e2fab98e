"""What lies below the script: the voiceover, and pages about the line that the caret is in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.timeline.project import Line
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import SegmentedControl, Separator

LEAST = 300
"""Logical pixels: more a page has to have in no window. One with a sentence to wrap asks for much more, as though it
were narrow."""


class LinePage(Protocol):
    """A page about one line: a `QWidget` that has this too."""

    def show_line(self, line: Line | None) -> None:
        """The line that the caret is in, again after each change of the project; None: there is none.

        Called only while the page is shown, with every keystroke: cheap when nothing changed.
        """
        ...

    def close(self) -> bool:
        """Let go of the project."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    create: Callable[[], QWidget]
    """Called when the page is first shown."""


class PageStack(QStackedWidget):
    """As high as the page that is shown wants to be, not as the highest."""

    def sizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.sizeHint() if page is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        least = page.minimumSizeHint().expandedTo(page.minimumSize()) if page is not None else QSize()
        return QSize(0, min(least.height(), LEAST))

    def hasHeightForWidth(self) -> bool:
        return False  # Qt would ask all of the pages


class Deck(QWidget):
    """One of several pages; the first is shown first. With a single page there is nothing to choose."""

    changed = Signal(str)
    """The key of the page that is shown now."""

    def __init__(self, pages: Mapping[str, Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources = dict(pages)
        self._pages: dict[str, QWidget] = {}
        self._line: Line | None = None
        self._stack = PageStack(self)
        self.strip = SegmentedControl([(key, page.title) for key, page in pages.items()], self, self.tr("Show"))
        self.strip.setVisible(len(pages) > 1)
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        head.addWidget(self.strip)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Separator(parent=self))
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self._enter(self.strip.value())
        self.strip.changed.connect(self._enter)

    @property
    def shown(self) -> str:
        """The key of the page that is shown."""
        return self.strip.value()

    def go(self, key: str) -> None:
        """Show a page."""
        self.strip.choose(key)

    def page(self, key: str) -> QWidget | None:
        """None until it was first shown."""
        return self._pages.get(key)

    def show_line(self, line: Line | None) -> None:
        """What the page that is shown is about."""
        self._line = line
        page = self._stack.currentWidget()
        if hasattr(page, "show_line"):
            page.show_line(line)

    def close(self) -> bool:
        for page in self._pages.values():
            page.close()
        return super().close()

    def _enter(self, key: str) -> None:
        if key not in self._pages:
            self._pages[key] = self._sources[key].create()
            self._stack.addWidget(self._pages[key])
        self._stack.setCurrentWidget(self._pages[key])
        self._stack.updateGeometry()
        self.show_line(self._line)
        self.changed.emit(key)
