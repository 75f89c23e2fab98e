"""A project's timeline handed off to a video editor, as a job."""

from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.arranging import chosen_timeline, media_path
from audiostudio.operations.progress import part_of, told
from audiostudio.operations.rights_sheet import known_rights, rights_sheet
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.titles import title
from audiostudio.timeline.tracks import Timeline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audiostudio.operations.credentials import Seal
    from audiostudio.operations.studio import Studio
    from audiostudio.render.handoff.cuts import Piece
    from audiostudio.render.handoff.media import Mixer
    from audiostudio.render.media import Locate
    from audiostudio.sound.conform import Treatment

_PIECE = 65_536


def export_timeline(studio: "Studio", request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{project, timeline, folder, format, editor, version, handles, whole, absolute}` → the report of the hand-off
    (`render.handoff.report`), with `text`, the same in words, and `rights`.

    `project`: its folder; `timeline`: an id or a name, None: the main one. Raises what `HandOff.run` does.
    """
    from audiostudio.library.names import file_key, plain_file_name
    from audiostudio.render.handoff.folder import HandOff
    from audiostudio.render.handoff.formats import Options

    place = Path(request["project"])
    project = ProjectFile.read(place)
    timeline = chosen_timeline(project, request["timeline"])
    names = ("format", "editor", "version", "handles", "whole", "absolute")
    options = Options(**{name: request[name] for name in names})
    where = media_path(studio, place)
    seals: dict[str, Seal] = {}
    hand_off = HandOff(where, _mixer(studio, project, where), plain_file_name, file_key, partial(_seal, studio, seals))
    steps = hand_off.run(project, timeline, options, Path(request["folder"]))
    report = yield from part_of(told(steps, f"Handing off {title(project, timeline)}"), 0.0, 0.98)
    sheet = rights_sheet(studio.library, project, timeline)
    for seal in seals.values():
        yield from seal.notes()
    return {**report.to_json(), "text": report.text(), "rights": sheet.to_json()}


def _seal(studio: "Studio", seals: dict[str, "Seal"], piece: "Piece") -> "Seal":
    """Of the medium that the piece is cut from: made once, kept in `seals`."""
    from audiostudio.operations.credentials import Ingredients

    media = piece.media
    if media.id not in seals:
        ingredients = Ingredients(studio)
        ingredients.add_media([media])
        seals[media.id] = ingredients.seal(media.name or piece.name, known_rights(studio.library, media))
    return seals[media.id]


def _mixer(studio: "Studio", project: Project, where: "Locate") -> "Mixer":
    """Mixes what the hand-off asks for; media that have to be made fit for that are when they are first needed."""
    from audiostudio.operations.preparing import conformed
    from audiostudio.render.media import PreparedMedia
    from audiostudio.render.mix import Mix

    store = conformed(studio)
    prepared = PreparedMedia(where, store)

    def opened(media: Media, treatment: "Treatment") -> Path:
        source = where(media)
        if source is not None and store.find(source, treatment) is None:
            for _ in store.make(source, treatment):
                pass
        return prepared(media, treatment)

    def mixed(timeline: Timeline, samples: int) -> "Iterator[NDArray[np.float32]]":
        with Mix(project, timeline, opened, threads=1) as mix:
            for start in range(0, samples, _PIECE):
                yield mix.render(start, min(_PIECE, samples - start))

    return mixed
