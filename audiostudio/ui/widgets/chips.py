"""Chips to filter with, and badges to read."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from audiostudio.ui.theme import HALF
from audiostudio.ui.widgets.layout import FlowLayout


class Chip(QPushButton):
    """A small choice that is on or off."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class ChipGroup(QWidget):
    """Chips that wrap. Exclusive: one is always chosen; else any number, none meaning no filter."""

    changed = Signal(list)
    """The keys that are chosen, in the order of the chips."""

    def __init__(
        self,
        options: Iterable[tuple[str, str]],
        parent: QWidget | None = None,
        exclusive: bool = False,
        label: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self._exclusive = exclusive
        self._chips: dict[str, Chip] = {}
        self._flow = FlowLayout(self, HALF)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for key, text in options:
            chip = Chip(text, self)
            chip.clicked.connect(lambda _=False, key=key: self._clicked(key))
            self._chips[key] = chip
            self._flow.addWidget(chip)
        if exclusive and self._chips:
            next(iter(self._chips.values())).setChecked(True)

    def chip(self, key: str) -> Chip:
        return self._chips[key]

    def chosen(self) -> list[str]:
        return [key for key, chip in self._chips.items() if chip.isChecked()]

    def choose(self, keys: Iterable[str]) -> None:
        """Shows `keys` as chosen, silently."""
        wanted = set(keys)
        for key, chip in self._chips.items():
            chip.setChecked(key in wanted)

    def _clicked(self, key: str) -> None:
        if self._exclusive:
            self.choose([key])
        self.changed.emit(self.chosen())


class Badge(QLabel):
    """A word on a tinted ground. Tones: `plain`, `accent`, `success`, `warning`, `error`."""

    def __init__(self, text: str, tone: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", "badge")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
