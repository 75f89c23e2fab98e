"""Silences are found in what was measured of a sound, in quiet rooms and in noisy ones."""

import numpy as np
import pytest

from audiostudio.sound.peaks import PeakBuilder, Peaks
from audiostudio.sound.silence import LOWEST, levels

RATE = 48_000


def outline(*parts: tuple[float, float], noise: float = 0.0, channels: int = 1) -> Peaks:
    """Seconds and amplitude of a tone, one after the other, in noise."""
    made = [
        np.float32(loud) * np.sin(np.arange(round(long * RATE), dtype=np.float32) * np.float32(0.03))
        for long, loud in parts
    ]
    sound = np.concatenate(made)
    sound = sound + np.random.default_rng(1).normal(0, noise, len(sound)).astype(np.float32)
    builder = PeakBuilder(RATE, channels)
    builder.push(np.stack([sound] + [np.zeros_like(sound)] * (channels - 1)))
    return builder.peaks()


@pytest.mark.parametrize("noise", [0.0, 0.0005, 0.005, 0.02])
def test_silences_are_found_whatever_the_room(noise: float) -> None:
    found = levels(outline((1, 0.4), (0.7, 0), (1, 0.2), (0.05, 0), (0.5, 0.4), (1.2, 0), noise=noise, channels=2))
    spans = [(first / RATE, last / RATE) for first, last in found.quiet()]
    assert spans == [pytest.approx((1.0, 1.7), abs=0.025), pytest.approx((3.25, 4.45), abs=0.025)]


def test_the_threshold_and_the_least_length_can_be_chosen() -> None:
    found = levels(outline((1, 0.4), (1, 0.01), (1, 0.4), (0.3, 0), (1, 0.4)))
    assert [round(first / RATE, 1) for first, _ in found.quiet(-35)] == [1.0, 3.0]
    assert [round(first / RATE, 1) for first, _ in found.quiet(-60)] == [3.0]
    assert [round(first / RATE, 1) for first, _ in found.quiet(-35, least=0.5)] == [1.0]


def test_a_click_is_no_sound_and_nothing_is_silent_throughout() -> None:
    clicked = levels(outline((1, 0.4), (0.5, 0), (0.01, 0.5), (0.5, 0), (1, 0.4)))
    assert len(clicked.quiet()) == 1
    nothing = levels(outline((2, 0)))
    assert nothing.threshold == LOWEST
    assert nothing.quiet() == [(0, 2 * RATE)]
