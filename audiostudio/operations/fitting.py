"""Dubbing: a line in the time that it has."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace

from audiostudio.engines import fitting
from audiostudio.engines.base import SpeechChunk
from audiostudio.jobs import JsonObject, Progress
from audiostudio.operations.speech import Delivery, chunks, other_voices, seconds_of, spoken_parts
from audiostudio.operations.studio import Studio
from audiostudio.performance import PLAIN, too_long
from audiostudio.script.performing import placed
from audiostudio.script.spoken import Sentence, Word
from audiostudio.timeline.project import WordPerformance

_TRIES = 5
_MARGIN = 1.003
"""Engines count in frames: a little more speed than was reckoned saves a try."""
_PAID_TRIES = 1
_PAID_MARGIN = 1.02
"""Of engines that run elsewhere, where every try may cost something."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a line fits into its time."""

    seconds: float
    """That it has."""
    factor: float
    """How much faster than by themselves its words have to be spoken; 1: it fits by itself."""
    over: float
    """Seconds that it is too long all the same, as its words cannot be spoken faster; 0: it fits."""

    def to_json(self) -> JsonObject:
        return {"seconds": self.seconds, "factor": round(self.factor, 4), "over": round(self.over, 4)}


@dataclass(frozen=True, slots=True)
class _Script:
    """What a line says: its words as they are read, and the silences between them."""

    words: tuple[Word, ...]
    pauses: Mapping[int, float]
    """Seconds that were asked for behind a word, by its index; −1: before the first."""

    @classmethod
    def of(cls, studio: Studio, delivery: Delivery) -> "_Script":
        words: list[Word] = []
        pauses: dict[int, float] = {}
        for part in spoken_parts(studio, delivery):
            if isinstance(part, Sentence):
                words += part.words
            else:
                pauses[len(words) - 1] = pauses.get(len(words) - 1, 0.0) + part.seconds
        return cls(tuple(words), pauses)


def fitted(
    studio: Studio, delivery: Delivery, seconds: float
) -> Generator[Progress, None, tuple[list[SpeechChunk], Fit]]:
    """The sound of a line that has to be said within `seconds`: as it is where it fits, else shorter. Pauses that were
    asked for keep their length.

    An engine that follows imposed lengths is given one for each word and gap, reckoned from how it says the line by
    itself (`engines.fitting`): that is exact, and one pass. Others speak as much faster as needed, which takes several;
    one that runs elsewhere is asked a second time at most. Held in memory: a slot is short.
    """
    made = yield from _listened(studio, delivery)
    if seconds_of(made) <= seconds:
        return made, Fit(seconds, 1.0, 0.0)
    found = _imposed(studio, delivery, made, seconds)
    if found is None:
        return (yield from _hurried(studio, delivery, made, seconds))
    shorter, factor = found
    made = yield from _listened(studio, shorter)
    return made, Fit(seconds, factor, max(0.0, seconds_of(made) - seconds))


def _imposed(
    studio: Studio, delivery: Delivery, made: Sequence[SpeechChunk], seconds: float
) -> tuple[Delivery, float] | None:
    """The line with a length for each word and gap, and how much faster its words are to be spoken. None: its engine
    does not follow those, or several voices speak it, between which there are silences of their own."""
    manifest, _ = studio.engines.resolve(delivery.voice)
    if not manifest.capabilities.performance or other_voices(studio, delivery):
        return None
    script = _Script.of(studio, delivery)
    places = {word.start: index for index, word in enumerate(script.words)}
    heard = [word for chunk in made for word in chunk.words if word.source_start in places]
    if not heard:
        return None
    drawn = placed([word.text for word in script.words], delivery.performance)
    indices = [places[word.source_start] for word in heard]
    found = fitting.fitted(
        heard,
        made[-1].start + len(made[-1].audio),
        made[-1].sample_rate,
        seconds,
        [drawn.get(index, PLAIN) for index in indices],
        _pauses(script, indices),
    )
    if any(too_long(voicing) for voicing in found.voicings):
        return None
    lengths = dict(zip(indices, found.voicings, strict=True))
    performance = [
        WordPerformance(index, script.words[index].text, voicing)
        for index, voicing in sorted((drawn | lengths).items())
    ]
    return replace(delivery, performance=tuple(performance)), max(1.0, found.factor)


def _pauses(script: _Script, indices: Sequence[int]) -> dict[int, float]:
    """The pauses that are in force, behind which of the words `indices` that were heard. A gap that was drawn wins
    over the pause; as long as both are, it is kept."""
    found: dict[int, float] = {}
    for behind, seconds in script.pauses.items():
        before = sum(index <= behind for index in indices) - 1
        drawn = script.words[behind].voicing.gap if behind >= 0 else None
        found[before] = found.get(before, 0.0) + (seconds if drawn is None else min(seconds, drawn))
    return found


def _hurried(
    studio: Studio, delivery: Delivery, made: list[SpeechChunk], seconds: float
) -> Generator[Progress, None, tuple[list[SpeechChunk], Fit]]:
    """Spoken faster as a whole, until it fits or its engine cannot."""
    natural = length = seconds_of(made)
    script = _Script.of(studio, delivery)
    pauses = sum(script.pauses.values())
    able = studio.engines.resolve(delivery.voice)[0].capabilities
    fastest = able.speed[1] / delivery.speed if able.speed else 1.0
    tries, margin = (_PAID_TRIES, _PAID_MARGIN) if able.remote else (_TRIES, _MARGIN)
    tried = 1.0
    for _ in range(tries):
        faster = min(fastest, tried * _factor(length, pauses, seconds) * margin)
        if length <= seconds or faster <= tried:
            break
        tried = faster
        made = yield from _listened(studio, hastened(delivery, tried, script.pauses))
        length = seconds_of(made)
    return made, Fit(seconds, _factor(natural, pauses, seconds), max(0.0, length - seconds))


def hastened(delivery: Delivery, factor: float, pauses: Mapping[int, float]) -> Delivery:
    """The same, spoken faster: also the words whose length was drawn. Of a gap that was drawn where a pause was asked
    for, by the index of the word before it, only what is longer than the pause becomes shorter."""
    performance = tuple(_hastened(word, factor, pauses.get(word.word, 0.0)) for word in delivery.performance)
    return replace(delivery, speed=delivery.speed * factor, performance=performance)


def _hastened(word: WordPerformance, factor: float, pause: float) -> WordPerformance:
    seconds, gap = word.voicing.seconds, word.voicing.gap
    if gap is not None:
        kept = min(pause, gap)
        gap = kept + (gap - kept) / factor
    voicing = replace(word.voicing, seconds=None if seconds is None else seconds / factor, gap=gap)
    return replace(word, voicing=voicing)


def _factor(length: float, pauses: float, seconds: float) -> float:
    """How much faster what is no pause has to be; where the pauses alone are too long, everything counts."""
    if length <= seconds:
        return 1.0
    return (length - pauses) / (seconds - pauses) if seconds > pauses else length / seconds


def _listened(studio: Studio, delivery: Delivery) -> Generator[Progress, None, list[SpeechChunk]]:
    made = []
    for chunk in chunks(studio, delivery):
        made.append(chunk)
        yield Progress(None, "Fitting the line into its time")
    return made
