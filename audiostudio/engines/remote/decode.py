"""Sound as it comes over a line: bytes in, mono float32 out."""

from collections.abc import Iterator
from typing import Protocol

import av
import av.error
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from numpy.typing import NDArray

from audiostudio.engines.remote.trouble import StrangeAnswer
from audiostudio.sound.files import as_float
from audiostudio.sound.resample import Resampler

Samples = NDArray[np.float32]


class Decoder(Protocol):
    """Takes in a sound piece by piece. Raises `StrangeAnswer` for what is no such sound."""

    def push(self, data: bytes) -> Samples:
        """The samples that are known now, shape (n,)."""
        ...

    def finish(self) -> Samples:
        """The rest."""
        ...


class Pcm:
    """16-bit little-endian mono at the rate that is wanted."""

    def __init__(self) -> None:
        self._rest = b""

    def push(self, data: bytes) -> Samples:
        data = self._rest + data
        whole = len(data) // 2 * 2
        self._rest = data[whole:]
        return np.frombuffer(data[:whole], "<i2").astype(np.float32) / np.float32(32768)

    def finish(self) -> Samples:
        return np.zeros(0, np.float32)


class Mp3:
    """MP3 frames of any rate, brought to the rate that is wanted."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        context = av.CodecContext.create("mp3", "r")
        assert isinstance(context, AudioCodecContext)
        self._context = context
        self._resampler: Resampler | None = None
        self._from = 0

    def push(self, data: bytes) -> Samples:
        return self._joined(self._decoded(data))

    def finish(self) -> Samples:
        rest = self._joined(self._decoded(b""))
        if self._resampler is None:
            raise StrangeAnswer("no sound")
        return np.concatenate([rest, self._resampler.finish()[0]])

    def _decoded(self, data: bytes) -> Iterator[Samples]:
        for packet in self._context.parse(data or None):
            try:
                frames = self._context.decode(packet)
            except av.error.FFmpegError:  # tags, at the beginning and the end; of a web page nothing is left
                continue
            for frame in frames:
                yield self._at_rate(as_float(frame).mean(axis=0, dtype=np.float32), frame.sample_rate)

    def _at_rate(self, samples: Samples, rate: int) -> Samples:
        if self._resampler is None:
            self._resampler, self._from = Resampler(rate, self._rate, 1), rate
        if rate != self._from:
            raise StrangeAnswer("sound that changes its rate")
        pushed: Samples = self._resampler.push(samples[np.newaxis])[0]
        return pushed

    def _joined(self, pieces: Iterator[Samples]) -> Samples:
        return np.concatenate([np.zeros(0, np.float32), *pieces])


class Wav:
    """A WAV file of 16-bit samples, as servers stream it: its lengths may be wrong."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._head = b""
        self._channels = 0
        self._rest = b""
        self._resampler: Resampler | None = None

    def push(self, data: bytes) -> Samples:
        if self._resampler is None:
            self._head += data
            begin = self._begin()
            if begin is None:
                return np.zeros(0, np.float32)
            data, self._head = self._head[begin:], b""
        assert self._resampler is not None
        data = self._rest + data
        whole = len(data) // (2 * self._channels) * (2 * self._channels)
        self._rest = data[whole:]
        samples = np.frombuffer(data[:whole], "<i2").reshape(-1, self._channels).astype(np.float32) / np.float32(32768)
        mixed: Samples = samples.mean(axis=1, dtype=np.float32)
        pushed: Samples = self._resampler.push(mixed[np.newaxis])[0]
        return pushed

    def finish(self) -> Samples:
        if self._resampler is None:
            raise StrangeAnswer("no sound")
        rest: Samples = self._resampler.finish()[0]
        return rest

    def _begin(self) -> int | None:
        """Where the samples begin, once it is known."""
        head = self._head
        if len(head) >= 12 and (head[:4] not in (b"RIFF", b"RF64") or head[8:12] != b"WAVE"):
            raise StrangeAnswer("no sound")
        at = 12
        while len(head) >= at + 8:
            name, size = head[at : at + 4], int.from_bytes(head[at + 4 : at + 8], "little")
            if name == b"data":
                if self._resampler is None:
                    raise StrangeAnswer("sound without a format")
                return at + 8
            if name == b"fmt " and len(head) >= at + 24:
                self._read_format(head[at + 8 : at + 24])
            at += 8 + size + size % 2
        if len(head) > 1 << 20:
            raise StrangeAnswer("no sound")
        return None

    def _read_format(self, data: bytes) -> None:
        self._channels = int.from_bytes(data[2:4], "little")
        rate, bits = int.from_bytes(data[4:8], "little"), int.from_bytes(data[14:16], "little")
        if bits != 16 or not 1 <= self._channels <= 8 or not 4000 <= rate <= 384_000:
            raise StrangeAnswer("sound of another kind than 16-bit WAV")
        self._resampler = Resampler(rate, self._rate, 1)
