"""Pitch as musicians count it: notes, 69 for the A of 440 Hz and 1 for each semitone. Plain Python."""

import math
from dataclasses import dataclass

_NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10)


def note(hz: float) -> float:
    """Hz above 0 as a note."""
    return 69.0 + 12.0 * math.log2(hz / 440.0)


def hertz(note: float) -> float:
    return 440.0 * 2.0 ** ((note - 69.0) / 12.0)


def name(note: float) -> str:
    """Of the nearest note: `A3`, `C♯4`."""
    nearest = round(note)
    return f"{_NAMES[nearest % 12]}{nearest // 12 - 1}"


@dataclass(frozen=True, slots=True)
class Scale:
    """The notes that a pitch may snap to."""

    root: int = 0
    """0 is C."""
    steps: tuple[int, ...] = tuple(range(12))

    @property
    def key(self) -> str:
        """Stable: `chromatic`, `major 9`."""
        kind = {_MAJOR: "major", _MINOR: "minor"}.get(self.steps)
        return f"{kind} {self.root}" if kind else "chromatic"

    def nearest(self, note: float) -> float:
        """The note of the scale that is nearest."""
        octave = 12 * math.floor((note - self.root) / 12) + self.root
        return min((octave + step for step in (self.steps[-1] - 12, *self.steps, 12)), key=lambda one: abs(one - note))


CHROMATIC = Scale()


def scales() -> list[tuple[str, Scale]]:
    """Major and minor of every root, with the name of the root."""
    return [(_NAMES[root], Scale(root, steps)) for steps in (_MAJOR, _MINOR) for root in range(12)]


def is_minor(scale: Scale) -> bool:
    return scale.steps == _MINOR
