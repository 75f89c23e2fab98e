"""Tags, covers, chapters and broadcast chunks, written and found again by reading the bytes or decoding."""

import struct
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.errors import EncodingFailed, MissingMedia, UnreadableMedia
from audiostudio.sound.files import Sound, probe, read_sound
from audiostudio.sound.tags import Broadcast, Chapter, Cover, Tags, in_order, read_cover
from audiostudio.sound.writer import ENCODINGS, SoundWriter

LENGTH = 96_001
CHAPTERS = (Chapter(0, 40_000, "One"), Chapter(40_000, LENGTH, "Zwei – ორი"))
TAGS = Tags("Title ü", "Artist", "Album", "Speech", "2026", "3/12", "© me", "A comment", None, CHAPTERS)


def tone(length: int = LENGTH) -> NDArray[np.float32]:
    at = np.arange(length) / 48_000
    return np.stack([0.4 * np.sin(2 * np.pi * 440 * at), 0.2 * np.sin(2 * np.pi * 660 * at)]).astype(np.float32)


def written(folder: Path, name: str, samples: NDArray[np.float32], **about: object) -> Path:
    path = folder / f"sound.{ENCODINGS[name].suffix}"
    with SoundWriter(path, 48_000, samples.shape[0], name, **about) as writer:  # type: ignore[arg-type]
        writer.write(samples)
    return path


def picture(folder: Path, codec: str) -> Path:
    path = folder / f"cover.{codec}"
    with av.open(str(path), "w", format="image2", options={"update": "1"}) as container:
        stream = container.add_stream(codec, rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb24" if codec == "png" else "yuvj420p"
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="rgb24")
        container.mux(stream.encode(frame.reformat(format=stream.pix_fmt)))
        container.mux(stream.encode(None))
    return path


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Of a RIFF file, read by hand."""
    assert data[:4] in (b"RIFF", b"RF64")
    assert data[8:12] == b"WAVE"
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_has_every_sample_and_its_tags(tmp_path, name):
    path = written(tmp_path, name, tone(), tags=TAGS)
    again = read_sound(path)
    assert again.samples.shape == (2, LENGTH)
    lossless = name in ("wav", "wav16", "wav32f", "flac", "alac")
    steady = slice(None) if lossless else slice(2_000, -2_000)
    off = np.abs(again.samples - tone())[:, steady].max()
    assert off < (2.0**-14 if name == "wav16" else 2.0**-23 if lossless else 0.05)
    with av.open(str(path)) as container:
        found = {key.lower(): text for key, text in (container.metadata | container.streams.audio[0].metadata).items()}
        chapters = container.chapters()
    for key, text in TAGS.metadata().items():
        assert found[key] == text, key
    if ENCODINGS[name].chapters:
        assert [one["metadata"]["title"] for one in chapters] == ["One", "Zwei – ორი"]
        starts = [float(one["start"] * one["time_base"]) for one in chapters]
        assert starts == pytest.approx([0, 40_000 / 48_000], abs=1e-3)
    else:
        assert not chapters


@pytest.mark.parametrize("codec", ["png", "mjpeg"])
@pytest.mark.parametrize("name", [name for name, one in ENCODINGS.items() if one.cover])
def test_a_cover_is_the_same_picture(tmp_path, name, codec):
    cover = read_cover(picture(tmp_path, codec))
    assert (cover.codec, cover.width, cover.height) == (codec, 64, 48)
    path = written(tmp_path, name, tone(), tags=Tags("Title", cover=cover))
    with av.open(str(path)) as container:
        (stream,) = container.streams.video
        packet = next(packet for packet in container.demux(stream) if packet.size)
        assert bytes(packet) == cover.data
    assert probe(path).kind == "sound"
    assert read_sound(path).samples.shape == (2, LENGTH)


def test_a_wav_has_no_place_for_a_cover(tmp_path):
    cover = read_cover(picture(tmp_path, "png"))
    assert read_sound(written(tmp_path, "wav", tone(), tags=Tags("Title", cover=cover))).samples.shape == (2, LENGTH)


@pytest.mark.parametrize("reference", [0, 48_000 * 3600, 2**33 + 5])
@pytest.mark.parametrize("name", ["wav", "wav16", "wav32f"])
def test_a_broadcast_wave_says_where_it_begins(tmp_path, name, reference):
    """Parsed as EBU Tech 3285 lays it out; TimeReference is a 64-bit count of samples since midnight."""
    path = written(tmp_path, name, tone(), broadcast=Broadcast(reference, "My film, reel 1", reference="AS-1"))
    found = dict(chunks(path.read_bytes()))
    bext = found[b"bext"]
    assert len(bext) >= 602
    assert bext[:256].rstrip(b"\0") == b"My film, reel 1"
    assert bext[256:288].rstrip(b"\0") == b"Audio Studio"
    assert bext[288:320].rstrip(b"\0") == b"AS-1"
    assert bext[324:325] == b"-"
    assert bext[332:333] == b":"
    low, high, version = struct.unpack_from("<IIH", bext, 338)
    assert low + (high << 32) == reference
    assert version in (1, 2)
    assert len(found[b"data"]) == LENGTH * 2 * {"wav": 3, "wav16": 2, "wav32f": 4}[name]


def test_a_wav_can_grow_over_four_gigabytes(tmp_path):
    """Room for the sizes of an RF64 is kept right at its beginning, as EBU Tech 3306 asks."""
    names = [name for name, _ in chunks(written(tmp_path, "wav", tone(), broadcast=Broadcast(1)).read_bytes())]
    assert names[0] == b"JUNK"
    assert names.index(b"bext") < names.index(b"data")


@pytest.mark.full
def test_a_wav_over_four_gigabytes_is_an_rf64(tmp_path):
    path = tmp_path / "long.wav"
    block = np.zeros((8, 1 << 20), np.float32)
    with SoundWriter(path, 48_000, 8, "wav32f", broadcast=Broadcast(7)) as writer:
        for _ in range(129):
            writer.write(block)
    with path.open("rb") as file:
        head = file.read(1 << 16)
    path_size = path.stat().st_size
    path.unlink()
    assert head[:4] == b"RF64"
    assert head[12:16] == b"ds64"
    riff, data, samples = struct.unpack_from("<QQQ", head, 20)
    assert riff == path_size - 8
    assert data == 129 * (1 << 20) * 32
    assert samples in (0, 129 * (1 << 20))
    assert struct.unpack_from("<Q", head, head.index(b"bext") + 8 + 338) == (7,)


def test_sixteen_bits_are_dithered_and_silence_stays_silent(tmp_path):
    quiet = np.full((1, 48_000), 0.3 / 2**15, np.float32)
    quiet[:, 24_000:] = 0
    again = read_sound(written(tmp_path, "wav16", quiet)).samples
    assert again[0, :24_000].mean() == pytest.approx(0.3 / 2**15, rel=0.1), "what is below one step is not lost"
    assert not again[0, 24_000:].any()
    first = (tmp_path / "sound.wav").read_bytes()
    assert written(tmp_path, "wav16", quiet).read_bytes() == first, "the same every time"


def test_a_float_wav_keeps_what_is_too_loud(tmp_path):
    loud = 4 * tone()
    assert np.array_equal(read_sound(written(tmp_path, "wav32f", loud)).samples, loud)


@pytest.mark.parametrize("name", ["wav", "wav32f", "flac", "m4a", "opus"])
def test_eight_channels_stay_apart(tmp_path, name):
    at = np.arange(48_000) / 48_000
    sound = np.stack([0.3 * np.sin(2 * np.pi * 200 * (1 + one) * at) for one in range(8)]).astype(np.float32)
    again = read_sound(written(tmp_path, name, sound)).samples
    assert again.shape == (8, 48_000)
    if name != "opus":  # which may order them otherwise
        for channel in (0, 1, 2, 4):
            assert np.argmax(np.abs(np.fft.rfft(again[channel]))) == 200 * (1 + channel)


def test_only_a_wav_is_a_broadcast_wave(tmp_path):
    with pytest.raises(EncodingFailed, match="Only a WAV"):
        written(tmp_path, "flac", tone(), broadcast=Broadcast(0))


def test_chapters_are_put_in_order_and_end_with_the_file():
    found = in_order([Chapter(500, 0, "b"), Chapter(0, 0, "a"), Chapter(500, 0, "c"), Chapter(2_000, 0, "late")], 1_000)
    assert found == (Chapter(0, 500, "a"), Chapter(500, 1_000, "c"))
    assert in_order([], 1_000) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(50),
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9",
        b"\xff\xd8\xff\xff\xff",
    ],
)
def test_what_is_no_picture_is_no_cover(tmp_path, data):
    path = tmp_path / "cover.jpg"
    path.write_bytes(data)
    with pytest.raises(UnreadableMedia, match=r"cover\.jpg is neither"):
        read_cover(path)
    with pytest.raises(MissingMedia):
        read_cover(tmp_path / "none.png")


def test_a_cover_that_is_far_too_large_is_refused(tmp_path):
    path = tmp_path / "cover.png"
    with path.open("wb") as file:
        file.truncate(17 << 20)
    with pytest.raises(UnreadableMedia, match="too large"):
        read_cover(path)


def test_a_mono_book_with_chapters_from_44100(tmp_path):
    sound = Sound(tone(88_200)[:1], 44_100)
    path = tmp_path / "book.m4b"
    marks = in_order([Chapter(0, 0, "First"), Chapter(44_100, 0, "Second")], 88_200)
    with SoundWriter(path, 44_100, 1, "m4b", tags=Tags("Book", chapters=marks)) as writer:
        writer.write(sound.samples)
    assert read_sound(path).samples.shape == (1, 88_200)
    assert path.read_bytes()[4:12] == b"ftypM4B "
    with av.open(str(path)) as container:
        assert [float(one["start"] * one["time_base"]) for one in container.chapters()] == [0.0, 1.0]


def test_names_of_covers_are_what_ffmpeg_and_browsers_call_them():
    assert Cover(b"", "mjpeg", 1, 1).mime == "image/jpeg"
    assert Cover(b"", "png", 1, 1).mime == "image/png"
