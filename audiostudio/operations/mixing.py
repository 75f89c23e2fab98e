"""A project's timeline mixed to a file, as a job."""

import math
from collections.abc import Generator, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from audiostudio.errors import NotFound, RequestError
from audiostudio.files import storage_errors
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.arranging import LONGEST, chosen_timeline, media_path
from audiostudio.operations.progress import part_of, told
from audiostudio.operations.rights_sheet import RightsSheet, rights_sheet
from audiostudio.timeline.editing.mixing import set_automation
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import ticks, to_samples
from audiostudio.timeline.titles import title
from audiostudio.timeline.tracks import Parameter, Timeline, Track, TrackKind

if TYPE_CHECKING:
    from audiostudio.operations.credentials import Seal
    from audiostudio.operations.studio import Studio
    from audiostudio.render.media import PreparedMedia
    from audiostudio.render.mixdown import MixedDown
    from audiostudio.sound.tags import Chapter, Tags

_PREPARED, _DUCKED = 0.2, 0.3
"""The shares of the work that end with these."""
_ORIGINATOR = 4 + 256
"""Where it stands in the chunk of a Broadcast Wave, after its name: its size and the description come first."""
_PLAYED = ("title", "artist", "album", "genre", "date", "track", "copyright", "comment")


def mix_timeline(studio: "Studio", request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{project, timeline, output, format, lufs, duck, stems, first, last, tags, cover}` → what was written.

    `duck`: [track of music, track of speech] pairs, drawn for this mix only; `stems`: a folder or None; `lufs`: None
    for the timeline's own; `first`, `last`: seconds of the timeline, None for its beginning and end; `tags`: as
    `sound.tags.Tags`. A WAV is a Broadcast Wave whose TimeReference is its place on the timeline.
    Raises `NotFound`, `RequestError` (nothing to mix), `EncodingFailed`, `StorageError`s.
    """
    from audiostudio.operations.preparing import conformed, prepared
    from audiostudio.render.media import PreparedMedia

    place, output = Path(request["project"]), Path(request["output"])
    project = ProjectFile.read(place)
    timeline = chosen_timeline(project, request["timeline"])
    first, last = _range(timeline, request["first"], request["last"])
    stems = _stem_files(timeline, request["stems"])
    _check_outputs(studio, place, project, output, list(stems.values()))
    media = PreparedMedia(media_path(studio, place), conformed(studio))
    yield from part_of(prepared(studio, media, project, timeline), 0.0, _PREPARED)
    project = yield from _ducked(project, timeline, request["duck"], media)
    timeline = project.timeline(timeline.id)
    sheet = rights_sheet(studio.library, project, timeline)
    tags = _tags(request, title(project, timeline), timeline, sheet, first, last)
    lufs = timeline.loudness if request["lufs"] is None else request["lufs"]
    heard = {source.media for source in sheet.sources}
    seals = {output: _seal(studio, project, heard, sheet, tags.title)}
    for track in timeline.tracks:
        if track.id in stems:
            of_track = heard & {clip.media for clip in track.clips}
            seals[stems[track.id]] = _seal(studio, project, of_track, sheet, stems[track.id].stem)
    files = _Files(output, request["format"], tags, stems, seals)
    mixing = _mixed(project, timeline, media, files, first, last, lufs)
    result = yield from part_of(mixing, _DUCKED, 1 - _DUCKED)
    return {
        **_told(result, timeline, lufs),
        "chapters": len(tags.chapters),
        "notes": [*media.notes(project, timeline), *(note for seal in seals.values() for note in seal.told)],
        "rights": sheet.to_json(),
    }


class _Files(NamedTuple):
    """What is written."""

    output: Path
    format: str
    tags: "Tags"
    stems: dict[str, Path]
    seals: dict[Path, "Seal"]


def _mixed(
    project: Project,
    timeline: Timeline,
    media: "PreparedMedia",
    files: _Files,
    first: int,
    last: int | None,
    lufs: float | None,
) -> Generator[Progress, None, "MixedDown"]:
    from audiostudio.render.mix import Mix
    from audiostudio.render.mixdown import Target, mixdown
    from audiostudio.sound.tags import Broadcast, Tags
    from audiostudio.sound.writer import SoundWriter

    name = title(project, timeline)
    open_writer = partial(SoundWriter, sample_rate=timeline.sample_rate, channels=2)
    wav = Broadcast(first, name)
    of_stems = Tags(copyright=files.tags.copyright, comment=files.tags.comment)
    own = wav if files.output.suffix.lower() == ".wav" else None

    def open_stem(path: Path) -> SoundWriter:
        return open_writer(path, format="wav", broadcast=wav, tags=of_stems, seal=files.seals[path])

    with Mix(project, timeline, media, stems=bool(files.stems)) as mix:
        steps = mixdown(
            mix,
            files.output,
            partial(open_writer, format=files.format, tags=files.tags, broadcast=own, seal=files.seals[files.output]),
            first=first,
            last=last,
            target=None if lufs is None else Target(lufs),
            stems=files.stems,
            open_stem=open_stem,
        )
        return (yield from told(steps, f"Mixing {name}"))


def _seal(studio: "Studio", project: Project, heard: Set[str], sheet: RightsSheet, name: str) -> "Seal":
    """Of the mix, or of a stem: what media are heard in it."""
    from audiostudio.operations.credentials import Ingredients

    ingredients = Ingredients(studio)
    ingredients.add_media(one for one in project.media if one.id in heard)
    return ingredients.seal(name, sheet.rights)


def _told(result: "MixedDown", timeline: Timeline, lufs: float | None) -> JsonObject:
    tracks = {track.id: track.name for track in timeline.tracks}
    stems: dict[str, str] = {}
    for track, path in result.stems.items():
        name = tracks[track]
        stems[path.stem if name in stems else name] = str(path)
    loudness = result.measured
    silent = loudness is None or not math.isfinite(loudness.integrated)  # JSON has no infinity
    return {
        "output": str(result.path),
        "seconds": result.samples / timeline.sample_rate,
        "samples": result.samples,
        "clipped": result.clipped,
        "target": lufs,
        "lufs": None if loudness is None or silent else loudness.integrated,
        "true_peak": None if loudness is None or silent else loudness.true_peak,
        "reached": result.reached,
        "stems": stems,
        "problems": [
            {"sentence": one.sentence, "hint": one.hint, "track": tracks.get(one.track or ""), "clip": one.clip}
            for one in result.problems
        ],
    }


def _ducked(
    project: Project, timeline: Timeline, pairs: Sequence[Sequence[str]], media: "PreparedMedia"
) -> Generator[Progress | Partial, None, Project]:
    """The project with each first track stepping back where the second is heard."""
    from audiostudio.render.ducking import curve, levels, speech_of_levels
    from audiostudio.render.mix import Mix

    share = (_DUCKED - _PREPARED) / max(1, len(pairs))
    for number, (music_name, speech_name) in enumerate(pairs):
        music, speech = named_track(timeline, music_name), named_track(timeline, speech_name)
        if music.id == speech.id:
            raise RequestError(f"“{music.name}” cannot step back under itself.", "Name two tracks.")
        with Mix(project, timeline, media, only=[speech.id], master=False) as mix:
            listening = told(levels(mix), f"Listening to {speech.name}")
            begin = _PREPARED + number * share
            heard = speech_of_levels((yield from part_of(listening, begin, share)), mix.sample_rate)
        project = set_automation(project, timeline.id, music.id, Parameter.DUCKING, curve(heard))
    return project


def named_track(timeline: Timeline, name: str) -> Track:
    """Raises `NotFound`."""
    for track in timeline.tracks:
        if track.name == name:
            return track
    known = ", ".join(f"“{track.name}”" for track in timeline.tracks)
    raise NotFound(f"There is no track “{name}”.", f"There is {known}." if known else "There is none yet.")


def _range(timeline: Timeline, first: float | None, last: float | None) -> tuple[int, int | None]:
    """In samples; None: to the end, and what rings on. Raises `RequestError`."""
    if not all(0 <= one <= LONGEST for one in (first, last) if one is not None):
        raise RequestError(f"A range lies between 0 and {LONGEST:.0f} seconds.", "Give other times.")
    begin = 0 if first is None else to_samples(ticks(first), timeline.sample_rate)
    if last is None:
        return begin, None
    end = to_samples(ticks(last), timeline.sample_rate)
    if end <= begin:
        raise RequestError("The range ends before it begins.", "Give other times.")
    return begin, end


def _tags(
    request: JsonObject, name: str, timeline: Timeline, sheet: RightsSheet, first: int, last: int | None
) -> "Tags":
    from audiostudio.sound.tags import Tags, read_cover

    rights = sheet.rights
    comment = rights.notice if request["tags"].get("copyright") else rights.credit
    usual = {"title": name, "copyright": rights.notice, "comment": comment}
    asked: dict[str, Any] = {one: _storable(request["tags"].get(one) or usual.get(one, "")) for one in _PLAYED}
    cover = read_cover(Path(request["cover"])) if request["cover"] else None
    return replace(Tags(**asked), cover=cover, chapters=_chapters(timeline, name, first, last))


def _storable(text: str) -> str:
    """Without halves of characters, which no file holds."""
    return text.encode("utf-8", "replace").decode()


def _chapters(timeline: Timeline, name: str, first: int, last: int | None) -> "tuple[Chapter, ...]":
    """Of the markers that begin one; what is before the first of them is one too."""
    from audiostudio.sound.tags import Chapter, in_order

    rate = timeline.sample_rate
    end = to_samples(timeline.end, rate) if last is None else last
    marks = [(to_samples(one.at, rate) - first, _storable(one.name)) for one in timeline.markers if one.chapter]
    found = [Chapter(at, at, text) for at, text in marks if 0 <= at < end - first]
    if found and found[0].start > 0:
        before = [text for at, text in marks if at < 0]
        found.insert(0, Chapter(0, 0, before[-1] if before else _storable(name)))
    return in_order(found, end - first)


def _check_outputs(studio: "Studio", place: Path, project: Project, output: Path, stems: Sequence[Path]) -> None:
    """Raises `RequestError` for what would be written over: a medium or the file that it was imported from, a file of
    the library, a stem, and in the place of a stem what no mix has made."""
    from audiostudio.library.names import file_key

    locate = media_path(studio, place)
    played = {path.resolve(): media for media in project.media if (path := locate(media)) is not None}
    library = studio.library.media.resolve()
    for path in (output, *stems):
        there = path.resolve()
        if there in played or _is_copy(there, played):
            raise RequestError(f"{path} is a part of the mix.", "Choose another name or folder.")
        if there.exists() and there.is_relative_to(library):
            raise RequestError(f"{path} belongs to the library.", "Choose another name or folder.")
    for path in stems:
        if path.exists() and not _is_stem(path):
            raise RequestError(f"{path} is there already, and no mix made it.", "Choose another folder for stems.")
    if file_key(str(output)) in {file_key(str(path)) for path in stems}:
        raise RequestError(
            f"{output} would be the mix and a stem.", "Choose another name, or another folder for stems."
        )


def _is_copy(path: Path, played: Mapping[Path, Media]) -> bool:
    """Whether a file has the content of a medium: it is where that was imported from."""
    from audiostudio.library.moves import content_hash

    if not path.is_file():
        return False
    with storage_errors(path):
        size = path.stat().st_size
        same = {media.asset.content_hash for file, media in played.items() if file.stat().st_size == size}
    return bool(same) and content_hash(path) in same


def _is_stem(path: Path) -> bool:
    """Whether a WAV says that it comes from here."""
    from audiostudio.sound.tags import Broadcast

    if not path.is_file():
        return False
    with storage_errors(path), path.open("rb") as file:
        _, _, chunk = file.read(1024).partition(b"bext")
    return chunk[_ORIGINATOR:].startswith(Broadcast(0).originator.encode() + b"\0")


def _stem_files(timeline: Timeline, folder: str | None) -> dict[str, Path]:
    """Where each track that is heard goes."""
    from audiostudio.library.names import file_key, plain_file_name

    if folder is None:
        return {}
    audible = timeline.audible
    heard = [one for one in timeline.tracks if one.clips and one.id in audible and one.kind == TrackKind.AUDIO]
    taken: set[str] = set()
    found = {}
    for track in heard:
        number = 1
        while file_key(name := plain_file_name(track.name, ".wav", number)) in taken:
            number += 1
        taken.add(file_key(name))
        found[track.id] = Path(folder) / name
    return found
