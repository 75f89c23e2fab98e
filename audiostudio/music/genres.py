"""What the composer knows: genres and instruments, read from `resources/music/`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from audiostudio.errors import RequestError
from audiostudio.music.score import Role
from audiostudio.resource import resource


@dataclass(frozen=True, slots=True)
class Instrument:
    """One that can play a part: of the SoundFont (`program`), or a synthesizer of ours (`synth`)."""

    id: str
    name: str
    family: str
    low: int
    high: int
    """MIDI numbers of what it plays well, both included."""
    program: int | None = None
    """General MIDI, 0…127; of a drum kit in the drum bank."""
    synth: str = ""
    drums: bool = False
    words: tuple[str, ...] = ()
    """What it is called in prompts."""


@dataclass(frozen=True, slots=True)
class GenrePart:
    """A part that an arrangement of a genre has."""

    role: Role
    instruments: tuple[str, ...]
    """One of them is drawn."""
    styles: tuple[str, ...] = ()
    """Of `resources/music/patterns.json`, for its role."""
    enters: float = 0.0
    """Energy from which on it plays."""
    leaves: float = 1.01
    """Energy from which on it no longer plays."""
    volume: float = 0.0
    pan: float = 0.0
    reverb: float = 0.2
    chance: float = 1.0
    """That a piece has it at all."""


@dataclass(frozen=True, slots=True)
class Genre:
    id: str
    name: str
    words: tuple[str, ...]
    tempo: tuple[float, float]
    """Quarter notes a minute."""
    modes: Mapping[str, float]
    """Of `theory.SCALES`, with their weights."""
    progressions: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By `major`/`minor`, then by kind of section (`*` any): Roman numerals, a bar each; a comma halves a bar."""
    forms: tuple[tuple[str, ...], ...]
    """Kinds of sections, the shortest form first."""
    cycle: tuple[str, ...]
    """What comes again in long pieces."""
    lengths: Mapping[str, int]
    """Bars by kind, where they are not eight."""
    parts: tuple[GenrePart, ...]
    energy: tuple[float, float] = (0.0, 1.0)
    """What 0 and 1 of a form's curve become."""
    metres: Mapping[str, float] = field(default_factory=lambda: {"4/4": 1.0})
    swing: tuple[float, float] = (0.0, 0.0)
    swing_unit: int = 8
    """Whether eighths or sixteenths swing."""
    timing: float = 4.0
    """How far hands stray from the beat: the standard deviation in milliseconds."""
    touch: float = 6.0
    """The same of velocities."""
    pace: int = 1
    """Bars of each chord."""
    chromatic: float = 0.0
    """How likely a phrase has a chord from outside the key."""
    lift: float = 0.0
    """How likely the last chorus is higher."""
    ritardando: float = 0.0
    """How likely it slows down at the end."""
    density: float = 0.5
    """Notes of melodies, 0…1."""
    syncopation: float = 0.3
    motion: str = "free"
    """How the melody goes: `free`, `riff`, `long` or `sparse`."""
    variants: Mapping[str, Any] = field(default_factory=dict)
    """Kinds of this genre by id, as their file has them: what they do otherwise. See `genre`."""
    mix: Mapping[str, float] = field(default_factory=dict)
    """For who mixes it: see `engines.composer`."""

    def numerals(self, mode: str, kind: str) -> tuple[str, ...]:
        """The progressions that a section of this kind may have."""
        family = self.progressions["minor" if mode in ("minor", "dorian", "phrygian") else "major"]
        return family.get(kind) or family["*"]


@cache
def genres() -> Mapping[str, Genre]:
    """All genres by id."""
    found = (_genre(json.loads(path.read_text("utf-8"))) for path in sorted(resource("music/genres").glob("*.json")))
    return {genre.id: genre for genre in found}


@cache
def instruments() -> Mapping[str, Instrument]:
    """All instruments by id."""
    rows = json.loads(resource("music/instruments.json").read_text("utf-8"))
    return {row["id"]: _instrument(row) for row in rows}


@cache
def patterns() -> Mapping[str, Any]:
    """Rhythms of drums, basses and accompaniment: `patterns()["drums"]["rock"]`."""
    return dict(json.loads(resource("music/patterns.json").read_text("utf-8")))


@cache
def variants() -> Mapping[str, str]:
    """Of each kind of a genre, `bossa-nova`: its genre."""
    return {name: one.id for one in genres().values() for name in one.variants}


def genre(name: str) -> Genre:
    """A genre, or a kind of one: the genre with what that kind does otherwise. Raises `RequestError` for one that is
    not known."""
    if name in genres():
        return genres()[name]
    if name in variants():
        return _variant(name)
    raise RequestError(f"There is no genre “{name[:40]}”.", f"Genres are: {', '.join(genres())}.")


@cache
def _variant(name: str) -> Genre:
    data = json.loads(resource(f"music/genres/{variants()[name]}.json").read_text("utf-8"))
    own = data["variants"][name]
    changes = dict(own.get("parts", {}))
    parts = []
    for part in data["parts"]:
        changed = changes.get(part["role"], {})
        if changed is not None:  # the first of a role is played otherwise; None: there is none
            parts.append(part | changed)
            changes.pop(part["role"], None)
    return _genre(data | own | {"parts": parts, "id": data["id"]})


def instrument(name: str) -> Instrument:
    """Raises `RequestError` for one that is not known."""
    try:
        return instruments()[name]
    except KeyError:
        raise RequestError(
            f"There is no instrument “{name[:40]}”.", "Choose one from the list of instruments."
        ) from None


def _instrument(data: dict[str, Any]) -> Instrument:
    return Instrument(**{**data, "words": tuple(data["words"])})


def _genre(data: dict[str, Any]) -> Genre:
    progressions = {
        mode: {kind: tuple(rows) for kind, rows in kinds.items()} for mode, kinds in data["progressions"].items()
    }
    rest: dict[str, Any] = {
        "parts": tuple(map(_part, data["parts"])),
        "progressions": progressions,
        "words": tuple(data["words"]),
        "forms": tuple(tuple(form.split()) for form in data["forms"]),
        "cycle": tuple(data["cycle"].split()),
    }
    rest |= {name: tuple(data[name]) for name in ("tempo", "energy", "swing") if name in data}
    return Genre(**(data | rest))


def _part(data: dict[str, Any]) -> GenrePart:
    lists = {"instruments": tuple(data["instruments"]), "styles": tuple(data.get("styles", ()))}
    return GenrePart(**{**data, **lists, "role": Role(data["role"])})
