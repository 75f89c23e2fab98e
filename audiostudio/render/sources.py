"""The media of a mix, as sound at its sample rate."""

import threading
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import StudioError
from audiostudio.render.problems import Problem
from audiostudio.sound.conform import Treatment
from audiostudio.sound.effects import check
from audiostudio.sound.pcm import PcmFile
from audiostudio.sound.stretch import Readable, Stretched
from audiostudio.timeline.editing.source import is_stretched
from audiostudio.timeline.project import Media
from audiostudio.timeline.tracks import Clip, Effect

MOST_STRETCHED = 400 << 20
"""Bytes of stretched sound that are kept: some forty clips at their own speed, ten at a quarter of it."""

OpenMedia: TypeAlias = Callable[[Media, Treatment], Path]
"""The uncompressed file (see `sound.pcm`) of a medium at a sample rate. Raises `MissingMedia`, or another `StudioError`
that says why it cannot be heard."""


class Treated(NamedTuple):
    """How the sound of a clip is made from its medium."""

    treatment: Treatment
    speed: Fraction
    semitones: float

    @classmethod
    def of(cls, clip: Clip, media: Media, effects: tuple[Effect, ...], sample_rate: int) -> "Treated":
        """`effects`: those of the clip, then those of its track."""
        denoise, semitones = None, clip.pitch
        for effect in effects:
            if effect.enabled and effect.kind in ("pitch", "denoise"):
                set_to = check(effect.kind, dict(effect.settings)).values
                if effect.kind == "pitch":
                    semitones += set_to["semitones"]
                else:
                    denoise = max(denoise or 0.0, set_to["reduction"])
        speed = clip.speed(media.sample_rate) if is_stretched(clip, media) else Fraction(1)
        return cls(Treatment(sample_rate, denoise), speed, semitones)


class Sources:
    """Opens each medium once. What cannot be opened is silent, and told once."""

    def __init__(self, media: Mapping[str, Media], open_media: OpenMedia) -> None:
        self._media = media
        self._open = open_media
        self._files: dict[tuple[str, Treatment], PcmFile | None] = {}
        self._stretched: dict[tuple[str, Treated], Stretched] = {}
        self._turn = threading.Lock()
        self.problems: dict[str, Problem] = {}
        """By the ids of the media."""

    def get(self, media_id: str, treated: Treated) -> Readable | None:
        """None: silence."""
        with self._turn:  # two tracks may ask for one medium at the same moment
            file = self._file(media_id, treated.treatment)
            if file is None or (treated.speed == 1 and not treated.semitones):
                return file
            key = media_id, treated
            made = self._stretched.pop(key, None) or Stretched(file, treated.speed, treated.semitones)
            self._stretched[key] = made  # the last of them now
            while len(self._stretched) > 1 and sum(one.bytes for one in self._stretched.values()) > MOST_STRETCHED:
                del self._stretched[next(iter(self._stretched))]
        return made

    def read(self, source: Readable, media_id: str, start: int, count: int) -> NDArray[np.float32] | None:
        """As `source.read`; None, and a problem, when it cannot be read any more."""
        try:
            return source.read(start, count)
        except StudioError as error:
            self._tell(media_id, error)
            return None

    def adopt(self, other: "Sources") -> None:
        """Take over what another has open of the same media."""
        same = {name for name, media in self._media.items() if other._media.get(name) == media}
        self._files = {key: file for key, file in other._files.items() if key[0] in same}
        self._stretched = {key: made for key, made in other._stretched.items() if key[0] in same}
        self.problems = {name: problem for name, problem in other.problems.items() if name in same}

    def forget_missing(self) -> None:
        """Try again to open what could not be."""
        self._files = {key: file for key, file in self._files.items() if file is not None}
        self.problems.clear()

    def _file(self, media_id: str, treatment: Treatment) -> PcmFile | None:
        key = media_id, treatment
        if key not in self._files:
            self._files[key] = None
            media = self._media.get(media_id)
            if media is None:
                self.problems[media_id] = Problem(
                    "A clip plays a medium that the project does not have.", media=media_id
                )
            elif media.channels and media.sample_rate:
                try:
                    self._files[key] = self._opened(media, treatment)
                except StudioError as error:
                    self._tell(media_id, error)
        return self._files[key]

    def _opened(self, media: Media, treatment: Treatment) -> PcmFile:
        file = PcmFile(self._open(media, treatment))
        if file.sample_rate != treatment.sample_rate:
            raise StudioError(f"{file.path.name} is not prepared for {treatment.sample_rate} Hz.", "Prepare it again.")
        return file

    def _tell(self, media_id: str, error: StudioError) -> None:
        self.problems.setdefault(media_id, Problem(error.sentence, error.hint, media=media_id))
