"""How the performance view is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from audiostudio.performance import PitchPoint
from audiostudio.ui.speech.performance import notes
from audiostudio.ui.speech.performance.picture import Picture, colour_table, row_of
from audiostudio.ui.speech.performance.shape import Shape, WordShape
from audiostudio.ui.speech.performance.stage import Stage
from audiostudio.ui.theme import Tokens, font, tokens
from audiostudio.ui.widgets.waveform_paint import clock

SPECTRUM = "spectrum"
THICKEST = 11.0
"""Pixels of half a melody's band where it is loudest."""
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60)
_TICKS = (1_000, 2_000, 4_000, 8_000)
_STOPS = {
    "dark": ("sunken", "accent_soft", "accent", "kind_song", "warning"),
    "light": ("sunken", "accent_soft", "focus", "accent", "text"),
}


@dataclass(slots=True)
class Scene:
    """What is to be seen."""

    stage: Stage
    shape: Shape
    ghost: dict[int, WordShape] = field(default_factory=dict)
    """How changed words sound by themselves."""
    moving: frozenset[int] = frozenset()
    """Words that are being dragged."""
    picture: Picture | None = None
    knots: Sequence[tuple[float, float]] = ()
    backdrop: str = "wave"
    hertz: bool = False
    selected: frozenset[int] = frozenset()
    changed: frozenset[int] = frozenset()
    handles: dict[int, tuple[PitchPoint, ...]] = field(default_factory=dict)
    point: tuple[int, int] | None = None
    hovered: tuple[str, int, int] | None = None
    """What is under the pointer: its kind, the word and the number in it."""
    band: QRectF | None = None
    position: float = 0.0
    muted: bool = False
    """The natural melody is shown, and cannot be changed."""
    focused: bool = False


class ScenePainter:
    """Keeps what does not move as a picture: while a word is dragged, or the playhead moves, only that is drawn."""

    def __init__(self) -> None:
        self._still = QPixmap()
        self._still_key: tuple[object, ...] | None = None
        self._kept: list[object] = []
        """What the key names by its address."""
        self._image: QImage | None = None
        self._image_key: tuple[object, ...] | None = None
        self._bits: NDArray[np.uint32] | None = None

    def paint(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        colours, stage = tokens(), scene.stage
        still = [word for word in _seen(scene) if word.index not in scene.moving]
        key = self._key_of(scene, still, ratio)
        if key != self._still_key:
            self._still = self._drawn_still(scene, still, ratio)
            self._still_key = key
            self._kept = [scene.picture, *(word.melody for word in still)]
        painter.drawPixmap(0, 0, self._still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        moving = [word for word in _seen(scene) if word.index in scene.moving]
        _words(painter, colours, scene, moving)
        _edge(painter, colours, scene)
        if scene.band is not None:
            painter.setPen(QPen(colours.colour("accent_text"), 1))
            painter.setBrush(colours.colour("wave_selection"))
            painter.drawRect(scene.band)
        _playhead(painter, colours, scene)
        if scene.focused:
            painter.setPen(QPen(colours.colour("focus"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(1, 1, stage.width - 2, stage.height - 2), 6, 6)

    def _key_of(self, scene: Scene, still: list[WordShape], ratio: float) -> tuple[object, ...]:
        speaking = scene.shape.at(scene.position) if scene.position > 0 else None
        words = tuple((word.index, word.start, word.end, word.energy, word.phonemes, id(word.melody)) for word in still)
        look = (scene.backdrop, scene.hertz, scene.selected, scene.changed, scene.point, scene.hovered, scene.muted)
        handles = tuple(item for item in scene.handles.items() if item[0] not in scene.moving)
        index = None if speaking is None else speaking.index
        return (scene.stage, tokens().name, ratio, id(scene.picture), tuple(scene.knots), words, look, handles, index)

    def _drawn_still(self, scene: Scene, still: list[WordShape], ratio: float) -> QPixmap:
        colours, stage = tokens(), scene.stage
        made = QPixmap(max(1, round(stage.width * ratio)), max(1, round(stage.height * ratio)))
        made.setDevicePixelRatio(ratio)
        made.fill(colours.colour("sunken"))
        painter = QPainter(made)
        self._backdrop(painter, scene, ratio)
        _grid(painter, colours, scene)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _lanes(painter, colours, scene)
        _words(painter, colours, scene, still)
        _ruler(painter, colours, stage)
        painter.end()
        return made

    def _backdrop(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        if scene.picture is None or not scene.knots:
            return
        box = scene.stage.pitch
        where = (scene.stage.left, scene.stage.seconds, box.width(), box.height(), ratio)
        key = (id(scene.picture), scene.backdrop, tokens().name, where, tuple(scene.knots))
        if key != self._image_key:
            columns = max(1, round(box.width() * ratio))
            edges = scene.stage.left + np.arange(columns + 1) * scene.stage.seconds / columns
            there, here = zip(*scene.knots, strict=True)
            times = np.interp(edges, there, here)
            made = _spectrum if scene.backdrop == SPECTRUM else _wave
            self._bits = made(scene.picture, times, max(1, round(box.height() * ratio)))
            self._bits[:, (edges[1:] <= 0) | (edges[:-1] >= there[-1])] = 0
            self._image = _image(self._bits)
            self._image.setDevicePixelRatio(ratio)
            self._image_key = key
        if self._image is not None:
            painter.drawImage(box.topLeft(), self._image)


def _image(bits: NDArray[np.generic]) -> QImage:
    """A picture on `bits`, which have to live as long: ARGB (premultiplied)."""
    height, width = bits.shape
    return QImage(bits.data, width, height, bits.strides[0], QImage.Format.Format_ARGB32_Premultiplied)


def _spectrum(picture: Picture, times: NDArray[np.float64], height: int) -> NDArray[np.uint32]:
    colours = tokens()
    stops = [colours.colour(stop) for stop in _STOPS[colours.name]]
    table = colour_table([(stop.red(), stop.green(), stop.blue()) for stop in stops])
    return table[picture.spectrum((times[:-1] + times[1:]) / 2, height)]


def _wave(picture: Picture, times: NDArray[np.float64], height: int) -> NDArray[np.uint32]:
    """A soft waveform about the middle: each column filled from its least to its greatest value."""
    least, greatest = picture.wave(times)
    loudest = max(float(np.abs(picture.least).max()), float(picture.greatest.max()), 1e-3)
    middle, reach = height / 2, height * 0.42 / loudest
    rows = np.arange(height, dtype=np.int32)[:, None]
    top, bottom = (middle - greatest * reach).astype(np.int32), (middle - least * reach).astype(np.int32)
    ink = tokens().colour("wave")
    share = 0.62 if tokens().name == "dark" else 0.55
    parts = (round(share * level) for level in (255, ink.red(), ink.green(), ink.blue()))
    alpha, red, green, blue = parts
    table = np.array([0, (alpha << 24) | (red << 16) | (green << 8) | blue], np.uint32)
    return table[((rows >= top) & (rows <= bottom)).view(np.uint8)]


def _grid(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    """Notes or frequencies, named at the left."""
    stage, box = scene.stage, scene.stage.pitch
    over = scene.backdrop == SPECTRUM
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    line = colours.colour("text")
    painter.setFont(font("caption", tabular=True))
    for height, words, strong in _heights(stage, scene.hertz):
        y = round(stage.y(height))
        if not box.top() + 6 < y < box.bottom() - 2:
            continue
        line.setAlpha((40 if strong else 16) if not over else (56 if strong else 0))
        painter.setPen(QPen(line, 1))
        painter.drawLine(QLineF(box.left(), y, box.right(), y))
        painter.setPen(colours.colour("text_secondary" if strong else "text_muted"))
        if words:
            painter.drawText(QRectF(0, y - 8, box.left() - 8, 16), _RIGHT, words)
    if over:
        painter.setPen(colours.colour("text_muted"))
        for hz in _TICKS:
            words = f"{hz // 1000} kHz"
            width = painter.fontMetrics().horizontalAdvance(words) + 8
            plate = QRectF(box.right() - width - 4, box.top() + row_of(hz) * box.height() - 7, width, 14)
            painter.fillRect(plate, colours.colour("surface"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _heights(stage: Stage, hertz: bool) -> list[tuple[float, str, bool]]:
    """Where lines are, their names and which of them are strong."""
    room = stage.pitch.height() / (stage.high - stage.low)
    if hertz:
        low, high = notes.hertz(stage.low), notes.hertz(stage.high)
        step = next(
            (one for one in (5, 10, 20, 25, 50, 100, 200, 500) if (high - low) / one <= stage.pitch.height() / 22), 500
        )
        first = int(low // step) + 1
        return [(notes.note(n * step), f"{n * step} Hz", n % 2 == 0) for n in range(first, int(high // step) + 1) if n]
    every = next((one for one in (1, 2, 3, 6, 12) if one * room >= 15), 12)
    numbers = range(int(np.ceil(stage.low)), int(stage.high) + 1)
    return [(n, notes.name(n) if n % every == 0 else "", n % 12 == 0) for n in numbers]


def _words(painter: QPainter, colours: Tokens, scene: Scene, words: list[WordShape]) -> None:
    """Everything that is drawn of words."""
    stage = scene.stage
    painter.save()
    painter.setClipRect(stage.pitch.toRect())
    _columns(painter, colours, scene, words)
    _melodies(painter, colours, scene, words)
    painter.setClipRect(stage.energy.united(stage.phonemes).toRect())
    for word in words:
        _energy(painter, colours, scene, word)
        _word(painter, colours, scene, word)
        _phonemes(painter, colours, scene, word)
    painter.restore()


def _columns(painter: QPainter, colours: Tokens, scene: Scene, words: list[WordShape]) -> None:
    """Selected words, and the edges of words."""
    stage, box = scene.stage, scene.stage.pitch
    edge = colours.colour("text")
    edge.setAlpha(26)
    edges: list[QLineF] = []
    for word in words:
        left, right = stage.x(word.start), stage.x(word.end)
        if word.index in scene.selected:
            painter.fillRect(QRectF(left, box.top(), right - left, box.height()), colours.colour("wave_selection"))
        edges += [QLineF(round(x) + 0.5, box.top(), round(x) + 0.5, box.bottom()) for x in (left, right)]
    painter.setPen(QPen(edge, 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawLines(edges)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _seen(scene: Scene) -> list[WordShape]:
    first, last = scene.stage.left, scene.stage.left + scene.stage.seconds
    return [word for word in scene.shape.words if word.end >= first and word.start <= last]


def _melodies(painter: QPainter, colours: Tokens, scene: Scene, words: list[WordShape]) -> None:
    over = scene.backdrop == SPECTRUM
    ghost = QPen(colours.colour("text_secondary" if over else "text_muted"), 1.25, Qt.PenStyle.DashLine)
    for word in words:
        natural = scene.ghost.get(word.index)
        for run in _runs(scene.stage, word, natural.melody) if natural is not None else ():
            painter.setPen(ghost)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in run]))
    for word in words:
        changed = word.index in scene.changed and not scene.muted
        ink = colours.colour("accent" if changed else "wave_rms")
        fill = QColor(ink)
        fill.setAlpha(150 if changed else 120)
        for run in _runs(scene.stage, word, word.melody):
            _band(painter, scene, run, fill)
            _line(painter, colours, run, changed, over)
        for number, point in enumerate(scene.handles.get(word.index, ())):
            _handle(painter, colours, scene, word, number, point)


def _runs(stage: Stage, word: WordShape, melody: NDArray[np.float32]) -> list[list[tuple[float, float]]]:
    """The places of a melody, for each stretch that has a voice; no more of them than there are pixels."""
    box = stage.pitch
    left, right = stage.x(word.start), stage.x(word.end)
    skip = max(1, int(len(melody) / max(4.0, (right - left) / 2)))
    chosen = melody[::skip]
    xs = left + (np.arange(len(chosen)) * skip + 0.5) / len(melody) * (right - left)
    ys = box.bottom() - (chosen - stage.low) / (stage.high - stage.low) * box.height()
    voiced = np.flatnonzero(np.isfinite(ys))
    pieces = np.split(voiced, np.flatnonzero(np.diff(voiced) > 1) + 1) if len(voiced) else []
    return [list(zip(xs[piece].tolist(), ys[piece].tolist(), strict=True)) for piece in pieces]


def _band(painter: QPainter, scene: Scene, run: list[tuple[float, float]], fill: QColor) -> None:
    """As thick as it is loud."""
    run = [*run[:-1:3], run[-1]]
    if scene.picture is None or not scene.knots or len(run) < 2:
        return
    there, here = zip(*scene.knots, strict=True)
    times = np.interp([scene.stage.time(x) for x, _ in run], there, here)
    loudest = float(scene.picture.power.max()) or 1.0
    thick = 2.0 + THICKEST * np.sqrt(np.clip(scene.picture.loudness(times) / loudest, 0, 1))
    edge = [(x, y, one) for (x, y), one in zip(run, thick.tolist(), strict=True)]
    outline = [QPointF(x, y - one) for x, y, one in edge] + [QPointF(x, y + one) for x, y, one in reversed(edge)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # which would take most of a picture's time
    painter.drawPolygon(QPolygonF(outline), Qt.FillRule.WindingFill)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _line(painter: QPainter, colours: Tokens, run: list[tuple[float, float]], changed: bool, over: bool) -> None:
    polygon = QPolygonF([QPointF(x, y) for x, y in run])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    round_cap = Qt.PenCapStyle.RoundCap
    if over:
        painter.setPen(QPen(colours.colour("backdrop"), 4.5, Qt.PenStyle.SolidLine, round_cap))
        painter.drawPolyline(polygon)
    ink = "accent_text" if changed and not (over and colours.name == "dark") else "text"
    painter.setPen(QPen(colours.colour(ink), 2.0, Qt.PenStyle.SolidLine, round_cap))
    painter.drawPolyline(polygon)


def _handle(painter: QPainter, colours: Tokens, scene: Scene, word: WordShape, number: int, point: PitchPoint) -> None:
    x = scene.stage.x(word.start + point.at * word.seconds)
    y = scene.stage.y(notes.note(point.hz))
    active = scene.point == (word.index, number)
    hovered = scene.hovered == ("point", word.index, number)
    painter.setPen(QPen(colours.colour("accent_text"), 1.75))
    painter.setBrush(colours.colour("accent" if active else "surface"))
    size = 5.5 if hovered or active else 4.0
    painter.drawEllipse(QPointF(x, y), size, size)


def _lanes(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    stage = scene.stage
    lanes = stage.energy.united(stage.phonemes)
    painter.fillRect(QRectF(0, lanes.top(), stage.width, lanes.height()), colours.colour("surface"))
    painter.setPen(QPen(colours.colour("border"), 1))
    painter.drawLine(QLineF(0, lanes.top() + 0.5, stage.width, lanes.top() + 0.5))
    painter.setFont(font("caption", tabular=True))
    painter.setPen(colours.colour("text_muted"))
    painter.drawText(QRectF(0, stage.energy.top(), stage.energy.left() - 8, stage.energy.height()), _RIGHT, "dB")
    painter.save()
    painter.setClipRect(lanes.toRect())
    middle = stage.energy.center().y()
    painter.setPen(QPen(colours.colour("border_strong"), 1, Qt.PenStyle.DotLine))
    painter.drawLine(QLineF(lanes.left(), middle, lanes.right(), middle))
    for before, after in pairwise(scene.shape.words):
        _gap(painter, colours, scene, before, after)
    painter.restore()


def _energy(painter: QPainter, colours: Tokens, scene: Scene, word: WordShape) -> None:
    """How much louder or quieter: a bar from the middle, with its handle."""
    stage = scene.stage
    box = stage.energy
    left, right = stage.x(word.start) + 1, stage.x(word.end) - 1
    y = box.center().y() - word.energy / 12.0 * (box.height() / 2 - 6)
    strong = word.index in scene.selected or scene.hovered == ("energy", word.index, 0)
    bar = colours.colour("accent" if word.energy else "border_strong")
    bar.setAlpha(110)
    painter.fillRect(QRectF(left, min(y, box.center().y()), right - left, abs(y - box.center().y())), bar)
    ink = colours.colour("accent_text" if word.energy or strong else "border_strong")
    painter.setPen(QPen(ink, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QLineF(left + 1, y, right - 1, y))
    if (word.energy or strong) and right - left > 34:
        painter.setPen(colours.colour("text_secondary"))
        painter.setFont(font("caption", tabular=True))
        at = QRectF(left, box.top() if word.energy < 0 else box.center().y() + 2, right - left, box.height() / 2 - 2)
        painter.drawText(at, Qt.AlignmentFlag.AlignCenter, f"{word.energy:+.1f}" if word.energy else "0")


def _word(painter: QPainter, colours: Tokens, scene: Scene, word: WordShape) -> None:
    stage = scene.stage
    box = QRectF(stage.x(word.start), stage.words.top() + 2, word.seconds * stage.scale, stage.words.height() - 4)
    box.adjust(0.5, 0, -0.5, 0)
    selected = word.index in scene.selected
    hovered = scene.hovered is not None and scene.hovered[0] == "word" and scene.hovered[1] == word.index
    speaking = word.start <= scene.position < word.end and scene.position > 0
    painter.setPen(QPen(colours.colour("accent" if selected else "border_strong"), 1))
    painter.setBrush(
        colours.colour("accent" if selected else "accent_soft" if speaking else "overlay" if hovered else "raised")
    )
    painter.drawRoundedRect(box, 4, 4)
    changed = word.index in scene.changed
    if changed:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("on_accent" if selected else "accent_text"))
        painter.drawEllipse(QPointF(box.left() + 7, box.center().y()), 2.5, 2.5)
    painter.setFont(font("small"))
    painter.setPen(colours.colour("on_accent" if selected else "text"))
    room = box.adjusted(13 if changed else 5, 0, -2, 0)
    if room.width() > 4:
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word.text)


def _edge(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    """The edge of a word that the pointer is at."""
    if scene.hovered is None or scene.hovered[0] not in ("end", "start"):
        return
    words = [word.index for word in scene.shape.words]
    number = words.index(scene.hovered[1]) if scene.hovered[1] in words else -1
    word = scene.shape.words[number] if scene.hovered[0] == "end" else scene.shape.words[number + 1]
    x = scene.stage.x(word.end if scene.hovered[0] == "end" else word.start)
    painter.setPen(QPen(colours.colour("accent_text"), 2))
    painter.drawLine(QLineF(x, scene.stage.pitch.top(), x, scene.stage.phonemes.bottom()))


def _phonemes(painter: QPainter, colours: Tokens, scene: Scene, word: WordShape) -> None:
    box = scene.stage.phonemes
    edges = [scene.stage.x(edge) for edge in word.edges()]
    painter.setFont(font("caption"))
    painter.setPen(colours.colour("text_secondary"))
    for (symbol, _), (left, right) in zip(word.phonemes, pairwise(edges), strict=True):
        if right - left >= 7:
            place = QRectF(left, box.top(), right - left, box.height() - 2)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, symbol)
    painter.setPen(QPen(colours.colour("border_strong"), 1))
    painter.drawLines([QLineF(round(x) + 0.5, box.top() + 2, round(x) + 0.5, box.bottom() - 4) for x in edges[1:-1]])
    if scene.hovered is not None and scene.hovered[:2] == ("phoneme", word.index):
        x = edges[scene.hovered[2] + 1]
        painter.setPen(QPen(colours.colour("accent_text"), 3))
        painter.drawLine(QLineF(x, box.top() + 2, x, box.bottom() - 4))


def _gap(painter: QPainter, colours: Tokens, scene: Scene, before: WordShape, after: WordShape) -> None:
    stage = scene.stage
    left, right = stage.x(before.end), stage.x(after.start)
    hovered = scene.hovered is not None and scene.hovered[:2] == ("gap", before.index)
    y = stage.words.center().y()
    if right - left >= 10:
        painter.setPen(QPen(colours.colour("accent_text" if hovered else "border_strong"), 1.5, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(left + 3, y, right - 3, y))
    if right - left >= 44:
        painter.setFont(font("caption", tabular=True))
        words = f"{before.gap:.2f} s"
        width = painter.fontMetrics().horizontalAdvance(words) + 8
        plate = QRectF((left + right - width) / 2, y - 8, width, 16)
        painter.fillRect(plate, colours.colour("surface"))
        painter.setPen(colours.colour("accent_text" if hovered else "text_muted"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)


def _ruler(painter: QPainter, colours: Tokens, stage: Stage) -> None:
    painter.fillRect(QRectF(0, 0, stage.width, stage.pitch.top()), colours.colour("surface"))
    step = next((one for one in _STEPS if one * stage.scale >= 64), _STEPS[-1])
    decimals = 2 if step < 0.1 else 1 if step < 1 else 0
    painter.setFont(font("caption", tabular=True))
    for number in range(max(0, int(stage.left / step)), int((stage.left + stage.seconds) / step) + 1):
        x = round(stage.x(number * step)) + 0.5
        if x < stage.pitch.left():
            continue
        painter.setPen(QPen(colours.colour("border_strong"), 1))
        painter.drawLine(QLineF(x, stage.pitch.top() - 6, x, stage.pitch.top()))
        words = clock(number * step, decimals)
        if x + 4 + painter.fontMetrics().horizontalAdvance(words) <= stage.width:
            painter.setPen(colours.colour("text_muted"))
            painter.drawText(QPointF(x + 4, stage.pitch.top() - 6), words)
    painter.setPen(QPen(colours.colour("border"), 1))
    painter.drawLine(QLineF(0, stage.pitch.top() - 0.5, stage.width, stage.pitch.top() - 0.5))


def _playhead(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    stage = scene.stage
    x = stage.x(scene.position)
    if stage.pitch.left() - 1 <= x <= stage.width + 1:
        painter.setPen(QPen(colours.colour("playhead"), 1.5))
        painter.drawLine(QLineF(x, stage.pitch.top(), x, stage.phonemes.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("playhead"))
        top = stage.pitch.top()
        painter.drawPolygon(QPolygonF([QPointF(x - 5, top - 7), QPointF(x + 5, top - 7), QPointF(x, top)]))
