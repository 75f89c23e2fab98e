"""An engine that runs in an environment, as the studio has it."""

import contextlib
import importlib.util
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import (
    EngineManifest,
    Learnt,
    Models,
    MusicPiece,
    MusicRequest,
    SpeechChunk,
    SpeechSettings,
)
from audiostudio.engines.environments.calls import Answers, Call, Worker, parts_in_turn, path_of
from audiostudio.engines.environments.host import BEGUN
from audiostudio.engines.environments.wire import CHUNK, chunk_of, encode
from audiostudio.errors import EngineUnavailable
from audiostudio.jobs.job import JsonObject, Partial, Progress
from audiostudio.script.phonemes import phonemize
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.sound.files import SoundStream, SoundWriter


class HostedEngine:
    """A `SpeechEngine`, `VoiceMaker`, `Converter`, `MusicEngine` and `Separator`, whichever the engine in the
    environment is.

    Nothing of the profile goes there but the paths of the files that the engine asks for. One that reads phonemes gets
    sentences that have them: what finds them is installed here, not there.
    """

    def __init__(self, worker: Worker, models: Models, manifest: EngineManifest) -> None:
        """Raises what the engine's `create` raises, `EngineUnavailable`, `WorkerDied`."""
        self.manifest = manifest
        self._worker = worker
        self._answers: Answers = {
            "path": path_of(models.path, "name", "file"),
            "voice": path_of(models.voice, "identity"),
        }
        self._asked: JsonObject = {"manifest": encode(manifest)} | _package(manifest)
        self.device: str = self._call("load", {}, {}).finish()["device"]

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> "HostedSpeech":
        source = _read(parts) if self.manifest.capabilities.phoneme_times else iter(parts)
        call = self._call("speak", {"settings": encode(settings)}, {"parts": parts_in_turn(source)})
        return HostedSpeech(call, self.manifest.sample_rate)

    def convert(self, audio: NDArray[np.float32], sample_rate: int, voice: str) -> "HostedSpeech":
        request = {"sample_rate": sample_rate, "voice": voice}
        call = self._call("convert", request, {"audio": lambda _asked: ({}, {"audio": audio})})
        return HostedSpeech(call, self.manifest.sample_rate)

    def learn(
        self, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
    ) -> Generator[Progress, None, Learnt]:
        request = {"samples": [str(path) for path in samples], "folder": str(folder), "options": dict(options)}
        result = yield from self._worked("learn", request)
        return Learnt(tuple(result["files"]), result["made_by"])

    def make(self, request: MusicRequest, folder: Path) -> Generator[Progress, None, tuple[MusicPiece, ...]]:
        """See `MusicEngine`. Scores are made here, not there: no plan is sent, and none comes back. What it listens to
        is sent as WAV files: what decodes others is installed here."""
        with tempfile.TemporaryDirectory(dir=folder) as place:
            continues = yield from _as_wav(request.continues, Path(place, "continues.wav"))
            melody = yield from _as_wav(request.melody, Path(place, "melody.wav"))
            plain = replace(request, plan=None, vocals=(), continues=continues, melody=melody)
            result = yield from self._worked("make", {"request": encode(plain), "folder": str(folder)})
        return tuple(MusicPiece(one["file"], one["seed"], _pairs(one["stems"])) for one in result["pieces"])

    def separate(self, path: Path, folder: Path) -> Generator[Progress, None, tuple[tuple[str, str], ...]]:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            mix = yield from _as_wav(path, Path(place, "mix.wav"))
            result = yield from self._worked("separate", {"path": str(mix), "folder": str(folder)})
        return _pairs(result["stems"])

    def close(self) -> None:
        """Its process ends with its `Worker`."""

    def _worked(self, operation: str, request: JsonObject) -> Generator[Progress, None, JsonObject]:
        """Have it done; nothing is written into the request's folder once this has ended, however it did."""
        call = self._call(operation, request, {})
        last = Progress(None)
        try:
            for event in call:
                last = event if isinstance(event, Progress) else last
                yield Progress(last.fraction, last.message)
        finally:
            call.close_and_wait()
        assert call.result is not None
        return call.result

    def _call(self, operation: str, request: JsonObject, answers: Answers) -> Call:
        return self._worker.call(operation, self._asked | request, {**self._answers, **answers})


class HostedSpeech(Iterator[SpeechChunk]):
    """A stream of chunks; left alone, it ends what makes it. Empty chunks are places to cancel, see `SpeechChunk`."""

    def __init__(self, call: Call, sample_rate: int) -> None:
        """Returns when the engine has found that it can do what is asked; raises what it raises."""
        self._call = call
        self._rate = sample_rate
        self._position = 0
        try:
            call.await_partial(BEGUN)
        except BaseException:
            call.close()
            raise
        self._events = iter(call)

    def __next__(self) -> SpeechChunk:
        for event in self._events:
            if isinstance(event, Partial) and event.kind == CHUNK:
                chunk = chunk_of(event)
                self._position += len(chunk.audio)
                return chunk
            if event is None and self._rate:
                return SpeechChunk(np.zeros(0, np.float32), self._rate, self._position)
        raise StopIteration

    def close(self) -> None:
        self._call.close()

    def __del__(self) -> None:
        self._call.close()


def _read(parts: Iterable[Sentence | Pause]) -> Iterator[Sentence | Pause]:
    return (phonemize(part) if isinstance(part, Sentence) else part for part in parts)


def _as_wav(path: Path | None, target: Path) -> Generator[Progress, None, Path | None]:
    """A file's sound in `target`, at its own rate. Raises `UnreadableMedia`, `MissingMedia`, `StorageError`."""
    if path is None:
        return None
    stream = SoundStream(path)
    with contextlib.ExitStack() as files:
        writer: SoundWriter | None = None
        for chunk in stream:
            if writer is None:
                writer = files.enter_context(SoundWriter(target, stream.sample_rate, chunk.shape[0], "wav32f"))
            writer.write(chunk)
            yield Progress(0.0, f"Reading {path.name}")
    return target


def _pairs(data: Iterable[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, file) for name, file in data)


def _package(manifest: EngineManifest) -> dict[str, Any]:
    """Where the package or module of an engine lies that is not one of ours; it is not installed there."""
    name = manifest.module.partition(".")[0]
    if name == __name__.partition(".")[0]:
        return {}
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EngineUnavailable(
            f"{manifest.title} cannot be used: there is no package {name}.", "Install that package again."
        )
    return {"package": str((spec.submodule_search_locations or [spec.origin])[0])}
