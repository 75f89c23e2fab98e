"""Writing sound files: streamed, exact in length, whole or not at all."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

import av
import av.container.core
import av.error
import numpy as np
from av.stream import Disposition
from numpy.typing import NDArray

from audiostudio.errors import EncodingFailed
from audiostudio.files import new_file
from audiostudio.sound.media import media_errors
from audiostudio.sound.resample import Resampler
from audiostudio.sound.tags import Broadcast, Chapter, Cover, Tags, chapter_comments, picture_block

LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
_BLOCK = 65_536
_TWENTY_FOUR_BITS = 2**23
_LONGEST_CHAPTER = 120
"""Bytes of a chapter's title in an MP3: of longer ones FFmpeg writes a length that no reader understands."""


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is made."""

    suffix: str
    """Of the file, without the dot."""
    container: str
    codec: str
    sample_format: str
    rates: tuple[int, ...] = ()
    """Rates the codec takes, best first; empty: any. Another rate is resampled to the first."""
    bit_rate: int | None = None
    """Bits a second for each channel."""
    max_channels: int = 8
    options: dict[str, str] = field(default_factory=dict)
    cover: bool = True
    """Whether it can hold a picture."""
    chapters: bool = True

    @property
    def limited(self) -> bool:
        """Whether samples beyond ±1 cannot be written."""
        return self.codec != "pcm_f32le"


_MP3_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
_AAC_RATES = (48_000, 96_000, 88_200, 64_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)

# WAV and FLAC have 24 bits: what film editors expect, silence stays exactly silent (16 bits would need dither
# noise), and a sound can be read, changed and written again many times without loss that anyone could hear.
# Ogg holds Opus: FFmpeg's own Vorbis encoder is experimental.
_WAV = {"rf64": "auto"}
FORMATS = {
    "wav": Format("wav", "wav", "pcm_s24le", "s32", options=_WAV, cover=False, chapters=False),
    "flac": Format("flac", "flac", "flac", "s32", chapters=False),
    "mp3": Format("mp3", "mp3", "libmp3lame", "fltp", _MP3_RATES, 112_000, 2),
    "m4a": Format("m4a", "mp4", "aac", "fltp", _AAC_RATES, 128_000, options={"brand": "M4A "}),
    "opus": Format("opus", "opus", "libopus", "flt", (48_000,), 96_000),
    "ogg": Format("ogg", "ogg", "libopus", "flt", (48_000,), 96_000),
}
"""By the ending of the file: how it is made unless asked otherwise."""

ENCODINGS = FORMATS | {
    "wav16": Format("wav", "wav", "pcm_s16le", "s16", options=_WAV, cover=False, chapters=False),
    "wav32f": Format("wav", "wav", "pcm_f32le", "flt", options=_WAV, cover=False, chapters=False),
    "alac": Format("m4a", "mp4", "alac", "s32p", options={"brand": "M4A "}),
    "m4b": Format("m4b", "mp4", "aac", "fltp", _AAC_RATES, 128_000, options={"brand": "M4B "}),
}
"""All ways to make a file, by name. WAV with 16 bits is dithered where there is sound; `wav32f` keeps what is louder
than ±1; `m4b` is an audio book."""

Seal: TypeAlias = Callable[[Path, str], None]
"""(a finished file, its ending: `wav`) → it may be written again, as a whole."""


class SoundWriter:
    """Writes one sound file in constant memory.

        with SoundWriter(path, 24_000) as writer:
            writer.write(samples)

    The file appears at `path`, whole and on the disk, when the block ends; after an error, Ctrl-C or a killed
    process there is none (or the one that was there before). The decoded file has exactly the samples that were
    written, from the first to the last; only an MP3 below 47 samples comes out up to 46 longer. Opus always decodes at
    48 kHz. Samples beyond ±1 are limited to it, and counted in `clipped`.

    Raises `EncodingFailed` (unknown format, too many channels, nothing written), `DiskFull`, `ReadOnly` or another
    `StorageError`.
    """

    def __init__(
        self,
        path: Path,
        sample_rate: int = 48_000,
        channels: int = 1,
        format: str = "wav",  # noqa: A002
        *,
        title: str = "",
        comment: str = "",
        tags: Tags | None = None,
        broadcast: Broadcast | None = None,
        seal: Seal | None = None,
    ) -> None:
        """`tags` go before `title` and `comment`; `broadcast` makes a WAV a Broadcast Wave. Chapters must be in order
        and end where the file does (`tags.in_order`). `seal` is given the whole file before it appears."""
        if format not in ENCODINGS:
            raise EncodingFailed(f"There is no sound format “{format}”.", f"Choose one of {', '.join(ENCODINGS)}.")
        self._format = ENCODINGS[format]
        if broadcast is not None and self._format.container != "wav":
            raise EncodingFailed("Only a WAV can be a Broadcast Wave.", "Choose WAV.")
        if not 1 <= channels <= self._format.max_channels:
            raise EncodingFailed(
                f"A {format} file cannot hold {channels} channels.", f"It holds up to {self._format.max_channels}."
            )
        if not 1_000 <= sample_rate <= 384_000:
            raise EncodingFailed(f"{sample_rate} Hz is no sample rate for a sound file.", "48000 suits every editor.")
        self.path = path
        self.sample_rate = sample_rate
        self.channels = channels
        self.samples = 0
        """Samples written so far, of each channel."""
        self.clipped = 0
        """Samples that were beyond ±1."""
        self._tags = tags or Tags(title=title, comment=comment)
        self._broadcast = broadcast
        self._seal = seal
        rates = self._format.rates
        self._rate = sample_rate if not rates or sample_rate in rates else rates[0]
        self._resampler = Resampler(sample_rate, self._rate, channels)
        self._encoded = 0
        self._random = np.random.default_rng(0)  # the same sound gives the same file

    def __enter__(self) -> Self:
        self._file = self._whole_file()
        self._file.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.__exit__(kind, error, trace)

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append float32 samples of shape (n,) for one channel or (channels, n)."""
        planar = np.atleast_2d(np.asarray(samples, np.float32))
        if planar.ndim != 2 or planar.shape[0] != self.channels:
            raise ValueError(f"expected ({self.channels}, n) samples, got {samples.shape}")
        if not np.isfinite(planar).all():
            raise ValueError("samples are not finite")
        with media_errors(self.path, writing=True):
            for start in range(0, planar.shape[1], _BLOCK):
                block = planar[:, start : start + _BLOCK]
                self.samples += block.shape[1]
                self._encode(self._resampler.push(block))

    @contextlib.contextmanager
    def _whole_file(self) -> Iterator[None]:
        with media_errors(self.path, writing=True), new_file(self.path) as half:
            self._container = av.open(
                str(half.absolute()), "w", format=self._format.container, container_options=self._container_options()
            )
            try:
                self._stream = self._add_stream()
                yield
                self._finish()
                if self._seal is not None:
                    self._seal(half, self._format.suffix)
            except BaseException:
                with contextlib.suppress(av.error.FFmpegError):
                    self._container.close()
                raise

    def _container_options(self) -> dict[str, str]:
        # MP4 keeps the exact length in units of the film, which are milliseconds unless told otherwise.
        exact = {"movie_timescale": str(self._rate)} if self._format.container == "mp4" else {}
        bext = {"write_bext": "1"} if self._broadcast is not None else {}
        return self._format.options | exact | bext

    def _add_stream(self) -> av.AudioStream:
        self._container.metadata.update(self._tags.metadata())
        if self._broadcast is not None:
            self._container.metadata.update(self._broadcast.metadata())
        cover = self._tags.cover if self._format.cover else None
        if self._format.codec == "libopus":  # FFmpeg writes wrong seconds of chapters there
            self._container.metadata.update(chapter_comments(self._tags.chapters, self.sample_rate))
            if cover is not None:
                self._container.metadata["METADATA_BLOCK_PICTURE"] = picture_block(cover)
                cover = None
        stream = self._container.add_stream(self._format.codec, rate=self._rate, layout=LAYOUTS[self.channels])
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.format = self._format.sample_format
        if self._format.bit_rate:
            stream.bit_rate = self._format.bit_rate * self.channels
        if self._format.chapters and self._tags.chapters and self._format.codec != "libopus":
            self._container.set_chapters([self._chapter(*numbered) for numbered in enumerate(self._tags.chapters)])
        if cover is not None:
            self._add_cover(cover)
        return stream

    def _chapter(self, number: int, one: Chapter) -> "av.container.core.Chapter":
        scale = Fraction(1, self.sample_rate)
        title = " ".join(one.title.split()) or f"Chapter {number + 1}"
        if self._format.container == "mp3" and len(title.encode()) > _LONGEST_CHAPTER:
            title = title.encode()[: _LONGEST_CHAPTER - 3].decode(errors="ignore").rstrip() + "…"
        return {"id": number, "start": one.start, "end": one.end, "time_base": scale, "metadata": {"title": title}}

    def _add_cover(self, cover: Cover) -> None:
        picture = self._container.add_stream(cover.codec, rate=1)
        assert isinstance(picture, av.VideoStream)
        picture.width, picture.height = cover.width, cover.height
        picture.pix_fmt = "yuvj420p" if cover.codec == "mjpeg" else "rgb24"
        picture.disposition = Disposition.attached_pic
        self._cover = av.Packet(cover.data)
        self._cover.stream = picture
        self._cover.pts = self._cover.dts = 0
        self._cover.time_base = Fraction(1, 1)
        self._cover.is_keyframe = True
        self._container.mux(self._cover)

    def _finish(self) -> None:
        if self.samples == 0:
            raise EncodingFailed(f"There is no sound to write to {self.path.name}.", "Make some sound first.")
        self._encode(self._resampler.finish())
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def _encode(self, samples: NDArray[np.float32]) -> None:
        if samples.shape[1] == 0:
            return
        self.clipped += int(np.count_nonzero(np.abs(samples) > 1.0))
        planar = np.clip(samples, -1.0, 1.0) if self._format.limited else samples
        frame = _frame(self._as_stored(planar), self._format.sample_format)
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._encoded
        self._encoded += planar.shape[1]
        self._container.mux(self._stream.encode(frame))

    def _as_stored(self, planar: NDArray[np.float32]) -> NDArray[Any]:
        """16 bits get triangular dither, but none in digital silence."""
        if self._format.sample_format.startswith("s32"):
            return _twenty_four_bits(planar)
        if self._format.sample_format != "s16":
            return planar
        noise = self._random.random((2, *planar.shape), np.float32)
        scaled = planar * np.float32(2**15) + (noise[0] - noise[1]) * (planar != 0)
        stored: NDArray[np.int16] = np.clip(np.rint(scaled), -(2**15), 2**15 - 1).astype(np.int16)
        return stored


def _twenty_four_bits(planar: NDArray[np.float32]) -> NDArray[np.int32]:
    """In the upper part of 32, rounded to nearest."""
    scaled = np.rint(planar * np.float32(_TWENTY_FOUR_BITS))
    stored: NDArray[np.int32] = np.minimum(scaled, _TWENTY_FOUR_BITS - 1).astype(np.int32) << 8
    return stored


def _frame(planar: NDArray[Any], sample_format: str) -> av.AudioFrame:
    """Samples of shape (channels, n). PyAV takes no eight planes, so that eight channels are interleaved."""
    layout = LAYOUTS[planar.shape[0]]
    if sample_format.endswith("p") and planar.shape[0] < 8:
        return av.AudioFrame.from_ndarray(np.ascontiguousarray(planar), sample_format, layout)
    packed = np.ascontiguousarray(planar.T).reshape(1, -1)
    return av.AudioFrame.from_ndarray(packed, sample_format.removesuffix("p"), layout)
