"""How long edits of a large timeline take, and how many steps the undo stack holds.

Run: `python bench/timeline_edits.py [CLIPS]`. The timeline is 24 hours long and has 16 tracks; after each clip there is
a gap of two seconds. Times are those of the processor, so that a busy machine does not change them.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from audiostudio.timeline.editing import clipboard, fading, marking, mixing, placing, removing, stretching, trimming
from audiostudio.timeline.editing.placing import Mode, clip_of
from audiostudio.timeline.editing.trimming import Edge
from audiostudio.timeline.history import LIMIT, History
from audiostudio.timeline.project import AssetReference, Media, Project, new_id, new_project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Marker, Timeline, Track

TRACKS = 16
DAY = 24 * 3600
MUSIC = Media("music", AssetReference("music", "h", "Music.wav"), DAY * 48_000, 48_000, 2, "Music")
RUNS = 9
BUDGET = 20.0
"""Milliseconds."""


def main() -> None:
    clips = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    project = large_project(clips)
    middle = project.timeline("t").tracks[3].clips[clips // TRACKS // 2]
    at = middle.start + middle.duration // 2
    project = trimming.split(project, "t", at, [middle.id])
    timeline = project.timeline("t")
    middle, following = timeline.tracks[3].clips[clips // TRACKS // 2 :][:2]
    first = timeline.tracks[0].clips[0]
    at = middle.start + middle.duration // 2
    some = [clip.id for clip in timeline.tracks[3].clips[10:110]]
    fragment = clipboard.copy(project, "t", some)
    new = [clip_of(MUSIC, first=0, last=48_000)]
    edits: dict[str, Callable[[Project], Project]] = {
        "split one clip": lambda p: trimming.split(p, "t", at, [middle.id]),
        "split all tracks": lambda p: trimming.split(p, "t", at),
        "trim": lambda p: trimming.trim(p, "t", [middle.id], Edge.END, -TICKS),
        "ripple trim": lambda p: trimming.trim(p, "t", [middle.id], Edge.END, -TICKS, ripple=True),
        "roll": lambda p: trimming.roll(p, "t", middle.id, following.id, TICKS),
        "slip": lambda p: trimming.slip(p, "t", [middle.id], TICKS),
        "slide": lambda p: trimming.slide(p, "t", middle.id, TICKS),
        "speed": lambda p: stretching.set_speed(p, "t", [middle.id], 1.25),
        "overwrite": lambda p: placing.overwrite(p, "t", "3", new, at),
        "insert in the middle": lambda p: placing.insert(p, "t", "3", new, at),
        "insert at the beginning": lambda p: placing.insert(p, "t", "3", new, 0),
        "move 100 clips": lambda p: placing.move(p, "t", some, TICKS, mode=Mode.OVERWRITE),
        "paste 100 clips": lambda p: clipboard.paste(p, "t", fragment, at),
        "delete": lambda p: removing.remove(p, "t", [middle.id]),
        "ripple delete": lambda p: removing.remove_range(p, "t", middle.start, middle.end),
        "ripple delete at the beginning": lambda p: removing.remove_range(p, "t", 0, first.end),
        "crossfade": lambda p: fading.crossfade(p, "t", middle.id, following.id),
        "gain of 100 clips": lambda p: mixing.change_gain(p, "t", some, -3.0),
        "marker": lambda p: marking.add_marker(p, "t", Marker(new_id(), at)),
    }
    print(f"{clips} clips on {TRACKS} tracks, {timeline.end / TICKS / 3600:.0f} hours; milliseconds, median of {RUNS}")
    print(f"{'':32}{'edit':>8}{'with undo step':>16}{'undo':>8}{'step, bytes':>13}")
    for name, edit in edits.items():
        report(name, project, edit)
    deep(100)


def report(name: str, project: Project, edit: Callable[[Project], Project]) -> None:
    alone, step, back = [], [], []
    size = 0
    for _ in range(RUNS):
        begun = time.process_time()
        edit(project)
        alone.append(time.process_time() - begun)
        history = History(project)
        begun = time.process_time()
        history.edit(name, edit)
        step.append(time.process_time() - begun)
        size = history.frozen().undo[0].size
        begun = time.process_time()
        history.undo()
        back.append(time.process_time() - begun)
    median = [statistics.median(times) * 1000 for times in (alone, step, back)]
    slow = f"  over {BUDGET:.0f} ms" if median[0] > BUDGET else ""
    print(f"{name:32}{median[0]:8.2f}{median[1]:16.2f}{median[2]:8.2f}{size:13}{slow}")


def deep(clips: int) -> None:
    """How many ripple steps of a timeline of so many clips can be undone."""
    project = large_project(clips)
    history = History(project)
    ids = [track.clips[0].id for track in project.timeline("t").tracks]
    for number in range(200):
        by = -TICKS if number % 2 else TICKS
        clip = ids[number // 2 % TRACKS]
        history.edit("Trim", lambda p, c=clip, b=by: trimming.trim(p, "t", [c], Edge.END, b, ripple=True))
    size = sum(step.size for step in history.frozen().undo) / 200
    print(f"a ripple step among {clips} clips: {size:.0f} bytes, {LIMIT / size:.0f} can be undone")


def large_project(clips: int) -> Project:
    each = DAY * TICKS // (clips // TRACKS)
    samples = each * 48_000 // TICKS - 2 * 48_000
    tracks = [
        Track(
            str(number),
            f"Track {number}",
            clips=tuple(
                [clip_of(MUSIC, index * each, first=48_000, last=48_000 + samples) for index in range(clips // TRACKS)]
            ),
        )
        for number in range(TRACKS)
    ]
    timeline = Timeline("t", "Main", tuple(tracks), tuple([Marker(new_id(), n * TICKS * 60) for n in range(500)]))
    return replace(new_project("Film"), media=(MUSIC,), timelines=(timeline,))


if __name__ == "__main__":
    main()
