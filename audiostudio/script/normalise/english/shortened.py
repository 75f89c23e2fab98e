"""English abbreviations, Roman numerals and capitals."""

import re

from audiostudio.script.normalise.clean import speakable
from audiostudio.script.normalise.english import tables
from audiostudio.script.normalise.english.numbers import cardinal, ordinal
from audiostudio.script.normalise.english.rule import Context, bare
from audiostudio.script.normalise.roman import roman
from audiostudio.script.wordlist import word_set

CUES = frozenset(
    (*tables.TITLES, *tables.SHORT, *tables.BEFORE_NUMBER, *tables.WITHOUT_STOP, *tables.DAYS)
) - frozenset(("a", "i", "s", "al", "v", "p", "c"))  # fmt: skip
_CORE = re.compile(
    r"(?P<word>[^\W\d_]+(?:[./][^\W\d_]+)*/?|№|§|n[º°])(?P<possessive>['’]s)?(?P<stop>\.?)(?P<trail>[^\w\s]*)(?:\s|$)",
    re.IGNORECASE,
)
_NUMBER_AFTER = re.compile(r"#?\d")
_SAFE_ROMAN = re.compile(r"(?:I{2,3}|IV|VI{1,3}|IX|X{1,2}I{1,3}|XI?V|XVI{1,3}|XI?X|XX)$")
_ROADS = {
    "st": ("Saint", "Street"), "dr": ("Doctor", "Drive"), "mt": ("Mount", "Mount"), "ft": ("Fort", "Fort"),
    "ave": ("", "Avenue"), "rd": ("", "Road"), "ln": ("", "Lane"), "ste": ("", "Suite"),
}  # fmt: skip
"""As a title before a name, and behind the name of a road."""
_NUMBER_WITH_STOP = word_set("no s c art fig min max v p op ed pt ep para")
"""Before a number these are words of their own unless a full stop shortens them."""
_NEVER_A_WORD = word_set("eg ie etc mr mrs ms messrs prof jr sr ltd bros dept govt blvd hwy bldg")
_AFTER_FIRST = word_set("of was and ruled died became reigned had is in to the who would made from")


def say(lead: str, rest: str, context: Context) -> tuple[int, str] | None:
    """How an abbreviation or a Roman numeral at the beginning of `rest` is spoken, or None."""
    match = _CORE.match(rest)
    if match is None:
        return None
    said = _numeral(match, context) or _abbreviation(match, context)
    if said is None:
        return None
    possessive = match["possessive"] or ""
    trail = match["trail"]
    if match["stop"] and (_is_last(match, context) or not said[1]):
        trail = "." + trail
    return 1, speakable(lead) + said[0] + possessive + speakable(trail)


def _is_last(match: re.Match[str], context: Context) -> bool:
    return context.at == len(context.tokens) - 1


def _abbreviation(match: re.Match[str], context: Context) -> tuple[str, bool] | None:
    """The words, and whether the full stop belongs to the abbreviation."""
    word, stop, lower = match["word"], bool(match["stop"]), match["word"].lower()
    after = context.after(word)
    if lower in tables.BEFORE_NUMBER and _NUMBER_AFTER.match(after) and (stop or lower not in _NUMBER_WITH_STOP):
        return tables.BEFORE_NUMBER[lower], True
    if lower in _ROADS:
        return _road(match, context)
    if lower in tables.TITLES and _is_title(match, after):
        return tables.TITLES[lower], True
    if lower in tables.SHORT and (stop or ("." in word and lower not in tables.NEEDS_STOP)):
        return tables.SHORT[lower], True
    if lower in tables.WITHOUT_STOP:
        return tables.WITHOUT_STOP[lower], False
    if lower in _NEVER_A_WORD:
        return tables.TITLES.get(lower) or tables.SHORT[lower], stop
    return None


def _is_title(match: re.Match[str], after: str) -> bool:
    word, lower = match["word"], match["word"].lower()
    named = after[:1].isupper() or (after == "and" and lower in ("mr", "mrs", "ms"))
    return named and word[0].isupper() and not match["trail"] and bool(match["stop"] or lower not in tables.NEEDS_STOP)


def _road(match: re.Match[str], context: Context) -> tuple[str, bool] | None:
    """“Saint” or “Street”, “Doctor” or “Drive”, “Mount”, “Avenue”."""
    lower = match["word"].lower()
    if not match["word"][0].isupper():
        return None
    title, road = _ROADS[lower]
    before, after = context.before(), context.after("x")
    comma = context.at > 0 and context.tokens[context.at - 1].endswith((",", ".", ";", ":"))
    named = before[:1].isupper() and not comma
    addressed = any(context.before(steps)[:1].isdigit() for steps in (2, 3, 4))
    numbered = bool(re.match(r"\d+(?:st|nd|rd|th)$", before))
    if (named and (addressed or match["trail"] or not after[:1].isupper())) or numbered or not title:
        return (road, True) if before else None
    if after[:1].isupper() and not match["trail"]:
        return title, True
    return (road, True) if named else (title, True) if lower in ("dr", "mt") else None


def _numeral(match: re.Match[str], context: Context) -> tuple[str, bool] | None:
    word = match["word"]
    value = roman(word)
    if value is None:
        return None
    cue = context.before()
    before = cue.lower().removesuffix("s")
    if before in tables.NUMBERED or (cue.lower() in tables.NUMBERED):
        return (cardinal(value), False) if value != 1 or word == "I" else None
    following = context.tokens[context.at + 1] if context.at + 1 < len(context.tokens) else ""
    if cue.lower() in tables.RULERS and cue[:1].isupper() and value < 40:
        if word == "I" and not (
            match["trail"] or match["stop"] or match["possessive"] or not following or bare(following) in _AFTER_FIRST
        ):
            return None
        return f"the {ordinal(value)}", False
    if _SAFE_ROMAN.match(word) and cue[:1].isupper() and context.at > 0:
        return cardinal(value), False
    return None
