"""What the pages of a service have in common: they scroll, ask one thing at a time, and play sounds."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from audiostudio.ui.cloud.rows import SoundRow
from audiostudio.ui.cloud.task import TaskStrip
from audiostudio.ui.speech.paying import cost_sentence, short_of
from audiostudio.ui.speech.preview import Preview
from audiostudio.ui.speech.words import filled
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import steady

if TYPE_CHECKING:
    from audiostudio.jobs import JsonObject
    from audiostudio.operations.cloud.costs import Cost
    from audiostudio.ui.cloud.tab import CloudTab


class ServicePage(QScrollArea):
    """`column` is where a page puts its parts."""

    def __init__(self, tab: "CloudTab") -> None:
        super().__init__(tab)
        steady(self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tab = tab
        self.desk = tab.desk
        self.task = TaskStrip(tab.desk, self)
        self.rows: dict[str, SoundRow] = {}
        """By the key under which they are played."""
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, GRID, 2 * GRID)
        self.column.setSpacing(GRID + GRID // 2)
        self.setWidget(inner)
        tab.previews.changed.connect(self._show_state)
        tab.services.changed.connect(self.show_cost)

    def show_cost(self) -> None:
        """An account is known anew."""

    def hear(self, key: str, operation: str, request: "JsonObject") -> None:
        """Play a sound; a second time: stop."""
        self.tab.previews.toggle(Preview(key, request, operation=operation))

    def close(self) -> bool:
        self.task.close()
        return super().close()

    def caption(self, text: str) -> QLabel:
        """A name above a field."""
        label = QLabel(text, self)
        label.setProperty("role", "secondary")
        label.setWordWrap(True)
        return label

    def _show_state(self, key: str, state: str) -> None:
        if key in self.rows:
            self.rows[key].show_state(state)


class CostNote(QLabel):
    """What something would cost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)

    def show_cost(self, cost: "Cost", at_most: bool = False) -> None:
        words = cost_sentence(cost)
        self.setText(filled(self.tr("At most: {cost}"), cost=words) if at_most else words)
        self.setProperty("role", "warning" if short_of(cost) else "small")
        self.style().polish(self)
