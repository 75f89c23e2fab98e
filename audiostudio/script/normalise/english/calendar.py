"""English dates and times of day."""

import re

from audiostudio.script.normalise.english.names import spell
from audiostudio.script.normalise.english.numbers import cardinal, decade, digits, ordinal, year
from audiostudio.script.normalise.english.rule import Context, rule
from audiostudio.script.normalise.english.tables import DAYS, MONTH_BY_NAME, MONTHS, ZONES

_MONTH = "(?:" + "|".join(sorted(MONTH_BY_NAME, key=len, reverse=True)) + r")(?![^\W\d_])\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\d)"
_YEAR = r"(?:1\d{3}|20\d{2})(?![\d%])(?!(?:,\d)|\.\d)"
_HALF = r"(?:[ap]\.m\.|[ap]\.m|[ap]m)(?![^\W\d_])"
_CLOCK = r"(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
_ZONE = r"(?:[ ](?:" + "|".join(sorted(ZONES, key=len, reverse=True)) + r")(?:[+−-]\d{1,2})?)(?!\w)"
_DASH = r"[ ]?[-–—][ ]?"


def _month(text: str) -> str:
    return MONTH_BY_NAME[text.rstrip(".").lower()]


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _day_first(day: int, month: str, year_text: str | None, british: bool) -> str:
    words = f"the {ordinal(day)} of {month}"
    return f"{words} {year(int(year_text), british)}" if year_text else words


def _month_first(day: str, month: str, year_text: str | None, british: bool) -> str:
    words = f"{month} {'the ' if british else ''}{ordinal(_number(day))}"
    return f"{words}, {year(int(year_text), british)}" if year_text else words


def _as_numbers(day: int, month: int, year_value: int, context: Context) -> str | None:
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    if context.british:
        return _day_first(day, MONTHS[month - 1], str(year_value), True)
    return _month_first(str(day), MONTHS[month - 1], str(year_value), False)


def _full_year(text: str) -> int:
    value = int(text)
    return value if len(text) == 4 else value + (2000 if value < 50 else 1900)


def _say_day_month(match: re.Match[str], context: Context) -> str | None:
    said = _day_first(_number(match["day"]), _month(match["month"]), match["year"], context.british)
    return said.removeprefix("the ") if context.before().lower() == "the" else said


def _say_days_month(match: re.Match[str], context: Context) -> str | None:
    first, last = _number(match["day"]), _number(match["last"])
    said = _day_first(last, _month(match["month"]), match["year"], context.british)
    return f"the {ordinal(first)} to {said}"


def _say_month_day(match: re.Match[str], context: Context) -> str | None:
    return _month_first(match["day"], _month(match["month"]), match["year"], context.british)


def _say_month_days(match: re.Match[str], context: Context) -> str | None:
    month, article = _month(match["month"]), "the " if context.british else ""
    said = f"{month} {article}{ordinal(_number(match['day']))} to {article}{ordinal(_number(match['last']))}"
    return f"{said}, {year(int(match['year']), context.british)}" if match["year"] else said


def _say_month_year(match: re.Match[str], context: Context) -> str | None:
    return f"{_month(match['month'])} {year(int(match['year']), context.british)}"


def _say_iso(match: re.Match[str], context: Context) -> str | None:
    date = _as_numbers(int(match["d"]), int(match["m"]), int(match["y"]), context)
    if date is None or match["time"] is None:
        return date
    time = match["time"]
    said = _clock(time[:5] if time.endswith(":00") else time, "", context.british)
    return f"{date}, {said}{_zone(match['zone'])}"


def _say_year_month(match: re.Match[str], context: Context) -> str | None:
    """`2026-11`; but `2010-11` is a season."""
    month = int(match["m"])
    if not 1 <= month <= 12 or month == int(match["y"][2:]) + 1:
        return None
    return f"{MONTHS[month - 1]} {year(int(match['y']), context.british)}"


def _say_numeric(match: re.Match[str], context: Context) -> str | None:
    first, second, year_value = int(match["a"]), int(match["b"]), _full_year(match["y"])
    day, month = (first, second) if context.british or match["mark"] == "." else (second, first)
    if month > 12:
        day, month = month, day
    return _as_numbers(day, month, year_value, context)


def _say_day_name(match: re.Match[str], context: Context) -> str | None:
    word = match["name"]
    return (
        DAYS[word.lower()] if word[0].isupper() and (match["stop"] or context.after(match[0])[:1].isdigit()) else None
    )


def _say_month_name(match: re.Match[str], context: Context) -> str | None:
    return _month(match[0]) if match[0][0].isupper() else None


def _clock(text: str, half: str, british: bool) -> str:
    hours, minutes, *seconds = re.split(r"[:.]", text)
    hour, minute = int(hours), int(minutes)
    if not half and not seconds and hour in (0, 24) and minute == 0:
        return "midnight"
    said = cardinal(hour)
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    elif not half and not seconds:
        said += " o'clock" if 1 <= hour <= 12 else " hundred"
    if seconds:
        said += " oh oh" if not minute else ""
        said += f" and {cardinal(int(seconds[0]))} second{'' if int(seconds[0]) == 1 else 's'}"
    return said + half


def _half(text: str | None) -> str:
    return f" {text.strip()[0].lower()}.m." if text else ""


def _zone(text: str | None) -> str:
    if not text or not text.strip():
        return ""
    found = re.fullmatch(r"\s*([A-Z]+)(.*)", text)
    assert found
    name, offset = found.groups()
    sign = "" if not offset else f" {'plus' if offset[0] == '+' else 'minus'} {cardinal(int(offset[1:]))}"
    return " " + spell("UTC" if name == "Z" else name) + sign


def _say_time(match: re.Match[str], context: Context) -> str | None:
    if "." in match["clock"] and not match["half"]:
        return None
    return _clock(match["clock"], _half(match["half"]), context.british) + _zone(match["zone"])


def _say_hour(match: re.Match[str], context: Context) -> str | None:
    return cardinal(int(match["hour"])) + _half(match["half"]) + _zone(match["zone"])


def _say_times(match: re.Match[str], context: Context) -> str | None:
    def one(text: str, half: str | None) -> str:
        return (
            _clock(text, _half(half), context.british)
            if re.search(r"[:.]", text)
            else cardinal(int(text)) + _half(half)
        )

    if not (match["half"] or match["half1"] or (":" in match["a"] and ":" in match["b"])):
        return None
    return f"{one(match['a'], match['half1'])} to {one(match['b'], match['half'])}{_zone(match['zone'])}"


def _say_decade(match: re.Match[str], context: Context) -> str | None:
    text = match["decade"]
    if len(text) == 2 and text[1] != "0":
        return None
    return decade(text, context.british)


def _say_era(match: re.Match[str], context: Context) -> str | None:
    value = int(match["y"])
    said = year(value, context.british) if 1000 <= value <= 2999 else cardinal(value, context.british)
    era = spell(match["era"].replace(".", ""))
    return f"{era} {said}" if match["era"] == match[0][: len(match["era"])] else f"{said} {era}"


_I = re.IGNORECASE
RULES = (
    rule(
        r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?P<zone>Z)?)?",
        _say_iso,
    ),
    rule(r"(?P<y>19\d\d|20\d\d)-(?P<m>\d\d)", _say_year_month),
    rule(r"(?P<a>\d{1,2})(?P<mark>[/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4}|\d{2})", _say_numeric),
    rule(rf"(?P<day>{_DAY}){_DASH}(?P<last>{_DAY}) (?P<month>{_MONTH})(?:,? (?P<year>{_YEAR}))?", _say_days_month, _I),
    rule(rf"(?P<day>{_DAY})(?: of| |-)? ?(?P<month>{_MONTH})(?:,? ?-?(?P<year>{_YEAR}))?", _say_day_month, _I),
    rule(rf"(?P<month>{_MONTH}) (?P<day>{_DAY}){_DASH}(?P<last>{_DAY})(?:,? (?P<year>{_YEAR}))?", _say_month_days, _I),
    rule(rf"(?P<month>{_MONTH}) (?:the )?(?P<day>{_DAY})(?:,? (?P<year>{_YEAR}))?", _say_month_day, _I),
    rule(rf"(?P<month>{_MONTH}),? (?P<year>{_YEAR})", _say_month_year, _I),
    rule(r"(?P<name>mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)(?P<stop>\.?)", _say_day_name, _I),
    rule(r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.", _say_month_name),
    rule(
        rf"(?P<a>{_CLOCK}|\d{{1,2}})[ ]?(?P<half1>{_HALF})?{_DASH}(?P<b>{_CLOCK}|\d{{1,2}})(?:[ ]?(?P<half>{_HALF}))?"
        rf"(?P<zone>{_ZONE})?",
        _say_times,
        _I,
    ),
    rule(rf"(?P<clock>{_CLOCK})(?:[ ]?(?P<half>{_HALF}))?(?P<zone>{_ZONE})?", _say_time, _I),
    rule(rf"(?P<hour>1[0-2]|0?[1-9])[ ]?(?P<half>{_HALF})(?P<zone>{_ZONE})?", _say_hour, _I),
    rule(r"['’‘]?(?P<decade>(?:1[0-9]|20)\d0|[1-9]0)['’]?s", _say_decade),
    rule(r"(?P<y>\d{1,4}) ?(?P<era>BCE|BC|CE|AD|B\.C\.E\.|B\.C\.|A\.D\.|C\.E\.)", _say_era),
    rule(r"(?P<era>AD|A\.D\.) ?(?P<y>\d{1,4})", _say_era),
    rule(
        r"['’‘](?P<yy>\d{2})",
        lambda match, _: digits(match["yy"], "oh") if match["yy"][0] == "0" else cardinal(int(match["yy"])),
    ),
)
