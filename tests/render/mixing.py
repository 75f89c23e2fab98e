"""Timelines to mix, made of files that are really there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from audiostudio.render.mix import Mix
from audiostudio.sound.conform import Treatment
from audiostudio.sound.files import Sound, write_sound
from audiostudio.timeline.project import AssetReference, Media, Project, new_project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Channel, Clip, Effect, Setting, Timeline, Track

RATE = 48_000
SAMPLE = TICKS // RATE


class Bench:
    """A folder with sounds, and timelines that play them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.media: list[Media] = []

    def sound(self, samples: np.ndarray, rate: int = RATE) -> Media:
        """A medium that sounds `samples`, exactly: float32 (n,) or (channels, n)."""
        planar = np.atleast_2d(np.asarray(samples, np.float32))
        name = f"{len(self.media)}.wav"
        write_sound(self.folder / name, Sound(planar, rate), "wav32f")
        media = Media(name, AssetReference(name, "", name), planar.shape[1], rate, planar.shape[0])
        self.media.append(media)
        return media

    def project(self, *tracks: Track, **others: object) -> Project:
        timeline = Timeline("timeline", "Timeline", tracks, **others)
        return replace(new_project("Mixes"), media=tuple(self.media), timelines=(timeline,))

    def open(self, media: Media, treatment: Treatment) -> Path:
        return self.folder / media.asset.path

    def mix(self, project: Project, **options: object) -> Mix:
        return Mix(project, project.timelines[0], self.open, **{"threads": 2, **options})

    def rendered(self, *tracks: Track, start: int = 0, count: int | None = None, **others: object) -> np.ndarray:
        """float32 (2, n) of a timeline of these tracks."""
        with self.mix(self.project(*tracks, **others)) as mix:
            found = mix.render(start, mix.end - start if count is None else count)
            assert mix.problems == ()
            return found


def clip(media: Media, start: int = 0, length: int | None = None, source: int = 0, **others: object) -> Clip:
    """`start` in samples of the timeline; `length` and `source` in those of the medium."""
    count = media.samples - source if length is None else length
    given = {"duration": count * TICKS // media.sample_rate, **others}
    name = f"clip {media.id} {start} {source}"
    return Clip(name, media.id, start * SAMPLE, source_start=source, source_length=count, **given)


def track(*clips: Clip, name: str = "track", **others: object) -> Track:
    return Track(name, name, clips=clips, **others)


def effect(kind: str, source: str | None = None, **settings: float) -> Effect:
    return Effect(f"{kind} 1", kind, tuple(Setting(*item) for item in sorted(settings.items())), source=source)


def channel(*effects: Effect, **others: object) -> Channel:
    return Channel(effects=effects, **others)


def tone(hertz: float, seconds: float = 1.0, level: float = -20.0, rate: int = RATE) -> np.ndarray:
    """A sine with a peak of `level` dBFS."""
    return (10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def noise(seed: int, seconds: float = 1.0, channels: int = 2, level: float = 0.1) -> np.ndarray:
    made = np.random.default_rng(seed).standard_normal((channels, round(seconds * RATE)))
    return (level * made).astype(np.float32)


def rms(samples: np.ndarray) -> float:
    """In dB."""
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-30))


def pitch(samples: np.ndarray, rate: int = RATE) -> float:
    """Hz of the strongest tone in (n,)."""
    windowed = samples * np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(windowed, 8 * len(samples)))
    return float(np.argmax(spectrum)) * rate / (8 * len(samples))


def drained(generator, each: Callable[[float], None] = lambda _: None):
    """What a generator returns."""
    while True:
        try:
            each(next(generator))
        except StopIteration as end:
            return end.value
