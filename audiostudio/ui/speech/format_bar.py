"""The small bar that floats by a selection of the script: how it is to be spoken, and by whom."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu

from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button

if TYPE_CHECKING:
    from audiostudio.ui.speech.editor import ScriptEditor

_SOON = 180
"""Milliseconds after the last change of the selection."""


class FormatBar(QFrame):
    """Each button opens a menu, made when it is wanted."""

    def __init__(
        self,
        editor: "ScriptEditor",
        kinds: Iterable[tuple[str, str, str]],
        menu: Callable[[str], QMenu],
    ) -> None:
        """`kinds`: key, title and icon of each button."""
        super().__init__(editor)
        self._editor, self._menu = editor, menu
        self.setProperty("surface", "popover")
        self.setAccessibleName(self.tr("How the selection is spoken"))
        self.buttons: dict[str, Button] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(HALF, HALF, HALF, HALF)
        row.setSpacing(0)
        for key, title, icon in kinds:
            button = Button(title, "ghost", icon, self, small=True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, key=key: self._open(key))
            self.buttons[key] = button
            row.addWidget(button)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self.settle)
        editor.selectionChanged.connect(self._selection_changed)
        editor.verticalScrollBar().valueChanged.connect(lambda _value: self.hide())
        editor.edited.connect(self.hide)
        self.hide()

    def settle(self) -> None:
        """Above the selection, or below it where there is no room; gone where nothing is selected."""
        self._soon.stop()
        editor = self._editor
        if editor.selected() is None or editor.isReadOnly() or not editor.hasFocus():
            self.hide()
            return
        cursor = editor.textCursor()
        cursor.setPosition(cursor.selectionStart())
        first = editor.cursorRect(cursor)
        last = editor.cursorRect()
        self.adjustSize()
        place = editor.viewport().mapTo(editor, first.topLeft()) - QPoint(0, self.height() + HALF)
        if place.y() < 0:
            place.setY(editor.viewport().mapTo(editor, last.bottomLeft()).y() + HALF)
        place.setX(max(GRID, min(place.x(), editor.width() - self.width() - GRID)))
        place.setY(max(0, min(place.y(), editor.height() - self.height())))
        self.move(place)
        self.show()
        self.raise_()

    def close_now(self) -> None:
        self._soon.stop()
        self.hide()

    def _selection_changed(self) -> None:
        if self._editor.textCursor().hasSelection():
            self._soon.start()
        else:
            self.close_now()

    def _open(self, key: str) -> None:
        menu = self._menu(key)
        menu.aboutToHide.connect(menu.deleteLater)
        button = self.buttons[key]
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + HALF)))
