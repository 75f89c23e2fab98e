"""What the library holds, as plain frozen data. Nothing here knows of the database."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from audiostudio.jobs.job import JsonObject
from audiostudio.rights import Rights


class AssetKind(StrEnum):
    VOICEOVER = "voiceover"
    MUSIC = "music"
    SONG = "song"
    SOUND_EFFECT = "sound_effect"
    RECORDING = "recording"
    IMAGE = "image"
    AVATAR = "avatar"
    WARDROBE_ITEM = "wardrobe_item"
    TALK_CLIP = "talk_clip"
    FILM = "film"
    CAPTIONS = "captions"
    DOCUMENT = "document"


class AssetSource(StrEnum):
    TTS = "tts"
    AI_VOICE = "ai_voice"
    AI_MUSIC = "ai_music"
    CLONED = "cloned"
    UPLOADED = "uploaded"
    RECORDED = "recorded"
    COMPOSED = "composed"
    RENDERED = "rendered"


class Sort(StrEnum):
    CREATED = "created"
    NAME = "name"
    """Numbers in names by their value: “Line 2” before “Line 10”."""
    DURATION = "duration"
    SIZE = "size"
    RELEVANCE = "relevance"
    """Names that begin with what was typed, then the others; the newest first in both."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What is known of a file by looking into it."""

    duration: float | None = None
    """Seconds; None for pictures and documents."""
    sample_rate: int | None = None
    channels: int | None = None
    width: int | None = None
    """Pixels."""
    height: int | None = None


@dataclass(frozen=True, slots=True)
class NewAsset:
    """What is said about a finished file when it is handed to the library."""

    kind: AssetKind
    source: AssetSource
    name: str
    """For people, such as `Product intro – Emma`; the file is named after it."""
    rights: Rights | None = None
    """Terms of its own (engine, voice, import). The terms of everything in `made_of` are joined to them."""
    media: MediaInfo = MediaInfo()
    text: str = ""
    """What is spoken or shown in it; found by the search."""
    recipe: JsonObject | None = None
    made_of: tuple[str, ...] = ()
    """Ids of the assets it was made from."""
    tags: tuple[str, ...] = ()
    folder: int | None = None
    project: str | None = None
    line: str | None = None
    take_only: bool = False
    """A version of one line: shown with the line, not in the library's own lists."""
    detail: JsonObject = field(default_factory=dict)
    """What only this kind has, such as a song's key or the word times of a voiceover."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the library and all that is known of it."""

    id: str
    kind: AssetKind
    source: AssetSource
    name: str
    path: Path
    format: str
    """The file's suffix without the dot: `wav`."""
    size: int
    """Bytes."""
    media: MediaInfo
    tags: tuple[str, ...]
    folder: int | None
    favourite: bool
    created: datetime
    updated: datetime
    recipe: JsonObject | None
    rights: Rights
    made_of: tuple[str, ...]
    project: str | None
    line: str | None
    content_hash: str
    """SHA-256 of the file, in hexadecimal."""
    missing: bool
    binned: bool
    take_only: bool
    detail: JsonObject

    @property
    def duration(self) -> float | None:
        return self.media.duration

    @property
    def sample_rate(self) -> int | None:
        return self.media.sample_rate

    @property
    def channels(self) -> int | None:
        return self.media.channels

    @property
    def width(self) -> int | None:
        return self.media.width

    @property
    def height(self) -> int | None:
        return self.media.height


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. Everything given must hold; of several kinds or sources one is enough."""

    text: str = ""
    """Every word must begin a word of the asset's name, tags or text. No text is an error."""
    kinds: tuple[AssetKind, ...] = ()
    sources: tuple[AssetSource, ...] = ()
    folder: int | None = None
    """Also looks into the folders in it."""
    tags: tuple[str, ...] = ()
    favourite: bool | None = None
    missing: bool | None = None
    project: str | None = None
    voice: str | None = None
    """The id of an own voice that speaks in it."""
    genres: tuple[str, ...] = ()
    """Of music; one is enough, as for moods and keys."""
    moods: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    """As they are written: `A minor`."""
    bpm: tuple[float, float] | None = None
    """Least and greatest tempo, both included, in whole beats a minute."""
    commercial: bool | None = None
    """Only what may be sold, or only what may not."""
    binned: bool = False
    """Look into the bin instead."""
    include_takes: bool = False
    sort: Sort = Sort.CREATED
    descending: bool = True
    """Not considered by `Sort.RELEVANCE`."""


@dataclass(frozen=True, slots=True)
class Page:
    assets: tuple[Asset, ...]
    total: int
    """How many there are on all pages."""


@dataclass(frozen=True, slots=True)
class Folder:
    id: int
    parent: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Take:
    """A version of one line of a project."""

    project: str
    line: str
    number: int
    """1, 2, …: never given twice for one line."""
    asset: Asset
    chosen: bool
    words: list[JsonObject] | None
    """When each word sounds, as the maker of the take stored it."""


@dataclass(frozen=True, slots=True)
class IndexedProject:
    """A project as the library remembers it; the project file is the truth."""

    id: str
    name: str
    path: Path
    updated: datetime


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    kind: str
    """What it is for, such as `speech`."""
    values: JsonObject


@dataclass(frozen=True, slots=True)
class FilesReport:
    """What `Library.check_files` found."""

    missing: tuple[str, ...]
    """Ids of assets whose files are not there."""
    returned: tuple[str, ...]
    """Ids of assets whose files are there again."""
    moved: tuple[str, ...]
    """Ids of assets whose files had another name and were recognised by their content."""
    strangers: tuple[Path, ...]
    """Files in `media/` that belong to no asset; they can be imported."""


def recipe_key(recipe: JsonObject) -> str:
    """The same for the same recipe, whatever the order of its keys."""
    text = json.dumps(recipe, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
