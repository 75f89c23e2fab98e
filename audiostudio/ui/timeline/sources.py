"""What is known of the media that clips play: their outlines, made by a worker and kept, and the words they say."""

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, Outcome, Partial
from audiostudio.operations.looks import outline_file
from audiostudio.operations.playing import prepared_media
from audiostudio.sound.conform import Treatment
from audiostudio.sound.pcm import PcmFile
from audiostudio.sound.peaks import Peaks
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.tracks import Clip
from audiostudio.timeline.transcript import Speech
from audiostudio.ui.desk import Desk, OpenProject
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.timeline.beats import BeatsOfMedia, beat_places
from audiostudio.ui.timeline.clip_paint import Shown
from audiostudio.ui.timeline.close_up import CloseUps
from audiostudio.ui.timeline.outline import Outline

MIX_RATE = 48_000
"""Of most mixes: at which media are made fit."""
AT_ONCE = 16
"""Media that one job looks at."""


class Sources(QObject):
    changed = Signal(str)
    """The id of a medium of which more is known now."""

    def __init__(self, desk: Desk, opened: OpenProject, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._profile, self._session = desk.jobs, desk.studio.profile, opened.session
        self._open = prepared_media(desk.studio, opened.session.path)
        self.close_ups = CloseUps(self._sound, self)
        self.beats = BeatsOfMedia(desk, self)
        self.beats.changed.connect(self.changed)
        self._clerk = Clerk(self)
        self._media: dict[str, Media] = {}
        self._speech: Speech | None = None
        self._outlines: dict[str, Outline | None] = {}
        """None: asked for, and not there yet or not to be had."""
        self._missing: set[str] = set()
        self._waiting: dict[str, tuple[Media, Path]] = {}
        self._working = False

    def follow(self, project: Project) -> None:
        """Another state of the project."""
        self._media = {media.id: media for media in project.media}
        self._speech = Speech(project)

    def shown(self, clip: Clip) -> Shown:
        media = self._media.get(clip.media)
        said = None if self._speech is None else self._speech.of(clip)
        words = said.words if said is not None else ()
        beats = self.beats.of(media) if media is not None else ()
        return Shown(media, partial(self._outline, clip.media), words, clip.media in self._missing, beats)

    def beat_places(self, clips: Iterable[Clip], without: Collection[str]) -> Sequence[int]:
        """Where the beats of clips lie that play music, in order, ticks."""
        known = {key: (media, self.beats.of(media)) for key, media in self._media.items()}
        return beat_places(clips, {key: one for key, one in known.items() if len(one[1])}, without)

    def meet(self, media: Media) -> None:
        """One that the project may soon have."""
        self._media.setdefault(media.id, media)

    def path(self, media: Media) -> Path | None:
        """Where its file is; None while it is missing."""
        folders = (self._profile.library / "media", self._session.path)
        places = [folder / media.asset.path for folder in folders]
        return next((place for place in places if place.is_file()), None)

    def look_again(self) -> None:
        """Files may have gone, and missing ones may have come back."""
        shown = tuple([self._media[one] for one in self._outlines if one in self._media])
        if shown:
            self._clerk.ask(partial(self._absent, shown), partial(self._know_absent, shown), "look again")

    def _absent(self, media: Sequence[Media]) -> frozenset[str]:
        """Beside the window's thread."""
        return frozenset(one.id for one in media if self.path(one) is None)

    def _know_absent(self, looked: Sequence[Media], absent: frozenset[str]) -> None:
        for media_id in (self._missing & {one.id for one in looked}) ^ absent:
            if media_id in absent:
                self._missing.add(media_id)
            else:
                self._missing.discard(media_id)
                self._outlines.pop(media_id)
                self.close_ups.forget(media_id)
            self.changed.emit(media_id)

    def close(self) -> None:
        self.beats.close()
        self._clerk.close()
        self.close_ups.close()

    def _sound(self, media_id: str) -> tuple[PcmFile, float] | None:
        """Beside the window's thread: as it is, else as it was made fit to be played."""
        media = self._media.get(media_id)
        for rate in (media.sample_rate, MIX_RATE) if media is not None and media.sample_rate else ():
            with contextlib.suppress(StudioError):
                return PcmFile(self._open(media, Treatment(rate))), rate / media.sample_rate
        return None

    def _outline(self, media_id: str) -> Outline | None:
        if media_id not in self._outlines:
            media = self._media.get(media_id)
            self._outlines[media_id] = None
            if media is not None and media.channels:
                self._clerk.ask(partial(self._find, media), partial(self._found, media))
        return self._outlines[media_id]

    def _find(self, media: Media) -> tuple[Path | None, Peaks | None]:
        """Beside the window's thread."""
        path = self.path(media)
        return path, None if path is None else Peaks.load(self._file(media))

    def _found(self, media: Media, found: tuple[Path | None, Peaks | None]) -> None:
        path, peaks = found
        media_id = media.id
        if path is None:
            self._missing.add(media_id)
            self.changed.emit(media_id)
        elif peaks is not None:
            self._outlines[media_id] = peaks
            self.changed.emit(media_id)
        else:
            self._waiting[media_id] = media, path
            self._make()

    def _make(self) -> None:
        if self._working or not self._waiting:
            return
        self._working = True
        chosen = list(self._waiting.items())[:AT_ONCE]
        for media_id, _ in chosen:
            del self._waiting[media_id]
        items = [{"key": key, "path": str(path), "file": str(self._file(media))} for key, (media, path) in chosen]
        watcher = self._jobs.submit(Job("media.outlines", {"items": items}, self.tr("Draw waveforms"), priority=-1))
        media = {key: one for key, (one, _) in chosen}
        watcher.partial.connect(lambda made: self._one_made(made, media))
        watcher.finished.connect(self._all_made)

    def _one_made(self, made: Partial, media: Mapping[str, Media]) -> None:
        key = made.data["key"]
        if made.data["made"]:
            self._clerk.ask(partial(Peaks.load, self._file(media[key])), partial(self._loaded, key))

    def _loaded(self, media_id: str, peaks: Peaks | None) -> None:
        self._outlines[media_id] = peaks
        self.changed.emit(media_id)

    def _all_made(self, _outcome: Outcome) -> None:
        self._working = False
        self._make()

    def _file(self, media: Media) -> Path:
        return outline_file(self._profile.cache, media.asset.content_hash or media.id)
