"""Forms in which a stretch of text can be said: letter by letter, as digits, as a date, …"""

import re
from datetime import date

from audiostudio.script.language import Language
from audiostudio.script.markup.forms import ORDERS
from audiostudio.script.normalise import cjk, lightly, normalise
from audiostudio.script.normalise.clean import ascii_digits
from audiostudio.script.normalise.english import numbers as english

_NUMBER = re.compile(r"[-+−]?\d{1,3}(?:[, \u202f.]\d{3})*(?:[.,]\d+)?|[-+−]?\d+(?:[.,]\d+)?")
_WHOLE = re.compile(r"(\d{1,3}(?:[, .]\d{3})+|\d{1,36})\s*(?:st|nd|rd|th|º|ª|°|er|ère|re|e|ème|\.)?", re.IGNORECASE)
_DATE = re.compile(r"(\d{1,4})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,4})")
_TIME = re.compile(r"(\d{1,2})\s*[:.h]?\s*([0-5]\d)?(?::([0-5]\d))?\s*([ap]\.?m\.?)?", re.IGNORECASE)
_TIME_RUN = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
_PLUS = {"en": "plus", "es": "más", "fr": "plus", "it": "più", "pt": "mais", "hi": "प्लस", "ja": "プラス", "zh": "加"}
_HINDI_ORDINALS = {1: "पहला", 2: "दूसरा", 3: "तीसरा", 4: "चौथा", 6: "छठा"}


def fits(form: str, text: str) -> bool:
    """Whether `text` can be said in `form`."""
    text = ascii_digits(text).strip()
    if form in ("digits", "telephone"):
        return any(one.isdecimal() for one in text)
    if form == "letters":
        return any(one.isalnum() for one in text)
    if form == "number":
        return bool(_NUMBER.fullmatch(text))
    if form == "ordinal":
        return bool(_WHOLE.fullmatch(text))
    if form == "year":
        return bool(re.fullmatch(r"\d{1,4}", text))
    if form == "time":
        return bool(_TIME_RUN.fullmatch(text)) or (
            bool(_TIME.fullmatch(text)) and int(re.findall(r"\d+", text)[0]) < 25
        )
    return bool(re.search(r"\d", text)) and (not _DATE.fullmatch(text) or any(_date(text, one) for one in ORDERS))


def say(form: str, text: str, detail: str, language: Language) -> str:
    """`text`, which fits `form`, as it is spoken."""
    text = ascii_digits(text).strip()
    if language.as_written:
        return " ".join(text.replace(" ", "")) if form in ("letters", "digits", "telephone") else text
    if form == "letters":
        return _letters(text, language)
    if form == "digits":
        return _joined([_plain(one, language) for one in text if one.isdecimal()], language)
    if form == "telephone":
        return _telephone(text, language)
    if form == "number":
        return _number(text, language)
    if form == "ordinal":
        return _ordinal(re.sub(r"\D", "", text), language)
    if form == "year":
        return _year(text, language)
    if form == "time":
        return _time(text, language)
    order = detail or ("mdy" if language.tag == "en-us" else "ymd" if not language.spaced else "dmy")
    day = _date(text, order)
    return _plain(day.isoformat() if day else text, language)


def _plain(text: str, language: Language) -> str:
    """`text` as the language's normaliser reads it."""
    return _joined([spoken for _, spoken in normalise(text.split(), language) if spoken], language)


def _joined(parts: list[str], language: Language) -> str:
    return (" " if language.spaced else "").join(parts)


def _letters(text: str, language: Language) -> str:
    parts = re.findall(r"[^\W\d_]+|\d", text)
    if language.tag.startswith("en-"):
        return " ".join(_dotted(one.upper()) if one.isalpha() else _plain(one, language) for one in parts)
    return " ".join(letter for one in parts for letter in (one.upper() if one.isalpha() else [_plain(one, language)]))


def _dotted(letters: str) -> str:
    """Letters in the form that no English reader takes for a word."""
    return ".".join(letters) + "." if len(letters) > 1 else letters


def _telephone(text: str, language: Language) -> str:
    groups = [_joined([_plain(one, language) for one in group], language) for group in re.findall(r"\d+", text)]
    plus = _PLUS[language.tag[:2]] + (" " if language.spaced else "") if text.startswith("+") else ""
    return plus + (", " if language.spaced else "、" if language.tag == "ja" else "，").join(groups)


def _number(text: str, language: Language) -> str:
    if not language.tag.startswith("en-"):
        return _plain(text, language)
    sign = "minus " if text[0] in "-−" else ""
    return sign + english.number(re.sub(r"[^\d.]", "", text), language.tag == "en-gb")


def _ordinal(digits: str, language: Language) -> str:
    if language.tag.startswith("en-"):
        return english.ordinal(int(digits), language.tag == "en-gb")
    if not language.spaced:
        return "第" + cjk.cardinal(digits, language.tag)
    if language.tag == "hi":
        return _HINDI_ORDINALS.get(int(digits)) or f"{lightly.cardinal(digits, 'hi')}वाँ"
    return lightly.ordinal(digits, language.tag)


def _year(text: str, language: Language) -> str:
    if language.tag.startswith("en-") and 1000 <= int(text) <= 2999:
        return english.year(int(text), language.tag == "en-gb")
    if not language.spaced:
        return _plain(f"{text}年", language)
    return _plain(text, language)


def _time(text: str, language: Language) -> str:
    run = _TIME_RUN.fullmatch(text)
    found = run or _TIME.fullmatch(text)
    assert found
    hour, minute = found[1], found[2] or "00"
    second = f":{found[3]}" if not run and found[3] else ""
    half = "" if run or not found[4] else f" {found[4][0].lower()}.m."
    if half and minute == "00":
        return _plain(f"{int(hour)}{half}", language)
    return _plain(f"{int(hour)}:{minute}{second}{half}", language)


def _date(text: str, order: str) -> date | None:
    """The day of a date in numbers; None for other text and for no day of the calendar."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    if len(found[1]) > 2:
        order = "ymd" if order[0] != "y" else order
    parts = dict(zip(order, map(int, found.groups()), strict=True))
    year = parts["y"] if parts["y"] > 99 else parts["y"] + (2000 if parts["y"] < 50 else 1900)
    try:
        return date(year, parts["m"], parts["d"])
    except ValueError:
        return None
