"""Media of a timeline made fit for its mix, in a worker: a hostile file ends that, not the window."""

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.errors import StudioError
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.studio import Studio
from audiostudio.render.media import Preparation
from audiostudio.sound.conform import Conformed, Treatment
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Timeline

if TYPE_CHECKING:
    from audiostudio.render.media import PreparedMedia


def conformed(studio: Studio) -> Conformed:
    """Where media that were made fit are kept."""
    return Conformed(studio.profile.cache / "conformed")


def preparing(preparations: Iterable[Preparation]) -> JsonObject:
    """The request of a job that makes these."""
    return {
        "items": [
            {
                "media": media.id,
                "path": str(source),
                "seconds": _seconds(media.samples, media.sample_rate),
                **treatment._asdict(),
            }
            for media, source, treatment in preparations
        ]
    }


def prepare(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{items: [{media, path, seconds, sample_rate, denoise}]}` → `{prepared, refused: [{media, error…}]}`.

    A partial `prepared` of `{media, note}` for each as it is done: `note` says what was wrong with a damaged one, of
    which as much is heard as can be. One that cannot be used does not keep the others out.
    """
    store = conformed(studio)
    total = sum(item["seconds"] for item in request["items"]) or 1.0
    before = 0.0
    refused: list[JsonObject] = []
    for item in request["items"]:
        source, treatment = Path(item["path"]), Treatment(item["sample_rate"], item["denoise"])
        try:
            if store.find(source, treatment) is None:
                for seconds in store.make(source, treatment):
                    yield Progress(min(0.99, (before + seconds) / total), f"Preparing {source.name}")
        except StudioError as error:
            refused.append({"media": item["media"], **error.to_json()})
            yield Partial("refused", refused[-1])
        else:
            yield Partial("prepared", {"media": item["media"], "note": store.note(source, treatment)})
        before += item["seconds"]
    return {"prepared": len(request["items"]) - len(refused), "refused": refused}


def prepared(
    studio: Studio, media: "PreparedMedia", project: Project, timeline: Timeline
) -> Generator[Progress, None, None]:
    """What of a timeline cannot be read as it lies is made fit. One that cannot be used is silent; its mix says so."""
    missing = media.unprepared(project, timeline)
    for event in prepare(studio, preparing(missing)) if missing else ():
        if isinstance(event, Progress):
            yield event


def _seconds(samples: int, sample_rate: int) -> float:
    return samples / sample_rate if sample_rate else 0.0
