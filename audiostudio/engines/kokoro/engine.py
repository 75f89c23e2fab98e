"""Kokoro as a speech engine: sentences go through the three stages side by side and come out in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from typing import TypeAlias

from audiostudio.engines.base import EngineManifest, SpeechChunk, SpeechSettings
from audiostudio.engines.kokoro.performance import Performance, decoded, first_pause, performed
from audiostudio.engines.kokoro.stages import FRAME, SAMPLE_RATE, Floats, Stages
from audiostudio.engines.kokoro.tokens import Piece, pieces
from audiostudio.engines.kokoro.voices import style_table
from audiostudio.engines.registry import Models, parse_mix
from audiostudio.engines.settings import check
from audiostudio.engines.stream import Spoken, join, moved
from audiostudio.script.phonemes import phonemize
from audiostudio.script.spoken import Pause, Sentence

VOICES = "kokoro-voices"
SENTENCE_GAP = 0.35
"""Seconds between sentences at speed 1, as in the readings that Kokoro learned from."""
PARAGRAPH_GAP = 0.8
CLAUSE_GAP = 0.12
"""Between the pieces of a sentence that is too long for the model."""

_Work: TypeAlias = Callable[[], Spoken]


class KokoroEngine:
    def __init__(self, models: Models, manifest: EngineManifest, stages: Stages, streams: int) -> None:
        """`streams` pieces are worked on side by side."""
        self.manifest = manifest
        self.device = stages.device
        self._models = models
        self._stages = stages
        self._pool = ThreadPoolExecutor(streams, "kokoro")
        self._streams = streams
        self._styles = lru_cache(maxsize=16)(self._style_table)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        return join(self._spoken(parts, self._styles(settings.voice), settings), SAMPLE_RATE)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _style_table(self, voice: str) -> Floats:
        return style_table([(self._models.path(VOICES, f"{name}.bin"), weight) for name, weight in parse_mix(voice)])

    def _spoken(
        self, parts: Iterable[Sentence | Pause], styles: Floats, settings: SpeechSettings
    ) -> Iterator[Spoken | Pause]:
        """In order; never more than one piece for each stream waits to be fetched."""
        waiting: deque[Future[Spoken] | Pause] = deque()
        try:
            for work in self._work(parts, styles, settings):
                waiting.append(work if isinstance(work, Pause) else self._pool.submit(work))
                while waiting and (len(waiting) > self._streams or _ready(waiting[0])):
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        finally:
            for left in waiting:
                if isinstance(left, Future):
                    left.cancel()

    def _work(
        self, parts: Iterable[Sentence | Pause], styles: Floats, settings: SpeechSettings
    ) -> Iterator[_Work | Pause]:
        """What is to be done, in order. The first piece is cut at a pause, so that its beginning is soon heard."""
        first = True
        for part in parts:
            if isinstance(part, Pause):
                yield part
                continue
            cut = pieces(phonemize(part).words)
            for piece in cut:
                gap = CLAUSE_GAP if piece is not cut[-1] else PARAGRAPH_GAP if part.ends_paragraph else SENTENCE_GAP
                if first:
                    yield from self._in_windows(performed(self._stages, piece, styles, settings), gap / settings.speed)
                else:
                    yield partial(self._whole, piece, styles, settings, gap / settings.speed)
                first = False

    def _whole(self, piece: Piece, styles: Floats, settings: SpeechSettings, gap: float) -> Spoken:
        performance = performed(self._stages, piece, styles, settings)
        return Spoken(decoded(self._stages, performance), performance.words, gap)

    def _in_windows(self, performance: Performance, gap: float) -> Iterator[_Work]:
        cut = first_pause(performance)
        if cut is None:
            yield lambda: Spoken(decoded(self._stages, performance), performance.words, gap)
            return
        at = cut * FRAME
        before = tuple(word for word in performance.words if word.start < at)
        after = tuple(moved(word, -at) for word in performance.words[len(before) :])
        yield lambda: Spoken(decoded(self._stages, performance, 0, cut), before, 0.0, ends=False)
        yield lambda: Spoken(decoded(self._stages, performance, cut), after, gap, begins=False)


def _ready(waiting: "Future[Spoken] | Pause") -> bool:
    return isinstance(waiting, Pause) or waiting.done()


def _result(waiting: "Future[Spoken] | Pause") -> Spoken | Pause:
    return waiting if isinstance(waiting, Pause) else waiting.result()
