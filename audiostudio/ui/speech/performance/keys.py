"""The keyboard of the performance view."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from audiostudio.performance import PLAIN
from audiostudio.ui.speech.performance import redraw

if TYPE_CHECKING:
    from audiostudio.ui.speech.performance.view import PerformanceView

STEP, FINE_STEP = 0.025, 0.005
"""Seconds."""
_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def press(view: "PerformanceView", event: QKeyEvent) -> bool:
    """Whether the key does something here."""
    held = event.modifiers() & ~_KEYPAD
    arrows = {
        Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Left: (-1, 0),
    }  # fmt: skip
    key = Qt.Key(event.key())
    if key in arrows:
        sideways, upwards = arrows[key]
        _upwards(view, upwards, held) if upwards else _sideways(view, sideways, held)
        return True
    action = (_plain(view) if held in (_NONE, _SHIFT) else {}).get(key)
    if held == _CTRL and key == Qt.Key.Key_A:
        action = lambda: view.select(frozenset(word.index for word in view.shape.words))  # noqa: E731
    if action is None:
        return False
    action()
    return True


def _plain(view: "PerformanceView") -> dict[Qt.Key, Callable[[], object]]:
    keys = Qt.Key
    return {
        keys.Key_PageUp: lambda: view.transpose(12),
        keys.Key_PageDown: lambda: view.transpose(-12),
        keys.Key_F: lambda: view.change("flatten", redraw.flattened),
        keys.Key_H: lambda: view.change("flatten", lambda edit, word: redraw.flattened(edit, word, 0.5)),
        keys.Key_S: lambda: view.change("smooth", redraw.smoothed),
        keys.Key_R: lambda: view.change("reset", lambda *_: PLAIN),
        keys.Key_Delete: lambda: view.remove_point() if view.point else view.change("reset", lambda *_: PLAIN),
        keys.Key_Backspace: lambda: view.remove_point() if view.point else view.change("reset", lambda *_: PLAIN),
        keys.Key_D: lambda: view.set_tool("draw"),
        keys.Key_V: lambda: view.set_tool("select"),
        keys.Key_W: lambda: view.set_backdrop("wave" if view.backdrop == "spectrum" else "spectrum"),
        keys.Key_B: view.compare_wanted.emit,
        keys.Key_Space: view.play_wanted.emit,
        keys.Key_Escape: lambda: view.select(frozenset()),
        keys.Key_Home: lambda: _step(view, -len(view.shape.words), False),
        keys.Key_End: lambda: _step(view, len(view.shape.words), False),
        keys.Key_Plus: lambda: view.zoom(0.8),
        keys.Key_Equal: lambda: view.zoom(0.8),
        keys.Key_Minus: lambda: view.zoom(1.25),
        keys.Key_0: view.fit_view,
    }


def _upwards(view: "PerformanceView", way: int, held: Qt.KeyboardModifier) -> None:
    """A semitone, with Shift a tenth; with Ctrl loudness: 1 dB, with Shift a quarter."""
    fine = bool(held & _SHIFT)
    if held & _CTRL:
        view.change("energy", lambda edit, word: redraw.louder(edit, word, way * (0.25 if fine else 1.0)))
    elif view.scale is not None and not fine and view.chosen():
        view.transpose(_to_next(view, way))
    else:
        view.transpose(way * (0.1 if fine else 1.0))


def _to_next(view: "PerformanceView", way: int) -> float:
    """Semitones from the first chosen word's middle to the next note of the scale."""
    word = next((word for word in view.chosen() if word.voiced), None)
    if word is None or view.scale is None:
        return float(way)
    here = word.centre
    there = here
    for tenths in range(3, 40):
        there = view.scale.nearest(here + way * tenths / 10)
        if (there - here) * way > 0.05:
            break
    return there - here


def _sideways(view: "PerformanceView", way: int, held: Qt.KeyboardModifier) -> None:
    """The next word, with Shift one more; with Alt its length, with Ctrl the silence behind it (Shift: finer)."""
    seconds = way * (FINE_STEP if held & _SHIFT else STEP)
    if held & _ALT:
        view.change("length", lambda edit, word: redraw.lasting(edit, word.seconds + seconds))
    elif held & _CTRL:
        last = view.shape.words[-1].index if view.shape.words else -1
        view.change(
            "gap",
            lambda edit, word: edit if word.index == last else redraw.followed_by(edit, word.gap + seconds),
        )
    else:
        _step(view, way, bool(held & _SHIFT))


def _step(view: "PerformanceView", way: int, more: bool) -> None:
    order = [word.index for word in view.shape.words]
    if not order:
        return
    places = [number for number, index in enumerate(order) if index in view.selected]
    edge = (places[-1] if way > 0 else places[0]) + way if places else (0 if way > 0 else len(order) - 1)
    place = min(len(order) - 1, max(0, edge))
    view.select(view.selected | {order[place]} if more else frozenset([order[place]]))
    view.reveal(view.shape.words[place])
