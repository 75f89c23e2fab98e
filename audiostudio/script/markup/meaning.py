"""What markup asks for, as data."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the text that is not understood and so is not spoken."""

    start: int
    """In characters of the source."""
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class PauseMark:
    """Silence asked for. 0 ≤ seconds ≤ `LONGEST_PAUSE`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Saying:
    """How a stretch of text is said in place of the way it is written. One of `words`, `form` and `phonemes`."""

    words: str = ""
    """Other words."""
    form: str = ""
    """A name of `sayas.FORMS`: `digits`, `date`, …"""
    detail: str = ""
    """For a date the order of its parts: `dmy`."""
    phonemes: str = ""
    alphabet: str = "ipa"
    """`ipa` (Kokoro's own symbols may be among them) or `x-sampa`."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs within a span. Speeds multiply, pitches and energies add up; of the others the innermost holds."""

    speed: float = 1.0
    pitch: float = 0.0
    energy: float = 0.0
    voice: str | None = None
    language: str | None = None
    saying: Saying | None = None


NOTHING = Change()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source and what differs in it."""

    start: int
    end: int
    change: Change


@dataclass(frozen=True, slots=True)
class Opening:
    """A tag that begins a span."""

    name: str
    """What its closing tag is called; those of SSML begin with `<`."""
    change: Change
    problem: str = ""
    """What in it is not understood, while the rest holds."""


@dataclass(frozen=True, slots=True)
class Closing:
    name: str


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a sentence."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Understood, and neither heard nor changing anything."""


Meaning: TypeAlias = PauseMark | Opening | Closing | Break | Silent | str
"""A `str` is a sentence that says why a piece of markup is not understood."""


class ElementKind(StrEnum):
    TAG = "tag"
    """Opens or closes something."""
    PAUSE = "pause"
    SAYING = "saying"
    """The word within `[word](/phonemes/)` or `[say word|as other words]`, which is shown and not read as written."""
    ARGUMENT = "argument"
    """A value within a tag or pause."""
    ENTITY = "entity"
    """`&amp;`."""
    UNKNOWN = "unknown"
    """Not understood, not spoken."""


@dataclass(frozen=True, slots=True)
class Element:
    """A piece of markup as the editor shows it. Later ones may lie within earlier ones."""

    kind: ElementKind
    start: int
    end: int
