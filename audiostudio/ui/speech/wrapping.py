"""Markup around a part of a line. Plain Python; places are in characters."""

import re
from typing import NamedTuple


class Wrapped(NamedTuple):
    text: str
    start: int
    """Where the part is now, without its tags."""
    end: int


def wrapped(text: str, start: int, end: int, tag: str, argument: str | None) -> Wrapped:
    """`text` with `[tag argument]…[/tag]` around a part, without white space at its ends. A part that has this tag
    already gets the new argument; with None it loses the tag."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    text, start, end = _bare(text, start, end, tag)
    if argument is None or start == end:
        return Wrapped(text, start, end)
    opening = f"[{tag} {argument}]" if argument else f"[{tag}]"
    made = f"{text[:start]}{opening}{text[start:end]}[/{tag}]{text[end:]}"
    return Wrapped(made, start + len(opening), end + len(opening))


def with_pause(text: str, place: int, seconds: float) -> tuple[str, int]:
    """`text` with a pause at a place, and the place behind it. Between words it has one space on each side; a pause
    that stands there already takes the new length; tags that close there go before it."""
    mark = f"[pause {seconds:g}s]"
    if closing := re.compile(r"(?:\[/[a-z]+\])+").match(text, place):
        place = closing.end()
    there = re.compile(r"\s*\[pause [^\[\]]*\]").match(text, place)
    rest = text[there.end() if there else place :]
    head = text[:place].rstrip() if rest[:1].isspace() or not rest else text[:place]
    before = "" if not head or head[-1:].isspace() else " "
    after = "" if not rest or rest[:1].isspace() or not rest[:1].isalnum() else " "
    made = f"{head}{before}{mark}"
    return f"{made}{after}{rest}", len(made)


def said_as(text: str, start: int, end: int, spoken: str, ipa: bool) -> tuple[str, int]:
    """`text` with a word of it said differently, and where that ends. A word that is said differently already is
    said in the new way."""
    for found in re.finditer(r"\[([^\[\]|()/]+)\]\(/[^()]*/\)|\[say ([^\[\]|]+)\|[^\[\]]*\]", text):
        if found.start() <= start and end <= found.end():
            word = (found[1] or found[2]).strip()
            start, end = found.span()
            break
    else:
        word = text[start:end]
    made = f"[{word}](/{spoken.strip('/ ')}/)" if ipa else f"[say {word}|as {spoken}]"
    return f"{text[:start]}{made}{text[end:]}", start + len(made)


def _bare(text: str, start: int, end: int, tag: str) -> tuple[str, int, int]:
    """The part without this tag around it, or at its own ends."""
    closing = f"[/{tag}]"
    opens = re.compile(rf"\[{tag}(?:[ =:][^\[\]]*)?\]")
    outer = next((found for found in opens.finditer(text, 0, start) if found.end() == start), None)
    if outer is not None and text.startswith(closing, end):
        text = text[: outer.start()] + text[start:end] + text[end + len(closing) :]
        return text, outer.start(), outer.start() + end - start
    inner = opens.match(text, start, end)
    if inner is not None and text[start:end].endswith(closing):
        part = text[inner.end() : end - len(closing)]
        return text[:start] + part + text[end:], start, start + len(part)
    return text, start, end
