"""From words as they are written to words as they are spoken.

A normaliser takes the tokens of one sentence and yields, in order, how many tokens it took and how they are spoken:
`["It", "costs", "$3.50."]` gives `(1, "It"), (1, "costs"), (1, "three dollars and fifty cents.")`. What cannot be
spoken gives an empty string. No digit is ever left in what is spoken.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from audiostudio.script.language import Language
from audiostudio.script.normalise import english

Normaliser: TypeAlias = Callable[[Sequence[str], Language], Iterator[tuple[int, str]]]


def normalise(tokens: Sequence[str], language: Language) -> Iterator[tuple[int, str]]:
    return english.normalise(tokens, language)
