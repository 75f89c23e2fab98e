"""The binding gives back as many references as it takes: PySide6 6.12.0 under Python 3.11 did not, and the window
died after minutes (docs/decisions/pyside6-stays-at-6.11.md)."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

CALLS = 2000


class Bell(QObject):
    rung = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return False


def calls(widget: QWidget, bell: Bell) -> dict[str, Callable[[], object]]:
    return {
        "a method without a result": widget.update,
        "a method that finds nothing": widget.parentWidget,
        "a signal": bell.rung.emit,
        "an event filter": lambda: QApplication.sendEvent(widget, QEvent(QEvent.Type.User)),
        "a property": lambda: widget.setProperty("seen", True),
    }


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None, True and False live for ever from Python 3.12 on")
def test_no_call_loses_a_reference(qapp: QApplication) -> None:
    spare = [None, True, False] * CALLS * 20  # a version that loses them must fail here, not end the interpreter
    widget, bell = QWidget(), Bell()
    widget.installEventFilter(bell)
    for name, call in calls(widget, bell).items():
        before = [sys.getrefcount(thing) for thing in (None, True, False)]
        for _ in range(CALLS):
            call()
        lost = [was - sys.getrefcount(thing) for was, thing in zip(before, (None, True, False), strict=True)]
        assert max(lost) < CALLS // 2, name
    assert spare
    widget.deleteLater()
