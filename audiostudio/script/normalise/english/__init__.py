"""English text as it is said: `$3.50` → “three dollars and fifty cents”."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from audiostudio.script.language import Language
from audiostudio.script.normalise.clean import ascii_digits, speakable, without_digits
from audiostudio.script.normalise.english import calendar, names, quantities, shortened
from audiostudio.script.normalise.english.numbers import number, pairs
from audiostudio.script.normalise.english.rule import Context
from audiostudio.script.normalise.english.tables import BEFORE, CAPITALS, MONTH_BY_NAME, SIGNS, UNITS, plural

_RULES = (*names.RULES[:8], *calendar.RULES, *names.RULES[8:-1], *quantities.RULES, names.RULES[-1])
_LEADING = '([{"“‘«‹¿¡'
_QUOTED = re.compile(r"['’‘](?!\d0s|\d\d\b)")
_TRAILING = re.compile(r"[^\w\s$£€¥%‰°@#&+=/\\²³<>×÷*~^]*$")
_LETTER = r"[^\W\d_][\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u0dff\u0e30-\u0eff]*"
"""With the vowel signs and accents that Python's `\\w` leaves out."""
_PLAIN = re.compile(rf"(?:{_LETTER})+(?:['’](?:{_LETTER})+)*(?:-(?:{_LETTER})+(?:['’](?:{_LETTER})+)*)*")
_INITIALS = r"[^\W\d_](?:\.[^\W\d_])+(?![^\W\d_])"
_WORDS = re.compile(rf"\d[\d,]*(?:\.\d+)?|{_INITIALS}|(?:{_LETTER})+(?:['’](?:{_LETTER})+)*|[^\w\s]|_")
_COMPOUND = re.compile(r"[^\s/-]{1,40}(?:-[^\s/-]{1,40}){1,8}")
_MOST = 160
"""Characters of a token and those after it that the rules may look at."""


def normalise(tokens: Sequence[str], language: Language) -> Iterator[tuple[int, str]]:
    """See `audiostudio.script.normalise`."""
    british = language.tag == "en-gb"
    tokens = [ascii_digits(token) for token in tokens]
    at = 0
    while at < len(tokens):
        taken, spoken = _next(Context(tokens, at, british))
        yield taken, spoken
        at += taken


def _next(context: Context) -> tuple[int, str]:
    token = context.tokens[context.at]
    if not any(one.isalnum() for one in token):
        return 1, _sign(token, context)
    core = token.lstrip(_LEADING)
    if _QUOTED.match(core):
        core = core[1:]
    lead = token[: len(token) - len(core)]
    trail = _TRAILING.search(core)
    body = core[: trail.start()] if trail else core
    if not body:
        return 1, speakable(token)
    if _PLAIN.fullmatch(body) and not _is_numeral(body) and not _is_cue(body, core, context):
        return 1, speakable(token)
    rest = _tail(core, context)
    return shortened.say(lead, rest, context) or _by_rule(lead, rest, context) or (1, _in_parts(token, context))


def _is_numeral(body: str) -> bool:
    """Whether a sign such as `½` or `²` is among the letters."""
    return not body.isascii() and any(one.isalnum() and not one.isalpha() for one in body)


def _is_cue(body: str, core: str, context: Context) -> bool:
    """Whether a plain word may be part of something longer, or stands for another."""
    lower = body.lower()
    return (
        lower in shortened.CUES
        or (lower in MONTH_BY_NAME and context.at + 1 < len(context.tokens))
        or (body.isupper() and (len(body) > 1 or body in "IVX"))
        or lower in ("isbn", "isbn-10", "isbn-13")
        or ("'s" in core and lower.endswith("s") and body[:-2].isupper())
    )


def _tail(core: str, context: Context) -> str:
    """The token and as much of the following ones as a rule may need."""
    parts = [core]
    length = len(core)
    for token in context.tokens[context.at + 1 : context.at + 9]:
        length += len(token) + 1
        if length > _MOST and len(parts) > 1:
            break
        parts.append(token)
    return " ".join(parts)


def _by_rule(lead: str, rest: str, context: Context) -> tuple[int, str] | None:
    for one in _RULES:
        match = one.pattern.match(rest)
        if match and match[0]:
            said = one.handler(match, context)
            if said is not None:
                return _around(lead, said, rest, match.end())
    return None


def _around(lead: str, said: str, rest: str, end: int) -> tuple[int, str]:
    """How many tokens were taken, and what is said with the punctuation around it."""
    space = rest.find(" ", end)
    trail = rest[end : space if space >= 0 else len(rest)]
    taken = rest.count(" ", 0, end) + 1
    if said.endswith(".") and trail.startswith("."):
        trail = trail[1:]
    return taken, speakable(lead) + without_digits(said) + speakable(trail)


def _sign(token: str, context: Context) -> str:
    """A token without letters and digits: a sign that is read, punctuation, or nothing."""
    before, after = context.before(), context.after("x")
    between = bool(before) and bool(after)
    if token in ("-", "–", "—", "--", "---", "−"):
        if before[-1:].isdigit() and after[:1].isdigit():
            return "minus" if token == "−" or _is_sum(context) else "to"
        return "—"
    if token in BEFORE and after[:1].isdigit() and not (before and (before[-1:].isdigit() or len(before) == 1)):
        return BEFORE[token]
    if token in SIGNS and token not in "~|\\#^" and (between or token in "√∞π"):
        return SIGNS[token] if token != "*" or before[-1:].isdigit() or len(before) == 1 else ""
    return speakable(token)


def _is_sum(context: Context) -> bool:
    return any(
        token in ("=", "+", "×", "÷", "*", "≈") for token in context.tokens[max(context.at - 6, 0) : context.at + 6]
    )


def _in_parts(token: str, context: Context) -> str:
    """A token that no rule knows, read part by part: `10-year-old`, `AT&T`, `and/or`, `x=5`, `C++`."""
    core = token.lstrip(_LEADING)
    trail = _TRAILING.search(core)
    end = trail.start() if trail else len(core)
    lead, body, tail = token[: len(token) - len(core)], core[:end], core[end:]
    if body in CAPITALS:
        return speakable(lead) + CAPITALS[body] + speakable(tail)
    if body.isalpha() and body.isupper():
        return speakable(token)
    if "/" in body and body in UNITS:
        return speakable(lead) + plural(UNITS[body]) + speakable(tail)
    if _COMPOUND.fullmatch(body):
        return speakable(lead) + _compound(body, context) + speakable(tail)
    said: list[str] = []
    pieces = _WORDS.findall(body)
    for at, piece in enumerate(pieces):
        if piece[0].isdecimal():
            said.append(number(piece, context.british) if "," in piece or "." in piece else _digits(piece, context))
        elif piece[0].isalnum():
            said.append(names.spell(piece) if "&" in pieces and piece.isupper() and len(piece) == 2 else piece)
        else:
            said.append(_inner_sign(piece, at, pieces))
    joined = re.sub(r" ?\0 ?", "-", " ".join(part for part in said if part))
    joined = without_digits(speakable(re.sub(r" ([,.;:!?…])", r"\1", joined))).strip()
    return speakable(lead) + joined + speakable(tail)


def _compound(body: str, context: Context) -> str:
    """Each part of `10-year-old` by its own rules."""
    said = [_next(Context([part], 0, context.british))[1] for part in body.split("-") if part]
    joined = said[0]
    for before, after, part in zip(said, said[1:], body.split("-")[1:], strict=False):
        joined += (" " if " " in before or part[:1].isdigit() else "-") + after
    return joined.strip()


def _digits(piece: str, context: Context) -> str:
    return number(piece, context.british) if len(piece) < 3 or piece.startswith("0") else pairs(piece)


def _inner_sign(piece: str, at: int, pieces: list[str]) -> str:
    before = pieces[at - 1] if at else ""
    after = pieces[at + 1] if at + 1 < len(pieces) else ""
    if piece in "-‐‑":
        return "\0" if before.isalpha() and after.isalpha() else ""
    if piece == "/":
        return _slash(before, after)
    if piece == "#" and before:
        return "sharp"
    if piece in "'’‘\"“”()[]{}_":
        return ""
    if piece == ".":
        return "point" if before.isdigit() and after.isdigit() else "dot" if after else ""
    if piece == "&" and after.lower() in ("amp", "nbsp", "lt", "gt", "quot") and pieces[at + 2 : at + 3] == [";"]:
        return ""
    return (
        SIGNS.get(piece, piece if piece in ",.;:!?…—–" else "")
        if unicodedata.category(piece) != "So"
        else SIGNS.get(piece, "")
    )


def _slash(before: str, after: str) -> str:
    """`he/she` → “or”; nothing in `and/or` and `AC/DC`; else “slash”."""
    if not (before.isalpha() and after.isalpha()):
        return "" if before.lower() == "and" else "slash"
    return "" if before.lower() == "and" or (before.isupper() and after.isupper()) else "or"
