"""Takes that a person makes: recordings, written so that a crash loses nothing, and files brought in."""

import contextlib
import json
import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import UnreadableMedia
from audiostudio.files import storage_errors
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset, AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.lock import try_lock
from audiostudio.operations.generate import scratch
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights
from audiostudio.sound.files import SoundWriter, decode
from audiostudio.sound.resample import Resampler
from audiostudio.timeline.project import TakeSource, new_id

Pieces: TypeAlias = Callable[[], Iterator[NDArray[np.float32]]]
"""Begins a sound at 48 kHz, in pieces of shape (1, n); can be asked twice."""

YOURS = Rights("yours", True)
LONGEST = 4 * 3600
"""Seconds of a take of one line."""
_SUFFIX = ".recording"
_SYNC_SECONDS = 2.0
"""What a loss of power may cost."""
_READ = 1 << 18
"""Samples of a recording that are read at once."""
_QUIET = 10 ** (-50 / 20)
_ROOM = 0.05
"""Seconds that are kept before and after the sound when silence is cut off."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of a line that is no take yet."""

    path: Path
    sample_rate: int
    about: JsonObject
    """What its recorder was told: `project`, `name`, and `line` and `text`, or `timeline`, `track` and more."""


class RecordingWriter:
    """Takes what a microphone gives to the disk at once: what was said until a crash is there after it.

        with RecordingWriter(studio, 48_000, {"project": …, "line": …, "text": …, "name": …}) as writer:
            writer.write(samples)
        # then the job `takes.keep` of {"recording": str(writer.path)}

    Raises `StorageError`. One thread writes.
    """

    def __init__(self, studio: Studio, sample_rate: int, about: JsonObject) -> None:
        self.path = _folder(studio) / f"{new_id()}{_SUFFIX}"
        self.sample_rate = sample_rate
        self.samples = 0
        self._unsynced = 0
        head = json.dumps({"sample_rate": sample_rate, "about": about}).encode() + b"\n"
        with storage_errors(self.path):
            self.path.parent.mkdir(exist_ok=True)
            self._file = self.path.open("xb", buffering=0)
            try_lock(self._file.fileno())
            self._file.write(head)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append mono samples, shape (n,), or the mean of the channels of (channels, n)."""
        mono = samples if samples.ndim == 1 else samples.mean(axis=0, dtype=np.float32)
        data = memoryview(np.nan_to_num(np.ascontiguousarray(mono, "<f4")).tobytes())
        with storage_errors(self.path):
            while data:
                data = data[self._file.write(data) :]
            self.samples += len(mono)
            self._unsynced += len(mono)
            if self._unsynced >= _SYNC_SECONDS * self.sample_rate:
                os.fsync(self._file.fileno())
                self._unsynced = 0

    def close(self) -> None:
        if not self._file.closed:
            with storage_errors(self.path):
                os.fsync(self._file.fileno())
                self._file.close()

    def discard(self) -> None:
        """The user does not want it."""
        self.close()
        self.path.unlink(missing_ok=True)


def left_recordings(studio: Studio) -> list[Recording]:
    """Recordings that a crash kept from becoming takes; one that is being made now is not among them."""
    found = []
    with storage_errors(_folder(studio)):
        for path in sorted(_folder(studio).glob(f"*{_SUFFIX}")):
            with path.open("rb") as file:
                if try_lock(file.fileno()) is not False:
                    with contextlib.suppress(UnreadableMedia):
                        found.append(_opened(path, file.readline(1 << 20)))
    return found


def keep(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{recording}` (a `RecordingWriter.path`), or `{file, project, line, text, name}` → `{asset, seconds}`.

    The sound becomes a take of the line at 48 kHz, told by a partial `take` as `speech.generate` does; a recording of
    no line becomes a file of the library. `trim`: silence before and after it is cut off. The recording is removed
    then; a file stays where it is.
    Raises `MissingMedia`, `UnreadableMedia` (no sound, damaged, longer than four hours), `StorageError`.
    """
    trim = bool(request.get("trim"))
    if "recording" in request:
        path = Path(request["recording"])
        with storage_errors(path), path.open("rb") as file:
            recording = _opened(path, file.readline(1 << 20))
        about = recording.about | {name: request[name] for name in ("text", "name") if name in request}
        asset = yield from _kept(studio, lambda: _recorded(recording), about, TakeSource.RECORDED, trim)
        with storage_errors(path):
            path.unlink(missing_ok=True)
    else:
        path = Path(request["file"])
        asset = yield from _kept(
            studio, lambda: decode(path, SAMPLE_RATE, mono=True), request, TakeSource.IMPORTED, trim
        )
    return {"asset": asset.id, "seconds": asset.duration}


def _kept(
    studio: Studio, pieces: Pieces, about: JsonObject, source: TakeSource, trim: bool
) -> Generator[Progress | Partial, None, Asset]:
    text: str = about.get("text", "")
    start, end = (yield from _sounding(pieces())) if trim else (0, LONGEST * SAMPLE_RATE + 1)
    if start == end:
        raise _silent()
    with scratch(studio) as path:
        with SoundWriter(path, SAMPLE_RATE, 1, "wav") as writer:
            at = 0
            for piece in pieces():
                writer.write(piece[:, max(0, start - at) : max(0, end - at)])
                at += piece.shape[1]
                if writer.samples > LONGEST * SAMPLE_RATE:
                    raise UnreadableMedia("A take of one line lasts four hours at most.", "Cut the file first.")
                yield Progress(None, "Reading the sound")
            if not writer.samples:
                raise _silent()
        asset = studio.library.add(
            path,
            NewAsset(
                AssetKind.RECORDING,
                AssetSource.RECORDED if source is TakeSource.RECORDED else AssetSource.UPLOADED,
                " – ".join(filter(None, (about.get("name") or "Recording", " ".join(text.split()[:6])))),
                rights=YOURS if source is TakeSource.RECORDED else None,
                media=MediaInfo(writer.samples / SAMPLE_RATE, SAMPLE_RATE, 1),
                text=text,
                project=about.get("project"),
                line=about.get("line"),
                take_only="line" in about,
                detail={"samples": writer.samples, "words": [], "text": text},
            ),
        )
    if "line" not in about:
        return asset
    if about.get("project") is not None:
        studio.library.add_take(about["project"], about["line"], asset.id, [])
    yield Partial(
        "take",
        {
            "line": about["line"],
            "text": about["text"],
            "asset": asset.id,
            "content_hash": asset.content_hash,
            "path": asset.path.relative_to(studio.library.media).as_posix(),
            "recipe_key": f"content {asset.content_hash}",
            "samples": writer.samples,
            "sample_rate": SAMPLE_RATE,
            "words": [],
            "source": source.value,
        },
    )
    return asset


def _folder(studio: Studio) -> Path:
    """Not the workshop, which is tidied: what a crash left stays until somebody says what becomes of it."""
    return studio.library.folder / "recordings"


def _opened(path: Path, head: bytes) -> Recording:
    try:
        data: Any = json.loads(head)
        return Recording(path, int(data["sample_rate"]), dict(data["about"]))
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableMedia(f"{path.name} is no recording.", "Record the line again.") from error


def _recorded(recording: Recording) -> Iterator[NDArray[np.float32]]:
    """Its samples at 48 kHz, shape (1, n)."""
    resampler = Resampler(recording.sample_rate, SAMPLE_RATE)
    with storage_errors(recording.path), recording.path.open("rb") as file:
        file.readline(1 << 20)
        while data := file.read(4 * _READ):
            whole = data[: len(data) // 4 * 4]
            yield resampler.push(np.frombuffer(whole, "<f4").astype(np.float32)[np.newaxis])
    yield resampler.finish()


def _sounding(pieces: Iterator[NDArray[np.float32]]) -> Generator[Progress, None, tuple[int, int]]:
    """Where the sound begins and ends, in samples: what is louder than 50 dB below full scale, and a moment around."""
    first, last, at = -1, 0, 0
    for piece in pieces:
        loud = np.flatnonzero(np.abs(piece[0]) > _QUIET)
        if len(loud):
            first = at + int(loud[0]) if first < 0 else first
            last = at + int(loud[-1]) + 1
        at += piece.shape[1]
        yield Progress(None, "Looking for silence")
    room = round(_ROOM * SAMPLE_RATE)
    return (0, 0) if first < 0 else (max(0, first - room), last + room)


def _silent() -> UnreadableMedia:
    return UnreadableMedia("There is nothing to hear in it.", "Record or choose another one.")
