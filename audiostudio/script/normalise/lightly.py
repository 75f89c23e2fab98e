"""Spanish, French, Italian, Portuguese and Hindi: numbers, money, measures, dates, times, signs, abbreviations."""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from audiostudio.resource import resource
from audiostudio.script.language import Language
from audiostudio.script.normalise import hindi
from audiostudio.script.normalise.clean import ascii_digits, speakable, without_digits
from audiostudio.script.normalise.roman import roman

_LONGEST = 15
"""Digits of a number that is read as one; longer ones are read digit by digit, as people do."""
_NUM2WORDS = {"es": "es", "fr": "fr", "it": "it", "pt-br": "pt_BR"}
_NUMBER = r"\d{1,3}(?:[. \u202f]\d{3})+(?:,\d+)?(?!\d)|\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)|\d+(?:[.,]\d+)?"
_ORDINAL = r"º|ª|°(?!C)|\.º|\.ª|er|ère|re|ème|e|nd|nde"
_EDGES = re.compile(r"([\s\"“”‘’'«»()\[\]{}¿¡]*)(.*?)([\"“”‘’'«»()\[\]{}.,;:!?…।॥]*)$", re.DOTALL)
_ROMAN = re.compile(r"(?P<roman>[IVXLCDM]{1,8})(?P<suffix>e|er|ème|º|ª)?(?P<trail>[.,;:!?…]*)")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹½¼¾⅓⅔"
_SPLIT = re.compile(rf"\d+|[{_RAISED}]|(?:(?![{_RAISED}])[^\W\d_])+(?:['’][^\W\d_{_RAISED}]+)*|.", re.DOTALL)
_PLAIN = re.compile(rf"[^\d@#&%€$£¥₹+=/\\_×°<>*^~|.{_RAISED}]*")


class _Words:
    """One language's table, with the patterns made of it."""

    def __init__(self, tag: str) -> None:
        table = json.loads(resource("script/normalise.json").read_text(encoding="utf-8"))[tag]
        self.tag = tag
        self.table: dict[str, Any] = table
        self.months: list[str] = table["months"].split()
        currency = "|".join(re.escape(one) for one in sorted(table["currencies"], key=len, reverse=True))
        unit = "|".join(re.escape(one) for one in sorted(table["units"], key=len, reverse=True))
        self.amount = re.compile(
            rf"(?P<sign>[-−+])?(?P<before>{currency})? ?(?P<number>{_NUMBER})(?:(?P<ordinal>{_ORDINAL})(?!\w)"
            rf"|(?:[-–](?P<last>{_NUMBER}))?(?: ?(?P<percent>%)| ?(?P<behind>{currency})| ?(?P<unit>{unit})(?!\w))?)"
            r"(?=[^\w€$£¥₹%]*(?:\s|$))"
        )
        self.date = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)|(\d{4})-(\d{2})-(\d{2})(?!\d)")
        self.clock = re.compile(r"([01]?\d|2[0-4])(?::|h)([0-5]\d)(?!\d)|([01]?\d|2[0-4])h(?!\w)")

    def cardinal(self, text: str) -> str:
        """A whole number of digits in words."""
        if len(text) > _LONGEST or (len(text) > 1 and text[0] == "0"):
            return " ".join(self.cardinal(one) for one in text)
        if self.tag == "hi":
            return hindi.cardinal(int(text))
        from num2words import num2words

        return str(num2words(int(text), lang=_NUM2WORDS[self.tag])).replace(",", "")

    def ordinal(self, text: str, mark: str) -> str:
        if len(text) > _LONGEST:
            return self.cardinal(text)
        from num2words import num2words

        said = str(num2words(int(text), to="ordinal", lang=_NUM2WORDS[self.tag]))
        if mark.endswith("ª") or mark in ("re", "ère", "nde"):
            return "première" if said == "premier" else re.sub(r"o\b", "a", said)
        return said

    def number(self, text: str) -> str:
        """`1.234,5`, `1,5` or `3.14` in words."""
        if re.fullmatch(r"\d{1,3}(?:[. \u202f]\d{3})+(?:,\d+)?", text):
            text = re.sub(r"[. \u202f]", "", text)
        elif re.fullmatch(r"\d{1,3}(?:,\d{2,3})*,\d{3}", text) and (self.tag == "hi" or text.count(",") > 1):
            text = text.replace(",", "")
        found = re.fullmatch(r"(\d+)(?:([.,])(\d+))?.*", text)
        assert found
        whole, mark, decimals = found.groups()
        said = self.cardinal(whole)
        if not mark:
            return said
        short = len(decimals) < 3 and decimals[0] != "0" and self.tag != "hi"
        rest = self.cardinal(decimals) if short else " ".join(self.cardinal(one) for one in decimals)
        return f"{said} {self.table['comma' if mark == ',' else 'point']} {rest}"


@cache
def _words(tag: str) -> _Words:
    return _Words(tag)


def cardinal(digits: str, tag: str) -> str:
    """A whole number in words, in the language `tag`."""
    return _words(tag).cardinal(digits)


def ordinal(digits: str, tag: str) -> str:
    """The ordinal of a whole number, masculine. Not for Hindi."""
    return _words(tag).ordinal(digits, "")


def normalise(tokens: Sequence[str], language: Language) -> Iterator[tuple[int, str]]:
    """See `audiostudio.script.normalise`."""
    words = _words(language.tag)
    tokens = [ascii_digits(token) for token in tokens]
    at = 0
    while at < len(tokens):
        taken, spoken = _next(tokens, at, words)
        yield taken, spoken
        at += taken


def _next(tokens: Sequence[str], at: int, words: _Words) -> tuple[int, str]:
    token = tokens[at]
    short = words.table["short"].get(token.lower())
    if short is not None:
        return 1, short
    if numeral := _numeral(tokens, at, words):
        return 1, numeral
    if _PLAIN.fullmatch(token.rstrip(".")):
        return 1, speakable(token)
    found = _EDGES.fullmatch(token)
    assert found
    lead, core, _ = found.groups()
    rest = " ".join([token[len(lead) :], *tokens[at + 1 : at + 3]])
    match = words.amount.match(rest)
    if core and match:
        return _around(lead, _amount(match, words), rest, match.end())
    if not core:
        return 1, speakable(token)
    said = without_digits(_in_parts(core, words)).strip()
    return 1, speakable(lead) + said + speakable(token[len(lead) + len(core) :])


def _numeral(tokens: Sequence[str], at: int, words: _Words) -> str:
    """`Louis XIV` → “quatorze”, `siglo XXI` → “veintiuno”, `XXIe` → “vingt et unième”; else empty."""
    match = _ROMAN.fullmatch(tokens[at])
    value = roman(match["roman"]) if match else None
    if match is None or value is None or words.tag == "hi" or _is_word(match, words.tag):
        return ""
    before = tokens[at - 1] if at else ""
    century = words.table["century"]
    if match["suffix"]:
        said = words.ordinal(str(value), match["suffix"])
    elif words.tag == "it" and tokens[at + 1 : at + 2] and tokens[at + 1].lower().startswith(century):
        said = words.ordinal(str(value), "")
    elif before.lower() == century or (before[:1].isupper() and before[1:2].islower() and len(match["roman"]) > 1):
        small = value <= 10 and words.tag in ("es", "pt-br")
        ordinal = before.lower() != century and (small or words.tag == "it")
        said = words.ordinal(str(value), "") if ordinal else words.cardinal(str(value))
    else:
        return ""
    return said + match["trail"]


def _is_word(match: re.Match[str], tag: str) -> bool:
    """Whether it is a word that begins a sentence: `Le`, `De`, `Ce`, `Me`; only French writes `Ve` for a fifth."""
    if match["suffix"] not in ("e", "er", "ème"):
        return False
    return tag != "fr" or match["roman"] in ("L", "C", "D", "M")


def _around(lead: str, said: str, rest: str, end: int) -> tuple[int, str]:
    space = rest.find(" ", end)
    trail = rest[end : space if space >= 0 else len(rest)]
    return rest.count(" ", 0, end) + 1, speakable(lead) + said + speakable(trail)


def _amount(match: re.Match[str], words: _Words) -> str:
    table, text = words.table, match["number"]
    sign = {"+": table["plus"] + " ", "-": table["minus"] + " ", "−": table["minus"] + " "}.get(match["sign"] or "", "")
    if match["ordinal"] and text.isdigit() and words.tag != "hi" and len(text) < 10:
        return words.ordinal(text, match["ordinal"])
    said = sign + words.number(text)
    if match["last"]:
        said += f" {table['range']} {words.number(match['last'])}"
    one = text == "1" and not match["last"]
    currency = match["before"] or match["behind"]
    if currency:
        return f"{said} {table['currencies'][currency][0 if one else 1]}"
    if match["unit"]:
        return f"{said} {table['units'][match['unit']][0 if one else 1]}"
    return f"{said} {table['percent']}" if match["percent"] else said


def _in_parts(core: str, words: _Words) -> str:
    """Dates, times, addresses, codes: what is not one amount."""
    if date := words.date.fullmatch(core):
        day, month, year = date.group(1, 2, 3) if date[1] else date.group(6, 5, 4)
        if 1 <= int(month) <= 12:
            name = words.months[int(month) - 1]
            said = words.cardinal(str(int(day))), name, words.cardinal(str(int(year)))
            return str(words.table["date"]).format(d=said[0], month=said[1], y=said[2])
    if clock := words.clock.fullmatch(core):
        hour, minute = words.cardinal(str(int(clock[1] or clock[3]))), int(clock[2] or 0)
        if not minute:
            return str(words.table["hour"]).format(h=hour)
        return str(words.table["time"]).format(h=hour, m=words.cardinal(str(minute)))
    core = re.sub(r"^https?://(?:www\.)?|^www\.", "", core)
    said_parts: list[str] = []
    parts = _SPLIT.findall(core)
    address = "@" in core or "/" in core or bool(re.search(r"\w\.\w", core))
    for at, part in enumerate(parts):
        if part.isdigit() and part.isascii():
            said_parts.append(words.cardinal(part))
        elif part in _RAISED:
            said_parts.append(words.table["half"] if part == "½" else _raised(part, words))
        elif part[0].isalnum():
            said_parts.append(part)
        elif part in "-.'’" and not address and 0 < at < len(parts) - 1:
            said_parts.append("-" if part == "-" and parts[at - 1].isalpha() and parts[at + 1].isalpha() else "")
        else:
            said_parts.append(words.table["signs"].get(part, "") if part != "-" or address else "")
    return re.sub(r" ?- ?", "-", " ".join(part for part in said_parts if part))


def _raised(part: str, words: _Words) -> str:
    """`²` as a number; a quarter or a third by its two numbers."""
    above, _, below = unicodedata.normalize("NFKC", part).partition("\u2044")
    said = words.cardinal(above)
    return f"{said} {words.table['signs']['/']} {words.cardinal(below)}" if below else said
