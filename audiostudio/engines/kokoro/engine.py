"""Kokoro as a speech engine: sentences go through the three stages side by side and come out in order."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from audiostudio.engines.asked import check
from audiostudio.engines.base import EngineManifest, Learnt, Models, SpeechChunk, SpeechSettings, SungPhrase
from audiostudio.engines.kokoro.manner import NEUTRAL, Manner, mixed, read_manner
from audiostudio.engines.kokoro.performance import VOICED, centre_of, performed
from audiostudio.engines.kokoro.stages import Floats, Stages
from audiostudio.engines.kokoro.styles import STYLE, VOICES, style_table
from audiostudio.engines.shaping import spoken
from audiostudio.engines.stream import Spoken, join
from audiostudio.engines.tokens import SAMPLE_RATE, Piece, breaths
from audiostudio.engines.voices import parse_mix
from audiostudio.files import storage_errors
from audiostudio.jobs.job import Progress
from audiostudio.script.phonemes import phonemize
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.voices.voice import OWN

FIRST_TOKENS = 80
"""About 6 s: longer than this the first piece of a stream is not, so that it comes early."""
TOGETHER = 160
"""Sentences of a paragraph are said in one breath up to this length. By itself a short one ends in a puff of breath
that is heard as an s: so the voices' styles for few tokens have it."""

AHEAD = 2
"""Pieces for each stream that are in work or wait to be fetched: a long one does not stop the others."""

if TYPE_CHECKING:
    from audiostudio.engines.kokoro.singing import KokoroVoice

_Work: TypeAlias = Callable[[], Spoken]


@dataclass(frozen=True, slots=True)
class _StyleFile:
    path: Path
    own: bool
    stamp: tuple[int, int, int]
    """Another after it was written again."""


@dataclass(frozen=True, slots=True)
class _Style:
    table: Floats
    manner: Manner


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
        self._styles = lru_cache(maxsize=16)(_read_style)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        style = self._style(settings.voice)
        return join(self._spoken(parts, style, style.manner.applied(settings)), SAMPLE_RATE)

    def sing(self, phrases: Iterable[SungPhrase], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        """See `base.SingingEngine`."""
        from audiostudio.engines.singing.manner import manner_of
        from audiostudio.engines.singing.phrase import singing

        manner_of(settings, self.manifest)
        return singing(self.reading_voice(settings.voice), phrases, settings, self.manifest, self._read)

    def reading_voice(self, voice: str) -> "KokoroVoice":
        """A voice, or a mix, that reads phonemes and knows when each sounds."""
        from audiostudio.engines.kokoro.singing import KokoroVoice  # what it needs is not in every environment

        style = self._style(voice)
        return KokoroVoice(self._stages, style.table, style.manner)

    def learn(
        self, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
    ) -> Generator[Progress, None, Learnt]:
        """See `base.VoiceMaker` and `matching`."""
        from audiostudio.engines.kokoro.matching import match  # what it needs is not in every environment

        return match(self._models, self._stages, samples, folder, options)

    def close(self) -> None:
        del self._stages

    def _style(self, voice: str) -> _Style:
        """Of a voice or a mix."""
        return self._styles(tuple((self._style_file(name), weight) for name, weight in parse_mix(voice)))

    def _style_file(self, name: str) -> _StyleFile:
        """An own voice that was made again has another."""
        path = self._models.voice(name) / STYLE if name.startswith(OWN) else self._models.path(VOICES, _file(name))
        with storage_errors(path):
            status = path.stat()
        return _StyleFile(path, name.startswith(OWN), (status.st_mtime_ns, status.st_size, status.st_ino))

    def _spoken(
        self, parts: Iterable[Sentence | Pause], style: _Style, settings: SpeechSettings
    ) -> Iterator[Spoken | Pause]:
        """In order. Only a few pieces are ahead of what was fetched, so memory stays the same for any length."""
        waiting: deque[Future[Spoken] | Pause] = deque()
        pool = ThreadPoolExecutor(self._streams, "kokoro")
        try:
            for work in self._work(parts, style, settings):
                waiting.append(work if isinstance(work, Pause) else pool.submit(work))
                while waiting and (len(waiting) > AHEAD * self._streams or _ready(waiting[0])):
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)

    def _work(
        self, parts: Iterable[Sentence | Pause], style: _Style, settings: SpeechSettings
    ) -> Iterator[_Work | Pause]:
        centre = None
        for breath in breaths(parts, self.manifest, FIRST_TOKENS, TOGETHER, self._read):
            if isinstance(breath, Pause):
                yield breath
                continue
            piece, gap = breath
            if settings.intonation != 1.0 and centre is None:
                centre = centre_of(self._stages, piece, style.table)
            yield partial(self._piece, piece, style, settings, gap / settings.speed, centre)

    def _piece(self, piece: Piece, style: _Style, settings: SpeechSettings, gap: float, centre: float | None) -> Spoken:
        performance = performed(self._stages, piece, style.table, settings, centre)
        audio = style.manner.coloured(self._stages.decode(performance.style, performance.prosody))
        when, voicings = performance.timing, [word.voicing for word in piece.words]
        return spoken(audio, performance.prosody.f0, when.words, voicings, settings, gap, VOICED, when.silences)


def _file(name: str) -> str:
    """Of a voice that ships, in the model store."""
    return f"{name.rpartition('/')[2]}.bin"


def _read_style(files: tuple[tuple[_StyleFile, float], ...]) -> _Style:
    """A mix of voices. Raises `ModelDamaged`."""
    manners = [(read_manner(one.path.parent) if one.own else NEUTRAL, weight) for one, weight in files]
    return _Style(style_table([(one.path, weight) for one, weight in files]), mixed(manners))


def _ready(waiting: "Future[Spoken] | Pause") -> bool:
    return isinstance(waiting, Pause) or waiting.done()


def _result(waiting: "Future[Spoken] | Pause") -> Spoken | Pause:
    return waiting if isinstance(waiting, Pause) else waiting.result()
