"""Writing sound files: streamed, exact in length, whole or not at all."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import EncodingFailed
from audiostudio.files import new_file
from audiostudio.sound.media import media_errors
from audiostudio.sound.resample import Resampler

LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
_BLOCK = 65_536
_TWENTY_FOUR_BITS = 2**23


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is made."""

    container: str
    codec: str
    sample_format: str
    rates: tuple[int, ...] = ()
    """Rates the codec takes, best first; empty: any. Another rate is resampled to the first."""
    bit_rate: int | None = None
    """Bits a second for each channel."""
    max_channels: int = 8
    options: dict[str, str] = field(default_factory=dict)


_MP3_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
_AAC_RATES = (48_000, 96_000, 88_200, 64_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)

# WAV and FLAC have 24 bits: what film editors expect, silence stays exactly silent (16 bits would need dither
# noise), and a sound can be read, changed and written again many times without loss that anyone could hear.
# Ogg holds Opus: FFmpeg's own Vorbis encoder is experimental.
FORMATS = {
    "wav": Format("wav", "pcm_s24le", "s32", options={"rf64": "auto"}),
    "flac": Format("flac", "flac", "s32"),
    "mp3": Format("mp3", "libmp3lame", "fltp", _MP3_RATES, 112_000, 2),
    "m4a": Format("ipod", "aac", "fltp", _AAC_RATES, 128_000),
    "opus": Format("opus", "libopus", "flt", (48_000,), 96_000),
    "ogg": Format("ogg", "libopus", "flt", (48_000,), 96_000),
}


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
    ) -> None:
        if format not in FORMATS:
            raise EncodingFailed(f"There is no sound format “{format}”.", f"Choose one of {', '.join(FORMATS)}.")
        self._format = FORMATS[format]
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
        self._metadata = {name: text for name, text in (("title", title), ("comment", comment)) if text}
        rates = self._format.rates
        self._rate = sample_rate if not rates or sample_rate in rates else rates[0]
        self._resampler = Resampler(sample_rate, self._rate, channels)
        self._encoded = 0

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
            except BaseException:
                with contextlib.suppress(av.error.FFmpegError):
                    self._container.close()
                raise

    def _container_options(self) -> dict[str, str]:
        # MP4 keeps the exact length in units of the film, which are milliseconds unless told otherwise.
        exact = {"movie_timescale": str(self._rate)} if self._format.container == "ipod" else {}
        return self._format.options | exact

    def _add_stream(self) -> av.AudioStream:
        self._container.metadata.update(self._metadata)
        stream = self._container.add_stream(self._format.codec, rate=self._rate, layout=LAYOUTS[self.channels])
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.format = self._format.sample_format
        if self._format.bit_rate:
            stream.bit_rate = self._format.bit_rate * self.channels
        return stream

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
        planar = np.clip(samples, -1.0, 1.0)
        if self._format.sample_format == "s32":
            frame = _integer_frame(planar)
        else:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planar), "fltp", LAYOUTS[self.channels])
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._encoded
        self._encoded += planar.shape[1]
        self._container.mux(self._stream.encode(frame))


def _integer_frame(planar: NDArray[np.float32]) -> av.AudioFrame:
    """24 bits in the upper part of 32, rounded to nearest."""
    scaled = np.rint(planar.T * np.float32(_TWENTY_FOUR_BITS))
    integers = np.minimum(scaled, _TWENTY_FOUR_BITS - 1).astype(np.int32) << 8
    return av.AudioFrame.from_ndarray(integers.reshape(1, -1), "s32", LAYOUTS[planar.shape[0]])
