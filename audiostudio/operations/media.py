"""Looking at and listening to a file of the library, in a worker: a hostile file ends that, not the window."""

import itertools
from collections.abc import Generator
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from numpy.typing import NDArray

from audiostudio.errors import StudioError
from audiostudio.files import new_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.looks import COLUMNS, EDGE, LONGEST, thumbnail_file
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import SoundStream
from audiostudio.sound.media import media_errors, open_media
from audiostudio.sound.peaks import peaks

_MOST_FILES = 20_000
"""Thumbnails that are kept; the oldest quarter goes when there are more."""
_FILM_SECONDS = 3.0
"""Where a film's thumbnail is taken: many begin black. A third of the way into shorter ones."""
_MOST_FRAMES = 150
"""That are decoded to get there."""


def thumbnails(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{items: [{key, path, look}]}` → a partial `thumbnail` of `{key, made}` for each, in their order.

    `look` is `outline` (of a sound) or `picture` (a picture's, or one of a film). They lie in the profile's cache under
    `thumbnail_file(…)`: an outline is float32 (3, COLUMNS), least, greatest and RMS, −1…1.
    """
    folder = studio.profile.cache / "thumbnails"
    folder.mkdir(parents=True, exist_ok=True)
    _prune(folder)
    made = 0
    for number, item in enumerate(request["items"]):
        yield Progress(number / len(request["items"]))
        file = thumbnail_file(studio.profile.cache, item["key"], item["look"])
        try:
            if item["look"] == "outline":
                _write_outline(Path(item["path"]), file)
            else:
                _write_picture(Path(item["path"]), file)
        except StudioError:  # a file without a picture of its own is shown by its kind
            yield Partial("thumbnail", {"key": item["key"], "made": False})
        else:
            made += 1
            yield Partial("thumbnail", {"key": item["key"], "made": True})
    return {"made": made}


def outlines(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{items: [{key, path, file}]}` → a partial `outline` of `{key, made}` for each: `sound.peaks` of `path`, kept in
    `file`."""
    for number, item in enumerate(request["items"]):
        yield Progress(number / len(request["items"]))
        file = Path(item["file"])
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            peaks(Path(item["path"])).save(file)
        except StudioError:  # a file that cannot be read has no outline
            yield Partial("outline", {"key": item["key"], "made": False})
        else:
            yield Partial("outline", {"key": item["key"], "made": True})
    return {}


def listen(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{path}` → partials `sound` with `{start, sample_rate}` and the array `audio`, float32 (channels, n).

    → `{seconds, cut}`: `cut` when there is more than the first `LONGEST` seconds. At most two channels.
    """
    stream = SoundStream(Path(request["path"]))
    samples = 0
    for chunk in stream:
        if samples >= LONGEST * stream.sample_rate:
            return {"seconds": samples / stream.sample_rate, "cut": True}
        audio = chunk if chunk.shape[0] <= 2 else chunk.mean(axis=0, keepdims=True)
        yield Partial("sound", {"start": samples, "sample_rate": stream.sample_rate}, {"audio": audio})
        samples += chunk.shape[1]
    return {"seconds": samples / stream.sample_rate if samples else 0.0, "cut": False}


def _write_outline(path: Path, file: Path) -> None:
    found = peaks(path)
    least, greatest, rms = found.view(0, found.length, COLUMNS)
    outline = np.stack([least.min(axis=0), greatest.max(axis=0), rms.mean(axis=0)]).astype(np.float32)
    with new_file(file) as half, half.open("wb") as opened:
        np.save(opened, outline, allow_pickle=False)


def _write_picture(path: Path, file: Path) -> None:
    picture = _picture(path)
    height, width = picture.shape[:2]
    with (
        media_errors(file, writing=True),
        new_file(file) as half,
        av.open(str(half), "w", format="image2", options={"update": "1"}) as container,
    ):
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = width, height, "rgba"
        frame = av.VideoFrame.from_ndarray(picture, format="rgba")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _picture(path: Path) -> NDArray[np.uint8]:
    """RGBA (height, width, 4), small, and the right way up."""
    with open_media(path) as container:
        stream = next((s for s in container.streams.video if not s.disposition & Disposition.attached_pic), None)
        frame = None if stream is None else _frame(container, stream)
        if frame is None:
            raise _no_picture(path)
        scale = min(1.0, EDGE / max(frame.width, frame.height))
        size = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
        small = frame.reformat(width=size[0], height=size[1], format="rgba").to_ndarray()
        turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(small, turns))


def _frame(container: InputContainer, stream: av.VideoStream) -> av.VideoFrame | None:
    """A frame a little into a film, or the only one of a picture."""
    seconds = min(_FILM_SECONDS, (container.duration or 0) / av.time_base / 3)
    if seconds:
        container.seek(round(seconds * av.time_base))
    frame = None
    for frame in itertools.islice(container.decode(stream), _MOST_FRAMES):
        if frame.time is None or frame.time >= seconds:
            break
    return frame


def _no_picture(path: Path) -> StudioError:
    return StudioError(f"{path.name} has no picture.")


def _prune(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns) if _crowded(folder) else []
    for file in files[: _MOST_FILES // 4]:
        file.unlink(missing_ok=True)


def _crowded(folder: Path) -> bool:
    return sum(1 for _ in folder.iterdir()) > _MOST_FILES
