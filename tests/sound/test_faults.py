"""Clipping and silence, on sounds whose faults are known to the sample."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audiostudio.sound.faults import FaultFinder, Faults

RATE = 16_000


def found(*pieces: NDArray[np.float32]) -> Faults:
    finder = FaultFinder(RATE)
    for piece in pieces:
        finder.push(piece)
    return finder.finish()


def tone(seconds: float, level: float = 0.3) -> NDArray[np.float32]:
    return (level * np.sin(np.arange(round(seconds * RATE)) * 0.3)).astype(np.float32)


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros(round(seconds * RATE), np.float32)


def test_silences_are_measured_where_they_are() -> None:
    faults = found(silence(0.3), tone(1), silence(0.5), tone(1), silence(0.2), tone(0.5), silence(0.8))
    assert faults.before == pytest.approx(0.3, abs=0.011)
    assert faults.within == pytest.approx(0.5, abs=0.021)
    assert faults.after == pytest.approx(0.8, abs=0.011)
    assert len(faults.quiet) == 4
    assert faults.seconds == pytest.approx(4.3)


def test_noise_of_a_room_is_silence_too() -> None:
    noise = np.random.default_rng(1).normal(0, 0.0008, RATE * 3).astype(np.float32)
    speech = noise.copy()
    speech[: RATE // 2] += tone(0.5)
    speech[2 * RATE :] += tone(1.0)
    assert found(speech).within == pytest.approx(1.5, abs=0.03)


def test_a_silent_sound_is_all_silence() -> None:
    assert found(silence(2)) == Faults(2.0, 0, 2.0, 0.0, 0.0, ((0.0, 2.0),))
    assert found().seconds == 0.0


def test_loud_is_not_clipped_and_clipped_is_counted() -> None:
    assert found(tone(1, 0.999)).clipped == 0
    sound = tone(1)
    sound[100:102] = 1.0
    assert found(sound).clipped == 0
    sound[200:203] = 1.0
    sound[300:310] = -1.0
    assert found(sound).clipped == 13
    assert found(np.stack([tone(1), sound])).clipped == 13


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.lists(st.integers(1, 40), max_size=8))
@settings(max_examples=200)
def test_it_does_not_matter_where_the_sound_is_cut(runs: list[int], cuts: list[int]) -> None:
    sound = np.concatenate([np.full(run, 1.0 if at % 2 else 0.2, np.float32) for at, run in enumerate(runs)])
    places = sorted({min(sum(cuts[: at + 1]), len(sound)) for at in range(len(cuts))})
    pieces = found(*np.split(sound, places))
    assert pieces.clipped == found(sound).clipped == sum(run for run in runs[1::2] if run >= 3)
