"""Whisper: recognises speech in a hundred languages, with the times of words."""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import EngineManifest, Heard, HeardWord, Models
from audiostudio.errors import EngineFailed, EngineUnavailable, ModelDamaged, UnknownLanguage
from audiostudio.files import storage_errors
from audiostudio.sound.resample import Resampler

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

RATE = 16_000
"""Hz that Whisper listens at."""
MODEL = "whisper-base"
FILES = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")

_LONGEST = 28
"""Seconds that are listened to at once: Whisper's window is 30 s."""
_ROOM = 2
"""Seconds of silence that Whisper gets behind a stretch, not a window of 30 s: it hears words in long silence, and a
short line takes a third of the time."""
_SEARCHED = 12
"""Seconds at the end of a stretch in which the quietest place is looked for, to part it from the next there."""
_FRAME = RATE // 50
_QUIET_FRAMES = 10
_SILENT = 1e-3
"""A stretch that stays below (−60 dBFS) is not listened to: Whisper would hear words in it."""
_TEMPERATURES = (0.0, 0.4, 0.8)
"""Those above 0 only after a stretch that came out as the same words over and over."""
_MOST_THREADS = 4
_EARLY = 0.04
"""Seconds that Whisper's times lie before the sound; see docs/benchmarks.md, “Listening”."""


class Whisper:
    def __init__(self, folder: Path, manifest: EngineManifest) -> None:
        """Raises `EngineUnavailable`, `ModelDamaged`."""
        self.manifest = manifest
        threads = min(_MOST_THREADS, os.cpu_count() or 1)
        self.device = f"the processor (CTranslate2, {threads} threads)"
        self._model = _loaded(folder, threads)

    def transcribe(
        self,
        audio: Iterable[NDArray[np.float32]],
        sample_rate: int,
        language: str | None = None,
        prompt: str = "",
        word_times: bool = True,
    ) -> Iterator[Heard]:
        known = self._code(language) if language else None
        for offset, sound in _stretches(_resampled(audio, sample_rate)):
            end = offset + len(sound) / RATE
            if float(np.abs(sound).max(initial=0.0)) < _SILENT:
                yield Heard((), "", end, known or "")
                continue
            heard = self._heard(sound, offset, known, prompt, word_times)
            known = known or heard.language
            yield heard

    def detect(self, audio: NDArray[np.float32], sample_rate: int) -> tuple[str, float]:
        sound = np.concatenate(list(_resampled([audio], sample_rate)))[: _LONGEST * RATE]
        if float(np.abs(sound).max(initial=0.0)) < _SILENT:
            return "", 0.0
        with _engine_errors():
            language, probability, _ = self._model.detect_language(sound)
        return language, float(probability)

    def close(self) -> None:
        del self._model

    def _code(self, language: str) -> str:
        code = language.lower().replace("_", "-").split("-")[0]
        if code not in self._model.supported_languages:
            raise UnknownLanguage(f"{self.manifest.title} does not know the language “{language[:40]}”.", "Try en.")
        return code

    def _heard(
        self, sound: NDArray[np.float32], offset: float, language: str | None, prompt: str, word_times: bool
    ) -> Heard:
        import ctranslate2

        length = len(sound) / RATE
        window = min(30, int(length) + _ROOM)
        sound = np.pad(sound, (0, max(0, window * RATE - len(sound))))
        with _engine_errors():
            ctranslate2.set_random_seed(1)  # the same sound is heard the same way
            segments, info = self._model.transcribe(
                sound,
                language=language,
                initial_prompt=prompt or None,
                temperature=_TEMPERATURES,
                chunk_length=window,
                condition_on_previous_text=False,
                word_timestamps=word_times,
            )
            found = list(segments)
        words = [word for segment in found for word in _words(segment, length)]
        shifted = tuple(HeardWord(w.text, offset + w.start, offset + w.end, w.probability) for w in words)
        text = "".join(segment.text for segment in found).strip()
        return Heard(shifted, text, offset + length, info.language)


def create(models: Models, manifest: EngineManifest) -> Whisper:
    """Raises `ModelMissing`, `ModelDamaged`, `EngineUnavailable`."""
    folder = {models.path(MODEL, file).parent for file in FILES}.pop()
    return Whisper(folder, manifest)


def _loaded(folder: Path, threads: int) -> "WhisperModel":
    try:
        from faster_whisper import WhisperModel
        from tqdm import tqdm
    except ImportError as error:
        raise EngineUnavailable(f"Whisper cannot be used: {error}.", "Install Audio Studio again.") from error
    tqdm.monitor_interval = 0  # its monitor is a thread that never ends
    try:
        with storage_errors(folder):
            for name in ("config.json", "tokenizer.json"):
                json.loads((folder / name).read_bytes())
        return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)
    except (RuntimeError, ValueError) as error:
        raise ModelDamaged(
            f"The speech recognition model in {folder} cannot be read.",
            f"Run `audiostudio models remove {MODEL}`, then `audiostudio models pull {MODEL}`.",
        ) from error


@contextlib.contextmanager
def _engine_errors() -> Iterator[None]:
    """What CTranslate2 raises as `EngineFailed`."""
    try:
        yield
    except (RuntimeError, ValueError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise EngineFailed(f"Whisper failed: {reason}", "Try again; if it fails again, try a shorter sound.") from error


def _words(segment: Any, length: float) -> Iterator[HeardWord]:
    if segment.words is None:
        probability = float(np.exp(segment.avg_logprob))
        for text in segment.text.split():
            yield HeardWord(text, min(segment.start, length), min(segment.end, length), probability)
        return
    for word in segment.words:
        if text := word.word.strip():
            start, end = min(word.start + _EARLY, length), min(word.end + _EARLY, length)
            yield HeardWord(text, start, max(start, end), word.probability)


def _resampled(audio: Iterable[NDArray[np.float32]], sample_rate: int) -> Iterator[NDArray[np.float32]]:
    resampler = Resampler(sample_rate, RATE)
    for piece in audio:
        yield resampler.push(np.asarray(piece, np.float32)[np.newaxis])[0]
    yield resampler.finish()[0]


def _stretches(audio: Iterable[NDArray[np.float32]]) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Stretches that Whisper can hear at once, parted where it is quiet, and when each begins in seconds."""
    held: list[NDArray[np.float32]] = []
    waiting = done = 0
    for piece in audio:
        for at in range(0, len(piece), RATE):
            held.append(piece[at : at + RATE])
            waiting += len(held[-1])
            if waiting >= _LONGEST * RATE:
                whole = np.concatenate(held)
                cut = _quietest(whole[: _LONGEST * RATE])
                yield done / RATE, whole[:cut]
                held, waiting, done = [whole[cut:]], len(whole) - cut, done + cut
    if waiting:
        yield done / RATE, np.concatenate(held)


def _quietest(sound: NDArray[np.float32]) -> int:
    """The middle of the quietest 0.2 s near the end."""
    start = len(sound) - _SEARCHED * RATE
    power = np.square(sound[start:]).reshape(-1, _FRAME).mean(axis=1)
    level = np.convolve(power, np.ones(_QUIET_FRAMES), "valid")
    return start + (int(np.argmin(level)) + _QUIET_FRAMES // 2) * _FRAME
