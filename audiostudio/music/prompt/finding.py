"""Places of a prompt, and what was found there."""

from typing import NamedTuple


class Place(NamedTuple):
    """A stretch of a prompt: characters, half-open."""

    start: int
    end: int
    text: str


class Finding(NamedTuple):
    """Something understood: a chip."""

    start: int
    end: int
    text: str
    kind: str
    """`genre`, `mood`, `era`, `tempo`, `key`, `metre`, `instrument`, `without`, `energy`, `structure`, `length`,
    `seed`, `vocals`."""
    value: str
    """An id, or a number as text: `lo-fi`, `72`, `A minor`, `90`."""
