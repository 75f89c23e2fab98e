"""What a timeline is made of, whether what comes of it may be sold, and whom to credit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiostudio.errors import NotFound
from audiostudio.rights import Rights, inherited
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import seconds
from audiostudio.timeline.titles import title
from audiostudio.timeline.tracks import Clip, Timeline

if TYPE_CHECKING:
    from audiostudio.library import Library

_NOT_KNOWN = Rights("unknown", None)
_ANSWERS = {True: "yes", False: "no", None: "not known"}


@dataclass(frozen=True, slots=True)
class Source:
    """One file that is heard."""

    media: str
    name: str
    source: str
    """How it came to be (`library.AssetSource`); empty: the library does not have it."""
    rights: Rights
    clips: int
    seconds: float
    """Of the timeline that it fills."""

    def to_json(self) -> dict[str, Any]:
        return {
            "media": self.media,
            "name": self.name,
            "source": self.source,
            "clips": self.clips,
            "seconds": round(self.seconds, 3),
            **self.rights.to_json(),
        }


@dataclass(frozen=True, slots=True)
class RightsSheet:
    title: str
    sources: tuple[Source, ...]
    """In the order in which they are first heard."""

    @property
    def rights(self) -> Rights:
        """Of the whole."""
        return inherited(source.rights for source in self.sources)

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence for everything that forbids selling."""
        return tuple(
            [
                f"“{source.name}” may not be sold ({source.rights.licence}), so neither may what it is part of."
                for source in self.sources
                if source.rights.commercial is False
            ]
        )

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names of what nobody knows the terms of."""
        return tuple([source.name for source in self.sources if source.rights.commercial is None])

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            **self.rights.to_json(),
            "warnings": list(self.warnings),
            "unknown": list(self.unknown),
            "sources": [source.to_json() for source in self.sources],
        }

    def text(self) -> str:
        rights = self.rights
        if not self.sources:
            return f"{self.title}: nothing is heard in it.\n"
        lines = [self.title, "", f"May it be sold? {_ANSWERS[rights.commercial].capitalize()}.", *self.warnings]
        if self.unknown:
            lines.append(f"Not known of: {', '.join(self.unknown)}.")
        lines += ["", "Credit, word for word:", *(f"  {line}" for line in rights.credit.splitlines() or ["nobody"])]
        lines += ["", "Made of:"]
        for source in self.sources:
            url = f", {source.rights.url}" if source.rights.url else ""
            answer = f"may be sold: {_ANSWERS[source.rights.commercial]}"
            lines.append(f"  {source.name}: {source.rights.licence}, {answer}{url}")
        return "\n".join(lines) + "\n"


def rights_sheet(library: "Library", project: Project, timeline: Timeline) -> RightsSheet:
    """Of everything that can be heard or seen in it. Raises what opening the library does."""
    played: dict[str, list[Clip]] = {}
    for clip in sorted(_heard(timeline), key=lambda clip: clip.start):
        played.setdefault(clip.media, []).append(clip)
    known = {media.id: media for media in project.media}
    sources = [_source(library, known[media_id], clips) for media_id, clips in played.items() if media_id in known]
    return RightsSheet(title(project, timeline), tuple(sources))


def known_rights(library: "Library", media: Media) -> Rights:
    """Of one medium; nothing is known of one that the library does not have."""
    try:
        return library.get(media.asset.id).rights
    except NotFound:
        return _NOT_KNOWN


def _heard(timeline: Timeline) -> Iterable[Clip]:
    audible = timeline.audible
    for track in timeline.tracks:
        yield from (clip for clip in track.clips if track.id in audible and not clip.muted)


def _source(library: "Library", media: Media, clips: list[Clip]) -> Source:
    length = seconds(sum(clip.duration for clip in clips))
    try:
        asset = library.get(media.asset.id)
    except NotFound:
        return Source(media.id, media.name or media.asset.path, "", _NOT_KNOWN, len(clips), length)
    return Source(media.id, asset.name, asset.source.value, asset.rights, len(clips), length)
