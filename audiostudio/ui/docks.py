"""The panels beside the centre: framed docks, the library with its rail, and one panel for the whole window."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QApplication, QDockWidget, QFrame, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import EmptyState, IconButton, Spinner

LIBRARY_WIDTH = 280
JOBS_WIDTH = 320
INSPECTOR_WIDTH = 320
RAIL_WIDTH = 48
_TIMELINE_LEAST = 200
_ANY = (1 << 24) - 1
"""Qt's greatest height."""
NARROW = 1500
"""Under this width of the window the library is a rail unless the user opened it."""


def framed(content: QWidget) -> QFrame:
    """`content` on a panel with an edge and round corners."""
    frame = QFrame()
    frame.setProperty("surface", "panel")
    column = QVBoxLayout(frame)
    column.setContentsMargins(1, 1, 1, 1)
    column.addWidget(content)
    return frame


class PanelDock(QDockWidget):
    """A dock without a title bar of its own: what it holds has one."""

    def __init__(self, name: str, title: str, content: QWidget, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.setObjectName(name)
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.setTitleBarWidget(QWidget(self))
        self.setWidget(framed(content))


@runtime_checkable
class HasRail(Protocol):
    """A library panel may have shortcuts for its rail, each with an icon's name as its `data`; running one also
    opens the panel."""

    def rail_actions(self) -> Sequence[QAction]: ...


class LibraryDock(PanelDock):
    """The library: 280 px, or a rail of icons."""

    unfolded = Signal(bool)

    def __init__(self, window: QMainWindow) -> None:
        self._stack = QStackedWidget()
        super().__init__("library", self.tr("Library"), self._stack, window)
        self._rail = QWidget()
        self._rail_column = QVBoxLayout(self._rail)
        self._rail_column.setContentsMargins(HALF + 2, GRID, HALF + 2, GRID)
        self._rail_column.setSpacing(HALF)
        self._open = IconButton("panel-left-open", self.tr("Open the library"), self._rail)
        self._open.clicked.connect(lambda: self.unfolded.emit(True))
        self._rail_column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignHCenter)
        self._rail_column.addStretch(1)
        waiting = QWidget()
        column = QVBoxLayout(waiting)
        column.addWidget(Spinner(20, waiting), 0, Qt.AlignmentFlag.AlignCenter)
        self._page: QWidget = waiting
        self._stack.addWidget(self._rail)
        self._stack.addWidget(waiting)
        self._folded = False

    @property
    def folded(self) -> bool:
        return self._folded

    @property
    def panel(self) -> QWidget:
        """What the library shows when it is unfolded."""
        return self._page

    def fill(self, panel: QWidget) -> None:
        """Show the library, now that it is open."""
        self._stack.removeWidget(self._page)
        self._page.deleteLater()
        self._page = panel
        self._stack.addWidget(panel)
        if isinstance(panel, HasRail):
            for action in panel.rail_actions():
                self._add_to_rail(action)
        self.fold(self._folded)

    def fail(self, sentence: str) -> None:
        """Say why there is no library."""
        self.fill(EmptyState("triangle-alert", sentence))

    def fold(self, folded: bool) -> None:
        self._folded = folded
        self._stack.setCurrentWidget(self._rail if folded else self._page)
        if folded:
            self.setFixedWidth(RAIL_WIDTH + 2)
        else:
            self.setMinimumWidth(240)
            self.setMaximumWidth(480)
            window = self.parent()
            if isinstance(window, QMainWindow):
                window.resizeDocks([self], [LIBRARY_WIDTH], Qt.Orientation.Horizontal)

    def _add_to_rail(self, action: QAction) -> None:
        button = IconButton(action.data(), action.text(), self._rail)
        button.clicked.connect(lambda: (self.unfolded.emit(True), action.trigger()))
        self._rail_column.insertWidget(self._rail_column.count() - 1, button, 0, Qt.AlignmentFlag.AlignHCenter)


@runtime_checkable
class HasInspector(Protocol):
    """A panel with an inspector for what is selected in it: a widget with the signals `wanted(bool)`, `closed()`."""

    inspector: QWidget


class InspectorDock(PanelDock):
    """Beside the centre while something is selected, unless the user closed it."""

    shut_by_user = Signal(bool)

    def __init__(self, window: QMainWindow) -> None:
        self._stack = QStackedWidget()
        super().__init__("inspector", self.tr("Inspector"), self._stack, window)
        self.setFixedWidth(INSPECTOR_WIDTH + 2)
        self._inspector: QWidget | None = None
        self._wanted = False
        self.shut = False
        self.hide()

    def fill(self, inspector: QWidget) -> None:
        self.clear()
        self._inspector = inspector
        self._stack.addWidget(inspector)
        inspector.wanted.connect(self._want)  # type: ignore[attr-defined]
        inspector.closed.connect(lambda: self.toggle())  # type: ignore[attr-defined]

    def toggle(self) -> None:
        """Close it for good, or let it come again."""
        self.shut = self.isVisible()
        self._show()
        self.shut_by_user.emit(self.shut)

    def clear(self) -> None:
        """The project is being closed."""
        if self._inspector is not None:
            self._stack.removeWidget(self._inspector)
            self._inspector.close()
            self._inspector.deleteLater()
            self._inspector = None
        self._want(False)

    def _want(self, wanted: bool) -> None:
        self._wanted = wanted
        self._show()

    def _show(self) -> None:
        self.setVisible(self._wanted and not self.shut)


@runtime_checkable
class HasHeight(Protocol):
    """A panel that is a strip at times."""

    resized: SignalInstance

    def tell_height(self) -> None: ...


@runtime_checkable
class LeavesRoom(Protocol):
    """A panel over parts of which messages may lie."""

    def kept_free(self) -> int | None:
        """Pixels at its right edge where they may not; None: nowhere."""
        ...


class TimelineDock(PanelDock):
    """The timeline, over the window's whole width. Another project: another panel."""

    def __init__(self, window: QMainWindow) -> None:
        self._stack = QStackedWidget()
        super().__init__("timeline", self.tr("Timeline"), self._stack, window)
        self.panel: QWidget | None = None

    def fill(self, panel: QWidget) -> None:
        """A panel may say how high it is: `resized(fixed height or None, height it would like)`, `tell_height()`."""
        self.clear()
        self.panel = panel
        self._stack.addWidget(panel)
        if isinstance(panel, HasHeight):
            panel.resized.connect(self._resize)
            panel.tell_height()

    def clear(self) -> None:
        """The project is being closed."""
        if self.panel is not None:
            self._stack.removeWidget(self.panel)
            self.panel.close()
            self.panel.deleteLater()
            self.panel = None

    def free_corner(self, whole: QPoint) -> QPoint:
        """Of the window, `whole` is its own: the corner to the left of and above which messages may lie."""
        if not self.isVisible() or not isinstance(self.panel, LeavesRoom):
            return whole
        kept = self.panel.kept_free()
        return QPoint(whole.x(), self.y()) if kept is None else whole - QPoint(kept, 0)

    def _resize(self, fixed: int | None, wanted: int) -> None:
        if fixed is not None:
            self.setFixedHeight(fixed + 2)
            return
        self.setMinimumHeight(_TIMELINE_LEAST)
        self.setMaximumHeight(_ANY)
        window = self.parent()
        if isinstance(window, QMainWindow):
            window.resizeDocks([self], [wanted or window.height() // 3], Qt.Orientation.Vertical)


class Maximiser:
    """Gives the panel under the pointer the whole window, and takes it back."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._hidden: list[QWidget] = []

    @property
    def on(self) -> bool:
        return bool(self._hidden)

    def toggle(self, panel: QWidget | None = None) -> None:
        """`panel` is the one to show; without it the one under the pointer, or else the centre."""
        if self._hidden:
            for hidden in self._hidden:
                hidden.show()
            self._hidden = []
            return
        chosen = panel or self._under_pointer()
        self._hidden = [other for other in self._panels() if other is not chosen]
        for other in self._hidden:
            other.hide()

    def _panels(self) -> list[QWidget]:
        centre = self._window.centralWidget()
        docks = self._window.findChildren(QDockWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [panel for panel in (centre, *docks) if panel.isVisible()]

    def _under_pointer(self) -> QWidget:
        widget = QApplication.widgetAt(QCursor.pos())
        panels = self._panels()
        while widget is not None and widget not in panels:
            widget = widget.parentWidget()
        return widget or self._window.centralWidget()
