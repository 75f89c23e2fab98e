"""Music by genre, mood, key, tempo and terms: a menu of what there is."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtWidgets import QMenu, QWidget

from audiostudio.ui.library.shelf import TEMPI, Shelf
from audiostudio.ui.library.wording import tr

Facts = Mapping[str, Mapping[str, int]]
"""`genre`, `mood`, `key` → each value and how many pieces have it."""
_FIELDS = {"genre": "genres", "mood": "moods", "key": "keys"}


def music_menu(facts: Facts, shelf: Shelf, changed: Callable[[Shelf], object], parent: QWidget) -> QMenu:
    """Several values may be checked in each; `changed` gets the shelf with what was chosen."""
    menu = QMenu(parent)
    menu.setAccessibleName(tr("Music"))
    names = {"genre": tr("Genre"), "mood": tr("Mood"), "key": tr("Key")}
    for fact, field in _FIELDS.items():
        chosen = getattr(shelf, field)
        values = dict.fromkeys((*chosen, *facts.get(fact, {})))
        if values:
            part = menu.addMenu(_title(names[fact], chosen))
            for value in values:
                _add_value(part, shelf, field, value, facts.get(fact, {}).get(value, 0), changed)
    tempo = menu.addMenu(_title(tr("Tempo"), [tempo_words(shelf.tempo)] if shelf.tempo else []))
    for name in TEMPI:
        action = tempo.addAction(tempo_words(name))
        action.setCheckable(True)
        action.setChecked(name == shelf.tempo)
        action.triggered.connect(lambda on, name=name: changed(replace(shelf, tempo=name if on else "")))
    menu.addSeparator()
    sold = menu.addAction(tr("Only what may be sold"))
    sold.setCheckable(True)
    sold.setChecked(shelf.sold)
    sold.triggered.connect(lambda on: changed(replace(shelf, sold=on)))
    if shelf.music_filtered:
        menu.addSeparator()
        menu.addAction(tr("Any music")).triggered.connect(lambda: changed(shelf.any_music()))
    return menu


def tempo_words(name: str) -> str:
    """One of `TEMPI` in words."""
    least, most = TEMPI[name]
    if not least:
        return tr("Below {most} BPM").replace("{most}", f"{most + 1:g}")
    if most > 500:
        return tr("{least} BPM and faster").replace("{least}", f"{least:g}")
    return tr("{least} to {most} BPM").replace("{least}", f"{least:g}").replace("{most}", f"{most:g}")


def filter_words(shelf: Shelf) -> str:
    """What is filtered by, for a tooltip; empty: nothing."""
    parts = [*shelf.genres, *shelf.moods, *shelf.keys]
    parts += [tempo_words(shelf.tempo)] if shelf.tempo else []
    parts += [tr("Only what may be sold")] if shelf.sold else []
    return ", ".join(parts)


def _title(name: str, chosen: object) -> str:
    words = ", ".join(chosen) if isinstance(chosen, (tuple, list)) else ""
    return f"{name}\t{words}" if words else name


def _add_value(
    menu: QMenu, shelf: Shelf, field: str, value: str, count: int, changed: Callable[[Shelf], object]
) -> None:
    chosen: tuple[str, ...] = getattr(shelf, field)
    action = menu.addAction(f"{value}\t{count}".replace("&", "&&"))
    action.setCheckable(True)
    action.setChecked(value in chosen)

    def choose(on: bool) -> None:
        values = (*chosen, value) if on else tuple(other for other in chosen if other != value)
        changed(replace(shelf, **{field: values}))

    action.triggered.connect(choose)
