"""Where somebody speaks on a timeline, listened to as a job: music steps back there."""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.arranging import chosen_timeline, media_path
from audiostudio.timeline.file import ProjectFile

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio


def find_speech(studio: "Studio", request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{project, timeline, tracks}` → `{ranges: [[first, last]]}`, in ticks: where those tracks, by their ids, are
    heard (`render.ducking`). Raises `NotFound`, `StorageError`s."""
    from audiostudio.operations.preparing import conformed, prepare, preparing
    from audiostudio.render.ducking import levels, speech_of_levels
    from audiostudio.render.media import PreparedMedia
    from audiostudio.render.mix import Mix

    place = Path(request["project"])
    project = ProjectFile.read(place)
    timeline = chosen_timeline(project, request["timeline"])
    media = PreparedMedia(media_path(studio, place), conformed(studio))
    missing = media.unprepared(project, timeline)
    if missing:
        for event in prepare(studio, preparing(missing)):
            if isinstance(event, Progress):
                yield event
    with Mix(project, timeline, media, only=request["tracks"], master=False) as mix:
        steps = levels(mix)
        while True:
            try:
                yield Progress(next(steps), "Listening for speech")
            except StopIteration as end:
                found = speech_of_levels(end.value, mix.sample_rate)
                return {"ranges": [[one.start, one.end] for one in found]}
