"""A sample made better, in a new file; the original stays as it is."""

import hashlib
import json
import math
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import RequestError, UnreadableMedia
from audiostudio.files import storage_errors
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library.names import plain_file_name
from audiostudio.operations.progress import part_of
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices.check import LOUDNESS, checked
from audiostudio.operations.voices.listening import Listener
from audiostudio.sound.denoise import Denoiser
from audiostudio.sound.files import SoundWriter, decode
from audiostudio.sound.loudness import Loudness, Meter

Floats = NDArray[np.float32]
Span = tuple[float, float]

OFFERS = ("trim", "denoise", "normalise", "best")
RATE = 48_000
_FORM = "1"
_REDUCTION = 30.0
"""dB by which noise is lowered: more takes parts of the voice with it."""
_PEAK = -1.5
"""dBTP."""
_ROOM = 0.15
"""Seconds kept around speech."""
_PAUSE = 0.4
"""Seconds: longer pauses are cut to it."""
_FADE = 0.005
"""Seconds of a fade at each cut."""


def prepare(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{file, offers, best, language}` → `{path, sample, before}`: a mono WAV at 48 kHz in the cache, the SAMPLE that
    it is, and the one that it was.

    `offers`: of `trim` (silence cut off, long pauses shortened), `denoise`, `normalise` (to −23 LUFS, no peak above
    −1.5 dBTP), `best` (the best `best` seconds, 6…30); in whatever order, they are done as it is best. The same request
    gives the same file. Raises `RequestError`, `MissingMedia`, `UnreadableMedia`, `StorageError`.
    """
    path, offers = Path(request["file"]), frozenset(request["offers"])
    if not offers or not offers <= set(OFFERS):
        raise RequestError("That cannot be done to a sample.", f"There are {', '.join(OFFERS)}.")
    listener = Listener(studio)
    kept = request | {"keep": True}
    before = yield from part_of(checked(studio, listener, path, kept), 0.0, 0.4)
    if not before.phrases:
        first = before.sample["findings"][0]
        raise UnreadableMedia(first["sentence"], first["hint"])
    target = _target(studio, path, request)
    if not target.exists():
        with storage_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        ranges = _ranges(before.phrases, before.sample["best"] if "best" in offers else None, "trim" in offers)
        with storage_errors(target):
            yield from part_of(_made(path, target, ranges, offers), 0.4, 0.2)
    after = yield from part_of(checked(studio, listener, target, kept), 0.6, 0.4)
    return {"path": str(target), "sample": after.sample | {"name": path.name}, "before": before.sample}


def _target(studio: Studio, path: Path, request: JsonObject) -> Path:
    with storage_errors(path):
        status = path.stat()
    asked = [sorted(request["offers"]), request.get("best")]
    identity = json.dumps([_FORM, str(path), status.st_size, status.st_mtime_ns, asked])
    digest = hashlib.sha256(identity.encode()).hexdigest()[:12]
    return studio.profile.cache / "samples" / plain_file_name(f"{path.stem[:60]} {digest}", ".wav")


def _ranges(phrases: Sequence[Span], best: Sequence[float] | None, trim: bool) -> list[Span]:
    """What is kept of the recording, in seconds; the end of the last may be infinite."""
    whole = (best[0], best[1]) if best else (0.0, math.inf)
    if not trim:
        return [whole]
    found: list[Span] = []
    for start, end in phrases:
        start, end = max(whole[0], start - _ROOM), min(whole[1], end + _ROOM)
        if start >= end:
            continue
        if found and start - found[-1][1] <= _PAUSE - 2 * _ROOM:
            found[-1] = found[-1][0], end
        elif found:
            gap = (_PAUSE - 2 * _ROOM) / 2
            found[-1] = found[-1][0], found[-1][1] + gap
            found.append((start - gap, end))
        else:
            found.append((start, end))
    return found


def _made(path: Path, target: Path, ranges: Sequence[Span], offers: frozenset[str]) -> Generator[Progress, None, None]:
    """Streamed: the sound to a file beside the target, then at its loudness to the target."""
    with TemporaryDirectory(dir=target.parent, prefix=".making-") as folder:
        scratch = Path(folder) / "sound.wav"
        meter = Meter(RATE, 1)
        with SoundWriter(scratch, RATE, 1, "wav32f") as writer:
            for piece in _treated(_cut(path, ranges), "denoise" in offers):
                meter.push(piece[np.newaxis])
                writer.write(piece)
                yield Progress(None, f"Preparing {path.name}")
        gain = _gain(meter.finish()) if "normalise" in offers else 1.0
        with SoundWriter(target, RATE, 1) as writer:
            for chunk in decode(scratch):
                writer.write(chunk * np.float32(gain))
                yield Progress(None, f"Preparing {path.name}")


def _gain(loudness: Loudness) -> float:
    if not math.isfinite(loudness.integrated):
        return 1.0
    return float(10 ** (min(LOUDNESS - loudness.integrated, _PEAK - loudness.true_peak) / 20))


def _treated(pieces: Iterator[Floats], denoise: bool) -> Iterator[Floats]:
    with ExitStack() as stack:
        denoiser = stack.enter_context(Denoiser(_REDUCTION)) if denoise else None
        for piece in pieces:
            ready = denoiser.push(piece) if denoiser else piece
            if len(ready):
                yield ready
        if denoiser:
            yield denoiser.finish()


def _cut(path: Path, ranges: Sequence[Span]) -> Iterator[Floats]:
    """The ranges of the sound at 48 kHz, faded where they were cut; what can be read of a damaged file."""
    at = 0
    waiting = [(round(start * RATE), end * RATE) for start, end in ranges]
    try:
        for chunk in decode(path, RATE, mono=True):
            for start, end in waiting:
                first, last = max(0, start - at), min(chunk.shape[1], end - at)
                if first < last:
                    yield _faded(chunk[0, first : math.ceil(last)], at + first, start, end)
            at += chunk.shape[1]
            waiting = [(start, end) for start, end in waiting if end > at]
            if not waiting:
                return
    except UnreadableMedia:
        if not at:
            raise


def _faded(piece: Floats, at: int, start: int, end: float) -> Floats:
    """`piece` begins at sample `at` of the range from `start` to `end`."""
    places = np.arange(at, at + len(piece))
    ramp = _FADE * RATE
    into = np.clip((places - start + 1) / ramp, 0, 1) if start > 0 else np.ones(len(piece))
    out = np.clip((end - places) / ramp, 0, 1)
    faded: Floats = (piece * into * out).astype(np.float32)
    return faded
