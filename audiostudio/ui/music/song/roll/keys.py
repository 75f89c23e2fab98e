"""The keyboard of the piano roll."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence

from audiostudio.errors import RequestError
from audiostudio.ui.music.song.roll import notes
from audiostudio.ui.music.song.roll.notes import Ref

if TYPE_CHECKING:
    from audiostudio.ui.music.song.roll.canvas import RollCanvas

_SHIFT, _CTRL, _ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
_STANDARD = QKeySequence.StandardKey
_OURS = (_STANDARD.Copy, _STANDARD.Cut, _STANDARD.Paste, _STANDARD.SelectAll, _STANDARD.Delete)


def ours(event: QKeyEvent) -> bool:
    """Whether a key means something here that it also means elsewhere in the window."""
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, _SHIFT)
    return any(map(event.matches, _OURS)) or (plain and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_S, Qt.Key.Key_J))


def press(canvas: "RollCanvas", event: QKeyEvent) -> bool:
    """Whether the key does something here."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(event.key())
    arrows = {Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Left: (-1, 0)}
    if key in arrows:
        sideways, up = arrows[key]
        _up(canvas, up, held) if up else _sideways(canvas, sideways, held)
        return True
    for standard, action in _clipboard(canvas).items():
        if event.matches(standard):
            action()
            return True
    action = _plain(canvas).get(key) if held in (Qt.KeyboardModifier.NoModifier, _SHIFT) else None
    if action is None:
        return False
    action()
    return True


def _plain(canvas: "RollCanvas") -> dict[Qt.Key, Callable[[], object]]:
    keys = Qt.Key
    return {
        keys.Key_Backspace: lambda: canvas.take("delete", notes.deleted(canvas.parts, canvas.chosen)),
        keys.Key_Delete: lambda: canvas.take("delete", notes.deleted(canvas.parts, canvas.chosen)),
        keys.Key_PageUp: lambda: transpose(canvas, 12),
        keys.Key_PageDown: lambda: transpose(canvas, -12),
        keys.Key_S: lambda: split(canvas),
        keys.Key_J: lambda: join(canvas),
        keys.Key_Q: lambda: quantise(canvas),
        keys.Key_D: lambda: canvas.set_tool("draw"),
        keys.Key_V: lambda: canvas.set_tool("select"),
        keys.Key_Return: canvas.word_wanted.emit,
        keys.Key_Enter: canvas.word_wanted.emit,
        keys.Key_F2: canvas.word_wanted.emit,
        keys.Key_Space: canvas.play_wanted.emit,
        keys.Key_Escape: lambda: canvas.choose(notes.NONE),
        keys.Key_Home: lambda: _step(canvas, -(10**6), False),
        keys.Key_End: lambda: _step(canvas, 10**6, False),
        keys.Key_Insert: lambda: insert(canvas),
        keys.Key_N: lambda: insert(canvas),
        keys.Key_Plus: lambda: canvas.zoom(1.25),
        keys.Key_Equal: lambda: canvas.zoom(1.25),
        keys.Key_Minus: lambda: canvas.zoom(0.8),
        keys.Key_0: canvas.fit,
    }


def transpose(canvas: "RollCanvas", semitones: int) -> None:
    canvas.take("transpose", notes.moved(canvas.parts, canvas.chosen, 0, semitones))
    if len(canvas.chosen) == 1:
        canvas.hear_wanted.emit(next(iter(canvas.chosen)))


def split(canvas: "RollCanvas") -> None:
    canvas.take("split", notes.split(canvas.parts, canvas.chosen))


def join(canvas: "RollCanvas") -> bool:
    """Whether there was something to join."""
    try:
        canvas.take("join", notes.joined(canvas.parts, canvas.chosen))
    except RequestError:
        return False
    return True


def quantise(canvas: "RollCanvas") -> None:
    chosen = canvas.chosen or frozenset(Ref(canvas.part, note) for note in canvas.parts[canvas.part].notes)
    canvas.take("quantise", notes.quantised(canvas.parts, chosen, canvas.grid.ticks))


def insert(canvas: "RollCanvas") -> None:
    """A note behind what is chosen, as high as that is."""
    ref = canvas.first()
    if ref is None or not canvas.editable:
        return
    last = max(canvas.chosen, key=lambda one: one.note.start).note
    start = last.start + last.length
    length = canvas.grid.ticks
    behind = next((note for note in canvas.parts[ref.part].notes if note.start >= start), None)
    if behind is not None:
        length = min(length, behind.start - start)
    if length >= 1:
        canvas.take("draw", notes.drawn(canvas.parts, ref.part, start, length, last.pitch))


def _clipboard(canvas: "RollCanvas") -> dict[QKeySequence.StandardKey, Callable[[], object]]:
    return {
        _STANDARD.SelectAll: lambda: canvas.choose(
            frozenset(Ref(canvas.part, note) for note in canvas.parts[canvas.part].notes)
            if canvas.parts
            else notes.NONE
        ),
        _STANDARD.Copy: lambda: copy(canvas),
        _STANDARD.Cut: lambda: (copy(canvas), canvas.take("cut", notes.deleted(canvas.parts, canvas.chosen))),
        _STANDARD.Paste: lambda: paste(canvas),
    }


def copy(canvas: "RollCanvas") -> None:
    if canvas.chosen:
        QGuiApplication.clipboard().setText(notes.copied(canvas.chosen))


def paste(canvas: "RollCanvas") -> bool:
    """At the playhead, or behind what is chosen; whether the clipboard holds notes."""
    if not canvas.parts or not canvas.editable:
        return False
    last = max((ref.note.start + ref.note.length for ref in canvas.chosen), default=None)
    at = canvas.playhead if canvas.playhead is not None else last
    place = canvas.grid.snap(canvas.stage.left if at is None else at)
    try:
        made = notes.pasted(canvas.parts, QGuiApplication.clipboard().text(), max(0, place), canvas.part)
    except RequestError:
        return False
    canvas.take("paste", made)
    return True


def _up(canvas: "RollCanvas", way: int, held: Qt.KeyboardModifier) -> None:
    if held & _CTRL:  # another part
        canvas.set_part(canvas.part - way)
    else:
        transpose(canvas, way * (12 if held & _SHIFT else 1))


def _sideways(canvas: "RollCanvas", way: int, held: Qt.KeyboardModifier) -> None:
    """The next note, with Shift one more; with Ctrl it is moved, with Alt made longer."""
    step = way * canvas.grid.ticks
    if held & _ALT:
        canvas.take("length", notes.lengthened(canvas.parts, canvas.chosen, step))
    elif held & _CTRL:
        canvas.take("move", notes.moved(canvas.parts, canvas.chosen, step, 0))
    else:
        _step(canvas, way, bool(held & _SHIFT))


def _step(canvas: "RollCanvas", way: int, more: bool) -> None:
    own = canvas.parts[canvas.part].notes if canvas.parts else ()
    if not own:
        return
    here = [place for place, note in enumerate(own) if Ref(canvas.part, note) in canvas.chosen]
    edge = here[-1 if way > 0 else 0] if here else (-1 if way > 0 else len(own))
    goal = edge + way
    ref = Ref(canvas.part, own[min(len(own) - 1, max(0, goal))])
    canvas.choose(canvas.chosen | {ref} if more else frozenset({ref}), hear=not more)
    canvas.reveal(ref)
