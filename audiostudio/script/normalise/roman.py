"""Roman numerals."""

import re

_FORM = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def roman(text: str) -> int | None:
    """The value of a Roman numeral in capitals, 1 … 3999, or None."""
    if not text or not _FORM.fullmatch(text):
        return None
    values = [_VALUES[one] for one in text]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))
