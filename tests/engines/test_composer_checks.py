"""Composed music as machines hear it: tempo, key, loudness, gaps, likeness, kinds. `bench/music.py` has the table."""

import random
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.composer import render
from audiostudio.engines.composer.band import Band
from audiostudio.engines.models import ModelStore
from audiostudio.music.composing import compose
from audiostudio.music.genres import genres
from audiostudio.music.plan import Brief, Plan
from audiostudio.music.planning import plan
from tests.engines.conftest import SEED
from tests.engines.music_hearing import Heard, key_verdict, likeness, listen, tempo_verdict

SECONDS = 20.0
NO_TEMPO = ("ambient",)
GENRES = sorted(genres())
OTHERS = 50
"""Seeds of each genre in `./test --full`."""


@pytest.fixture(scope="module")
def band(models_dir: Path) -> Band:
    return Band(ModelStore(models_dir))


def made(band: Band, genre: str, seed: int, folder: Path, seconds: float = SECONDS) -> tuple[Plan, Heard]:
    wanted = plan(Brief(genre=genre, seconds=seconds, seed=seed))
    for _ in render(band, compose(wanted), wanted, folder, "piece", stems=False):
        pass
    return wanted, listen(folder / "piece.wav")


def require_well_made(wanted: Plan, heard: Heard) -> None:
    """What every piece must be, whatever is drawn."""
    assert heard.samples == round(wanted.seconds * 48_000)
    assert abs(heard.lufs + 14) <= 0.5
    assert heard.true_peak <= -1.0
    assert heard.clipped == 0
    assert heard.longest_gap <= 1.0


def test_a_sample_is_well_made(band: Band, tmp_path: Path) -> None:
    """Of genres that are drawn; two seeds of one are two pieces. What is right in nine of ten is so in one of four."""
    draw = random.Random(SEED)
    first, *others = draw.sample(GENRES, 3)
    seed = draw.randrange(1_000_000)
    pieces = [made(band, genre, seed, tmp_path, 12.0) for genre in (first, *others)]
    pieces.append(made(band, first, seed + 1, tmp_path, 12.0))
    for wanted, heard in pieces:
        require_well_made(wanted, heard)
    assert likeness(pieces[0][1], pieces[-1][1]) < 0.97
    assert any(key_verdict(heard, wanted.key) in ("right", "relative") for wanted, heard in pieces)
    assert any(tempo_verdict(heard.bpm, wanted.bpm) in ("right", "octave") for wanted, heard in pieces)


@cache
def _all(band: Band, genre: str, folder: Path) -> list[tuple[Plan, Heard]]:
    found = [made(band, genre, SEED * 1_000 + seed, folder) for seed in range(OTHERS)]
    for wanted, heard in found:
        require_well_made(wanted, heard)
    return found


@pytest.fixture(scope="module")
def everything(band: Band, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Plan, Heard]]]:
    folder = tmp_path_factory.mktemp("pieces")
    return {genre: _all(band, genre, folder) for genre in GENRES}


@pytest.mark.full
class TestAll:
    def test_tempi_and_keys_are_heard(self, everything: dict[str, list[tuple[Plan, Heard]]]) -> None:
        pieces = [piece for found in everything.values() for piece in found]
        tempi = Counter(
            tempo_verdict(heard.bpm, wanted.bpm) for wanted, heard in pieces if wanted.genre not in NO_TEMPO
        )
        keys = Counter(key_verdict(heard, wanted.key) for wanted, heard in pieces)
        assert tempi["right"] / (tempi.total() - tempi["octave"]) >= 0.9, tempi
        assert keys["right"] / (keys.total() - keys["relative"]) >= 0.9, keys

    def test_no_two_are_alike(self, everything: dict[str, list[tuple[Plan, Heard]]]) -> None:
        for genre, found in everything.items():
            alike = max(likeness(one, two) for (_, one), (_, two) in combinations(found, 2))
            assert alike < 0.97, genre

    def test_genres_are_told_apart(self, everything: dict[str, list[tuple[Plan, Heard]]]) -> None:
        """By a plain classifier, of pieces that it was not taught with."""
        from sklearn.model_selection import cross_val_predict
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC

        features = np.stack([heard.features for found in everything.values() for _, heard in found])
        labels = np.array([genre for genre, found in everything.items() for _ in found])
        guessed = cross_val_predict(make_pipeline(StandardScaler(), SVC(C=8.0)), features, labels, cv=5)
        assert float(np.mean(guessed == labels)) > 0.75
