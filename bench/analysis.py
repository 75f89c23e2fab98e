"""What is heard in music whose tempo, beats, bars, key and sections are known: pieces of the composer, all genres.

    python bench/analysis.py [--seeds 2] [--seconds 50] [--models FOLDER]

Beats count as found within 70 ms, sections within 1.3 s (F-measures). Octave errors of the tempo and relative keys are
counted apart; ambient has no beat and is left out of both tempo and beats. Each piece is also fitted to a third and to
three times its length: how many seams have no more spectral flux than the piece's own 95th percentile. Exits with 1
when tempo (octaves apart), key (relative keys apart) or seams are right in less than 85, 80 and 95 %.
"""

import argparse
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TEMPO, KEY, SEAMS = 0.85, 0.8, 0.95
NEAR_BEAT, NEAR_SECTION = 0.07, 1.3
MINORS = ("minor", "dorian", "phrygian")


def hits(known, found, near):
    if not len(known) or not len(found):
        return 0.0
    away = np.abs(np.subtract.outer(np.array(known), np.array(found)))
    recall, precision = (away.min(axis=1) <= near).mean(), (away.min(axis=0) <= near).mean()
    return 2 * recall * precision / max(1e-9, recall + precision)


def composed(engine, genre, seed, seconds, folder):
    from audiostudio.engines.base import MusicRequest
    from audiostudio.music.plan import Brief
    from audiostudio.music.planning import plan

    planned = plan(Brief(genre=genre, seed=seed, seconds=seconds))
    making = engine.make(MusicRequest("", seconds, seed, planned), folder)
    while True:
        try:
            next(making)
        except StopIteration as end:
            return planned, end.value[0]


class Held:
    """Sound in memory, read as a file is."""

    def __init__(self, planar, rate):
        self.planar, self.sample_rate = planar, rate
        self.channels, self.length = planar.shape

    def read(self, start, count):
        out = np.zeros((self.channels, count), np.float32)
        first, last = max(0, start), min(self.length, start + count)
        if last > first:
            out[:, first - start : last - start] = self.planar[:, first:last]
        return out


def judged(planned, score, found):
    from audiostudio.music.theory import Key
    from audiostudio.operations.music.landing import beats_of, sections_of

    key = Key.parse(planned.key)
    wanted = Key(key.tonic, "minor" if key.mode in MINORS else "major").name
    ratio = (found.bpm or 0.1) / planned.bpm
    beats, bar = beats_of(score), score.metre.beats
    starts = [one["start"] for one in sections_of(score)][1:]
    right = {
        "key": found.key == wanted,
        "relative key": found.relative == wanted or (found.key and set(Key.parse(found.key).scale) == set(key.scale)),
        "sections": hits(starts, [one.start for one in found.sections][1:], NEAR_SECTION),
    }
    if planned.genre != "ambient":
        right |= {
            "tempo": abs(ratio - 1) < 0.02,
            "octave": any(abs(ratio / other - 1) < 0.02 for other in (0.5, 2, 1.5, 2 / 3, 3, 1 / 3)),
            "beats": hits(beats, found.beats, NEAR_BEAT),
            "bars": hits(beats[::bar], found.downbeats, NEAR_BEAT),
        }
    right["relative key"] = bool(right["relative key"]) and not right["key"]
    return right


def seams(sound, spectra):
    from audiostudio.music.fitting import find_way, steps_of
    from audiostudio.music.seams import find_seam, usual_flux

    steps = steps_of(spectra)
    usual = usual_flux(iter([sound.planar]), sound.sample_rate)
    for target in (steps.seconds / 3, steps.seconds * 3):
        for jump in find_way(steps, target).jumps:
            yield find_seam(sound.read, sound.sample_rate, jump, steps.step, usual).flux / usual


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=50.0)
    parser.add_argument("--models", type=Path, default=ROOT / ".test-data" / "models")
    arguments = parser.parse_args()
    from audiostudio.engines.models import ModelStore
    from audiostudio.engines.registry import EngineRegistry
    from audiostudio.music.analysis import RATE, analysed
    from audiostudio.music.analysis.spectra import listen
    from audiostudio.music.genres import genres
    from audiostudio.sound.files import read_sound
    from audiostudio.sound.resample import resample

    engines = EngineRegistry(ModelStore(arguments.models))
    engine = engines.musician("composer")
    figures, flux, spent = defaultdict(list), [], []
    for genre in sorted(genres()):
        for seed in range(arguments.seeds):
            with tempfile.TemporaryDirectory() as place:
                planned, piece = composed(engine, genre, seed, arguments.seconds, Path(place))
                sound = read_sound(Path(place) / piece.file)
            mono = resample(sound.samples.mean(axis=0, keepdims=True), sound.sample_rate, RATE)[0]
            began = time.perf_counter()
            spectra = listen([mono])
            found = analysed(spectra)
            spent.append((time.perf_counter() - began) * 60 / arguments.seconds)
            right = judged(planned, piece.score, found)
            for name, value in right.items():
                figures[name].append(float(value))
            flux += seams(Held(sound.samples, sound.sample_rate), spectra)
            bpm = "none" if found.bpm is None else f"{found.bpm:.1f}"
            print(
                f"{genre:12} {planned.bpm:6.1f} bpm {planned.key:14} heard {bpm:>6} {found.key or 'none'}", flush=True
            )
    engines.close()
    mean = {name: statistics.mean(values) for name, values in figures.items()}
    tempo = mean["tempo"] + statistics.mean(
        float(octave and not right) for octave, right in zip(figures["octave"], figures["tempo"], strict=True)
    )
    good = sum(one <= 1 for one in flux) / max(1, len(flux))
    print(f"\n{platform.machine()}, {len(spent)} pieces of {arguments.seconds:g} s")
    print(f"tempo within 2 %: {mean['tempo']:.0%}, octaves apart {tempo:.0%}")
    print(f"beats {mean['beats']:.2f}, bars {mean['bars']:.2f}, sections {mean['sections']:.2f} (F)")
    print(f"key: {mean['key']:.0%}, and its relative {mean['relative key']:.0%}")
    print(f"seams: {len(flux)}, {good:.0%} at or below the 95th percentile, median {statistics.median(flux):.2f} of it")
    print(f"a minute of music is analysed in {statistics.median(spent):.2f} s")
    return int(tempo < TEMPO or mean["key"] + mean["relative key"] < KEY or good < SEAMS)


if __name__ == "__main__":
    sys.exit(main())
