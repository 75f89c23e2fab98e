import contextlib
import struct

import av
import numpy as np
import pytest

from audiostudio.errors import MissingMedia, StorageError, UnreadableMedia
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.sound.pcm import PcmFile


def noise(channels=2, count=30_001):
    return np.random.default_rng(channels).uniform(-1, 1, (channels, count)).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"])
def test_the_same_samples_as_a_decoder_gives(tmp_path, codec, channels):
    """Of any range, read alone or in a row."""
    path = tmp_path / "sound.wav"
    layout = {1: "mono", 2: "stereo", 3: "2.1"}[channels]
    with av.open(str(path), "w", format="wav") as file:
        stream = file.add_stream(codec, rate=48_000, layout=layout)
        frame = av.AudioFrame.from_ndarray(noise(channels), "fltp", layout)
        frame.sample_rate = 48_000
        resampler = av.AudioResampler(stream.format.name, layout, 48_000)
        for converted in resampler.resample(frame):
            file.mux(stream.encode(converted))
        file.mux(stream.encode(None))
    wanted = read_sound(path).samples
    found = PcmFile(path)
    assert (found.length, found.channels, found.sample_rate, found.whole) == (30_001, channels, 48_000, True)
    assert np.array_equal(found.read(0, found.length), wanted)
    assert np.array_equal(found.read(777, 10_000), wanted[:, 777:10_777])
    around = found.read(-10, found.length + 30)
    assert np.array_equal(around[:, 10:-20], wanted)
    assert not around[:, :10].any()
    assert not around[:, -20:].any()
    assert not found.read(40_000, 100).any()
    pieces = [piece.copy() for piece in found.pieces(4_096, 5, 50_000)]
    assert np.array_equal(np.concatenate(pieces, axis=1), wanted[:, 5:])


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


FORMAT = struct.pack("<HHIIHH", 1, 1, 48_000, 96_000, 2, 16)
DATA = np.arange(1_000, dtype="<i2").tobytes()


def test_other_chunks_and_sizes_that_were_never_written(tmp_path):
    path = tmp_path / "odd.wav"
    before = chunk(b"fmt ", FORMAT) + chunk(b"bext", b"x" * 333)
    path.write_bytes(b"RIFF\xff\xff\xff\xffWAVE" + before + b"data\xff\xff\xff\xff" + DATA)
    assert PcmFile(path).length == 1_000
    assert PcmFile(path).read(999, 1)[0, 0] == pytest.approx(999 / 2**15)
    long = struct.pack("<QQQI", 0, len(DATA), 0, 0)
    path.write_bytes(
        b"RF64\xff\xff\xff\xffWAVE" + chunk(b"ds64", long) + before + b"data\xff\xff\xff\xff" + DATA + b"more"
    )
    assert PcmFile(path).length == 1_000


def test_a_file_that_was_cut_short_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "short.wav"
    path.write_bytes(b"RIFF" + bytes(4) + b"WAVE" + chunk(b"fmt ", FORMAT) + chunk(b"data", DATA)[:-500])
    found = PcmFile(path)
    assert not found.whole
    assert found.length == 750
    assert found.read(0, 1_000)[0, 749] > 0


def test_more_than_4_gb(tmp_path):
    """A hole in the file stands for what nobody wants to write in a test."""
    path = tmp_path / "long.wav"
    count = 6 << 30
    size = struct.pack("<QQQI", count + 100, count, 0, 0)
    head = b"RF64\xff\xff\xff\xffWAVE" + chunk(b"ds64", size) + chunk(b"fmt ", FORMAT) + b"data\xff\xff\xff\xff"
    with path.open("wb") as file:
        file.write(head)
        file.seek(len(head) + count - len(DATA))
        file.write(DATA)
    found = PcmFile(path)
    assert found.length == count // 2
    assert found.read(found.length - 1, 1)[0, 0] == pytest.approx(999 / 2**15)


def test_hostile_headers_are_refused_at_once(tmp_path):
    path = tmp_path / "bad.wav"
    bad = [
        b"",
        b"RIFF",
        b"RIFF1234WAVE" + chunk(b"data", DATA),
        b"RIFF1234WAVE" + chunk(b"fmt ", FORMAT[:10]) + chunk(b"data", DATA),
        b"RIFF1234WAVE" + chunk(b"fmt ", struct.pack("<HHIIHH", 1, 0, 48_000, 0, 0, 16)) + chunk(b"data", DATA),
        b"RIFF1234WAVE" + chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 0, 0, 2, 16)) + chunk(b"data", DATA),
        b"RIFF1234WAVE" + chunk(b"fmt ", struct.pack("<HHIIHH", 85, 1, 48_000, 0, 2, 16)) + chunk(b"data", DATA),
        b"RIFF1234WAVE" + b"LIST\xff\xff\xff\xff" + DATA,
        b"RIFF1234WAVE" + b"junk\0\0\0\0" * 5_000,
    ]
    for data in bad:
        path.write_bytes(data)
        with pytest.raises(UnreadableMedia):
            PcmFile(path)
    generator = np.random.default_rng(0)
    good = b"RIFF1234WAVE" + chunk(b"fmt ", FORMAT) + chunk(b"data", DATA)
    for _ in range(300):
        data = bytearray(good)
        for at in generator.integers(0, 60, 3):
            data[at] = int(generator.integers(256))
        path.write_bytes(data)
        with contextlib.suppress(UnreadableMedia):
            assert np.isfinite(PcmFile(path).read(-5, 100)).all()


def test_what_is_not_there_or_not_a_number(tmp_path):
    with pytest.raises(MissingMedia):
        PcmFile(tmp_path / "gone.wav")
    with pytest.raises(StorageError):
        PcmFile(tmp_path)
    path = tmp_path / "odd.wav"
    form = struct.pack("<HHIIHH", 3, 1, 48_000, 4 * 48_000, 4, 32)
    data = np.array([np.nan, np.inf, -np.inf, 0.5], "<f4").tobytes()
    path.write_bytes(b"RIFF1234WAVE" + chunk(b"fmt ", form) + chunk(b"data", data))
    assert PcmFile(path).read(0, 4)[0].tolist() == [0.0, 1.0, -1.0, 0.5]


def test_a_file_that_became_another_is_not_taken_for_the_first(tmp_path):
    path = tmp_path / "sound.wav"
    write_sound(path, Sound(noise(), 48_000))
    found = PcmFile(path)
    write_sound(path, Sound(noise(1), 44_100))
    with pytest.raises(UnreadableMedia):
        found.read(0, 10)
    path.unlink()
    with pytest.raises(MissingMedia):
        found.read(0, 10)
