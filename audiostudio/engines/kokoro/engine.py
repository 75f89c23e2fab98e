"""Kokoro as a speech engine: sentences go through the three stages side by side and come out in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeAlias

from audiostudio.engines.asked import check
from audiostudio.engines.base import EngineManifest, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.kokoro.performance import VOICED, centre_of, performed
from audiostudio.engines.kokoro.stages import Floats, Stages
from audiostudio.engines.kokoro.styles import STYLE, style_table
from audiostudio.engines.shaping import spoken
from audiostudio.engines.stream import Spoken, join
from audiostudio.engines.tokens import SAMPLE_RATE, Piece, breaths
from audiostudio.engines.voices import parse_mix
from audiostudio.script.phonemes import phonemize
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.voices.voice import OWN

VOICES = "kokoro-voices"
FIRST_TOKENS = 80
"""About 6 s: longer than this the first piece of a stream is not, so that it comes early."""
TOGETHER = 160
"""Sentences of a paragraph are said in one breath up to this length. By itself a short one ends in a puff of breath
that is heard as an s: so the voices' styles for few tokens have it."""

AHEAD = 2
"""Pieces for each stream that are in work or wait to be fetched: a long one does not stop the others."""

_Work: TypeAlias = Callable[[], Spoken]


class KokoroEngine:
    def __init__(
        self,
        models: Models,
        manifest: EngineManifest,
        stages: Stages,
        streams: int,
        read: Callable[[Sentence], Sentence] = phonemize,
    ) -> None:
        """`streams` pieces are worked on side by side. `read` fills in the phonemes."""
        self.manifest = manifest
        self.device = stages.device
        self._models = models
        self._stages = stages
        self._streams = streams
        self._read = read
        self._styles = lru_cache(maxsize=16)(style_table)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        return join(self._spoken(parts, self._styles(self._style_files(settings.voice)), settings), SAMPLE_RATE)

    def close(self) -> None:
        del self._stages

    def _style_files(self, voice: str) -> tuple[tuple[Path, float], ...]:
        """An own voice that was made again has another file."""
        return tuple((self._style_file(name), weight) for name, weight in parse_mix(voice))

    def _style_file(self, name: str) -> Path:
        if name.startswith(OWN):
            return self._models.voice(name) / STYLE
        return self._models.path(VOICES, f"{name.rpartition('/')[2]}.bin")

    def _spoken(
        self, parts: Iterable[Sentence | Pause], styles: Floats, settings: SpeechSettings
    ) -> Iterator[Spoken | Pause]:
        """In order. Only a few pieces are ahead of what was fetched, so memory stays the same for any length."""
        waiting: deque[Future[Spoken] | Pause] = deque()
        pool = ThreadPoolExecutor(self._streams, "kokoro")
        try:
            for work in self._work(parts, styles, settings):
                waiting.append(work if isinstance(work, Pause) else pool.submit(work))
                while waiting and (len(waiting) > AHEAD * self._streams or _ready(waiting[0])):
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)

    def _work(
        self, parts: Iterable[Sentence | Pause], styles: Floats, settings: SpeechSettings
    ) -> Iterator[_Work | Pause]:
        centre = None
        for breath in breaths(parts, self.manifest, FIRST_TOKENS, TOGETHER, self._read):
            if isinstance(breath, Pause):
                yield breath
                continue
            piece, gap = breath
            if settings.intonation != 1.0 and centre is None:
                centre = centre_of(self._stages, piece, styles)
            yield partial(self._piece, piece, styles, settings, gap / settings.speed, centre)

    def _piece(
        self, piece: Piece, styles: Floats, settings: SpeechSettings, gap: float, centre: float | None
    ) -> Spoken:
        performance = performed(self._stages, piece, styles, settings, centre)
        audio = self._stages.decode(performance.style, performance.prosody)
        when, voicings = performance.timing, [word.voicing for word in piece.words]
        return spoken(audio, performance.prosody.f0, when.words, voicings, settings, gap, VOICED, when.silences)


def _ready(waiting: "Future[Spoken] | Pause") -> bool:
    return isinstance(waiting, Pause) or waiting.done()


def _result(waiting: "Future[Spoken] | Pause") -> Spoken | Pause:
    return waiting if isinstance(waiting, Pause) else waiting.result()
