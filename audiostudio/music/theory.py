"""Keys, chords and metres. Pitches are MIDI numbers (60 is middle C), pitch classes 0…11 from C, times ticks."""

import re
from dataclasses import dataclass

from audiostudio.errors import RequestError

TICKS = 480
"""Of a quarter note."""

SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}
"""Modes by name: semitones above the tonic."""

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "dim": (0, 3, 6),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "aug": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 7, 10),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "9": (0, 4, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "m9": (0, 3, 7, 10, 14),
    "13": (0, 4, 7, 10, 14, 21),
    "5": (0, 7),
}
"""Chord qualities as they are written behind a root: semitones above it."""

_KEY = re.compile(r"([A-Ga-g])\s*(#|♯|b|♭|sharp|flat)?\s*[- ]?\s*([A-Za-z]*)")
_CHORD = re.compile(r"([A-G])(#|b)?([^/]*)(?:/([A-G])(#|b)?)?")
_MODES = {"": "major", "maj": "major", "min": "minor", "m": "minor", "aeolian": "minor", "ionian": "major"}


def pitch_class(letter: str, accidental: str | None = None) -> int:
    """`pitch_class("B", "b") == 10`."""
    shift = {"#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1}.get(accidental or "", 0)
    return (SHARPS.index(letter.upper()) + shift) % 12


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and a mode, e.g. `Key(9, "minor")`."""

    tonic: int
    """Pitch class."""
    mode: str = "major"
    """One of `SCALES`."""

    @classmethod
    def parse(cls, text: str) -> "Key":
        """`A minor`, `Bb`, `f# dorian`, `Am`. Raises `RequestError`."""
        found = _KEY.fullmatch(text.strip())
        mode = found.group(3).lower() if found else ""
        mode = _MODES.get(mode, mode)
        if found is None or mode not in SCALES:
            raise RequestError(f"“{text[:40]}” is no key.", "Write a key such as “A minor”, “Eb major” or “D dorian”.")
        return cls(pitch_class(found.group(1), found.group(2)), mode)

    @property
    def name(self) -> str:
        """As people write it: `A minor`, `Eb major`."""
        return f"{self.names[self.tonic]} {self.mode}"

    @property
    def names(self) -> tuple[str, ...]:
        """Pitch classes as this key spells them."""
        major = (
            self.tonic - {"minor": 9, "dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7}.get(self.mode, 0)
        ) % 12
        return FLATS if major in (1, 3, 5, 8, 10) else SHARPS

    @property
    def scale(self) -> tuple[int, ...]:
        """Its pitch classes, from the tonic up."""
        return tuple((self.tonic + step) % 12 for step in SCALES[self.mode])

    def pitch(self, degree: int, octave: int = 4) -> int:
        """The pitch of a scale degree, 0 the tonic in `octave` (4: from middle C), any number up or down."""
        up, step = divmod(degree, 7)
        return 12 * (octave + 1 + up) + self.tonic + SCALES[self.mode][step]

    def moved(self, semitones: int) -> "Key":
        return Key((self.tonic + semitones) % 12, self.mode)


@dataclass(frozen=True, slots=True)
class Chord:
    """A root, a quality and perhaps another bass."""

    root: int
    """Pitch class."""
    quality: str = ""
    """One of `QUALITIES`."""
    bass: int | None = None
    """Pitch class; None: the root."""

    @classmethod
    def parse(cls, text: str) -> "Chord":
        """`Am7`, `F#dim`, `C/E`. Raises `RequestError`."""
        found = _CHORD.fullmatch(text.strip())
        if found is None or found.group(3) not in QUALITIES:
            raise RequestError(f"“{text[:40]}” is no chord.", "Write a chord such as “Am7”, “F#dim”, “Bb” or “C/E”.")
        bass = pitch_class(found.group(4), found.group(5)) if found.group(4) else None
        return cls(pitch_class(found.group(1), found.group(2)), found.group(3), bass)

    def name(self, names: tuple[str, ...] = SHARPS) -> str:
        """As people write it, spelt with `names` (`Key.names`)."""
        over = "" if self.bass is None or self.bass == self.root else f"/{names[self.bass]}"
        return f"{names[self.root]}{self.quality}{over}"

    @property
    def classes(self) -> tuple[int, ...]:
        """Its pitch classes, root first."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    def moved(self, semitones: int) -> "Chord":
        bass = None if self.bass is None else (self.bass + semitones) % 12
        return Chord((self.root + semitones) % 12, self.quality, bass)


@dataclass(frozen=True, slots=True)
class Metre:
    """Beats of a bar and what kind of note each is: 4/4, 3/4, 6/8."""

    beats: int = 4
    unit: int = 4

    @classmethod
    def parse(cls, text: str) -> "Metre":
        """`4/4`. Raises `RequestError`."""
        found = re.fullmatch(r"\s*(\d{1,2})\s*/\s*(2|4|8|16)\s*", text)
        if found is None or not 1 <= int(found.group(1)) <= 15:
            raise RequestError(f"“{text[:40]}” is no metre.", "Write a metre such as “4/4”, “3/4” or “6/8”.")
        return cls(int(found.group(1)), int(found.group(2)))

    @property
    def name(self) -> str:
        return f"{self.beats}/{self.unit}"

    @property
    def bar(self) -> int:
        """Ticks of a bar."""
        return self.beats * self.beat

    def bar_seconds(self, bpm: float) -> float:
        """Seconds of a bar at so many quarter notes a minute."""
        return self.bar * 60 / (bpm * TICKS)

    @property
    def beat(self) -> int:
        """Ticks of one of its beats."""
        return TICKS * 4 // self.unit
