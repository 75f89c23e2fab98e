"""Characters written as `&amp;`, `&#233;` or `&#xe9;`. Names come from HTML's fixed list; a text cannot define any."""

import html.entities
import re
import unicodedata

PATTERN = r"&(?:#[0-9]{1,12}|#[xX][0-9a-fA-F]{1,12}|[A-Za-z][A-Za-z0-9]{1,31});"
_PATTERN = re.compile(PATTERN)


def character(entity: str) -> str | None:
    """What an entity stands for, a space for white space; None when it is not known or stands for nothing visible."""
    body = entity[1:-1]
    if body.startswith("#"):
        number = int(body[2:], 16) if body[1] in "xX" else int(body[1:])
        if number > 0x10FFFF or 0xD800 <= number < 0xE000:
            return None
        found = chr(number)
    else:
        found = html.entities.html5.get(f"{body};", "")
    if len(found) != 1:
        return None
    if found.isspace():
        return " "
    return None if unicodedata.category(found) == "Cc" else found


def decoded(text: str) -> str | None:
    """`text` with its entities replaced, once; None when one of them is not known."""
    unknown = False

    def one(match: re.Match[str]) -> str:
        nonlocal unknown
        found = character(match[0])
        unknown = unknown or found is None
        return found or ""

    found = _PATTERN.sub(one, text)
    return None if unknown else found
