"""What machines hear in composed music: tempo, key, loudness, gaps, likeness, genres. Also how long composing takes.

Run: `PYTHONPATH=. python bench/music.py [--seeds N] [--seconds S] [--genres A,B] [--speed]`. Writes a table for
docs/benchmarks.md. The music is made as `audiostudio music` makes it; librosa and scikit-learn listen.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from audiostudio.engines.base import MusicRequest
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.music.genres import genres
from audiostudio.music.plan import Brief, Plan
from audiostudio.music.planning import plan
from tests.engines.music_hearing import Heard, key_verdict, likeness, listen, named, tempo_verdict

MODELS = Path(os.environ.get("AUDIOSTUDIO_TEST_MODELS") or ".test-data/models").resolve()
NO_TEMPO = ("ambient",)


@dataclass(frozen=True)
class Made:
    genre: str
    seed: int
    plan: Plan
    heard: Heard
    seconds: float
    """That it took."""

    @property
    def tempo(self) -> str:
        return tempo_verdict(self.heard.bpm, self.plan.bpm)

    @property
    def key(self) -> str:
        return key_verdict(self.heard, self.plan.key)


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--seeds", type=int, default=4)
    words.add_argument("--first", type=int, default=0)
    words.add_argument("--seconds", type=float, default=20.0)
    words.add_argument("--genres", default="")
    words.add_argument("--speed", action="store_true")
    words.add_argument("--verbose", action="store_true")
    asked = words.parse_args()
    registry = EngineRegistry(ModelStore(MODELS))
    if asked.speed:
        speed(registry)
        return
    names = asked.genres.split(",") if asked.genres else list(genres())
    pieces: list[Made] = []
    for genre in names:
        for seed in range(asked.first, asked.first + asked.seeds):
            one = made(registry, genre, seed, asked.seconds)
            pieces.append(one)
            if asked.verbose and (one.key != "right" or one.tempo != "right"):
                heard = f"heard {named(one.heard)} at {one.heard.bpm:.1f}"
                print(
                    f"{genre} {seed}: {one.plan.key} at {one.plan.bpm:g}, {heard}: {one.key}, {one.tempo}", flush=True
                )
        print(row(genre, [one for one in pieces if one.genre == genre]), flush=True)
    print(row("all", pieces))
    if asked.seeds >= 4 and len(names) > 1:
        confusion(pieces, names)


def made(registry: EngineRegistry, genre: str, seed: int, seconds: float) -> Made:
    wanted = plan(Brief(genre=genre, seconds=seconds, seed=seed))
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        work = registry.musician("composer").make(MusicRequest("", seconds, seed, wanted), Path(place))
        while True:
            try:
                next(work)
            except StopIteration as end:
                (piece,) = end.value
                break
        took = time.perf_counter() - began
        return Made(genre, seed, wanted, listen(Path(place) / piece.file), took)


def row(name: str, pieces: list[Made]) -> str:
    """A line of the table."""
    steady = [one for one in pieces if one.genre not in NO_TEMPO]
    tempi, keys = Counter(one.tempo for one in steady), Counter(one.key for one in pieces)
    share = [
        f"{100 * count / max(1, total):.0f} %"
        for count, total in (
            *((tempi[verdict], len(steady)) for verdict in ("right", "octave", "wrong")),
            *((keys[verdict], len(pieces)) for verdict in ("right", "relative", "near", "wrong")),
        )
    ]
    off = max(abs(one.heard.lufs + 14) for one in pieces)
    pairs = combinations(pieces, 2) if name != "all" else ()
    alike = max((likeness(one.heard, two.heard) for one, two in pairs), default=float("nan"))
    peak, gap = max(one.heard.true_peak for one in pieces), max(one.heard.longest_gap for one in pieces)
    clipped = sum(one.heard.clipped for one in pieces)
    cells = [name, str(len(pieces)), *share, f"{off:.2f}", f"{peak:.1f}", str(clipped), f"{gap:.1f}", f"{alike:.2f}"]
    return f"| {' | '.join(cells)} |"


def confusion(pieces: list[Made], names: list[str]) -> None:
    """Which genre a classifier takes each piece for that it was not taught with."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    features = np.stack([one.heard.features for one in pieces])
    labels = np.array([one.genre for one in pieces])
    folds = StratifiedKFold(min(5, min(Counter(labels).values())), shuffle=True, random_state=0)
    guessed = cross_val_predict(make_pipeline(StandardScaler(), SVC(C=8.0)), features, labels, cv=folds)
    print(f"\nGenres told apart: {100 * float(np.mean(guessed == labels)):.0f} % of {len(labels)} pieces\n")
    print("| is ↓ taken for → | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 1))
    for name in names:
        counts = Counter(guessed[labels == name])
        print(f"| {name} | " + " | ".join(str(counts[other] or "") for other in names) + " |")


def speed(registry: EngineRegistry) -> None:
    """Seconds for a piece, composed, played, mastered and written; the first of a process, and the next."""
    for seconds in (30.0, 180.0):
        for genre in ("electronic", "pop", "cinematic"):
            first = made_alone(registry, genre, 0, seconds)
            again = made_alone(registry, genre, 0, seconds)
            print(f"{genre}, {seconds:g} s: {first:.2f} s at first, {again:.2f} s warm", flush=True)


def made_alone(registry: EngineRegistry, genre: str, seed: int, seconds: float) -> float:
    began = time.perf_counter()
    wanted = plan(Brief(genre=genre, seconds=seconds, seed=seed))
    with tempfile.TemporaryDirectory() as place:
        for _ in registry.musician("composer").make(MusicRequest("", seconds, seed, wanted), Path(place)):
            pass
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
