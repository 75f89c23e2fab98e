"""The timeline with 100 clips of one hour on 16 tracks: how long a frame takes while it is scrolled, zoomed and edited.

    python bench/timeline_view.py [--own] [--theme dark]

Runs offscreen, 1680 × 1152 pixels: what is measured is the program's own work until everything is painted, without
the graphics card. With --own only the computing time of the window's thread counts, for a computer that is busy with
other things. Required: a frame takes under 16.7 ms (60 a second) in the median.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PySide6.QtWidgets import QApplication

from audiostudio.sound.peaks import PeakBuilder, Peaks
from audiostudio.timeline.editing import placing
from audiostudio.timeline.project import AssetReference, Media, Project, TakeWord, new_project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Content, Fade, Marker, Point, Shape, Timeline, Track
from audiostudio.ui.theme import Theme
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.clip_paint import Shown
from audiostudio.ui.timeline.scale import Scale

CLOCKS = {False: time.perf_counter, True: time.thread_time}
FRAME = 1000 / 60
HOUR, RATE = 3600, 48_000
TRACKS = 16
WORDS = ["the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog"]


def sound() -> Peaks:
    """An hour in stereo."""
    builder, rng = PeakBuilder(RATE, 2), np.random.default_rng(1)
    for _ in range(HOUR // 10):
        loud = np.repeat(np.abs(rng.normal(0, 0.25, 100)), RATE // 10).astype(np.float32)
        left = (rng.normal(0, 0.5, RATE * 10).astype(np.float32) * loud).clip(-1, 1)
        builder.push(np.stack([left, left * np.float32(0.7)]))
    return builder.peaks()


def document() -> Project:
    """100 clips on 16 tracks, with fades, an envelope and a marker."""
    media = Media("m", AssetReference("m", "", "x.wav"), HOUR * RATE, RATE, 2, "Interview with the captain")
    rng, tracks, number = random.Random(3), [], 0
    for track in range(TRACKS):
        clips, at = [], 0
        for _ in range(7 if track < 4 else 6):
            at += rng.randrange(600) * TICKS
            envelope = (Point(0, 0.0), Point(600 * TICKS, -12.0), Point(900 * TICKS, -2.0)) if track == 1 else ()
            fades = {"fade_in": Fade(60 * TICKS, Shape.SMOOTH), "fade_out": Fade(120 * TICKS)}
            clips.append(placing.clip_of(media, at, gain=-3.0, envelope=envelope, **fades))
            at += HOUR * TICKS
            number += 1
        tracks.append(Track(f"t{track}", f"Track {track}", content=list(Content)[track % 4], clips=tuple(clips)))
    timeline = Timeline("t", "Timeline", tuple(tracks), markers=(Marker("a", 1800 * TICKS, "Here"),))
    return replace(new_project("Bench", "en-us"), media=(media,), timelines=(timeline,))


def frames(app: QApplication, canvas: TimelineCanvas, clock: Callable[[], float], step: Callable[[int], object]) -> str:
    times = []
    for number in range(60):
        began = clock()
        step(number)
        canvas.repaint()
        app.processEvents()
        times.append((clock() - began) * 1000)
    times.sort()
    return f"{statistics.median(times):5.1f}  {times[57]:5.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--theme", default="dark")
    args = parser.parse_args()
    app = QApplication(sys.argv[:1])
    Theme(app).choose(args.theme)
    project, peaks = document(), sound()
    media = project.media[0]
    words = [TakeWord(word, 0, 0, RATE * 400 * n, RATE * 400 * n + 20_000) for n, word in enumerate(WORDS)]
    ids = [clip.id for clip in project.timelines[0].clips()]

    def shown(clip: Clip) -> Shown:
        return Shown(media, lambda: peaks, words if clip.id in ids[::10] else ())

    canvas = TimelineCanvas(shown)
    canvas.resize(1680, TRACKS * 72)
    canvas.scene.timeline = project.timelines[0]
    canvas.show()
    wide = Scale(0, HOUR * TICKS / 400)

    def drag(number: int) -> None:
        moved = placing.move(project, "t", [ids[20]], number * 7 * round(canvas.scene.scale.per_pixel))
        canvas.show_timeline(moved.timeline("t"))

    def scroll(_number: int) -> None:
        canvas.set_scale(canvas.scene.scale.scrolled(7))

    rows: list[tuple[str, Scale, Callable[[int], object]]] = [
        ("scroll, hours", wide, scroll),
        ("zoom in", wide, lambda _n: canvas.set_scale(canvas.scene.scale.zoomed(1.12, 800))),
        ("zoom out", Scale(1800 * TICKS, 1e6), lambda _n: canvas.set_scale(canvas.scene.scale.zoomed(1 / 1.12, 800))),
        ("scroll, seconds", Scale(1800 * TICKS, TICKS / 100), scroll),
        ("drag a clip", wide, drag),
        ("playhead", wide, lambda n: canvas.set_playhead(canvas.scene.scale.at(n * 9))),
    ]
    print(f"{len(ids)} clips of 1 hour on {TRACKS} tracks; ms a frame: median, 95 of 100 (required {FRAME:.1f})")
    clock = CLOCKS[args.own]
    for name, scale, step in rows:
        canvas.set_scale(scale)
        app.processEvents()
        print(f"{name:16} {frames(app, canvas, clock, step)}")
    canvas.close()


if __name__ == "__main__":
    main()
