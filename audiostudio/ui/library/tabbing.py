"""Where Tab goes in a panel whose controls come and go: as they are read, whenever each of them was made."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget


def next_stop(panel: QWidget, forward: bool) -> QWidget | None:
    """What has the focus after what has it now: in `panel`, from top to bottom, and then beyond it."""
    here = QApplication.focusWidget()
    if here is None:
        return None
    found = sorted(filter(_stops, panel.findChildren(QWidget)), key=lambda widget: _place(widget, panel))
    if here in found:
        number = found.index(here) + (1 if forward else -1)
        if 0 <= number < len(found):
            return found[number]
    widget = here
    while (widget := widget.nextInFocusChain() if forward else widget.previousInFocusChain()) is not here:
        if _stops(widget) and widget is not panel and not panel.isAncestorOf(widget):
            return widget
    return None


def _stops(widget: QWidget) -> bool:
    tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(tab) and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def _place(widget: QWidget, panel: QWidget) -> tuple[int, int]:
    corner = widget.mapTo(panel, QPoint())
    return corner.y(), corner.x()
