"""How high a sung phrase is from moment to moment: notes, the ways between them, and what makes a voice alive."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.singing.carriers import Held
from audiostudio.engines.singing.manner import Manner

Curve: TypeAlias = NDArray[np.float64]

_ARRIVED = 0.015
"""Seconds after its beginning by which the voice has come to a note."""
_SHORTEST_WAY, _LONGEST_WAY = 0.04, 0.14
"""Seconds from one note to the next."""
_SETTLED = 0.25
"""Seconds of a note before its vibrato begins, and in which that grows."""
_SWAYING = 0.45
"""Shorter notes have none."""
_RATE = (5.2, 5.9)
"""Hz."""
_DEEPEST = 0.6
"""Semitones to either side."""
_SCOOP, _SCOOPED = 0.6, 0.09
"""Semitones from below which a phrase begins, and seconds for which it does."""
_DRIFT = 0.03
"""Semitones."""
_RESTED = 0.12
"""Seconds of silence after which the voice begins anew."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A pitch that is held: seconds and a MIDI number, half-open."""

    start: float
    end: float
    pitch: float


def tones(held: Sequence[Held]) -> list[Tone]:
    """All pitches of a phrase, in order, each held until its own end."""
    found: list[Tone] = []
    for one in held:
        for syllable in one.syllables:
            starts = [start for start, _ in syllable.pitches]
            ends = [*starts[1:], syllable.end]
            found += [
                Tone(start, end, pitch)
                for start, end, (_, pitch) in zip(starts, ends, syllable.pitches, strict=True)
                if end > start
            ]
    return found


def melody(sung: Sequence[Tone], times: Curve, manner: Manner, chance: np.random.Generator) -> Curve:
    """MIDI numbers at `times`, seconds from the beginning of the song; `sung` is not empty. Also between notes and
    outside of them, where there may be voiced consonants."""
    found = np.full(len(times), sung[0].pitch, np.float64)
    way = _SHORTEST_WAY + manner.glide * (_LONGEST_WAY - _SHORTEST_WAY)
    for before, tone in pairwise(sung):
        most = min(way, 0.5 * (before.end - before.start) + max(0.0, tone.start - before.end))
        end = min(tone.start + _ARRIVED, 0.5 * (tone.start + tone.end))
        along = np.clip((times - (end - most)) / most, 0.0, 1.0)
        found += (tone.pitch - before.pitch) * along * along * (3 - 2 * along)
    for index, tone in enumerate(sung):
        rested = index == 0 or tone.start - sung[index - 1].end > _RESTED
        if rested:
            found -= _scoop(times - tone.start, manner)
        if tone.end - tone.start >= _SWAYING:
            found += _vibrato(tone, times, manner.vibrato, chance)
    return found + _drift(times, chance)


def _scoop(after: Curve, manner: Manner) -> Curve:
    """What a phrase begins lower, `after` seconds from its beginning on."""
    left = np.clip(1 - after / _SCOOPED, 0.0, 1.0)
    return np.where(after > -_LONGEST_WAY, manner.glide * _SCOOP * left * left, 0.0)


def _vibrato(tone: Tone, times: Curve, share: float, chance: np.random.Generator) -> Curve:
    rate = chance.uniform(*_RATE)
    depth = share * _DEEPEST * chance.uniform(0.8, 1.0)
    since = times - tone.start - _SETTLED
    grown = np.clip(since / _SETTLED, 0.0, 1.0) * np.clip((tone.end - times) / 0.08, 0.0, 1.0)
    swaying: Curve = depth * grown * np.sin(2 * np.pi * rate * since)
    return swaying


def _drift(times: Curve, chance: np.random.Generator) -> Curve:
    """Slow and small, as nobody holds a note exactly."""
    slow = np.arange(times[0], times[-1] + 1.0, 0.3)
    drift: Curve = np.interp(times, slow, chance.normal(0.0, _DRIFT, len(slow)).clip(-2 * _DRIFT, 2 * _DRIFT))
    return drift


def hertz(pitch: Curve) -> Curve:
    found: Curve = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    return found
