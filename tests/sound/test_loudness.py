import math

import numpy as np
import pytest

from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.sound.live_loudness import LiveLoudness
from audiostudio.sound.loudness import loudness, measure, normalise, silences


def tone(level: float, seconds: float = 5.0, rate: int = 48_000, channels: int = 2, hertz: float = 1_000.0) -> Sound:
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return Sound(np.tile(wave.astype(np.float32), (channels, 1)), rate)


@pytest.mark.parametrize("rate", [24_000, 44_100, 48_000])
@pytest.mark.parametrize("level", [-33.0, -23.0])
def test_the_tones_of_ebu_tech_3341_read_as_they_should(level, rate):
    assert loudness(tone(level, 20, rate)).integrated == pytest.approx(level, abs=0.1)


def test_quiet_parts_are_gated_as_in_ebu_tech_3341_case_3():
    parts = [tone(-36, 10), tone(-23, 60), tone(-36, 10)]
    sound = Sound(np.concatenate([part.samples for part in parts], axis=1), 48_000)
    assert loudness(sound).integrated == pytest.approx(-23.0, abs=0.1)


def test_one_channel_reads_3_lower_than_the_same_on_two():
    assert loudness(tone(-20, channels=1)).integrated == pytest.approx(-23.01, abs=0.1)


@pytest.mark.parametrize("seconds", [0.01, 0.05, 0.39, 0.4, 1.0])
def test_short_sounds_are_measured_too(seconds):
    assert loudness(tone(-23, seconds)).integrated == pytest.approx(-23.0, abs=0.15)


def test_it_does_not_matter_how_the_sound_comes():
    sound = Sound(np.random.default_rng(0).uniform(-0.3, 0.3, (2, 100_000)).astype(np.float32), 48_000)
    whole = loudness(sound)
    for size in (37, 10_007):
        pieces = measure((sound.samples[:, at : at + size] for at in range(0, 100_000, size)), 48_000)
        assert pieces.integrated == whole.integrated
        assert pieces.true_peak == pytest.approx(whole.true_peak, abs=1e-4)


def test_the_true_peak_lies_between_the_samples():
    """A quarter of the sample rate, 45° off: all samples are 3 dB below the peak (EBU Tech 3341, case 15)."""
    wave = (0.5 * np.sin(np.pi / 2 * np.arange(48_000) + np.pi / 4)).astype(np.float32)
    wave *= np.minimum(1, np.minimum(np.arange(48_000), np.arange(48_000)[::-1]) / 4_800).astype(np.float32)
    assert 20 * math.log10(np.abs(wave).max()) == pytest.approx(-9.03, abs=0.01)
    assert loudness(Sound(wave[np.newaxis], 48_000)).true_peak == pytest.approx(-6.02, abs=0.2)


@pytest.mark.parametrize("samples", [0, 1_000, 100_000])
def test_silence_has_no_loudness_and_stays_silence(samples):
    sound = Sound(np.zeros((1, samples), np.float32), 48_000)
    assert loudness(sound).integrated == -math.inf
    assert loudness(sound).true_peak == -math.inf
    assert np.array_equal(normalise(sound).samples, sound.samples)


def test_normalised_and_written_it_has_the_loudness_that_was_asked_for(tmp_path):
    chance = np.random.default_rng(0)
    speech = chance.standard_normal((1, 480_000)) * np.repeat(chance.uniform(0, 0.1, 100), 4_800)
    sound = Sound(speech.astype(np.float32).clip(-1, 1), 48_000)
    write_sound(tmp_path / "loud.wav", normalise(sound, -19.0, true_peak=6.0))
    assert loudness(read_sound(tmp_path / "loud.wav")).integrated == pytest.approx(-19.0, abs=0.1)


def test_normalising_never_passes_the_true_peak():
    sound = tone(-40)
    sound.samples[:, 1_000] = 0.5
    made = loudness(normalise(sound, -10.0, true_peak=-1.0))
    assert made.true_peak == pytest.approx(-1.0, abs=0.01)
    assert made.integrated < -10


def test_silences_are_exact():
    sound = np.full((2, 100_000), 0.1, np.float32)
    sound[:, 10_000:30_000] = 0.0
    sound[:, 60_000:60_500] = 0.0
    sound[0, 90_000:] = 0.0  # the other channel still sounds
    sound[:, 95_000:] = 0.001
    assert silences(sound, 48_000, shortest=0.1) == [(10_000, 30_000), (95_000, 100_000)]
    assert silences(sound[0], 48_000, shortest=0.01)[1] == (60_000, 60_500)
    assert silences(np.zeros(48_000, np.float32), 48_000) == [(0, 48_000)]
    assert silences(np.ones(48_000, np.float32), 48_000) == []
    assert silences(np.zeros(0, np.float32), 48_000) == []


def test_clipping_is_runs_at_full_scale_not_single_peaks():
    sound = np.zeros((1, 10_000), np.float32)
    sound[0, 100] = 1.0
    sound[0, [200, 201, 202]] = 1.0
    sound[0, [9_998, 9_999]] = -1.0
    assert loudness(Sound(sound, 48_000)).clipped == 5
    assert measure((sound[:, at : at + 1] for at in range(10_000)), 48_000).clipped == 5


def test_a_meter_shows_the_last_moments_and_all_of_it():
    meter = LiveLoudness(48_000)
    assert meter.now == (-math.inf,) * 4
    for level, seconds in ((-40.0, 5.0), (-23.0, 5.0)):
        meter.push(tone(level, seconds).samples)
    assert meter.now.momentary == pytest.approx(-23.0, abs=0.1)
    assert meter.now.short_term == pytest.approx(-23.0, abs=0.1)
    assert meter.now.true_peak == pytest.approx(-23.0, abs=0.1)
    meter.push(tone(-40.0, 1.0).samples)
    assert meter.now.momentary == pytest.approx(-40.0, abs=0.1)
    assert meter.now.short_term == pytest.approx(-24.7, abs=0.3)
    assert meter.now.integrated == pytest.approx(-23.0, abs=0.3)
    meter.push(np.zeros((2, 48_000), np.float32))
    assert meter.now.momentary == -math.inf
    meter.reset()
    assert meter.now == (-math.inf,) * 4
