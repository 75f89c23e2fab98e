"""Ways through a piece to another length, and the seams on them."""

import contextlib
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import RequestError
from audiostudio.music.analysis.spectra import listen
from audiostudio.music.fitting import Jump, find_loop, find_way, steps_of
from audiostudio.music.seams import Joined, Seam, find_seam, flux, usual_flux
from tests.music.band import RATE, play

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])


class Held:
    """Sound in memory, read as a file is."""

    sample_rate = RATE

    def __init__(self, planar: np.ndarray) -> None:
        self.planar = planar
        self.channels, self.length = planar.shape

    def read(self, start: int, count: int) -> np.ndarray:
        out = np.zeros((self.channels, count), np.float32)
        first, last = max(0, start), min(self.length, start + count)
        if last > first:
            out[:, first - start : last - start] = self.planar[:, first:last]
        return out


@pytest.fixture(scope="module")
def piece() -> Held:
    return Held(play(118, 2, bars=16).sound[None])


@pytest.mark.parametrize("share", [0.35, 0.8, 1.6, 3.0])
def test_seams_are_where_little_happens_and_beats_go_on(piece: Held, share: float) -> None:
    steps = steps_of(listen([piece.planar[0]]))
    target = share * steps.seconds
    way = find_way(steps, target)
    assert abs(way.seconds - target) < max(steps.decay, steps.step) + 0.03 * target
    assert way.jumps
    usual = usual_flux(iter([piece.planar]), RATE)
    seams = [find_seam(piece.read, RATE, one, steps.step, usual) for one in way.jumps]
    assert all(one.flux <= usual for one in seams)
    joined = Joined(piece, seams)
    sound = joined.read(0, joined.length)
    assert sound.shape == (1, joined.length)
    measured = flux(sound[0], RATE)
    for place in joined.places:  # again, in what came out
        frame = place / (0.0116 * RATE)
        near = measured[max(0, int(frame) - 5) : int(frame) + 3]
        assert near.max() <= usual * 1.02
    beats = np.diff(joined.from_source(steps.times))[:-4]
    assert np.abs(beats - np.median(beats)).max() < 0.06 * np.median(beats)


def test_the_beginning_and_the_end_are_kept(piece: Held) -> None:
    steps = steps_of(listen([piece.planar[0]]))
    way = find_way(steps, 0.5 * steps.seconds)
    seams = [find_seam(piece.read, RATE, one, steps.step, 1e9) for one in way.jumps]
    joined = Joined(piece, seams)
    sound = joined.read(0, joined.length)
    assert np.array_equal(sound[:, :RATE], piece.planar[:, :RATE])
    assert np.array_equal(sound[:, -RATE:], piece.planar[:, -RATE:])


def test_jumps_that_are_not_wanted_are_not_taken(piece: Held) -> None:
    steps = steps_of(listen([piece.planar[0]]))
    first = find_way(steps, 20.0)
    second = find_way(steps, 20.0, without=first.jumps)
    assert not set(first.jumps) & set(second.jumps)
    later = find_way(steps, 50.0, after=15.0)
    assert later.jumps[0].leave >= 15.0


def test_music_without_beats_is_fitted_too() -> None:
    random = np.random.default_rng(SEED)
    times = np.arange(40 * RATE) / RATE
    tones = sum(
        np.sin(2 * np.pi * hertz * times + random.uniform(0, 6)) * (1 + 0.5 * np.sin(times * random.uniform(0.2, 0.6)))
        for hertz in (110, 165, 220, 330)
    )
    sound = (0.1 * tones * np.minimum(1, times) * np.minimum(1, (40 - times) / 3)).astype(np.float32)
    steps = steps_of(listen([sound]))
    assert not steps.regular
    assert find_way(steps, 20.0).seconds == pytest.approx(20.0, abs=0.8)
    assert find_way(steps, 90.0).seconds == pytest.approx(90.0, abs=1.6)


@pytest.mark.parametrize("target", [0.1, 1.9, float("nan"), float("inf"), -3.0, 7200.0])
def test_impossible_lengths_are_refused_in_a_sentence(piece: Held, target: float) -> None:
    steps = steps_of(listen([piece.planar[0]]))
    with pytest.raises(RequestError, match=r"seconds"):
        find_way(steps, target)


@pytest.mark.parametrize("seconds", [0.5, 2.5, 4.0])
def test_short_sounds_are_fitted_or_refused_in_a_sentence(seconds: float) -> None:
    noise = np.random.default_rng(SEED).normal(0, 0.1, int(seconds * RATE)).astype(np.float32)
    steps = steps_of(listen([noise]))
    for target in (2.0, 3.0, 20.0):
        with contextlib.suppress(RequestError):
            assert find_way(steps, target).seconds > 0


def test_a_loop_has_whole_bars(piece: Held) -> None:
    steps = steps_of(listen([piece.planar[0]]))
    jump = find_loop(steps, None, None)
    bars = (jump.leave - jump.enter) / (4 * steps.step)
    assert bars >= 2
    assert bars == pytest.approx(round(bars), abs=0.05)
    near = find_loop(steps, 8.0, 16.0)
    assert near.enter == pytest.approx(8.0, abs=5.2)
    assert near.leave == pytest.approx(16.0, abs=5.2)
    with pytest.raises(RequestError):
        find_loop(steps, 5.0, 5.2)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(60, 900), st.integers(60, 900)), max_size=6),
    st.lists(st.integers(-50, 2500), min_size=1, max_size=12),
)
def test_what_is_joined_is_the_same_however_it_is_read(pairs: list[tuple[int, int]], cuts: list[int]) -> None:
    random = np.random.default_rng(SEED)
    source = Held(random.normal(0, 1, (2, 1000)).astype(np.float32))
    seams, entry = [], 0
    for leave, enter in pairs:
        if leave > entry + 60:
            seams.append(Seam(leave, enter, 40, 0.3, 0.0))
            entry = enter
    joined = Joined(source, seams)
    whole = joined.read(-50, joined.length + 100)
    assert not whole[:, :50].any()
    assert not whole[:, 50 + joined.length :].any()
    for a, b in zip(sorted(cuts), sorted(cuts)[1:], strict=False):
        a, b = max(-50, min(a, joined.length)), min(b, joined.length + 50)
        if b > a:
            assert np.array_equal(joined.read(a, b - a), whole[:, a + 50 : b + 50])


def test_a_jump_is_brought_to_the_sample(piece: Held) -> None:
    period = 4096
    sound = np.tile(np.random.default_rng(SEED).normal(0, 0.2, period).astype(np.float32), 30)[None]
    held = Held(sound)
    found = find_seam(held.read, RATE, Jump(40_960 / RATE, (20_480 + 137) / RATE), 0.3, 1e9)
    assert (found.leave - found.enter) % period == 0
    assert found.likeness == pytest.approx(1.0, abs=1e-3)
