"""The performance view: melody, lengths, pauses and loudness of a line's words, to be seen, dragged and drawn."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.performance import PLAIN, PitchPoint, Voicing
from audiostudio.ui.speech.performance import hands, keys, redraw
from audiostudio.ui.speech.performance.hands import Edits
from audiostudio.ui.speech.performance.notes import Scale
from audiostudio.ui.speech.performance.paint import ScenePainter
from audiostudio.ui.speech.performance.pointer import Pointer
from audiostudio.ui.speech.performance.scene import Scene
from audiostudio.ui.speech.performance.shape import Shape, WordShape, planned, points
from audiostudio.ui.speech.performance.stage import Camera, Stage
from audiostudio.ui.speech.performance.takes import Heard

SELECT = "select"
_EMPTY = Shape((), 0.0)


class PerformanceView(QWidget):
    """Shows a take and what edits will make of it. A drag is one edit, told when it ends."""

    edited = Signal(object, str)
    """All edits of the line, word → `Voicing`, and what was done: a key of `words.STEPS`."""
    sought = Signal(float)
    """Seconds of the sound."""
    play_wanted = Signal()
    compare_wanted = Signal()
    looked = Signal()
    """Selection, tool or backdrop changed, or what is being dragged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = ScenePainter()
        self._base: Heard | None = None
        self._natural: Heard | None = None
        self._edits: dict[int, Voicing] = {}
        self._pointer = Pointer(self)
        self._shape, self._knots = _EMPTY, [(0.0, 0.0)]
        self.camera = Camera()
        self._position = 0.0
        self.selected: frozenset[int] = frozenset()
        self.point: tuple[int, int] | None = None
        """The word and number of the point that keys move."""
        self.scale: Scale | None = None
        """Notes that pitches snap to; None: any."""
        self.limits = (-12.0, 12.0)
        """Semitones that the engine can transpose by."""
        self.tool, self.backdrop, self.hertz = SELECT, "wave", False
        self.editable = True
        self.comparing = False
        """The line as it sounds by itself is shown."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Performance"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # What is shown

    @property
    def shape(self) -> Shape:
        """As it is drawn: with what is being dragged."""
        return self._shape

    @property
    def edits(self) -> dict[int, Voicing]:
        return dict(self._edits)

    @property
    def stage(self) -> Stage:
        return self.camera.stage

    @property
    def dragging(self) -> bool:
        return self._pointer.dragging

    @property
    def gesture(self) -> int:
        """See `Pointer.gesture`."""
        return self._pointer.gesture

    def show_takes(self, base: Heard, natural: Heard, edits: Mapping[int, Voicing], fresh: bool) -> None:
        """`base`: the newest sound of the line, `natural`: without edits. `fresh`: it is another line."""
        self._base, self._natural = base, natural
        self._edits = dict(edits)
        if fresh:
            self._pointer.drop()
            self.selected, self.point, self._position = frozenset(), None, 0.0
        self._plan()
        if fresh:
            self.fit_view()

    def show_edits(self, edits: Mapping[int, Voicing]) -> None:
        """The document's edits are others now."""
        self._edits = dict(edits)
        self._plan()

    def compare(self, comparing: bool) -> None:
        self._pointer.drop()
        self.comparing = comparing
        self._plan()
        self.looked.emit()

    def set_tool(self, tool: str) -> None:
        self.tool = tool
        self.looked.emit()
        self.update()

    def set_backdrop(self, backdrop: str) -> None:
        self.backdrop = backdrop
        self.looked.emit()
        self.update()

    # Selection

    def chosen(self) -> tuple[WordShape, ...]:
        """The selected words; without a selection all."""
        return tuple(word for word in self._shape.words if not self.selected or word.index in self.selected)

    def select(self, words: frozenset[int]) -> None:
        if words != self.selected:
            self.selected = words
            self.point = self.point if self.point and self.point[0] in words else None
            self.looked.emit()
            self.update()

    def stretch_of_selection(self) -> tuple[float, float] | None:
        """Seconds of the sound from the first to the last selected word; None without a selection."""
        words = [word for word in self._shape.words if word.index in self.selected]
        return (self._heard(words[0].start), self._heard(words[-1].end)) if words else None

    # Doing

    def change(self, kind: str, function: Callable[[Voicing, WordShape], Voicing]) -> None:
        """Let `function` change every chosen word."""
        if not self.editable or not self._shape.words:
            return
        self.begin()
        changed = {word.index: function(self._edits.get(word.index, PLAIN), word) for word in self.chosen()}
        self.commit({**self._edits, **changed}, kind)

    def transpose(self, semitones: float) -> None:
        if self.point is not None:
            index, number = self.point
            word = self._shape.word(index)
            if word is not None and self.editable:
                self.begin()
                edit = self._edits.get(index, PLAIN)
                point = points(word, edit)[number]
                height = hands.note(point.hz) + semitones
                self.commit({**self._edits, index: redraw.with_point(edit, word, number, point.at, height)}, "pitch")
            return
        self.change("pitch", lambda edit, word: redraw.transposed(edit, word, semitones, self.limits))

    def fit_to(self, lengths: Mapping[int, Voicing]) -> None:
        """Let words and the silence behind them last as long as those do; all else of them stays."""
        if self.editable:
            self.begin()
            edits = dict(self._edits)
            for index, voicing in lengths.items():
                edits[index] = replace(edits.get(index, PLAIN), seconds=voicing.seconds, gap=voicing.gap)
            self.commit(edits, "fit")

    def add_point(self, word: WordShape, at: float) -> None:
        """A point more on its melody, at 0…1 of the word."""
        if self.editable:
            self.begin()
            edit, number = redraw.with_new_point(
                self._edits.get(word.index, PLAIN), word, at, hands.melody_at(word, at)
            )
            self.point = (word.index, number)
            self.commit({**self._edits, word.index: edit}, "pitch")

    def remove_point(self) -> None:
        if self.point is not None and self.editable:
            index, number = self.point
            word, self.point = self._shape.word(index), None
            if word is not None:
                edit = redraw.without_point(self._edits.get(index, PLAIN), word, number)
                self.commit({**self._edits, index: edit}, "pitch")

    def commit(self, edits: Edits, kind: str) -> None:
        kept = {index: edit for index, edit in edits.items() if edit != PLAIN}
        self._pointer.draft = None
        if kept != self._edits:
            self._edits = kept
            self._plan()
            self.edited.emit(dict(kept), kind)
        else:
            self._plan()

    def begin(self) -> None:
        """What changes is the line as it is drawn, not as it sounds by itself."""
        if self.comparing:
            self.compare_wanted.emit()

    # Playhead

    @property
    def position(self) -> float:
        return self._position

    @property
    def heard_position(self) -> float:
        """Where the playhead is in the sound."""
        return self._heard(self._position)

    def seek(self, x: float) -> None:
        """Put the playhead where `x` is."""
        self._position = min(self._shape.seconds, max(0.0, self.stage.time(x)))
        self.sought.emit(self._heard(self._position))
        self.update()

    def set_position(self, seconds: float) -> None:
        """Seconds of the sound that is heard."""
        self._position = self._drawn_at(seconds)
        if not self.dragging and not self.camera.sees(self._position):
            self.camera.scroll_to(self._position - 0.1 * self.stage.seconds)
        self.update()

    def _heard(self, drawn: float) -> float:
        there, here = zip(*self._knots, strict=True)
        return float(np.interp(drawn, there, here))

    def _drawn_at(self, heard: float) -> float:
        there, here = zip(*self._knots, strict=True)
        return float(np.interp(heard, here, there))

    # Where things lie

    def fit_view(self) -> None:
        """All of the line, and all of its notes."""
        self.camera.fit(self._shape)
        self.update()

    def zoom(self, factor: float, x: float | None = None) -> None:
        """See `Camera.zoom`."""
        self.camera.zoom(factor, x)
        self.update()

    def reveal(self, word: WordShape) -> None:
        if not self.camera.sees(word.start) or not self.camera.sees(word.end):
            self.camera.scroll_to(word.start - 0.15 * self.stage.seconds)
            self.update()

    # The pointer and the keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._base is not None:
            self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._base is not None:
            self._pointer.double_click(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._pointer.busy:
            self._pointer.drop()
            self._plan()
        elif not keys.press(self, event):
            super().keyPressEvent(event)

    # Painting

    def sizeHint(self) -> QSize:
        return QSize(640, 250)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.camera.resize(self.width(), self.height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._painter.paint(painter, self._scene(), self.devicePixelRatioF())

    def follow_draft(self) -> None:
        """Something was dragged further."""
        self._plan()
        self.looked.emit()

    @property
    def _wanted(self) -> Edits:
        """With what is being dragged."""
        return self._edits if self._pointer.draft is None else self._pointer.draft

    def _plan(self) -> None:
        """What the line will sound like."""
        base, natural = self._base, self._natural
        if base is None or natural is None:
            return
        heard, edits = (natural, {}) if self.comparing else (base, self._wanted)
        self._shape, self._knots = planned(heard.shape, heard.edits, natural.shape, edits)
        if self.point is not None and self.point[1] >= len(self.handles().get(self.point[0], ())):
            self.point = None
        if self._pointer.draft is None:
            self.camera.follow(self._shape)
        self.update()

    def handles(self) -> dict[int, tuple[PitchPoint, ...]]:
        """The points of the selected words, and of those that were drawn."""
        if self.comparing or not self.editable:
            return {}
        edits = self._wanted
        shown = [word for word in self._shape.words if word.index in self.selected and word.voiced]
        return {word.index: points(word, edits.get(word.index, PLAIN)) for word in shown}

    def _scene(self) -> Scene:
        heard = self._natural if self.comparing else self._base
        changed = frozenset(() if self.comparing else self._wanted)
        natural = self._natural.shape if self._natural else _EMPTY
        ghost = {word.index: word for word in natural.words if word.index in changed}
        draft = self._pointer.draft or {}
        moving = frozenset(index for index, edit in draft.items() if edit != self._edits.get(index, PLAIN))
        return Scene(
            self.stage,
            self._shape,
            ghost,
            moving,
            heard.picture if heard else None,
            self._knots,
            self.backdrop,
            self.hertz,
            self.selected,
            changed,
            self.handles(),
            self.point,
            tuple(self._pointer.over),
            self._pointer.band,
            self._position,
            self.comparing,
            self.hasFocus(),
        )
