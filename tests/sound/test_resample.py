import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.sound.resample import Resampler, resample, resampled_length

RATES = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]


@settings(max_examples=80)
@given(st.sampled_from(RATES), st.sampled_from(RATES), st.integers(1, 2), st.lists(st.integers(0, 5_000), max_size=6))
def test_the_length_is_exact_and_where_it_is_cut_does_not_matter(from_rate, to_rate, channels, cuts):
    sound = np.random.default_rng(0).uniform(-1, 1, (channels, sum(cuts))).astype(np.float32)
    resampler = Resampler(from_rate, to_rate, channels)
    pieces = [resampler.push(piece) for piece in np.split(sound, np.cumsum(cuts)[:-1], axis=1)] if cuts else []
    streamed = np.concatenate([*pieces, resampler.finish()], axis=1)
    assert streamed.dtype == np.float32
    assert streamed.shape == (channels, resampled_length(sum(cuts), from_rate, to_rate))
    assert np.allclose(streamed, resample(sound, from_rate, to_rate), atol=1e-6)


def test_24_to_48_khz_is_exactly_double():
    for samples in (1, 2, 599, 600, 24_000, 123_457):
        assert resample(np.zeros((1, samples), np.float32), 24_000, 48_000).shape == (1, 2 * samples)


@pytest.mark.parametrize(("from_rate", "to_rate"), [(24_000, 48_000), (44_100, 48_000), (48_000, 16_000)])
def test_a_tone_keeps_its_pitch_level_and_place(from_rate, to_rate):
    def tone(rate):
        return (0.5 * np.sin(2 * np.pi * 1_000 * np.arange(2 * rate) / rate)).astype(np.float32)[np.newaxis]

    difference = resample(tone(from_rate), from_rate, to_rate) - tone(to_rate)
    middle = slice(to_rate // 10, -to_rate // 10)
    assert np.abs(difference[:, middle]).max() < 1e-3


def test_what_the_lower_rate_cannot_hold_is_removed_and_not_mirrored():
    high = np.sin(2 * np.pi * 11_000 * np.arange(48_000) / 48_000).astype(np.float32)[np.newaxis]
    assert np.abs(resample(high, 48_000, 16_000)[:, 1_000:-1_000]).max() < 1e-3
