"""A score: who plays what and when. Plain, frozen data; times are ticks (`theory.TICKS` of a quarter note)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from audiostudio.music.theory import TICKS, Chord, Key, Metre

VERSION = 1


class Role(StrEnum):
    """What a part is for in an arrangement."""

    DRUMS = "drums"
    PERCUSSION = "percussion"
    BASS = "bass"
    CHORDS = "chords"
    PAD = "pad"
    ARPEGGIO = "arpeggio"
    LEAD = "lead"
    COUNTER = "counter"
    EFFECTS = "effects"
    """Risers, impacts, sweeps."""


class Note(NamedTuple):
    """Half-open: it sounds from `start` to `start + length`."""

    start: int
    length: int
    pitch: int
    """MIDI number; of drums as General MIDI has them: 36 is the bass drum."""
    velocity: int
    """1…127."""


class ChordAt(NamedTuple):
    start: int
    """Ticks from the beginning of the score."""
    length: int
    chord: Chord


class TempoAt(NamedTuple):
    tick: int
    bpm: float
    """Quarter notes a minute."""


def seconds_at(tempo: Sequence[TempoAt], tick: float) -> float:
    """When a tick is heard; `tempo` by tick, the first at 0."""
    passed, at, bpm = 0.0, 0, tempo[0].bpm
    for change in tempo[1:]:
        if change.tick >= tick:
            break
        passed += (change.tick - at) * 60 / (bpm * TICKS)
        at, bpm = change.tick, change.bpm
    return passed + (tick - at) * 60 / (bpm * TICKS)


@dataclass(frozen=True, slots=True)
class Part:
    """What one instrument plays. One stem."""

    name: str
    """For people: `Electric piano`. Unique in a score."""
    role: Role
    instrument: str
    """An id of `resources/music/instruments.json`."""
    notes: tuple[Note, ...] = ()
    """By start."""
    volume: float = 0.0
    """dB."""
    pan: float = 0.0
    """−1 left … 1 right."""
    reverb: float = 0.2
    """0…1."""
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    """For people: `Verse 2`."""
    kind: str
    """`intro`, `verse`, `pre-chorus`, `chorus`, `bridge`, `break`, `build`, `drop`, `solo`, `outro`, …"""
    bar: int
    """The first one, from 0."""
    bars: int
    key: Key
    chords: tuple[ChordAt, ...] = ()
    energy: float = 0.5
    """0…1."""


@dataclass(frozen=True, slots=True)
class Score:
    key: Key
    metre: Metre
    tempo: tuple[TempoAt, ...]
    """By tick; the first is at 0."""
    sections: tuple[Section, ...]
    """One after the other."""
    parts: tuple[Part, ...]
    seconds: float
    """How long the sound is, its last notes' decay and all."""
    title: str = ""

    @property
    def bpm(self) -> float:
        return self.tempo[0].bpm

    @property
    def ticks(self) -> int:
        """To the end of the last bar."""
        return sum(section.bars for section in self.sections) * self.metre.bar

    def seconds_at(self, tick: float) -> float:
        """When a tick is heard, from the beginning of the sound."""
        return seconds_at(self.tempo, tick)

    def with_part(self, index: int, **changes: Any) -> "Score":
        """The score with something else about one part: `with_part(2, muted=True)`."""
        changed = replace(self.parts[index], **changes)
        return replace(self, parts=(*self.parts[:index], changed, *self.parts[index + 1 :]))

    def to_json(self) -> dict[str, Any]:
        """For recipes: small, with a version."""
        return {
            "score": VERSION,
            "key": self.key.name,
            "metre": self.metre.name,
            "tempo": [list(change) for change in self.tempo],
            "seconds": self.seconds,
            "title": self.title,
            "sections": [
                {
                    "name": one.name,
                    "kind": one.kind,
                    "bar": one.bar,
                    "bars": one.bars,
                    "key": one.key.name,
                    "energy": one.energy,
                    "chords": [[at.start, at.length, at.chord.name()] for at in one.chords],
                }
                for one in self.sections
            ],
            "parts": [
                {
                    "name": one.name,
                    "role": str(one.role),
                    "instrument": one.instrument,
                    "volume": one.volume,
                    "pan": one.pan,
                    "reverb": one.reverb,
                    "muted": one.muted,
                    "notes": [list(note) for note in one.notes],
                }
                for one in self.parts
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Score":
        """What `to_json` gave. Raises `KeyError`, `ValueError`, `TypeError` for anything else."""
        return cls(
            key=Key.parse(data["key"]),
            metre=Metre.parse(data["metre"]),
            tempo=tuple(TempoAt(int(tick), float(bpm)) for tick, bpm in data["tempo"]),
            seconds=float(data["seconds"]),
            title=str(data["title"]),
            sections=tuple(
                Section(
                    one["name"],
                    one["kind"],
                    int(one["bar"]),
                    int(one["bars"]),
                    Key.parse(one["key"]),
                    tuple(ChordAt(int(start), int(length), Chord.parse(name)) for start, length, name in one["chords"]),
                    float(one["energy"]),
                )
                for one in data["sections"]
            ),
            parts=tuple(
                Part(
                    one["name"],
                    Role(one["role"]),
                    one["instrument"],
                    tuple(Note(*map(int, note)) for note in one["notes"]),
                    float(one["volume"]),
                    float(one["pan"]),
                    float(one["reverb"]),
                    bool(one["muted"]),
                )
                for one in data["parts"]
            ),
        )
