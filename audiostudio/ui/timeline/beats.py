"""Beats of the music that clips play: what the library knows of them, found by a worker when the user asks."""

from collections.abc import Collection, Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from audiostudio.errors import NotFound
from audiostudio.jobs import Job, Outcome
from audiostudio.timeline.project import Media
from audiostudio.timeline.tracks import Clip
from audiostudio.ui.desk import Desk
from audiostudio.ui.library.clerk import Clerk

Beats = NDArray[np.float64]
"""Seconds of a medium, in order."""
NONE: Beats = np.zeros(0)


class BeatsOfMedia(QObject):
    changed = Signal(str)
    """The id of a medium whose beats are known now."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._clerk = Clerk(self)
        self._known: dict[str, Beats] = {}
        self._asked: list[Media] = []
        self._finding: set[str] = set()

    def of(self, media: Media) -> Beats:
        """As far as they are known; the library is asked once for each medium."""
        if media.id not in self._known and media.channels:
            self._known[media.id] = NONE
            self._asked.append(media)
            if len(self._asked) == 1:
                self._clerk.ask(self._look, self._looked)
        return self._known.get(media.id, NONE)

    def finding(self, media: Media) -> bool:
        """Whether a worker listens to it."""
        return media.id in self._finding

    def find(self, media: Media, path: str) -> None:
        """Have a worker listen to a medium. `path`: where it lies."""
        if media.id in self._finding:
            return
        self._finding.add(media.id)
        title = self.tr("Find the beats of {name}").replace("{name}", media.name)
        self._clerk.ask(
            partial(self._request, media, path),
            lambda request: self._desk.jobs.submit(Job("music.analyse", request, title), partial(self._found, media)),
        )

    def close(self) -> None:
        self._clerk.close()

    def _request(self, media: Media, path: str) -> dict[str, str]:
        """Beside the window's thread: what is not in the library is listened to where it lies."""
        try:
            return {"asset": self._desk.studio.library.get(media.asset.id).id}
        except NotFound:
            return {"path": path}

    def _look(self) -> dict[str, Beats]:
        """Beside the window's thread."""
        wanted, self._asked = self._asked, []
        found = {}
        for media in wanted:
            try:
                detail = self._desk.studio.library.get(media.asset.id).detail
            except NotFound:  # a project from elsewhere
                continue
            analysis = detail.get("analysis")
            told = detail.get("beats") or (analysis.get("beats") if isinstance(analysis, dict) else None)
            if told:
                found[media.id] = beats_of(told)
        return found

    def _looked(self, found: dict[str, Beats]) -> None:
        for media_id, beats in found.items():
            self._known[media_id] = beats
            self.changed.emit(media_id)
        if self._asked:
            self._clerk.ask(self._look, self._looked)

    def _found(self, media: Media, outcome: Outcome) -> None:
        self._finding.discard(media.id)
        if outcome.result is None:
            return
        beats = beats_of(outcome.result["beats"])
        self._known[media.id] = beats
        self.changed.emit(media.id)
        if len(beats):
            said = self.tr("{name}: {n} beats, {bpm} a minute")
            said = said.replace("{n}", str(len(beats))).replace("{bpm}", f"{outcome.result['bpm']:.1f}")
        else:
            said = self.tr("No beat is heard in {name}.")
        self._desk.messages.say(said.replace("{name}", media.name))


def beats_of(told: object) -> Beats:
    """Beats as assets keep them; what is none is left out."""
    rows = told if isinstance(told, list) else []
    return np.sort(np.array([one for one in rows if isinstance(one, int | float) and 0 <= one < 1e6], np.float64))


def beats_within(clip: Clip, media: Media, beats: Beats) -> Beats:
    """Where beats of a medium lie in a clip that plays it: ticks from its beginning, also of one that is stretched."""
    if not len(beats) or not media.sample_rate:
        return NONE
    places = (beats * media.sample_rate - clip.source_start) * (clip.duration / clip.source_length)
    first, last = np.searchsorted(places, [0, clip.duration])
    return places[first:last]


def beat_places(
    clips: Iterable[Clip], known: dict[str, tuple[Media, Beats]], without: Collection[str] = ()
) -> Sequence[int]:
    """Where beats lie on a timeline, in order. `known`: by media ids."""
    found = [
        clip.start + beats_within(clip, *known[clip.media])
        for clip in clips
        if clip.media in known and clip.id not in without
    ]
    if not found:
        return ()
    ticks: list[int] = np.unique(np.rint(np.concatenate(found)).astype(np.int64)).tolist()
    return ticks
