"""From words as they are written to words as they are spoken.

A normaliser takes the tokens of one sentence and yields, in order, how many tokens it took and how they are spoken:
`["It", "costs", "$3.50."]` gives `(1, "It"), (1, "costs"), (1, "three dollars and fifty cents.")`. What cannot be
spoken gives an empty string. No digit is ever left in what is spoken, but in languages that are sent as written.
"""

from collections.abc import Iterator, Sequence

from audiostudio.script.language import Language
from audiostudio.script.normalise import cjk, english, lightly
from audiostudio.script.normalise.clean import speakable


def normalise(tokens: Sequence[str], language: Language) -> Iterator[tuple[int, str]]:
    """How the tokens of one sentence are spoken."""
    if language.as_written:
        return ((1, speakable(token)) for token in tokens)
    if language.tag.startswith("en-"):
        return english.normalise(tokens, language)
    if language.tag in ("ja", "zh"):
        return cjk.normalise(tokens, language)
    return lightly.normalise(tokens, language)
