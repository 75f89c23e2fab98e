"""What a sound file says about itself: tags, a cover, chapters, and where it belongs on a clock."""

import base64
import itertools
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from audiostudio.errors import UnreadableMedia
from audiostudio.files import storage_errors

LARGEST_COVER = 16 << 20
"""Bytes."""


class Chapter(NamedTuple):
    """Half-open, in samples of the file."""

    start: int
    end: int
    title: str


class Cover(NamedTuple):
    """A JPEG or PNG, as it is in its file."""

    data: bytes
    codec: str
    """FFmpeg's: `mjpeg` or `png`."""
    width: int
    height: int

    @property
    def mime(self) -> str:
        return "image/jpeg" if self.codec == "mjpeg" else "image/png"


@dataclass(frozen=True, slots=True)
class Tags:
    """Empty fields are left out. What a format has no place for is left out as well (`media.Format`)."""

    title: str = ""
    artist: str = ""
    album: str = ""
    genre: str = ""
    date: str = ""
    """A year or an ISO date."""
    track: str = ""
    """`3` or `3/12`."""
    copyright: str = ""
    comment: str = ""
    cover: Cover | None = None
    chapters: tuple[Chapter, ...] = ()

    def metadata(self) -> dict[str, str]:
        names = ("title", "artist", "album", "genre", "date", "track", "copyright", "comment")
        return {name: value for name in names if (value := " ".join(getattr(self, name).split()))}


@dataclass(frozen=True, slots=True)
class Broadcast:
    """The `bext` chunk of a Broadcast Wave (EBU Tech 3285)."""

    time_reference: int
    """Samples since midnight (or the beginning of the timeline) at which the file begins."""
    description: str = ""
    originator: str = "Audio Studio"
    reference: str = ""
    made: datetime | None = None

    def metadata(self) -> dict[str, str]:
        """As FFmpeg's WAV writer reads it."""
        made = self.made or datetime.now().astimezone()
        return {
            "description": _ascii(self.description, 256),
            "originator": _ascii(self.originator, 32),
            "originator_reference": _ascii(self.reference, 32),
            "origination_date": f"{made:%Y-%m-%d}",
            "origination_time": f"{made:%H:%M:%S}",
            "time_reference": str(self.time_reference),
        }


def read_cover(path: Path) -> Cover:
    """The picture in a JPEG or PNG file, whose size is read and nothing decoded.

    Raises `UnreadableMedia`, `MissingMedia`, `StorageError`.
    """
    with storage_errors(path):
        if path.exists() and not path.is_file():  # a device never ends
            raise UnreadableMedia(f"{path} is no file.", "Choose a JPEG or PNG as cover.")
        with path.open("rb") as file:
            data = file.read(LARGEST_COVER + 1)
    if len(data) > LARGEST_COVER:
        raise UnreadableMedia(f"{path.name} is too large for a cover.", "Choose one of less than 16 MB.")
    found = _png(data) or _jpeg(data)
    if found is None:
        raise UnreadableMedia(f"{path.name} is neither a JPEG nor a PNG.", "Choose one of these as cover.")
    return found


def picture_block(cover: Cover) -> str:
    """A cover as Ogg files hold it: FLAC's picture block in base 64 (`METADATA_BLOCK_PICTURE`)."""
    mime = cover.mime.encode()
    head = struct.pack(">II", 3, len(mime)) + mime + struct.pack(">I", 0)
    body = struct.pack(">IIIII", cover.width, cover.height, 24, 0, len(cover.data)) + cover.data
    return base64.b64encode(head + body).decode()


def chapter_comments(chapters: Sequence[Chapter], sample_rate: int) -> dict[str, str]:
    """Chapters as Ogg files hold them: `CHAPTER001=00:00:00.833` and `CHAPTER001NAME=…`."""
    found: dict[str, str] = {}
    for number, one in enumerate(chapters, 1):
        seconds, milliseconds = divmod(round(one.start * 1000 / sample_rate), 1000)
        clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"
        found |= {f"CHAPTER{number:03}": clock, f"CHAPTER{number:03}NAME": " ".join(one.title.split())}
    return found


def in_order(chapters: Sequence[Chapter], length: int) -> tuple[Chapter, ...]:
    """Those within a file of so many samples, each until the next."""
    starts = sorted(one for one in chapters if one.start < length)
    following = itertools.zip_longest(
        (one.start for one in starts), (one.start for one in starts[1:]), fillvalue=length
    )
    spans = zip(starts, following, strict=True)
    return tuple([Chapter(one.start, end, one.title) for one, (_, end) in spans if end > one.start])


def _png(data: bytes) -> Cover | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return Cover(data, "png", width, height) if width and height else None


def _jpeg(data: bytes) -> Cover | None:
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Cover(data, "mjpeg", width, height) if width and height else None
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _ascii(text: str, length: int) -> str:
    return " ".join(text.split()).encode("ascii", "replace")[:length].decode()
