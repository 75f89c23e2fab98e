"""Accompaniment: chords, pads and arpeggios in the rhythm of a style, voices led from chord to chord."""

from random import Random

from audiostudio.music.frame import STEP, Frame, note
from audiostudio.music.genres import Instrument, patterns
from audiostudio.music.harmony import voicing
from audiostudio.music.score import Note, Role
from audiostudio.music.theory import Chord

_REGISTER = {Role.CHORDS: (50, 74), Role.PAD: (52, 76), Role.ARPEGGIO: (60, 84)}
_SIZES = {Role.CHORDS: 4, Role.PAD: 4, Role.ARPEGGIO: 4}
_STRONG = {"x": 78.0, "X": 96.0, "o": 52.0, "b": 84.0, "c": 72.0}


def play(frame: Frame, role: Role, styles: tuple[str, ...], one: Instrument, who: str) -> list[Note]:
    """Chords, a pad or an arpeggio of a section."""
    default = {Role.PAD: "hold", Role.ARPEGGIO: "eighths"}.get(role, "quarters")
    style = frame.piece(who).choice(styles) if styles else default
    rows = frame.style(patterns()["comping"].get(style, {})) or _generic(frame, role)
    theme, rng = frame.theme(who), frame.vary(who)
    low, high = register(role, one)
    size = 3 if one.family in ("chip",) else _SIZES[role]
    if style in ("power", "gallop"):
        return _power(frame, theme, rows, rng)
    if style == "hold":
        return _held(frame, low, high, size)
    first = theme.randrange(len(rows))
    main, other = rows[first], rows[(first + 1 + frame.turn) % len(rows)]
    notes: list[Note] = []
    before: tuple[int, ...] = ()
    steps = frame.bar // STEP
    spread = 14 if style == "strum" else 0
    for bar in range(frame.bars):
        row = other if bar % 4 == 3 or rng.random() < 0.06 else main
        offset = (bar % max(1, len(row) // steps)) * steps
        row = row[offset : offset + steps]
        for step, sign in enumerate(row):
            if sign in "-.":
                continue
            tick = bar * frame.bar + step * STEP
            length = 1
            while step + length < len(row) and row[step + length] == "-":
                length += 1
            chord = frame.chord(tick)
            before = voicing(chord, before, low, high, size)
            notes += _struck(sign, before, tick, length, chord, frame, spread, step)
    return notes


def register(role: Role, one: Instrument) -> tuple[int, int]:
    """Where an instrument plays in a role, in C: with room to be moved to any key."""
    low, high = _REGISTER[role]
    low, high = max(low, one.low + 5), min(high, one.high - 6)
    if high - low < 14:
        middle = (one.low + one.high) // 2
        low, high = max(one.low, middle - 9), min(one.high, middle + 9)
    return low, high


def final(chord: Chord, role: Role, one: Instrument, start: int, length: int, energy: float) -> list[Note]:
    """The last chord."""
    low, high = register(role, one)
    pitches = voicing(chord, (), low, high, 3 if one.family == "chip" else 4)
    spread = 40 if role is Role.ARPEGGIO else 0
    return [
        note(start + spread * place, length - spread * place, pitch, 62 + 32 * energy)
        for place, pitch in enumerate(pitches)
    ]


def _struck(
    sign: str, pitches: tuple[int, ...], tick: int, length: int, chord: Chord, frame: Frame, spread: int, step: int
) -> list[Note]:
    gain = 0.84 + 0.22 * frame.energy
    ticks = length * STEP - 12
    if sign.isdigit():
        place = int(sign)
        octave, voice = divmod(place, len(pitches))
        accent = 84.0 if step % 4 == 0 else 64.0
        return [note(tick, max(ticks, STEP * 2 - 12), pitches[voice] + 12 * octave, accent * gain)]
    strength = _STRONG[sign] * gain
    if sign == "b":
        return [note(tick, ticks, pitches[0] - 12 if pitches[0] > 58 else pitches[0], strength)]
    struck = pitches[1:] if sign == "c" and len(pitches) > 2 else pitches
    down = step % 4 != 2  # a strum goes up between the beats
    ordered = struck if down else struck[::-1]
    return [
        note(tick + spread * place, ticks - spread * place, pitch, strength - 2 * place)
        for place, pitch in enumerate(ordered)
    ]


def _held(frame: Frame, low: int, high: int, size: int) -> list[Note]:
    """Chords held as long as they last; a tone that two share is not struck again."""
    notes: list[Note] = []
    sounding: dict[int, tuple[int, int]] = {}
    before: tuple[int, ...] = ()
    strength = 66 * (0.84 + 0.22 * frame.energy)
    longest = frame.bar * 4
    for span in frame.spans:
        if span.start >= frame.end:
            break
        before = voicing(span.chord, before, low, high, size)
        for pitch in [held for held in sounding if held not in before]:
            begun, end = sounding.pop(pitch)
            notes.append(note(begun, end - begun, pitch, strength))
        for pitch in before:
            begun, end = sounding.get(pitch, (span.start, span.start))
            if end - begun >= longest:
                notes.append(note(begun, end - begun, pitch, strength))
                begun = span.start
            sounding[pitch] = (begun, min(span.start + span.length, frame.end))
    notes += [note(begun, end - begun, pitch, strength) for pitch, (begun, end) in sounding.items()]
    return notes


def _power(frame: Frame, theme: Random, rows: list[str], rng: Random) -> list[Note]:
    """Fifths and octaves of a distorted guitar; thirds would growl."""
    main, other = theme.choice(rows), theme.choice(rows)
    notes: list[Note] = []
    steps = frame.bar // STEP
    for bar in range(frame.bars):
        row = other if bar % 4 == 3 or rng.random() < 0.1 else main
        for step, sign in enumerate(row[:steps]):
            if sign in "-.":
                continue
            tick = bar * frame.bar + step * STEP
            length = 1
            while step + length < len(row) and row[step + length] == "-":
                length += 1
            chord = frame.chord(tick)
            base = 40 + 5 + (chord.root - 45) % 12
            strength = (100 if step % 4 == 0 else 88) * (0.84 + 0.2 * frame.energy)
            fifth = 6 if chord.quality in ("dim", "m7b5", "dim7") else 7
            notes += [note(tick, length * STEP - 16, pitch, strength) for pitch in (base, base + fifth, base + 12)]
    return notes


def _generic(frame: Frame, role: Role) -> list[str]:
    steps = max(1, frame.bar // STEP)
    pulses = {pulse // STEP for pulse in frame.pulses}
    if role is Role.ARPEGGIO:
        return ["".join(str((0, 1, 2, 3, 2, 1)[step // 2 % 6]) if step % 2 == 0 else "-" for step in range(steps))]
    return ["".join("b" if step == 0 else "c" if step in pulses else "-" for step in range(steps))]
