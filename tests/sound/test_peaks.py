import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import MissingMedia
from audiostudio.sound import peaks as peaks_module
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.sound.peaks import LEVELS, PeakBuilder, Peaks, peaks

RATE = 48_000
STEP = 1 / 32_767


def built(samples: np.ndarray) -> Peaks:
    builder = PeakBuilder(RATE, samples.shape[0])
    builder.push(samples)
    return builder.peaks()


@settings(max_examples=50)
@given(
    st.integers(1, 2),
    st.lists(st.integers(0, 90_000), min_size=1, max_size=4),
    st.integers(0, 2**32 - 1),
    st.data(),
)
def test_no_column_ever_hides_a_sample(channels, cuts, seed, data):
    """However it is cut and zoomed: least ≤ each sample ≤ greatest, and not by more than a neighbouring block has."""
    sound = np.random.default_rng(seed).uniform(-1, 1, (channels, sum(cuts))).astype(np.float32)
    builder = PeakBuilder(RATE, channels)
    for piece in np.split(sound, np.cumsum(cuts)[:-1], axis=1):
        builder.push(piece)
    found = builder.peaks()
    assert (found.length, found.channels, found.sample_rate) == (sum(cuts), channels, RATE)
    start = data.draw(st.integers(-1_000, sum(cuts) + 1_000))
    end = start + data.draw(st.integers(1, 200_000))
    pixels = data.draw(st.integers(1, 400))
    low, high, rms = found.view(start, end, pixels)
    assert low.shape == high.shape == rms.shape == (channels, pixels)
    assert low.dtype == np.float32
    edges = start + np.arange(pixels + 1) * (end - start) // pixels
    for column, (first, stop) in enumerate(itertools.pairwise(edges)):
        part = sound[:, max(0, first) : max(0, stop)]
        if part.shape[1]:
            assert (low[:, column] <= part.min(axis=1) + 1e-6).all()
            assert (high[:, column] >= part.max(axis=1) - 1e-6).all()
        reach = max(LEVELS[0], max((block for block in LEVELS if block * pixels <= end - start), default=0))
        around = sound[:, max(0, first - reach) : max(0, stop + reach)]
        assert (low[:, column] >= around.min(axis=1, initial=0.0) - STEP).all()
        assert (high[:, column] <= around.max(axis=1, initial=0.0) + STEP).all()


def test_each_level_is_right_to_the_last_sample():
    sound = np.random.default_rng(3).uniform(-0.9, 0.9, (2, 300_123)).astype(np.float32)
    for block, level in zip(LEVELS, built(sound).levels, strict=True):
        assert level.shape == (2, 3, -(-300_123 // block))
        for number in (0, 1, level.shape[2] - 1):
            part = sound[:, number * block : (number + 1) * block]
            assert np.allclose(level[:, 0, number] / 32_767, part.min(axis=1), atol=STEP)
            assert np.allclose(level[:, 1, number] / 32_767, part.max(axis=1), atol=STEP)
            assert np.allclose(level[:, 2, number] / 32_767, np.sqrt((part**2).mean(axis=1)), atol=STEP)


def test_while_it_grows_it_can_be_seen():
    builder = PeakBuilder(RATE)
    sound = np.random.default_rng(0).uniform(-1, 1, 10_000).astype(np.float32)
    for end in range(1_000, 10_001, 1_000):
        builder.push(sound[end - 1_000 : end])
        now = builder.peaks()
        assert now.length == end
        assert np.array_equal(now.levels[0], built(sound[np.newaxis, :end]).levels[0])


def test_nothing_at_all_is_drawn_as_silence():
    for view in (
        built(np.zeros((1, 0), np.float32)).view(0, 100, 10),
        built(np.ones((1, 500), np.float32)).view(5, 5, 3),
    ):
        for values in view:
            assert not values.any()
    assert built(np.ones((1, 500), np.float32)).view(0, 500, 0)[0].shape == (1, 0)


def test_beyond_full_scale_is_full_scale():
    low, high, _ = built(np.array([[-3.0, 3.0]], np.float32)).view(0, 2, 1)
    assert (low[0, 0], high[0, 0]) == (-1.0, 1.0)


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.flac"
    sound = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 123_457)).astype(np.float32)
    write_sound(path, Sound(sound, RATE), "flac")
    return path


def test_of_a_file_they_are_those_of_its_samples(song):
    found = peaks(song)
    for level, expected in zip(found.levels, built(read_sound(song).samples).levels, strict=True):
        assert np.array_equal(level, expected)


def test_they_are_kept_until_the_file_changes(song, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    first = peaks(song, cache)
    with monkeypatch.context() as patch:
        patch.setattr(peaks_module, "SoundStream", None)  # decoding again would fail
        again = peaks(song, cache)
    assert (again.length, again.sample_rate) == (first.length, first.sample_rate)
    for level, expected in zip(again.levels, first.levels, strict=True):
        assert np.array_equal(level, expected)
    write_sound(song, Sound(np.zeros((1, 1_000), np.float32), RATE), "flac")
    assert peaks(song, cache).length == 1_000


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not really", None])
def test_a_damaged_cache_is_made_again(song, tmp_path, damage):
    cache = tmp_path / "cache"
    length = peaks(song, cache).length
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:-300] if damage is None else damage)
    assert peaks(song, cache).length == length


def test_without_a_place_for_the_cache_they_are_still_made(song, tmp_path):
    (tmp_path / "file").touch()
    assert peaks(song, tmp_path / "file" / "cache").length == 123_457


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(MissingMedia):
        peaks(tmp_path / "none.wav", tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("encoding", ["wav16", "wav", "wav32f"])
@pytest.mark.parametrize("count", [1, 255, 256, 70_001, 4_194_304 + 300])
def test_uncompressed_sound_has_the_peaks_of_what_is_decoded(tmp_path, channels, encoding, count):
    if count > 100_000 and channels != 2:
        return
    sound = np.random.default_rng(channels).uniform(-1, 1, (channels, count)).astype(np.float32)
    path = tmp_path / "sound.wav"
    write_sound(path, Sound(sound, RATE), encoding)
    found, wanted = peaks(path), built(read_sound(path).samples)
    assert (found.length, found.sample_rate, found.channels) == (count, RATE, channels)
    for one, two in zip(found.levels, wanted.levels, strict=True):
        assert one.shape == two.shape
        assert np.array_equal(one[:, :2], two[:, :2])
        assert np.abs(one[:, 2] - two[:, 2]).max() <= 1
