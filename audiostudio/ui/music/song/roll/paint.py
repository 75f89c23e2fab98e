"""How the piano roll looks."""

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from audiostudio.music.song import SungNote, VocalPart
from audiostudio.ui.music.outline import section_colour
from audiostudio.ui.music.song.colours import colour
from audiostudio.ui.music.song.roll import notes
from audiostudio.ui.music.song.roll.notes import Ref
from audiostudio.ui.music.song.roll.stage import KEYS, RULER
from audiostudio.ui.theme import font, tokens

if TYPE_CHECKING:
    from audiostudio.ui.music.song.roll.canvas import RollCanvas

_NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_BLACK = frozenset({1, 3, 6, 8, 10})
_SECTIONS, _CHORDS = 20, 20
"""Pixels of the ruler's two upper rows."""
_NARROW = 7
"""Pixels between two lines of the grid, at least."""


def pitch_name(pitch: int) -> str:
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"


def roll(canvas: "RollCanvas", rect: QRect) -> None:
    painter = QPainter(canvas.viewport())
    painter.fillRect(rect, tokens().colour("sunken"))
    field = QRectF(KEYS, RULER, canvas.viewport().width() - KEYS, canvas.viewport().height() - RULER)
    painter.save()
    painter.setClipRect(field)
    _rows(canvas, painter, field)
    _columns(canvas, painter, field)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    order = [number for number in range(len(canvas.parts)) if number != canvas.part]
    for number in [*order, canvas.part] if canvas.parts else ():
        _part(canvas, painter, number, field)
    if canvas.band is not None:
        painter.setPen(QPen(tokens().colour("accent"), 1))
        painter.setBrush(tokens().colour("selected"))
        painter.drawRect(canvas.band)
    painter.restore()
    _ruler(canvas, painter, field)
    _keyboard(canvas, painter, field)
    _playhead(canvas, painter, field)


def _rows(canvas: "RollCanvas", painter: QPainter, field: QRectF) -> None:
    colours, stage = tokens(), canvas.stage
    score = canvas.shown.score
    scale = frozenset(score.key.scale) if score is not None else frozenset(range(12))
    slot = canvas.parts[canvas.part].slot if canvas.parts else ""
    limits = canvas.limits(slot)
    outside = QColor(colours.colour("error"))
    outside.setAlpha(16)
    shade = QColor(colours.colour("hover"))
    for pitch in range(stage.pitch(field.bottom()), stage.pitch(field.top()) + 1):
        box = QRectF(field.left(), stage.y(pitch), field.width(), stage.row)
        if pitch % 12 in scale:
            painter.fillRect(box, shade)
        if limits is not None and not limits[0] <= pitch <= limits[1]:
            painter.fillRect(box, outside)
        if pitch % 12 == 0:
            painter.setPen(QPen(colours.colour("border_strong"), 1))
            painter.drawLine(QPointF(box.left(), box.bottom()), QPointF(box.right(), box.bottom()))


def _columns(canvas: "RollCanvas", painter: QPainter, field: QRectF) -> None:
    colours, stage = tokens(), canvas.stage
    score = canvas.shown.score
    bar, beat = (score.metre.bar, score.metre.beat) if score is not None else (1920, 480)
    steps = [(bar, "border_strong")]
    if beat * stage.scale >= _NARROW:
        steps.insert(0, (beat, "border"))
    if canvas.grid.on and canvas.grid.ticks * stage.scale >= _NARROW:
        steps.insert(0, (canvas.grid.ticks, "border"))
    last = stage.tick(field.right())
    for step, token in steps:
        tint = QColor(colours.colour(token))
        tint.setAlpha(110 if step == canvas.grid.ticks and step != bar else 255)
        painter.setPen(QPen(tint, 1))
        tick = int(stage.left // step) * step
        while tick <= last:
            x = round(stage.x(tick)) + 0.5
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
            tick += step


def _part(canvas: "RollCanvas", painter: QPainter, number: int, field: QRectF) -> None:
    part, stage = canvas.parts[number], canvas.stage
    here = number == canvas.part
    painter.setFont(font("caption"))
    measure = painter.fontMetrics()
    shown = canvas.between(number, stage.left, stage.tick(field.right()))
    for place, note in enumerate(shown):
        box = QRectF(
            stage.x(note.start), stage.y(note.pitch) + 1, max(3.0, note.length * stage.scale - 1), stage.row - 2
        )
        if box.bottom() < field.top() or box.top() > field.bottom():
            continue
        ref = Ref(number, note)
        _note(canvas, painter, part, ref, box, here)
        if here:
            following = stage.x(_text_end(shown, place)) if place + 1 < len(shown) else field.right()
            _word(painter, note, box, following, measure, shown[place - 1] if place else None)


def _text_end(shown: tuple[SungNote, ...], place: int) -> float:
    """How far the word of a note may reach: to the next one that lies in its way."""
    note = shown[place]
    after = shown[place + 1 : place + 4]
    return next((one.start for one in after if one.pitch in (note.pitch, note.pitch - 1)), after[-1].start)


def _note(canvas: "RollCanvas", painter: QPainter, part: VocalPart, ref: Ref, box: QRectF, here: bool) -> None:
    colours, chosen = tokens(), ref in canvas.chosen
    fill = colour(part.slot)
    fill.setAlpha((235 if part.role == "lead" else 150) if here else 70)
    edge = colour(part.slot).darker(130) if here else fill
    if notes.out_of_range(ref.note, canvas.limits(part.slot)):
        edge = colours.colour("error")
    if ref == canvas.hover and not chosen:
        fill = fill.lighter(115)
    painter.setBrush(fill if part.role == "lead" or not here else Qt.BrushStyle.NoBrush)
    if part.role != "lead" and here:
        soft = QColor(fill)
        soft.setAlpha(90)
        painter.setBrush(soft)
    painter.setPen(QPen(colours.colour("text") if chosen else edge, 2 if chosen else 1))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)


def _word(
    painter: QPainter, note: SungNote, box: QRectF, following: float, measure: "QFontMetricsF", before: SungNote | None
) -> None:
    """Under its note; where a syllable goes on, a line."""
    goes_on = before is not None and (before.line, before.word, before.syllable) == (
        note.line,
        note.word,
        note.syllable,
    )
    painter.setPen(tokens().colour("text_secondary"))
    room = QRectF(box.left() + 1, box.bottom(), max(0.0, following - box.left() - 2), 14)
    if goes_on:
        y = room.center().y()
        painter.drawLine(QPointF(room.left(), y), QPointF(box.right(), y))
    elif room.width() >= min(16, measure.horizontalAdvance(note.text)):
        words = measure.elidedText(note.text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def _ruler(canvas: "RollCanvas", painter: QPainter, field: QRectF) -> None:
    colours, stage = tokens(), canvas.stage
    whole = QRectF(0, 0, field.right(), RULER)
    painter.fillRect(whole, colours.colour("surface"))
    score = canvas.shown.score
    painter.save()
    painter.setClipRect(QRectF(KEYS, 0, field.width(), RULER))
    if score is not None:
        bar = score.metre.bar
        last = stage.tick(field.right())
        for section in score.sections:
            start, end = section.bar * bar, (section.bar + section.bars) * bar
            if end < stage.left or start > last:
                continue
            _stretch(painter, stage.x(start), stage.x(end), section.name, section_colour(section.kind))
            _chords(canvas, painter, section.chords, section.key.names, last)
    _bars(canvas, painter, field)
    painter.restore()
    painter.setPen(QPen(colours.colour("border_strong"), 1))
    painter.drawLine(QPointF(0, RULER - 0.5), QPointF(field.right(), RULER - 0.5))


def _stretch(painter: QPainter, left: float, right: float, name: str, tint: QColor) -> None:
    soft = QColor(tint)
    soft.setAlpha(44)
    box = QRectF(left, 1, right - left - 1, _SECTIONS - 2)
    painter.fillRect(box, soft)
    painter.setPen(tint)
    painter.setFont(font("caption", font().Weight.DemiBold))
    shown = QRectF(max(box.left(), KEYS) + 5, box.top(), box.right() - max(box.left(), KEYS) - 8, box.height())
    if shown.width() > 10:
        words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(shown.width()))
        painter.drawText(shown, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def _chords(canvas: "RollCanvas", painter: QPainter, chords: tuple, names: tuple[str, ...], last: float) -> None:
    stage = canvas.stage
    painter.setFont(font("caption"))
    painter.setPen(tokens().colour("text_secondary"))
    for one in chords:
        if one.start + one.length < stage.left or one.start > last:
            continue
        left, right = stage.x(one.start), stage.x(one.start + one.length)
        if right - left >= 14:
            room = QRectF(max(left, KEYS) + 4, _SECTIONS, right - max(left, KEYS) - 4, _CHORDS)
            words = painter.fontMetrics().elidedText(
                one.chord.name(names), Qt.TextElideMode.ElideRight, int(room.width())
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def _bars(canvas: "RollCanvas", painter: QPainter, field: QRectF) -> None:
    stage, score = canvas.stage, canvas.shown.score
    bar, beat = (score.metre.bar, score.metre.beat) if score is not None else (1920, 480)
    every = next(n for n in (1, 2, 4, 8, 16, 32, 64, 128, 100_000) if n * bar * stage.scale >= 36)
    painter.setFont(font("caption", tabular=True))
    number, last = int(stage.left // bar), stage.tick(field.right())
    while number * bar <= last:
        x = stage.x(number * bar)
        if number % every == 0:
            painter.setPen(tokens().colour("text_muted"))
            room = QRectF(x + 4, _SECTIONS + _CHORDS, 60, RULER - _SECTIONS - _CHORDS)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, str(number + 1))
        painter.setPen(QPen(tokens().colour("border_strong"), 1))
        painter.drawLine(QPointF(x, RULER - 12), QPointF(x, RULER))
        if beat * stage.scale >= 12:
            for part in range(1, bar // beat):
                at = stage.x(number * bar + part * beat)
                painter.drawLine(QPointF(at, RULER - 5), QPointF(at, RULER))
        number += 1


def _keyboard(canvas: "RollCanvas", painter: QPainter, field: QRectF) -> None:
    colours, stage = tokens(), canvas.stage
    white, black, edge = _keys(colours.name)
    painter.save()
    painter.setClipRect(QRectF(0, RULER, KEYS, field.height()))
    painter.fillRect(QRectF(0, RULER, KEYS, field.height()), white)
    painter.setFont(font("caption"))
    sounding = {ref.note.pitch for ref in canvas.chosen}
    for pitch in range(stage.pitch(field.bottom()), stage.pitch(field.top()) + 1):
        box = QRectF(0, stage.y(pitch), KEYS, stage.row)
        if pitch % 12 in _BLACK:
            painter.fillRect(QRectF(0, box.top(), KEYS * 0.62, box.height()), black)
        if pitch in sounding:
            painter.fillRect(box.adjusted(0, 0, -1, 0), colours.colour("accent"))
        if pitch % 12 in (0, 5):
            painter.setPen(QPen(edge, 1))
            painter.drawLine(QPointF(0, box.bottom()), QPointF(KEYS, box.bottom()))
        if pitch % 12 == 0 or pitch in sounding:
            painter.setPen(colours.colour("on_accent") if pitch in sounding else black)
            painter.drawText(
                box.adjusted(0, 0, -5, 0),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                pitch_name(pitch),
            )
    painter.setPen(QPen(colours.colour("border_strong"), 1))
    painter.drawLine(QPointF(KEYS - 0.5, RULER), QPointF(KEYS - 0.5, field.bottom()))
    painter.restore()


def _playhead(canvas: "RollCanvas", painter: QPainter, field: QRectF) -> None:
    if canvas.playhead is None:
        return
    x = canvas.stage.x(canvas.playhead)
    if field.left() <= x <= field.right():
        tint = tokens().colour("playhead")
        painter.setPen(QPen(tint, 1.4))
        painter.drawLine(QPointF(x, RULER - 10), QPointF(x, field.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawPolygon(QPolygonF([QPointF(x - 5, RULER - 12), QPointF(x + 5, RULER - 12), QPointF(x, RULER - 4)]))


@lru_cache(4)
def _keys(theme: str) -> tuple[QColor, QColor, QColor]:
    """White keys, black keys and the lines between."""
    if theme == "light":
        return QColor("#fdfdfe"), QColor("#3b4252"), QColor("#c9cedb")
    return QColor("#d7dbe4"), QColor("#1b1e26"), QColor("#8b93a5")
