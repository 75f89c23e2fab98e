"""Melodies: a motif that returns varied, chord tones on the beats that are felt, leaps that are filled, cadences.

In C. A motif is a rhythm of one bar and steps of a scale; phrases of four bars state it, move it, turn it over or break
it up, and close.
"""

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from random import Random

from audiostudio.music.frame import STEP, Frame, note
from audiostudio.music.genres import Instrument
from audiostudio.music.harmony import scale
from audiostudio.music.score import Note
from audiostudio.music.theory import Chord

_STEPS = (-1, 1, -1, 1, -2, 2, 0, -1, 1, 2, -2, 3, -3, 4)
_QUIET = ("verse", "pre-chorus", "break", "intro")


@dataclass(frozen=True, slots=True)
class Motif:
    """A bar of melody without its chords."""

    rhythm: tuple[tuple[int, int], ...]
    """(start, length) in ticks of the bar."""
    contour: tuple[int, ...]
    """Steps of the scale from the first note, one for each note."""


def play(frame: Frame, one: Instrument, who: str) -> list[Note]:
    """The melody of a section."""
    low, high = register(one, frame)
    theme, rng = frame.theme(who), frame.vary(who)
    motif = _motif(frame, theme, frame.genre.density + 0.25 * (frame.energy - 0.5))
    other = _contrast(frame, motif, theme)
    bars = _improvised(frame, rng) if frame.section.kind == "solo" else _phrases(frame, motif, other, rng)
    notes: list[Note] = []
    home = low + (high - low) * (0.38 + 0.32 * frame.energy)
    line = round(home)
    gain = 0.86 + 0.2 * frame.energy
    for bar, shape in enumerate(bars):
        if shape is None:
            continue
        closing = bar % 4 == 3 or bar == frame.bars - 1
        made = _sing(frame, shape, bar, line, (low, high), closing, gain)
        notes += made
        if made:
            line = round(0.5 * made[-1].pitch + 0.5 * home)
    return notes


def register(one: Instrument, frame: Frame) -> tuple[int, int]:
    """Where a melody lies on an instrument, in C, with room to be moved to any key; higher where energy is high."""
    low, high = max(one.low + 5, 60), min(one.high - 6, 84)
    if high - low < 10:
        middle = (one.low + one.high) // 2
        low, high = max(one.low, middle - 8), min(one.high, middle + 8)
    span = min(high - low, 17)
    lift = round((high - low - span) * min(1.0, max(0.0, 0.2 + 0.7 * frame.energy)))
    return low + lift, low + lift + span


def counter(frame: Frame, lead: list[Note], one: Instrument, who: str) -> list[Note]:
    """A second voice: guide tones of the chords, moving where the melody rests or holds, below it."""
    low, high = max(one.low + 5, 52), min(one.high - 6, 76)
    if high - low < 9:
        middle = (one.low + one.high) // 2
        low, high = max(one.low, middle - 7), min(one.high, middle + 7)
    rng = frame.vary(who)
    line = (low + high) // 2
    notes: list[Note] = []
    gain = 0.84 + 0.2 * frame.energy
    half = frame.bar // 2 // STEP * STEP
    for bar in range(frame.bars):
        start = bar * frame.bar
        here = [sung for sung in lead if start <= sung.start < start + frame.bar]
        gap = _gap(here, start, frame.bar)
        if gap is None or not here:
            places = [(start, frame.bar)] if rng.random() < 0.6 else [(start, half), (start + half, frame.bar - half)]
        else:
            begin, length = gap
            size = length // (2 * STEP)
            count = min(size, rng.choice((1, 2, 2, 3)))
            each = length // max(count, 1) // STEP * STEP
            places = [(begin + k * each, each) for k in range(count)] if count else []
        for tick, length in places:
            tones = [tone for tone in frame.chord(tick).classes if tone != frame.chord(tick).root] or [
                frame.chord(tick).root
            ]
            line = _nearest(line + rng.choice((-2, 0, 2)), tones, low, high)
            notes.append(note(tick, length - 24, line, 74 * gain))
    return notes


def final(frame: Frame, one: Instrument, chord: Chord, start: int, length: int) -> list[Note]:
    """The last note: the tonic."""
    low, high = register(one, frame)
    return [note(start, length, _nearest((low + high) // 2, [chord.root], low, high), 70 + 30 * frame.energy)]


def rhythm(frame: Frame, rng: Random, density: float) -> tuple[tuple[int, int], ...]:
    """Where notes of a bar begin and how long they are: strong places first, pushed ahead now and then."""
    genre = frame.genre
    pulses = set(frame.pulses)
    eighth = STEP * 2
    places: dict[int, float] = {}
    fine = genre.density > 0.45 and genre.motion != "long"
    for tick in range(0, frame.bar, STEP):
        strong = 1.2 if tick == 0 else 0.9 if tick in pulses else 0.55 if tick % eighth == 0 else 0.1 if fine else 0.0
        if tick % eighth == 0 and tick not in pulses:
            strong += 0.6 * genre.syncopation
        elif tick % eighth:
            strong *= 1 + 2 * genre.syncopation
        if strong:
            places[tick] = strong
    per_bar = {"long": 2.6, "sparse": 4.2, "riff": 6.2}.get(genre.motion, 7.0) * frame.bar / 1920
    count = round(per_bar * (0.45 + density) * rng.uniform(0.75, 1.1))
    count = min(max(1 if genre.motion == "long" else 2, count), len(places))
    chosen: list[int] = []
    while len(chosen) < count:
        tick = rng.choices(list(places), list(places.values()))[0]
        chosen.append(tick)
        del places[tick]
        for near in (tick - STEP, tick + STEP):  # no crowds
            if near in places and near % eighth:
                places[near] *= 0.35
    chosen.sort()
    ends = [*chosen[1:], frame.bar]
    found = []
    for start, end in zip(chosen, ends, strict=True):
        length = end - start
        longest = frame.bar if genre.motion == "long" else STEP * 6
        found.append((start, min(length, longest)))
    return tuple(found)


def contour(rng: Random, count: int) -> tuple[int, ...]:
    """Steps from the first note: mostly by neighbours; a leap is answered the other way."""
    line, at, last = [0], 0, 0
    for _ in range(count - 1):
        step = rng.choice(_STEPS)
        if abs(last) > 2:
            step = -1 if last > 0 else 1
        elif abs(at + step) > 5:
            step = -step
        at += step
        last = step
        line.append(at)
    return tuple(line)


def _motif(frame: Frame, rng: Random, density: float) -> Motif:
    """A theme's motif has the piece's rhythm or its contour, so that themes are kin."""
    own = frame.piece("motif")
    piece = rhythm(frame, own, density)
    beats = rhythm(frame, rng, density)
    kin = rng.random()
    chosen = piece if kin < 0.45 else beats
    line = contour(own if 0.45 <= kin < 0.7 else rng, len(chosen))
    return Motif(chosen, line)


def _contrast(frame: Frame, motif: Motif, rng: Random) -> Motif:
    """What answers a motif: upside down, broken up, or another contour."""
    kind = rng.randrange(4)
    if kind == 0:
        return inverted(motif)
    if kind == 1 and len(motif.rhythm) > 3:
        return fragment(motif, frame.bar)
    if kind == 2:
        return Motif(rhythm(frame, rng, frame.genre.density * 0.8), contour(rng, 12))
    return Motif(motif.rhythm, contour(rng, len(motif.rhythm)))


def inverted(motif: Motif) -> Motif:
    """Up becomes down."""
    return replace(motif, contour=tuple(-step for step in motif.contour))


def moved(motif: Motif, steps: int) -> Motif:
    """A sequence: the same on another step."""
    return replace(motif, contour=tuple(step + steps for step in motif.contour))


def fragment(motif: Motif, bar: int) -> Motif:
    """Its first half, twice, the second time a step off."""
    half = bar // 2 // STEP * STEP
    head = [(start, min(length, half - start), step) for (start, length), step in _notes(motif) if start < half]
    if not head:
        return motif
    again = [(start + half, length, step - 1) for start, length, step in head if start + half < bar]
    both = [*head, *again]
    return Motif(tuple((start, length) for start, length, _ in both), tuple(step for _, _, step in both))


def ornamented(motif: Motif, rng: Random) -> Motif:
    """A long note becomes two, the second a neighbour."""
    notes = [(start, length, step) for (start, length), step in _notes(motif)]
    long = [place for place, (_, length, _) in enumerate(notes) if length >= STEP * 4]
    if not long:
        return thinned(motif, rng)
    place = rng.choice(long)
    start, length, step = notes[place]
    half = length // 2 // STEP * STEP
    notes[place : place + 1] = [(start, half, step), (start + half, length - half, step + rng.choice((-1, 1)))]
    return Motif(tuple((start, length) for start, length, _ in notes), tuple(step for _, _, step in notes))


def thinned(motif: Motif, rng: Random) -> Motif:
    """A note less: the one before holds."""
    if len(motif.rhythm) < 3:
        return replace(
            motif, contour=tuple(step + rng.choice((-1, 1)) * (i > 0) for i, step in enumerate(motif.contour))
        )
    notes = [(start, length, step) for (start, length), step in _notes(motif)]
    gone = rng.randrange(1, len(notes))
    start, _, step = notes[gone - 1]
    notes[gone - 1] = (start, notes[gone][0] + notes[gone][1] - start, step)
    del notes[gone]
    return Motif(tuple((start, length) for start, length, _ in notes), tuple(step for _, _, step in notes))


def _notes(motif: Motif) -> list[tuple[tuple[int, int], int]]:
    return list(zip(motif.rhythm, motif.contour, strict=False))


def _phrases(frame: Frame, motif: Motif, other: Motif, rng: Random) -> list[Motif | None]:
    """What each bar of a section has: statement, answer, contrast, close."""
    found: list[Motif | None] = []
    sparse = frame.genre.motion == "sparse" or (frame.section.kind in ("intro", "outro") and frame.energy < 0.5)
    swap = rng.random() < 0.5
    for bar in range(frame.bars):
        place, phrase = bar % 4, bar // 4
        if place == 0:
            shape: Motif | None = motif if phrase % 2 == 0 else _varied(motif, rng)
        elif place == 1:
            shape = moved(motif, rng.choice((-1, 1, 2))) if swap else _varied(motif, rng)
        elif place == 2:
            shape = other if phrase % 2 == 0 else _varied(other, rng)
        else:
            shape = _close(motif, frame)
        if sparse and place in (1, 3) and not (frame.last and bar == frame.bars - 1):
            shape = None if rng.random() < 0.75 else shape
        found.append(shape)
    return found


def _improvised(frame: Frame, rng: Random) -> list[Motif | None]:
    """A solo: new ideas in each pair of bars, busier toward its end, with a breath behind each phrase."""
    found: list[Motif | None] = []
    idea = Motif((), ())
    for bar in range(frame.bars):
        if bar % 4 == 3:
            found.append(_close(idea, frame) if idea.rhythm else None)
            continue
        if bar % 2 == 0 or rng.random() < 0.5:
            beats = rhythm(frame, rng, min(1.2, frame.genre.density + 0.3 + 0.4 * bar / frame.bars))
            way = rng.choice((-1, 1))
            runs = tuple(way * (place % 5) if rng.random() < 0.7 else place % 3 for place in range(len(beats)))
            idea = Motif(beats, runs if rng.random() < 0.5 else contour(rng, len(beats)))
        else:
            idea = moved(idea, rng.choice((-2, -1, 1, 2)))
        found.append(idea)
    return found


def _varied(motif: Motif, rng: Random) -> Motif:
    kind = rng.randrange(4)
    if kind == 0:
        return ornamented(motif, rng)
    if kind == 1:
        return thinned(motif, rng)
    if kind == 2:
        return ornamented(moved(motif, rng.choice((-1, 1))), rng)
    return moved(motif, rng.choice((-2, 2, 1)))


def _close(motif: Motif, frame: Frame) -> Motif:
    """The end of a phrase: its first notes, then a long one."""
    notes = [(start, length, step) for (start, length), step in _notes(motif)]
    half = frame.bar // 2
    head = [entry for entry in notes if entry[0] < half][:3]
    strong = next((pulse for pulse in frame.pulses if pulse >= half), half // STEP * STEP)
    head = [(start, min(length, strong - start), step) for start, length, step in head]
    length = max(STEP * 2, (frame.bar - strong) * 3 // 4)
    both = [*head, (strong, length, head[-1][2] - 1 if head else 0)]
    return Motif(tuple((start, length) for start, length, _ in both), tuple(step for _, _, step in both))


def _sing(
    frame: Frame, shape: Motif, bar: int, line: int, ambit: tuple[int, int], closing: bool, gain: float
) -> list[Note]:
    """Give a motif pitches over the chords of a bar."""
    low, high = ambit
    base = bar * frame.bar
    pulses = frame.pulses
    made: list[Note] = []
    anchor = _nearest(line, list(frame.chord(base).classes[:3]), low, high)
    entries = _notes(shape)
    for place, ((start, length), step) in enumerate(entries):
        chord = frame.chord(base + start)
        ladder = _ladder(frame.mode, chord, low, high)
        at = bisect_left(ladder, anchor) + step
        while at < 0 or at >= len(ladder):  # at the edge of the range the line turns
            at = -at if at < 0 else 2 * (len(ladder) - 1) - at
        pitch = ladder[at]
        ending = closing and place == len(entries) - 1
        if start in pulses or length >= STEP * 5 or ending:
            tones = list(chord.classes[:3]) if chord.quality != "7sus4" else list(chord.classes)
            if ending and 0 in tones and (bar % 4 == 3 or chord.root == 0):
                tones = [0]
            pitch = _nearest(pitch, tones, low, high)
        if made and abs(pitch - made[-1].pitch) > 9:
            pitch = _nearest(made[-1].pitch, list(chord.classes[:3]), low, high)
        strength = (98 if start == 0 else 92 if start in pulses else 84) * gain
        made.append(note(base + start, length - 18, pitch, strength))
    return made


@lru_cache(maxsize=2048)
def _ladder(mode: str, chord: Chord, low: int, high: int) -> tuple[int, ...]:
    tones = scale(mode, chord)
    return tuple(pitch for pitch in range(low, high + 1) if pitch % 12 in tones)


def _nearest(pitch: int, tones: list[int], low: int, high: int) -> int:
    """The pitch of one of `tones` that is nearest, inside the range."""
    options = [near for near in range(low, high + 1) if near % 12 in tones] or list(range(low, high + 1))
    return min(options, key=lambda near: (abs(near - pitch), near))


def _gap(here: list[Note], start: int, bar: int) -> tuple[int, int] | None:
    """The longest stretch of a bar, a beat at least, in which no note of a melody begins."""
    edges = [start, *(sung.start for sung in here), start + bar]
    spans = [(b - a, a) for a, b in pairwise(edges)]
    length, begin = max(spans)
    begin += STEP * 2 if begin != start else 0
    length = start + bar - begin if begin + length > start + bar else length - (STEP * 2 if begin != start else 0)
    begin = (begin + STEP - 1) // STEP * STEP
    return (begin, length) if length >= STEP * 4 else None
