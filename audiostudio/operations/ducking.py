"""Where somebody speaks on a timeline, listened to as a job: music steps back there."""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.arranging import chosen_timeline, media_path
from audiostudio.operations.progress import part_of, told
from audiostudio.timeline.file import ProjectFile

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio


def find_speech(studio: "Studio", request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{project, timeline, tracks}` → `{ranges: [[first, last]]}`, in ticks: where those tracks, by their ids, are
    heard (`render.ducking`). Raises `NotFound`, `StorageError`s."""
    from audiostudio.operations.preparing import conformed, prepared
    from audiostudio.render.ducking import levels, speech_of_levels
    from audiostudio.render.media import PreparedMedia
    from audiostudio.render.mix import Mix

    place = Path(request["project"])
    project = ProjectFile.read(place)
    timeline = chosen_timeline(project, request["timeline"])
    media = PreparedMedia(media_path(studio, place), conformed(studio))
    yield from part_of(prepared(studio, media, project, timeline), 0.0, 0.5)
    with Mix(project, timeline, media, only=request["tracks"], master=False) as mix:
        heard = yield from part_of(told(levels(mix), "Listening for speech"), 0.5, 0.5)
        found = speech_of_levels(heard, mix.sample_rate)
    return {"ranges": [[one.start, one.end] for one in found]}
