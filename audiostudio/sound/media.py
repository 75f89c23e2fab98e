"""Media files from outside, opened with care; what is in them; PyAV's errors in the user's words.

A hostile file can crash FFmpeg itself: open what comes from outside in a worker process.
"""

import contextlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import av
import av.error
from av.container import InputContainer
from av.stream import Disposition, Stream

from audiostudio.errors import EncodingFailed, MediaError, UnreadableMedia
from audiostudio.files import storage_errors

Kind: TypeAlias = Literal["sound", "picture", "film"]

MAX_CHANNELS = 64
MAX_SAMPLE_RATE = 768_000

# Playlists (hls, concat, dash …), devices and raw or text formats are left out: they open other files and
# addresses, or read anything at all as if it were media.
DEMUXERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,eac3,flac,flv,gif,ico,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,"
    "mpeg,mpegts,mxf,ogg,rm,tak,tta,voc,w64,wav,wv,apng,image2,bmp_pipe,dds_pipe,dpx_pipe,exr_pipe,gif_pipe,hdr_pipe,"
    "j2k_pipe,jpeg_pipe,jpegls_pipe,jpegxl_pipe,jpegxl_anim,pam_pipe,pbm_pipe,pcx_pipe,pgm_pipe,png_pipe,ppm_pipe,"
    "psd_pipe,qoi_pipe,sgi_pipe,sunrast_pipe,tiff_pipe,webp_pipe,xbm_pipe,xpm_pipe,xwd_pipe"
)


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file says about itself. Fields that do not apply are None."""

    kind: Kind
    format: str
    """`wav`, `mp3`, `m4a`, `mp4`, `webm`, `png` …: by content, not by the file's name."""
    codec: str
    """Of the picture where there is one, else of the sound."""
    duration: float | None = None
    """Seconds; an estimate for formats without an index (raw AAC, MP3 without a header)."""
    sample_rate: int | None = None
    channels: int | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None


@contextlib.contextmanager
def media_errors(path: Path, writing: bool = False) -> Iterator[None]:
    """Turn PyAV's and the system's errors about `path` into `StudioError`s."""
    try:
        with storage_errors(path):
            yield
    except av.error.FFmpegError as error:
        raise _explained(error, path, writing) from error


def _explained(error: av.error.FFmpegError, path: Path, writing: bool) -> MediaError:
    if writing:
        reason = error.strerror or type(error).__name__
        return EncodingFailed(f"{path.name} could not be written: {reason}.", "Try another format.")
    if isinstance(error, (av.error.LookupError, av.error.PatchWelcomeError, NotImplementedError)):
        return UnreadableMedia(f"{path.name} is in a format that cannot be read here.", "Convert it to WAV or MP4.")
    return UnreadableMedia(
        f"{path.name} is damaged, cut short or not a sound, picture or film.", "Copy or export it again."
    )


@contextlib.contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """The opened file. Raises `MissingMedia`, `UnreadableMedia` or a `StorageError`."""
    with media_errors(path):
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableMedia(f"{path.name} is a folder or a device, not a file.", "Choose a file.")
        if status.st_size == 0:
            raise UnreadableMedia(f"{path.name} is empty.", "Copy or export it again.")
        # An absolute path is never taken for an address; pattern_type: nor a % in it for a series of pictures.
        options = {"protocol_whitelist": "file", "format_whitelist": DEMUXERS, "pattern_type": "none"}
        with av.open(str(path.absolute()), container_options=options, metadata_errors="replace") as container:
            yield container


def probe(path: Path) -> MediaInfo:
    """What is in `path`, from its headers. Raises `MissingMedia`, `UnreadableMedia` or a `StorageError`."""
    with open_media(path) as container:
        audio = next((stream for stream in container.streams.audio if _plausible(stream)), None)
        video = next((stream for stream in container.streams.video if _pictures(stream)), None)
        if audio is None and video is None:
            raise UnreadableMedia(f"{path.name} holds no sound, picture or film.", "Choose another file.")
        kind: Kind = "sound" if video is None else "picture" if audio is None and _still(container) else "film"
        first: Stream | None = video or audio
        assert first is not None
        rate = video.average_rate if video is not None and kind == "film" else None
        return MediaInfo(
            kind=kind,
            format=_format(container.format.name, path.suffix.lower(), kind),
            codec=first.codec_context.codec.canonical_name,
            duration=_duration(container, first, kind),
            sample_rate=audio.sample_rate if audio else None,
            channels=audio.channels if audio else None,
            width=video.width if video else None,
            height=video.height if video else None,
            frame_rate=float(rate) if rate else None,
        )


def read_tags(path: Path) -> dict[str, str]:
    """What a file says about itself in words, by FFmpeg's names in small letters. Raises as `probe`."""
    with open_media(path) as container:
        streams = [stream.metadata for stream in container.streams.audio]
        return {name.lower(): text for tags in (*streams, container.metadata) for name, text in tags.items()}


def _plausible(stream: av.AudioStream) -> bool:
    # A stream whose codec is unknown has none of these.
    channels, rate = getattr(stream, "channels", 0), getattr(stream, "sample_rate", 0)
    return 0 < channels <= MAX_CHANNELS and 0 < rate <= MAX_SAMPLE_RATE


def _pictures(stream: av.VideoStream) -> bool:
    """Whether these are a film's or picture's own, not the cover of a sound."""
    cover = stream.disposition & Disposition.attached_pic
    return not cover and getattr(stream, "width", 0) > 0 and getattr(stream, "height", 0) > 0


def sound_stream(container: InputContainer, path: Path) -> av.AudioStream:
    """The first sound in `container`. Raises `UnreadableMedia` when there is none that can be believed."""
    for stream in container.streams.audio:
        if _plausible(stream):
            return stream
    if container.streams.audio:
        sentence = f"{path.name} has an unknown codec or claims an impossible sample rate or number of channels."
        raise UnreadableMedia(sentence, "Export it again.")
    held = "is a picture, not a sound" if container.streams.video and _still(container) else "holds no sound"
    raise UnreadableMedia(f"{path.name} {held}.", "Choose a sound, or a film with sound.")


def _still(container: InputContainer) -> bool:
    """Whether there is one picture only. A GIF, WebP or APNG is still when it has one frame."""
    name = container.format.name
    if name.endswith("_pipe") or name in ("image2", "ico"):
        return True
    if name not in ("gif", "apng", "jpegxl_anim", "mov,mp4,m4a,3gp,3g2,mj2"):
        return False
    stream = container.streams.video[0]
    if name.startswith("mov"):
        return stream.frames == 1
    packets = (packet for packet in container.demux(stream) if packet.size)
    return next(packets, None) is not None and next(packets, None) is None


def _duration(container: InputContainer, stream: Stream, kind: Kind) -> float | None:
    if kind == "picture":
        return None
    if kind == "sound" and stream.duration is not None and stream.time_base is not None:
        length = float(stream.duration * stream.time_base)
        return max(0.0, length - pre_skip(container, stream) / 48_000)
    return container.duration / av.time_base if container.duration is not None else None


def exact_length(container: InputContainer, stream: av.AudioStream, path: Path) -> float | None:
    """Seconds of sound, for files whose headers say it exactly; None for others.

    MP4 counts the encoder's padding at the end in its packets but not in its edit list, and FFmpeg decodes it all.
    """
    name = container.format.name
    if name == "wav":
        return _wav_length(stream, path)
    # Only a LAME header gives an MP3 a start after zero, and with it an exact length.
    exact = name in ("w64", "flac", "aiff", "caf", "mov,mp4,m4a,3gp,3g2,mj2") or (name == "mp3" and stream.start_time)
    if not exact or not stream.duration or stream.time_base is None:
        return None
    return float(stream.duration * stream.time_base)


def _wav_length(stream: av.AudioStream, path: Path) -> float | None:
    """From the size in the header, which FFmpeg quietly replaces by that of a file that was cut short."""
    with path.open("rb") as file:
        claimed = int.from_bytes(file.read(8)[4:], "little") + 8
    missing = claimed - path.stat().st_size
    if not stream.duration or stream.time_base is None or not stream.bit_rate or claimed > 0x7FFF_0000:
        return None  # a stream's header, written before its length was known, claims as much as fits
    return float(stream.duration * stream.time_base) + max(0, missing) * 8 / stream.bit_rate


def pre_skip(container: InputContainer, stream: Stream) -> int:
    """Samples at 48 kHz that an Opus stream in Ogg counts in its length but that are not sounded (RFC 7845)."""
    header = stream.codec_context.extradata
    if container.format.name != "ogg" or stream.codec_context.name != "opus" or not header or len(header) < 12:
        return 0
    return int.from_bytes(header[10:12], "little")


def _format(name: str, suffix: str, kind: Kind) -> str:
    if name.startswith("mov,"):
        named = suffix.lstrip(".")
        fallback = "m4a" if kind == "sound" else "mp4"
        return named if named in ("mp4", "m4a", "mov", "3gp", "m4v", "m4b", "heic", "avif") else fallback
    if name == "matroska,webm":
        return "webm" if suffix == ".webm" else "mkv"
    if name == "ogg":
        return "opus" if suffix == ".opus" else "ogg"
    return suffix.lstrip(".") if name == "image2" else name.removesuffix("_pipe")
