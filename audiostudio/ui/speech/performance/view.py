"""The performance view: melody, lengths, pauses and loudness of a line's words, to be seen, dragged and drawn."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.performance import PLAIN, PitchPoint, Voicing
from audiostudio.ui.speech.performance import hands, keys, redraw
from audiostudio.ui.speech.performance.hands import NOTHING, Edits, Grip, Hit
from audiostudio.ui.speech.performance.notes import Scale
from audiostudio.ui.speech.performance.paint import ScenePainter
from audiostudio.ui.speech.performance.scene import Scene
from audiostudio.ui.speech.performance.shape import Shape, WordShape, planned, points
from audiostudio.ui.speech.performance.stage import KEYS, Camera, Stage
from audiostudio.ui.speech.performance.takes import Heard

SELECT, DRAW = "select", "draw"
_EMPTY = Shape((), 0.0)
_CURSORS = {
    "end": Qt.CursorShape.SizeHorCursor,
    "start": Qt.CursorShape.SizeHorCursor,
    "gap": Qt.CursorShape.SizeHorCursor,
    "phoneme": Qt.CursorShape.SizeHorCursor,
    "energy": Qt.CursorShape.SizeVerCursor,
    "curve": Qt.CursorShape.SizeVerCursor,
    "point": Qt.CursorShape.SizeAllCursor,
    "word": Qt.CursorShape.PointingHandCursor,
}


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
        self._draft: Edits | None = None
        self._shape, self._knots = _EMPTY, [(0.0, 0.0)]
        self._camera = Camera()
        self._grip: Grip | None = None
        self._press: tuple[QPointF, Hit] | None = None
        self._band: QRectF | None = None
        self._hover = NOTHING
        self._position = 0.0
        self.selected: frozenset[int] = frozenset()
        self.point: tuple[int, int] | None = None
        """The word and number of the point that keys move."""
        self.scale: Scale | None = None
        """Notes that pitches snap to; None: any."""
        self.limits = (-12.0, 12.0)
        """Semitones that the engine can transpose by."""
        self.gesture = 0
        """Another for each drag, so that two of them are two steps."""
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
        return self._camera.stage

    @property
    def dragging(self) -> bool:
        return self._grip is not None

    def show_takes(self, base: Heard, natural: Heard, edits: Mapping[int, Voicing], fresh: bool) -> None:
        """`base`: the newest sound of the line, `natural`: without edits. `fresh`: it is another line."""
        self._base, self._natural = base, natural
        self._edits = dict(edits)
        if fresh:
            self._drop()
            self.selected, self.point, self._position = frozenset(), None, 0.0
        self._plan()
        if fresh:
            self.fit_view()

    def show_edits(self, edits: Mapping[int, Voicing]) -> None:
        """The document's edits are others now."""
        self._edits = dict(edits)
        self._plan()

    def compare(self, comparing: bool) -> None:
        self._drop()
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
        self._begin()
        changed = {word.index: function(self._edits.get(word.index, PLAIN), word) for word in self.chosen()}
        self._commit({**self._edits, **changed}, kind)

    def transpose(self, semitones: float) -> None:
        if self.point is not None:
            index, number = self.point
            word = self._shape.word(index)
            if word is not None and self.editable:
                self._begin()
                edit = self._edits.get(index, PLAIN)
                point = points(word, edit)[number]
                height = hands.note(point.hz) + semitones
                self._commit({**self._edits, index: redraw.with_point(edit, word, number, point.at, height)}, "pitch")
            return
        self.change("pitch", lambda edit, word: redraw.transposed(edit, word, semitones, self.limits))

    def fit_to(self, lengths: Mapping[int, Voicing]) -> None:
        """Let words and the silence behind them last as long as those do; all else of them stays."""
        if self.editable:
            self._begin()
            edits = dict(self._edits)
            for index, voicing in lengths.items():
                edits[index] = replace(edits.get(index, PLAIN), seconds=voicing.seconds, gap=voicing.gap)
            self._commit(edits, "fit")

    def remove_point(self) -> None:
        if self.point is not None and self.editable:
            index, number = self.point
            word, self.point = self._shape.word(index), None
            if word is not None:
                edit = redraw.without_point(self._edits.get(index, PLAIN), word, number)
                self._commit({**self._edits, index: edit}, "pitch")

    def _commit(self, edits: Edits, kind: str) -> None:
        kept = {index: edit for index, edit in edits.items() if edit != PLAIN}
        self._draft = None
        if kept != self._edits:
            self._edits = kept
            self._plan()
            self.edited.emit(dict(kept), kind)
        else:
            self._plan()

    def _begin(self) -> None:
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

    def set_position(self, seconds: float) -> None:
        """Seconds of the sound that is heard."""
        self._position = self._drawn_at(seconds)
        if not self.dragging and not self._camera.sees(self._position):
            self._camera.scroll_to(self._position - 0.1 * self.stage.seconds)
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
        self._camera.fit(self._shape)
        self.update()

    def zoom(self, factor: float, x: float | None = None) -> None:
        """See `Camera.zoom`."""
        self._camera.zoom(factor, x)
        self.update()

    def reveal(self, word: WordShape) -> None:
        if not self._camera.sees(word.start) or not self._camera.sees(word.end):
            self._camera.scroll_to(word.start - 0.15 * self.stage.seconds)
            self.update()

    # The pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._base is None:
            return
        place, modifiers = event.position(), event.modifiers()
        found = self._hit(place)
        if self.comparing and self.editable and found.kind not in ("ruler", "nothing"):
            self._begin()
            found = self._hit(place)
        self._press = (place, found)
        drawing = self.tool == DRAW or bool(modifiers & Qt.KeyboardModifier.AltModifier)
        if found.kind in ("ruler", "nothing"):
            if found.kind == "ruler":
                self._seek(place.x())
            return
        if drawing and found.kind in ("point", "curve", "pitch"):
            if self.editable:
                self._grip = hands.Draw(self.stage, self._shape, self._edits, (), place, self.scale)
                self._drag(place, False)
            return
        if found.kind in ("point", "curve", "word", "energy", "end", "phoneme"):
            self._select_by(found, modifiers)
        self._hold(found, place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._press is None:
            self._point_at(place)
        elif self._grip is not None:
            if (place - self._press[0]).manhattanLength() >= 3 or self._draft is not None:
                self._drag(place, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif self._press[1].kind == "ruler":
            self._seek(place.x())
        elif self._press[1].kind in ("pitch", "word", "nothing") and (place - self._press[0]).manhattanLength() >= 4:
            self._stretch_band(place, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        (place, found), self._press = self._press, None
        grip, self._grip = self._grip, None
        if self._band is not None:
            self._band = None
        elif grip is not None and self._draft is not None:
            self.gesture += 1
            self._commit(self._draft, grip.kind)
            self.gesture += 1
        elif found.kind == "pitch" and grip is None:
            if not event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier):
                self.select(frozenset())
            self._seek(place.x())
        self._point_at(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A point more, or one less; a word: hear it."""
        if event.button() != Qt.MouseButton.LeftButton or self._base is None:
            return
        place = event.position()
        found = self._hit(place)
        word = self._shape.word(found.word)
        if found.kind == "point":
            self.point = (found.word, found.number)
            self.remove_point()
        elif found.kind == "curve" and word is not None and self.editable:
            self._begin()
            at = (self.stage.time(place.x()) - word.start) / word.seconds
            edit = self._edits.get(word.index, PLAIN)
            new, number = redraw.with_new_point(edit, word, at, hands.melody_at(word, at))
            self.point = (word.index, number)
            self._commit({**self._edits, word.index: new}, "pitch")
        elif found.kind == "word":
            self.play_wanted.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = NOTHING
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps, modifiers, place = event.angleDelta().y() / 120, event.modifiers(), event.position()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._camera.zoom(0.8**steps, place.x())
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._camera.zoom_notes(0.85 ** (steps or event.angleDelta().x() / 120), place.y())
        else:
            sideways = event.angleDelta().x() / 120
            self._camera.scroll_to(self.stage.left + (sideways or -steps) * 0.1 * self.stage.seconds)
        self.update()

    def _hit(self, place: QPointF) -> Hit:
        return hands.hit(self.stage, self._shape, self._handles(), place)

    def _point_at(self, place: QPointF) -> None:
        found = self._hit(place)
        if found != self._hover:
            self._hover = found
            pencil = self.tool == DRAW and found.kind in ("point", "curve", "pitch")
            shape = Qt.CursorShape.CrossCursor if pencil else _CURSORS.get(found.kind, Qt.CursorShape.ArrowCursor)
            self.setCursor(shape if self.editable else Qt.CursorShape.ArrowCursor)
            self.update()

    def _select_by(self, found: Hit, modifiers: Qt.KeyboardModifier) -> None:
        order = [word.index for word in self._shape.words]
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self.select(self.selected ^ {found.word})
        elif modifiers & Qt.KeyboardModifier.ShiftModifier and self.selected and found.kind == "word":
            places = [order.index(index) for index in (*self.selected, found.word) if index in order]
            self.select(frozenset(order[min(places) : max(places) + 1]))
        elif found.word not in self.selected or found.kind == "word":
            self.select(frozenset([found.word]))
        self.point = (found.word, found.number) if found.kind == "point" else None

    def _hold(self, found: Hit, place: QPointF) -> None:
        """Take hold of what can be dragged."""
        word = self._shape.word(found.word)
        if word is None or not self.editable:
            return
        others = [one for one in self.chosen() if one.index in self.selected and one is not word]
        words = (word, *others) if word.index in self.selected else (word,)
        held = hands.Held(self.stage, self._shape, self._edits, words, place, self.scale)
        self._grip = hands.grip(found, held, self.limits)

    def _drag(self, place: QPointF, fine: bool) -> None:
        if self._grip is not None:
            self._draft = self._grip.follow(place, fine)
            self._plan()
            self.looked.emit()

    def _stretch_band(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        assert self._press is not None
        lanes = QRectF(KEYS, self.stage.pitch.top(), self.width() - KEYS, self.height())
        self._band = QRectF(self._press[0], place).normalized().intersected(lanes)
        first, last = self.stage.time(self._band.left()), self.stage.time(self._band.right())
        within = {word.index for word in self._shape.words if word.end > first and word.start < last}
        add = bool(modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        self.select(frozenset(within | self.selected if add else within))
        self.update()

    def _seek(self, x: float) -> None:
        self._position = min(self._shape.seconds, max(0.0, self.stage.time(x)))
        self.sought.emit(self._heard(self._position))
        self.update()

    def _drop(self) -> None:
        """Let go of what is dragged; it stays as it was."""
        self._grip, self._press, self._band, self._draft = None, None, None, None

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self._grip is not None or self._band is not None):
            self._drop()
            self._plan()
        elif not keys.press(self, event):
            super().keyPressEvent(event)

    # Painting

    def sizeHint(self) -> QSize:
        return QSize(640, 250)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._camera.resize(self.width(), self.height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._painter.paint(painter, self._scene(), self.devicePixelRatioF())

    def _plan(self) -> None:
        """What the line will sound like."""
        base, natural = self._base, self._natural
        if base is None or natural is None:
            return
        heard, edits = (natural, {}) if self.comparing else (base, self._edits if self._draft is None else self._draft)
        self._shape, self._knots = planned(heard.shape, heard.edits, natural.shape, edits)
        if self.point is not None and self.point[1] >= len(self._handles().get(self.point[0], ())):
            self.point = None
        if self._draft is None:
            self._camera.follow(self._shape)
        self.update()

    def _handles(self) -> dict[int, tuple[PitchPoint, ...]]:
        """The points of the selected words, and of those that were drawn."""
        if self.comparing or not self.editable:
            return {}
        edits = self._edits if self._draft is None else self._draft
        shown = [word for word in self._shape.words if word.index in self.selected and word.voiced]
        return {word.index: points(word, edits.get(word.index, PLAIN)) for word in shown}

    def _scene(self) -> Scene:
        heard = self._natural if self.comparing else self._base
        changed = frozenset(() if self.comparing else (self._edits if self._draft is None else self._draft))
        natural = self._natural.shape if self._natural else _EMPTY
        ghost = {word.index: word for word in natural.words if word.index in changed}
        draft = self._draft or {}
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
            self._handles(),
            self.point,
            tuple(self._hover),
            self._band,
            self._position,
            self.comparing,
            self.hasFocus(),
        )
