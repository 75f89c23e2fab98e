"""What in a line of the script is marked while it is written: markup, and what is not understood. Plain Python;
offsets are Qt's (UTF-16)."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from audiostudio.script.markdown import blocks
from audiostudio.script.markup import ElementKind

if TYPE_CHECKING:
    from audiostudio.operations.ability import EngineOf

PROBLEM = "problem"
NOTE = "note"
"""What the line's engine leaves out."""


@dataclass(frozen=True, slots=True)
class Mark:
    kind: str
    """An `ElementKind`, `PROBLEM` or `NOTE`."""
    start: int
    end: int
    message: str = ""


@lru_cache(32_768)
def marks(text: str, voices: frozenset[str] | None = None) -> tuple[Mark, ...]:
    """The marks of one line in order; later ones may lie within earlier ones. `voices`: the ids that it may name."""
    from audiostudio.script.reading import problems  # brings all of text normalisation along

    found = [
        Mark(element.kind.value, element.start, element.end)
        for block in (blocks(text) if any(one in text for one in "[<&") else ())
        for element in block.elements
        if element.kind is not ElementKind.UNKNOWN
    ]
    found += [Mark(PROBLEM, one.start, one.end, one.message) for one in problems(text, voices)]
    if not text.isascii():
        found = [Mark(one.kind, utf16(text, one.start), utf16(text, one.end), one.message) for one in found]
    return tuple(sorted(found, key=lambda mark: (mark.start, -mark.end)))


def beyond_marks(text: str, voice: str, engine_of: "EngineOf") -> tuple[Mark, ...]:
    """What the engine of `voice` cannot do with a line, in order; see `operations.ability`."""
    from audiostudio.operations.ability import beyond  # brings all of text normalisation along

    return tuple(
        Mark(PROBLEM if one.fatal else NOTE, utf16(text, one.start), utf16(text, one.end), one.message)
        for one in beyond(text, voice, engine_of)
    )


def flat(found: tuple[Mark, ...]) -> list[Mark]:
    """Marks of which none lies within another: the inner one cuts the outer. What is told stays whole."""
    made = [mark for mark in found if mark.message]
    others = [mark for mark in found if not mark.message]
    edges = sorted({place for mark in others for place in (mark.start, mark.end)})
    for start, end in pairwise(edges):
        inner = [mark for mark in others if mark.start <= start and end <= mark.end]
        if inner:
            made.append(Mark(inner[-1].kind, start, end))
    return made


def is_markup(text: str, start: int, end: int) -> bool:
    """Whether a part, in characters, is within a tag and so is not read as it is written."""
    first, last = utf16(text, start), utf16(text, end)
    laid = (mark for mark in flat(marks(text)) if mark.kind not in (PROBLEM, ElementKind.SAYING))
    return any(mark.start < last and first < mark.end for mark in laid)


def without_tags(text: str, start: int, end: int) -> tuple[int, int]:
    """A part, in characters, that begins and ends in no tag."""
    for mark in marks(text):
        first, last = characters(text, mark.start), characters(text, mark.end)
        if mark.kind in (ElementKind.TAG, ElementKind.PAUSE):
            start = last if first < start < last else start
            end = first if first < end < last else end
    return start, max(start, end)


def utf16(text: str, offset: int) -> int:
    """An offset in characters as Qt counts it."""
    if text.isascii():
        return offset
    return offset + sum(letter > "\uffff" for letter in text[:offset])


def characters(text: str, offset: int) -> int:
    """An offset of Qt's in characters."""
    if text.isascii():
        return offset
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * offset].decode("utf-16-le", "ignore"))
