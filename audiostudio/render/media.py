"""Where a mix finds its media, and what has to be made fit before."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

from audiostudio.errors import MediaError, MissingMedia, StudioError
from audiostudio.render.sources import Treated
from audiostudio.sound.conform import Conformed, Treatment
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.tracks import Timeline, TrackKind

Locate: TypeAlias = Callable[[Media], Path | None]
"""The file of a medium; None: it is gone."""


class Preparation(NamedTuple):
    """A medium that has to be made fit."""

    media: Media
    source: Path
    treatment: Treatment


class PreparedMedia:
    """An `OpenMedia`: media that fit are read where they lie, others from the cache."""

    def __init__(self, locate: Locate, conformed: Conformed) -> None:
        self._locate = locate
        self._conformed = conformed

    def __call__(self, media: Media, treatment: Treatment) -> Path:
        """Raises `MissingMedia`, and `MediaError` for what was not prepared."""
        found = self._conformed.find(self._source(media), treatment)
        if found is None:
            raise MediaError(f"“{_name(media)}” is not prepared yet.", "It is heard as soon as it is.")
        return found

    def unprepared(self, project: Project, timeline: Timeline) -> list[Preparation]:
        """What has to be made before all of a timeline can be heard. Missing media are left out."""
        found = []
        for media, treatment in _used(project, timeline):
            try:
                source = self._source(media)
                if self._conformed.find(source, treatment) is None:
                    found.append(Preparation(media, source, treatment))
            except StudioError:  # it is missing: the mix tells
                continue
        return found

    def notes(self, project: Project, timeline: Timeline) -> list[str]:
        """What was wrong with media that were made fit, in sentences."""
        found = []
        for media, treatment in _used(project, timeline):
            try:
                note = self._conformed.note(self._source(media), treatment)
            except StudioError:
                continue
            found += [note] if note else []
        return found

    def _source(self, media: Media) -> Path:
        source = self._locate(media)
        if source is None:
            raise MissingMedia(f"The file of “{_name(media)}” is gone.", "Connect its drive, or relink it.")
        return source


def _used(project: Project, timeline: Timeline) -> Iterator[tuple[Media, Treatment]]:
    """Every medium that can be heard, with each treatment once."""
    media = {one.id: one for one in project.media if one.channels and one.sample_rate}
    seen = set()
    for track in timeline.tracks:
        for clip in track.clips if track.kind == TrackKind.AUDIO else ():
            medium = media.get(clip.media)
            if medium is None:
                continue
            effects = (*clip.effects, *track.channel.effects)
            treatment = Treated.of(clip, medium, effects, timeline.sample_rate).treatment
            if (medium.id, treatment) not in seen:
                seen.add((medium.id, treatment))
                yield medium, treatment


def _name(media: Media) -> str:
    return media.name or Path(media.asset.path).name
