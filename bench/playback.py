"""How a timeline is played: 16 tracks, each with an equaliser and a compressor, a reverb on two of them, a limiter.

    python bench/playback.py [--tracks 16] [--seconds 20] [--burners 4] [--equal]

Prints the milliseconds from Play to the first sample in the ring that the sound card reads (at the playhead, and after
a jump to a place that is not mixed yet), what an edit takes until it is heard, the processor time of mixing for each
second of sound, and how often the sound broke off in real time while other processes use every core and the fader of a
track is moved 30 times a second. Those processes are as the studio's workers are: each a session of its own that gives
way (`--equal`: with as much right to the processor as the others). Exits with 1 when it broke off, or when Play took
50 ms or longer.

There is no sound card in it: a thread of the playing process asks for frames as one would, every 10 ms.
"""

import argparse
import functools
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audiostudio.jobs.serve import give_way  # noqa: E402
from audiostudio.render.playback import LiveMix  # noqa: E402
from audiostudio.sound.conform import Treatment  # noqa: E402
from audiostudio.sound.player import Player  # noqa: E402
from audiostudio.sound.ring import SIZE, Ring  # noqa: E402
from audiostudio.timeline.project import AssetReference, Media, Project, new_project  # noqa: E402
from audiostudio.timeline.time import of_samples  # noqa: E402
from audiostudio.timeline.tracks import Channel, Clip, Effect, Setting, Timeline, Track  # noqa: E402
from bench.clocked_output import RATE, ClockedOutput  # noqa: E402


def burn(equal: bool) -> None:
    os.setsid()
    if not equal:
        give_way()
    square = np.random.default_rng(1).standard_normal((300, 300))
    while True:
        square = square @ square
        square /= np.abs(square).max()


def session(folder: Path, tracks: int) -> Project:
    """Two minutes."""
    from audiostudio.sound.files import Sound, write_sound

    count = 120 * RATE
    media, made = [], []
    for number in range(tracks):
        name = f"{number}.wav"
        noise = 0.02 * np.random.default_rng(number).standard_normal((2, count), np.float32)
        write_sound(folder / name, Sound(noise.astype(np.float32), RATE), "wav16")
        media.append(Media(name, AssetReference(name, "", name), count, RATE, 2))
        effects = [Effect("eq", "eq", (Setting("bell1_gain", -3.0), Setting("bell2_gain", 2.0)))]
        effects.append(Effect("squeeze", "compressor", (Setting("ratio", 3.0), Setting("threshold", -24.0))))
        effects += [Effect("room", "reverb")] if number < 2 else []
        clip = Clip(name, name, 0, of_samples(count, RATE), 0, count)
        made.append(Track(name, name, clips=(clip,), channel=Channel(gain=-12.0, effects=tuple(effects))))
    timeline = Timeline("bench", "bench", tuple(made), master=Channel(effects=(Effect("limit", "limiter"),)))
    return replace(new_project("bench"), media=tuple(media), timelines=(timeline,))


def open_in(folder: Path) -> Callable[[Media, Treatment], Path]:
    return functools.partial(_open, folder)


def _open(folder: Path, media: Media, treatment: Treatment) -> Path:
    return folder / media.asset.path


def until(condition: Callable[[], bool], seconds: float = 60.0) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    while not condition():
        if time.perf_counter() - began > seconds:
            raise TimeoutError
        time.sleep(0.0002)
    return time.perf_counter() - began


def with_gain(project: Project, gain: float) -> Project:
    timeline = project.timelines[0]
    first = timeline.tracks[0]
    changed = timeline.with_track(replace(first, channel=replace(first.channel, gain=gain)))
    return replace(project, timelines=(changed,))


def sounds(ring: Ring) -> bool:
    """Whether there is something in it that is not silence."""
    written = int(ring._words[ring._WRITTEN])
    return ring.waiting > 0 and bool(ring._frames[(written - 1) % SIZE].any())


def starts(live: LiveMix, player: Player, mixed: bool, times: int = 9) -> list[float]:
    """Seconds from Play to the first sample in the ring, each from another place."""
    found = []
    for number in range(times):
        at = (5 + 10 * number) * RATE + 777
        if mixed:
            live.cue(at)
            until(lambda at=at: live.is_ready(at))
        began = time.perf_counter()
        live.cue(at)
        player.play(at)
        until(lambda: player._link.ring is not None)
        ring = player._link.ring
        until(lambda ring=ring: sounds(ring))
        found.append(time.perf_counter() - began)
        player.pause()
        until(lambda ring=ring: ring.handled == player._number and ring.waiting == 0)
    return found


def edits(live: LiveMix, player: Player, project: Project, times: int = 9) -> list[float]:
    """Seconds from an edit until it is heard, without what waits in the ring."""
    live.cue(0)
    player.play(0)
    found = []
    until(lambda: player.position > RATE)
    for number in range(times):
        began = time.perf_counter()
        changed = with_gain(project, -12.0 - number)
        live.show(changed, changed.timelines[0], heard=True)
        generation = live._generation
        memory = live._memory
        until(lambda g=generation, m=memory: m.newest(m.at // 1024, m.bank)[2] == g)
        found.append(time.perf_counter() - began)
        until(lambda at=player.position: player.position > at + RATE // 4)
    player.pause()
    return found


def dropouts(
    live: LiveMix, player: Player, project: Project, seconds: float, burners: int, equal: bool
) -> tuple[int, int]:
    """How often the sound card found too little, and how often what is mixed was late."""
    context = multiprocessing.get_context("spawn")
    busy = [context.Process(target=burn, args=(equal,), daemon=True) for _ in range(burners)]
    for one in busy:
        one.start()
    ring = player._link.ring
    assert ring is not None
    before, late = ring.gaps, ring.late
    live.show(project, project.timelines[0])
    live.cue(0)
    until(lambda: live.is_ready(0))
    player.play(0)
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        number += 1
        changed = with_gain(project, -12.0 - number % 20)
        live.show(changed, changed.timelines[0], heard=True)
        time.sleep(1 / 30)
    found = ring.gaps - before, ring.late - late
    player.pause()
    for one in busy:
        one.terminate()
        one.join()
    return found[0] - found[1], found[1]


def cost(project: Project, folder: Path, seconds: float) -> tuple[float, float]:
    """Processor seconds, and seconds, for each second of sound."""
    from audiostudio.render.mix import Mix

    with Mix(project, project.timelines[0], open_in(folder), stems=True) as mix:
        mix.render_tracks(0, RATE)
        processor, clock = time.process_time(), time.perf_counter()
        for at in range(1, 1 + round(seconds)):
            mix.render_tracks(at * RATE, RATE)
        return (time.process_time() - processor) / seconds, (time.perf_counter() - clock) / seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--burners", type=int, default=4)
    parser.add_argument("--equal", action="store_true", help="burners do not give way")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Player(ClockedOutput) as player:
        folder = Path(name)
        project = session(folder, asked.tracks)
        processor, clock = cost(project, folder, 10)
        live = LiveMix(functools.partial(open_in, folder), print)
        try:
            live.show(project, project.timelines[0])
            player.load_source(live.source)
            live.cue(0)
            until(lambda: live.is_ready(0))
            starts(live, player, True, 1)  # opens the device
            ready, jumped = starts(live, player, True), starts(live, player, False)
            heard = edits(live, player, project)
            broke = dropouts(live, player, project, asked.seconds, asked.burners, asked.equal)
        finally:
            live.close()
    print(f"mixing {asked.tracks} tracks: {processor:.3f} s of processor, {clock:.3f} s, for each second")
    for words, found in (("play at the playhead", ready), ("play elsewhere", jumped), ("an edit is heard", heard)):
        print(f"{words}: {1000 * statistics.median(found):.1f} ms, at most {1000 * max(found):.1f} ms")
    beside = f"beside {asked.burners} busy processes{' of equal right' if asked.equal else ''}"
    print(f"broke off in {asked.seconds:g} s {beside}: {broke[0]} times, and mixing was late {broke[1]} times")
    return int(any(broke) or statistics.median(ready) >= 0.05)


if __name__ == "__main__":
    sys.exit(main())
