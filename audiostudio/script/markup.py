"""Markup in square brackets that a writer puts between words: `[pause 0.5s]`.

Everything in the form `[name …]`, with a name of small ASCII letters, is markup; anything else in brackets is text.
"""

import re
from dataclasses import dataclass

LONGEST_PAUSE = 60.0
"""Seconds."""

PATTERN = re.compile(r"\[(/?[a-z][a-z-]{0,31})((?:[ =:][^\[\]\n]{0,200})?)\]")
_DURATION = re.compile(r"[ =:]?\s*(\d{1,6}(?:[.,]\d{1,6})?|[.,]\d{1,6})\s*(ms|s|sec|seconds?|milliseconds?)?\s*")


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


def interpret(match: re.Match[str]) -> PauseMark | str:
    """What a match of `PATTERN` asks for, or a sentence that says why it is not understood."""
    name, argument = match[1], match[2]
    if name == "pause":
        return _pause(argument)
    return f"The markup {match[0]} is not known and is not spoken. Known: [pause 0.5s], [pause 500ms]."


def _pause(argument: str) -> PauseMark | str:
    duration = _DURATION.fullmatch(argument)
    if duration is None:
        return "A pause needs a length in seconds or milliseconds: [pause 0.5s] or [pause 500ms]."
    seconds = float(duration[1].replace(",", "."))
    if (duration[2] or "s").startswith("m"):
        seconds /= 1000
    if seconds > LONGEST_PAUSE:
        return f"A pause can be {LONGEST_PAUSE:.0f} seconds long at most."
    return PauseMark(seconds)
