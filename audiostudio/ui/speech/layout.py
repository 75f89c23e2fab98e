"""Where the parts of the tab lie."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Separator, Splitter

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab


def lay_out(tab: "SpeechTab", line_above_deck: Separator) -> Splitter:
    """Script, bar and deck on the left, voices on the right. Gives the splitter between them."""
    tab.result.tools.addWidget(tab.save)
    splitter = Splitter(Qt.Orientation.Horizontal, tab)  # parents first: what moves is dressed anew with all its parts
    row = QHBoxLayout(tab)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(splitter)
    left, right = QWidget(splitter), tab.side(splitter)
    writing = QVBoxLayout(left)
    writing.setContentsMargins(0, 0, 0, 0)
    writing.setSpacing(0)
    writing.addWidget(tab.editor, 1)
    for widget in (Separator(parent=left), tab.bar, tab.paying.line, line_above_deck, tab.deck):
        writing.addWidget(widget)
    left.setMinimumWidth(420)
    right.setMinimumWidth(376)
    splitter.setStretchFactor(0, 3)
    splitter.setStretchFactor(1, 1)
    tab.setFocusProxy(tab.editor)
    QWidget.setTabOrder(tab.result.loop, tab.save)
    return splitter


def voices_side(tab: "SpeechTab", parent: QWidget) -> QWidget:
    """The chosen voice above the gallery."""
    right = QWidget(parent)
    side = QVBoxLayout(right)
    side.setContentsMargins(2 * GRID, 2 * GRID, GRID, 0)
    side.setSpacing(2 * GRID)
    side.addWidget(tab.voice)
    side.addWidget(Separator(parent=right))
    side.addWidget(tab.gallery, 1)
    return right
