"""What can be asked of the composer, one thing at a time: what it is called, how it is shown, how it is chosen."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from audiostudio.music.genres import genres, instruments, variants
from audiostudio.music.plan import Brief
from audiostudio.music.words import eras, moods
from audiostudio.ui.music.popups import KeyPopup, LengthPopup, ListPopup, ManyPopup, Popup, TempoPopup
from audiostudio.ui.music.words import genre_name, instrument_name, length, shown, tempo

METRES = ("4/4", "3/4", "6/8", "2/4", "5/4", "7/8", "12/8")
FACETS = ("genre", "mood", "era", "bpm", "key", "metre", "seconds", "instruments", "without", "energy", "structure")
"""Fields of `Brief` that have a chip, in their order."""
ADDED = ("genre", "mood", "era", "bpm", "key", "metre", "instruments")
"""Those that can be added by hand where the prompt says nothing of them; the others have controls of their own."""
Take = Callable[[Brief], object]


def _tr(text: str) -> str:
    return QCoreApplication.translate("MusicFacets", text)


def title(facet: str) -> str:
    return {
        "genre": _tr("Genre"),
        "mood": _tr("Mood"),
        "era": _tr("Era"),
        "bpm": _tr("Tempo"),
        "key": _tr("Key"),
        "metre": _tr("Metre"),
        "seconds": _tr("Length"),
        "instruments": _tr("Instruments"),
        "without": _tr("Without"),
        "energy": _tr("Energy"),
        "structure": _tr("Sections"),
    }[facet]


def value(brief: Brief, facet: str) -> Any:
    return getattr(brief, facet)


def words(brief: Brief, facet: str) -> str:
    """As a chip shows it; empty: nothing is asked."""
    found = value(brief, facet)
    if found in (None, ()):
        return ""
    if facet in ("instruments", "without"):
        names = ", ".join(instrument_name(one) for one in found)
        return names if facet == "instruments" else _tr("No {names}").replace("{names}", names)
    return {
        "genre": lambda: genre_name(found),
        "bpm": lambda: tempo(found),
        "seconds": lambda: length(found),
        "key": lambda: found[:1].upper() + found[1:],
        "metre": lambda: found,
        "era": lambda: found,
        "energy": lambda: _curve(found),
        "structure": lambda: " – ".join(shown(kind) for kind in found),
    }.get(facet, lambda: shown(found))()


def open_popup(facet: str, brief: Brief, chosen: Brief, anchor: QWidget, take: Take) -> Popup | None:
    """Choose it, next to `anchor`; `take` is given `chosen` with what was chosen. None: it has a control elsewhere."""

    def put(**fields: Any) -> None:
        take(replace(chosen, **fields))

    parent, name = anchor.window(), title(facet)
    made: Popup
    if facet in ("genre", "mood", "era", "metre"):
        options = {
            "genre": lambda: [(one, genre_name(one)) for one in (*genres(), *variants())],
            "mood": lambda: [(one, shown(one)) for one in moods()],
            "era": lambda: [(one, one) for one in eras()],
            "metre": lambda: [(one, one) for one in METRES],
        }[facet]()
        made = ListPopup(parent, name, sorted(options, key=lambda one: one[1]), value(brief, facet) or "")
        made.picked.connect(lambda picked: put(**{facet: picked}))
    elif facet in ("instruments", "without"):
        rows = sorted(((one.id, instrument_name(one.id)) for one in instruments().values()), key=lambda one: one[1])
        made = ManyPopup(parent, _tr("Instruments"), rows, brief.instruments, brief.without)
        made.changed.connect(lambda with_, without: put(instruments=tuple(with_), without=tuple(without)))
    elif facet == "bpm":
        made = TempoPopup(parent, brief.bpm or 100.0)
        made.chosen.connect(lambda bpm: put(bpm=bpm))
    elif facet == "key":
        made = KeyPopup(parent, brief.key)
        made.chosen.connect(lambda key: put(key=key))
    elif facet == "seconds":
        made = LengthPopup(parent, brief.seconds or 30.0)
        made.chosen.connect(lambda seconds: put(seconds=seconds))
    else:
        return None
    if value(chosen, facet) not in (None, ()):
        empty = () if isinstance(value(chosen, facet), tuple) else None
        made.clearing(_tr("As before"), lambda: put(**{facet: empty}))
    made.open_below(anchor)
    return made


def _curve(points: tuple[float, ...]) -> str:
    if points[-1] - points[0] > 0.2:
        return _tr("Builds up")
    if points[0] - points[-1] > 0.2:
        return _tr("Dies away")
    return _tr("Energetic") if sum(points) / len(points) > 0.6 else _tr("Own energy curve")
