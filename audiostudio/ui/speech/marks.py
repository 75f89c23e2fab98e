"""What in a line of the script is marked while it is written: pauses, headings, and what is not understood. Plain
Python; offsets are Qt's (UTF-16)."""

from dataclasses import dataclass
from functools import lru_cache

from audiostudio.script.markdown import blocks


@dataclass(frozen=True, slots=True)
class Mark:
    kind: str
    """`pause` or `problem`."""
    start: int
    end: int
    message: str = ""


@lru_cache(4096)
def marks(text: str) -> tuple[Mark, ...]:
    """The marks of one line, in order."""
    found: list[Mark] = []
    for block in blocks(text):
        for start, end, pause in block.pauses:
            found.append(Mark("pause", start, end, f"{pause.seconds:g} s"))
        for problem in block.problems:
            found.append(Mark("problem", problem.start, problem.end, problem.message))
    if not text.isascii():
        found = [Mark(one.kind, utf16(text, one.start), utf16(text, one.end), one.message) for one in found]
    return tuple(sorted(found, key=lambda mark: mark.start))


def utf16(text: str, offset: int) -> int:
    """An offset in characters as Qt counts it."""
    if text.isascii():
        return offset
    return offset + sum(letter > "\uffff" for letter in text[:offset])
