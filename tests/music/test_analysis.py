"""What is heard in music whose beats and key are known."""

import os
import random

import numpy as np
import pytest

from audiostudio.music.analysis import RATE, Analysis, analyse
from audiostudio.music.theory import Key
from tests.music.band import Played, hits, play

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])


def heard(played: Played) -> Analysis:
    return analyse([played.sound])


@pytest.mark.parametrize("number", range(4))
def test_tempo_beats_bars_and_key_are_those_that_were_played(number: int) -> None:
    chosen = random.Random(f"{SEED} {number}")
    bpm, tonic, minor = chosen.uniform(70, 150), chosen.randrange(12), chosen.random() < 0.5
    played = play(bpm, tonic, minor, seed=number)
    found = heard(played)
    assert found.bpm is not None
    ratio = found.bpm / bpm
    assert min(abs(ratio / other - 1) for other in (0.5, 1.0, 2.0)) < 0.01
    assert abs(ratio - 1) < 0.01 or not 75 < bpm < 145
    if abs(ratio - 1) < 0.01:
        assert hits(played.beats, np.array(found.beats)) > 0.95
        assert found.metre == "4/4"
        assert hits(played.beats[::4], np.array(found.downbeats)) > 0.9
    assert found.tempo_stable
    key = Key(tonic, "minor" if minor else "major").name
    assert key in (found.key, found.relative)


@pytest.mark.long
def test_the_tempo_is_not_one_of_a_few() -> None:
    for bpm in (101.3, 118.7, 133.1):
        found = heard(play(bpm))
        assert found.bpm == pytest.approx(bpm, rel=0.002)


def test_a_waltz_has_three_beats() -> None:
    played = play(110, metre=3, bars=20)
    found = heard(played)
    assert (found.metre, found.bpm) == ("3/4", pytest.approx(110, rel=0.01))
    assert hits(played.beats[::3], np.array(found.downbeats)) > 0.9


def test_a_tempo_that_changes_is_followed_and_told() -> None:
    played = play(95, bars=24, faster=1.3)
    found = heard(played)
    assert hits(played.beats, np.array(found.beats)) > 0.85
    assert not found.tempo_stable


def test_a_new_part_is_a_section() -> None:
    played = play(120, bars=32)
    found = heard(played)
    starts = np.array([one.start for one in found.sections])
    assert np.abs(starts - played.borders[0]).min() < 2.1  # within a bar
    assert found.sections[0].start == 0.0
    assert found.sections[-1].end == pytest.approx(len(played.sound) / RATE, abs=0.01)
    assert all(one.end == two.start for one, two in zip(found.sections, found.sections[1:], strict=False))
    assert len({one.label for one in found.sections}) > 1


def test_a_piece_out_of_tune_has_its_key() -> None:
    found = analyse([play(100, 9, True, rate=21_600).sound])  # heard 36 cents higher
    assert "A minor" in (found.key, found.relative)
    assert 20 <= found.tuning <= 50


@pytest.mark.parametrize("seconds", [0.0, 1 / RATE, 0.1, 1.0, 30.0])
def test_silence_has_nothing(seconds: float) -> None:
    found = analyse([np.zeros(round(seconds * RATE), np.float32)])
    assert (found.bpm, found.key, found.metre, found.beats) == (None, None, None, ())
    assert found.seconds == pytest.approx(seconds)


def test_noise_has_no_beat() -> None:
    noise = np.random.default_rng(SEED).normal(0, 0.1, 30 * RATE).astype(np.float32)
    assert analyse([noise]).bpm is None


def test_pieces_may_be_cut_anywhere() -> None:
    sound = play(125, bars=8).sound
    cuts = np.sort(np.random.default_rng(SEED).integers(0, len(sound), 40))
    one, two = analyse(np.split(sound, cuts)), analyse([sound])
    assert one.beats == pytest.approx(two.beats, abs=1e-4)
    assert (one.key, one.metre, len(one.sections)) == (two.key, two.metre, len(two.sections))


def test_what_is_found_is_plain_json() -> None:
    told = heard(play(110, bars=8)).to_json()
    assert {type(value) for value in told.values()} <= {float, int, str, bool, list, type(None)}
    assert all(type(one) is float for one in told["beats"] + told["downbeats"])
