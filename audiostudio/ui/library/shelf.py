"""What the panel looks at: a place, a group of kinds, tags, words and an order. Plain data, remembered as JSON."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from audiostudio.library.model import AssetKind, Query, Sort

GROUPS: dict[str, tuple[AssetKind, ...]] = {
    "voice": (AssetKind.VOICEOVER,),
    "music": (AssetKind.MUSIC, AssetKind.SONG),
    "sound": (AssetKind.SOUND_EFFECT, AssetKind.RECORDING),
    "picture": (AssetKind.IMAGE, AssetKind.AVATAR, AssetKind.WARDROBE_ITEM),
    "film": (AssetKind.FILM, AssetKind.TALK_CLIP),
    "text": (AssetKind.CAPTIONS, AssetKind.DOCUMENT),
}
"""Kinds that people look for together."""
SOUNDS = GROUPS["voice"] + GROUPS["music"] + GROUPS["sound"]


TEMPI: dict[str, tuple[float, float]] = {
    "slow": (0, 79),
    "walking": (80, 99),
    "medium": (100, 119),
    "lively": (120, 139),
    "fast": (140, 999),
}
"""Beats a minute."""


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    LONGEST = "longest"
    SHORTEST = "shortest"
    LARGEST = "largest"


_SORTS = {
    Order.NEWEST: (Sort.CREATED, True),
    Order.OLDEST: (Sort.CREATED, False),
    Order.NAME: (Sort.NAME, False),
    Order.LONGEST: (Sort.DURATION, True),
    Order.SHORTEST: (Sort.DURATION, False),
    Order.LARGEST: (Sort.SIZE, True),
}


class Place(StrEnum):
    ALL = "all"
    FAVOURITES = "favourites"
    MISSING = "missing"
    BIN = "bin"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Shelf:
    place: Place = Place.ALL
    folder: int | None = None
    """With `Place.FOLDER`."""
    groups: tuple[str, ...] = ()
    """Names of `GROUPS`; empty: all kinds."""
    tags: tuple[str, ...] = ()
    text: str = ""
    order: Order = Order.NEWEST
    takes: bool = False
    """Whether the single lines of scripts are listed too."""
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    tempo: str = ""
    """One of `TEMPI`; empty: any."""
    sold: bool = False
    """Whether only what may be sold is shown."""

    def query(self) -> Query:
        sort, descending = _SORTS[self.order]
        if self.text.strip() and self.order is Order.NEWEST:
            sort = Sort.RELEVANCE
        return Query(
            text=self.text,
            kinds=tuple(kind for group in self.groups for kind in GROUPS[group]),
            folder=self.folder if self.place is Place.FOLDER else None,
            tags=self.tags,
            favourite=True if self.place is Place.FAVOURITES else None,
            missing=True if self.place is Place.MISSING else None,
            genres=self.genres,
            moods=self.moods,
            keys=self.keys,
            bpm=TEMPI.get(self.tempo),
            commercial=True if self.sold else None,
            binned=self.place is Place.BIN,
            include_takes=self.takes,
            sort=sort,
            descending=descending,
        )

    @property
    def filtered(self) -> bool:
        """Whether something of the place is left out."""
        return bool(self.text.strip()) or self.unfiltered() != replace(self, text="")

    @property
    def music_filtered(self) -> bool:
        """Whether music is left out by its genre, mood, key, tempo or terms."""
        return bool(self.genres or self.moods or self.keys or self.tempo or self.sold)

    def at(self, place: Place, folder: int | None = None) -> "Shelf":
        return replace(self, place=place, folder=folder)

    def unfiltered(self) -> "Shelf":
        return replace(self.any_music(), text="", groups=(), tags=())

    def any_music(self) -> "Shelf":
        return replace(self, genres=(), moods=(), keys=(), tempo="", sold=False)

    def to_json(self) -> dict[str, Any]:
        """What is worth remembering: nothing that would hide things from who comes back."""
        return {"place": self.place.value, "folder": self.folder, "order": self.order.value, "takes": self.takes}

    @classmethod
    def from_json(cls, data: Any) -> "Shelf":
        """What `to_json` gave; anything else is the whole library."""
        try:
            place, folder = Place(data["place"]), data["folder"]
            if place is Place.FOLDER and not isinstance(folder, int):
                place = Place.ALL
            return cls(place, folder, order=Order(data["order"]), takes=data["takes"] is True)
        except (TypeError, KeyError, ValueError):
            return cls()
