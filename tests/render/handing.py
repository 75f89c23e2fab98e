"""Documents to hand off, their media, and how a hand-off is judged: by the sound that an editor would make of it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from audiostudio.library.names import file_key, plain_file_name
from audiostudio.render.handoff.folder import HandOff
from audiostudio.render.handoff.formats import FORMATS, Options
from audiostudio.render.handoff.report import Report
from audiostudio.render.mix import Mix
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.sound.resample import resample
from audiostudio.timeline.project import AssetReference, Media, Project, VoiceChoice
from audiostudio.timeline.time import TICKS, FrameRate
from audiostudio.timeline.tracks import (
    Automation,
    Channel,
    Clip,
    Content,
    Fade,
    Marker,
    Point,
    Shape,
    Timeline,
    Track,
    Transition,
)

S = TICKS
SEED = int(os.environ.get("AUDIOSTUDIO_TEST_SEED", "0"))
EVERY_FORMAT = [(name, version) for name, kind in FORMATS.items() for version in kind.versions or ("",)]


def medium(number: int, seconds: float, rate: int = 48_000, channels: int = 1, name: str = "") -> Media:
    asset = AssetReference(f"asset{number}", f"{number:064x}", f"{number}.wav")
    return Media(f"m{number}", asset, round(seconds * rate), rate, channels, name or f"Medium {number}")


VOICE = medium(1, 12, 44_100, name='Emma & "friends" <1>')
BED = medium(2, 30, 48_000, 2, name="Bed – ღამე")


def clip(media: Media, at: int, first: float, seconds: float, **fields: object) -> Clip:
    samples = round(seconds * media.sample_rate)
    duration = round(samples * S / media.sample_rate)
    fields.setdefault("id", f"{media.id}@{at}")
    return Clip(
        media=media.id,
        start=at,
        duration=duration,
        source_start=round(first * media.sample_rate),
        source_length=samples,
        **fields,  # type: ignore[arg-type]
    )


def project(timeline: Timeline, media: Sequence[Media] = (VOICE, BED)) -> Project:
    return Project("p1", "Intro", "en", VoiceChoice("tone"), media=tuple(media), timelines=(timeline,))


def full_timeline(rate: FrameRate = FrameRate(25)) -> Timeline:  # noqa: B008 (frozen)
    """Fades, a crossfade, a stretched clip, ducking, gains, a muted clip, markers; nothing lies on a whole frame."""
    one = clip(VOICE, S + 1_234_567, 2, 2, gain=-3.0, fade_in=Fade(S // 2), id="one")
    two = clip(VOICE, one.end, 5, 2, name="Zwei / ünï", fade_out=Fade(S // 4, Shape.SMOOTH), id="two")
    three = clip(VOICE, two.end + S, 8, 1, muted=True, id="three")
    four = replace(clip(VOICE, three.end + S // 3, 1, 1.5, id="four"), duration=S)
    bed = clip(BED, 0, 3, 10, envelope=(Point(0, 0.0), Point(S, -6.0)), id="bed", fade_out=Fade(2 * S))
    joint = Transition("joint", "one", "two", S // 10, S // 10)
    ducking = Automation("ducking", (Point(S, 0.0), Point(2 * S, -12.0), Point(6 * S, -12.0), Point(7 * S, 0.0)))
    speech = Track("t1", "Narration", content=Content.SPEECH, clips=(one, two, three, four), transitions=(joint,))
    music = Track("t2", "Music", content=Content.MUSIC, clips=(bed,), channel=Channel(-2.0, automation=(ducking,)))
    markers = (
        Marker("k1", 2 * S, "Start here", colour="red", chapter=True),
        Marker("k2", 5 * S + 777, "Then & there", duration=S, note="a note"),
    )
    return Timeline("tl1", "Main", (speech, music), markers, frame_rate=rate)


def write_media(folder: Path, media: Sequence[Media] = (VOICE, BED)) -> dict[str, Path]:
    """A file of noise for each, the same every time; by the media's ids."""
    made = {}
    for one in media:
        noise = np.random.default_rng(one.samples).uniform(-0.25, 0.25, (one.channels, one.samples))
        slow = np.cumsum(noise, axis=1)
        slow -= np.linspace(slow[:, 0], slow[:, -1], one.samples, axis=1)
        sound = (0.2 * slow / np.abs(slow).max()).astype(np.float32)  # little above 1 kHz: rates do not matter
        made[one.id] = folder / one.asset.path
        write_sound(made[one.id], Sound(sound, one.sample_rate))
    return made


class Desk:
    """Media in a folder, and a hand-off that finds them."""

    def __init__(self, folder: Path, media: Sequence[Media] = (VOICE, BED)) -> None:
        self.files = write_media(folder, media)
        self.folder = folder
        self._prepared: dict[str, Path] = {}

    def source(self, media: Media) -> Path | None:
        path = self.files.get(media.id)
        return path if path is not None and path.exists() else None

    def prepared(self, media: Media, treatment: object) -> Path:
        if media.id not in self._prepared:
            path = self.folder / f"{media.id} at 48000.wav"
            sound = read_sound(self.files[media.id])
            write_sound(path, Sound(resample(sound.samples, sound.sample_rate, 48_000), 48_000))
            self._prepared[media.id] = path
        return self._prepared[media.id]

    def mix(self, project: Project, timeline: Timeline, samples: int) -> NDArray[np.float32]:
        with Mix(project, timeline, self.prepared, threads=1) as mix:
            return mix.render(0, samples)

    def hand_off(self, project: Project, options: Options, folder: Path) -> Report:
        def mixed(timeline: Timeline, samples: int) -> Iterator[NDArray[np.float32]]:
            yield self.mix(project, timeline, samples)

        steps = HandOff(self.source, mixed, plain_file_name, file_key).run(
            project, project.timelines[0], options, folder
        )
        while True:
            try:
                next(steps)
            except StopIteration as end:
                report: Report = end.value
                return report


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Small, with anything on them that a clip may have, at places and rates that fall on no frame."""
    number = iter(range(1000))
    rate = draw(st.sampled_from([FrameRate(25), FrameRate(24), FrameRate(30000, 1001), FrameRate(24000, 1001)]))
    tracks = []
    for track in range(draw(st.integers(0, 3))):
        at = 0
        clips: list[Clip] = []
        transitions = []
        for _ in range(draw(st.integers(0, 4))):
            media = draw(st.sampled_from([VOICE, BED]))
            gap = draw(st.sampled_from([0, 1, 12_345_678, S, 3 * S + 7]))
            seconds = draw(st.sampled_from([0.003, 0.05, 1.0, 2.0004, 3.3333]))
            made = clip(media, at + gap, draw(st.sampled_from([0.0, 0.7, 4.0])), seconds, id=f"c{next(number)}")
            made = replace(
                made,
                gain=draw(st.sampled_from([0.0, -6.5, 3.0])),
                name=draw(st.sampled_from(["", "A/B: 'x' & y", "é\u0301 🎬"])),
                fade_in=Fade(made.duration // draw(st.sampled_from([3, 1000])), draw(st.sampled_from(list(Shape)))),
                envelope=draw(st.sampled_from([(), (Point(0, -3.0), Point(made.duration, 2.0))])),
                muted=draw(st.booleans()),
                pitch=draw(st.sampled_from([0.0, 0.0, 2.0])),
            )
            if draw(st.booleans()) and draw(st.booleans()):
                made = replace(made, duration=made.duration * 4 // 3)
            if clips and not gap and draw(st.booleans()):
                offset = min(clips[-1].duration, made.duration) // 3
                sides = draw(st.sampled_from([(offset, offset), (offset, 0), (offset, offset // 2)]))
                transitions.append(Transition(f"x{next(number)}", clips[-1].id, made.id, *sides))
            clips.append(made)
            at = made.end
        tracks.append(
            Track(
                f"t{track}",
                f"Track {track}",
                clips=tuple(clips),
                transitions=tuple(transitions),
                channel=Channel(draw(st.sampled_from([0.0, -4.0])), draw(st.sampled_from([0.0, 0.5]))),
                muted=draw(st.booleans()) and draw(st.booleans()),
            )
        )
    places = draw(st.lists(st.integers(0, 9 * S), max_size=2, unique=True))
    markers = tuple(Marker(f"k{at}", at, f"Marker {at}") for at in sorted(places))
    return Timeline("tl1", "Main", tuple(tracks), markers, frame_rate=rate)


__all__ = ["BED", "EVERY_FORMAT", "SEED", "VOICE", "Desk", "S", "clip", "full_timeline", "project"]
