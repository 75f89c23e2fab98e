"""English."""

import re
from collections.abc import Iterator, Sequence

from num2words import num2words

from audiostudio.script.language import Language


def normalise(tokens: Sequence[str], language: Language) -> Iterator[tuple[int, str]]:
    for token in tokens:
        yield 1, re.sub(r"\d+", lambda m: " " + str(num2words(int(m[0]))) + " ", token).strip()
