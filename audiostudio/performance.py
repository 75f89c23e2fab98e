"""How a word is performed: what a writer asks for in markup, and what the performance editor draws."""

from dataclasses import dataclass
from typing import Any, NamedTuple

LONGEST_WORD, LONGEST_GAP = 20.0, 60.0
"""Seconds that can be imposed on a word and on the silence behind it."""
LOWEST, HIGHEST = 50.0, 1100.0
"""Hz between which a melody is held: nobody can be made to speak outside."""


class PitchPoint(NamedTuple):
    """A point of a drawn melody. Between points the melody is a line in semitones."""

    at: float
    """Place in the word: 0 its beginning, 1 its end."""
    hz: float
    """Above 0."""


@dataclass(frozen=True, slots=True)
class Voicing:
    """How one word differs from the way the engine would say it. Nothing here: it does not."""

    speed: float = 1.0
    """A factor on top of the line's."""
    pitch: float = 0.0
    """Semitones on top of the line's."""
    energy: float = 0.0
    """Loudness in dB on top of the line's."""
    seconds: float | None = None
    """Its length, imposed; wins over `speed`. None: the engine's."""
    phonemes: tuple[float, ...] = ()
    """The share of each phoneme in its length, summing to 1; empty, or of another count than the engine's: its own."""
    curve: tuple[PitchPoint, ...] = ()
    """A drawn melody in the order of `at`; wins over `pitch`. Empty: the engine's."""
    gap: float | None = None
    """Seconds of silence between this word and the next, exact; None: the engine's."""
    extra: tuple[tuple[str, Any], ...] = ()
    """Fields of a newer program, kept."""

    @property
    def plain(self) -> bool:
        """Whether it asks for nothing."""
        return self == PLAIN


PLAIN = Voicing()


def too_long(voicing: Voicing) -> tuple[str, str] | None:
    """What a word cannot do because nobody would say it so long, as in “cannot last 21 seconds”, and what to do about
    it; None: its lengths are within limits."""
    for what, seconds, most in (
        ("last", voicing.seconds, LONGEST_WORD),
        ("be followed by a gap of", voicing.gap, LONGEST_GAP),
    ):
        if seconds is not None and seconds > most:
            return f"{what} {seconds:g} seconds", f"Choose {most:g} seconds at most."
    return None
