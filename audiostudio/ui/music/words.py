"""Names that the Music tab shows in several places, and times as people type them."""

import re

from PySide6.QtCore import QCoreApplication, QLocale

from audiostudio.errors import RequestError
from audiostudio.music import genres
from audiostudio.music.genres import instruments


def _tr(text: str) -> str:
    return QCoreApplication.translate("MusicWords", text)


def shown(identity: str) -> str:
    """An id of the composer's data as words: `pre-chorus` → `Pre-chorus`."""
    words = identity.replace("_", " ")
    return _tr(words[:1].upper() + words[1:])


def section_name(kind: str, name: str) -> str:
    """As the composer names it, `Verse 2`, in the user's language; as it is where somebody else named it."""
    own = name.casefold().startswith(kind.casefold())
    return (shown(kind) + name[len(kind) :]) if own or not name else name


def genre_name(genre: str) -> str:
    try:
        return _tr(genres.genre(genre).name)
    except RequestError:  # of another program
        return shown(genre)


def instrument_name(instrument: str) -> str:
    known = instruments().get(instrument)
    return _tr(known.name) if known else shown(instrument)


def number(value: float) -> str:
    """Without decimals that say nothing, in the user's manner: `92`, `92.5`."""
    text = QLocale().toString(round(float(value), 1), "f", 1)
    return text[:-2] if text[-1] == "0" else text


def tempo(bpm: float) -> str:
    return _tr("{n} bpm").replace("{n}", number(bpm))


def length(seconds: float) -> str:
    """`45 s`, `1:30`, `2:00.5`."""
    if seconds < 60:
        return _tr("{n} s").replace("{n}", number(seconds))
    minutes, rest = divmod(round(seconds, 1), 60)
    tail = f"{rest:04.1f}" if round(rest % 1, 1) else f"{int(rest):02}"
    return f"{int(minutes)}:{tail}"


_LENGTH = re.compile(r"(?:(\d+):)?(?:(\d+):)?(\d+(?:[.,]\d+)?)\s*(s|sec|m|min|h)?\.?")


def seconds_of(text: str) -> float | None:
    """`90`, `90 s`, `1:30`, `1:02:03`, `1.5 min`; None for anything else."""
    found = _LENGTH.fullmatch(text.strip().casefold())
    if found is None:
        return None
    first, second, last, unit = found.groups()
    value = float(last.replace(",", "."))
    if first is not None:
        value += 60 * int(second if second is not None else first)
        value += 3600 * int(first) if second is not None else 0
    else:
        value *= {"m": 60, "min": 60, "h": 3600}.get(unit or "", 1)
    return value if value > 0 else None
