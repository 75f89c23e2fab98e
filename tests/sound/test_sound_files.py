"""Write a known sound, decode it again and measure: lengths, frequencies, levels, stream parameters."""

import contextlib
import os
import resource
import signal
import struct
import subprocess
import sys
import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.errors import DiskFull, EncodingFailed, MissingMedia, ReadOnly, UnreadableMedia
from audiostudio.sound.files import FORMATS, Sound, SoundWriter, decode, probe, read_sound, write_sound
from audiostudio.sound.resample import resample, resampled_length

CODECS = {"wav": "pcm_s24le", "flac": "flac", "mp3": "mp3", "m4a": "aac", "opus": "opus", "ogg": "opus"}


def tone(samples: int, rate: int, channels: int = 1, frequency: float = 440.0) -> NDArray[np.float32]:
    at = np.arange(samples) / rate
    return np.stack([0.5 * np.sin(2 * np.pi * frequency * (1 + c) * at) for c in range(channels)]).astype(np.float32)


def frequency_of(samples: NDArray[np.float32], rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


@pytest.mark.long
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("rate", [24_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_decoded_it_is_exactly_as_long_and_in_place(tmp_path, name, rate, channels):
    path = tmp_path / f"sound.{name}"
    for samples in (1_023, 1_024, 48_000, 100_001):
        sound = tone(samples, rate, channels)
        write_sound(path, Sound(sound, rate), name)
        again = read_sound(path)
        expected = resampled_length(samples, rate, again.sample_rate)
        assert again.samples.shape == (channels, expected)
        assert again.sample_rate == (48_000 if name in ("opus", "ogg") else rate)
        if samples == 100_001:
            assert delay(sound[0], again, rate) == 0
            for channel in range(channels):
                measured = frequency_of(again.samples[channel], again.sample_rate)
                assert abs(measured - 440 * (1 + channel)) < again.sample_rate / expected


def delay(written: NDArray[np.float32], again: Sound, rate: int) -> int:
    """By how many samples what came back is late: where it fits best."""
    back = resample(again.samples, again.sample_rate, rate)
    size = 1 << 15
    spectrum = np.fft.rfft(back[0][: size // 2], size) * np.conj(np.fft.rfft(written[: size // 2], size))
    found = int(np.argmax(np.fft.irfft(spectrum)))
    return found if found < size // 2 else found - size


@pytest.mark.parametrize("name", FORMATS)
def test_very_short_sounds_survive(tmp_path, name):
    """All formats are exact from one sample on, but for an MP3 of less than 47."""
    path = tmp_path / f"short.{name}"
    for samples in (1, 46, 47, 100):
        write_sound(path, Sound(tone(samples, 48_000), 48_000), name)
        found = read_sound(path).samples.shape[1]
        assert found == (47 if name == "mp3" and samples < 47 else samples)


@pytest.mark.parametrize("name", FORMATS)
def test_probe_says_what_is_in_it(tmp_path, name):
    path = tmp_path / f"sound.{name}"
    write_sound(path, Sound(tone(120_001, 48_000, 2), 48_000), name, title="Intro", comment="Made here")
    info = probe(path)
    assert (info.kind, info.format, info.codec) == ("sound", name, CODECS[name])
    assert (info.sample_rate, info.channels) == (48_000, 2)
    assert info.duration == pytest.approx(120_001 / 48_000, abs=1e-5)
    assert (info.width, info.height, info.frame_rate) == (None, None, None)
    with av.open(str(path)) as container:
        tags = {k.lower(): v for k, v in (container.metadata | container.streams[0].metadata).items()}
    assert tags["title"] == "Intro"
    assert tags["comment"] == "Made here"


@pytest.mark.parametrize("name", ["wav", "flac"])
def test_lossless_formats_keep_24_bits_and_true_silence(tmp_path, name):
    samples = np.random.default_rng(1).uniform(-1, 1, (2, 50_000)).astype(np.float32)
    samples[:, 20_000:30_000] = 0
    path = tmp_path / f"exact.{name}"
    write_sound(path, Sound(samples, 48_000), name)
    again = read_sound(path).samples
    assert np.abs(again - samples).max() <= 2.0**-24
    assert not again[:, 20_000:30_000].any()
    write_sound(path, Sound(again, 48_000), name)
    assert np.array_equal(read_sound(path).samples, again), "a second time nothing is lost"


@pytest.mark.parametrize("name", FORMATS)
def test_too_loud_is_limited_and_never_wraps(tmp_path, name):
    loud = 4 * tone(48_000, 48_000)
    path = tmp_path / f"loud.{name}"
    with SoundWriter(path, 48_000, 1, name) as writer:
        writer.write(loud)
    assert writer.clipped == np.count_nonzero(np.abs(loud) > 1)
    again = read_sound(path).samples
    assert frequency_of(again[0], 48_000) == pytest.approx(440, abs=1)
    steady = slice(2_000, 46_000)
    assert np.abs(again[0, steady] - np.clip(loud[0, steady], -1, 1)).max() < (1e-6 if name in ("wav", "flac") else 0.5)


def test_what_is_not_finite_is_a_bug_and_leaves_no_file(tmp_path):
    path = tmp_path / "nan.wav"
    with pytest.raises(ValueError, match="finite"), SoundWriter(path) as writer:
        writer.write(np.array([0.0, np.nan], np.float32))
    assert list(tmp_path.iterdir()) == []


def test_chunks_of_any_size_give_the_same_file(tmp_path):
    sound = tone(70_001, 24_000, 2)
    for name in FORMATS:
        with SoundWriter(tmp_path / f"whole.{name}", 24_000, 2, name) as writer:
            writer.write(sound)
        with SoundWriter(tmp_path / f"pieces.{name}", 24_000, 2, name) as writer:
            for cut in np.split(sound, [1, 2, 1_000, 1_001, 40_000], axis=1):
                writer.write(cut)
        assert writer.samples == 70_001
        whole, pieces = (read_sound(tmp_path / f"{which}.{name}").samples for which in ("whole", "pieces"))
        assert np.array_equal(whole, pieces)


def test_memory_does_not_grow_with_the_length(tmp_path):
    minute = tone(48_000 * 10, 48_000, 2)
    path = tmp_path / "long.wav"
    tracemalloc.start()
    with SoundWriter(path, 48_000, 2) as writer:
        for _ in range(12):
            writer.write(minute)
    assert sum(chunk.shape[1] for chunk in decode(path, sample_rate=24_000, mono=True)) == 24_000 * 120
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000, "the sound itself has 46 MB"


def test_other_rates_and_mono_on_reading(tmp_path):
    path = tmp_path / "sound.wav"
    write_sound(path, Sound(tone(48_000, 48_000, 2), 48_000))
    sound = read_sound(path, sample_rate=16_000, mono=True)
    assert (sound.samples.shape, sound.sample_rate, sound.duration) == ((1, 16_000), 16_000, 1.0)
    assert sound.channels == 1


def test_surround_goes_in_and_comes_out(tmp_path):
    sound = tone(48_000, 48_000, 6, 100)
    write_sound(tmp_path / "six.flac", Sound(sound, 48_000), "flac")
    assert np.abs(read_sound(tmp_path / "six.flac").samples - sound).max() <= 2.0**-24
    with pytest.raises(EncodingFailed, match="6 channels"):
        SoundWriter(tmp_path / "six.mp3", 48_000, 6, "mp3")


def test_a_missing_folder_is_made(tmp_path):
    write_sound(tmp_path / "a" / "b" / "ä 100 % – Emma.wav", Sound(tone(10, 48_000), 48_000))
    assert read_sound(tmp_path / "a" / "b" / "ä 100 % – Emma.wav").samples.shape == (1, 10)


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, GeneratorExit, RuntimeError])
def test_whatever_happens_the_old_file_stays_and_no_half_is_left(tmp_path, trouble):
    path = tmp_path / "kept.wav"
    write_sound(path, Sound(tone(1_000, 48_000), 48_000))
    before = path.read_bytes()

    def write() -> None:
        with SoundWriter(path) as writer:
            writer.write(tone(100_000, 48_000))
            raise trouble

    with pytest.raises(trouble):
        write()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_writer_leaves_nothing_under_the_name(tmp_path):
    script = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        "from audiostudio.sound.files import SoundWriter\n"
        "with SoundWriter(Path(sys.argv[1])) as writer:\n"
        "    writer.write(np.zeros(480000, np.float32))\n"
        "    print('half', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    path = tmp_path / "killed.wav"
    command = [sys.executable, "-c", script, str(path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.kill()
    assert not path.exists()
    assert all(left.name.startswith(".") for left in tmp_path.iterdir())


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE")
@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, name):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 48_000 * 20).astype(np.float32)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(DiskFull), SoundWriter(tmp_path / f"big.{name}", 48_000, 1, name) as writer:
            writer.write(noise)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions")
def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    tmp_path.chmod(0o500)
    user = os.geteuid()
    os.seteuid(user or 65_534)  # root may write anywhere
    try:
        with pytest.raises(ReadOnly):
            write_sound(tmp_path / "no.wav", Sound(tone(10, 48_000), 48_000))
    finally:
        os.seteuid(user)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((48_000, 1, "aiff8"), "format"), ((48_000, 0, "wav"), "0 channels"), ((7, 1, "wav"), "7 Hz")],
)
def test_what_cannot_be_written_is_said_before_anything_is(tmp_path, arguments, words):
    with pytest.raises(EncodingFailed, match=words):
        SoundWriter(tmp_path / "x", *arguments)


def test_nothing_at_all_is_no_sound(tmp_path):
    with pytest.raises(EncodingFailed, match="no sound"), SoundWriter(tmp_path / "none.wav"):
        pass
    assert list(tmp_path.iterdir()) == []


# Files from outside


def wav(channels: int = 1, rate: int = 48_000, bits: int = 16, data: bytes = bytes(96_000), claimed: int | None = None):
    claimed = len(data) if claimed is None else claimed
    frame = channels * bits // 8
    form = struct.pack("<IHHIIHH", 16, 1, channels, rate, (rate * frame) & 0xFFFF_FFFF, frame & 0xFFFF, bits)
    riff = b"RIFF" + struct.pack("<I", min(36 + claimed, 0xFFFF_FFFF))
    return riff + b"WAVEfmt " + form + b"data" + struct.pack("<I", claimed) + data


def make_picture(path: Path, container: str = "image2", codec: str = "png", frames: int = 1, pixels: str = "rgb24"):
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixels
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 5, np.uint8), format="rgb24")
            out.mux(stream.encode(frame.reformat(format=pixels)))
        out.mux(stream.encode(None))


def test_missing_empty_and_folders(tmp_path):
    for read in (probe, read_sound):
        with pytest.raises(MissingMedia):
            read(tmp_path / "none.wav")
        with pytest.raises(UnreadableMedia, match="folder"):
            read(tmp_path)
    (tmp_path / "empty.wav").touch()
    with pytest.raises(UnreadableMedia, match="empty"):
        probe(tmp_path / "empty.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_is_refused_and_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(UnreadableMedia, match="device"):
        probe(tmp_path / "pipe.wav")


@pytest.mark.parametrize("name", ["a.png", "disguised.wav", "p%03d.png", "http:x.png"])
def test_a_picture_is_a_picture_under_any_name(tmp_path, name):
    make_picture(tmp_path / "original.png")
    path = tmp_path / name
    path.write_bytes((tmp_path / "original.png").read_bytes())
    info = probe(path)
    assert (info.kind, info.format, info.width, info.height, info.duration) == ("picture", "png", 64, 48, None)
    with pytest.raises(UnreadableMedia, match="is a picture, not a sound"):
        read_sound(path)


def test_moving_pictures_are_films_and_single_ones_are_not(tmp_path):
    make_picture(tmp_path / "five.gif", "gif", "gif", 5, "rgb8")
    make_picture(tmp_path / "one.gif", "gif", "gif", 1, "rgb8")
    make_picture(tmp_path / "film.mp4", "mp4", "libx264", 30, "yuv420p")
    assert probe(tmp_path / "five.gif").kind == "film"
    assert probe(tmp_path / "one.gif").kind == "picture"
    film = probe(tmp_path / "film.mp4")
    assert (film.kind, film.format, film.codec, film.width, film.frame_rate) == ("film", "mp4", "h264", 64, 25.0)
    with pytest.raises(UnreadableMedia, match="holds no sound"):
        read_sound(tmp_path / "film.mp4")


def test_a_film_with_sound_is_a_film_whose_sound_can_be_read(tmp_path):
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as out:
        video, audio = out.add_stream("libx264", rate=25), out.add_stream("aac", rate=44_100, layout="stereo")
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for number in range(50):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number, np.uint8), format="rgb24")
            out.mux(video.encode(picture))
        frame = av.AudioFrame.from_ndarray(tone(88_200, 44_100, 2), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = 44_100, 0, Fraction(1, 44_100)
        out.mux([*video.encode(None), *audio.encode(frame), *audio.encode(None)])
    info = probe(path)
    assert (info.kind, info.codec, info.sample_rate, info.channels) == ("film", "h264", 44_100, 2)
    assert info.duration == pytest.approx(2.0, abs=0.05)
    sound = read_sound(path)
    assert sound.duration == pytest.approx(2.0, abs=0.001)
    assert frequency_of(sound.samples[0], 44_100) == pytest.approx(440, abs=1)


def test_a_sound_with_a_cover_is_still_a_sound(tmp_path):
    make_picture(tmp_path / "cover.png")
    sound, path = tone(48_000, 48_000)[0], tmp_path / "song.mp3"
    with av.open(str(path), "w") as out, av.open(str(tmp_path / "cover.png")) as cover:
        audio = out.add_stream("libmp3lame", rate=48_000, layout="mono")
        picture = out.add_stream_from_template(cover.streams.video[0])
        picture.disposition = av.stream.Disposition.attached_pic
        frame = av.AudioFrame.from_ndarray(sound[np.newaxis], "fltp", "mono")
        frame.sample_rate = 48_000
        packets = audio.encode(frame) + audio.encode(None)
        image = next(cover.demux())
        image.stream = picture
        out.mux([image, *packets])
    assert probe(path).kind == "sound"
    assert read_sound(path).samples.shape[0] == 1


@pytest.mark.parametrize("name", FORMATS)
def test_half_a_file_is_noticed_or_read_as_far_as_it_goes(tmp_path, name):
    path = tmp_path / f"cut.{name}"
    write_sound(path, Sound(tone(192_000, 48_000), 48_000), name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    if name in ("opus", "ogg"):  # Ogg says nowhere how long it ought to be
        assert 80_000 < read_sound(path).samples.shape[1] < 110_000
        return
    pieces = []
    with pytest.raises(UnreadableMedia, match="cut short"):
        pieces.extend(decode(path))
    if name != "m4a":  # its table of contents is at the end
        assert sum(piece.shape[1] for piece in pieces) > 80_000, "what there is was given first"


@pytest.mark.parametrize("name", FORMATS)
def test_the_first_bytes_alone_are_unreadable(tmp_path, name):
    path = tmp_path / f"stub.{name}"
    write_sound(path, Sound(tone(48_000, 48_000), 48_000), name)
    path.write_bytes(path.read_bytes()[:40])
    for read in (probe, read_sound):
        with pytest.raises(UnreadableMedia):
            read(path)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("seed", range(4))
def test_flipped_bytes_never_raise_anything_but_our_errors(tmp_path, name, seed):
    path = tmp_path / f"noise.{name}"
    write_sound(path, Sound(tone(96_000, 48_000, 2), 48_000), name)
    data = bytearray(path.read_bytes())
    chance = np.random.default_rng(seed)
    for place in chance.integers(0 if seed % 2 else 300, len(data), 100):
        data[place] ^= int(chance.integers(1, 256))
    path.write_bytes(data)
    found = []
    for read in (probe, read_sound):
        with contextlib.suppress(UnreadableMedia):
            found.append(read(path))
    assert all(one.sample_rate is None or one.sample_rate > 0 for one in found)


@pytest.mark.parametrize(
    "data",
    [
        wav(channels=65_535),
        wav(rate=0xFFFF_FFFF),
        wav(rate=0),
        wav(channels=0),
        wav(bits=0),
        wav(data=b""),
        b"words and nothing else\n" * 500,
        b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\ninner.mp3\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile inner.wav\n",
    ],
    ids=["channels", "rate", "no rate", "no channels", "no bits", "no data", "text", "playlist", "concat"],
)
def test_absurd_headers_and_lists_of_other_files_are_refused(tmp_path, data):
    write_sound(tmp_path / "inner.mp3", Sound(tone(4_800, 48_000), 48_000), "mp3")
    write_sound(tmp_path / "inner.wav", Sound(tone(4_800, 48_000), 48_000))
    path = tmp_path / "bad.wav"
    path.write_bytes(data)
    with pytest.raises(UnreadableMedia):
        read_sound(path)


@pytest.mark.parametrize("claimed", [0xFFFF_FFFF, 0x7FFF_FFFF, 0])
def test_a_wav_made_by_a_stream_is_read_to_its_end(tmp_path, claimed):
    path = tmp_path / "piped.wav"
    path.write_bytes(wav(claimed=claimed))
    assert read_sound(path).samples.shape == (1, 48_000)


@pytest.mark.parametrize(("bits", "codec"), [(8, "pcm_u8"), (16, "pcm_s16le"), (32, "pcm_s32le")])
def test_full_scale_is_one_at_every_depth(tmp_path, bits, codec):
    least = {8: b"\x00", 16: b"\x00\x80", 32: b"\x00\x00\x00\x80"}[bits]
    path = tmp_path / "full.wav"
    path.write_bytes(wav(bits=bits, data=least * 4_800))
    assert probe(path).codec == codec
    assert (read_sound(path).samples == -1.0).all()
