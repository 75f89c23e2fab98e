"""Numbers in English words. `british` says “one hundred and five”, otherwise “one hundred five”."""

from functools import lru_cache

LONGEST = 36
"""Digits; a longer number is read digit by digit."""

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
"""A pattern for `7`, `1,234`, `1234.5`, `.5`."""

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "bn": "billion",
    "b": "billion",
    "t": "trillion",
    "tn": "trillion",
}


@lru_cache(4096)
def cardinal(number: int, british: bool = False) -> str:
    """`105` → “one hundred five”. 0 ≤ number < 10^36."""
    from num2words import num2words

    words = str(num2words(number)).replace(",", "")
    return words if british else words.replace(" and ", " ")


@lru_cache(4096)
def ordinal(number: int, british: bool = False) -> str:
    """`21` → “twenty-first”."""
    from num2words import num2words

    words = str(num2words(number, to="ordinal")).replace(",", "")
    return words if british else words.replace(" and ", " ")


def digits(text: str, zero: str = "zero") -> str:
    """Each digit of `text` by its name: `007` → “zero zero seven”."""
    return " ".join(zero if one == "0" else _DIGITS[int(one)] for one in text if one in "0123456789")


def number(text: str, british: bool = False) -> str:
    """What `NUMBER` matches: `1,234.50` → “one thousand two hundred thirty-four point five zero”."""
    whole, point, decimals = text.replace(",", "").partition(".")
    if not point and len(whole) > 1 and whole.startswith("0"):
        return digits(whole)
    words = digits(whole) if len(whole) > LONGEST else cardinal(int(whole or "0"), british)
    return f"{words} point {digits(decimals)}" if point else words


def year(value: int, british: bool = False) -> str:
    """1000 ≤ value ≤ 2999: “nineteen ninety-nine”, “twenty twenty-four”, “two thousand five”, “nineteen oh five”."""
    high, low = divmod(value, 100)
    if value % 1000 < 10:
        return cardinal(value, british)
    if low == 0:
        return f"{cardinal(high)} hundred"
    return f"{cardinal(high)} {'oh ' if low < 10 else ''}{cardinal(low)}"


def decade(text: str, british: bool = False) -> str:
    """`1990` → “nineteen nineties”, `90` → “nineties”, `1900` → “nineteen hundreds”."""
    value = int(text)
    words = year(value, british) if value > 999 else cardinal(value)
    return words[:-1] + "ies" if words.endswith("y") else words + ("es" if words.endswith("x") else "s")


def pairs(text: str) -> str:
    """The digits of a code as people say them: `747` → “seven forty-seven”, `4090` → “forty ninety”."""
    if text.startswith("0") or len(text) > 4:
        return digits(text)
    if len(text) <= 2 or int(text) % 1000 == 0:
        return cardinal(int(text))
    if len(text) == 3:
        return cardinal(int(text)) if text.endswith("00") else f"{cardinal(int(text[0]))} {_low(text[1:])}"
    return year(int(text)) if int(text) % 1000 >= 10 else cardinal(int(text))


def _low(text: str) -> str:
    return f"oh {cardinal(int(text))}" if text.startswith("0") else cardinal(int(text))


def fraction(above: int, below: int, british: bool = False) -> str:
    """“one half”, “three quarters”, “two thirds”, “five sixteenths”. below ≥ 2."""
    name = {2: "half", 4: "quarter"}.get(below) or ordinal(below, british)
    if above == 1:
        return f"one {name}"
    return f"{cardinal(above, british)} {'halves' if below == 2 else name + 's'}"


def mixed(whole: int, above: int, below: int, british: bool = False) -> str:
    """“two and a half”, “three and three quarters”."""
    part = fraction(above, below, british)
    if above == 1:
        part = ("an " if below in (8, 11, 18, 80) else "a ") + part.removeprefix("one ")
    return f"{cardinal(whole, british)} and {part}"


def scale(letter: str) -> str:
    """“million” for the `m` of `€5m`; empty for no letter."""
    return _SCALES.get(letter.lower(), "")
