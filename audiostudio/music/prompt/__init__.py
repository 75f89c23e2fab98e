"""What a prompt asks for, word by word: nothing is guessed, and what is not understood is said.

Where two things are said that exclude each other, a number counts before a word, what must not be there before what
should, and otherwise what was said first.
"""

from dataclasses import dataclass, fields, replace

from audiostudio.music.plan import Brief
from audiostudio.music.prompt.deciding import decide
from audiostudio.music.prompt.finding import Finding, Place
from audiostudio.music.prompt.numbers import numbers
from audiostudio.music.prompt.wording import coloured, structures, words

__all__ = ["LONGEST_PROMPT", "Finding", "Place", "Reading", "merged", "read"]

LONGEST_PROMPT = 20_000
"""Characters that are read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt says."""

    brief: Brief
    findings: tuple[Finding, ...]
    """By start."""
    unknown: tuple[Place, ...]
    """Words that were not understood."""
    contradictions: tuple[str, ...]
    """Sentences: what excludes what, and which of them counts."""


def read(text: str) -> Reading:
    """Read a prompt. Never fails: what nobody can make is refused by `planning.plan`. Linear in its length."""
    text = text[:LONGEST_PROMPT]
    findings = list(numbers(text))
    taken = bytearray(len(text))
    for one in findings:
        taken[one.start : one.end] = b"\1" * (one.end - one.start)
    unknown: list[Place] = []
    findings += words(text, taken, unknown)
    findings.sort()
    findings, lone = structures(text, coloured(text, findings))
    brief, contradictions = decide(findings)
    return Reading(brief, tuple(findings), tuple(sorted([*unknown, *lone])), tuple(contradictions))


def merged(read: Brief, chosen: Brief) -> Brief:
    """What was chosen by hand, and what was read where nothing was."""
    nothing = Brief()
    own = {
        one.name: getattr(chosen, one.name)
        for one in fields(Brief)
        if getattr(chosen, one.name) != getattr(nothing, one.name)
    }
    both = replace(read, **own)
    return replace(both, instruments=tuple(name for name in both.instruments if name not in both.without))
