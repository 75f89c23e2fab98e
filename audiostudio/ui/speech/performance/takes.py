"""A take as it sounds: words, melody and sound from the library; and which takes of a line these are. Plain Python."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import TimedPhoneme, TimedWord
from audiostudio.errors import MediaError, NotFound, StorageError
from audiostudio.performance import PLAIN, Voicing
from audiostudio.script.performing import placed
from audiostudio.timeline.project import Applying, Line, Project, Pronunciation, Take, TakeSource
from audiostudio.ui.speech.performance.picture import Picture
from audiostudio.ui.speech.performance.shape import Shape, WordShape, melody_between

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio

RATE = 48_000
REMEMBERED = 6
"""Sounds of takes that are kept."""
LONGEST = 180.0
"""Seconds of a line that can be redrawn: beyond, its sound would take too much memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A take and its sound."""

    take: Take
    shape: Shape
    samples: NDArray[np.float32]
    """Mono, shape (n,), at `RATE`."""
    picture: Picture
    timed: tuple[TimedWord, ...] = ()
    """All words of the take, also those that are not heard."""
    pauses: Mapping[int, float] = field(default_factory=dict)
    """Seconds of silence that the writer asked for, behind the word of `timed` at that place (−1: before all)."""

    @property
    def edits(self) -> dict[int, Voicing]:
        """What it was made with, by word."""
        return placed_edits(self.shape, self.take.performance)


class Reader:
    """Reads takes. For one thread, beside the window."""

    def __init__(self, studio: "Studio") -> None:
        self._studio = studio
        self._kept: OrderedDict[str, Heard] = OrderedDict()

    def read(self, take: Take, line: Line, language: str) -> Heard | str:
        """The take with its sound, or why it cannot be shown: `gone`, `long` or `bare` (it has no melody)."""
        kept = self._kept.get(take.id)
        if kept is not None:
            self._kept.move_to_end(take.id)
            return kept
        try:
            asset = self._studio.library.get(take.asset.id)
        except NotFound:
            return "gone"
        if take.seconds > LONGEST:
            return "long"
        if "melody" not in asset.detail or "phonemes" not in asset.detail:
            return "bare"
        try:
            samples = _samples(asset.path)
        except (MediaError, StorageError):
            return "gone"
        shape = shape_of(take, asset.detail, line.text, language, take.pronunciations)
        timed = timed_words(take, asset.detail)
        pauses = _pauses(take, line.text, language)
        heard = Heard(take, shape, samples, Picture.of(samples, RATE), timed, pauses)
        self._kept[take.id] = heard
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return heard


def natural_take(project: Project, line: Line, takes: tuple[Take, ...], applying: Applying) -> Take | None:
    """The newest of `takes` in which the line sounds by itself, whatever is drawn by now."""
    bare = replace(line, performance=(), chosen=None)
    made = tuple([take for take in takes if take.source == TakeSource.MADE])
    return replace(project, takes=made).current_take(bare, applying=applying)


def shape_of(
    take: Take, detail: dict[str, Any], text: str, language: str, pronunciations: tuple[Pronunciation, ...]
) -> Shape:
    """The words of a take with their phonemes and melody."""
    melody = np.asarray(detail["melody"]["hz"], np.float32)
    hop = detail["melody"]["hop"] / RATE
    order = {
        start: (index, word, asked) for index, (start, word, asked) in enumerate(_words(text, language, pronunciations))
    }
    words: list[WordShape] = []
    for number, (one, phonemes) in enumerate(zip(take.words, detail["phonemes"], strict=True)):
        if one.end <= one.start or one.source_start not in order:
            continue
        index, written, asked = order[one.source_start]
        start, end = one.start / RATE, one.end / RATE
        after = next((later.start / RATE for later in take.words[number + 1 :] if later.end > later.start), None)
        gap = 0.0 if after is None else max(0.0, after - end)
        shares = tuple((str(symbol), max(0, last - first) / (one.end - one.start)) for symbol, first, last in phonemes)
        notes = melody_between(melody, hop, start, end)
        words.append(WordShape(index, written, start, end, gap, shares, notes, asked, source_start=one.source_start))
    return Shape(tuple(words), take.samples / RATE)


def timed_words(take: Take, detail: dict[str, Any]) -> tuple[TimedWord, ...]:
    """As the engine told them, at `RATE`."""
    return tuple(
        TimedWord(
            word.text,
            word.source_start,
            word.source_end,
            word.start,
            word.end,
            tuple(TimedPhoneme(str(symbol), start, end) for symbol, start, end in phonemes),
        )
        for word, phonemes in zip(take.words, detail["phonemes"], strict=True)
    )


def _pauses(take: Take, text: str, language: str) -> dict[int, float]:
    from audiostudio.script.reading import read
    from audiostudio.script.spoken import Pause

    found: dict[int, float] = {}
    for part in read(text, language):
        if isinstance(part, Pause):
            before = sum(word.source_start < part.start for word in take.words) - 1
            found[before] = found.get(before, 0.0) + part.seconds
    return found


def placed_edits(shape: Shape, performance: Any) -> dict[int, Voicing]:
    """The edits of a line by the place of their word; one whose word is elsewhere by now goes with it."""
    if not performance:
        return {}
    last = max((word.index for word in shape.words), default=-1)
    texts = [""] * (last + 1)
    for word in shape.words:
        texts[word.index] = word.text
    return {index: voicing for index, voicing in placed(texts, performance).items() if voicing != PLAIN}


def _words(text: str, language: str, entries: tuple[Pronunciation, ...]) -> list[tuple[int, str, Voicing]]:
    """Where each word of a text begins, as it is read: in the order in which edits count them."""
    from audiostudio.script.dictionary import NO_ENTRIES, Dictionary
    from audiostudio.script.reading import read
    from audiostudio.script.spoken import Sentence

    parts = read(text, language, Dictionary(entries) if entries else NO_ENTRIES)
    return [
        (word.start, word.text, word.voicing) for part in parts if isinstance(part, Sentence) for word in part.words
    ]


def _samples(path: Any) -> NDArray[np.float32]:
    from audiostudio.sound.files import decode

    pieces = [piece[0] for piece in decode(path, RATE, mono=True)]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
