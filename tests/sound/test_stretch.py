from fractions import Fraction

import numpy as np
import pytest

from audiostudio.sound.stretch import PIECE, Stretched

RATE = 48_000


class Whole:
    """A sound in memory."""

    def __init__(self, samples):
        self.samples = samples
        self.channels, self.length = samples.shape
        self.sample_rate = RATE

    def read(self, start, count):
        out = np.zeros((self.channels, count), np.float32)
        first, last = max(0, start), min(self.length, start + count)
        if last > first:
            out[:, first - start : last - start] = self.samples[:, first:last]
        return out


def tone(seconds, hertz=440.0):
    wave = 0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return np.tile(wave.astype(np.float32), (2, 1))


def hertz(sound):
    windowed = sound * np.hanning(len(sound))
    return float(np.argmax(np.abs(np.fft.rfft(windowed, 8 * len(sound))))) * RATE / (8 * len(sound))


@pytest.mark.parametrize(
    ("speed", "semitones"), [(Fraction(4, 5), 0.0), (Fraction(3, 2), 0.0), (Fraction(1), 12.0), (Fraction(9, 10), -3.0)]
)
def test_length_and_pitch(speed, semitones):
    stretched = Stretched(Whole(tone(3.0)), speed, semitones)
    assert stretched.length == int(3 * RATE / speed)
    middle = stretched.read(RATE // 2, RATE)[0]
    assert hertz(middle) == pytest.approx(440 * 2 ** (semitones / 12), rel=0.006)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.12)


@pytest.mark.long
def test_a_place_sounds_the_same_whatever_was_read_before():
    """Across the border of two pieces, forwards, backwards and at once."""
    generator = np.random.default_rng(1)
    source = Whole(
        (tone(PIECE + 4.0) + 0.01 * generator.standard_normal((2, round((PIECE + 4) * RATE)))).astype(np.float32)
    )
    border = int(PIECE * RATE * 5 / 4)
    whole = Stretched(source, Fraction(4, 5)).read(border - 80_000, 160_000)
    other = Stretched(source, Fraction(4, 5))
    assert np.array_equal(other.read(border + 10_000, 30_000), whole[:, 90_000:120_000])
    assert np.array_equal(other.read(border - 60_000, 100_000), whole[:, 20_000:120_000])
    levels = np.sqrt(np.mean(np.square(whole[0].reshape(-1, 1_600)), axis=1))
    assert levels.min() > 0.7 * levels.max()  # nothing falls into a hole where pieces meet


def test_outside_is_silence():
    stretched = Stretched(Whole(tone(0.5)), Fraction(1, 2))
    assert not stretched.read(-1_000, 1_000).any()
    assert not stretched.read(stretched.length, 1_000).any()
    assert stretched.read(stretched.length - 1_000, 2_000)[:, 1_000:].any() == np.False_


def test_speeds_beyond_reason_are_brought_into_range():
    assert Stretched(Whole(tone(0.1)), Fraction(1_000), 0.0).speed == 16
    assert Stretched(Whole(tone(0.1)), Fraction(1, 1_000), 0.0).speed == Fraction(1, 16)
