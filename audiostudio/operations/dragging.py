"""Parts of a timeline as files that can be dragged out of the window: lasting, readable, made once."""

import hashlib
import json
from collections.abc import Collection, Generator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.errors import MediaError, RequestError
from audiostudio.files import replace_file, storage_errors
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.arranging import media_path
from audiostudio.operations.progress import part_of, told
from audiostudio.operations.rights_sheet import rights_sheet
from audiostudio.timeline.editing.source import is_stretched
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.schema import encode
from audiostudio.timeline.time import to_samples
from audiostudio.timeline.titles import title
from audiostudio.timeline.tracks import NO_FADE, Channel, Clip, Timeline, Track

if TYPE_CHECKING:
    from audiostudio.operations.credentials import Seal
    from audiostudio.operations.studio import Studio
    from audiostudio.render.media import PreparedMedia

FOLDER = "dragged out"
"""In the library's folder. Files there stay: editors may use them."""
_INDEX = "index.json"
_PREPARED = 0.3
"""The share of the work that ends with it."""
_LARGEST = 1 << 24


@dataclass(frozen=True, slots=True)
class Piece:
    """What is dragged, cut out of a timeline."""

    timeline: Timeline
    """With nothing else on it."""
    first: int
    """In samples of the mix."""
    last: int | None
    """None: to the end, and what rings on."""
    name: str
    master: bool
    signature: str
    """The same for the same sound."""


def piece(project: Project, timeline: Timeline, clip_ids: Collection[str] | None) -> Piece:
    """These clips, or the whole mix (None). One clip alone sounds as it is, without what its track does to it; several
    go through their tracks, and none but the mix through the master. Raises `RequestError` when nothing is heard."""
    if clip_ids is None:
        kept, master = timeline, True
    else:
        alone = len(clip_ids) == 1
        tracks = [_only(track, clip_ids, alone) for track in timeline.tracks]
        # listened to by no one
        kept = replace(timeline, tracks=tuple([one for one in tracks if one.clips]), master=Channel(), loudness=None)
        master = False
    clips = list(kept.clips())
    if not clips:
        raise RequestError("There is nothing to drag.", "Select a clip.")
    rate = kept.sample_rate
    whole = clip_ids is None
    first = 0 if whole else to_samples(min(clip.start for clip in clips), rate)
    last = None if whole else to_samples(max(clip.end for clip in clips), rate)
    return Piece(kept, first, last, _name(project, timeline, clips, whole), master, _signature(project, kept, first))


def unchanged(clip: Clip, media: Media) -> bool:
    """Whether a clip is all of its medium as it was recorded: the medium's own file is what is dragged then."""
    plain = not clip.gain and not clip.envelope and not clip.effects and not clip.pitch
    unfaded = clip.fade_in.length == clip.fade_out.length == NO_FADE.length
    whole = clip.source_start == 0 and clip.source_length == media.samples
    return plain and unfaded and whole and not is_stretched(clip, media)


def ready(library: Path, signature: str) -> Path | None:
    """The file of a piece, if it is there; `library`: its folder."""
    name = _index(library / FOLDER).get(signature)
    path = None if name is None else library / FOLDER / name
    return path if path is not None and path.is_file() else None


def render_piece(studio: "Studio", request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{project, timeline, clips}` → `{path, signature}`; `clips`: ids, None: the whole mix. A piece that is there is
    not made again; one in which something is missing is none. Raises `MediaError` then, `RequestError`, `NotFound`,
    `EncodingFailed`, `StorageError`s."""
    from audiostudio.operations.credentials import Ingredients, played
    from audiostudio.operations.preparing import conformed, prepared
    from audiostudio.render.media import PreparedMedia

    place = Path(request["project"])
    project = ProjectFile.read(place)
    wanted = piece(project, project.timeline(request["timeline"]), request["clips"])
    library = studio.profile.library
    there = ready(library, wanted.signature)
    if there is not None:
        return {"path": str(there), "signature": wanted.signature}
    media = PreparedMedia(media_path(studio, place), conformed(studio))
    yield from part_of(prepared(studio, media, project, wanted.timeline), 0.0, _PREPARED)
    path = _free_place(library / FOLDER, wanted.name)
    sheet = rights_sheet(studio.library, project, wanted.timeline)
    ingredients = Ingredients(studio)
    ingredients.add_media(played(project, wanted.timeline))
    seal = ingredients.seal(wanted.name, sheet.rights)
    yield from part_of(_rendered(project, wanted, media, path, seal), _PREPARED, 1 - _PREPARED)
    yield from seal.notes()
    _keep(library / FOLDER, wanted.signature, path.name)
    return {"path": str(path), "signature": wanted.signature}


def _free_place(folder: Path, name: str) -> Path:
    from audiostudio.library.names import file_key, plain_file_name

    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        taken = {file_key(path.name) for path in folder.iterdir()}
    number = 1
    while file_key(found := plain_file_name(name, ".wav", number)) in taken:
        number += 1
    return folder / found


def _rendered(
    project: Project, wanted: Piece, media: "PreparedMedia", path: Path, seal: "Seal"
) -> Generator[Progress, None, None]:
    from audiostudio.render.mix import Mix
    from audiostudio.render.mixdown import Target, mixdown
    from audiostudio.sound.tags import Broadcast
    from audiostudio.sound.writer import SoundWriter

    rate, lufs = wanted.timeline.sample_rate, wanted.timeline.loudness
    writer = partial(
        SoundWriter,
        sample_rate=rate,
        channels=2,
        format="wav",
        broadcast=Broadcast(wanted.first, wanted.name),
        seal=seal,
    )
    target = None if lufs is None else Target(lufs)
    with Mix(project, wanted.timeline, media, master=wanted.master) as mix:
        steps = mixdown(mix, path, writer, first=wanted.first, last=wanted.last, target=target)
        yield from told(steps, f"Rendering {path.name}")
        silent = next((problem for problem in mix.problems if problem.media is not None), None)
    if silent is not None:
        with storage_errors(path):
            path.unlink()
        raise MediaError(silent.sentence, silent.hint)


def _only(track: Track, clip_ids: Collection[str], alone: bool) -> Track:
    clips = tuple([clip for clip in track.clips if clip.id in clip_ids])
    there = {clip.id for clip in clips}
    links = tuple([one for one in track.transitions if one.left in there and one.right in there])
    if not alone:
        # a ducker has nobody to listen to here
        heard = tuple([one for one in track.channel.effects if one.source is None])
        channel = replace(track.channel, effects=heard)
        return replace(track, clips=clips, transitions=links, channel=channel, muted=False, solo=False)
    return Track(track.id, track.name, track.kind, clips=tuple([replace(clip, muted=False) for clip in clips]))


def _name(project: Project, timeline: Timeline, clips: list[Clip], whole: bool) -> str:
    if whole:
        return title(project, timeline)
    first = min(clips, key=lambda clip: clip.start)
    media = next((one for one in project.media if one.id == first.media), None)
    name = first.name or (media.name if media is not None else "") or title(project, timeline)
    return name if len(clips) == 1 else f"{name} and {len(clips) - 1} more"


def _signature(project: Project, timeline: Timeline, first: int) -> str:
    used = {clip.media for clip in timeline.clips()}
    media = {one.id: one.asset.content_hash for one in project.media if one.id in used}
    bare = replace(timeline, id="", name="", markers=(), range=None, tempo=None)
    text = json.dumps([encode(bare), media, first], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _index(folder: Path) -> dict[str, str]:
    path = folder / _INDEX
    try:
        with storage_errors(path):
            if not path.is_file() or path.stat().st_size > _LARGEST:
                return {}
            found = json.loads(path.read_bytes())
    except ValueError:
        return {}
    names = found if isinstance(found, dict) else {}
    return {key: name for key, name in names.items() if isinstance(name, str) and Path(name).name == name}


def _keep(folder: Path, signature: str, name: str) -> None:
    replace_file(folder / _INDEX, json.dumps({**_index(folder), signature: name}, indent=1).encode())
