"""English money, measures, percentages, fractions, ranges, scores and plain numbers."""

import re

from audiostudio.script.normalise.english import tables
from audiostudio.script.normalise.english.numbers import (
    NUMBER,
    cardinal,
    digits,
    fraction,
    mixed,
    number,
    ordinal,
    pairs,
    scale,
    year,
)
from audiostudio.script.normalise.english.rule import Context, rule
from audiostudio.script.normalise.english.tables import BEFORE, CURRENCIES, UNITS, plural
from audiostudio.script.wordlist import word_set

_N = f"(?:{NUMBER})"
_DASH = r"(?:[ ]?[–—][ ]?|-)"
_SIGN = r"(?P<sign>[-−–+±~≈∼<>≤≥] ?)?"
_SCALE = r"(?:[ ]?(?P<scale>thousand|million|billion|trillion|hundred|k|K|m|M|mn|bn|B|b|T|tn)(?![^\W\d_]))?"
_MONEY = r"(?:US|A|C|NZ|HK|R)?\$|[£€¥₹₩₽₿₺₴₾₪฿₫₦]"
_CODE = "|".join(code for code in CURRENCIES if code.isalpha() and code.isascii())
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
           "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅐": (1, 7),
           "⅑": (1, 9), "⅒": (1, 10)}  # fmt: skip
_FRACTION = r"(?:\d{1,3}[⁄/]\d{1,3}|[" + "".join(_VULGAR) + r"])"
_SET_FRACTIONS = {"24/7": "twenty-four seven", "9/11": "nine eleven", "50/50": "fifty-fifty", "7/7": "seven seven"}
_DENOMINATORS = frozenset((2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 25, 32, 50, 64, 100))
_YEAR_CUES = word_set("in since by of year years from until till before after circa around during early late mid "
                       "between to spring summer autumn fall winter and copyright back")  # fmt: skip
_NOT_PLURALS = word_set("was is as has this its us does yes plus thus census")
_COUNTED = word_set("people men women children more other different new of percent degrees million billion thousand "
                     "mice feet teeth sheep fish")  # fmt: skip
_MEASURED = word_set(
    "race run walk drive hike ride radius bag box bottle limit bill note coin fine ticket RAM SSD disk screen monitor "
    "lens file engine battery charger pool tower wall rule deal budget investment loan cable resistor bulb panel stick "
    "zone stretch distance jar can glass camera processor laptop phone tax discount donation reward prize bonus"
)
"""What is measured by what stands before it: “a five kilometer race”, “a ten dollar bill”."""
_DIGIT_CUES = word_set("isbn issn pin code account card serial phone call dial text telephone passcode zip "
                        "postcode extension sku ean")  # fmt: skip
_SCORE_CUES = word_set("won win wins beat beats beaten lost lose loses lead leads led leading score scored score: "
                        "defeated victory draw drew defeat trailing final")  # fmt: skip


def _sign(match: re.Match[str]) -> str:
    sign = (match["sign"] or "").strip()
    if not sign:
        return ""
    return {"+": "plus ", "±": "plus or minus "}.get(sign) or (BEFORE[sign] + " " if sign in BEFORE else "minus ")


def _is_one(text: str) -> bool:
    return text.replace(",", "") == "1"


def _spelling(name: str, british: bool) -> str:
    if british:
        for american, own in tables.BRITISH.items():
            name = name.replace(american, own)
    return name


def _say_money(match: re.Match[str], context: Context) -> str | None:
    currency = match["currency"] or match["code"]
    major, minor = CURRENCIES[currency]
    amount, big = match["number"], match["scale"] or ""
    large = scale(big) or big
    said = _sign(match)
    whole, _, cents = amount.replace(",", "").partition(".")
    if match["last"]:
        said += number(amount, context.british) + " to "
        amount, cents, whole = match["last"], "", match["last"]
        if "." in amount:
            _, _, cents = amount.partition(".")
    if large:
        said += f"{number(amount, context.british)} {large} {plural(major)}"
    elif len(cents) == 2 and minor and len(whole) <= 30:
        said += _with_cents(int(whole or 0), int(cents), major, minor, context.british)
    else:
        one = (_is_one(amount) and not match["last"]) or context.after(match[0]) in _MEASURED
        said += f"{number(amount, context.british)} {major if one else plural(major)}"
    per = match["per"]
    return said + (f" per {_unit_name(per, True, context.british) or per}" if per else "")


def _with_cents(whole: int, cents: int, major: str, minor: str, british: bool) -> str:
    big = f"{cardinal(whole, british)} {major if whole == 1 else plural(major)}"
    small = f"{cardinal(cents)} {minor if cents == 1 else plural(minor)}"
    if not cents:
        return big
    return small if not whole else f"{big} and {small}"


def _say_lines(match: re.Match[str], context: Context) -> str | None:
    return f"{pairs(match['number'])} {match['mark'].upper()}"


def _say_cents(match: re.Match[str], context: Context) -> str | None:
    name = "penny" if match["mark"] == "p" else "cent"
    return f"{number(match['number'], context.british)} {name if _is_one(match['number']) else plural(name)}"


def _amount(match: re.Match[str], british: bool) -> tuple[str, bool]:
    """The number or range in words, and whether it is exactly one."""
    first, last = match["number"], match["last"]
    said = _sign(match) + _measure(first, british)
    if last:
        return f"{said} to {_measure(last, british)}", False
    return said, _is_one(first)


def _measure(text: str, british: bool) -> str:
    if any(one in _VULGAR for one in text) or "/" in text or "⁄" in text:
        return _mixed(text, british)
    return number(text, british)


def _say_percent(match: re.Match[str], context: Context) -> str | None:
    said, _ = _amount(match, context.british)
    return said + (" per mille" if match["mark"] == "‰" else " percent")


def _unit_name(text: str, one: bool, british: bool) -> str | None:
    """`km/h`, `m²`, `MB/s` in words, or None."""
    if text in UNITS:
        name = _spelling(UNITS[text], british)
        return name if one else plural(name)
    head, slash, rest = text.partition("/")
    if slash:
        above, below = _unit_name(head, one, british), _unit_name(rest, True, british)
        return f"{above} per {below}" if above and below else None
    if head[-1:] in "²³23" and head[:-1] in UNITS:
        name = _spelling(UNITS[head[:-1]], british)
        return f"{'square' if head[-1] in '²2' else 'cubic'} {name if one else plural(name)}"
    return None


def _say_measure(match: re.Match[str], context: Context) -> str | None:
    unit = match["unit"]
    if unit in tables.ATTACHED_ONLY and match["space"]:
        return None
    said, one = _amount(match, context.british)
    measures = match["space"] == "-" or context.after(match[0]) in _MEASURED
    name = _unit_name(unit, one or measures, context.british)
    if name is None:
        return None
    big = f" {scale(match['scale'])}" if match["scale"] else ""
    return f"{said}{big} {name}"


def _say_feet(match: re.Match[str], context: Context) -> str | None:
    said = f"{cardinal(int(match['feet']))} {'foot' if match['feet'] == '1' or match['inches'] else 'feet'}"
    return f"{said} {number(match['inches'])}" if match["inches"] else said


def _say_by(match: re.Match[str], context: Context) -> str | None:
    if " " in match["sizes"] and not match["unit"]:
        return None
    parts = re.split(r"[ ]?[x×][ ]?", match["sizes"])
    pixels = all(part.isdigit() and 3 <= len(part) <= 4 for part in parts)
    said = " by ".join(pairs(part) if pixels else number(part, context.british) for part in parts)
    return f"{said} {_unit_name(match['unit'], False, context.british)}" if match["unit"] else said


def _mixed(text: str, british: bool) -> str:
    found = re.fullmatch(rf"(?:(\d+)[ -]?)?({_FRACTION})", text)
    assert found
    whole, vulgar = found.groups()
    above, below = _VULGAR.get(vulgar) or tuple(int(part) for part in re.split("[⁄/]", vulgar))
    if below < 2:
        return f"{cardinal(above)} over {cardinal(below)}"
    return mixed(int(whole), above, below, british) if whole else fraction(above, below, british)


def _say_fraction(match: re.Match[str], context: Context) -> str | None:
    text = match[0].replace("⁄", "/")
    if text in _SET_FRACTIONS:
        return _SET_FRACTIONS[text]
    if match["whole"] or match["part"] in _VULGAR:
        return _mixed(match[0], context.british)
    above, below = (int(part) for part in text.split("/"))
    if above < below and below in _DENOMINATORS and above:
        return fraction(above, below, context.british)
    joint = " out of " if above <= below else " over "
    return cardinal(above, context.british) + joint + cardinal(below, context.british)


def _say_rating(match: re.Match[str], context: Context) -> str | None:
    return f"{number(match['a'])} out of {number(match['b'])}"


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and 1100 <= int(text) <= 2099


def _say_range(match: re.Match[str], context: Context) -> str | None:
    first, last = match["a"], match["b"]
    if _is_year(first) and (_is_year(last) or (len(last) == 2 and last.isdigit())):
        said = year(int(last), context.british) if len(last) == 4 else cardinal(int(last))
        return f"{year(int(first), context.british)} to {said}"
    if context.british and _is_score(first, last, match[0], context):
        return f"{_goals(first)} {_goals(last)}"
    return f"{number(first, context.british)} to {number(last, context.british)}"


def _is_score(first: str, last: str, text: str, context: Context) -> bool:
    if not (first.isdigit() and last.isdigit() and int(first) < 20 and int(last) < 20):
        return False
    return _near_score(context) or (int(first) >= int(last) and "-" not in text)


def _near_score(context: Context) -> bool:
    return any(context.before(steps).lower() in _SCORE_CUES for steps in range(1, 7))


def _goals(text: str) -> str:
    return "nil" if text == "0" else cardinal(int(text))


def _say_ordinal(match: re.Match[str], context: Context) -> str | None:
    return ordinal(int(match["number"].replace(",", "")), context.british)


def _say_power(match: re.Match[str], context: Context) -> str | None:
    raised = match["power"].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")).lstrip("^").strip("{}")
    base = number(match["base"], context.british) if match["base"][0].isdigit() else match["base"]
    if raised in ("2", "3"):
        return f"{base} {'squared' if raised == '2' else 'cubed'}"
    sign = "minus " if raised.startswith("-") else ""
    return f"{base} to the power of {sign}{number(raised.lstrip('-+'), context.british)}"


def _say_multiple(match: re.Match[str], context: Context) -> str | None:
    return f"{number(match['number'], context.british)} {'times' if match['mark'] in 'x×' else 'plus'}"


def _say_scaled(match: re.Match[str], context: Context) -> str | None:
    return f"{_sign(match)}{number(match['number'], context.british)} {scale(match['scale'])}"


def _say_number(match: re.Match[str], context: Context) -> str | None:
    text, sign = match["number"], _sign(match)
    before = context.before().lower()
    if re.fullmatch(r"\d\.\d\d", text) and before in ("python", "version", "release"):
        return sign + " point ".join(cardinal(int(part)) for part in text.split("."))
    if text.isdigit() and len(text) > 4 and before in _DIGIT_CUES:
        return sign + digits(text)
    if text.isdigit() and 3 <= len(text) <= 4 and _is_name(context.before()):
        return pairs(text)
    if not sign and _is_year(text) and _reads_as_year(before, context.after(match[0])):
        return year(int(text), context.british)
    return sign + number(text, context.british)


def _is_name(before: str) -> bool:
    """Whether a number after this word belongs to a name: `RTX 4090`, `Room 101`."""
    if before.lower() in tables.CALLED:
        return True
    return before.isalpha() and before.isupper() and 1 < len(before) < 5 and before not in (*CURRENCIES, "AD", "BC")


def _reads_as_year(before: str, after: str) -> bool:
    if before in _YEAR_CUES:
        return not (after.endswith("s") and before in ("of", "to", "by", "and", "from", "around", "after"))
    counted = after in _COUNTED or (after.islower() and after.endswith("s") and after not in _NOT_PLURALS)
    return not counted


_RANGE = rf"(?P<number>{_N}|\d*[ ]?{_FRACTION})(?:{_DASH}(?P<last>{_N}))?"
_PER = r"(?:/(?P<per>[a-zA-Z]+))?"
RULES = (
    rule(
        rf"{_SIGN}(?P<currency>{_MONEY})[ ]?(?P<code>)(?P<number>{_N})"
        rf"(?:{_DASH}(?:{_MONEY})?(?P<last>{_N}))?{_SCALE}{_PER}",
        _say_money,
    ),
    rule(rf"{_SIGN}(?P<currency>)(?P<number>{_N})(?P<last>){_SCALE}[ ]?(?P<code>{_MONEY}|{_CODE}){_PER}", _say_money),
    rule(rf"{_SIGN}(?P<currency>{_CODE})[ ]?(?P<code>)(?P<number>{_N})(?P<last>){_SCALE}{_PER}", _say_money),
    rule(r"(?P<number>144|240|360|480|576|720|1080|1440|2160|4320)(?P<mark>[pi])", _say_lines),
    rule(rf"(?P<number>{_N})[ ]?(?P<mark>¢|p)", _say_cents),
    rule(rf"{_SIGN}{_RANGE}[ ]?(?P<mark>%|‰)", _say_percent),
    rule(r"(?P<feet>\d{1,2})(?:'|′|’|ft|[ ]ft)[ ]?(?:(?P<inches>\d{1,2}(?:\.\d+)?)(?:\"|″|”|''|[ ]?in)?)?", _say_feet),
    rule(rf"(?P<sizes>{_N}(?:[ ]?[x×][ ]?{_N}){{1,2}})(?:[ ]?(?P<unit>{_UNIT}))?", _say_by),
    rule(
        rf"{_SIGN}{_RANGE}(?P<scale>)(?P<space>[ -]?)(?P<unit>(?:{_UNIT})[²³23]?(?:/(?:{_UNIT})[²³23]?)?)\.?(?![\w])",
        _say_measure,
    ),
    rule(r"(?P<a>\d+\.\d+)/(?P<b>\d+)", _say_rating),
    rule(
        rf"(?:(?P<whole>\d+)[ -]?)?(?P<part>[{''.join(_VULGAR)}])|(?P<whole2>\d+) (?P<part2>\d{{1,3}}/\d{{1,3}})",
        lambda match, context: _mixed(match[0], context.british),
    ),
    rule(r"(?P<whole>)(?P<part>\d{1,3}[⁄/]\d{1,3})", _say_fraction),
    rule(rf"(?P<a>{_N}){_DASH}(?P<b>{_N})", _say_range),
    rule(r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,30})(?:st|nd|rd|th|ST|ND|RD|TH)", _say_ordinal),
    rule(rf"(?P<base>{_N}|[a-zA-Z])(?P<power>\^\{{?[-−+]?\d{{1,6}}\}}?|[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)", _say_power),
    rule(rf"(?P<number>{_N})(?P<mark>[x×+])", _say_multiple),
    rule(rf"{_SIGN}(?P<number>{_N})(?P<scale>k|bn|mn|tn)", _say_scaled),
    rule(rf"{_SIGN}(?P<number>{_N})", _say_number),
)
