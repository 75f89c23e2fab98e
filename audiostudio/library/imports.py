"""Taking files from outside into the library. Their content decides what they are, not their names.

A hostile file can crash FFmpeg itself, so this runs in a worker process with limits; it is plain code here.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Disposition, Stream

from audiostudio.errors import RequestError, UnreadableMedia
from audiostudio.files import storage_errors
from audiostudio.library import moves
from audiostudio.library.library import Library
from audiostudio.library.model import Asset, AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.library.svg import looks_like_svg, svg_size
from audiostudio.rights import Rights
from audiostudio.sound import media
from audiostudio.sound.files import decode

LARGEST_FILE = 64 * 2**30
LARGEST_PICTURE = 200_000_000
"""Pixels."""

_NOT_KNOWN = Rights("unknown", None)
_KINDS = {"sound": AssetKind.RECORDING, "picture": AssetKind.IMAGE, "film": AssetKind.FILM}
_NAMED = {
    kind: re.compile(rf"(?<![^\W\d_])(?:{words})s?(?![^\W\d_])", re.IGNORECASE)
    for kind, words in (
        (AssetKind.SOUND_EFFECT, "sfx|foley|sound[ _-]effect"),
        (AssetKind.MUSIC, "music|song|soundtrack|instrumental|jingle|bed"),
    )
}
"""Whole words of names that tell what a sound is."""
_SPOKEN = re.compile("speech|spoken|talk|podcast|book|interview|news|voice|other", re.IGNORECASE)
"""In genres that are none of music."""
_SUFFIXES = {
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "tiff": ("tif", "tiff"),
    "aiff": ("aiff", "aif", "aifc"),
    "ogg": ("ogg", "oga", "ogv", "spx"),
    "mpegts": ("ts", "mts", "m2ts"),
    "mpeg": ("mpg", "mpeg", "vob"),
    "asf": ("wma", "wmv", "asf"),
    "rm": ("rm", "rmvb", "ra"),
    "j2k": ("jp2", "j2k"),
    "jpegxl": ("jxl",),
}
"""The suffixes of formats that have another than their name, the usual one first."""


@dataclass(frozen=True, slots=True)
class Imported:
    asset: Asset
    duplicate: bool
    """The library had this content already, as `asset`; nothing was added."""
    sentence: str
    """What happened, for people."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file turned out to be, all of it having been looked at."""

    kind: AssetKind
    suffix: str
    """With its dot; the file's own, unless that is wrong."""
    media: MediaInfo


def import_media(
    library: Library,
    path: Path,
    *,
    name: str = "",
    kind: AssetKind | None = None,
    source: AssetSource = AssetSource.UPLOADED,
    folder: int | None = None,
    tags: tuple[str, ...] = (),
    project: str | None = None,
    rights: Rights | None = None,
) -> Imported:
    """Copy a sound, picture or film into the library; the original stays as it is.

    `kind` says more of a sound or picture than can be seen in it, such as music; without it a sound is what its name or
    its genre says, else a recording.
    `rights`: None for those that it bears itself, if it was made here (`Rights.notice`).
    Content that the library holds already is not added again: it comes out of the bin, or gets its lost file back.
    Raises `UnreadableMedia` (damaged, cut short, no medium at all, too large), `MissingMedia`, `RequestError`
    (`kind` cannot be), `StorageError`s.
    """
    moves.require_file(path)
    digest = moves.content_hash(path)
    known = library.find_content(digest)
    if known is not None:
        return _known_already(library, known, path)
    content = examine(path)
    new = NewAsset(
        kind=_checked_kind(kind or _told_kind(content.kind, path), content.kind, path),
        source=source,
        name=name or path.stem,
        rights=rights or _borne(path),
        media=content.media,
        folder=folder,
        tags=tags,
        project=project,
        detail={"imported_from": path.name},
    )
    asset = library.add(path, new, move=False, suffix=content.suffix)
    first = library.find_content(digest)
    if first is not None and first.id != asset.id:  # another process imported it meanwhile
        library.bin([asset.id])
        library.purge([asset.id])
        return _known_already(library, first, path)
    as_what = "" if content.suffix == path.suffix.lower() else f", as the {content.suffix[1:].upper()} it is"
    return Imported(asset, False, f"{path.name} is in the library now{as_what}.")


def relink_media(library: Library, asset_id: str, path: Path, *, other_content: bool = False) -> Asset:
    """`Library.relink`; with `other_content` also to a file that is not what it was, of which everything is read anew.

    Raises what `Library.relink` does, `UnreadableMedia`, and `RequestError` for a picture in place of a sound.
    """
    asset = library.get(asset_id)
    moves.require_file(path)
    if not other_content or moves.content_hash(path) == asset.content_hash:
        return library.relink(asset_id, path)
    content = examine(path)
    _checked_kind(asset.kind, content.kind, path)
    return library.relink(asset_id, path, other=content.media, suffix=content.suffix)


def examine(path: Path) -> Content:
    """Find out what `path` is by decoding it: all of a sound, a picture, and the beginning and end of a film.

    Raises `UnreadableMedia`, `MissingMedia`, `StorageError`s.
    """
    with storage_errors(path):
        size = path.stat().st_size
    if size > LARGEST_FILE:
        raise UnreadableMedia(f"{path.name} is larger than {LARGEST_FILE // 2**30} GB.", "Cut it into parts.")
    if looks_like_svg(path):
        width, height = svg_size(path)
        return Content(AssetKind.IMAGE, ".svg", MediaInfo(width=width, height=height))
    info = media.probe(path)
    duration = info.duration
    match info.kind:
        case "sound":
            duration = _decoded_seconds(path)
        case "picture":
            _require_picture(path, info)
        case "film":
            _require_film(path, info)
    found = MediaInfo(duration, info.sample_rate, info.channels, info.width, info.height)
    return Content(_KINDS[info.kind], _suffix(info.format, path), found)


def _told_kind(found: AssetKind, path: Path) -> AssetKind:
    """What a sound says of itself that cannot be heard in it."""
    if found != AssetKind.RECORDING:
        return found
    named = next((kind for kind, words in _NAMED.items() if words.search(path.stem)), None)
    genre = media.read_tags(path).get("genre", "").strip()
    by_genre = AssetKind.MUSIC if genre and not _SPOKEN.search(genre) else found
    return named or by_genre


def _borne(path: Path) -> Rights:
    if looks_like_svg(path):
        return _NOT_KNOWN
    tags = media.read_tags(path)
    found = (Rights.of_notice(tags.get(name, "")) for name in ("copyright", "comment"))
    return next((one for one in found if one is not None), _NOT_KNOWN)


def _known_already(library: Library, known: Asset, path: Path) -> Imported:
    if known.binned:
        library.restore([known.id])
        said = "was in the bin and is back"
    elif known.missing or not known.path.exists():
        library.relink(known.id, path)
        said = "has its file back"
    else:
        said = "is in the library already"
    return Imported(library.get(known.id), True, f"{path.name} is the same as “{known.name}”, which {said}.")


def _checked_kind(asked: AssetKind | None, found: AssetKind, path: Path) -> AssetKind:
    sounds = {AssetKind.RECORDING, AssetKind.VOICEOVER, AssetKind.MUSIC, AssetKind.SONG, AssetKind.SOUND_EFFECT}
    pictures = {AssetKind.IMAGE, AssetKind.AVATAR, AssetKind.WARDROBE_ITEM}
    films = {AssetKind.FILM, AssetKind.TALK_CLIP}
    possible = next(kinds for kinds in (sounds, pictures, films) if found in kinds)
    if asked is not None and asked not in possible:
        raise RequestError(
            f"{path.name} is a {found.replace('_', ' ')} and cannot be a {asked.replace('_', ' ')}.",
            "Choose another file.",
        )
    return asked or found


def _decoded_seconds(path: Path) -> float:
    """The sound's length by decoding all of it, which also tells whether it is whole."""
    rate = media.probe(path).sample_rate
    assert rate is not None
    samples: int = sum(chunk.shape[1] for chunk in decode(path, rate))
    return samples / rate


def _require_picture(path: Path, info: media.MediaInfo) -> None:
    if (info.width or 0) * (info.height or 0) > LARGEST_PICTURE:
        raise UnreadableMedia(f"{path.name} has too many pixels.", "Make it smaller first.")
    with media.open_media(path) as container:
        frame = next(container.decode(video=0), None)
        if frame is None or frame.is_corrupt:
            raise _cut_short(path)


def _require_film(path: Path, info: media.MediaInfo) -> None:
    """Its first picture can be decoded and its packets are there to the end."""
    if (info.width or 0) * (info.height or 0) > LARGEST_PICTURE:
        raise UnreadableMedia(f"{path.name} has too many pixels.", "Make it smaller first.")
    with media.open_media(path) as container:
        stream = next(stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic)
        if next(container.decode(stream), None) is None:
            raise _cut_short(path)
    with media.open_media(path) as container:
        end = max((_end(packet) for packet in container.demux() if not packet.is_corrupt), default=Fraction(0))
    duration = info.duration or 0
    if end < duration - max(0.15, duration / 50, 2 / (info.frame_rate or 25)):
        raise _cut_short(path)


def _end(packet: "av.Packet[Stream]") -> Fraction:
    if packet.pts is None or packet.time_base is None:
        return Fraction(0)
    return (packet.pts + (packet.duration or 0)) * packet.time_base


def _cut_short(path: Path) -> UnreadableMedia:
    return UnreadableMedia(f"{path.name} is damaged or was cut short.", "Copy or export it again.")


def _suffix(format_name: str, path: Path) -> str:
    own = path.suffix.lower().lstrip(".")
    possible = next((names for names in _SUFFIXES.values() if format_name in names), None)
    possible = _SUFFIXES.get(format_name, possible or (format_name,))
    return f".{own if own in possible else possible[0]}"
