"""Values of markup. Each function gives the value, or a sentence that says what is expected."""

import math
import re

LONGEST_PAUSE = 60.0
"""Seconds."""
SPEED = (0.25, 4.0)
"""Factors."""
PITCH = (-24.0, 24.0)
"""Semitones."""
ENERGY = (-60.0, 12.0)
"""dB; the least is as good as silence."""

SPEEDS = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.5}
PITCHES = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "default": 0.0, "high": 3.0, "x-high": 6.0}
ENERGIES = {
    "silent": -60.0, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 4.0, "x-loud": 8.0,
}  # fmt: skip
BREAKS = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.75, "x-strong": 1.2}
"""Seconds."""
EMPHASES = {
    "strong": (0.85, 1.5, 3.0), "moderate": (0.92, 0.75, 1.5), "reduced": (1.1, -0.75, -3.0), "none": (1.0, 0.0, 0.0),
}  # fmt: skip
"""Speed, semitones and dB."""

_DURATION = re.compile(r"\+?(\d{1,6}(?:[.,]\d{1,6})?|[.,]\d{1,6})\s*(ms|s|sec|seconds?|milliseconds?)?")
_VALUE = re.compile(
    r"(?P<sign>[-+−–])?\s*(?P<number>\d{1,4}(?:[.,]\d{1,4})?|[.,]\d{1,4})\s*(?P<unit>%|x|×|st|semitones?|db)?",
    re.IGNORECASE,
)


def duration(text: str) -> float | str:
    """Seconds of `0.5s`, `500ms`, `2`."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return "A pause needs a length in seconds or milliseconds: [pause 0.5s] or [pause 500ms]."
    seconds = float(found[1].replace(",", "."))
    if (found[2] or "s").startswith("m"):
        seconds /= 1000
    if seconds > LONGEST_PAUSE:
        return f"A pause can be {LONGEST_PAUSE:.0f} seconds long at most."
    return seconds


def speed(text: str) -> float | str:
    """A factor: `1.2`, `1.2x`, `120%`, `+20%`, `slow`."""
    if (named := SPEEDS.get(text.lower())) is not None:
        return named
    read = _read(text)
    factor = math.nan
    if read is not None:
        sign, number, unit = read
        if unit == "%":
            factor = (number if not sign else 100 + sign * number) / 100
        elif unit in ("", "x") and not sign:
            factor = number
    return _within(
        factor, SPEED, "A speed is a factor from 0.25 to 4, a percentage or a word such as slow: [speed 1.2]."
    )


def pitch(text: str) -> float | str:
    """Semitones: `+2`, `-1.5st`, `+10%`, `high`."""
    if (named := PITCHES.get(text.lower())) is not None:
        return named
    read = _read(text)
    semitones = math.nan
    if read is not None:
        sign, number, unit = read
        if unit == "%":
            share = 1 + (sign or 1) * number / 100
            semitones = 12 * math.log2(share) if share > 0 else math.nan
        elif unit in ("", "s"):
            semitones = (sign or 1) * number
    return _within(semitones, PITCH, "A pitch is a shift of −24 to +24 semitones, or a word such as high: [pitch +2].")


def energy(text: str, percent: bool = False) -> float | str:
    """dB: `+3`, `-6dB`, `50%`, `loud`. `percent`: a bare number is one of 0 … 100, as in SSML."""
    if (named := ENERGIES.get(text.lower())) is not None:
        return named
    read = _read(text)
    decibels = math.nan
    if read is not None:
        sign, number, unit = read
        if unit == "%" or (percent and not unit and not sign):
            share = (number if not sign else 100 + sign * number) / 100
            decibels = max(20 * math.log10(share), ENERGY[0]) if share > 0 else ENERGY[0]
        elif unit in ("", "d"):
            decibels = (sign or 1) * number
    return _within(decibels, ENERGY, "A volume is a change of −60 to +12 dB, or a word such as soft: [volume +3].")


def _read(text: str) -> tuple[int, float, str] | None:
    """Sign (0: none), number and the first letter of the unit."""
    found = _VALUE.fullmatch(text.strip())
    if found is None:
        return None
    sign = 0 if not found["sign"] else 1 if found["sign"] == "+" else -1
    return sign, float(found["number"].replace(",", ".")), (found["unit"] or "")[:1].lower().replace("×", "x")


def _within(value: float, span: tuple[float, float], message: str) -> float | str:
    return value if span[0] <= value <= span[1] else message
