"""Drums and percussion: patterns by energy, ghost notes, fills, crashes, rolls that build up."""

from random import Random
from typing import Any

from audiostudio.music.frame import STEP, Frame, note
from audiostudio.music.genres import patterns
from audiostudio.music.score import Note

LANES = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "floor": 41,
    "closed": 42,
    "pedal": 44,
    "low": 45,
    "open": 46,
    "mid": 47,
    "crash": 49,
    "high": 50,
    "ride": 51,
    "bell": 53,
    "tambourine": 54,
    "cowbell": 56,
    "high_bongo": 60,
    "mute_conga": 62,
    "open_conga": 63,
    "high_timbale": 65,
    "maracas": 70,
    "claves": 75,
    "shaker": 82,
}
"""General MIDI notes."""
_STRENGTH = {"X": 112.0, "x": 92.0, "o": 46.0, "?": 58.0}
_FILLS: dict[str, tuple[str, ...]] = {
    "snare": ("s.s.s.ss", "..ssh.m.", "s..s..ss", "ssh.mml."),
    "toms": ("ssshhmml", "h.hm.ml.", "s.sshmlf", "hhmmllff"),
    "roll": ("s.s.ssss", "s.ss.sss", "c...c.cc"),
    "soft": ("......oo", "...o..o.", "....o.o."),
    "jazz": ("..s..s.s", "s..s..h.", ".s.s.sms"),
    "latin": ("t.tt.tt.", "tt.t.ttt", "t..t..tt"),
    "epic": ("f.f.ffff", "f..f.fff", "l.lf.fff"),
}
"""Of half a bar: s snare, c clap, h m l f toms, t timbale, o ghost."""
_FILL_LANES = {"s": 38, "c": 39, "h": 50, "m": 47, "l": 45, "f": 41, "t": 65, "o": 38}


def play(frame: Frame, styles: tuple[str, ...], who: str) -> list[Note]:
    """A section of drums."""
    style = frame.piece(who).choice(styles) if styles else ""
    pattern: dict[str, Any] = patterns()["drums"].get(style, {})
    table = pattern.get(frame.metre.name) or _generic(frame)
    energy = frame.energy
    level = "low" if energy < 0.38 else "mid" if energy < 0.72 else "high"
    if frame.section.kind == "break":
        level = "low"
    lanes: dict[str, str] = table[level]
    rng = frame.vary(who)
    if frame.section.kind == "build" and "kick" in lanes and style != "ambient":
        return _build_up(frame, rng, lanes)
    notes = _groove(frame, lanes, rng, pattern is not None)
    main = who.startswith("drums")
    if main and table["fill"] != "none":
        notes = _with_fills(frame, notes, table["fill"], rng)
        _crash(frame, notes, energy)
    return notes


def ending(tick: int, length: int, energy: float) -> list[Note]:
    """The last stroke."""
    hits = [note(tick, 240, 36, 90 + 20 * energy)]
    if energy >= 0.3:
        hits.append(note(tick, length, 49, 70 + 35 * energy))
    return hits


def _groove(frame: Frame, lanes: dict[str, str], rng: Random, vary: bool) -> list[Note]:
    notes: list[Note] = []
    steps = frame.bar // STEP
    gain = 0.84 + 0.2 * frame.energy
    odd = rng.randrange(4)
    for name, row in lanes.items():
        pitch = LANES[name]
        for bar in range(frame.bars):
            offset = (bar * steps) % len(row)
            for step in range(steps):
                sign = row[(offset + step) % len(row)]
                if sign == ".":
                    if not (vary and bar % 4 == odd and name in ("kick", "snare", "rim")):
                        continue
                    if step % 2 == 0 or rng.random() > 0.12:  # a ghost now and then, in one bar of four
                        continue
                    sign = "o"
                elif sign == "?" and rng.random() < 0.5:
                    continue
                strength = _STRENGTH[sign]
                if name in ("closed", "shaker", "ride", "maracas", "tambourine"):
                    strength *= 0.8 if step % 4 else 0.88
                notes.append(note(bar * frame.bar + step * STEP, STEP, pitch, strength * gain))
    opened = {hit.start for hit in notes if hit.pitch == 46}
    return [hit for hit in notes if hit.pitch != 42 or hit.start not in opened]


def _with_fills(frame: Frame, notes: list[Note], kind: str, rng: Random) -> list[Note]:
    """Fills at the end of a section and, softer, in the middle of long ones."""
    half = max(STEP * 4, (frame.bar // 2) // STEP * STEP)
    if frame.metre.name != "4/4":
        half = frame.bar - frame.pulses[-1] if len(frame.pulses) > 1 else frame.bar // 2
    places: list[tuple[int, float]] = []
    for bar in range(4, frame.bars + 1, 4):
        end = bar * frame.bar
        if bar == frame.bars and (not frame.last or frame.energy > 0.4):
            places.append((end - half, 1.0 if frame.rises >= 0 else 0.8))
        elif bar % 8 == 0 and frame.energy > 0.45:
            places.append((end - half, 0.8))
    if frame.bars % 4 and frame.bars > 1:
        places.append((frame.end - half, 0.9))
    gain = 0.8 + 0.25 * frame.energy
    for start, strength in places:
        row = rng.choice(_FILLS[kind])[-(half // STEP) :]
        notes = [
            hit
            for hit in notes
            if not (start <= hit.start < start + half) or hit.pitch in (36, 42, 44, 51, 82) or kind == "soft"
        ]
        if kind not in ("soft", "roll", "jazz"):
            notes = [hit for hit in notes if not (start <= hit.start < start + half and hit.pitch in (42,))]
        for step, sign in enumerate(row):
            if sign != ".":
                base = 46.0 if sign == "o" else 78 + 26 * step / len(row)
                notes.append(note(start + step * STEP, STEP, _FILL_LANES[sign], base * gain * strength))
    return notes


def _crash(frame: Frame, notes: list[Note], energy: float) -> None:
    if energy >= 0.6 and not frame.first:
        notes.append(note(0, frame.bar // 2, 49, 84 + 24 * energy))
        if energy >= 0.75:
            notes.extend(note(bar * frame.bar, frame.bar // 2, 49, 78 + 20 * energy) for bar in range(8, frame.bars, 8))


def _build_up(frame: Frame, rng: Random, lanes: dict[str, str]) -> list[Note]:
    """A roll that gets denser and louder toward the next section."""
    notes: list[Note] = []
    roll = rng.choice((38, 38, 39))
    for bar in range(frame.bars):
        place = bar / max(frame.bars, 1)
        every = STEP * (4 if place < 0.5 else 2 if place < 0.75 else 1)
        for tick in range(bar * frame.bar, (bar + 1) * frame.bar, every):
            notes.append(note(tick, STEP, roll, (48 + 58 * tick / frame.end)))
        if place < 0.75:
            notes.extend(note(bar * frame.bar + pulse, STEP, 36, 92 + 10 * place) for pulse in frame.pulses)
        notes.extend(
            note(bar * frame.bar + tick, STEP, 42, 50 + 20 * place) for tick in range(STEP * 2, frame.bar, STEP * 4)
        )
    return notes


def _generic(frame: Frame) -> dict[str, Any]:
    """Drums for a metre that a style has no pattern for: from the beats that are felt."""
    steps = max(1, frame.bar // STEP)
    pulses = [pulse // STEP for pulse in frame.pulses]
    back = set(pulses[1::2] or pulses[1:])
    hats = "".join("x" if step in pulses else "o" if step % 2 == 0 else "." for step in range(steps))
    kick = "".join("X" if step == 0 else "x" if step in pulses and step not in back else "." for step in range(steps))
    snare = "".join("X" if step in back else "." for step in range(steps))
    soft = "".join("o" if step in back else "." for step in range(steps))
    return {
        "low": {"kick": "x" + "." * (steps - 1), "rim": soft, "closed": hats},
        "mid": {"kick": kick, "snare": snare, "closed": hats},
        "high": {
            "kick": kick,
            "snare": snare,
            "open": "".join("x" if s in back else "." for s in range(steps)),
            "closed": hats,
        },
        "fill": "snare",
    }
