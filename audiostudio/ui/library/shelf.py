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
            binned=self.place is Place.BIN,
            include_takes=self.takes,
            sort=sort,
            descending=descending,
        )

    @property
    def filtered(self) -> bool:
        """Whether words, kinds or tags leave something of the place out."""
        return bool(self.text.strip() or self.groups or self.tags)

    def at(self, place: Place, folder: int | None = None) -> "Shelf":
        return replace(self, place=place, folder=folder)

    def unfiltered(self) -> "Shelf":
        return replace(self, text="", groups=(), tags=())

    def to_json(self) -> dict[str, Any]:
        """What is worth remembering: neither words nor tags, which would hide things from who comes back."""
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
