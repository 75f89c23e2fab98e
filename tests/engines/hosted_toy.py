"""An engine for the tests of environments. What its options say goes wrong."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import EngineManifest, Learnt, Models, SpeechChunk, SpeechSettings, TimedWord
from audiostudio.errors import EngineFailed
from audiostudio.jobs.job import Progress
from audiostudio.script.spoken import Pause, Sentence

RATE = 16_000


class OutOfMemoryError(RuntimeError):
    """As PyTorch raises it."""


class ToyEngine:
    device = "a toy"

    def __init__(self, models: Models, manifest: EngineManifest) -> None:
        self.manifest = manifest
        self._models = models
        self._weights = models.path("toy", "weights.txt").read_text()

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        what = dict(settings.options).get("what", "")
        if what == "refuse":
            raise EngineFailed("No.", "Ask another.")
        voice = self._models.voice(settings.voice).name if settings.voice.startswith("mine/") else settings.voice
        return self._chunks(
            parts, what, f"{voice} {self._weights} offline={os.environ.get('HF_HUB_OFFLINE')} {os.getpid()}"
        )

    def learn(
        self, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
    ) -> Generator[Progress, None, Learnt]:
        for number, sample in enumerate(samples):
            yield Progress(number / len(samples), f"listening to {sample.name}")
            (folder / "learnt.txt").write_text(f"{number + 1} {options['seed']}")
            if options.get("what") == "stuck":
                while True:
                    (folder / "learnt.txt").write_text("again")
                    yield Progress(None)
            misbehave(options.get("what", ""))
        return Learnt(("learnt.txt",), {"samples": len(samples), "nested": {"x": [1.5]}})

    def convert(self, audio: NDArray[np.float32], sample_rate: int, voice: str) -> Iterator[SpeechChunk]:
        half = len(audio) // 2
        yield SpeechChunk(-audio[:half], sample_rate, 0)
        yield SpeechChunk(-audio[half:], sample_rate, half)

    def separate(self, path: Path, folder: Path) -> Generator[Progress, None, tuple[tuple[str, str], ...]]:
        yield Progress(0.5, "taking it apart")
        (folder / "all.wav").write_bytes(path.read_bytes())
        return (("all", "all.wav"),)

    def close(self) -> None:
        """Nothing is held."""

    def _chunks(self, parts: Iterable[Sentence | Pause], what: str, said: str) -> Iterator[SpeechChunk]:
        position = 0
        for part in parts:
            misbehave(what)
            words = [word.text for word in part.words] if isinstance(part, Sentence) else []
            audio = np.full(100 * max(1, len(words)), 0.25, np.float32)
            times = tuple(
                TimedWord(text, at, at + 1, position + 100 * at, position + 100 * at + 50)
                for at, text in enumerate(words)
            )
            yield SpeechChunk(audio, RATE, position, (*times, TimedWord(said, 0, 0, position, position)))
            position += len(audio)


def misbehave(what: str) -> None:
    if what == "print":
        print("from Python " * 1000)
        os.write(1, b"ASJF\x01\x00 from C")
    elif what == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "crash":
        ctypes.string_at(0)
    elif what == "memory":
        raise OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
    elif what == "dies of memory":
        sys.stderr.write("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n")
        os._exit(1)
    elif what == "little memory":
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4096 bytes.")
    elif what == "card":
        raise RuntimeError("CUDA error: an illegal memory access was encountered")
    elif what == "bug":
        raise KeyError("a planted bug")
    elif what == "hang":
        threading.Event().wait()


def create(models: Models, manifest: EngineManifest) -> ToyEngine:
    return ToyEngine(models, manifest)
