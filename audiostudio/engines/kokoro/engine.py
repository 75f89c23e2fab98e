"""Kokoro as a speech engine: sentences go through the three stages side by side and come out in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from typing import TypeAlias

from audiostudio.engines.asked import check, check_language
from audiostudio.engines.base import EngineManifest, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.kokoro.performance import performed
from audiostudio.engines.kokoro.stages import Floats, Stages
from audiostudio.engines.kokoro.styles import style_table
from audiostudio.engines.stream import Spoken, join
from audiostudio.engines.tokens import MOST_TOKENS, SAMPLE_RATE, Piece, pieces
from audiostudio.engines.voices import parse_mix
from audiostudio.script.phonemes import phonemize
from audiostudio.script.spoken import Pause, Sentence

VOICES = "kokoro-voices"
SENTENCE_GAP = 0.35
"""Seconds between sentences at speed 1, as in the readings that Kokoro learned from."""
PARAGRAPH_GAP = 0.8
FIRST_TOKENS = 160
"""About 12 s: longer than this the first piece of a stream is not, so that it comes early."""
CLAUSE_GAP = 0.12
"""Between the pieces of a sentence that is too long for the model."""

AHEAD = 2
"""Pieces for each stream that are in work or wait to be fetched: a long one does not stop the others."""

_Work: TypeAlias = Callable[[], Spoken]


class KokoroEngine:
    def __init__(self, models: Models, manifest: EngineManifest, stages: Stages, streams: int) -> None:
        """`streams` pieces are worked on side by side."""
        self.manifest = manifest
        self.device = stages.device
        self._models = models
        self._stages = stages
        self._streams = streams
        self._styles = lru_cache(maxsize=16)(self._style_table)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        return join(self._spoken(parts, self._styles(settings.voice), settings), SAMPLE_RATE)

    def close(self) -> None:
        del self._stages

    def _style_table(self, voice: str) -> Floats:
        return style_table([(self._models.path(VOICES, f"{name}.bin"), weight) for name, weight in parse_mix(voice)])

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
        """What is to be done, in order. A long first sentence is cut, so that the beginning is soon heard."""
        longest = FIRST_TOKENS
        for part in parts:
            if isinstance(part, Pause):
                yield part
                continue
            check_language(part, self.manifest)
            cut = pieces(phonemize(part).words, longest)
            for piece in cut:
                gap = CLAUSE_GAP if piece is not cut[-1] else PARAGRAPH_GAP if part.ends_paragraph else SENTENCE_GAP
                yield partial(self._piece, piece, styles, settings, gap / settings.speed)
                longest = MOST_TOKENS

    def _piece(self, piece: Piece, styles: Floats, settings: SpeechSettings, gap: float) -> Spoken:
        performance = performed(self._stages, piece, styles, settings)
        audio = self._stages.decode(performance.style, performance.prosody)
        return Spoken(audio, performance.words, gap)


def _ready(waiting: "Future[Spoken] | Pause") -> bool:
    return isinstance(waiting, Pause) or waiting.done()


def _result(waiting: "Future[Spoken] | Pause") -> Spoken | Pause:
    return waiting if isinstance(waiting, Pause) else waiting.result()
