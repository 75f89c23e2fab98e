"""What a pointer takes hold of in the performance view, and what dragging it does to the words. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from PySide6.QtCore import QPointF

from audiostudio.performance import PLAIN, PitchPoint, Voicing
from audiostudio.ui.speech.performance import redraw
from audiostudio.ui.speech.performance.notes import Scale, note
from audiostudio.ui.speech.performance.shape import Shape, WordShape
from audiostudio.ui.speech.performance.stage import Stage

NEAR = 7.0
"""Pixels."""
EDGE = 5.0
DECIBELS = 0.25
"""dB for each pixel."""
FINE = 0.2
"""How much slower things move with Shift."""
Edits = Mapping[int, Voicing]


class Hit(NamedTuple):
    """What is at a place."""

    kind: str
    """`ruler`, `point`, `curve`, `pitch`, `energy`, `end`, `start`, `gap`, `word`, `phoneme` or `nothing`."""
    word: int = -1
    """Its place among the words as read; of a gap the word before it; −1: none."""
    number: int = 0
    """Of a point or a phoneme in its word."""


NOTHING = Hit("nothing")


def hit(stage: Stage, shape: Shape, handles: Mapping[int, tuple[PitchPoint, ...]], place: QPointF) -> Hit:
    """What lies under the pointer."""
    x, y = place.x(), place.y()
    if x < stage.pitch.left():
        return NOTHING
    if y < stage.pitch.top():
        return Hit("ruler")
    word = shape.at(stage.time(x))
    if y < stage.pitch.bottom():
        return _in_pitch(stage, shape, handles, word, place)
    if y < stage.energy.bottom():
        return NOTHING if word is None else Hit("energy", word.index)
    if y >= stage.phonemes.top():
        return _edge(stage, shape, x) or (NOTHING if word is None else _in_phonemes(stage, word, x))
    found = _edge(stage, shape, x)
    if found is not None or word is not None:
        return found or (Hit("word", word.index) if word is not None else NOTHING)
    for before, after in pairwise(shape.words):
        if stage.x(before.end) <= x < stage.x(after.start):
            return Hit("gap", before.index)
    return NOTHING


def _in_pitch(
    stage: Stage, shape: Shape, handles: Mapping[int, tuple[PitchPoint, ...]], word: WordShape | None, place: QPointF
) -> Hit:
    for index, drawn in handles.items():
        owner = shape.word(index)
        for number, point in enumerate(drawn):
            if owner is None:
                continue
            there = QPointF(stage.x(owner.start + point.at * owner.seconds), stage.y(note(point.hz)))
            if (there - place).manhattanLength() <= NEAR:
                return Hit("point", index, number)
    if word is not None:
        height = melody_at(word, (stage.time(place.x()) - word.start) / word.seconds)
        if abs(stage.y(height) - place.y()) <= NEAR + 4:
            return Hit("curve", word.index)
    return Hit("pitch", -1 if word is None else word.index)


def _edge(stage: Stage, shape: Shape, x: float) -> Hit | None:
    for number, word in enumerate(shape.words):
        reach = min(EDGE, word.seconds * stage.scale / 3)
        if -reach <= x - stage.x(word.end) < (reach if _far(stage, shape, number) else 0):
            return Hit("end", word.index)
        if number and -(reach if _far(stage, shape, number - 1) else 0) <= x - stage.x(word.start) <= reach:
            return Hit("start", shape.words[number - 1].index)
    return None


def _far(stage: Stage, shape: Shape, number: int) -> bool:
    """Whether there is room between a word and the next."""
    return number == len(shape.words) - 1 or shape.words[number].gap * stage.scale > 3 * EDGE


def _in_phonemes(stage: Stage, word: WordShape, x: float) -> Hit:
    for number, (before, edge) in enumerate(pairwise(word.edges()[:-1])):
        if abs(stage.x(edge) - x) <= min(EDGE, max(1.0, (edge - before) * stage.scale / 2)):
            return Hit("phoneme", word.index, number)
    return Hit("word", word.index)


def melody_at(word: WordShape, place: float) -> float:
    """The note at 0…1 of a word, also where it has no voice; NaN where the whole word has none."""
    voiced = np.flatnonzero(np.isfinite(word.melody))
    if not len(voiced):
        return float("nan")
    return float(np.interp(place * len(word.melody) - 0.5, voiced, word.melody[voiced]))


class Grip(Protocol):
    """Something that is being dragged."""

    kind: str
    """What the undo step is called by: a key of `view.STEPS`."""

    def follow(self, place: QPointF, fine: bool) -> Edits:
        """The edits when the pointer is there."""
        ...


@dataclass(slots=True)
class Held:
    """What all grips know: how it was when the drag began."""

    stage: Stage
    shape: Shape
    edits: Edits
    words: tuple[WordShape, ...]
    """Those that are dragged."""
    start: QPointF
    scale: Scale | None = None
    """Notes snap to it."""

    def edit(self, word: WordShape) -> Voicing:
        return self.edits.get(word.index, PLAIN)

    def with_(self, changed: Iterable[tuple[int, Voicing]]) -> Edits:
        return {**self.edits, **dict(changed)}


@dataclass(slots=True)
class Transpose(Held):
    """Words up and down; the first snaps with its middle."""

    kind = "pitch"
    limits: tuple[float, float] = (-12.0, 12.0)

    def follow(self, place: QPointF, fine: bool) -> Edits:
        way = self.stage.note(place.y()) - self.stage.note(self.start.y())
        if fine:
            way *= FINE
        elif self.scale is not None and self.words[0].voiced:
            way = self.scale.nearest(self.words[0].centre + way) - self.words[0].centre
        return self.with_(
            (word.index, redraw.transposed(self.edit(word), word, way, self.limits)) for word in self.words
        )


@dataclass(slots=True)
class MovePoint(Held):
    kind = "pitch"
    number: int = 0

    def follow(self, place: QPointF, fine: bool) -> Edits:
        word = self.words[0]
        edit = self.edit(word)
        before = redraw.points(word, edit)[self.number]
        pace = FINE if fine else 1.0
        height = note(before.hz) + pace * (self.stage.note(place.y()) - self.stage.note(self.start.y()))
        if self.scale is not None and not fine:
            height = self.scale.nearest(height)
        at = before.at + pace * (place.x() - self.start.x()) / self.stage.scale / word.seconds
        return self.with_([(word.index, redraw.with_point(edit, word, self.number, at, height))])


@dataclass(slots=True)
class Draw(Held):
    """A melody by hand, over as many words as the pointer passes."""

    kind = "draw"
    stroke: dict[int, float] = field(default_factory=dict)
    """Pixel → note."""
    last: QPointF | None = None

    def follow(self, place: QPointF, fine: bool) -> Edits:
        before = self.last or place
        self.last = place
        first, last = sorted((round(before.x()), round(place.x())))
        for x in range(first, last + 1):
            share = 1.0 if place.x() == before.x() else (x - before.x()) / (place.x() - before.x())
            height = self.stage.note(before.y() + min(1.0, max(0.0, share)) * (place.y() - before.y()))
            self.stroke[x] = self.scale.nearest(height) if self.scale is not None else height
        return self.with_(self._drawn())

    def _drawn(self) -> Iterable[tuple[int, Voicing]]:
        reached = [(self.stage.time(x), height) for x, height in sorted(self.stroke.items())]
        for word in self.shape.words:
            within = [
                ((at - word.start) / word.seconds, height) for at, height in reached if word.start <= at <= word.end
            ]
            if within:
                yield word.index, redraw.drawn(self.edit(word), word, within)


@dataclass(slots=True)
class Stretch(Held):
    """Longer and shorter; several words by the same factor."""

    kind = "length"

    def follow(self, place: QPointF, fine: bool) -> Edits:
        held = self.words[0]
        way = (place.x() - self.start.x()) / self.stage.scale * (FINE if fine else 1.0)
        factor = max(0.05, (held.seconds + way) / held.seconds)
        return self.with_((word.index, redraw.lasting(self.edit(word), word.seconds * factor)) for word in self.words)


@dataclass(slots=True)
class Part(Held):
    """The silence behind a word."""

    kind = "gap"

    def follow(self, place: QPointF, fine: bool) -> Edits:
        word = self.words[0]
        way = (place.x() - self.start.x()) / self.stage.scale * (FINE if fine else 1.0)
        return self.with_([(word.index, redraw.followed_by(self.edit(word), word.gap + way))])


@dataclass(slots=True)
class MoveEdge(Held):
    """The edge behind a phoneme."""

    kind = "phonemes"
    number: int = 0

    def follow(self, place: QPointF, fine: bool) -> Edits:
        word = self.words[0]
        way = (place.x() - self.start.x()) / self.stage.scale * (FINE if fine else 1.0)
        at = (word.edges()[self.number + 1] + way - word.start) / word.seconds
        return self.with_([(word.index, redraw.with_edge(self.edit(word), word, self.number, at))])


@dataclass(slots=True)
class Louden(Held):
    kind = "energy"

    def follow(self, place: QPointF, fine: bool) -> Edits:
        way = (self.start.y() - place.y()) * DECIBELS * (FINE if fine else 1.0)
        step = 0.1 if fine else 0.5
        return self.with_(
            (word.index, redraw.louder(self.edit(word), word, round((word.energy + way) / step) * step - word.energy))
            for word in self.words
        )


def grip(found: Hit, held: Held, limits: tuple[float, float]) -> Grip | None:
    """What dragging a place does; None where nothing can be dragged. `held`: as it is now, its words those that are
    dragged together, the one under the pointer first."""
    known = (held.stage, held.shape, held.edits)
    alone = held.words[:1]
    match found.kind:
        case "point":
            return MovePoint(*known, alone, held.start, held.scale, found.number)
        case "curve":
            return Transpose(*known, held.words, held.start, held.scale, limits)
        case "energy":
            return Louden(*known, held.words, held.start)
        case "end":
            return Stretch(*known, held.words, held.start)
        case "start" | "gap":
            return Part(*known, alone, held.start)
        case "phoneme":
            return MoveEdge(*known, alone, held.start, None, found.number)
    return None
