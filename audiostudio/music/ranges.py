"""What voices can sing. Pitches are MIDI numbers."""

import math
from typing import NamedTuple

from audiostudio.errors import RequestError

_NARROWEST = 9
"""Semitones in which a melody can still move."""


class Range(NamedTuple):
    """From the lowest to the highest pitch, both of them sung."""

    low: int
    high: int

    @property
    def span(self) -> int:
        return self.high - self.low

    def nearest(self, pitch: int) -> int:
        """The pitch in the octave that lies in the range; where none does, the one that misses it least."""
        octaves = [pitch + 12 * steps for steps in range(-11, 12)]
        centre = (self.low + self.high) / 2
        inside = [one for one in octaves if self.low <= one <= self.high]
        return min(inside or octaves, key=lambda one: abs(one - pitch) if inside else abs(one - centre))


FEMALE = Range(57, 74)
MALE = Range(45, 62)
CHILD = Range(60, 77)
NEUTRAL = Range(52, 69)


def of_gender(gender: str) -> Range:
    """A comfortable range, where only this is known of a voice: `female`, `male`, `child`, anything else."""
    return {"female": FEMALE, "male": MALE, "child": CHILD}.get(gender.lower(), NEUTRAL)


def of_speech(median_hz: float) -> Range:
    """From how high a voice speaks: it sings from a semitone below its median to 15 semitones above.

    Raises `RequestError` outside 50…600 Hz, where nobody speaks.
    """
    if not 50 <= median_hz <= 600:
        raise RequestError(f"No voice speaks at {median_hz:g} Hz.", "Measure its pitch where it speaks.")
    middle = round(69 + 12 * math.log2(median_hz / 440))
    return Range(middle - 1, middle + 15)


def checked(one: Range) -> Range:
    """Raises `RequestError` for a range in which no melody can be sung."""
    if one.span < _NARROWEST or not 24 <= one.low <= one.high <= 100:
        raise RequestError(
            f"From {one.low} to {one.high} is no range for a melody.", f"Give it {_NARROWEST} semitones at least."
        )
    return one
