"""Sound files: read and written through PyAV, in constant memory."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
import numpy as np
from av.codec.context import ThreadType
from av.container import InputContainer
from numpy.typing import NDArray

from audiostudio.errors import UnreadableMedia
from audiostudio.sound.media import (
    MAX_CHANNELS,
    MAX_SAMPLE_RATE,
    MediaInfo,
    exact_length,
    open_media,
    probe,
    sound_stream,
)
from audiostudio.sound.resample import Resampler
from audiostudio.sound.writer import FORMATS, SoundWriter

__all__ = ["FORMATS", "MediaInfo", "Sound", "SoundWriter", "decode", "probe", "read_sound", "write_sound"]

CHUNK = 65_536
"""Samples in one decoded chunk, about."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A whole sound in memory."""

    samples: NDArray[np.float32]
    """Planar, shape (channels, samples), −1…1."""
    sample_rate: int

    @property
    def channels(self) -> int:
        return int(self.samples.shape[0])

    @property
    def duration(self) -> float:
        """Seconds."""
        return int(self.samples.shape[1]) / self.sample_rate


def read_sound(path: Path, sample_rate: int | None = None, mono: bool = False) -> Sound:
    """The whole of `path`, at its own rate or at `sample_rate`. Raises as `decode` does."""
    stream = SoundStream(path, sample_rate, mono)
    chunks = list(stream)
    return Sound(np.concatenate(chunks, axis=1), stream.sample_rate)


def write_sound(path: Path, sound: Sound, format: str = "wav", title: str = "", comment: str = "") -> None:  # noqa: A002
    """Write `sound` to `path`, whole or not at all. Raises as `SoundWriter` does."""
    with SoundWriter(path, sound.sample_rate, sound.channels, format, title=title, comment=comment) as writer:
        writer.write(sound.samples)


def decode(path: Path, sample_rate: int | None = None, mono: bool = False) -> Iterator[NDArray[np.float32]]:
    """The sound in `path` as float32 (channels, n) chunks, n > 0, in constant memory.

    Raises `MissingMedia`, `UnreadableMedia` (also at the end, after everything that could be read, when the file
    was cut short) or a `StorageError`.
    """
    return iter(SoundStream(path, sample_rate, mono))


class SoundStream:
    """The sound in one file, decoded as it is asked for. `sample_rate` is known once iteration has begun."""

    def __init__(self, path: Path, sample_rate: int | None = None, mono: bool = False) -> None:
        self.path = path
        self.sample_rate = sample_rate or 0
        self._mono = mono

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        waiting: list[NDArray[np.float32]] = []
        held = 0
        try:
            for piece in self._at_one_rate():
                waiting.append(piece)
                held += piece.shape[1]
                if held >= CHUNK:
                    yield np.concatenate(waiting, axis=1)
                    waiting, held = [], 0
        except UnreadableMedia:
            if held:
                yield np.concatenate(waiting, axis=1)
            raise
        if held:
            yield np.concatenate(waiting, axis=1)

    def _at_one_rate(self) -> Iterator[NDArray[np.float32]]:
        """Frames of a damaged or chained file may change their rate and channels on the way: the first decide."""
        channels = 0
        rate = 0
        resampler: Resampler | None = None
        for samples, frame_rate in self._frames():
            channels = channels or (1 if self._mono else samples.shape[0])
            self.sample_rate = self.sample_rate or frame_rate
            if frame_rate != rate:
                if resampler is not None:
                    yield resampler.finish()
                rate = frame_rate
                resampler = Resampler(rate, self.sample_rate, channels)
            assert resampler is not None
            yield resampler.push(_with_channels(samples, channels))
        if resampler is None:
            raise UnreadableMedia(f"{self.path.name} holds no sound that can be decoded.", "Export it again.")
        yield resampler.finish()

    def _frames(self) -> Iterator[tuple[NDArray[np.float32], int]]:
        with open_media(self.path) as container:
            stream = sound_stream(container, self.path)
            stream.codec_context.thread_type = ThreadType.AUTO
            length = exact_length(container, stream, self.path)
            given = 0.0
            for frame in _decodable(container, stream):
                rate = frame.sample_rate
                if not (0 < rate <= MAX_SAMPLE_RATE and 0 < frame.layout.nb_channels <= MAX_CHANNELS):
                    raise UnreadableMedia(f"{self.path.name} changes to an impossible sample rate.", "Export it again.")
                samples = as_float(frame)
                if length is not None:
                    samples = samples[:, : max(0, round((length - given) * rate))]
                given += samples.shape[1] / rate
                yield samples, rate
        if length is not None and given < length - 0.1:
            raise UnreadableMedia(
                f"{self.path.name} is damaged or was cut short: {given:.1f} of {length:.1f} seconds can be read.",
                "Copy or export it again.",
            )


def _decodable(container: InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    """Every frame that can be decoded. Players skip damaged packets too: many an MP3 ends with some."""
    for packet in _readable(container, stream):
        try:
            frames = stream.codec_context.decode(packet)
        except av.error.FFmpegError:
            continue
        yield from frames


def _readable(container: InputContainer, stream: av.AudioStream) -> Iterator["av.Packet[av.AudioStream]"]:
    with contextlib.suppress(av.error.InvalidDataError):
        yield from container.demux(stream)


_FULL_SCALE = {"s16": 2.0**-15, "s32": 2.0**-31, "s64": 2.0**-63}


def as_float(frame: av.AudioFrame) -> NDArray[np.float32]:
    """A decoded frame as float32 (channels, n)."""
    if frame.format.is_planar and frame.layout.nb_channels >= 8:  # PyAV crashes on so many planes
        (frame,) = av.AudioResampler(frame.format.packed.name).resample(frame)
    name = frame.format.name
    array = frame.to_ndarray()
    if not frame.format.is_planar:
        array = array.reshape(-1, frame.layout.nb_channels).T
    kind = name.removesuffix("p")
    if kind == "u8":
        return np.ascontiguousarray((array.astype(np.float32) - 128.0) / 128.0)
    if kind in _FULL_SCALE:
        return np.ascontiguousarray(np.multiply(array, np.float32(_FULL_SCALE[kind]), dtype=np.float32))
    return np.nan_to_num(np.ascontiguousarray(array, np.float32), posinf=1.0, neginf=-1.0)


def _with_channels(samples: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    if samples.shape[0] == channels:
        return samples
    mean = samples.mean(axis=0, keepdims=True, dtype=np.float32)
    return np.repeat(mean, channels, axis=0)
