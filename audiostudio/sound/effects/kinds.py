"""What an effect is, without what it does: names, settings, ranges. A project's settings are checked against it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

STEP = 16
"""Samples: whatever is processed is a multiple of it."""


class Unit(StrEnum):
    DB = "dB"
    HZ = "Hz"
    MS = "ms"
    SECONDS = "s"
    RATIO = ":1"
    PERCENT = "%"
    SEMITONES = "semitones"
    NONE = ""


class Place(StrEnum):
    """Where an effect can stand."""

    CLIP = "clip"
    TRACK = "track"
    MASTER = "master"


EVERYWHERE = (Place.CLIP, Place.TRACK, Place.MASTER)


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    """As in the project."""
    label: str
    """For people."""
    unit: Unit
    least: float
    greatest: float
    default: float
    step: float
    """That a control moves by."""
    logarithmic: bool = False
    """Whether a control should move in ratios, as for frequencies."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of effect. Readable without the libraries that do it."""

    name: str
    """As in the project."""
    label: str
    settings: tuple[Setting, ...]
    about: str
    """One sentence for people."""
    tail: Callable[[Mapping[str, float]], float] = lambda _: 0.0
    """Seconds that it is heard, or remembers, after its input fell silent."""
    latency: Callable[[int], int] = lambda _: 0
    """Sample rate → samples that it is late; a mix makes up for them."""
    places: tuple[Place, ...] = EVERYWHERE
    sidechain: bool = False
    """Whether it listens to another track."""
    of_source: bool = False
    """Whether it treats the clips' media before they are mixed, rather than the sound as it passes."""

    def setting(self, name: str) -> Setting | None:
        return next((one for one in self.settings if one.name == name), None)

    def defaults(self) -> dict[str, float]:
        return {one.name: one.default for one in self.settings}


@dataclass(frozen=True, slots=True)
class Checked:
    """Settings that can be used, and what could not."""

    kind: Kind | None
    """None: there is no such kind; the effect is kept and does nothing."""
    values: Mapping[str, float]
    """Of every setting of the kind."""
    problems: tuple[str, ...] = ()
    """Sentences."""

    @property
    def tail(self) -> float:
        """Seconds."""
        return 0.0 if self.kind is None else self.kind.tail(self.values)


def check_settings(kinds: Mapping[str, Kind], name: str, settings: Mapping[str, float]) -> Checked:
    """The settings of an effect as a project has them, completed, brought into their ranges, and told about."""
    kind = kinds.get(name)
    if kind is None:
        return Checked(None, {}, (f"This version does not know the effect “{name}”; it is kept and skipped.",))
    values = kind.defaults()
    problems = []
    for setting, value in settings.items():
        known = kind.setting(setting)
        if known is None:
            problems.append(f"{kind.label} has no setting “{setting}”; it is kept and skipped.")
        elif not math.isfinite(value):
            problems.append(f"{known.label} of {kind.label} is not a number; {known.default:g} is used.")
        else:
            values[setting] = min(max(float(value), known.least), known.greatest)
            if values[setting] != value:
                used = f"{values[setting]:g} {known.unit}".strip()
                problems.append(f"{known.label} of {kind.label} cannot be {value:g}; {used} is used.")
    return Checked(kind, values, tuple(problems))


def check(name: str, settings: Mapping[str, float]) -> Checked:
    """`check_settings` against the kinds that there are."""
    from audiostudio.sound.effects.catalogue import KINDS

    return check_settings(KINDS, name, settings)
