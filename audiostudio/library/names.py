"""File names that people can read and every system accepts."""

import re
import unicodedata
from datetime import datetime
from pathlib import Path

LONGEST = 120
"""Characters of a file's name; leaves room for the folder's path on Windows."""
LONGEST_BYTES = 200
"""Bytes in UTF-8; most file systems take 255."""

_FORBIDDEN = {ord(c): " " for c in '<>:"/\\|?*'}
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")
"""What Windows keeps for devices, whatever comes after a dot."""
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"


def file_name(name: str, created: datetime, suffix: str, number: int = 1) -> str:
    """`2026-11-21 Product intro – Emma (2).wav`, safe on Linux, macOS and Windows.

    `suffix` begins with a dot; `number` is left out where it is 1.
    """
    end = f" ({number}){suffix}" if number > 1 else suffix
    begin = f"{created:%Y-%m-%d}"
    return f"{begin} {_shortened(_safe(name), f'{begin} ', end)}".rstrip() + end


def plain_file_name(name: str, suffix: str, number: int = 1) -> str:
    """`Product intro (2).wav`: as `file_name`, without the date."""
    end = f" ({number}){suffix}" if number > 1 else suffix
    safe = _safe(name)
    reserved = _RESERVED.fullmatch(safe.split(".", 1)[0].strip())
    return f"{_shortened(f'{safe} –' if reserved else safe, '', end)}".rstrip() + end


def is_file_name(name: object) -> bool:
    """Whether `name` is that of a file in a folder, and no path that leads elsewhere."""
    return isinstance(name, str) and name not in ("", ".", "..") and Path(name).name == name and "\0" not in name


def file_key(name: str) -> str:
    """The same for two names that some system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _safe(name: str) -> str:
    composed = unicodedata.normalize("NFC", name).translate(_FORBIDDEN)
    kept = (_visible(character) for character in composed)
    return " ".join("".join(kept).split()).strip(". ") or "Untitled"


def _visible(character: str) -> str:
    """Line breaks become spaces; what turns the direction of writing or cannot be stored is left out."""
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cs", "Cf") and character not in _JOINERS else character


def _shortened(name: str, begin: str, end: str) -> str:
    room = LONGEST - len(begin) - len(end)
    room_bytes = LONGEST_BYTES - len(begin.encode()) - len(end.encode())
    if len(name) <= room and len(name.encode()) <= room_bytes:
        return name
    cut = name[: room - 1].encode()[: room_bytes - 3].decode(errors="ignore")
    if len(cut) < len(name) and (name[len(cut)] in _JOINERS or unicodedata.combining(name[len(cut)])):
        cut = cut[:-1]
    return cut.rstrip(". " + _JOINERS) + "…"
