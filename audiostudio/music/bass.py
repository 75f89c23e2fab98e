"""Bass lines: roots, fifths and octaves in the rhythm of a style, walking lines, notes that lead to the next chord."""

from random import Random

from audiostudio.music.frame import STEP, Frame, note
from audiostudio.music.genres import patterns
from audiostudio.music.harmony import scale
from audiostudio.music.score import Note
from audiostudio.music.theory import Chord

_FIGURES = ("R5", "8R", "55", "R8", "58", "85", "RR", "88", "5R")
LOW = 31
"""G1: a root lies in the octave above it, in C."""


def play(frame: Frame, styles: tuple[str, ...], who: str) -> list[Note]:
    """A bass line of a section."""
    style = frame.piece(who).choice(styles) if styles else "root-fifth"
    rows = frame.style(patterns()["bass"].get(style, {})) or _generic(frame)
    theme, rng = frame.theme(who), frame.vary(who)
    main, other = theme.choice(rows), theme.choice(rows)
    if style == "walking" and frame.energy > 0.3:
        rows = [row for row in rows if row.count("-") < len(row)]
    notes: list[Note] = []
    steps = frame.bar // STEP
    gain = 0.86 + 0.18 * frame.energy
    for bar in range(frame.bars):
        row = main
        if style == "walking":
            row = rng.choice(rows)
        elif bar % 4 == 3:
            row = other if rng.random() < 0.6 else rng.choice(rows)
        elif rng.random() < 0.12:
            row = rng.choice(rows)
        offset = (bar % max(1, len(row) // steps)) * steps
        notes += _bar(frame, row[offset : offset + steps], bar, gain, rng)
    return _turned(frame, notes, gain) if frame.turn and frame.bars > 1 else notes


def root(chord: Chord) -> int:
    """The pitch of a chord's bass, in C, in the octave above `LOW`."""
    tone = chord.root if chord.bass is None else chord.bass
    return LOW + (tone - LOW) % 12


def _bar(frame: Frame, row: str, bar: int, gain: float, rng: Random) -> list[Note]:
    notes: list[Note] = []
    start = bar * frame.bar
    for step, sign in enumerate(row):
        if sign in "-.":
            if sign == "." or step == 0 or not notes:
                # a chord that changes inside a held note is played anew
                continue
            if step * 2 == len(row) and frame.chord(start + step * STEP) != frame.chord(start):
                sign = "R"
            else:
                continue
        tick = start + step * STEP
        length = 1
        while step + length < len(row) and row[step + length] == "-":
            length += 1
        if step * 2 < len(row) < (step + length) * 2 and frame.chord(tick) != frame.chord(start + frame.bar // 2):
            length = max(1, len(row) // 2 - step)
        chord = frame.chord(tick)
        pitch = _tone(frame, sign, chord, tick, rng)
        strength = 58.0 if sign == "r" else 98.0 if step == 0 else 90.0
        ticks = length * STEP - (20 if length > 1 else 30)
        notes.append(note(tick, ticks, pitch, strength * gain))
    return notes


def _turned(frame: Frame, notes: list[Note], gain: float) -> list[Note]:
    """Another way out of the section each time that it comes again."""
    start = frame.end - (frame.bar - frame.pulses[-1] if len(frame.pulses) > 1 else frame.bar // 2)
    kept = [
        sounding._replace(length=min(sounding.length, start - sounding.start))
        for sounding in notes
        if sounding.start < start
    ]
    low = root(frame.chord(start))
    fifth = low + 7 if low < LOW + 5 else low - 5
    tones = {"R": low, "8": low + 12, "5": fifth}
    figure = _FIGURES[(frame.turn - 1) % len(_FIGURES)]
    each = max(STEP, (frame.end - start) // len(figure) // STEP * STEP)
    for place, sign in enumerate(figure):
        if start + place * each < frame.end:
            kept.append(note(start + place * each, each - 20, tones[sign], 88 * gain))
    return kept


def _tone(frame: Frame, sign: str, chord: Chord, tick: int, rng: Random) -> int:
    low = root(chord)
    if sign in "Rr":
        return low
    if sign == "8":
        return low + 12
    if sign == "a":
        return _approach(frame, low, tick, rng)
    tones = scale(frame.mode, chord)
    classes = chord.classes
    if sign == "5":
        fifth = next((tone for tone in classes if (tone - chord.root) % 12 in (6, 7, 8)), chord.root + 7)
        up = low + (fifth - low) % 12
        return up if up - low <= 7 and low < LOW + 7 else up - 12 if up - 12 >= LOW - 3 else up
    if sign == "3":
        third = next((tone for tone in classes if (tone - chord.root) % 12 in (3, 4)), (chord.root + 7) % 12)
        return low + (third - low) % 12
    wanted = {"2": 2, "6": 9, "7": 10}[sign]
    tone = min(tones, key=lambda t: abs((t - chord.root) % 12 - wanted))
    return low + (tone - low) % 12


def _approach(frame: Frame, low: int, tick: int, rng: Random) -> int:
    """A step below or above the root that comes; at a section's end the fifth, as nobody knows what comes."""
    following = (tick // frame.bar + 1) * frame.bar
    if following >= frame.end and not frame.last:
        return low + 7 if low < LOW + 5 else low - 5
    goal = root(frame.chord(min(following, frame.end)))
    if goal == low:
        return low + 7 if low < LOW + 5 else low - 5
    tones = scale(frame.mode, frame.chord(tick))
    options = [goal + step for step in (-2, -1, 1, 2) if (goal + step) % 12 in tones]
    chromatic = frame.genre.chromatic > 0.09
    if chromatic and rng.random() < 0.6:
        return goal - 1 if goal > low else goal + 1
    return min(options, key=lambda pitch: abs(pitch - low)) if options else goal - 1


def _generic(frame: Frame) -> list[str]:
    steps = max(1, frame.bar // STEP)
    pulses = {pulse // STEP for pulse in frame.pulses}
    row = "".join("R" if step == 0 else "5" if step in pulses else "-" for step in range(steps))
    return [row, "R" + "-" * (steps - 1)]
